"""Which application an endpoint belongs to: ordered rules, the first match wins, a pin beats them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from django.db import models

from issues.ingest.memory import Memory
from issues.models import Application, Endpoint, Finding, Issue, MappingRule


class Mapper:
    """The rules as they stand now; applications made by ``application_per`` rules are remembered."""

    def __init__(self, rules: Iterable[MappingRule] | None = None) -> None:
        self._rules = list(MappingRule.objects.select_related("application") if rules is None else rules)
        self._named: dict[str, Application] = {}
        self._unassigned: Application | None = None

    def place(self, endpoint: Endpoint) -> None:
        """Set ``application`` and ``mapped_by``; a pinned endpoint stays where it is."""
        if endpoint.pinned:
            return
        for rule in self._rules:
            target = self._target(rule, endpoint) if matches(rule, endpoint) else None
            if target is not None:
                endpoint.application, endpoint.mapped_by = target, rule
                return
        endpoint.application, endpoint.mapped_by = self._rest(), None

    def _target(self, rule: MappingRule, endpoint: Endpoint) -> Application | None:
        """None for a rule that makes one application per value where the endpoint has no value."""
        if rule.application is not None:
            return rule.application
        name = next(iter(values_of(rule.application_per, endpoint)), "")
        if not name:
            return None
        if name not in self._named:
            self._named[name] = Application.objects.named(name)
        return self._named[name]

    def _rest(self) -> Application:
        if self._unassigned is None:
            self._unassigned = Application.objects.unassigned()
        return self._unassigned


def values_of(field: str, endpoint: Endpoint) -> list[str]:
    """What an endpoint says for a field of a rule; several values for a tag that is set twice, none when silent."""
    kind, _, key = field.partition(":")
    if kind in ("tag", "cloud_tag"):
        tags = endpoint.tags if kind == "tag" else endpoint.cloud_tags
        return [value for name, value in tags if name.casefold() == key.casefold() and value]
    value = getattr(endpoint, PLAIN_FIELDS[kind])
    return [value] if value else []


PLAIN_FIELDS = {
    "account": "account_name",
    "site": "site_name",
    "group": "group_name",
    "name": "name",
    "domain": "domain",
    "ou": "ou",
    "cloud_provider": "cloud_provider",
    "cloud_account": "cloud_account",
    "os": "os",
    "type": "type",
    "external_id": "customer_id",
}


def matches(rule: MappingRule, endpoint: Endpoint) -> bool:
    results = (_holds(c, endpoint) for c in rule.conditions)
    return any(results) if rule.match == MappingRule.Match.ANY else all(results)


def _holds(condition: dict[str, object], endpoint: Endpoint) -> bool:
    values = [v.casefold() for v in values_of(str(condition["field"]), endpoint)]
    wanted = condition.get("value", "")
    match condition["operator"]:
        case "exists":
            return bool(values)
        case "is":
            return str(wanted).casefold() in values
        case "in":
            options = wanted if isinstance(wanted, list) else [wanted]
            return any(str(w).casefold() in values for w in options)
        case "glob":
            return any(fnmatchcase(v, str(wanted).casefold()) for v in values)
    raise ValueError(f"unknown operator {condition['operator']!r}")


def move_findings(endpoints: Sequence[Endpoint]) -> None:
    """Give the findings of endpoints that changed their application to the issues of the new one."""
    from issues.ingest.dimensions import learn_issues

    for endpoint in endpoints:
        findings = list(
            Finding.objects.filter(endpoint=endpoint)
            .exclude(issue__application=endpoint.application)
            .select_related("issue__vulnerability", "issue__software")
        )
        if not findings:
            continue
        wanted = {(endpoint.application_id, f.issue.vulnerability_id, f.issue.software_id): f for f in findings}
        memory = Memory()
        titles = {key: (f.issue.title, f.issue.first_seen) for key, f in wanted.items()}
        learn_issues(endpoint.connection, titles, None, memory)
        issues = memory.issues
        old = {f.issue_id for f in findings}
        for finding in findings:
            issue = finding.issue
            finding.issue_id = issues[(endpoint.application_id, issue.vulnerability_id, issue.software_id)]
        Finding.objects.bulk_update(findings, ["issue"], batch_size=200)
        make_stale(old | set(issues.values()))


def make_stale(issues: Iterable[int]) -> None:
    """Have the issues counted again before the run ends."""
    from issues.ingest.bulk import chunks

    for ids in chunks(sorted(issues)):
        Issue.objects.filter(models.Q(pk__in=ids), stale=False).update(stale=True)
