"""Moments in words: a table says how long ago, a sentence says when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from tests.templates.rendering import shown

NOW = datetime(2026, 11, 22, 9, 14, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _sunday_morning():
    with time_machine.travel(NOW, tick=False):
        yield


def text_of(markup: str) -> str:
    return markup.partition(">")[2].removesuffix("</time>")


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=12, seconds=59), "12 min"),
        (timedelta(minutes=60), "1 h"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(days=3, hours=4), "3 d"),
        (timedelta(days=364), "364 d"),
        (timedelta(days=800), "2 y"),
    ],
)
def test_tables_say_how_long_ago(age, text):
    assert text_of(shown("{{ moment|relative }}", moment=NOW - age)) == text


def test_the_exact_moment_is_in_the_title_and_for_machines():
    assert shown("{{ moment|relative }}", moment=NOW - timedelta(minutes=12)) == (
        '<time datetime="2026-11-22T09:02+0000" title="22 Nov 2026, 09:02 UTC">12 min</time>'
    )


def test_only_what_is_older_than_a_day_fades_and_only_when_asked():
    yesterday = NOW - timedelta(days=1, minutes=1)
    assert 'class="stale"' in shown('{{ moment|relative:"fade" }}', moment=yesterday)
    assert "stale" not in shown('{{ moment|relative:"fade" }}', moment=NOW - timedelta(hours=23))
    assert "stale" not in shown("{{ moment|relative }}", moment=yesterday)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (NOW, "just now"),
        (NOW - timedelta(minutes=12), "12 min ago"),
        (NOW + timedelta(days=3), "in 3 d"),
    ],
)
def test_sentences_say_ago_or_in(moment, text):
    assert text_of(shown("{{ moment|ago }}", moment=moment)) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 22, 9, 2, tzinfo=UTC), "09:02 today"),
        (datetime(2026, 11, 21, 16, 40, tzinfo=UTC), "21 Nov, 16:40"),
        (datetime(2025, 11, 22, 9, 2, tzinfo=UTC), "22 Nov 2025, 09:02"),
    ],
)
def test_exact_moments_leave_out_what_is_plain(moment, text):
    assert text_of(shown("{{ moment|exact }}", moment=moment)) == text


def test_today_is_today_where_the_reader_is(settings):
    settings.TIME_ZONE = "Pacific/Auckland"
    moment = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)  # 12:30 on the 22nd over there
    assert text_of(shown("{{ moment|exact }}", moment=moment)) == "12:30 today"


def test_days_name_the_year_when_it_is_another_one_or_when_asked():
    assert text_of(shown("{{ day|day }}", day=date(2026, 11, 4))) == "4 Nov"
    assert text_of(shown("{{ day|day }}", day=date(2025, 11, 4))) == "4 Nov 2025"
    assert text_of(shown('{{ day|day:"year" }}', day=NOW)) == "22 Nov 2026"


@pytest.mark.parametrize("name", ["relative", "ago", "exact", "day"])
def test_no_moment_is_left_to_the_page(name):
    assert shown("{{ moment|" + name + '|default:"never" }}', moment=None) == "never"
    assert shown("{{ missing|" + name + " }}") == ""
