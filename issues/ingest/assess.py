"""Facts to severity: the ledger of each issue under the rule set that counts, and what a person said instead."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from issues.ingest.gather import Known, Numbers
from issues.ingest.rows import moment
from issues.intel.spread import CveFacts, facts_of_cves
from issues.models import Application, Decision, RuleSet
from issues.severity.factors import ASPECTS_OF, Of, touching
from issues.severity.facts import Facts, Surface
from issues.severity.ledger import Scale
from issues.severity.levels import Level, starting_score

Reasons = dict[str, str]  # by the code of the factor that speaks


class Assessor:
    """Knows the rules, CVEs, applications and overrides of a batch of issues; a few queries however many they are."""

    def __init__(self, issues: Collection[Known], now: datetime) -> None:
        self._today = now.astimezone(UTC).date()
        rules = RuleSet.objects.current()
        self.version, self._scale = rules.version, Scale(rules.all_weights)
        cves = facts_of_cves({issue.vulnerability_id for issue in issues})
        applications = Application.objects.in_bulk({issue.application_id for issue in issues})
        # Issues share their CVEs and applications, so what is said of those is said once.
        self._cves = {pk: self._of_cve(cve) for pk, cve in cves.items()}
        self._applications = {pk: self._of_application(application) for pk, application in applications.items()}
        self._overrides = Decision.objects.severities_of([issue.pk for issue in issues if issue.overridden])

    def assess(self, issue: Known, numbers: Numbers) -> dict[str, Any]:
        """Vendor severity, start, ledger, score and severity. An override wins, over an unchanged ledger."""
        if not numbers.active and not issue.is_new:
            return {}  # closed: it keeps what it had
        level = Level(numbers.severity)
        start = starting_score(level, numbers.risk, numbers.cvss)
        cve, application = self._cves[issue.vulnerability_id], self._applications[issue.application_id]
        made = self._scale.ledger(level, start, cve | application | self._of_findings(numbers))
        return {
            "vendor_severity": numbers.severity,
            "start": start,
            "score": made.score,
            "factors": made.entries,
            "factor_bits": made.bits,
            "rules_version": self.version,
            "severity": self._overrides.get(issue.pk, made.level.value),
        }

    def _of_cve(self, cve: CveFacts) -> Reasons:
        facts = Facts(
            Level.UNKNOWN,
            self._today,
            kev=cve.kev,
            ransomware=cve.ransomware,
            epss=cve.epss,
            percentile=cve.percentile,
            exploit_maturity=cve.exploit_maturity,
            remediation_level=cve.remediation_level,
            report_confidence=cve.report_confidence,
            published=cve.published,
        )
        return touching(facts, ASPECTS_OF[Of.CVE])

    def _of_application(self, application: Application) -> Reasons:
        facts = Facts(
            Level.UNKNOWN,
            self._today,
            application=application.name,
            business_priority=None if application.is_unassigned else application.business_priority,
            environment=application.environment,
            internet_facing=application.internet_facing,
            sensitive_data=application.sensitive_data,
        )
        return touching(facts, ASPECTS_OF[Of.APPLICATION])

    def _of_findings(self, numbers: Numbers) -> Reasons:
        first = moment(numbers.first).astimezone(UTC).date()
        if not numbers.active:
            return touching(Facts(Level.UNKNOWN, self._today, first_seen=first), ASPECTS_OF[Of.FINDINGS])
        facts = Facts(
            Level.UNKNOWN,
            self._today,
            findings=numbers.findings,
            false_positives=numbers.false_positives,
            first_seen=first,
            endpoints=numbers.endpoints,
            surface=Surface(numbers.surface) if numbers.surface else None,
            unknown_surfaces=numbers.unknown_surfaces,
            public_address=bool(numbers.public),
            gone=numbers.gone,
            silent=numbers.silent,
        )
        return touching(facts, ASPECTS_OF[Of.FINDINGS])
