"""``severity-rules/`` over REST."""

from __future__ import annotations

import pytest

from issues.models import RuleSet
from issues.severity.factors import DEFAULTS

pytestmark = pytest.mark.django_db
URL = "/api/v1/severity-rules/"


def test_everybody_reads_the_rules(seed, vic, api_of):
    answer = api_of(vic).get(URL).json()
    assert answer["version"] == 1
    assert [factor["code"] for factor in answer["factors"]] == list(DEFAULTS)
    kev = answer["factors"][0]
    assert kev == {
        "code": "kev", "name": "Exploited in the wild", "type": "Exploitable", "weight": 1.0, "default": 1.0,
        "touches": 0,
    }  # fmt: skip
    assert {f["code"] for f in answer["factors"] if f["touches"]} == {
        "exploit_unproven", "workstation", "development", "priority_4",
    }  # fmt: skip


def test_an_admin_saves_the_next_version(seed, ada, api_of, work, queue, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = api_of(ada).put(URL, {"weights": {"workstation": -3}, "comment": "Laptops can wait"}, format="json")
    assert answer.status_code == 200
    assert answer.json()["version"] == 2
    saved = RuleSet.objects.get(version=2)
    assert (saved.author, saved.comment, saved.weights) == (ada, "Laptops can wait", DEFAULTS | {"workstation": -3.0})
    assert queue.functions == ["issues.tasks.recompute"]
    queue.work()
    seed.refresh_from_db()
    assert seed.rules_version == 2


def test_a_preview_changes_nothing(seed, portal, ada, api_of):
    answer = api_of(ada).post(f"{URL}preview/", {"weights": {"workstation": -3}}, format="json").json()
    assert (answer["raised"], answer["lowered"], answer["same"]) == (0, 1, 1)
    assert answer["matrix"]["medium"]["low"] == 1
    assert set(answer["matrix"]) == {"critical", "high", "medium", "low", "info", "unknown"}
    assert RuleSet.objects.count() == 1


@pytest.mark.parametrize("weights", [{"kev": -1}, {"nonsense": 1}, {"kev": "much"}, {"kev": 99}, {"kev": 1.23}, "all"])
@pytest.mark.parametrize(("verb", "path"), [("put", URL), ("post", f"{URL}preview/")])
def test_weights_that_can_not_be_are_refused_with_a_sentence(weights, verb, path, rules, ada, api_of):
    answer = getattr(api_of(ada), verb)(path, {"weights": weights}, format="json")
    assert answer.status_code == 400
    assert answer.json()["weights"]
    assert RuleSet.objects.count() == 1


@pytest.mark.parametrize("who", ["ben", "olga", "vic"])
def test_only_admins_weigh(who, rules, request, api_of):
    api = api_of(request.getfixturevalue(who))
    assert api.put(URL, {"weights": {}}, format="json").status_code == 403
    assert api.post(f"{URL}preview/", {"weights": {}}, format="json").status_code == 403
