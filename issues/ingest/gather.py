"""What is stored about issues, as numbers of their findings and as facts for the severity factors."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q

from issues.intel.spread import CveFacts
from issues.models import Application, Finding
from issues.severity.factors.reachable import SILENT_DAYS
from issues.severity.facts import Facts, Surface
from issues.severity.levels import Level

Numbers = dict[str, Any]


def gather(issues: Collection[int], now: datetime) -> dict[int, Numbers]:
    """Numbers of each issue's findings, in one query; an issue without findings is missing."""
    active = Q(state=Finding.State.ACTIVE)
    quiet = now - timedelta(days=SILENT_DAYS)
    rows = (
        Finding.objects.filter(issue__in=list(issues))
        .order_by()
        .values("issue_id")
        .annotate(
            active=Count("pk", filter=active),
            real=Count("pk", filter=active & Q(false_positive=False)),
            removed=Count("pk", filter=Q(state=Finding.State.REMOVED)),
            on=Count("endpoint_id", filter=active, distinct=True),
            active_severity=Max("vendor_severity", filter=active),
            any_severity=Max("vendor_severity"),
            active_cvss=Max("cvss", filter=active),
            any_cvss=Max("cvss"),
            active_risk=Max("risk_score", filter=active),
            any_risk=Max("risk_score"),
            first=Min("first_seen"),
            scanned=Max("endpoint__last_scan_at", filter=active),
            closed=Max("resolved_at"),
            closed_seen=Max("last_seen"),
            reason=Max("resolved_reason"),
            surface=Max("endpoint__surface", filter=active),
            unknown_surfaces=Count("pk", filter=active & Q(endpoint__surface=0)),
            public=Count("pk", filter=active & Q(endpoint__public_address=True)),
            gone=Count("pk", filter=active & Q(endpoint__decommissioned=True)),
            silent=Count("pk", filter=active & Q(endpoint__decommissioned=False, endpoint__last_active_at__lt=quiet)),
        )
    )
    return {row["issue_id"]: dict(row) for row in rows}


def facts(numbers: Numbers, cve: CveFacts, application: Application, now: datetime) -> Facts:
    """Of one issue, by the numbers of its findings."""
    which = "active" if numbers["active"] else "any"  # of a closed issue, what it was
    return Facts(
        vendor_severity=Level(numbers[f"{which}_severity"]),
        today=now.astimezone(UTC).date(),
        risk_score=numbers[f"{which}_risk"],
        cvss=numbers[f"{which}_cvss"],
        kev=cve.kev,
        ransomware=cve.ransomware,
        epss=cve.epss,
        percentile=cve.percentile,
        exploit_maturity=cve.exploit_maturity,
        remediation_level=cve.remediation_level,
        report_confidence=cve.report_confidence,
        published=cve.published,
        findings=numbers["active"],
        false_positives=numbers["active"] - numbers["real"],
        first_seen=numbers["first"].astimezone(UTC).date(),
        endpoints=numbers["on"],
        surface=Surface(numbers["surface"]) if numbers["surface"] else None,
        unknown_surfaces=numbers["unknown_surfaces"],
        public_address=bool(numbers["public"]),
        gone=numbers["gone"],
        silent=numbers["silent"],
        application=application.name,
        business_priority=None if application.is_unassigned else application.business_priority,
        environment=application.environment,
        internet_facing=application.internet_facing,
        sensitive_data=application.sensitive_data,
    )
