"""A person's answer to a held read, over REST."""

from __future__ import annotations

import pytest

from connectors.models import Connection, SyncRun
from connectors.sync.clear import delete_connection
from tests.factories import make_held_run, make_run

URL = "/api/v1/runs/"


@pytest.fixture
def held(tenant: Connection) -> SyncRun:
    return make_held_run(tenant)


def test_a_run_says_whether_it_waits_for_an_answer(held, tenant, api_of, vic):
    assert api_of(vic).get(f"{URL}{held.pk}/").json()["awaits_answer"] is True
    later = make_run(tenant)
    assert api_of(vic).get(f"{URL}{held.pk}/").json()["awaits_answer"] is False
    assert api_of(vic).get(f"{URL}{later.pk}/").json()["awaits_answer"] is False


def test_confirming_begins_a_full_import_that_may_resolve_as_much(
    held, ben, api_of, queue, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = api_of(ben).post(f"{URL}{held.pk}/confirm/")

    new = SyncRun.objects.latest("pk")
    said = answer.json()
    assert (answer.status_code, said["run"], said["mode"], said["state"]) == (202, str(new.pk), "full", "queued")
    assert (new.confirms, new.started_by) == (held, ben)
    assert queue.functions == ["connectors.tasks.work"]
    held.refresh_from_db()
    assert held.answered_by == ben


def test_dismissing_takes_the_question_away(held, tenant, ben, api_of):
    answer = api_of(ben).post(f"{URL}{held.pk}/dismiss/")

    assert (answer.status_code, answer.json()["run"], answer.json()["awaits_answer"]) == (200, str(held.pk), False)
    tenant.refresh_from_db()
    assert tenant.problem == ""
    assert SyncRun.objects.get() == held


@pytest.mark.parametrize("second", ["confirm", "dismiss"])
def test_of_two_answers_the_first_one_is_heard(held, ben, ada, api_of, second):
    api_of(ben).post(f"{URL}{held.pk}/dismiss/")

    again = api_of(ada).post(f"{URL}{held.pk}/{second}/")

    assert (again.status_code, again.json()) == (409, {"detail": "This import does not wait for an answer any more."})
    held.refresh_from_db()
    assert held.answered_by == ben


def test_nothing_is_confirmed_while_changes_are_read(held, tenant, ben, api_of):
    make_run(tenant, "running", "delta")

    answer = api_of(ben).post(f"{URL}{held.pk}/confirm/")

    assert (answer.status_code, answer.json()) == (409, {"detail": "An import of Acme is running already."})
    held.refresh_from_db()
    assert held.awaits_answer


@pytest.mark.parametrize("verb", ["confirm", "dismiss"])
def test_whoever_may_not_start_imports_may_not_answer(held, vic, olga, api_of, verb):
    for person in (vic, olga):
        assert api_of(person).post(f"{URL}{held.pk}/{verb}/").status_code == 403
    assert api_of(vic).get(f"{URL}{held.pk}/{verb}/").status_code == 405
    held.refresh_from_db()
    assert held.awaits_answer


@pytest.mark.parametrize("verb", ["confirm", "dismiss"])
def test_there_is_nothing_to_answer_where_there_is_no_connection(held, tenant, ben, api_of, verb):
    delete_connection(tenant, purge=False)
    for run in (held.pk, 0, "none"):
        assert api_of(ben).post(f"{URL}{run}/{verb}/").status_code == 404
