"""Whatever the hosts and the rules: the preview says exactly what saving then does."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from issues.mapping.preview import Preview, preview
from issues.mapping.rules import Condition, Rule
from issues.models import Application, Endpoint, MappingRule
from tests.examples import examples
from tests.factories import make_connection
from tests.faults.stored import issues as stored_issues
from tests.issues.mapping import world
from tests.issues.mapping.world import Host

SITES = ("", "Berlin", "Paris", "Rome")
TAGS = (("app", "shop"), ("app", "Payroll"), ("app", "payroll"), ("team", "red"), ("team", "blue"))
products = st.frozensets(st.tuples(st.integers(1, 3), st.integers(1, 2)), max_size=4)
tags = st.lists(st.sampled_from(TAGS), unique=True, max_size=2).map(tuple)
os = st.sampled_from(("windows", "linux"))
bodies = st.lists(st.tuples(st.sampled_from(SITES), tags, products, os), min_size=1, max_size=7)
tenants = bodies.map(
    lambda bodies: [Host(str(n), s, t, f, {"os": system}) for n, (s, t, f, system) in enumerate(bodies)]
)
conditions = st.one_of(
    st.builds(Condition, st.just("site"), st.just("is"), st.sampled_from(SITES[1:])),
    st.builds(Condition, st.just("site"), st.just("in"), st.just(("BERLIN", "rome"))),
    st.builds(Condition, st.just("name"), st.just("glob"), st.sampled_from(("host-[0-3]", "*1", "HOST-*"))),
    st.builds(Condition, st.just("tag:team"), st.sampled_from(("exists", "is")), st.just("red")),
    st.builds(Condition, st.just("os"), st.just("is"), st.just("Linux")),
    st.builds(Condition, st.just("software"), st.just("is"), st.sampled_from(("product 1", "Product 2"))),
)
targets = st.one_of(
    st.sampled_from(("Shop", "Payroll", "Fleet", "Unassigned")).map(lambda name: {"application": name}),
    st.sampled_from(("tag:app", "site")).map(lambda per: {"application_per": per}),
)
one = st.builds(
    lambda name, match, conditions, target: Rule(name, match, tuple(conditions), **target),
    st.sampled_from("abcdef"), st.sampled_from(("all", "any")), st.lists(conditions, max_size=2), targets,
)  # fmt: skip
lists = st.lists(one, max_size=4)
pins = st.sets(st.integers(0, 6), max_size=2)

pytestmark = pytest.mark.django_db
slow_but_fine = settings(
    max_examples=examples(30),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def begin(hosts: list[Host], pinned: set[int]) -> None:
    MappingRule.objects.all().delete()
    connection = make_connection()
    world.imported(connection, hosts)
    held = Application.objects.named("Held")
    Endpoint.objects.filter(external_id__in=map(str, pinned)).update(pinned=True, application=held, mapped_version=0)
    world.followed()


@given(tenants, pins, lists, lists)
@slow_but_fine
def test_the_numbers_of_the_preview_are_those_of_saving(hosts, pinned, first, second):
    with transaction.atomic():
        begin(hosts, pinned)
        for rules in (first, second):
            check(rules)
        transaction.set_rollback(True)


def check(rules: list[Rule]) -> None:
    said = preview(rules)
    note(f"{rules} → {said}")
    places, homes = world.places(), world.homes()
    applications = set(Application.objects.values_list("name", flat=True))
    revision = world.saved(*rules)

    assert {(m.source, m.target): m.endpoints for m in said.moves} == world.ways_of_endpoints(places, world.places())
    moved = world.ways_of_issues(homes, world.homes())
    assert {(m.source, m.target): m.issues for m in said.moves if m.issues} == moved
    assert (revision.moved, revision.moved_issues) == (said.endpoints, said.issues)
    assert set(said.new_applications) >= set(Application.objects.values_list("name", flat=True)) - applications
    assert said.per_rule == decided(rules)
    assert said.pinned == Endpoint.objects.filter(pinned=True, application__name="Held").count()
    unclaimed = Endpoint.objects.filter(mapped_by=None, pinned=False)
    assert said.unassigned == unclaimed.filter(application__name="Unassigned").count() == unclaimed.count()
    assert world.is_in_order()
    assert preview(rules) == Preview([], said.warnings, said.per_rule, said.unassigned, said.pinned)


def decided(rules: list[Rule]) -> list[int]:
    counted = Counter(Endpoint.objects.exclude(mapped_by=None).values_list("mapped_by__position", flat=True))
    return [counted[place] for place, _ in enumerate(rules, 1)]


@given(tenants, lists, lists)
@slow_but_fine
def test_remapping_ends_where_an_import_under_the_same_rules_would(hosts, first, second):
    rules = [rule for rule in second if not rule.asks_software]  # an import knows software only afterwards
    with transaction.atomic():
        begin(hosts, set())
        world.saved(*first)
        world.saved(*rules)
        remapped, fresh = Endpoint.objects.earliest("pk").connection, make_connection()
        world.imported(fresh, hosts)
        world.followed()
        assert stored_issues(remapped) == stored_issues(fresh)
        assert world.is_in_order()
        transaction.set_rollback(True)
