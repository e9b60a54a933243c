"""From the feeds to the vulnerabilities that were met here, and on to the issues whose factors may change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Exists, OuterRef, Subquery

from issues.ingest.bulk import chunks, update
from issues.models import EpssScore, Feed, Issue, KevEntry, Vulnerability
from issues.severity.factors.exploitable import epss_band

COLUMNS = ("epss", "epss_percentile", "kev", "ransomware", "enriched")
Row = tuple[Any, ...]


class Said(NamedTuple):
    """What the feeds say of a CVE; None where they are silent."""

    epss: float | None
    percentile: float | None
    kev: bool | None
    ransomware: bool | None

    @property
    def weighed(self) -> tuple[str | None, bool | None, bool | None]:
        """What factors make of it: a score that moves within its band changes nothing."""
        return epss_band(self.epss, self.percentile), self.kev or None, self.ransomware or None


def spread(name: Feed.Name) -> int:
    """Bring every vulnerability up to date after a load; how many of them now weigh something else."""
    fields = ("score", "percentile") if name is Feed.Name.EPSS else ("ransomware",)
    model = EpssScore if name is Feed.Name.EPSS else KevEntry
    there = model._default_manager.filter(cve=OuterRef("cve"))
    found = [Subquery(there.values(field)[:1]) for field in fields]
    extra = {f"new_{field}": query for field, query in zip(fields, found, strict=True)} | {"listed": Exists(there)}
    rows = Vulnerability.objects.annotate(**extra).values_list("pk", *COLUMNS[:4], *extra)
    writes: list[Row] = []
    weighed: list[int] = []
    for pk, *values in rows.iterator(5_000):
        before, news = Said(*values[:4]), values[4:]
        if name is Feed.Name.EPSS:
            after = before._replace(epss=news[0], percentile=news[1])
        else:
            after = before._replace(kev=news[1], ransomware=bool(news[0]))
        if after != before:
            writes.append((*after, True, pk))
        if after.weighed != before.weighed:
            weighed.append(pk)
    update(Vulnerability, COLUMNS, writes)
    _make_stale(weighed)
    return len(weighed)


def enrich(vulnerabilities: Sequence[Vulnerability]) -> None:
    """Look up those that were met for the first time, and remember what the feeds say."""
    known = {feed.name for feed in Feed.objects.exclude(published_at=None)}
    by_cve = {v.cve: v for v in vulnerabilities}
    scores: dict[str, EpssScore] = {}
    listed: dict[str, KevEntry] = {}
    for cves in chunks(by_cve):
        if Feed.Name.EPSS in known:
            scores |= EpssScore.objects.in_bulk(cves)
        if Feed.Name.KEV in known:
            listed |= KevEntry.objects.in_bulk(cves)
    for cve, v in by_cve.items():
        score, entry = scores.get(cve), listed.get(cve)
        v.epss, v.epss_percentile = (score.score, score.percentile) if score else (None, None)
        v.kev = entry is not None if Feed.Name.KEV in known else None
        v.ransomware = None if v.kev is None else bool(entry and entry.ransomware)
        v.enriched = True
    rows = [(v.epss, v.epss_percentile, v.kev, v.ransomware, True, v.pk) for v in by_cve.values()]
    update(Vulnerability, COLUMNS, rows)


def _make_stale(vulnerabilities: Iterable[int]) -> None:
    open_states = models.Q(state__in=Issue.OPEN_STATES, stale=False)
    for ids in chunks(vulnerabilities):
        Issue.objects.filter(open_states, vulnerability__in=ids).update(stale=True)
