"""Every field and every operator, and which of several rules decides."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issues.mapping.match import Decision, Matcher
from issues.mapping.rule import Condition, Rule
from issues.mapping.software import installed
from issues.models import Endpoint
from tests.factories import close_findings
from tests.issues.mapping.world import Host, imported

HOST = Endpoint(
    pk=1,
    name="pay-db-01",
    domain="corp.example",
    account_name="Acme",
    site_name="Berlin Mitte",
    group_name="Servers [EU]",
    ou="CN=pay-db-01,OU=Payments,DC=corp,DC=example",
    cloud_provider="AWS",
    cloud_account="1234",
    os="linux",
    type="server",
    customer_id="CI-77",
    tags=[["App", "Payroll"], ["app", "shop"], ["empty", ""]],
    cloud_tags=[["env", "Prod"]],
)
SILENT = Endpoint(pk=2, name="x")


def matches(endpoint: Endpoint, *conditions: tuple[str, str, Any], match: str = "all") -> bool:
    read = tuple(Condition(f, o, tuple(v) if isinstance(v, list) else v) for f, o, v in conditions)
    return Matcher([Rule("One", match, read, "Shop")], {}).decide(endpoint) == Decision(0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("account", "acme"),
        ("site", "BERLIN mitte"),
        ("group", "Servers [EU]"),
        ("name", "Pay-DB-01"),
        ("domain", "corp.example"),
        ("ou", "cn=pay-db-01,ou=payments,dc=corp,dc=example"),
        ("cloud_provider", "aws"),
        ("cloud_account", "1234"),
        ("os", "Linux"),
        ("type", "Server"),
        ("external_id", "ci-77"),
        ("tag:app", "payroll"),
        ("tag:APP", "Shop"),
        ("cloud_tag:Env", "prod"),
    ],
)
def test_every_field_with_every_operator(field, value):
    assert matches(HOST, (field, "is", value))
    assert not matches(HOST, (field, "is", f"{value}!"))
    assert matches(HOST, (field, "in", ["other", value]))
    assert not matches(HOST, (field, "in", ["other"]))
    assert matches(HOST, (field, "glob", f"{value[:3]}*"))
    assert matches(HOST, (field, "glob", f"*{value[-3]}??"))
    assert not matches(HOST, (field, "glob", value[:-1]))
    assert matches(HOST, (field, "exists", ""))
    if field != "name":
        assert not matches(SILENT, (field, "exists", ""))
        assert not matches(SILENT, (field, "glob", "*"))


def test_a_tag_without_a_value_is_not_there():
    assert not matches(HOST, ("tag:empty", "exists", ""))
    assert not matches(HOST, ("tag:nothing", "exists", ""))


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [("pay-*", True), ("*[0-9]", True), ("pay-??-01", True), ("[!x]*", True), ("pay-db-01x", False), ("*a*a*b", False)],
)
def test_globs(pattern, fits):
    assert matches(HOST, ("name", "glob", pattern)) is fits


def test_all_or_any():
    both = ("os", "is", "linux"), ("type", "is", "laptop")
    assert not matches(HOST, *both)
    assert matches(HOST, *both, match="any")
    assert not matches(SILENT, *both, match="any")


@pytest.mark.parametrize("match", ["all", "any"])
def test_a_rule_without_conditions_takes_every_endpoint(match):
    assert matches(SILENT, match=match)


def test_the_first_match_wins():
    linux, berlin = Condition("os", "is", "linux"), Condition("site", "glob", "berlin*")
    rules = [
        Rule("No", conditions=(Condition("os", "is", "windows"),), application="A"),
        Rule("Yes", conditions=(linux,), application="B"),
        Rule("Also", conditions=(berlin,), application="C"),
    ]
    matcher = Matcher(rules, {})
    assert matcher.decide(HOST) == Decision(1)
    assert matcher.decide(SILENT) is None
    assert [matcher.would_decide(n, HOST) for n in range(3)] == [False, True, True]


def test_one_application_per_value_needs_a_value():
    rules = [
        Rule("Tag", application_per="tag:app"),
        Rule("Site", application_per="site"),
        Rule("Rest", application="R"),
    ]
    matcher = Matcher(rules, {})
    assert matcher.decide(HOST) == Decision(0, "Payroll")  # the first of two, as it is written
    assert matcher.decide(Endpoint(site_name="Rome")) == Decision(1, "Rome")
    assert matcher.decide(SILENT) == Decision(2)
    assert not matcher.would_decide(0, SILENT)


@pytest.mark.parametrize(
    ("operator", "value", "names"),
    [
        ("is", "product 1", "ab"),
        ("in", ("Product 2", "Product 3"), "b"),
        ("glob", "PRODUCT*", "ab"),
        ("glob", "*2", "b"),
        ("exists", "", "ab"),
        ("is", "Product 9", ""),
    ],
)
def test_installed_software_is_what_is_found_there_now(tenant, operator, value, names):
    hosts = [Host("a", found=frozenset({(1, 1)})), Host("b", found=frozenset({(1, 1), (2, 2)})), Host("c")]
    imported(tenant, hosts)
    condition = Condition("software", operator, value)
    rules = [Rule("Software", conditions=(condition,), application="Shop")]

    there = installed(rules)

    keys = dict(Endpoint.objects.values_list("external_id", "pk"))
    assert there[condition] == {keys[name] for name in names}
    matcher = Matcher(rules, there)
    assert {e.external_id for e in Endpoint.objects.all() if matcher.decide(e)} == set(names)
    assert installed(rules, [keys["a"]])[condition] == {keys[name] for name in names if name == "a"}
    assert installed(rules, [])[condition] == set()


def test_what_was_resolved_is_not_installed_any_more(tenant):
    imported(tenant, [Host("a", found=frozenset({(1, 1)}))])
    close_findings(tenant, ["a-1-1"])
    condition = Condition("software", "exists")
    assert installed([Rule("Software", conditions=(condition,), application="Shop")]) == {condition: set()}


def test_nothing_is_asked_where_no_rule_asks(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert installed([Rule("Name", conditions=(Condition("name", "is", "x"),), application="Shop")]) == {}


one_of = st.sampled_from(("a", "b", "C"))
asked = st.one_of(
    st.builds(Condition, st.sampled_from(("site", "os", "tag:app")), st.just("is"), one_of),
    st.builds(Condition, st.sampled_from(("site", "os", "tag:app")), st.just("in"), st.tuples(one_of, one_of)),
    st.builds(Condition, st.sampled_from(("site", "os", "tag:app")), st.just("glob"), st.sampled_from(("[ab]", "c"))),
    st.builds(Condition, st.sampled_from(("site", "tag:app")), st.just("exists")),
)
listed = st.lists(st.tuples(st.sampled_from(("all", "any")), st.lists(asked, max_size=3)), max_size=6)
hosts = st.builds(
    lambda site, os, tags: Endpoint(pk=1, site_name=site, os=os, tags=[["app", tag] for tag in tags]),
    st.sampled_from(("", "A", "b")), st.sampled_from(("", "a", "c")), st.lists(one_of, max_size=2),
)  # fmt: skip


@given(listed, hosts)
def test_it_decides_as_if_every_rule_were_asked_in_turn(rules, host):
    """However cleverly it finds the rules that are worth asking."""
    read = [Rule(str(n), match, tuple(some), "Shop") for n, (match, some) in enumerate(rules)]
    alone = [Matcher([rule], {}).would_decide(0, host) for rule in read]
    decision = Matcher(read, {}).decide(host)
    assert decision == (Decision(alone.index(True)) if any(alone) else None)
