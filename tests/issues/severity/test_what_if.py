"""Before weights are saved, their effect on the whole queue is shown; and it comes true."""

from __future__ import annotations

import random
from itertools import cycle

import pytest
from django.utils import timezone

from issues.models import Decision, Issue, RuleSet
from issues.severity.factors import DEFAULTS
from issues.severity.levels import Level
from issues.severity.what_if import touches, what_if
from tests.factories import make_application, make_connection, make_each, make_endpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd(rules) -> list[Issue]:
    """Forty issues of all kinds."""
    dice, connection = random.Random(7), make_connection()
    applications = [
        make_application(f"App {n}", business_priority=n, environment=environment, internet_facing=n == 1)
        for n, environment in enumerate(("production", "staging", "development", "", "production"), 1)
    ]
    hosts = [
        make_endpoint(connection, application, f"host-{n}", type=("laptop", "server")[n % 2])
        for n, application in enumerate(applications)
    ]
    words = ("critical", "high", "medium", "low", "info", "unknown")
    found = [
        {
            "cve": f"CVE-2026-{5000 + n}",
            "vendor_severity": dice.choice(words),
            "cvss": dice.choice((None, dice.randint(1, 100) / 10)),
            "exploit_maturity": dice.choice(("", "Unproven", "Functional", "High")),
        }
        for n in range(40)
    ]
    return make_each(connection, zip(cycle(hosts), found, strict=False))


def test_what_was_foretold_comes_true(crowd, work):
    weights = DEFAULTS | {"workstation": -3.0, "internet_facing": 4.0, "exploit_unproven": 0.0, "priority_5": -5.0}
    before = dict(Issue.objects.values_list("pk", "severity"))
    foretold = what_if(weights)
    assert dict(Issue.objects.values_list("pk", "severity")) == before
    RuleSet.add(weights, "", None)
    work()
    moves = [(before[pk], severity) for pk, severity in Issue.objects.values_list("pk", "severity")]
    assert foretold.matrix == {level: {to: n for to in Level if (n := moves.count((level, to)))} for level in Level}
    assert (foretold.raised, foretold.lowered) == (sum(a < b for a, b in moves), sum(a > b for a, b in moves))
    assert foretold.raised
    assert foretold.lowered
    for mover in foretold.movers:
        stored = Issue.objects.get(pk=mover.issue.pk)
        assert (stored.severity, stored.score) == (mover.after, mover.score)
    moved = {a.application.pk for a in foretold.applications}
    assert moved == {i.application_id for i in Issue.objects.all() if i.severity != before[i.pk]}


def test_the_weights_that_count_move_nothing(crowd):
    found = what_if(DEFAULTS)
    assert (found.raised, found.lowered, found.same, found.movers) == (0, 0, 40, [])


def test_what_a_person_set_stays(seed):
    Issue.objects.filter(pk=seed.pk).update(overridden=True, severity=Level.CRITICAL)
    Decision.objects.create(issue=seed, kind="severity", value="critical", reason="Ours", at=timezone.now())
    assert what_if(DEFAULTS | {"development": -5.0}).same == 1


def test_it_takes_few_queries_whatever_the_number_of_issues(crowd, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        what_if(DEFAULTS | {"workstation": -5.0})


def test_touches_counts_what_the_user_may_see(seed, portal, ada, olga):
    assert touches(ada)["development"] == 1
    assert touches(ada)["internet_facing"] == 1
    assert touches(ada)["kev"] == 0
    assert set(touches(olga).values()) == {0}
