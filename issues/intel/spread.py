"""From the feeds to the vulnerabilities that were met here, and on to the issues whose factors may change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Exists, OuterRef, Subquery

from issues.ingest.bulk import ANY, chunks, update
from issues.ingest.rows import moment, read
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


class CveFacts(NamedTuple):
    """What severity factors ask of a CVE; booleans as the database stores them."""

    pk: int
    cve: str
    epss: float | None
    percentile: float | None
    kev: bool | None
    ransomware: bool | None
    enriched: bool
    exploit_maturity: str
    remediation_level: str
    report_confidence: str
    published: Any  # a date


FACTS = f"""
    SELECT
        id AS pk, cve, epss, epss_percentile AS percentile, kev, ransomware, enriched,
        exploit_maturity, remediation_level, report_confidence, published_at AS published
    FROM "{Vulnerability._meta.db_table}" WHERE id {ANY}
"""  # noqa: S608


def facts_of_cves(keys: Iterable[int]) -> dict[int, CveFacts]:
    """By primary key; those that were met for the first time are looked up in the feeds, and that is remembered."""
    rows = read(CveFacts, FACTS, list(keys))
    found = {row.pk: row._replace(published=_day(moment(row.published))) for row in rows}
    new = {known.cve: known for known in found.values() if not known.enriched}
    return found | {known.pk: known for known in _enriched(new)} if new else found


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(UTC).date() if moment else None


def _enriched(new: dict[str, CveFacts]) -> list[CveFacts]:
    known = {feed.name for feed in Feed.objects.exclude(published_at=None)}
    scores: dict[str, EpssScore] = {}
    listed: dict[str, KevEntry] = {}
    for cves in chunks(new):
        if Feed.Name.EPSS in known:
            scores |= EpssScore.objects.in_bulk(cves)
        if Feed.Name.KEV in known:
            listed |= KevEntry.objects.in_bulk(cves)
    found = []
    for cve, facts in new.items():
        score, entry = scores.get(cve), listed.get(cve)
        kev = entry is not None if Feed.Name.KEV in known else None
        found.append(
            facts._replace(
                epss=score.score if score else None,
                percentile=score.percentile if score else None,
                kev=kev,
                ransomware=None if kev is None else bool(entry and entry.ransomware),
                enriched=True,
            )
        )
    update(Vulnerability, COLUMNS, [(f.epss, f.percentile, f.kev, f.ransomware, True, f.pk) for f in found])
    return found


def _make_stale(vulnerabilities: Iterable[int]) -> None:
    open_states = models.Q(state__in=Issue.OPEN_STATES, stale=False)
    for ids in chunks(vulnerabilities):
        Issue.objects.filter(open_states, vulnerability__in=ids).update(stale=True)
