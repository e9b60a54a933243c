"""Rules in the making: what the form holds, what its buttons do, and that nothing is lost between form and rules."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from issues.mapping.draft import Draft, DraftCondition, DraftRule
from issues.mapping.draft_form import FIELDS, asked, press, read
from issues.mapping.rules import BadRules, parse

TEXT = st.text("aÄ,\"'*?<é中😀", min_size=1, max_size=8)
KEY = st.text("abcxyz-_.", min_size=1, max_size=8)
FIELD = st.one_of(
    st.sampled_from([name for name in FIELDS if "tag" not in name]),
    KEY.map(lambda key: f"tag:{key}"),
    KEY.map(lambda key: f"cloud_tag:{key}"),
)
CONDITION = st.one_of(
    st.fixed_dictionaries({"field": FIELD, "operator": st.sampled_from(["is", "glob"]), "value": TEXT}),
    st.fixed_dictionaries({"field": FIELD, "operator": st.just("in"), "value": st.lists(TEXT, min_size=1, max_size=4)}),
    st.fixed_dictionaries({"field": FIELD, "operator": st.just("exists"), "value": st.just("")}),
)
RULE = st.builds(
    lambda name, match, conditions, target: {"name": name, "match": match, "conditions": conditions, **target},
    TEXT,
    st.sampled_from(["all", "any"]),
    st.lists(CONDITION, max_size=4),
    st.one_of(
        TEXT.map(lambda name: {"application": name}),
        KEY.map(lambda key: {"application_per": f"tag:{key}"}),
        st.just({"application_per": "site"}),
    ),
)


def form_of(draft: Draft) -> QueryDict:
    """What a browser would post for the page that shows the draft."""
    form = QueryDict(mutable=True)
    form["based_on"], form["comment"] = str(draft.based_on), draft.comment
    for rule in draft.rules:
        n = rule.number
        form.appendlist("rule", str(n))
        for name in ("name", "match", "target", "application", "key"):
            form[f"{n}.{name}"] = getattr(rule, name)
        for condition in rule.conditions:
            form.appendlist(f"{n}.condition", str(condition.number))
            for name in ("field", "key", "operator", "value"):
                form[f"{n}.{condition.number}.{name}"] = getattr(condition, name)
    return form


def draft_of(*names: str) -> Draft:
    return Draft.of([{"name": name, "conditions": [], "application": "Shop"} for name in names], 1)


def names(draft: Draft) -> list[str]:
    return [rule.name for rule in draft.rules]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is not a fault
@given(st.lists(RULE, max_size=3))
def test_rules_go_through_the_form_and_come_back_as_they_were(rules):
    draft = Draft.of(rules, 3, "why")
    again = read(form_of(draft))
    assert again.as_data() == {"rules": rules}
    assert (again.based_on, again.comment) == (3, "why")


def test_the_order_is_the_order_of_the_form():
    form = form_of(draft_of("one", "two", "three"))
    form.setlist("rule", ["3", "1", "2"])
    assert names(read(form)) == ["three", "one", "two"]


def test_buttons_move_rules_and_the_focus_stays_on_a_button_that_works():
    draft = draft_of("one", "two", "three")
    press(draft, "up.3")
    assert (names(draft), draft.focus) == (["one", "three", "two"], "up-3")
    press(draft, "up.3")
    assert (names(draft), draft.focus) == (["three", "one", "two"], "down-3")
    press(draft, "up.3")
    assert names(draft) == ["three", "one", "two"]
    press(draft, "down.1")
    assert (names(draft), draft.focus) == (["three", "two", "one"], "up-1")


def test_a_rule_is_added_open_and_taken_away():
    draft = draft_of("one")
    press(draft, "add")
    assert [(rule.number, rule.is_open) for rule in draft.rules] == [(1, False), (2, True)]
    assert len(draft.rules[1].conditions) == 1
    assert draft.focus == "name-2"
    press(draft, "remove.1")
    assert ([rule.number for rule in draft.rules], draft.focus) == ([2], "remove-2")
    press(draft, "remove.2")
    assert (draft.rules, draft.focus) == ([], "add")


def test_conditions_are_added_and_taken_away():
    draft = draft_of("one")
    press(draft, "add-condition.1")
    press(draft, "add-condition.1")
    assert [condition.number for condition in draft.rules[0].conditions] == [0, 1]
    press(draft, "remove-condition.1.0")
    assert [condition.number for condition in draft.rules[0].conditions] == [1]
    assert draft.rules[0].is_open


def test_buttons_that_were_never_there_do_nothing():
    draft = draft_of("one", "two")
    for button in ("", "up", "up.9", "up.x", "remove-condition.1.7", "remove-condition.1", "drop.1", "up.²", "..."):
        press(draft, button)
        assert names(draft) == ["one", "two"]


def test_choices_that_were_never_offered_become_the_first_one():
    form = form_of(draft_of("one"))
    form["1.match"], form["1.target"] = "never", "moon"
    form.appendlist("1.condition", "0")
    form["1.0.field"], form["1.0.operator"] = "password", "like"
    rule = read(form).rules[0]
    assert (rule.match, rule.target) == ("all", "application")
    assert (rule.conditions[0].field, rule.conditions[0].operator) == ("tag", "is")


def test_a_form_with_nonsense_is_an_empty_draft():
    assert read(QueryDict("rule=&rule=x&based_on=y")).as_data()["rules"][0]["conditions"] == []
    assert read(QueryDict("")).rules == []


def test_several_values_stand_in_one_field():
    assert DraftCondition(operator="in", value='Berlin, "Paris, France" ,, Rome').as_data()["value"] == [
        "Berlin",
        "Paris, France",
        "Rome",
    ]
    data = {"field": "site", "operator": "in", "value": ["Paris, France", 'The "Hub"']}
    assert DraftCondition.of(data).as_data() == data


def test_a_rule_without_a_name_is_called_by_its_conditions():
    rule = DraftRule(conditions=[DraftCondition(key="app", operator="is", value="payments")], application="Payments")
    assert rule.shown_name == "Tag app is payments"
    assert [each.name for each in parse([rule.as_data()])] == ["Tag app is payments"]
    assert rule.target_in_words == "Payments"


def test_problems_stand_beside_their_fields():
    draft = Draft.of(
        [
            {"name": "n" * 300, "conditions": [], "application": "Shop"},
            {"name": "B", "conditions": [{"field": "tag:", "operator": "is", "value": ""}], "application": ""},
        ],
        1,
    )
    with pytest.raises(BadRules) as caught:
        parse(draft.as_data())
    draft.show(caught.value.problems)
    long, empty = draft.rules
    assert "at most 200" in long.problems["name"][0]
    assert empty.problems["application"] == ["Name the application that the rule leads to."]
    assert empty.conditions[0].problems == {
        "field": ["Write the key of the tag."],
        "value": ["Write a value to compare with, or choose “is set”."],
    }
    assert draft.focus == "name-1"
    assert draft.has_problems
    draft.show([("rules", "Too many."), ("rules.0", "No object.")])
    assert draft.problems == ["Too many."]
    assert long.problems["rule"] == ["No object."]


def test_an_address_can_bring_a_rule():
    rule = asked(QueryDict("field=tag:app&operator=exists&application_per=tag:app"))
    assert rule is not None
    assert rule.as_data() == {
        "name": "",
        "match": "all",
        "conditions": [{"field": "tag:app", "operator": "exists", "value": ""}],
        "application_per": "tag:app",
    }
    assert asked(QueryDict("version=3")) is None
    odd = asked(QueryDict("field=password&operator=like&application_per=moon"))
    assert odd is not None
    assert (odd.target, odd.conditions[0].field) == ("application", "tag")
