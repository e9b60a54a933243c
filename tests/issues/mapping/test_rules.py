"""Rules read from data: what is right comes back as it was, what is wrong is all said at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issues.mapping.reading import place
from issues.mapping.rules import BadRules, Condition, Rule, as_data, current, parse
from issues.models import Application, MappingRule

texts = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20)
fields = st.one_of(st.sampled_from(("site", "os", "software")), texts.map(lambda key: f"tag:{key}"))
conditions = st.one_of(
    st.builds(Condition, fields, st.sampled_from(("is", "glob")), texts),
    st.builds(Condition, fields, st.just("in"), st.lists(texts, min_size=1, max_size=3).map(tuple)),
    st.builds(Condition, fields, st.just("exists")),
)
targets = st.one_of(
    texts.map(lambda name: {"application": name}),
    st.one_of(st.just("site"), texts.map(lambda key: f"tag:{key}")).map(lambda per: {"application_per": per}),
)
rules = st.builds(
    lambda name, match, some, target: Rule(name, match, tuple(some), **target),
    texts, st.sampled_from(("all", "any")), st.lists(conditions, max_size=3), targets,
)  # fmt: skip


@given(st.lists(rules, max_size=4))
def test_written_and_read_again_they_are_the_same(given_rules):
    assert parse(as_data(given_rules)) == given_rules
    assert parse({"rules": as_data(given_rules)}) == given_rules


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda some: st.lists(some) | st.dictionaries(
    st.sampled_from(("rules", "conditions", "field", "operator", "value", "application", "name")), some
)))  # fmt: skip
def test_whatever_comes_is_read_or_refused(data):
    for where, sentence in problems_of(data):
        assert where.startswith("rules")
        assert sentence.endswith((".", "}."))


def problems_of(data: object) -> list[tuple[str, str]]:
    try:
        parse(data)
    except BadRules as refusal:
        return refusal.problems
    return []


def problems(*data: object) -> list[str]:
    with pytest.raises(BadRules) as refusal:
        parse(list(data))
    return [where for where, _ in refusal.value.problems]


def good(**values: object) -> dict[str, object]:
    return {"name": "One", "conditions": [], "application": "Shop", **values}


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"application": ""}, "application"),
        ({"application": "  "}, "application"),
        ({"application_per": "site"}, "application"),
        ({"application": None, "application_per": "os"}, "application_per"),
        ({"application": None, "application_per": "tag:"}, "application_per"),
        ({"application": "x" * 201}, "application"),
        ({"match": "some"}, "match"),
        ({"name": "x" * 201}, "name"),
        ({"name": ["x"]}, "name"),
        ({"conditions": "site is Berlin"}, "conditions"),
        ({"conditions": ["site"]}, "conditions.0"),
        ({"conditions": [{}] * 51}, "conditions"),
    ],
)
def test_what_is_wrong_with_a_rule(values, where):
    assert problems(good(), good(**values)) == [f"rules.1.{where}"]


@pytest.mark.parametrize(
    ("condition", "where"),
    [
        ({"field": "colour", "operator": "is", "value": "red"}, "field"),
        ({"field": "site:x", "operator": "is", "value": "red"}, "field"),
        ({"field": "tag", "operator": "exists"}, "field"),
        ({"field": "cloud_tag: ", "operator": "exists"}, "field"),
        ({"field": "site", "operator": "like", "value": "x"}, "operator"),
        ({"field": "site", "value": "x"}, "operator"),
        ({"field": "site", "operator": "is"}, "value"),
        ({"field": "site", "operator": "is", "value": " "}, "value"),
        ({"field": "site", "operator": "is", "value": ["x"]}, "value"),
        ({"field": "site", "operator": "is", "value": True}, "value"),
        ({"field": "site", "operator": "is", "value": "x" * 1001}, "value"),
        ({"field": "site", "operator": "is", "value": "a\0b"}, "value"),
        ({"field": "site", "operator": "in", "value": "x"}, "value"),
        ({"field": "site", "operator": "in", "value": []}, "value"),
        ({"field": "site", "operator": "in", "value": ["x", ""]}, "value.1"),
        ({"field": "site", "operator": "exists", "value": "x"}, "value"),
    ],
)
def test_what_is_wrong_with_a_condition(condition, where):
    assert problems(good(conditions=[condition])) == [f"rules.0.conditions.0.{where}"]


def test_a_word_that_nobody_knows_is_no_typing_error_passed_over():
    assert problems(good(aplication="Shop")) == ["rules.0"]
    assert problems(good(conditions=[{"field": "site", "operator": "exists", "not": True}])) == ["rules.0.conditions.0"]


@pytest.mark.parametrize("data", [None, "rules", {}, {"rules": None}, {"rules": {}}, [{}] * 501])
def test_what_is_no_list_of_rules(data):
    with pytest.raises(BadRules) as refusal:
        parse(data)
    assert [where for where, _ in refusal.value.problems] == ["rules"]


def test_a_refusal_says_everything_as_people_count():
    with pytest.raises(BadRules) as refusal:
        parse([good(), good(match="x", conditions=[{"field": "site", "operator": "in", "value": ["a", ""]}])])
    said = str(refusal.value)
    assert said.startswith("Rule 2: Say “all” or “any”")
    assert "Rule 2, condition 1, value 2: Say the value" in said
    assert place("rules") == ""


def test_what_is_left_out_is_filled_in():
    read = parse([{"conditions": [{"field": "tag:app", "operator": "is", "value": 7}], "application": " Web   shop "}])
    assert read == [Rule("Tag app is 7", "all", (Condition("tag:app", "is", "7"),), "Web shop")]


def test_the_rules_that_count_are_those_of_the_table(db):
    MappingRule.objects.all().delete()
    shop = Application.objects.named("Shop")
    listed = [{"field": "site", "operator": "in", "value": ["Berlin", "Rome"]}]
    MappingRule.objects.create(position=2, name="Sites", match="any", conditions=listed, application=shop)
    MappingRule.objects.create(position=1, name="Tags", application_per="tag:app")
    assert current() == [
        Rule("Tags", application_per="tag:app"),
        Rule("Sites", "any", (Condition("site", "in", ("Berlin", "Rome")),), "Shop"),
    ]
