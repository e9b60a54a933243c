"""One step back, over as many issues as the step was made, and never over what others did since."""

from __future__ import annotations

from datetime import timedelta

import pytest

from issues.decisions.batch import moment_of
from issues.decisions.comment import comment
from issues.decisions.exclude import exclude
from issues.decisions.owner import assign_owner
from issues.decisions.severity import reset_severity, set_severity
from issues.decisions.take_back import take_back, take_back_decisions
from issues.decisions.undo import undo
from issues.models import ApplicationMember, Decision, Issue
from issues.severity.levels import Level

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("counts_are_true")]
EVERY = Issue.objects.all


def seen() -> tuple[list, list]:
    """Everything of the issues that decisions change."""
    found = EVERY().order_by("pk").values_list(
        "pk", "state", "state_reason", "decision", "severity", "overridden", "owner__username"
    )  # fmt: skip
    held = Decision.objects.in_force().order_by("issue", "kind").values_list("issue", "kind", "value", "reason")
    return list(found), list(held)


def prepared(ben, olga, now):
    """The first has everything on it, the second nothing."""
    one = EVERY().filter(pk=EVERY().order_by("pk")[0].pk)
    exclude(one, "accepted_risk", "Old", now + timedelta(days=3), ben)
    set_severity(one, Level.LOW, "Old", ben)
    assign_owner(one, olga, ben)
    comment(one, "Old", ben)


@pytest.mark.parametrize(
    "deed",
    [
        lambda user, now: exclude(EVERY(), "false_positive", "x", None, user),
        lambda user, now: exclude(EVERY(), "snooze", "", now + timedelta(days=9), user),
        lambda user, now: set_severity(EVERY(), Level.CRITICAL, "x", user),
        lambda user, now: reset_severity(EVERY(), user),
        lambda user, now: assign_owner(EVERY(), user, user),
        lambda user, now: assign_owner(EVERY(), None, user),
        lambda user, now: comment(EVERY(), "Hello", user),
        lambda user, now: take_back(EVERY(), user),
        lambda user, now: take_back_decisions(Decision.objects.all(), user),
    ],
    ids=["false positive", "snooze", "severity", "reset", "owner", "no owner", "comment", "back", "all back"],
)
def test_undoing_leaves_everything_as_it_was(three, ben, olga, now, deed, counts_are_true):
    prepared(ben, olga, now)
    before = seen()
    done = deed(ben, now)
    assert seen() != before
    counts_are_true()
    assert undo(done.token, ben).issues == done.issues
    assert seen() == before
    assert undo(done.token, ben).issues == 0
    assert seen() == before


def test_the_history_keeps_both(three, ben):
    done = exclude(EVERY(), "false_positive", "x", None, ben)
    undo(done.token, ben)
    issue = EVERY()[0]
    assert list(issue.events.values_list("kind", "note")) == [
        ("returned", "Undone."),
        ("excluded", "False positive: x"),
    ]
    assert issue.decisions.get().ended_reason == "Undone"


def test_what_somebody_decided_since_stays(three, ada, ben, now):
    done = exclude(EVERY(), "false_positive", "x", None, ben)
    exclude(EVERY().filter(pk=three[0].pk), "snooze", "", now + timedelta(days=1), ada)
    assert undo(done.token, ben).issues == 2
    assert list(EVERY().order_by("pk").values_list("decision", flat=True)) == ["snooze", "", ""]
    first = set_severity(EVERY(), Level.LOW, "x", ben)
    reset = reset_severity(EVERY(), ben)
    set_severity(EVERY().filter(pk=three[0].pk), Level.HIGH, "y", ada)
    undo(reset.token, ben)
    assert list(EVERY().order_by("pk").values_list("severity", flat=True)) == [Level.HIGH, Level.LOW, Level.LOW]
    assert moment_of(first.token) == first.at


def test_nobody_undoes_what_another_did_or_what_they_do_not_see(three, ada, ben, olga):
    done = exclude(EVERY(), "false_positive", "x", None, ben)
    assert undo(done.token, ada).issues == 0
    done = exclude(EVERY(), "false_positive", "y", None, olga)
    ApplicationMember.objects.all().delete()
    assert undo(done.token, olga).issues == 0


def test_what_ran_out_meanwhile_is_not_put_in_force_again(three, ben, now):
    exclude(EVERY(), "snooze", "", now + timedelta(days=1), ben)
    done = take_back(EVERY(), ben)
    Decision.objects.update(until=now - timedelta(days=1))
    undo(done.token, ben)
    assert set(EVERY().values_list("state", flat=True)) == {"active"}
