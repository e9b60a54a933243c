"""A page of risks as findings: the part of an import that every row goes through."""

from __future__ import annotations

from typing import Any

from connectors.sources.records import BrokenRow, FindingPage, FindingRecord
from connectors.sources.sentinelone.evidence import sample
from connectors.sources.sentinelone.findings import finding_record
from connectors.sources.sentinelone.paging import RawPage
from connectors.sources.sentinelone.values import ident


def finding_page(page: RawPage) -> FindingPage:
    """Findings in the page's order; rows without an id are told apart as broken."""
    rows: list[FindingRecord] = []
    broken: list[BrokenRow] = []
    for raw in page.rows:
        try:
            rows.append(finding_record(raw))
        except (TypeError, AttributeError, ValueError):
            broken.append(BrokenRow(_reason(raw), sample(raw)))
    return FindingPage(rows, page.next_cursor, page.total, tuple(broken))


def _reason(raw: Any) -> str:
    if not isinstance(raw, dict):
        return "The row is not a JSON object."
    return "The row could not be encoded." if ident(raw.get("id")) else "The row has no usable “id”."
