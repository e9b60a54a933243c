"""A severity is colour, word and shape; the vendor's word stays beside ours where they differ."""

from __future__ import annotations

import re

import pytest

from issues.severity.levels import Level
from tests.templates.rendering import shown


@pytest.mark.parametrize("severity", [Level.CRITICAL, 5, "critical", "Critical"])
def test_a_badge_has_the_word_and_its_class(severity):
    assert shown("{% severity_badge severity %}", severity=severity) == '<span class="sev sev-critical">Critical</span>'


def test_the_vendors_word_is_struck_through_where_it_differs():
    badge = shown("{% severity_badge severity vendor=vendor %}", severity=Level.LOW, vendor=Level.HIGH)
    assert '<span class="sev sev-low">Low</span>' in badge
    assert '<del class="sev-was"><span class="sr">vendor severity </span>High</del>' in badge


def test_an_agreeing_vendor_is_not_repeated():
    assert "<del" not in shown("{% severity_badge 4 vendor=4 %}")


def test_what_is_no_severity_is_refused():
    with pytest.raises(KeyError):
        shown('{% severity_badge "urgent" %}')


def test_a_score_is_a_bar_and_one_decimal():
    drawn = shown('{% score 7.44 "high" %}')
    assert '<rect class="fill-high" width="74.4%" height="100%"/>' in drawn
    assert "<b>7.4</b>" in drawn


def test_an_unknown_severity_has_no_score():
    assert shown('{% score 0.0 "unknown" %}') == '<span class="score-none">none</span>'
    assert "<b>0.0</b>" in shown('{% score 0.0 "info" %}')


def test_a_bar_stays_inside_its_whole():
    assert 'width="100%"' in shown("{% bar 12 10 %}")
    assert 'width="0%"' in shown("{% bar 12 0 %}")


def test_the_mix_is_drawn_worst_first_and_said_in_words():
    drawn = shown("{% severity_bar counts %}", counts={"low": 60, "critical": 10, "medium": 0, "high": 1030})
    assert 'aria-label="10 critical, 1,030 high, 60 low"' in drawn
    assert re.findall(r'fill-(\w+)" x="([\d.]+)%', drawn) == [("critical", "0"), ("high", "0.9091"), ("low", "94.55")]


def test_a_mix_of_nothing_says_so():
    assert 'aria-label="no issue"' in shown("{% severity_bar counts %}", counts={})


def test_the_legend_names_every_part():
    assert shown("{% severity_legend counts %}", counts={Level.HIGH: 1030}) == (
        '<ul class="legend"><li><i class="glyph glyph-high" aria-hidden="true"></i>High <b>1,030</b></li></ul>'
    )


def test_words_for_classes_and_labels():
    assert shown("{{ 3|severity_word }} {{ 3|severity_label }}") == "medium Medium"
