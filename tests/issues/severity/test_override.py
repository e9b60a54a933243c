"""What a person says wins over every factor, and can be taken back."""

from __future__ import annotations

import pytest

from issues.decisions.severity import reset_severity, set_severity
from issues.ingest.counts import true_counts
from issues.models import Decision, Issue, IssueCount, RuleSet
from issues.severity.factors import DEFAULTS
from issues.severity.levels import Level
from tests.factories import make_connection, make_issues

pytestmark = pytest.mark.django_db
URL = "/issues/decide/"
BY_HAND = {"do": "severity", "kind": "severity"}


def counted() -> dict:
    rows = IssueCount.objects.filter(issues__gt=0).values_list(
        "connection_id", "application_id", "state", "severity", "vendor_severity", "issues", "findings"
    )
    return {tuple(row[:5]): row[5:] for row in rows}


def test_an_override_wins_and_the_ledger_stays(seed, ben, ben_client, severity_of):
    ledger, score = seed.factors, seed.score
    values = {"issue": seed.pk, **BY_HAND, "severity": "critical", "reason": "Crown jewels"}
    values |= {"next": seed.get_absolute_url()}
    answer = ben_client.post(URL, values, follow=True)
    assert severity_of(seed) == "critical"
    assert (seed.overridden, seed.factors, seed.score, seed.vendor_severity) == (True, ledger, score, Level.HIGH)
    page = answer.content.decode()
    assert "1 issue set to Critical by hand." in page
    assert "Crown jewels" in page
    event = seed.events.get()
    assert (event.user, event.before, event.after, event.note) == (
        ben, "Medium", "Critical", "Set by hand: Crown jewels",
    )  # fmt: skip
    assert counted() == true_counts()


def test_neither_facts_nor_rules_move_an_overridden_issue(seed, ben, work, severity_of):
    set_severity(Issue.objects.all(), Level.INFO, "Lab", ben)
    RuleSet.add(DEFAULTS | {"development": -3.0}, "", None)
    work()
    assert severity_of(seed) == "info"
    assert next(e["weight"] for e in seed.factors if e["code"] == "development") == -3.0
    Issue.objects.update(stale=True)
    work()
    assert severity_of(seed) == "info"
    assert counted() == true_counts()


def test_a_reset_goes_to_what_the_factors_say_by_now(seed, ben, ben_client, work, severity_of):
    set_severity(Issue.objects.all(), Level.CRITICAL, "Lab", ben)
    RuleSet.add(DEFAULTS | {"development": -5.0}, "", None)
    work()
    ben_client.post(URL, {"issue": seed.pk, **BY_HAND, "severity": "factors"})
    assert severity_of(seed) == "low"
    assert not seed.overridden
    assert Decision.objects.in_force().count() == 0
    assert seed.events.first().note == "Back to the severity by factors."
    assert counted() == true_counts()


def test_many_at_once(laptops, ben):
    issues = make_issues(20, make_connection(), laptops)
    assert set_severity(Issue.objects.all(), Level.LOW, "Image is rebuilt tonight", ben).issues == 20
    assert set_severity(Issue.objects.filter(pk=issues[0].pk), Level.HIGH, "Not this one", ben).issues == 1
    assert Decision.objects.in_force().get(issue=issues[0]).reason == "Not this one"
    assert reset_severity(Issue.objects.all(), ben).issues == 20
    assert reset_severity(Issue.objects.all(), ben).issues == 0
    assert counted() == true_counts()


def test_the_queries_of_many_do_not_grow_with_them(laptops, ben, django_assert_max_num_queries):
    make_issues(60, make_connection(), laptops)
    with django_assert_max_num_queries(12):
        set_severity(Issue.objects.all(), Level.LOW, "Image is rebuilt tonight", ben)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"severity": "critical", "reason": " "}, "Say why"),
        ({"severity": "dreadful", "reason": "x"}, "is not one of the available choices"),
        ({"severity": "unknown", "reason": "x"}, "is not one of the available choices"),
    ],
)
def test_what_can_not_be_is_told_and_changes_nothing(values, said, seed, ben_client):
    answer = ben_client.post(URL, {"issue": seed.pk, **BY_HAND, **values})
    assert said in answer.content.decode()
    assert Decision.objects.in_force().count() == 0


def test_who_only_looks_sets_nothing(seed, vic_client):
    assert vic_client.post(URL, {"issue": seed.pk, **BY_HAND, "severity": "low", "reason": "x"}).status_code == 403
    assert "Set the severity by hand" not in vic_client.get(seed.get_absolute_url()).content.decode()


def test_an_owner_sets_only_what_they_own(seed, olga_client):
    olga_client.post(URL, {"issue": seed.pk, **BY_HAND, "severity": "low", "reason": "x"})
    assert Decision.objects.in_force().count() == 0


def test_the_way_back_never_leads_to_another_site(seed, ben_client):
    values = {"issue": seed.pk, **BY_HAND, "severity": "low", "reason": "x"}
    assert ben_client.post(URL, values | {"next": "https://evil.example/"}).url == "/issues/"
    assert ben_client.post(URL, values | {"next": "/issues/?q=x"}).url == "/issues/?q=x"


def test_a_reason_is_required(seed, ben):
    with pytest.raises(ValueError, match="reason"):
        set_severity(Issue.objects.all(), Level.LOW, "  ", ben)
