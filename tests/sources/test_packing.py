"""What goes from process to process arrives as it was."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sources.exceptions import CursorExpired, RateLimited, SourceError, TokenRefused
from connectors.sources.packing import pack, unpack
from connectors.sources.records import UNREAD, BrokenRow, FindingPage, FindingRecord, Flaw, Severity

texts = st.text(max_size=5)
scores = st.none() | st.floats(0, 10)
flaws = st.builds(Flaw, texts, texts, texts, texts, st.sampled_from(Severity), cvss=scores, risk_score=scores)
dates = st.none() | st.datetimes(timezones=st.just(UTC))
records = st.builds(
    FindingRecord, texts, texts, texts, texts, st.booleans(), texts,
    flaw=flaws | st.just(UNREAD), detected_at=dates, lacking=texts,
)  # fmt: skip
broken = st.lists(st.builds(BrokenRow, texts, texts), max_size=2).map(tuple)
pages = st.builds(FindingPage, st.lists(records, max_size=4), st.none() | texts, st.none() | st.integers(0), broken)


@given(pages, st.integers(0, 9))
def test_pages(page: FindingPage, requests: int):
    assert unpack(pack(page, requests)) == (page, requests)


def test_findings_of_one_flaw_share_it():
    flaw = Flaw("CVE-2026-1", "Vendor", "7-Zip", "1.0", Severity.HIGH, published_at=datetime(2026, 1, 1, tzinfo=UTC))
    rows = [FindingRecord(str(n), "f", "e", "", False, "{}", flaw=flaw) for n in range(3)]
    page, _ = unpack(pack(FindingPage(rows), 1))
    assert isinstance(page, FindingPage)
    assert len({id(row.flaw) for row in page.rows}) == 1


@pytest.mark.parametrize("kind", [RateLimited, CursorExpired, TokenRefused])
def test_errors_keep_their_kind_their_sentence_and_nothing_else(kind: type[SourceError]):
    token = "in-a-local-variable"
    try:
        raise kind("Slow down.", status=429, retry_after=7.5)
    except SourceError as error:
        packed = pack(error, 3)
    said, requests = unpack(packed)
    assert (type(said), str(said), requests) == (kind, "Slow down.", 3)
    assert isinstance(said, SourceError)
    assert (said.sentence, said.status, said.retry_after, said.__traceback__) == ("Slow down.", 429, 7.5, None)
    assert token.encode() not in packed
