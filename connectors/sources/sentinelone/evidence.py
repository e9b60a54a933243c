"""The source's own fields, kept verbatim as evidence: what lasts of a finding, without secrets, and its fingerprint."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import orjson
from xxhash import xxh3_64_hexdigest

from connectors.sources.redact import redact
from connectors.sources.sentinelone.values import Raw

# Raise it when the same row is to be read into another record than before: every finding is stored once more.
NORMALIZE_VERSION = 3

# These move with every scan or every day, although nothing about the finding has changed.
VOLATILE = ("daysDetected", "lastScanDate", "lastScanResult")
# It is stored with the endpoint; renaming one laptop must not rewrite its hundred findings.
OF_THE_ENDPOINT = ("endpointName", "endpointType", "osType")
LEFT_OUT = frozenset((*VOLATILE, *OF_THE_ENDPOINT))
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
    """Which keys of a row to keep, in order. Rows of one console share their keys, so this is worked out once."""
    return tuple(sorted(key for key in keys if key not in LEFT_OUT and not is_secret(key)))


def evidence(raw: Raw) -> tuple[str, Raw | None]:
    """What of a row is worth keeping, as a JSON object in the order of its keys: no secret, nothing null or empty.

    With it the same as a dictionary, unless something had to be cleaned.
    """
    kept = {key: value for key in _kept_of(tuple(raw)) if (value := raw[key]) is not None and value != ""}
    try:
        text = orjson.dumps(kept).decode()
    except TypeError:  # numbers and half characters that orjson does not write
        return json.dumps(_inner(kept, DEEPEST + 1), ensure_ascii=False, sort_keys=True), None
    # Nearly every row is flat, short and clean; looking at the whole is much cheaper than at each value.
    if len(text) < LONGEST and text.find("{", 1) == text.find("[") == -1 and "\\u0000" not in text:
        return text, kept
    cleaned: dict[str, Any] = _inner(kept, DEEPEST + 1)
    full = {key: value for key, value in cleaned.items() if value not in ({}, [])}
    return orjson.dumps(full, option=orjson.OPT_SORT_KEYS).decode(), None


def parsed(evidence: str) -> Raw:
    try:
        said: Raw = orjson.loads(evidence)
    except orjson.JSONDecodeError:  # what orjson did not write
        said = json.loads(evidence)
    return said


def fingerprint(evidence: str) -> str:
    """16 hex digits that stay the same across processes as long as the finding itself does."""
    return xxh3_64_hexdigest(evidence.encode(), seed=NORMALIZE_VERSION)


def sample(raw: Any) -> str:
    """The beginning of a row that could not be used, for the list of skipped rows."""
    try:
        shown = orjson.dumps(_inner(raw, DEEPEST)).decode()
    except TypeError:
        shown = type(raw).__name__
    return redact(shown)[:SAMPLE_LENGTH]


def _plain(value: str) -> str:
    """Without NUL, which databases refuse, and not longer than anybody would read."""
    plain = value.replace("\0", "").encode(errors="replace").decode()
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
