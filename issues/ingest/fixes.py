"""What updating a software product in an application would close: kept beside the issues, counted in the background.

Two kinds of numbers, kept in two ways. What the issues themselves say (how many, how severe, risk) is added up from
all of them in one query and compared with what is stored, so that nobody has to announce a change. Distinct endpoints
and the highest version are in the findings; they are counted again only for rows that were marked as stale: by whoever
counted an issue of theirs or changed its state, and by the comparison.

Killed anywhere, the next call does the rest: a row stays stale until its numbers are stored.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Max, Sum

from issues.ingest.bulk import chunks
from issues.models import Finding, Fix, Issue, Vulnerability
from issues.severity.levels import Level
from issues.severity.risk import POINTS
from issues.versions import newest

Pair = tuple[int, int]  # application, software
Row = tuple[Any, ...]
Found = tuple[int, int, str]  # issue, endpoint and version of a finding
ROWS = 2_000  # written in one transaction
READ = 20_000  # findings read for one batch
AT_ONCE = 100_000  # rows counted between two looks at the issues: their endpoints have to fit into memory
FEW = 500  # rows of one batch
MANY = 6  # from a sixth of all findings on it is faster to read every one
TABLE = f'"{Fix._meta.db_table}"'
SUMS = ("issues", "findings", "exploited", "critical", "high", "medium", "low", "risk")
ISSUES, FINDINGS, EXPLOITED, RISK = (SUMS.index(name) for name in ("issues", "findings", "exploited", "risk"))
BY_LEVEL = {level.value: SUMS.index(level.word) for level in Level if level.word in SUMS}
WORTH = {level.value: points for level, points in POINTS.items()}


class Stale(NamedTuple):
    """A row to be counted, as it was marked when it was looked at."""

    pk: int
    application_id: int
    software_id: int
    findings: int
    marks: int


def mark(pairs: Iterable[Pair]) -> None:
    """Have these counted again; inside the transaction that changed their issues or findings.

    A pair that has no row yet gets one from ``reconcile``, which finds it without a mark.
    """
    marked = [(True, *pair) for pair in sorted(set(pairs))]  # in one order: two workers never wait for each other
    _write(f"UPDATE {TABLE} SET stale = %s, marks = marks + 1 WHERE application_id = %s AND software_id = %s", marked)  # noqa: S608


def is_due() -> bool:
    """Whether rows wait to be counted."""
    return Fix.objects.filter(stale=True).exists()


def settle() -> None:
    """Make every row true, however long it takes."""
    reconcile()
    count(lambda: True)


def reconcile() -> None:
    """Compare what is stored with what the active issues say, and write what differs."""
    rows = Fix.objects.values_list("application_id", "software_id", "pk", *SUMS)
    stored: dict[Pair, tuple[int, tuple[int, ...]]] = {
        tuple(row[:2]): (row[2], row[3:]) for row in rows.iterator(5_000)
    }
    new: list[Row] = []
    moved: list[Row] = []
    weighed: list[Row] = []
    for pair, (endpoints, *sums) in _sums().items():
        pk, before = stored.pop(pair, (None, ()))
        if pk is None:
            new.append((*pair, *sums, endpoints, "", True))
        elif before[:EXPLOITED] != tuple(sums[:EXPLOITED]):
            moved.append((*sums, pk))
        elif before != tuple(sums):
            weighed.append((*sums, pk))
    columns = ", ".join(SUMS)
    values = ", ".join(f"{name} = %s" for name in SUMS)
    marks = ", ".join(["%s"] * (len(SUMS) + 5))
    _write(
        f"INSERT INTO {TABLE} (application_id, software_id, {columns}, endpoints, newest, stale)"  # noqa: S608
        f" VALUES ({marks}) ON CONFLICT (application_id, software_id) DO NOTHING",
        sorted(new),
    )
    _write(f"UPDATE {TABLE} SET {values}, stale = true, marks = marks + 1 WHERE id = %s", moved)  # noqa: S608
    _write(f"UPDATE {TABLE} SET {values} WHERE id = %s", weighed)  # noqa: S608
    for some in chunks(pk for pk, _ in stored.values()):
        Fix.objects.filter(pk__in=some).delete()


def _sums() -> dict[Pair, list[int]]:
    """Of every pair with active issues: the most endpoints of one issue, then ``SUMS``."""
    sums: dict[Pair, list[int]] = defaultdict(lambda: [0] * (len(SUMS) + 1))
    exploited = set(Vulnerability.objects.filter(kev=True).order_by().values_list("pk", flat=True))
    rows = Issue.objects.filter(state=Issue.State.ACTIVE).order_by()
    for application, software, vulnerability, severity, findings, endpoints in rows.values_list(
        "application_id", "software_id", "vulnerability_id", "severity", "findings", "endpoints"
    ).iterator(5_000):
        row = sums[application, software]
        row[0] = max(row[0], endpoints)
        row[1 + ISSUES] += 1
        row[1 + FINDINGS] += findings
        row[1 + EXPLOITED] += vulnerability in exploited
        row[1 + RISK] += findings * WORTH[severity]
        if severity in BY_LEVEL:
            row[1 + BY_LEVEL[severity]] += 1
    return sums


def count(go_on: Callable[[], bool]) -> bool:
    """Count the rows that are stale. ``go_on`` is asked after each batch; False when it said no and there is more."""
    whole = Fix.objects.aggregate(whole=Sum("findings", default=0))["whole"]
    while stale := _stale():
        every = sum(row.findings for row in stale) * MANY > whole
        for batch in [stale] if every else _batches(stale):
            _count(batch, every)
            if not go_on():
                return not is_due()
    return True


def _stale() -> list[Stale]:
    rows = Fix.objects.filter(stale=True).order_by("pk").values_list(*Stale._fields)
    return [Stale(*row) for row in rows[:AT_ONCE]]


def _batches(stale: Iterable[Stale]) -> Iterator[list[Stale]]:
    """So many that not too many findings have to be read; one row may have more than that by itself."""
    batch: list[Stale] = []
    size = 0
    for row in stale:
        if batch and (size + row.findings > READ or len(batch) == FEW):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += row.findings
    if batch:
        yield batch


def _count(batch: Sequence[Stale], every: bool) -> None:
    """Count outside any transaction, then write in short ones, but for rows that were marked meanwhile.

    The issues are looked up after the marks were, so that what changes later shows in the marks.
    """
    issues = _issues(batch, every)
    versions_of: dict[int, set[str]] = defaultdict(set)
    endpoints: Counter[int] = Counter()
    known: dict[int, str] = {}  # the version last met, by row of the batch and endpoint in one number
    for issue, endpoint, version in _all_findings() if every else _findings_of(issues):
        row = issues.get(issue)
        if row is None or known.get(place := row << 40 | endpoint) == version:
            continue  # most findings tell of another CVE in the same installation
        endpoints[row] += place not in known
        known[place] = version
        versions_of[row].add(version)
    _write(
        f"UPDATE {TABLE} SET endpoints = %s, newest = %s, stale = %s WHERE id = %s AND marks = %s",  # noqa: S608
        [(endpoints[n], newest(versions_of[n]), False, row.pk, row.marks) for n, row in enumerate(batch)],
    )


def _issues(batch: Sequence[Stale], every: bool) -> dict[int, int]:
    """The active issues of the rows, each with the place of its row in the batch."""
    places = {(row.application_id, row.software_id): n for n, row in enumerate(batch)}
    issues = Issue.objects.filter(state=Issue.State.ACTIVE).order_by()
    if not every:
        applications, software = (set(keys) for keys in zip(*places, strict=True))
        issues = issues.filter(application__in=applications, software__in=software)
    rows = issues.values_list("pk", "application_id", "software_id").iterator(5_000)
    return {pk: places[pair] for pk, *key in rows if (pair := tuple(key)) in places}


def _findings_of(issues: Iterable[int]) -> Iterator[Found]:
    for some in chunks(issues):
        found = Finding.objects.active().filter(issue__in=some).order_by()
        yield from found.values_list("issue_id", "endpoint_id", "version")


def _all_findings() -> Iterator[Found]:
    """Every active one, as they lie on the disk: for many issues that is several times faster than one by one."""
    last = Finding.objects.aggregate(last=Max("pk", default=0))["last"]
    sql = (
        f'SELECT issue_id, endpoint_id, version FROM "{Finding._meta.db_table}"'  # noqa: S608
        " WHERE id >= %s AND id < %s AND state = %s"
    )
    with connection.cursor() as cursor:
        for first in range(0, last + 1, READ):
            cursor.execute(sql, [first, first + READ, Finding.State.ACTIVE.value])
            yield from cursor.fetchall()


def _write(sql: str, rows: Collection[Row]) -> None:
    for some in chunks(rows, ROWS):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(sql, some)
