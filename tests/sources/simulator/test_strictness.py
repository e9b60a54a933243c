from __future__ import annotations

import json
from pathlib import Path

import pytest

from connectors.sources.simulator import SimulatedTenant, TenantServer
from tests.sources.simulator.conftest import EPOCH, RISKS, ROOT, Console

BODIES = Path(__file__).parents[3] / "../shared/samples/sentinelone/error_bodies.json"


@pytest.mark.parametrize(
    ("path", "query", "detail"),
    [
        (RISKS, {"scopeType": "site"}, "dict_values(['scopeType']): Unknown field"),
        (RISKS, {"limit": 1001}, "limit: Must be between 1 and 1000."),
        (RISKS, {"limit": 0}, "limit: Must be between 1 and 1000."),
        (RISKS, {"skip": 1001}, "skip: Must be between 0 and 1000."),
        (RISKS, {"sortBy": "riskUpdatedDate"}, "sortBy: Not a valid choice."),
        (RISKS, {"riskUpdatedDate__gte": "yesterday"}, "riskUpdatedDate__gte: Not a valid datetime."),
        (RISKS, {"cursor": "abcd"}, "cursor: Invalid cursor"),
        (RISKS, {"lastScanDate__gte": "2026-01-01T00:00:00Z"}, "dict_values(['lastScanDate__gte']): Unknown field"),
        (RISKS, {"exploitedInTheWild": "YES"}, "dict_values(['exploitedInTheWild']): Not simulated"),
        ("/groups", {"limit": 301}, "limit: Must be between 1 and 300."),
        ("/agents", {"severities": "HIGH"}, "dict_values(['severities']): Unknown field"),
        ("/accounts", {"countOnly": "perhaps"}, "countOnly: Not a valid boolean."),
        ("/application-management/settings", {"limit": 1}, "dict_values(['limit']): Unknown field"),
    ],
)
def test_what_the_console_does_not_take_is_refused(console: Console, path: str, query: dict, detail: str):
    answer = console.get(path, **query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0] == {"code": 4000010, "detail": detail, "title": "Validation Error"}


def test_a_cursor_holds_only_for_the_filters_it_was_made_for(console: Console):
    cursor = console.get(RISKS, severities="HIGH").json()["pagination"]["nextCursor"]
    assert console.get(RISKS, severities="HIGH", cursor=cursor, limit=50, skipCount="true").status_code == 200
    assert console.get(RISKS, severities="LOW", cursor=cursor).status_code == 400


@pytest.mark.parametrize("header", ["", "ApiToken wrong", "Basic {token}", "{token}"])
def test_without_the_token_there_is_only_the_health(console: Console, header: str):
    console.session.headers["Authorization"] = header.format(token=console.server.token)
    assert console.get("/system/status").json() == {"data": {"health": "ok"}}
    answer = console.get("/system/info")
    assert (answer.status_code, answer.json()) == (
        401,
        {"errors": [{"code": 4010010, "detail": None, "title": "Authentication Failed"}]},
    )


def test_both_words_before_the_token_are_taken(console: Console):
    for word in ("ApiToken", "Bearer"):
        console.session.headers["Authorization"] = f"{word} {console.server.token}"
        assert console.get("/system/info").status_code == 200


def test_a_token_of_one_site_sees_that_site_and_no_accounts():
    tenant = SimulatedTenant(seed=3, endpoints=24, epoch=EPOCH, token_scope="site")
    with TenantServer(tenant) as server:
        console = Console(server)
        assert console.get("/accounts").json()["errors"][0]["detail"] == "Action is not allowed to site users"
        (site,) = console.walk("/sites")
        assert console.get("/user").json()["data"]["scope"] == "site"
        assert {row["siteId"] for row in console.walk("/agents", limit=1000)} == {site["id"]}
        assert len(console.walk(limit=1000)) == tenant.truth().by_site[site["id"]]


def test_the_token_tells_when_it_ends(console: Console):
    url, token = console.server.url + ROOT + "/users/api-token-details", console.server.token
    answer = console.session.post(url, json={"data": {"apiToken": token}}, headers={"Authorization": ""}, timeout=10)
    assert answer.json()["data"] == console.get("/user").json()["data"]["apiToken"]
    assert console.session.post(url, json={"data": {"apiToken": "other"}}, timeout=10).status_code == 400


def test_without_a_licence_only_the_findings_are_forbidden(console: Console):
    console.server.tenant.licensed = False
    assert console.get(RISKS, limit=1).json()["errors"][0]["code"] == 4030010
    assert console.get("/agents", limit=1).status_code == 200


def test_an_unknown_path_is_answered_in_plain_text(console: Console):
    answer = console.get("/cloudnative/cloud-rogues")
    assert (answer.status_code, answer.text) == (404, "404 page not found\n")
    assert console.session.get(console.server.url + "/", timeout=10).status_code == 404


def test_a_scan_is_refused_and_counted(console: Console):
    assert console.server.scans_started == 0
    url = console.server.url + ROOT + "/application-management/scan"
    assert console.session.post(url, json={}, timeout=10).status_code == 403
    assert console.server.scans_started == 1


def test_the_log_keeps_requests_but_no_token(console: Console):
    console.get("/sites", query=console.server.token)
    (logged,) = console.server.log
    assert (logged.method, logged.path, logged.status) == ("GET", ROOT + "/sites", 200)
    assert console.server.token not in repr(console.server.log)


def test_only_loopback_is_listened_on(tenant: SimulatedTenant):
    with pytest.raises(ValueError, match="loopback"):
        TenantServer(tenant, host="0.0.0.0")


@pytest.mark.skipif(not BODIES.exists(), reason="the recorded error bodies are not here")
def test_error_bodies_are_those_that_consoles_sent(console: Console):
    seen = {case["name"]: case for case in json.loads(BODIES.read_text())["cases"]}
    console.server.tenant.faults.add("too_many")
    assert console.get(RISKS).text == seen["rate_limited_html"]["raw"]
    assert console.get("/nowhere").text == seen["not_found_plain_text"]["raw"]
    console.server.tenant.licensed = False
    assert console.get(RISKS).json() == seen["missing_permission"]["json"]
    console.session.headers["Authorization"] = "ApiToken wrong"
    assert console.get("/user").json() == seen["bad_token"]["json"]
