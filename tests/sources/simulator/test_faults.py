from __future__ import annotations

import time

import pytest
import requests

from connectors.sources.simulator import SimulatedTenant
from tests.sources.simulator.conftest import RISKS, Console


def page(console: Console, **query) -> dict:
    return console.get(RISKS, limit=20, **query).json()


@pytest.mark.parametrize(
    ("kind", "status", "type"),
    [
        ("too_many", 429, "text/html"),
        ("server_error", 500, "application/json"),
        ("bad_gateway", 502, "text/html"),
        ("unauthorized", 401, "application/json"),
        ("licence_lost", 403, "application/json"),
        ("not_found", 404, "text/plain"),
        ("other_site", 200, "text/html"),
    ],
)
def test_the_nth_matching_request_fails_once(tenant: SimulatedTenant, console: Console, kind, status, type):
    fault = tenant.faults.add(kind, nth=2)
    seen = [console.get(path) for path in (RISKS, "/accounts", RISKS, RISKS)]
    assert [answer.status_code for answer in seen] == [200, 200, status, 200]
    assert seen[2].headers["Content-Type"].startswith(type)
    assert fault.hits == 1


def test_a_fault_can_stay_for_good_and_be_cleared(tenant: SimulatedTenant, console: Console):
    tenant.faults.add("unauthorized", path="", times=None)
    assert {console.get("/user").status_code for _ in range(4)} == {401}
    tenant.faults.clear()
    assert console.get("/user").status_code == 200


def test_waiting_times_are_told_only_when_asked_for(tenant: SimulatedTenant, console: Console):
    tenant.faults.add("too_many")
    assert "Retry-After" not in console.get(RISKS).headers
    tenant.faults.add("too_many", retry_after="7")
    assert console.get(RISKS).headers["Retry-After"] == "7"


def test_a_request_can_hang(tenant: SimulatedTenant, console: Console):
    tenant.faults.add("hang", seconds=0.2)
    begun = time.monotonic()
    assert console.get(RISKS).status_code == 200
    assert time.monotonic() - begun >= 0.2


def test_every_answer_can_be_slow(tenant: SimulatedTenant, console: Console):
    tenant.latency = 0.1
    begun = time.monotonic()
    console.get("/system/status")
    assert time.monotonic() - begun >= 0.1


def test_the_connection_can_be_cut_in_mid_body(tenant: SimulatedTenant, console: Console):
    tenant.faults.add("cut")
    with pytest.raises(requests.exceptions.RequestException):
        _ = console.get(RISKS).content
    assert console.server.log[-1].status == 0
    assert console.get(RISKS).status_code == 200


def test_json_can_end_too_early(tenant: SimulatedTenant, console: Console):
    tenant.faults.add("truncated")
    with pytest.raises(requests.exceptions.JSONDecodeError):
        page(console)


def test_a_cursor_can_repeat(tenant: SimulatedTenant, console: Console):
    cursor = page(console)["pagination"]["nextCursor"]
    tenant.faults.add("repeated_cursor")
    assert page(console, cursor=cursor)["pagination"]["nextCursor"] == cursor


def test_a_cursor_can_expire(tenant: SimulatedTenant, console: Console):
    tenant.faults.add("expired_cursor")
    first = console.get(RISKS)
    assert first.status_code == 200
    assert console.get(RISKS, cursor=first.json()["pagination"]["nextCursor"]).status_code == 400


def test_an_empty_page_in_the_middle_loses_nothing(tenant: SimulatedTenant, console: Console):
    tenant.faults.add("empty_page", nth=2)
    rows = console.walk(limit=1000)
    assert len(rows) == tenant.truth().findings
    assert len(console.server.log) == len(rows) // 1000 + 2


def test_paging_can_be_missing(tenant: SimulatedTenant, console: Console):
    tenant.faults.add("no_pagination")
    assert set(page(console)) == {"data"}


def test_single_rows_can_be_broken(tenant: SimulatedTenant, console: Console):
    sound = page(console)["data"][0]
    for nth, kind in enumerate(("row_without_id", "numbers_as_text", "text_as_numbers", "huge_field"), start=1):
        tenant.faults.add(kind, nth=nth)
    without_id, texts, numbers, huge = (page(console)["data"][0] for _ in range(4))
    assert set(sound) - set(without_id) == {"id"}
    assert texts["daysDetected"] == str(sound["daysDetected"])
    assert numbers["id"] == int(sound["id"])
    assert len(huge["reason"]) == 5_000_000


def test_a_row_can_come_twice(tenant: SimulatedTenant, console: Console):
    tenant.faults.add("duplicate_row")
    rows = page(console)["data"]
    assert len(rows) == 21
    assert rows[0] == rows[-1]


def test_a_row_can_move_to_the_next_page(tenant: SimulatedTenant, console: Console):
    tenant.faults.add("moved_row", nth=2)
    rows = console.walk(limit=500)
    ids = [row["id"] for row in rows]
    assert ids != sorted(ids, key=int)
    assert sorted(ids, key=int) == [row["id"] for row in tenant.rows()]


def test_there_is_no_fault_of_another_name(tenant: SimulatedTenant):
    with pytest.raises(ValueError, match="too_many"):
        tenant.faults.add("earthquake")


def test_a_running_tenant_obeys_its_control_path(tenant: SimulatedTenant, console: Console):
    control = console.server.url + "/_simulator/"
    requests.post(control + "faults", json={"kind": "licence_lost", "times": None}, timeout=5).raise_for_status()
    assert console.get(RISKS).status_code == 403
    requests.delete(control + "faults", timeout=5).raise_for_status()
    assert requests.post(control + "advance", timeout=5).json()["data"]["revision"] == tenant.revision == 1
    assert requests.get(control + "truth", timeout=5).json()["data"]["findings"] == tenant.truth().findings
    requests.post(control + "set", json={"licensed": False}, timeout=5).raise_for_status()
    assert console.get(RISKS).status_code == 403
    assert [entry["status"] for entry in requests.get(control + "log", timeout=5).json()["data"]] == [403, 403]
    assert requests.post(control + "set", json={"token": "mine"}, timeout=5).status_code == 400
    assert requests.post(control + "faults", json={"kind": "earthquake"}, timeout=5).status_code == 400
