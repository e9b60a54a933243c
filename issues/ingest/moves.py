"""One batch of families put in order: what leaves is given to the issues of its new application, in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection as database
from django.db.models import F
from django.utils import timezone

from connectors.models import Connection
from issues.decisions.merge import carry_over
from issues.ingest import fixes
from issues.ingest.bulk import Row, chunks, update
from issues.ingest.counts import Cell, Differences
from issues.ingest.dimensions import add_issues
from issues.ingest.drop import drop_issues
from issues.ingest.families import Plan, plan
from issues.ingest.mapping import make_stale
from issues.mapping.keys import among
from issues.models import Application, Endpoint, Finding, Issue, IssueEvent, MappingRevision

Family = tuple[int, int]  # vulnerability, software
Belonging = dict[int, dict[int, list[int]]]  # findings by their issue, then by the application of their endpoint


class Member(NamedTuple):
    """An issue that findings leave or come to, as it was before."""

    pk: int
    connection_id: int
    application_id: int
    vulnerability_id: int
    software_id: int
    title: str
    first_seen: datetime
    state: str
    severity: int
    vendor_severity: int
    findings: int

    @property
    def cell(self) -> Cell:
        return Cell(*(getattr(self, name) for name in Cell._fields))


def move(connection: Connection, families: Collection[Family], leaving: Iterable[int]) -> None:
    """``leaving``: the issues of these families that findings may have to leave. The caller holds the connection."""
    belonging = _belonging(leaving)
    homes = _homes(connection, families)
    batch = _Batch(connection)
    for family, issues in homes.items():
        parts = {pk: {a: len(f) for a, f in belonging[pk].items()} for pk in issues if pk in belonging}
        made = plan(issues, parts)
        if made.ways:
            batch.add(family, made, issues)
    batch.write(belonging)


def _belonging(issues: Iterable[int]) -> Belonging:
    found: Belonging = defaultdict(lambda: defaultdict(list))
    test, keys = among(issues)
    tables = f'"{Finding._meta.db_table}" f JOIN "{Endpoint._meta.db_table}" e ON e.id = f.endpoint_id'
    sql = f"SELECT f.issue_id, e.application_id, f.id FROM {tables} WHERE f.issue_id {test}"  # noqa: S608
    with database.cursor() as cursor:
        cursor.execute(sql, [keys])
        for issue, application, finding in cursor.fetchall():
            found[issue][application].append(finding)
    return found


def _homes(connection: Connection, families: Collection[Family]) -> dict[Family, dict[int, int]]:
    """Of every family the application of each issue there is.

    The connection is not in the WHERE, or SQLite would look for each application by itself.
    """
    found: dict[Family, dict[int, int]] = {family: {} for family in families}
    for some in chunks({vulnerability for vulnerability, _ in families}):
        rows = Issue.objects.filter(vulnerability__in=some).order_by()
        for pk, of, application, vulnerability, software in rows.values_list(
            "pk", "connection_id", "application_id", "vulnerability_id", "software_id"
        ):
            if of == connection.pk and (vulnerability, software) in found:
                found[vulnerability, software][pk] = application
    return found


class _Batch:
    def __init__(self, connection: Connection) -> None:
        self._connection, self._now = connection, timezone.now()
        self._plans: list[tuple[Family, Plan]] = []
        self._involved: set[int] = set()
        self._in_the_way: set[int] = set()

    def add(self, family: Family, made: Plan, homes: dict[int, int]) -> None:
        self._plans.append((family, made))
        self._involved |= {issue for issue, _ in made.ways}
        self._involved |= {made.issue_in[a] for _, a in made.ways if a in made.issue_in}
        wanted = {*made.relocated.values(), *made.made}
        self._in_the_way |= {i for i in (*made.relocated, *made.dropped) if homes[i] in wanted}

    def write(self, belonging: Belonging) -> None:
        self._members = _locked(self._involved)
        self._make_way()
        self._make_issues()
        pairs: set[tuple[int, int]] = set()
        rows: list[Row] = []
        for _, made in self._plans:
            for issue, application in made.given:
                target = made.issue_in[application]
                pairs.add((issue, target))
                rows += [(target, finding) for finding in belonging[issue][application]]
        _give(rows)
        carry_over(pairs)
        dropped = [issue for _, made in self._plans for issue in made.dropped]
        drop_issues(dropped)
        self._relocate()
        make_stale({pk for pair in pairs for pk in pair} - set(dropped))
        self._count(dropped)

    def _make_way(self) -> None:
        """Issues that are about to leave an application where another one is to be: each under a product of its own.

        None with that key exists, nor has it to: references are looked at when the transaction ends.
        """
        update(Issue, ("software",), [(-pk, pk) for pk in sorted(self._in_the_way)])

    def _make_issues(self) -> None:
        """New ones are like the oldest that they are made from, and nobody has counted them yet."""
        wanted = {}
        for family, made in self._plans:
            for application in made.made:
                origins = [self._members[issue] for issue, to in made.ways if to == application]
                oldest = min(origins, key=lambda member: (member.first_seen, member.pk))
                wanted[(application, *family)] = (oldest.title, oldest.first_seen)
        keys = add_issues(self._connection, wanted, None)
        for family, made in self._plans:
            made.issue_in |= {application: keys[(application, *family)] for application in made.made}

    def _relocate(self) -> None:
        moved = [(pk, to) for _, made in self._plans for pk, to in made.relocated.items()]
        rows = [(application, self._members[pk].software_id, True, pk) for pk, application in sorted(moved)]
        update(Issue, ("application", "software", "stale"), rows)
        homes = {self._members[pk].application_id for pk, _ in moved}
        names = dict(Application.objects.filter(pk__in=homes | {to for _, to in moved}).values_list("pk", "name"))
        IssueEvent.objects.bulk_create([self._event(pk, to, names) for pk, to in moved], batch_size=100)

    def _event(self, issue: int, application: int, names: dict[int, str]) -> IssueEvent:
        before, after = names[self._members[issue].application_id], names[application]
        return IssueEvent(
            issue_id=issue, kind=IssueEvent.Kind.MOVED, at=self._now, before=before[:40], after=after[:40],
            note=f"Its endpoints moved from {before} to {after}.",
        )  # fmt: skip

    def _count(self, dropped: Iterable[int]) -> None:
        """What changes at once; the rest when the issues are counted."""
        differences = Differences()
        touched: set[tuple[int, int]] = set()
        for pk in dropped:
            differences.add(self._members[pk].cell, -1, -self._members[pk].findings)
        for (_, software), made in self._plans:
            for pk, application in made.relocated.items():
                member = self._members[pk]
                differences.add(member.cell, -1, -member.findings)
                differences.add(member.cell._replace(application_id=application), 1, member.findings)
            touched |= {(self._members[pk].application_id, software) for pk, _ in made.ways}
            touched |= {(application, software) for _, application in made.ways}
        differences.write()
        fixes.mark(touched)
        ways = sum(len(made.ways) for _, made in self._plans)
        MappingRevision.objects.unfinished().update(moved_issues=F("moved_issues") + ways)


def _locked(issues: Iterable[int]) -> dict[int, Member]:
    """Held by their numbers, as everybody does it: decisions of people are waited for."""
    found: dict[int, Member] = {}
    for some in chunks(sorted(issues)):
        rows = Issue.objects.filter(pk__in=some).order_by("pk").select_for_update(of=("self",))
        found |= {row[0]: Member(*row) for row in rows.values_list(*Member._fields)}
    return found


def _give(rows: Sequence[Row]) -> None:
    """``rows`` of an issue and a finding that becomes its own. On PostgreSQL in one statement, which is much faster."""
    if database.vendor != "postgresql":
        update(Finding, ("issue",), rows)
        return
    table = f'"{Finding._meta.db_table}"'
    pairs = "unnest(%s::bigint[], %s::bigint[]) AS pair (issue, finding)"
    sql = f"UPDATE {table} SET issue_id = pair.issue FROM {pairs} WHERE {table}.id = pair.finding"  # noqa: S608
    with database.cursor() as cursor:
        cursor.execute(sql, [[issue for issue, _ in rows], [finding for _, finding in rows]])
