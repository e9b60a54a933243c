"""``/api/v1/fixes/``: the page's rows for scripts."""

from __future__ import annotations

import pytest

from issues.ingest import fixes
from tests.factories import make_issue, make_issues


@pytest.fixture
def _stored(tenant, payroll, shop):
    make_issues(2, tenant, payroll, software_name="Java", software_version="8u9", vendor_severity="high")
    make_issue(tenant, shop, software_name="Chrome", endpoints=3, vendor_severity="low")
    fixes.settle()


@pytest.mark.usefixtures("_stored")
def test_a_row_says_what_an_update_closes(api_of, ben, payroll):
    answer = api_of(ben).get("/api/v1/fixes/").json()
    assert (answer["count"], answer["next"], answer["previous"]) == (2, None, None)
    java = answer["results"][0]
    assert java.pop("software")["name"] == "Java"
    assert java == {
        "newer_than": "8u9",
        "applications": 1,
        "endpoints": 1,
        "issues": 2,
        "findings": 2,
        "exploited": 0,
        "issues_by_severity": {"critical": 0, "high": 2, "medium": 0, "low": 0},
        "risk": 20,
        "risk_per_endpoint": 20.0,
    }


@pytest.mark.usefixtures("_stored")
def test_owners_see_their_own(api_of, olga):
    assert [row["software"]["name"] for row in api_of(olga).get("/api/v1/fixes/").json()["results"]] == ["Java"]


@pytest.mark.usefixtures("_stored")
def test_pages_follow_each_other(api_of, ada):
    api = api_of(ada)
    first = api.get("/api/v1/fixes/?page_size=1").json()
    second = api.get(first["next"]).json()
    assert [page["results"][0]["software"]["name"] for page in (first, second)] == ["Java", "Chrome"]
    assert (second["next"], first["previous"]) == (None, None)
    assert api.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.usefixtures("_stored")
def test_what_nobody_can_mean_is_refused(api_of, ada):
    for query in ("cursor=x", "application=nowhere", "exploited=perhaps", "software=x"):
        assert api_of(ada).get(f"/api/v1/fixes/?{query}").status_code == 400


def test_a_stranger_is_asked_to_sign_in(client, db):
    assert client.get("/api/v1/fixes/").status_code == 401
