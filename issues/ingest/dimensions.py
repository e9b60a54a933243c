"""The small tables beside the findings: software, vulnerabilities and issues, looked up or made by batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

import orjson
from django.db import connection as database
from django.db.models import Model

from connectors.models import Connection, SyncRun
from connectors.sources.records import Flaw
from issues.ingest.bulk import Row, insert, new_keys, update
from issues.ingest.memory import IssueKey, Memory
from issues.ingest.rows import having, moment
from issues.mapping.keys import among
from issues.models import Issue, Software, Vulnerability
from issues.models.software import software_key

CVE_FACTS = ("published_at", "cvss", "cvss_version", "exploit_maturity", "remediation_level", "report_confidence")
Said = tuple[Any, ...]  # in the order of CVE_FACTS
facts_of = attrgetter(*CVE_FACTS)
UNKNOWN: Said = facts_of(Vulnerability())
LONGEST = {name: getattr(Vulnerability._meta.get_field(name), "max_length", None) for name in CVE_FACTS}
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
    found: dict[str, int] = dict(having(Software, ("key", "id"), "key", keys.values()))
    missing = {key: (key, vendor[:300], name[:1000]) for (vendor, name), key in keys.items() if key not in found}
    found |= _add(Software, ("key", "vendor", "name"), missing)
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
    stored = _stored(news)
    after = {cve: _taken_over(stored[cve][1] if cve in stored else UNKNOWN, said) for cve, said in news.items()}
    changed = [(cve, pk) for cve, (pk, before) in sorted(stored.items()) if after[cve] != before]
    update(Vulnerability, CVE_FACTS, [(*after[cve], pk) for cve, pk in changed])
    ids = {cve: pk for cve, (pk, _) in stored.items()}
    ids |= _add(Vulnerability, ("cve", *CVE_FACTS), {cve: (cve, *after[cve]) for cve in news if cve not in stored})
    known |= {cve: (ids[cve], said) for cve, said in news.items()}


def _stored(cves: Iterable[str]) -> dict[str, tuple[int, Said]]:
    """Primary key and facts of those that exist, in full digits."""
    test, parameter = among(cves)
    with database.cursor() as cursor:
        table = Vulnerability._meta.db_table
        cursor.execute(f'SELECT cve, id, {", ".join(CVE_FACTS)} FROM "{table}" WHERE cve {test}', [parameter])  # noqa: S608
        return {cve: (pk, (moment(at), *rest)) for cve, pk, at, *rest in cursor.fetchall()}


def _add(model: type[Model], columns: Sequence[str], missing: Mapping[str, Row]) -> dict[str, int]:
    """Make the rows, each by its key, which is in the first column: their primary keys.

    Two connections may meet the same product or CVE at once: the database decides whose row it is, and the order is
    the same for both, so that neither waits for the other.
    """
    insert(model, columns, [row for _, row in sorted(missing.items())], ignore_conflicts=True)
    return dict(having(model, (columns[0], "id"), columns[0], missing)) if missing else {}


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


def _taken_over(before: Said, said: Said) -> Said:
    """What the source leaves out stays as it was."""
    return tuple(
        old if new in (None, "") else new[: LONGEST[name]] if isinstance(new, str) else new
        for name, old, new in zip(CVE_FACTS, before, said, strict=True)
    )


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
    """The primary keys of those that exist, each looked up by the index that keeps it the only one."""
    parts = ("application_id", "vulnerability_id", "software_id")
    if database.vendor == "postgresql":
        wanted = f"json_to_recordset(%s) AS wanted ({', '.join(f'{part} bigint' for part in parts)})"
    else:
        extracted = ", ".join(f"json_extract(value, '$.{part}') AS {part}" for part in parts)
        wanted = f"(SELECT {extracted} FROM json_each(%s)) AS wanted"  # noqa: S608
    names = ", ".join(f"issue.{part}" for part in parts)
    same = " AND ".join(f"issue.{part} = wanted.{part}" for part in parts)
    with database.cursor() as cursor:
        cursor.execute(  # SQLite takes a CROSS JOIN as the order to follow
            f'SELECT {names}, issue.id FROM {wanted} CROSS JOIN "{Issue._meta.db_table}" AS issue'  # noqa: S608
            f" WHERE issue.connection_id = %s AND {same}",
            [orjson.dumps([dict(zip(parts, key, strict=True)) for key in keys]).decode(), connection.pk],
        )
        return {row[:3]: row[3] for row in cursor.fetchall()}
