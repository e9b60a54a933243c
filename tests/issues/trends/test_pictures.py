"""Trends as pictures: everything by attributes, the numbers in words and as a table."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from issues.queue.sparks import Spark
from issues.queue.trend_chart import sentence, step_of, trend_chart
from issues.queue.trends import Point, Trend
from tests.templates.rendering import shown

TODAY = date(2026, 11, 22)


def trend(*critical: int, low: int = 0, back: int = 0) -> Trend:
    """A day for each number; the first ``back`` were counted back."""
    last = len(critical) - 1
    return Trend(
        [
            Point(TODAY - timedelta(days=last - n), n < back, number, 0, 0, low, 0, 0, 1, 0)
            for n, number in enumerate(critical)
        ]
    )


@pytest.mark.parametrize(("most", "step"), [(0, 1), (1, 1), (3, 1), (4, 2), (165, 60), (7_020, 3_000), (31, 20)])
def test_axes_have_round_steps(most, step):
    assert step_of(most) == step


def test_a_sparkline_says_what_it_draws():
    drawn = shown("{% sparkline spark %}", spark=Spark(date(2026, 8, 25), list(range(165, 75, -1))))
    assert 'aria-label="Active issues over 90 days: 165 on 25 Aug, 76 today, 165 at most"' in drawn
    assert len(drawn.partition('points="')[2].partition('"')[0].split()) == 30
    assert "style" not in drawn


def test_a_sparkline_stands_on_zero_and_ends_today():
    drawn = shown("{% sparkline spark %}", spark=Spark(TODAY - timedelta(days=3), [10, 99, 99, 5]))
    assert 'points="3,3 85,12"' in drawn
    assert '<circle cx="85" cy="12" r="2"/>' in drawn


@pytest.mark.parametrize("nothing", [Trend(), None, ""])
def test_without_a_trend_nothing_is_drawn(nothing):
    assert "<svg" not in shown("{% sparkline trend %}", trend=nothing)
    assert "<svg" not in shown("{% trend_chart trend %}", trend=nothing)


def test_one_day_is_a_flat_line():
    assert "1 active issues, counted since today" in shown("{% sparkline spark %}", spark=Spark(TODAY, [1]))
    assert 'points="36,' in shown("{% trend_chart trend %}", trend=trend(4))


def test_layers_stand_on_each_other_the_worst_on_zero():
    picture = trend_chart(trend(3, 3, low=3), "wide")
    critical, low = picture.layers
    assert (critical.word, low.word) == ("critical", "low")
    assert critical.edge == "36,97 712,97"
    assert low.edge == "36,14 712,14"
    assert low.area == "36,14 712,14 712,97 36,97"
    assert picture.lines == [(0, 180.0), (2, 124.7), (4, 69.3), (6, 14.0)]


def test_the_chart_is_also_words_and_a_table():
    drawn = shown("{% trend_chart trend %}", trend=trend(*[2] * 80, *[5] * 10, low=1))
    assert "Active issues by severity over 90 days: rose from 3 to 6 from 25 Aug to today" in drawn
    assert drawn.count("<tbody><tr>") == 1
    assert drawn.count('<tr><th scope="row">') == 13
    assert "Days before" not in drawn
    assert ">Unknown<" not in drawn
    assert "style" not in drawn


def test_days_that_were_counted_back_are_named():
    drawn = shown("{% trend_chart trend %}", trend=trend(*[2] * 90, back=60))
    assert re.search(r"Days before <time[^>]*>24 Oct</time> are counted back from the dates of detection", drawn)
    assert drawn.count('class="since"') == 2


def test_the_sentence_says_which_way_it_went():
    assert "fell from 5 to 2" in sentence(trend(5, 2))
    assert "stayed at 2" in sentence(trend(2, 2))
