from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from connectors.sources.waits import Waits, retried, retry_after


def test_retry_after_in_seconds_and_as_a_date():
    assert retry_after("7") == 7
    soon = datetime.now(UTC) + timedelta(seconds=90)
    asked = retry_after(format_datetime(soon, usegmt=True))
    assert asked is not None
    assert 85 < asked <= 90


@pytest.mark.parametrize("header", [None, "", "soon", "-5", "1.5", "Mon, 99 Foo 2026 00:00:00 GMT", "٣"])
def test_a_retry_after_that_says_nothing(header: str | None):
    assert retry_after(header) is None


def test_a_date_that_has_passed_asks_for_no_wait():
    assert retry_after("Mon, 01 Jan 2024 00:00:00 GMT") == 0


def test_waits_double_with_jitter_up_to_the_longest():
    waits = Waits(base=1.0, longest=10.0)
    for attempt, middle in ((1, 1.0), (2, 2.0), (3, 4.0), (9, 10.0)):
        seen = [waits.before_try(attempt) for _ in range(50)]
        assert all(middle * 0.75 <= s <= middle * 1.25 for s in seen)
        assert len(set(seen)) > 1


def test_the_gap_grows_up_to_its_longest():
    waits = Waits(gap=0.25, longest_gap=1.0)
    gaps = [0.0]
    for _ in range(4):
        gaps.append(waits.wider_gap(gaps[-1]))
    assert gaps == [0.0, 0.25, 0.5, 1.0, 1.0]


@pytest.mark.parametrize(
    ("status", "again"), [(429, True), (500, True), (503, True), (520, True), (501, False), (400, False), (200, False)]
)
def test_what_is_tried_again(status: int, again: bool):
    assert retried(status) is again
