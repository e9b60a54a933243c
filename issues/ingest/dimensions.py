"""The small tables beside the findings: software, vulnerabilities and issues, looked up or made by batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any

from django.db import connection as database

from connectors.models import Connection, SyncRun
from connectors.sources.records import FindingRecord
from issues.ingest.bulk import chunks, insert
from issues.ingest.memory import IssueKey, Memory
from issues.models import Issue, Software, Vulnerability
from issues.models.software import software_key

CVE_FACTS = ("published_at", "cvss", "cvss_version", "exploit_maturity", "remediation_level", "report_confidence")
facts_of = attrgetter(*CVE_FACTS)


def learn_software(records: Iterable[FindingRecord], memory: Memory) -> None:
    """Every vendor and name of the records gets its primary key into ``memory.software``."""
    unknown = {(r.software_vendor, r.software_name) for r in records} - memory.software.keys()
    if not unknown:
        return
    keys = {pair: software_key(*pair) for pair in unknown}
    found = _by(Software, "key", keys.values())
    missing = [
        Software(key=key, vendor=pair[0][:300], name=pair[1][:1000])
        for pair, key in sorted(keys.items(), key=itemgetter(1))
        if key not in found
    ]
    if missing:
        # Two connections may meet the same product at once: the database decides whose row it is, and
        # the order is the same for both, so that neither waits for the other.
        Software.objects.bulk_create(missing, ignore_conflicts=True)
        found |= _by(Software, "key", [s.key for s in missing])
    memory.software |= {pair: found[key] for pair, key in keys.items()}


def learn_vulnerabilities(records: Iterable[FindingRecord], memory: Memory) -> None:
    """Every CVE gets its primary key into ``memory``; what the source says of it is brought up to date on the way."""
    news = {r.cve: r for r in records if _is_news(r, memory)}
    if not news:
        return
    stored: dict[str, Vulnerability] = {}
    for cves in chunks(news):
        stored |= {v.cve: v for v in Vulnerability.objects.filter(cve__in=cves)}
    changed = [v for v in stored.values() if _take_over(v, news[v.cve])]
    Vulnerability.objects.bulk_update(changed, CVE_FACTS, batch_size=100)
    ids = {cve: v.pk for cve, v in stored.items()}
    missing = [_new_vulnerability(r) for cve, r in sorted(news.items()) if cve not in stored]
    if missing:
        Vulnerability.objects.bulk_create(missing, ignore_conflicts=True)
        ids |= _by(Vulnerability, "cve", [v.cve for v in missing])
    memory.vulnerabilities |= {cve: (ids[cve], facts_of(r)) for cve, r in news.items()}


def _is_news(record: FindingRecord, memory: Memory) -> bool:
    known = memory.vulnerabilities.get(record.cve)
    if known is None:
        return True
    said = facts_of(record)
    return said != known[1] and any(new not in (None, "", old) for new, old in zip(said, known[1], strict=True))


def _new_vulnerability(record: FindingRecord) -> Vulnerability:
    vulnerability = Vulnerability(cve=record.cve)
    _take_over(vulnerability, record)
    return vulnerability


def _take_over(vulnerability: Vulnerability, record: FindingRecord) -> bool:
    """Whether the record says something else; what it leaves out stays as it was."""
    changed = False
    for name in CVE_FACTS:
        said = _fit(name, getattr(record, name))
        if said not in (None, "") and said != getattr(vulnerability, name):
            setattr(vulnerability, name, said)
            changed = True
    return changed


def _fit(name: str, said: Any) -> Any:
    """Cut to what the column holds: a source may send any length."""
    limit = getattr(Vulnerability._meta.get_field(name), "max_length", None)
    return said[:limit] if isinstance(said, str) else said


def _by(model: type[Software] | type[Vulnerability], field: str, values: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in chunks(values):
        found |= dict(model._default_manager.filter(**{f"{field}__in": some}).values_list(field, "pk"))
    return found


def learn_issues(
    connection: Connection, wanted: Mapping[IssueKey, tuple[str, datetime]], run: SyncRun | None, memory: Memory
) -> None:
    """The issues of those keys get into ``memory.issues``; new ones are made, uncounted, with title and first seen."""
    unknown = wanted.keys() - memory.issues.keys()
    if not unknown:
        return
    memory.issues |= _issues(connection, unknown)
    missing = [key for key in unknown if key not in memory.issues]
    if missing:
        insert(Issue, *_new_issues(connection, {key: wanted[key] for key in missing}, run))
        memory.issues |= _issues(connection, missing)


def _new_issues(
    connection: Connection, wanted: Mapping[IssueKey, tuple[str, datetime]], run: SyncRun | None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Columns and rows; what nobody knows before the findings are counted is the model's default."""
    fields = [f for f in Issue._meta.concrete_fields if not f.primary_key]
    blank = {f.name: f.get_db_prep_save(f.get_default(), database) for f in fields}
    rows = [
        tuple(
            (
                blank
                | {
                    "connection": connection.pk,
                    "application": key[0],
                    "vulnerability": key[1],
                    "software": key[2],
                    "title": title,
                    "first_seen": first,
                    "last_seen": first,
                    "created_run": run.pk if run else None,
                }
            ).values()
        )
        for key, (title, first) in wanted.items()
    ]
    return list(blank), rows


def _issues(connection: Connection, keys: Iterable[IssueKey]) -> dict[IssueKey, int]:
    keys = set(keys)
    applications = {key[0] for key in keys}
    found: dict[IssueKey, int] = {}
    for vulnerabilities in chunks({key[1] for key in keys}, 500):
        rows = Issue.objects.filter(
            connection=connection, application__in=applications, vulnerability__in=vulnerabilities
        ).values_list("application_id", "vulnerability_id", "software_id", "pk")
        found |= {row[:3]: row[3] for row in rows if row[:3] in keys}
    return found
