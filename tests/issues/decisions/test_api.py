"""``issues/<id>/decisions/`` is what its outside contract says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from issues.decisions.comment import comment
from issues.models import Decision, Issue
from tests.factories import make_issue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("counts_are_true")]
SOON = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()


@pytest.fixture
def issue(tenant, payroll) -> Issue:
    return make_issue(tenant, payroll, vendor_severity="high")


def address(issue: Issue, decision: str = "") -> str:
    return f"/api/v1/issues/{issue.pk}/decisions/{decision}"


def test_every_kind_is_made_and_told(issue, api_of, ben, ada):
    ben_api = api_of(ben)
    asked = [
        {"kind": "false_positive", "reason": "Not our build"},
        {"kind": "accepted_risk", "reason": "Until the new release", "until": f"{SOON}T08:00:00Z"},
        {"kind": "snooze", "until": SOON},
        {"kind": "severity", "value": "low", "reason": "Lab"},
        {"kind": "owner", "value": "ada"},
        {"kind": "comment", "reason": "Hello"},
    ]
    for body in asked:
        answer = ben_api.post(address(issue), body)
        assert answer.status_code == 201, answer.json()
        said = answer.json()
        assert (said["kind"], said["user"], said["in_force"], said["ended_at"]) == (body["kind"], "ben", True, None)
        assert said["value"] == body.get("value", "")
    listed = ben_api.get(address(issue)).json()
    assert (listed["count"], listed["next"]) == (6, None)
    assert [row["kind"] for row in listed["results"]] == [body["kind"] for body in reversed(asked)]
    ended = {row["kind"]: row["ended_reason"] for row in listed["results"] if not row["in_force"]}
    assert ended == {"false_positive": "Replaced", "accepted_risk": "Replaced"}
    one = ben_api.get(f"/api/v1/issues/{issue.pk}/").json()
    assert (one["state"], one["severity"], one["overridden"], one["owner"]) == ("excluded", "low", True, "ada")
    assert (one["decision"]["kind"], one["decision"]["user"]) == ("snooze", "ben")
    assert [row["kind"] for row in one["decisions"]] == [row["kind"] for row in listed["results"]]


def test_one_in_force_is_taken_back_once(issue, api_of, ben):
    made = api_of(ben).post(address(issue), {"kind": "false_positive", "reason": "x"}).json()
    assert api_of(ben).delete(address(issue, f"{made['id']}/")).status_code == 204
    issue.refresh_from_db()
    assert (issue.state, issue.decision) == ("active", "")
    again = api_of(ben).delete(address(issue, f"{made['id']}/"))
    assert (again.status_code, again.json()) == (409, {"detail": "It ended already."})
    told = api_of(ben).get(address(issue, f"{made['id']}/")).json()
    assert (told["in_force"], told["ended_by"], told["ended_reason"]) == (False, "ben", "Taken back")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "kind"),
        ({"kind": "ignored"}, "kind"),
        ({"kind": "false_positive"}, "reason"),
        ({"kind": "accepted_risk", "reason": "x"}, "until"),
        ({"kind": "accepted_risk", "until": SOON}, "reason"),
        ({"kind": "snooze", "until": "2020-01-01"}, "until"),
        ({"kind": "snooze", "until": "some day"}, "until"),
        ({"kind": "false_positive", "reason": "x", "until": SOON}, "until"),
        ({"kind": "severity", "reason": "x"}, "value"),
        ({"kind": "severity", "value": "dreadful", "reason": "x"}, "value"),
        ({"kind": "severity", "value": "low"}, "reason"),
        ({"kind": "owner"}, "value"),
        ({"kind": "owner", "value": "eve"}, "value"),
        ({"kind": "owner", "value": "vic"}, "value"),
        ({"kind": "comment", "reason": "x\0"}, "reason"),
        ({"kind": "comment", "reason": "x" * 2001}, "reason"),
    ],
)
def test_what_can_not_be_is_refused_with_a_sentence(issue, api_of, ben, vic, body, field):
    answer = api_of(ben).post(address(issue), body)
    assert answer.status_code == 400
    assert list(answer.json()) == [field]
    assert Decision.objects.count() == 0


def test_who_may_and_who_may_not(issue, tenant, portal, api_of, ada, ben, olga, vic):
    other = make_issue(tenant, portal)
    said = {"kind": "comment", "reason": "x"}
    for person, mine, others in ((ada, 201, 201), (ben, 201, 201), (olga, 201, 404), (vic, 403, 403)):
        assert api_of(person).post(address(issue), said).status_code == mine
        assert api_of(person).post(address(other), said).status_code == others
    assert api_of(vic).get(address(issue)).json()["count"] == 3
    assert api_of(olga).get(address(other)).status_code == 404
    held = other.decisions.first()
    assert api_of(olga).delete(address(other, f"{held.pk}/")).status_code == 404
    assert api_of(olga).delete(address(issue, f"{held.pk}/")).status_code == 404
    assert api_of(vic).delete(address(other, f"{held.pk}/")).status_code == 403


def test_a_list_of_issues_asks_once_for_what_excludes_them(tenant, payroll, api_of, ben, django_assert_max_num_queries):
    for _ in range(12):
        comment(Issue.objects.filter(pk=make_issue(tenant, payroll).pk), "x", ben)
    with django_assert_max_num_queries(9):
        assert api_of(ben).get("/api/v1/issues/").json()["count"] == 12


@pytest.mark.parametrize("pk", ["0", "abc", "9" * 30, "-1"])
def test_what_is_no_id_is_not_there(issue, api_of, ben, pk):
    assert api_of(ben).get(f"/api/v1/issues/{pk}/decisions/").status_code == 404
    assert api_of(ben).get(address(issue, f"{pk}/")).status_code == 404
