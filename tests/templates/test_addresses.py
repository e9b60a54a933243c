"""Links keep the rest of the address."""

from __future__ import annotations

import pytest

from tests.templates.rendering import shown

HERE = "/issues/?severity=high&severity=critical&q=7-zip&cursor=abc"


@pytest.mark.parametrize(
    ("tag", "address"),
    [
        ('{% query sort="-score" %}', "?severity=high&amp;severity=critical&amp;q=7-zip&amp;sort=-score"),
        ("{% query q=None severity=None %}", "?"),
        ("{% query severity=wanted %}", "?severity=low&amp;severity=info&amp;q=7-zip"),
        ('{% query cursor="next" %}', "?severity=high&amp;severity=critical&amp;q=7-zip&amp;cursor=next"),
        ('{% query_toggle "severity" "high" %}', "?severity=critical&amp;q=7-zip"),
        ('{% query_toggle "kev" "1" %}', "?severity=high&amp;severity=critical&amp;q=7-zip&amp;kev=1"),
    ],
)
def test_one_thing_changes_the_rest_stays_and_the_list_begins_anew(tag, address):
    assert shown(tag, HERE, wanted=["low", "info"]) == address


def test_what_was_typed_can_not_leave_its_attribute():
    assert "<" not in shown("{% query a=1 %}", '/issues/?q="><script>')


@pytest.mark.parametrize(
    ("here", "first", "address"),
    [
        ("/", "", "?sort=score"),
        ("/?sort=score", "", "?sort=-score"),
        ("/?sort=-score", "", "?sort=score"),
        ("/", "-", "?sort=-score"),
        ("/?sort=-score", "-", "?sort=score"),
        ("/?sort=title", "-", "?sort=-score"),
    ],
)
def test_a_head_sorts_and_turns_round(here, first, address):
    assert shown('{% sort_query "score" first %}', here, first=first) == address


def test_a_search_keeps_the_filters_in_hidden_fields():
    source = '{% hidden_query "q" as kept %}{% for name, value in kept %}{{ name }}={{ value }} {% endfor %}'
    assert shown(source, HERE) == "severity=high severity=critical"
