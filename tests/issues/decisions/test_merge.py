"""Nothing that people decided is lost when issues move, split and merge; where it differs the stricter stays."""

from __future__ import annotations

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from issues.decisions.merge import carry_over
from issues.models import Decision, Issue, IssueEvent
from tests.factories import make_run
from tests.issues.decisions.merging import DAY, decide, in_force, issue_of, made_by_a_move

pytestmark = pytest.mark.django_db


def ended(issue: Issue) -> list[tuple[str, str]]:
    return list(issue.decisions.exclude(ended_at=None).values_list("kind", "ended_reason"))


def test_an_issue_that_moves_takes_everything_along(tenant, ben, olga):
    run = make_run(tenant)
    old, new = issue_of(tenant, "Payments", created_run=run), made_by_a_move(tenant, "Payroll")
    decide(old, "accepted_risk", days=30, user=ben)
    decide(old, "severity", "low", user=ben)
    decide(old, "owner", "olga", user=ben)
    decide(old, "comment", user=olga)
    IssueEvent.objects.create(issue=old, kind="reopened", at=DAY, run=run, before="resolved", after="active", note="So")
    before = in_force(old)
    carry_over([(old.pk, new.pk)])
    new.refresh_from_db()
    assert in_force(new) == before
    assert (new.decision, new.overridden, new.owner, new.created_run, new.stale) == (
        "accepted_risk", True, olga, run, True,
    )  # fmt: skip
    assert new.decisions.get(kind="comment").user == olga
    assert list(new.events.values_list("kind", "note")) == [
        ("merged", "Findings came from Payments."),
        ("reopened", "So"),
    ]


def test_of_a_split_both_parts_keep_it_and_again_is_no_more(tenant, ben):
    old, new = issue_of(tenant, "Payments"), made_by_a_move(tenant, "Payroll")
    decide(old, "false_positive", user=ben)
    decide(old, "comment", user=ben)
    for _ in range(3):  # its findings move in three batches
        carry_over([(old.pk, new.pk)])
    old.refresh_from_db()
    assert (old.decision, old.state) == ("false_positive", "excluded")
    assert in_force(old) == in_force(new)
    assert [new.decisions.count(), new.events.count()] == [2, 1]
    carry_over([(new.pk, old.pk)])  # and back again
    assert old.decisions.count() == 2
    assert in_force(old) == in_force(new)


def test_what_is_in_the_queue_stays_there(tenant, ben):
    old, new = issue_of(tenant, "Payments"), issue_of(tenant, "Payroll")
    decide(old, "false_positive", user=ben)
    carry_over([(old.pk, new.pk)])
    new.refresh_from_db()
    assert (new.decision, new.state) == ("", "active")
    assert ended(new) == [("false_positive", "Merged with an issue that is in the queue")]
    assert in_force(old)  # a split: of its own it still is


def test_what_is_excluded_comes_back_when_something_from_the_queue_joins_it(tenant, ben):
    old, new = issue_of(tenant, "Payments"), issue_of(tenant, "Payroll")
    decide(new, "accepted_risk", days=9, user=ben)
    carry_over([(old.pk, new.pk)])
    new.refresh_from_db()
    assert (new.decision, new.stale, in_force(new)) == ("", True, [])
    assert ended(new) == [("accepted_risk", "Merged with an issue that is in the queue")]


def test_one_made_from_a_hidden_and_a_listed_one_is_listed_whichever_came_first(tenant, ben):
    hidden, listed = issue_of(tenant, "Payments"), issue_of(tenant, "Payroll")
    decide(hidden, "snooze", days=9, user=ben)
    for name, first, second in (("A", hidden, listed), ("B", listed, hidden)):
        new = made_by_a_move(tenant, name)
        carry_over([(first.pk, new.pk)])
        carry_over([(second.pk, new.pk)])
        assert in_force(new) == []


def test_what_an_import_is_just_finding_is_not_hidden(tenant, ben):
    old = issue_of(tenant, "Payments")
    new = issue_of(tenant, "Payroll", None, created_run=make_run(tenant))
    decide(old, "false_positive", user=ben)
    carry_over([(old.pk, new.pk)])
    assert in_force(new) == []


def test_one_that_was_over_takes_the_exclusion(tenant, ben):
    old, new = issue_of(tenant, "Payments"), issue_of(tenant, "Payroll", "resolved")
    decide(old, "false_positive", user=ben)
    carry_over([(old.pk, new.pk)])
    new.refresh_from_db()
    assert new.decision == "false_positive"


@pytest.mark.parametrize(
    ("one", "other", "stays"),
    [
        (("accepted_risk", 9), ("accepted_risk", 5), "other"),
        (("accepted_risk", 5), ("accepted_risk", 9), "one"),
        (("false_positive", None), ("accepted_risk", 9), "other"),
        (("accepted_risk", 9), ("false_positive", None), "one"),
        (("accepted_risk", 9), ("snooze", 9), "other"),
        (("snooze", 9), ("accepted_risk", 5), "other"),
    ],
)
def test_of_two_exclusions_the_one_that_hides_less_stays(tenant, ben, one, other, stays):
    old, new = issue_of(tenant, "Payments"), issue_of(tenant, "Payroll")
    of_new = decide(new, one[0], days=one[1], user=ben)
    of_old = decide(old, other[0], days=other[1], user=ben)
    carry_over([(old.pk, new.pk)])
    new.refresh_from_db()
    kept, lost = (of_new, of_old) if stays == "one" else (of_old, of_new)
    assert in_force(new) == [(kept.kind, "", kept.reason)]
    assert new.decision == kept.kind
    assert ended(new) == [(lost.kind, "Merged: the decision that hides less stays")]


@pytest.mark.parametrize(("one", "other", "stays"), [("low", "high", "high"), ("high", "low", "high")])
def test_of_two_severities_by_hand_the_higher_stays(tenant, ben, one, other, stays):
    old, new = issue_of(tenant, "Payments"), issue_of(tenant, "Payroll")
    decide(new, "severity", one, user=ben)
    decide(old, "severity", other, user=ben)
    carry_over([(old.pk, new.pk)])
    assert new.decisions.in_force().get().value == stays
    assert ended(new) == [("severity", "Merged: the higher severity stays")]


def test_no_merge_lowers_a_severity(tenant, ben):
    old, new = issue_of(tenant, "Payments"), issue_of(tenant, "Payroll", severity="critical")
    decide(old, "severity", "low", user=ben)
    carry_over([(old.pk, new.pk)])
    new.refresh_from_db()
    assert (new.overridden, ended(new)) == (False, [("severity", "Merged: the higher severity stays")])
    decide(old, "severity", "critical", user=ben)
    Decision.objects.filter(issue=old, value="low").update(ended_at=timezone.now(), ended_reason="Replaced")
    carry_over([(old.pk, new.pk)])
    new.refresh_from_db()
    assert (new.overridden, new.decisions.in_force().get().value) == (True, "critical")


def test_the_owner_of_the_target_stays(tenant, ben, olga, vic):
    old, new = issue_of(tenant, "Payments"), issue_of(tenant, "Payroll")
    decide(new, "owner", "vic", user=ben)
    decide(old, "owner", "olga", user=ben)
    carry_over([(old.pk, new.pk)])
    new.refresh_from_db()
    assert new.owner == vic
    assert ended(new) == [("owner", "Merged: the other owner stays")]


def test_without_an_owner_the_one_chosen_last_comes_along_whichever_came_first(tenant, ben, olga, vic):
    earlier, later = issue_of(tenant, "Payments"), issue_of(tenant, "Payroll")
    decide(earlier, "owner", "vic", user=ben)
    decide(later, "owner", "olga", user=ben)
    for name, first, second in (("A", earlier, later), ("B", later, earlier)):
        new = made_by_a_move(tenant, name)
        carry_over([(first.pk, new.pk)])
        carry_over([(second.pk, new.pk)])
        new.refresh_from_db()
        assert new.owner == olga


def test_two_that_change_places_do_not_see_each_others_change(tenant, ben):
    one, other = issue_of(tenant, "Payments"), issue_of(tenant, "Payroll")
    decide(one, "false_positive", user=ben)
    decide(other, "accepted_risk", days=9, user=ben)
    carry_over([(one.pk, other.pk), (other.pk, one.pk)])
    assert in_force(one) == in_force(other)
    assert in_force(one)[0][0] == "accepted_risk"


def test_what_was_taken_back_stays_taken_back(tenant, ben):
    old, new = issue_of(tenant, "Payments"), made_by_a_move(tenant, "Payroll")
    made = decide(old, "false_positive", user=ben)
    Decision.objects.filter(pk=made.pk).update(ended_at=timezone.now(), ended_by=ben, ended_reason="Taken back")
    Issue.objects.filter(pk=old.pk).update(decision="", state="active")
    carry_over([(old.pk, new.pk)])
    assert (in_force(new), ended(new)) == ([], [("false_positive", "Taken back")])
    assert new.decisions.get().ended_by == ben


def test_nothing_is_asked_per_pair(tenant, ben):
    def queries(pairs: int, name: str) -> int:
        made = []
        for n in range(pairs):
            old = issue_of(tenant, f"{name} {n}")
            decide(old, "severity", "low", user=ben)
            made.append((old.pk, made_by_a_move(tenant, f"{name} {n} later").pk))
        with CaptureQueriesContext(
            database,
        ) as asked:
            carry_over(made)
        return len(asked)

    few, many = queries(2, "Few"), queries(60, "Many")
    # ``executemany`` is one statement that the log shows as one.
    assert few == many


def test_a_pair_of_one_issue_and_issues_that_are_gone_are_left_alone(tenant):
    one = issue_of(tenant, "Payments")
    carry_over([(one.pk, one.pk), (one.pk + 1000, one.pk), (one.pk, one.pk + 1000)])
    assert one.events.count() == 0
    carry_over([])
