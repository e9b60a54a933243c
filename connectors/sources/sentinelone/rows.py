"""A page of risks as rows with fingerprints: the part of an import that every row goes through."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from connectors.sources.records import BrokenRow, FindingPage, FindingRow
from connectors.sources.sentinelone.evidence import evidence, sample
from connectors.sources.sentinelone.paging import RawPage
from connectors.sources.sentinelone.values import ident, text
from connectors.sources.slices import in_slices

# Raise it when the same row is to be read into another record than before: every row is read once more.
NORMALIZE_VERSION = 2
SALT = f"sentinelone-{NORMALIZE_VERSION}".encode()
REMOVED = ("Removed", "REMOVED", "removed")


def finding_page(page: RawPage) -> FindingPage:
    """Rows in the page's order; those without an id are told apart as broken."""
    rows: list[FindingRow] = []
    broken: list[BrokenRow] = []
    for raw in in_slices(page.rows):
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
    scanned, kept = raw.get("lastScanDate"), evidence(raw)
    return FindingRow(
        external_id,
        fingerprint(kept),
        ident(raw.get("endpointId")),
        scanned if type(scanned) is str else text(scanned),
        raw.get("status") in REMOVED,
        raw,
        kept,
    )


def fingerprint(evidence: str) -> str:
    """16 hex digits that stay the same across processes as long as the finding itself does."""
    return blake2b(SALT + evidence.encode(), digest_size=8).hexdigest()


def _reason(raw: Any) -> str:
    if not isinstance(raw, dict):
        return "The row is not a JSON object."
    return "The row could not be encoded." if ident(raw.get("id")) else "The row has no usable “id”."
