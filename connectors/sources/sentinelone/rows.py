"""A page of risks as rows with fingerprints: the part of an import that every row goes through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import blake2b
from operator import itemgetter
from typing import Any

import orjson

from connectors.sources.records import BrokenRow, FindingPage, FindingRow
from connectors.sources.sentinelone.evidence import VOLATILE, sample
from connectors.sources.sentinelone.paging import RawPage
from connectors.sources.sentinelone.values import ident, text

# Raise it when the same row is to be read into another record than before: every row is read once more.
NORMALIZE_VERSION = 1
# What belongs to the endpoint is stored there; renaming one laptop must not rewrite its hundred findings.
LEFT_OUT = (*VOLATILE, "endpointName", "endpointType", "osType")
SALT = f"sentinelone-{NORMALIZE_VERSION}".encode()
REMOVED = ("Removed", "REMOVED", "removed")


def finding_page(page: RawPage) -> FindingPage:
    """Rows in the page's order; those without an id are told apart as broken."""
    rows: list[FindingRow] = []
    broken: list[BrokenRow] = []
    for raw in page.rows:
        try:
            rows.append(finding_row(raw))
        except (TypeError, AttributeError, ValueError):
            broken.append(BrokenRow(_reason(raw), sample(raw)))
    return FindingPage(rows, page.next_cursor, page.total, tuple(broken))


def finding_row(raw: dict[str, Any]) -> FindingRow:
    """``ValueError`` when the row has no id; ``TypeError`` or ``AttributeError`` when it is no JSON object."""
    external_id = ident(raw.get("id"))
    if not external_id:
        raise ValueError("id")
    endpoint, scanned = raw.get("endpointId"), raw.get("lastScanDate")
    return FindingRow(
        external_id,
        fingerprint(raw),
        ident(endpoint),
        scanned if type(scanned) is str else text(scanned),
        raw.get("status") in REMOVED,
        raw,
    )


def fingerprint(raw: dict[str, Any]) -> str:
    """16 hex digits that stay the same across processes as long as the finding itself does."""
    values, keys = _lasting(tuple(raw))
    return blake2b(keys + orjson.dumps(values(raw), option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()


@lru_cache(maxsize=256)
def _lasting(keys: tuple[str, ...]) -> tuple[Callable[[Mapping[str, Any]], Any], bytes]:
    """How to take the lasting values out of a row with these keys, and the keys' own share of the fingerprint.

    Rows of one console share their keys, so encoding them once instead of per row halves the work.
    """
    lasting = sorted(key for key in keys if key not in LEFT_OUT)
    return itemgetter(*lasting), blake2b(SALT + orjson.dumps(lasting), digest_size=8).digest()


def _reason(raw: Any) -> str:
    if not isinstance(raw, dict):
        return "The row is not a JSON object."
    return "The row could not be encoded." if ident(raw.get("id")) else "The row has no usable “id”."
