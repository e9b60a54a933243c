"""Before the context of applications is saved, its effect on their issues is shown; and it comes true."""

from __future__ import annotations

import random
from itertools import cycle

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from issues.editing.write import change
from issues.ingest.recompute import is_due, recompute
from issues.models import Application, Decision, Issue, RuleSet
from issues.queue.context_effects import context_with, effects
from issues.severity.context_change import OF_APPLICATIONS, Context, bits_in, swapped
from issues.severity.factors import DEFAULTS, FACTORS, codes_of
from issues.severity.levels import Level
from tests.examples import examples
from tests.factories import make_application, make_connection, make_each, make_endpoint

pytestmark = pytest.mark.django_db

CONTEXTS = st.fixed_dictionaries(
    {},
    optional={
        "business_priority": st.integers(1, 5),
        "environment": st.sampled_from(["", *Application.Environment.values]),
        "internet_facing": st.booleans(),
        "sensitive_data": st.booleans(),
    },
)


@pytest.fixture
def crowd(rules) -> list[Application]:
    """Issues of all kinds in three applications, some set by hand; and in Unassigned, which has no priority."""
    dice, connection = random.Random(3), make_connection()
    applications = [
        make_application("Shop", business_priority=1, environment="production", internet_facing=True),
        make_application("Lab", business_priority=5, environment="development", sensitive_data=True),
        make_application("Plain"),
        Application.objects.unassigned(),
    ]
    words = ("critical", "high", "medium", "low", "info", "unknown")
    hosts = [
        make_endpoint(connection, applications[n % 4], f"host-{n}", type=("laptop", "server")[n // 4]) for n in range(8)
    ]
    found = [
        {
            "cve": f"CVE-2026-{7000 + n}",
            "vendor_severity": dice.choice(words),
            "cvss": dice.choice((None, dice.randint(1, 100) / 10)),
            "exploit_maturity": dice.choice(("", "Unproven", "Functional", "High")),
        }
        for n in range(36)
    ]
    for issue in make_each(connection, zip(cycle(hosts), found, strict=False))[::9]:
        set_by_hand(issue)
    follow()
    return applications


def set_by_hand(issue: Issue) -> None:
    Issue.objects.filter(pk=issue.pk).update(overridden=True, severity=Level.MEDIUM)
    Decision.objects.create(issue=issue, kind="severity", value="medium", reason="Ours", at=timezone.now())


def follow() -> None:
    for _ in range(20):
        if not is_due():
            return
        recompute()
    raise AssertionError("It is never done.")


def severities() -> dict[int, int]:
    return dict(Issue.objects.filter(state="active").values_list("pk", "severity"))


@settings(
    max_examples=examples(25),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(asked=st.lists(CONTEXTS, min_size=4, max_size=4))
def test_what_was_foretold_comes_true(crowd, asked):
    asked[3].pop("business_priority", None)
    now = [Application.objects.get(pk=application.pk) for application in crowd]
    before = severities()
    foretold = effects(dict(zip(now, asked, strict=True)))
    by_key = {a.pk: values for a, values in zip(now, asked, strict=True)}
    change(list(by_key), lambda application, _: by_key[application.pk], None)
    follow()

    after = severities()
    if foretold is None:
        assert after == before
        return
    moves = [(before[pk], after[pk]) for pk in before]
    cells = {(was, to): n for was, row in foretold.matrix.items() for to, n in row.items() if was != to}
    assert cells == {pair: moves.count(pair) for pair in moves if pair[0] != pair[1]}
    assert foretold.raised == sum(a < b for a, b in moves)
    assert foretold.lowered == sum(a > b for a, b in moves)
    for mover in foretold.movers:
        stored = Issue.objects.get(pk=mover.issue.pk)
        assert (stored.severity, stored.score) == (mover.after, mover.score)


def test_an_issue_keeps_every_factor_that_is_not_of_its_application():
    everything = sum(1 << factor.bit for factor in FACTORS.values())
    context = Context(1, "production", internet_facing=False, sensitive_data=True)
    kept = codes_of(swapped(everything, context))
    assert {"priority_1", "production", "sensitive_data", "kev", "workload", "spread_100"} <= set(kept)
    assert not {"priority_5", "development", "internet_facing"} & set(kept)
    assert codes_of(bits_in(Context(None, "", internet_facing=False, sensitive_data=False))) == ()
    assert {"public_address", "open_long"}.isdisjoint(codes_of(OF_APPLICATIONS))


def test_nothing_is_foretold_where_nothing_changes_that_matters(crowd):
    shop = crowd[0]
    assert effects({shop: {"business_priority": 1, "description": "Sells"}}) is None
    assert effects({crowd[3]: {"business_priority": 5}}) is None  # Unassigned has none
    assert context_with(shop, {"environment": ""}) == Context(1, "", internet_facing=True, sensitive_data=False)


def test_weights_that_count_now_are_used(crowd):
    RuleSet.add(DEFAULTS | {"sensitive_data": 5.0}, "", None)
    follow()
    foretold = effects({crowd[2]: {"sensitive_data": True}})
    assert foretold is not None
    assert foretold.raised > 0


def test_it_takes_few_queries_whatever_the_number(crowd, django_assert_max_num_queries):
    with django_assert_max_num_queries(13):
        effects({application: {"internet_facing": True} for application in crowd})
