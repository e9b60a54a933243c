"""The preview in words: moves with samples, and warnings about what is probably not meant."""

from __future__ import annotations

import pytest

from issues.mapping.preview import preview
from issues.models import Application, Endpoint, MappingRevision, MappingRule
from tests.issues.mapping.world import Host, imported, rule

pytestmark = pytest.mark.django_db
BERLIN = rule("Shop", ("site", "is", "Berlin"), name="Berlin")
WINDOWS = rule("Office", ("os", "is", "windows"), name="Windows")
ALL = rule("Everything", name="All")


@pytest.fixture
def three(tenant):
    hosts = [Host(str(n), site, found=frozenset({(1, 1)})) for n, site in enumerate(("Berlin", "Berlin", "Paris"))]
    imported(tenant, hosts)


def test_it_says_what_would_move_and_changes_nothing(three):
    rules, versions = MappingRule.objects.count(), MappingRevision.objects.count()

    said = preview([BERLIN, rule(application_per="site")])

    berlin, paris = said.moves
    assert (berlin.source, berlin.source_slug, berlin.target, berlin.target_slug) == (
        "Unassigned",
        "unassigned",
        "Shop",
        "",
    )
    assert (berlin.endpoints, berlin.issues, berlin.samples) == (2, 1, ["host-0", "host-1"])
    assert (paris.target, paris.endpoints, paris.makes_application) == ("Paris", 1, True)
    assert said.new_applications == ["Paris", "Shop"]
    assert (said.per_rule, said.unassigned, said.endpoints, said.issues) == ([2, 1], 0, 3, 2)
    assert not Application.objects.filter(name="Shop").exists()
    assert (MappingRule.objects.count(), MappingRevision.objects.count()) == (rules, versions)
    assert set(Endpoint.objects.values_list("application__name", flat=True)) == {"Unassigned"}


def test_its_queries_do_not_grow(tenant, three, django_assert_max_num_queries):
    imported(tenant, [Host(f"x{n}", "Berlin") for n in range(60)])
    with django_assert_max_num_queries(4):
        preview([BERLIN, ALL])


def of(*rules) -> list[str]:
    return preview(rules).warnings


def test_rules_that_all_decide_are_not_warned_of(three):
    assert of(BERLIN, WINDOWS) == []
    assert of() == []


def test_a_rule_that_takes_everything(three):
    assert of(ALL, BERLIN, WINDOWS) == ["Rule 1 “All” takes every endpoint: the 2 rules after it never decide."]
    assert of(WINDOWS, BERLIN) == [
        "Rule 1 “Windows” takes every endpoint there is now: the rule after it never decides."
    ]
    assert of(BERLIN, ALL) == []


def test_a_rule_that_matches_nothing_now(three):
    assert of(rule("R", ("site", "is", "Rome"), name="Rome"), BERLIN) == ["Rule 1 “Rome” matches no endpoint now."]


def test_a_rule_whose_endpoints_are_taken_says_by_whom(three):
    first = rule("One", ("name", "glob", "*-0"), name="First")
    assert of(first, BERLIN, rule("Two", ("name", "glob", "*-[01]"), name="Late")) == [
        "Rule 3 “Late” decides nothing now: the 2 endpoints it matches are taken by “First” and “Berlin” before it."
    ]
    assert of(first, rule("Two", ("name", "glob", "host-0"), name="Late")) == [
        "Rule 2 “Late” decides nothing now: the endpoint it matches is taken by “First” before it."
    ]


def test_a_rule_that_another_one_covers(three):
    narrow = rule("Two", ("os", "is", "windows"), ("site", "is", "Berlin"), name="Narrow")
    assert of(BERLIN, narrow) == ["Rule 2 “Narrow” can never decide: “Berlin” before it takes all that it matches."]
    assert of(narrow, BERLIN)[0].startswith("Rule 2 “Berlin” decides nothing now")
    per_site = rule("", ("os", "is", "windows"), application_per="tag:app", name="Per app")
    assert of(per_site, WINDOWS) == ["Rule 1 “Per app” matches no endpoint now."]


def test_a_rule_that_contradicts_itself(three):
    impossible = rule("Two", ("site", "is", "Berlin"), ("site", "in", ["Paris", "Rome"]), name="Both")
    assert of(impossible) == ["Rule 1 “Both” can never match: an endpoint has one site only."]
    tagged = rule("Two", ("tag:app", "is", "a"), ("tag:app", "is", "b"), name="Both")  # a tag may be there twice
    assert of(tagged) == ["Rule 1 “Both” matches no endpoint now."]


def test_without_endpoints_only_words_are_judged(tenant):
    assert of(BERLIN, WINDOWS) == []
    assert len(of(ALL, BERLIN)) == 1
