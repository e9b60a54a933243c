"""What to update where, for the team that does it: a row for each endpoint and product, read as it is sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from issues.models import Endpoint, Finding, Issue, Software, Vulnerability
from issues.models.fix import FixQuerySet
from issues.queue.fixes import in_order
from issues.severity.levels import Level
from issues.versions import newest, oldest_first

COLUMNS = (
    "software",
    "vendor",
    "newer_than",
    "application",
    "endpoint",
    "site",
    "versions",
    "cves",
    "exploited_cves",
    "worst_severity",
)
AT_ONCE = 20  # products whose findings are read in one go
GONE = ("", "")  # an endpoint that was deleted just now
Pair = tuple[int, int]  # application, software


@dataclass(slots=True)
class _Installed:
    """One product on one endpoint."""

    versions: set[str] = field(default_factory=set)
    cves: set[int] = field(default_factory=set)
    worst: int = 0


def rows_of(found: FixQuerySet, sort: str) -> Iterator[dict[str, Any]]:
    """In the order of the page, then by application and endpoint. A few questions for each twenty products."""
    products = [group["software"] for group in in_order(found, sort)]
    exploited = set(Vulnerability.objects.filter(kev=True).values_list("pk", flat=True))
    for start in range(0, len(products), AT_ONCE):
        some = products[start : start + AT_ONCE]
        installed = _installed(set(found.filter(software__in=some).values_list("application_id", "software_id")))
        names = _Names(found, some, {endpoint for _, endpoint in installed})
        for (application, software), endpoint in sorted(installed, key=names.order):
            seen = installed[(application, software), endpoint]
            yield {
                **names.of(application, software, endpoint),
                "versions": oldest_first(seen.versions),
                "cves": len(seen.cves),
                "exploited_cves": len(seen.cves & exploited),
                "worst_severity": Level(seen.worst).word,
            }


class _Names:
    """What the keys of some products, and of everything around them, are called."""

    def __init__(self, found: FixQuerySet, software: Sequence[int], endpoints: Collection[int]) -> None:
        self._software = Software.objects.in_bulk(software)
        self._place = {pk: number for number, pk in enumerate(software)}
        self._hosts = {pk: host for some in _some(sorted(endpoints)) for pk, *host in _hosts(some)}
        versions: dict[int, set[str]] = defaultdict(set)
        self._applications: dict[int, str] = {}
        rows = found.filter(software__in=software).order_by()
        for pk, name, product, version in rows.values_list(
            "application_id", "application__name", "software_id", "newest"
        ):
            self._applications[pk] = name
            versions[product].add(version)
        self._newest = {product: newest(some) for product, some in versions.items()}

    def order(self, key: tuple[Pair, int]) -> tuple[Any, ...]:
        (application, software), endpoint = key
        return self._place[software], self._applications[application], self._hosts.get(endpoint, GONE), endpoint

    def of(self, application: int, software: int, endpoint: int) -> dict[str, str]:
        product, (name, site) = self._software[software], self._hosts.get(endpoint, GONE)
        return {
            "software": product.name,
            "vendor": product.vendor,
            "newer_than": self._newest[software],
            "application": self._applications[application],
            "endpoint": name,
            "site": site,
        }


def _installed(pairs: Collection[Pair]) -> dict[tuple[Pair, int], _Installed]:
    """By pair and endpoint."""
    found: dict[tuple[Pair, int], _Installed] = defaultdict(_Installed)
    findings = Finding.objects.active().filter(
        issue__software__in={software for _, software in pairs}, issue__state=Issue.State.ACTIVE
    )
    columns = ("issue__application_id", "issue__software_id", "endpoint_id", "version")
    more = ("issue__vulnerability_id", "issue__severity")
    for application, software, endpoint, version, cve, severity in findings.values_list(*columns, *more).iterator():
        if (application, software) in pairs:
            seen = found[(application, software), endpoint]
            seen.versions.add(version)
            seen.cves.add(cve)
            seen.worst = max(seen.worst, severity)
    return found


def _hosts(endpoints: Collection[int]) -> Iterable[tuple[int, str, str]]:
    return Endpoint.objects.filter(pk__in=endpoints).order_by().values_list("pk", "name", "site_name")


def _some(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[start : start + 900] for start in range(0, len(keys), 900))
