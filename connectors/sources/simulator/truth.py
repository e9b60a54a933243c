"""What is really in the tenant, counted finding by finding and without the code that answers requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from connectors.sources.simulator import world
from connectors.sources.simulator.endpoints import Endpoints
from connectors.sources.simulator.history import History
from connectors.sources.simulator.layout import Layout
from connectors.sources.simulator.profiles import Profiles, Template
from connectors.sources.simulator.rows import FALSE_POSITIVES, Change, template_mark


@dataclass(slots=True)
class Truth:
    """Counts; those ``by_…`` and the sets cover detected findings only, unless they say otherwise."""

    findings: int = 0  # detected
    removed: int = 0
    by_severity: Counter[str] = field(default_factory=Counter)  # the source's word, "" where it has none
    by_state: Counter[str] = field(default_factory=Counter)  # "Detected", "Removed"
    by_account: Counter[str] = field(default_factory=Counter)  # id
    by_site: Counter[str] = field(default_factory=Counter)  # id
    by_group: Counter[str] = field(default_factory=Counter)  # id
    false_positives: int = 0
    cve_software: set[tuple[str, str, str]] = field(default_factory=set)  # CVE, vendor as sent, name
    endpoints: int = 0  # all
    decommissioned: int = 0
    endpoints_by_site: Counter[str] = field(default_factory=Counter)
    affected_endpoints: int = 0  # with at least one detected finding

    def summary(self) -> dict[str, object]:
        """The same as plain data, the set as its size."""
        names = ("findings", "removed", "false_positives", "endpoints", "decommissioned", "affected_endpoints",
                 "by_severity", "by_state", "by_account", "by_site", "by_group", "endpoints_by_site")  # fmt: skip
        return {name: getattr(self, name) for name in names} | {"cve_software": len(self.cve_software)}


class Told(NamedTuple):
    endpoint: int
    template: int
    change: Change | None


def every_finding(profiles: Profiles, endpoints: Endpoints, layout: Layout, history: History) -> Iterator[Told]:
    """Every finding there ever was, in the order of ids."""
    position = 0
    for wave in range(len(profiles.wave_ms)):
        for endpoint in range(len(endpoints)):
            for template in endpoints.profile(endpoint).waves[wave]:
                if position < layout.length:
                    yield Told(endpoint, template, history.changes.get(position))
                position += 1
    for number, late in enumerate(history.late):
        yield Told(late.endpoint, late.template, history.changes.get(layout.length + number))


def tell(profiles: Profiles, endpoints: Endpoints, layout: Layout, history: History, own: world.World) -> Truth:
    truth = Truth()
    affected: Counter[int] = Counter()
    seen: Counter[int] = Counter()
    for told in every_finding(profiles, endpoints, layout, history):
        if told.change and told.change.removed:
            truth.removed += 1
            continue
        affected[told.endpoint] += 1
        seen[told.template] += 1
        _add(truth, profiles.templates[told.template], told.change)
    _add_scopes(truth, affected, history, own)
    for number in seen:
        template = profiles.templates[number]
        truth.cve_software.add((template.vulnerability.cve, template.software.vendor, template.software.name))
    _add_endpoints(truth, endpoints, history, own)
    truth.findings = affected.total()
    truth.affected_endpoints = len(affected)
    truth.by_state = Counter(Detected=truth.findings, Removed=truth.removed)
    return truth


def _add(truth: Truth, template: Template, change: Change | None) -> None:
    severity = (change.severity if change else "") or template.vulnerability.severity or ""
    truth.by_severity[severity] += 1
    if change and change.mark is not None:
        truth.false_positives += change.mark in FALSE_POSITIVES
    elif template_mark(template):
        truth.false_positives += 1


def _add_scopes(truth: Truth, affected: Counter[int], history: History, own: world.World) -> None:
    for endpoint, findings in affected.items():
        group = history.group(endpoint)
        site = world.groups()[group].site
        truth.by_group[own.group_ids[group]] += findings
        truth.by_site[own.site_ids[site]] += findings
        truth.by_account[own.account_ids[world.SITES[site].account]] += findings


def _add_endpoints(truth: Truth, endpoints: Endpoints, history: History, own: world.World) -> None:
    truth.endpoints = len(endpoints)
    for position in range(len(endpoints)):
        truth.decommissioned += endpoints.get(position).decommissioned
        truth.endpoints_by_site[own.site_ids[world.groups()[history.group(position)].site]] += 1
