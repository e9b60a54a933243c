"""What has an end comes back by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from issues.decisions.exclude import exclude
from issues.decisions.lapse import lapse
from issues.models import Decision, Issue
from issues.schedules import SCHEDULES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("counts_are_true")]
EVERY = Issue.objects.all


def test_it_comes_back_when_its_time_is_over_and_not_before(three, ben, now):
    exclude(EVERY(), "snooze", "Next release", now + timedelta(days=2), ben)
    assert not lapse(now + timedelta(days=1))
    assert EVERY().filter(state="excluded").count() == 3
    assert not lapse(now + timedelta(days=3))
    issue = EVERY()[0]
    assert (issue.state, issue.decision) == ("active", "")
    held = issue.decisions.get()
    assert (held.ended_reason, held.ended_by) == ("Its time is over", None)
    event = issue.events.first()
    assert (event.kind, event.user) == ("returned", None)
    assert event.note.startswith("Snoozed until")
    assert event.note.endswith(": its time is over.")


def test_a_turn_that_has_no_time_left_says_that_there_is_more(three, ben, now):
    exclude(EVERY(), "snooze", "", now + timedelta(days=2), ben)
    assert lapse(now + timedelta(days=3), seconds=-1)
    assert Decision.objects.in_force().count() == 3


def test_it_is_looked_for_each_minute(three, ben, now, queue):
    from django_q.tasks import async_task

    exclude(EVERY(), "snooze", "", now + timedelta(days=2), ben)
    Decision.objects.update(until=now - timedelta(seconds=1))
    assert SCHEDULES["End decisions whose time is over"] == {"func": "issues.tasks.lapse", "minutes": 1}
    async_task("issues.tasks.lapse")
    queue.work()
    assert EVERY().filter(state="active").count() == 3
