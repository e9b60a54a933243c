"""Facts to severity: the ledger of each issue under the rule set that counts, and what a person said instead."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from issues.ingest.gather import Numbers, facts
from issues.intel.spread import enrich
from issues.models import Issue, RuleSet, SeverityOverride, Vulnerability
from issues.severity.factors import bits_of
from issues.severity.ledger import ledger


class Assessor:
    """Knows the rules and overrides for one batch of issues; three queries however many they are."""

    def __init__(self, issues: Collection[Issue], now: datetime) -> None:
        self._now = now
        rules = RuleSet.objects.current()
        self.version, self._weights = rules.version, rules.all_weights
        overridden = [issue.pk for issue in issues if issue.overridden]
        found = SeverityOverride.objects.filter(issue__in=overridden) if overridden else SeverityOverride.objects.none()
        self._overrides = dict(found.values_list("issue_id", "severity"))
        _enrich(issues)

    def assess(self, issue: Issue, numbers: Numbers, *, new: bool) -> None:
        """Set vendor severity, start, ledger, score and severity. An override wins, over an unchanged ledger."""
        if not numbers["active"] and not new:
            return  # closed: it keeps what it had
        known = facts(issue, numbers, self._now)
        made = ledger(known, self._weights)
        issue.vendor_severity = known.vendor_severity.value
        issue.start, issue.score = made.start, made.score
        issue.factors = [entry.as_dict() for entry in made.entries]
        issue.factor_bits = bits_of(made.codes)
        issue.rules_version = self.version
        issue.severity = self._overrides.get(issue.pk, made.level.value)


def _enrich(issues: Collection[Issue]) -> None:
    """One vulnerability of several issues is several objects here: the look-up is told to all of them."""
    new: dict[int, list[Vulnerability]] = {}
    for issue in issues:
        if not issue.vulnerability.enriched:
            new.setdefault(issue.vulnerability_id, []).append(issue.vulnerability)
    if new:
        enrich([same[0] for same in new.values()])
    for first, *others in new.values():
        for other in others:
            other.epss, other.epss_percentile = first.epss, first.epss_percentile
            other.kev, other.ransomware, other.enriched = first.kev, first.ransomware, True
