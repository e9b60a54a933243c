"""``mapping-rules/`` over REST."""

from __future__ import annotations

from typing import Any

import pytest

from issues.mapping.rules import current
from issues.mapping.save import current_revision
from issues.models import Application, Endpoint, MappingRevision, MappingRule
from tests.factories import make_endpoint, make_issue

pytestmark = pytest.mark.django_db
URL = "/api/v1/mapping-rules/"
BERLIN: dict[str, Any] = {
    "name": "Berlin",
    "match": "all",
    "conditions": [{"field": "site", "operator": "in", "value": ["Berlin", "Potsdam"]}],
    "application": "Payroll",
}
TAGS = {
    "name": "Tags",
    "match": "any",
    "conditions": [{"field": "tag:app", "operator": "exists", "value": ""}],
    "application_per": "tag:app",
}


@pytest.fixture
def hosts(tenant, payroll) -> list[Endpoint]:
    """Two in Berlin that nothing claims, with one issue."""
    MappingRule.objects.all().delete()
    unassigned = Application.objects.unassigned()
    made = [make_endpoint(tenant, unassigned, f"b-{n}", site_name="Berlin") for n in (1, 2)]
    Endpoint.objects.update(pinned=False)
    make_issue(tenant, unassigned, endpoints=["b-1", "b-2"])
    return made


def test_those_who_see_everything_read_the_rules_in_their_order(hosts, vic, api_of):
    answer = api_of(vic).get(URL).json()
    assert answer["version"] == 1
    assert answer["rules"] == []
    assert set(answer["work"]) == {
        "state", "endpoints", "expected", "moved", "moved_issues", "expected_issues", "percent", "finished_at",
    }  # fmt: skip


@pytest.mark.parametrize("who", ["ada", "ben"])
def test_the_list_is_replaced_as_a_whole_and_followed_in_the_background(
    who, hosts, request, api_of, queue, django_capture_on_commit_callbacks
):
    user = request.getfixturevalue(who)
    with django_capture_on_commit_callbacks(execute=True):
        answer = api_of(user).put(URL, {"rules": [BERLIN, TAGS], "comment": "First", "version": 1})
    assert answer.status_code == 202
    told = answer.json()
    assert (told["version"], told["rules"], told["work"]["state"]) == (2, [BERLIN, TAGS], "running")
    assert api_of(user).get(URL).json()["rules"] == [BERLIN, TAGS]
    saved = MappingRevision.objects.get(version=2)
    assert (saved.author, saved.comment) == (user, "First")
    queue.work()
    work = api_of(user).get(URL).json()["work"]
    assert (work["state"], work["moved"], work["percent"]) == ("finished", 2, 100)
    assert set(Endpoint.objects.values_list("application__name", flat=True)) == {"Payroll"}


def test_a_preview_changes_nothing_and_is_what_saving_does(hosts, ben, api_of):
    answer = api_of(ben).post(f"{URL}preview/", {"rules": [BERLIN]})
    assert answer.status_code == 200
    assert answer.json() == {
        "moves": [{"from": "Unassigned", "to": "Payroll", "endpoints": 2, "issues": 1}],
        "warnings": [],
        "per_rule": [2],
        "unassigned": 0,
    }
    assert current() == []
    assert not MappingRevision.objects.exists()


def test_a_version_that_is_old_is_a_conflict(hosts, ben, api_of):
    current_revision()
    assert api_of(ben).put(URL, {"rules": [BERLIN]}).status_code == 202
    answer = api_of(ben).put(URL, {"rules": [TAGS], "version": 1})
    assert answer.status_code == 409
    assert "version 2" in answer.json()["detail"]
    assert [rule.name for rule in current()] == ["Berlin"]


NO_VALUE = "Say the value to compare with; “exists” asks whether there is any."
WRONG = [
    ("all", {"rules": ["Give a list of rules: {“rules”: […]}."]}),
    ([{"name": "A"}], {"rules": [{"application": ["Name the application that the rule leads to."]}]}),
    (
        [BERLIN, {**BERLIN, "match": "some"}],
        {"rules": [{}, {"match": ["Say “all” or “any”: whether all conditions must hold, or one is enough."]}]},
    ),
    (
        [{**BERLIN, "conditions": [*BERLIN["conditions"], {"field": "site", "operator": "is", "value": ""}]}],
        {"rules": [{"conditions": [{}, {"value": [NO_VALUE]}]}]},
    ),
    (
        [{**BERLIN, "conditions": [{"field": "site", "operator": "in", "value": ["x", ""]}]}],
        {"rules": [{"conditions": [{"value": [NO_VALUE]}]}]},
    ),
    (
        [{**BERLIN, "conditions.99999999": 1}],
        {"rules": [{"non_field_errors": [
            "“conditions.99999999” is not known here. Known are name, match, conditions, application, application_per."
        ]}]},
    ),
    (["x"], {"rules": [{"non_field_errors": ["A rule is an object with a name, conditions and an application."]}]}),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "says"), WRONG)
@pytest.mark.parametrize(("verb", "path"), [("put", URL), ("post", f"{URL}preview/")])
def test_mistakes_are_told_by_field(rules, says, verb, path, hosts, ben, api_of):
    answer = getattr(api_of(ben), verb)(path, {"rules": rules})
    assert answer.status_code == 400
    assert answer.json() == says
    assert not MappingRevision.objects.exists()


def test_a_comment_that_is_too_long(hosts, ben, api_of):
    answer = api_of(ben).put(URL, {"rules": [], "comment": "x" * 301})
    assert (answer.status_code, set(answer.json())) == (400, {"comment"})


@pytest.mark.parametrize(("who", "reads"), [("vic", 200), ("olga", 403)])
def test_the_others_change_nothing(who, reads, hosts, request, api_of):
    api = api_of(request.getfixturevalue(who))
    assert api.get(URL).status_code == reads
    assert api.put(URL, {"rules": []}).status_code == 403
    assert api.post(f"{URL}preview/", {"rules": []}).status_code == 403


def test_strangers_and_people_without_a_role_read_nothing(hosts, person, api_of, client):
    assert client.get(URL).status_code == 401
    assert api_of(person("nobody", "")).get(URL).status_code == 403
