"""Facts to severity: the ledger of each issue under the rule set that counts, and what a person said instead."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from issues.ingest.gather import Numbers, facts
from issues.intel.spread import CveFacts, facts_of_cves
from issues.models import Application, Decision, Issue, RuleSet
from issues.severity.ledger import ledger


class Assessor:
    """Knows the rules, CVEs, applications and overrides of a batch of issues; a few queries however many they are."""

    def __init__(self, issues: Collection[Issue], now: datetime) -> None:
        self._now = now
        rules = RuleSet.objects.current()
        self.version, self._weights = rules.version, rules.all_weights
        self._cves: dict[int, CveFacts] = facts_of_cves({issue.vulnerability_id for issue in issues})
        self._applications = Application.objects.in_bulk({issue.application_id for issue in issues})
        overridden = [issue.pk for issue in issues if issue.overridden]
        self._overrides = Decision.objects.severities_of(overridden)

    def assess(self, issue: Issue, numbers: Numbers, *, new: bool) -> None:
        """Set vendor severity, start, ledger, score and severity. An override wins, over an unchanged ledger."""
        if not numbers["active"] and not new:
            return  # closed: it keeps what it had
        cve, application = self._cves[issue.vulnerability_id], self._applications[issue.application_id]
        known = facts(numbers, cve, application, self._now)
        made = ledger(known, self._weights)
        issue.vendor_severity = known.vendor_severity.value
        issue.start, issue.score = made.start, made.score
        issue.factors = made.entries
        issue.factor_bits = made.bits
        issue.rules_version = self.version
        issue.severity = self._overrides.get(issue.pk, made.level.value)
