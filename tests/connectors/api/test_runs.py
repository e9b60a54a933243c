"""Imports over REST: the same numbers as ``sync --json``, and how far they are."""

from __future__ import annotations

from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from connectors.access import role_of
from connectors.models import RunResource
from tests.factories import make_connection, make_run

URL = "/api/v1/runs/"
NAMES = {
    "run", "connection", "mode", "state", "read", "created", "changed", "unchanged", "resolved", "reopened", "removed",
    "skipped", "issues", "requests", "seconds", "error",
}  # fmt: skip


def test_a_run_says_what_it_did(tenant, api_of, vic):
    run = make_run(tenant, read=10, created=4, unchanged=6, issues_created=3, requests=5)

    said = api_of(vic).get(f"{URL}{run.pk}/").json()

    assert set(said) == NAMES | {"progress", "awaits_answer"}
    assert (said["run"], said["connection"], said["mode"]) == (str(run.pk), str(tenant.pk), "full")
    assert (said["state"], said["read"], said["created"], said["unchanged"]) == ("succeeded", 10, 4, 6)
    assert said["issues"] == {"created": 3, "changed": 0, "resolved": 0, "reopened": 0, "removed": 0}
    assert (said["error"], said["requests"]) == (None, 5)
    assert said["seconds"] >= 0


def test_a_failed_run_says_why(tenant, api_of, vic):
    run = make_run(tenant, state="failed", error_code="token_refused", error="The token has run out.")

    assert api_of(vic).get(f"{URL}{run.pk}/").json()["error"] == {
        "code": "token_refused", "message": "The token has run out.",
    }  # fmt: skip


def test_a_running_import_says_how_far_it_is(tenant, api_of, vic):
    run = make_run(tenant, state="running", phase="findings", read=30)
    RunResource.objects.create(run=run, position=0, kind="site", name="Berlin", total=120, read=30, state="reading")

    progress = api_of(vic).get(f"{URL}{run.pk}/").json()["progress"]

    assert (progress["phase"], progress["percent"], progress["expected"]) == ("findings", 25, 120)
    assert progress["resources"][0]["name"] == "Berlin"
    assert progress["finished_at"] is None


def test_runs_are_listed_newest_first_and_by_connection_and_state(tenant, api_of, vic):
    runs = [make_run(tenant), make_run(make_connection(), state="failed"), make_run(tenant)]
    api = api_of(vic)

    def found(query: str) -> list[str]:
        return [row["run"] for row in api.get(URL + query).json()["results"]]

    assert found("") == [str(run.pk) for run in reversed(runs)]
    assert found(f"?connection={tenant.pk}") == [str(runs[2].pk), str(runs[0].pk)]
    assert found("?state=failed") == [str(runs[1].pk)]
    assert api.get(f"{URL}?state=lost").status_code == 400
    first = api.get(f"{URL}?page_size=2").json()
    assert first["count"] == 3
    assert [row["run"] for row in api.get(first["next"]).json()["results"]] == [str(runs[0].pk)]


def test_many_runs_cost_as_many_queries_as_one(tenant, api_of, vic, django_assert_num_queries):
    make_run(tenant)
    role_of(vic)
    with CaptureQueriesContext(database) as one:
        api_of(vic).get(URL)
    for _ in range(9):
        make_run(tenant)

    with django_assert_num_queries(len(one)):
        assert len(api_of(vic).get(URL).json()["results"]) == 10
