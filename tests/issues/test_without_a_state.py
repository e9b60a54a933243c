"""Issues that an import had not counted yet when it was stopped for an update are still to be counted after it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

BEFORE, AFTER = ("issues", "0011_finding_of_endpoint_covers_issue"), ("issues", "0012_issues_without_a_state")
AT = datetime(2026, 11, 1, 8, tzinfo=UTC)


def states(apps: Any) -> list[tuple[str | None, bool]]:
    return list(apps.get_model("issues", "Issue").objects.order_by("pk").values_list("state", "stale"))


@pytest.mark.slow
def test_there_and_back_nothing_is_lost(migrate):
    old = migrate(*BEFORE)
    tenant = old.get_model("connectors", "Connection").objects.create(
        name="Tenant", connector="sentinelone", host_url="https://tenant.example"
    )
    application = old.get_model("issues", "Application").objects.create(slug="payroll", name="Payroll")
    software = old.get_model("issues", "Software").objects.create(key="x", name="7-Zip")
    for state in ("active", "pending"):
        old.get_model("issues", "Issue").objects.create(
            connection=tenant, application=application, software=software,
            vulnerability=old.get_model("issues", "Vulnerability").objects.create(cve=f"CVE {state}"),
            first_seen=AT, last_seen=AT, state=state, stale=state == "pending",
        )  # fmt: skip
    assert states(migrate(*AFTER)) == [("active", False), (None, True)]
    assert states(migrate(*BEFORE)) == [("active", False), ("pending", True)]
