"""What people exclude leaves the queue, stays out of it whatever is imported, and comes back when they say so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from issues.decisions.exclude import exclude
from issues.decisions.rules import Refused
from issues.decisions.take_back import take_back
from issues.models import Decision, Finding, Issue
from tests.factories import close_findings, make_endpoint, make_finding, make_issue, make_issues

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("counts_are_true")]
EVERY = Issue.objects.all


def test_a_false_positive_leaves_the_queue_and_says_why(three, ben, now):
    done = exclude(EVERY(), "false_positive", " Not our build ", None, ben)
    assert done.issues == 3
    for issue in EVERY():
        assert (issue.state, issue.decision) == ("excluded", "false_positive")
        assert issue.state_reason == "False positive: Not our build"
        held = issue.decisions.get()
        assert (held.kind, held.reason, held.user, held.at, held.is_in_force) == (
            "false_positive", "Not our build", ben, done.at, True,
        )  # fmt: skip
        event = issue.events.get()
        assert (event.kind, event.user, event.before, event.after) == ("excluded", ben, "active", "excluded")
        assert event.note == "False positive: Not our build"


@pytest.mark.parametrize(
    ("kind", "reason", "days", "field"),
    [
        ("false_positive", " ", None, "reason"),
        ("false_positive", "x", 3, "until"),
        ("accepted_risk", "", 3, "reason"),
        ("accepted_risk", "x", None, "until"),
        ("accepted_risk", "x", -1, "until"),
        ("accepted_risk", "x", 4000, "until"),
        ("snooze", "", None, "until"),
        ("snooze", "x" * 2001, 3, "reason"),
        ("snooze", "\0", 3, "reason"),
        ("nonsense", "x", 3, "kind"),
    ],
)
def test_what_is_missing_is_told_and_nothing_happens(three, ben, now, kind, reason, days, field):
    until = None if days is None else now + timedelta(days=days)
    with pytest.raises(Refused) as refused:
        exclude(EVERY(), kind, reason, until, ben)
    assert list(refused.value.problems) == [field]
    assert set(EVERY().values_list("state", "decision")) == {("active", "")}


def test_a_snooze_needs_no_reason(three, ben, now):
    exclude(EVERY(), "snooze", "", now + timedelta(days=7), ben)
    assert EVERY().filter(state="excluded", state_reason__startswith="Snoozed until").count() == 3


def test_the_newer_one_replaces_the_older(three, ben, ada, now):
    exclude(EVERY(), "false_positive", "x", None, ben)
    exclude(EVERY(), "accepted_risk", "y", now + timedelta(days=7), ada)
    issue = EVERY()[0]
    assert issue.decision == "accepted_risk"
    older = issue.decisions.get(kind="false_positive")
    assert (older.ended_reason, older.ended_by) == ("Replaced", ada)
    assert issue.decisions.in_force().get().user == ada


def test_it_stays_excluded_when_it_is_imported_and_counted_again(tenant, payroll, ben):
    issue = make_issue(tenant, payroll, cve="CVE-2026-1", software_name="Tomcat")
    exclude(EVERY(), "false_positive", "Not our build", None, ben)
    again = {"cve": "CVE-2026-1", "software_name": "Tomcat", "vendor_severity": "critical"}
    make_finding(tenant, payroll, make_endpoint(tenant, payroll, "another"), **again)
    issue.refresh_from_db()
    assert (issue.state, issue.findings) == ("excluded", 2)
    assert issue.state_reason == "False positive: Not our build"
    assert take_back(EVERY(), ben).issues == 1
    issue.refresh_from_db()
    assert (issue.state, issue.decision, issue.state_reason) == ("active", "", "")
    assert issue.events.values_list("kind", "note").first() == ("returned", "False positive: taken back.")
    assert issue.decisions.get().ended_reason == "Taken back"


def test_one_that_is_over_stays_so_and_is_excluded_when_it_comes_back(tenant, payroll, ben):
    issue = make_issue(tenant, payroll, cve="CVE-2026-1", software_name="Tomcat", endpoints=["host"])
    close_findings(tenant, list(Finding.objects.values_list("external_id", flat=True)))
    exclude(EVERY(), "false_positive", "Not our build", None, ben)
    issue.refresh_from_db()
    assert (issue.state, issue.decision) == ("resolved", "false_positive")
    assert issue.state_reason == "No longer reported by the source"
    values = {"cve": "CVE-2026-1", "software_name": "Tomcat"}
    make_finding(tenant, payroll, make_endpoint(tenant, payroll, "host"), **values)
    issue.refresh_from_db()
    assert (issue.state, issue.state_reason) == ("excluded", "False positive")


def test_it_is_resolved_when_it_is_gone_and_taking_back_changes_nothing_then(tenant, payroll, ben):
    issue = make_issue(tenant, payroll)
    exclude(EVERY(), "false_positive", "x", None, ben)
    close_findings(tenant, list(Finding.objects.values_list("external_id", flat=True)))
    issue.refresh_from_db()
    assert (issue.state, issue.decision) == ("resolved", "false_positive")
    take_back(EVERY(), ben)
    issue.refresh_from_db()
    assert (issue.state, issue.decision) == ("resolved", "")


def test_taking_back_leaves_what_the_source_itself_calls_false_excluded(tenant, payroll, ben):
    issue = make_issue(tenant, payroll, state="excluded")
    exclude(EVERY(), "false_positive", "We think so too", None, ben)
    issue.refresh_from_db()
    assert issue.state_reason == "False positive: We think so too"
    take_back(EVERY(), ben)
    issue.refresh_from_db()
    assert (issue.state, issue.state_reason) == ("excluded", Issue.FALSE_AT_SOURCE)


def test_queries_do_not_grow_with_the_issues(three, tenant, payroll, ben, django_assert_max_num_queries):
    def ask() -> int:
        exclude(EVERY(), "false_positive", "x", None, ben)
        with django_assert_max_num_queries(12) as asked:
            exclude(EVERY(), "false_positive", "y", None, ben)
        return len(asked)

    few = ask()
    make_issues(60, tenant, payroll)
    assert ask() == few


def test_nobody_is_needed_for_a_workflow(three, now):
    exclude(EVERY(), "snooze", "By workflow", now + timedelta(days=1), None)
    assert Decision.objects.filter(user=None).count() == 3
