"""Decisions about many issues, in turns: whoever dies, they go on, and nothing of them is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from issues import tasks
from issues.decisions import bulk
from issues.decisions.deed import Deed
from issues.models import BulkDecision, Decision, Issue
from issues.models.lease import Leased
from tests.factories import make_issues

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("counts_are_true")]
HELLO = Deed("comment", reason="Hello")


@pytest.fixture(autouse=True)
def seven(tenant, payroll, monkeypatch) -> None:
    make_issues(7, tenant, payroll)
    monkeypatch.setattr(bulk, "SIZE", 3)


class Killed(BaseException):
    """What a signal does to a worker, as far as the database sees it."""


def killed_in_batch(nth: int, monkeypatch) -> None:
    """One turn whose worker dies in that batch: its lease stays."""
    carry_out, batches = Deed.carry_out, []

    def dying(self, *given):
        batches.append(1)
        if len(batches) == nth:
            raise Killed
        return carry_out(self, *given)

    with monkeypatch.context() as patched:
        patched.setattr(Deed, "carry_out", dying)
        patched.setattr(Leased, "release_lease", lambda self: None)
        with pytest.raises(Killed):
            bulk.work()


def each_has_one() -> bool:
    decided = Decision.objects.order_by("issue").values_list("issue", flat=True)
    return list(decided) == list(Issue.objects.order_by("pk").values_list("pk", flat=True))


def lease_runs_out() -> None:
    BulkDecision.objects.update(lease_until=timezone.now() - timedelta(seconds=1))


def test_its_progress_is_told_to_whoever_decided(ben, olga):
    token = bulk.decide_later(ben, HELLO, "", 7)
    assert bulk.progress(ben) == [("Comment", 0, 7, token)]
    assert bulk.progress(olga) == []
    BulkDecision.objects.get().went_on(3)
    assert bulk.progress(ben) == [("Comment", 3, 7, token)]
    bulk.undo_later(token, ben)
    assert bulk.progress(ben) == [("Undoing", 0, 0, 0)]


def test_every_issue_gets_it_once_and_then_it_is_forgotten(ben):
    bulk.decide_later(ben, HELLO, "", 7)
    assert not bulk.work()
    assert sorted(Decision.objects.values_list("issue", flat=True)) == sorted(
        Issue.objects.values_list("pk", flat=True)
    )
    assert not BulkDecision.objects.exists()
    assert not bulk.work()
    assert Decision.objects.count() == 7


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_another_worker_goes_on_where_one_died(ben, monkeypatch, nth):
    bulk.decide_later(ben, HELLO, "", 7)
    killed_in_batch(nth, monkeypatch)
    assert Decision.objects.count() == 3 * (nth - 1)
    tasks.decide()  # the lease still holds
    assert Decision.objects.count() == 3 * (nth - 1)
    lease_runs_out()
    tasks.decide()
    assert sorted(Decision.objects.values_list("issue", flat=True)) == sorted(
        Issue.objects.values_list("pk", flat=True)
    )
    assert not BulkDecision.objects.exists()


def test_a_turn_ends_in_time_and_the_next_one_goes_on(ben):
    bulk.decide_later(ben, HELLO, "", 7)
    assert bulk.work(seconds=-1)
    assert Decision.objects.count() == 0
    assert not bulk.work()
    assert Decision.objects.count() == 7


def test_what_is_taken_back_in_mid_turn_stops_with_its_batch(ben, monkeypatch):
    token = bulk.decide_later(ben, HELLO, "", 7)
    carry_out = Deed.carry_out

    def watched(self, issues, user, now):
        done = carry_out(self, issues, user, now)
        bulk.undo_later(token, user)
        return done

    monkeypatch.setattr(Deed, "carry_out", watched)
    assert not bulk.work()
    assert (Decision.objects.count(), Decision.objects.in_force().count()) == (3, 0)
    assert not BulkDecision.objects.exists()


def test_an_undo_whose_worker_died_is_done_by_another(ben, monkeypatch):
    token = bulk.decide_later(ben, HELLO, "", 7)
    bulk.work()
    bulk.undo_later(token, ben)
    with monkeypatch.context() as patched:
        patched.setattr(Leased, "release_lease", lambda self: None)
        patched.setattr("issues.decisions.undo.over_keys", lambda *_, **__: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            bulk.work()
    lease_runs_out()
    tasks.decide()
    assert Decision.objects.in_force().count() == 0
    assert not BulkDecision.objects.exists()


def test_one_that_fails_holds_up_nobody_and_is_tried_again(ben, olga, monkeypatch, caplog):
    carry_out = Deed.carry_out

    def failing(self, issues, user, now):
        if user == ben:
            raise ValueError("nobody thought of this")
        return carry_out(self, issues, user, now)

    bulk.decide_later(ben, HELLO, "", 7)
    bulk.decide_later(olga, HELLO, "", 7)
    with monkeypatch.context() as patched:
        patched.setattr(Deed, "carry_out", failing)
        assert not bulk.work()
    assert set(Decision.objects.values_list("user", flat=True)) == {olga.pk}
    assert "nobody thought of this" in caplog.text
    assert not bulk.work()
    assert Decision.objects.filter(user=ben).count() == 7


def test_who_may_not_decide_any_more_decides_nothing(vic):
    bulk.decide_later(vic, HELLO, "", 7)
    assert not bulk.work()
    assert not Decision.objects.exists()
    assert not BulkDecision.objects.exists()


def test_of_a_person_who_is_gone_nothing_is_left(ben):
    bulk.decide_later(ben, HELLO, "", 7)
    ben.delete()
    assert not bulk.work()
    assert not Decision.objects.exists()
