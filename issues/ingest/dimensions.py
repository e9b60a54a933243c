"""The small tables beside the findings: software, vulnerabilities and issues, looked up or made by batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any

from django.db import connection as database

from connectors.models import Connection, SyncRun
from connectors.sources.records import Flaw
from issues.ingest.bulk import chunks, insert, new_keys, update
from issues.ingest.memory import IssueKey, Memory
from issues.mapping.keys import among
from issues.models import Issue, Software, Vulnerability
from issues.models.software import software_key

CVE_FACTS = ("published_at", "cvss", "cvss_version", "exploit_maturity", "remediation_level", "report_confidence")
Said = tuple[Any, ...]  # in the order of CVE_FACTS
facts_of = attrgetter(*CVE_FACTS)
FROM_BEST = {
    "exploit_maturity": ("unproven", "proof of concept", "functional", "high"),
    "remediation_level": ("official fix", "temporary fix", "workaround", "unavailable"),
    "report_confidence": ("unknown", "reasonable", "confirmed"),
}


def learn_flaws(flaws: Iterable[Flaw], memory: Memory) -> None:
    """The primary keys of CVE and software of each flaw get into ``memory.flaws``; missing rows are made."""
    # In their order, for of two that disagree about a CVE the first may count.
    unknown = [flaw for flaw in dict.fromkeys(flaws) if flaw not in memory.flaws]
    learn_software(unknown, memory)
    learn_vulnerabilities(unknown, memory)
    cves, software = memory.vulnerabilities, memory.software
    memory.flaws |= {f: (cves[f.cve][0], software[(f.software_vendor, f.software_name)]) for f in unknown}


def learn_software(flaws: Iterable[Flaw], memory: Memory) -> None:
    """Every vendor and name gets its primary key into ``memory.software``."""
    unknown = {(f.software_vendor, f.software_name) for f in flaws} - memory.software.keys()
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


def learn_vulnerabilities(flaws: Iterable[Flaw], memory: Memory) -> None:
    """Every CVE gets its primary key into ``memory``; what the source says of it is brought up to date on the way."""
    news: dict[str, Said] = {}
    known = memory.vulnerabilities
    for flaw in flaws:
        said, before = facts_of(flaw), known.get(flaw.cve)
        if before is None or before[1] != said:
            old = news.get(flaw.cve) or (before[1] if before else None)
            if old is None or (said := worse(old, said)) != old:
                news[flaw.cve] = said
    if not news:
        return
    stored: dict[str, Vulnerability] = {}
    for cves in chunks(news):
        stored |= {v.cve: v for v in Vulnerability.objects.filter(cve__in=cves)}
    changed = [v for v in stored.values() if _take_over(v, news[v.cve])]
    update(Vulnerability, CVE_FACTS, [(*facts_of(v), v.pk) for v in changed])
    ids = {cve: v.pk for cve, v in stored.items()}
    missing = [_new_vulnerability(cve, said) for cve, said in sorted(news.items()) if cve not in stored]
    if missing:
        Vulnerability.objects.bulk_create(missing, ignore_conflicts=True)
        ids |= _by(Vulnerability, "cve", [v.cve for v in missing])
    known |= {cve: (ids[cve], said) for cve, said in news.items()}


def worse(old: Said, new: Said) -> Said:
    """Rows of one CVE may disagree, for one product has a fix and another none: the worse word counts.

    Without this the last row would win, and each import might end otherwise.
    """
    return tuple(
        a if b in (None, "") or (a not in (None, "") and _rank(name, a) >= _rank(name, b)) else b
        for name, a, b in zip(CVE_FACTS, old, new, strict=True)
    )


def _rank(name: str, said: Any) -> int:
    """How bad a word is. What has no order is as bad as anything else: what was said first stays."""
    words = FROM_BEST.get(name)
    return words.index(said.lower()) if words and said.lower() in words else 0


def _new_vulnerability(cve: str, said: Said) -> Vulnerability:
    vulnerability = Vulnerability(cve=cve)
    _take_over(vulnerability, said)
    return vulnerability


def _take_over(vulnerability: Vulnerability, facts: Said) -> bool:
    """Whether the source says something else; what it leaves out stays as it was."""
    changed = False
    for name, value in zip(CVE_FACTS, facts, strict=True):
        said = _fit(name, value)
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


def title_of(flaw: Flaw) -> str:
    return f"{flaw.cve} · {flaw.software_name}"[:400]


def learn_issues(
    connection: Connection, wanted: Mapping[IssueKey, tuple[str, datetime]], run: SyncRun | None, memory: Memory
) -> None:
    """The issues of those keys get into ``memory.issues``; new ones are made, uncounted, with title and first seen."""
    unknown = wanted.keys() - memory.issues.keys()
    if not unknown:
        return
    memory.issues |= _issues(connection, unknown)
    missing = {key: wanted[key] for key in unknown if key not in memory.issues}
    made = add_issues(connection, missing, run)
    memory.issues |= made
    memory.stale.update(made.values())  # a new issue is made to be counted


def forget_moved(memory: Memory, keys: Iterable[IssueKey]) -> None:
    """What is remembered may have been put into another application since, or dropped."""
    remembered = {memory.issues[key]: key for key in keys if key in memory.issues}
    test, parameter = among(remembered)
    with database.cursor() as cursor:
        table = Issue._meta.db_table
        cursor.execute(f'SELECT id, application_id FROM "{table}" WHERE id {test}', [parameter])  # noqa: S608
        there = dict(cursor.fetchall())
    for pk, key in remembered.items():
        if there.get(pk) != key[0]:
            del memory.issues[key]


def add_issues(
    connection: Connection, wanted: Mapping[IssueKey, tuple[str, datetime]], run: SyncRun | None
) -> dict[IssueKey, int]:
    """Make issues that don't exist, uncounted: their primary keys. ``wanted`` has title and first seen."""
    if not wanted:
        return {}
    made = dict(zip(wanted, new_keys(Issue, len(wanted)), strict=True))
    insert(Issue, *_new_issues(connection, made, wanted, run))
    return made


def _new_issues(
    connection: Connection,
    made: Mapping[IssueKey, int],
    wanted: Mapping[IssueKey, tuple[str, datetime]],
    run: SyncRun | None,
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Columns and rows; what nobody knows before the findings are counted is the model's default."""
    known = ("id", "application", "vulnerability", "software", "title", "first_seen", "last_seen")
    same = {"connection": connection.pk, "created_run": run.pk if run else None}
    blank = {
        f.name: same.get(f.name, f.get_db_prep_save(f.get_default(), database))
        for f in Issue._meta.concrete_fields
        if f.name not in known
    }
    rest = tuple(blank.values())
    rows = []
    for key, pk in made.items():
        title, first = wanted[key]
        rows.append((pk, *key, title, first, first, *rest))
    return [*known, *blank], rows


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
