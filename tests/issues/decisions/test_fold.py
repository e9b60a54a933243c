"""Severities that were set by hand before there were decisions are decisions afterwards."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

BEFORE, AFTER = ("issues", "0007_endpoints_to_map"), ("issues", "0008_fold_overrides_into_decisions")
AT = datetime(2026, 11, 1, 8, tzinfo=UTC)


@pytest.mark.slow
def test_there_and_back_nothing_is_lost(migrate):
    old = migrate(*BEFORE)
    user = old.get_model("auth", "User").objects.create(username="ben")
    tenant = old.get_model("connectors", "Connection").objects.create(
        name="Tenant", connector="sentinelone", host_url="https://tenant.example"
    )
    issue = old.get_model("issues", "Issue").objects.create(
        connection=tenant,
        application=old.get_model("issues", "Application").objects.create(slug="payroll", name="Payroll"),
        vulnerability=old.get_model("issues", "Vulnerability").objects.create(cve="CVE-2026-1"),
        software=old.get_model("issues", "Software").objects.create(key="x", name="7-Zip"),
        first_seen=AT, last_seen=AT, state="active", severity=5, overridden=True,
    )  # fmt: skip
    old.get_model("issues", "SeverityOverride").objects.create(
        issue=issue, severity=5, reason="Crown jewels", user=user, at=AT
    )
    kept = migrate(*AFTER).get_model("issues", "Decision").objects.get()
    assert (kept.issue_id, kept.kind, kept.value, kept.reason, kept.user_id, kept.at, kept.ended_at) == (
        issue.pk, "severity", "critical", "Crown jewels", user.pk, AT, None,
    )  # fmt: skip
    again = migrate(*BEFORE).get_model("issues", "SeverityOverride").objects.get()
    assert (again.issue_id, again.severity, again.reason, again.user_id) == (issue.pk, 5, "Crown jewels", user.pk)
