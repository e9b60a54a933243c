"""The source's own fields, kept verbatim as evidence, without secrets and without what changes by itself."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import orjson

from connectors.sources.redact import redact
from connectors.sources.sentinelone.values import Raw

# These move with every scan or every day, although nothing about the finding has changed.
VOLATILE = frozenset({"daysDetected", "lastScanDate", "lastScanResult"})
SECRET_WORDS = ("token", "licensekey", "passphrase", "password", "secret", "apikey", "credential")
CONTAINERS = (dict, list)  # as a tuple: the union would be built anew for every value
DEEPEST = 6
SAMPLE_LENGTH = 200
LONGEST = 10_000  # characters of one field


@lru_cache(maxsize=2048)
def is_secret(key: str) -> bool:
    folded = key.lower().replace("_", "").replace("-", "")
    return any(word in folded for word in SECRET_WORDS)


@lru_cache(maxsize=256)
def _kept_of(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Which keys of a row to keep. Rows of one console share their keys, so this is worked out once."""
    return tuple(key for key in keys if key not in VOLATILE and not is_secret(key))


def evidence(raw: Raw) -> dict[str, Any]:
    """What of a row is worth keeping: no volatile field, no secret, nothing that is null or empty."""
    kept: dict[str, Any] = {}
    for key in _kept_of(tuple(raw)):
        value = raw[key]
        if type(value) is str:
            if value:
                kept[key] = _plain(value)
        elif isinstance(value, CONTAINERS):
            if value:
                kept[key] = _inner(value, DEEPEST)
        elif value is not None:
            kept[key] = value
    return kept


def sample(raw: Any) -> str:
    """The beginning of a row that could not be used, for the list of skipped rows."""
    try:
        shown = orjson.dumps(_inner(raw, DEEPEST)).decode()
    except TypeError:
        shown = type(raw).__name__
    return redact(shown)[:SAMPLE_LENGTH]


def _plain(value: str) -> str:
    """Without NUL, which databases refuse, and not longer than anybody would read."""
    plain = value.replace("\0", "") if "\0" in value else value
    return plain if len(plain) <= LONGEST else plain[:LONGEST] + "…"


def _inner(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return _plain(value)
    if not isinstance(value, CONTAINERS):
        return value
    if depth == 0:
        return "…"
    if isinstance(value, list):
        return [_inner(item, depth - 1) for item in value]
    return {key: _inner(item, depth - 1) for key, item in value.items() if not is_secret(key)}
