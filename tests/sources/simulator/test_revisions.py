from __future__ import annotations

from datetime import timedelta

import pytest

from connectors.sources.simulator import SimulatedTenant
from connectors.sources.simulator.clock import read
from tests.sources.simulator.conftest import EPOCH, Console


def by_id(tenant: SimulatedTenant) -> dict[str, dict]:
    return {row["id"]: row for row in tenant.rows(removed=True)}


def states(rows: dict[str, dict], state: str) -> set[str]:
    return {key for key, row in rows.items() if row["status"] == state}


@pytest.fixture
def before(tenant: SimulatedTenant) -> dict[str, dict]:
    return by_id(tenant)


def test_a_revision_removes_finds_brings_back_and_rerates(tenant: SimulatedTenant, before: dict):
    tenant.advance()
    after = by_id(tenant)
    assert set(before) < set(after), "rows never vanish from the record"
    assert states(before, "Detected") & states(after, "Removed"), "software was updated"
    assert states(before, "Removed") & states(after, "Detected"), "some came back under their old id"
    assert any(after[key]["severity"] != row["severity"] for key, row in before.items())
    assert all(read(after[key]["detectionDate"]) >= read("2026-03-03T08:00:00Z") for key in set(after) - set(before))


def test_what_comes_back_as_a_new_row_has_a_removed_twin(tenant: SimulatedTenant, before: dict):
    def key(row: dict) -> tuple:
        return row["endpointId"], row["cveId"], row["applicationName"], row["applicationVersion"]

    tenant.advance()
    after = by_id(tenant)
    gone = {key(row) for row in after.values() if row["status"] == "Removed"}
    assert {key(after[new]) for new in set(after) - set(before)} & gone


def test_a_delta_holds_exactly_what_changed(tenant: SimulatedTenant, console: Console, before: dict):
    moment = (EPOCH + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    assert console.walk(riskUpdatedDate__gte=moment, includeRemovals="true", limit=1000) == []
    tenant.advance()
    delta = {row["id"]: row for row in console.walk(riskUpdatedDate__gte=moment, includeRemovals="true", limit=50)}
    after = by_id(tenant)
    moved = ("lastScanDate", "daysDetected")

    def told(row: dict) -> dict:
        return {name: value for name, value in row.items() if name not in moved}

    changed = {key for key in after if key not in before or told(after[key]) != told(before[key])}
    assert changed <= set(delta)
    assert len(delta) < len(after) // 4
    assert {key: before[key] | delta[key] if key in before else delta[key] for key in delta} == {
        key: after[key] for key in delta
    }
    milliseconds = int((EPOCH + timedelta(hours=1)).timestamp() * 1000)
    again = console.walk(riskUpdatedDate__gte=milliseconds, includeRemovals="true", limit=1000)
    assert {row["id"] for row in again} == set(delta)


def test_a_full_walk_still_equals_the_truth_after_many_revisions(tenant: SimulatedTenant, console: Console):
    for _ in range(5):
        tenant.advance()
    rows = console.walk(limit=250, includeRemovals="true")
    truth = tenant.truth()
    assert rows == list(tenant.rows(removed=True))
    assert truth.by_state == {state: sum(row["status"] == state for row in rows) for state in ("Detected", "Removed")}


def test_a_walk_begun_before_a_revision_meets_new_rows_at_its_end(tenant: SimulatedTenant, console: Console):
    first = console.get("/application-management/risks", limit=1000).json()
    known = set(by_id(tenant))
    tenant.advance()
    rest, cursor = [], first["pagination"]["nextCursor"]
    while cursor:
        whole = console.get("/application-management/risks", limit=1000, cursor=cursor).json()
        rest += [row["id"] for row in whole["data"]]
        cursor = whole["pagination"]["nextCursor"]
    assert len(set(rest)) == len(rest)
    assert {key for key in rest if key not in known} == set(by_id(tenant)) - known


def test_rescans_move_the_scan_but_not_the_finding(tenant: SimulatedTenant, before: dict):
    tenant.advance()
    after = by_id(tenant)
    scanned = [key for key in before if after[key]["lastScanDate"] > before[key]["lastScanDate"]]
    assert len(before) // 2 < len(scanned) < len(before)
    assert all(after[key]["detectionDate"] == before[key]["detectionDate"] for key in before)
    assert all(after[key]["daysDetected"] == before[key]["daysDetected"] + 1 for key in before)


def test_moved_endpoints_change_groups_and_are_told_as_updated(tenant: SimulatedTenant, console: Console):
    homes = {row["id"]: (row["groupId"], row["siteId"]) for row in console.walk("/agents", limit=1000)}
    for _ in range(3):
        tenant.advance()
    moment = "2026-03-03T08:00:00Z"
    updated = {row["id"]: row for row in console.walk("/agents", limit=1000, updatedAt__gte=moment)}
    moved = {key: group for key, group in tenant.moved_endpoints().items() if key in homes}
    assert moved
    for key, group in moved.items():
        assert updated[key]["groupId"] == group
    assert any(updated[key]["siteId"] != homes[key][1] for key in moved), "every third revision crosses sites"


def test_a_revision_can_be_dated_but_not_back(tenant: SimulatedTenant):
    moment = EPOCH + timedelta(minutes=5)
    assert tenant.advance(at=moment) == 1
    assert tenant.now == moment
    with pytest.raises(ValueError, match="later"):
        tenant.advance(at=moment)
