from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from connectors.sources.simulator import SimulatedTenant, clock
from tests.sources.simulator.conftest import EPOCH, Console


def test_equal_arguments_make_equal_tenants():
    one, two = (SimulatedTenant(seed=5, endpoints=6, epoch=EPOCH) for _ in range(2))
    one.advance()
    two.advance()
    assert list(one.rows(removed=True)) == list(two.rows(removed=True))
    assert [one.agent(n) for n in range(6)] == [two.agent(n) for n in range(6)]
    assert one.token == two.token


def test_another_seed_makes_another_tenant():
    one, two = (SimulatedTenant(seed=seed, endpoints=6, epoch=EPOCH) for seed in (5, 6))
    assert {row["id"] for row in one.rows()}.isdisjoint(row["id"] for row in two.rows())


def test_ids_are_clocks_of_the_detection_and_ascend(tenant: SimulatedTenant):
    tenant.advance()
    rows = list(tenant.rows(removed=True))
    for row in rows:
        assert abs(clock.minted_at(int(row["id"])) - clock.read(row["detectionDate"])) <= 200
    assert all(int(one["id"]) < int(two["id"]) for one, two in pairwise(rows))


def test_nothing_was_detected_before_it_was_published_or_its_endpoint_registered(tenant: SimulatedTenant):
    registered = {agent["id"]: agent["registeredAt"] for agent in map(tenant.agent, range(24))}
    for row in tenant.rows():
        assert row["detectionDate"] > row["publishedDate"]
        assert row["detectionDate"] > registered[row["endpointId"]]


@pytest.mark.parametrize("findings", [1, 33, 997, 2500])
def test_findings_are_exactly_as_many_as_asked_for(findings: int):
    assert SimulatedTenant(findings=findings, epoch=EPOCH).truth().findings == findings


def test_findings_and_endpoints_cannot_both_be_given():
    with pytest.raises(ValueError, match="not both"):
        SimulatedTenant(findings=10, endpoints=10)


def test_the_default_size_suits_a_demo():
    truth = SimulatedTenant(epoch=EPOCH).truth()
    assert 8_000 <= truth.findings <= 15_000
    assert truth.by_severity["MEDIUM"] > truth.by_severity["HIGH"] > truth.by_severity["CRITICAL"] > 0
    assert truth.by_severity["UNKNOWN"] > 0
    assert truth.by_severity[""] > 0
    assert 0 < truth.false_positives < truth.findings // 20
    assert 0 < truth.decommissioned < truth.endpoints // 10


def test_rows_made_of_bytes_equal_rows_made_one_by_one(tenant: SimulatedTenant, console: Console):
    assert console.walk(limit=700) == list(tenant.rows())


def test_days_detected_count_up_to_the_tenants_own_time(tenant: SimulatedTenant):
    detected = clock.read(next(tenant.rows())["detectionDate"]) // 1000 * 1000
    for days in (0, 1):
        assert next(tenant.rows())["daysDetected"] == (EPOCH + timedelta(days=days) - clock.from_ms(detected)).days
        tenant.advance()
