"""More issues than the simulated tenant has: those that were imported, again under other software."""

from __future__ import annotations

from itertools import count, islice

from django.db import transaction

from connectors.models import Connection
from issues.ingest.bulk import insert, new_keys
from issues.ingest.dimensions import learn_issues
from issues.ingest.memory import IssueKey, Memory
from issues.models import Finding, Issue, Software
from issues.models.software import software_key

COPIED = ("endpoint", "version", "vendor_severity", "cvss", "risk_score", "false_positive", "detected_at", "first_seen")
VENDOR = "Bench"


def fill(issues: int) -> None:
    """Until there are so many, each with one finding; they are stale and wait to be counted."""
    connection = Connection.objects.live().get()
    for number in count(1):
        missing = issues - Issue.objects.count()
        if missing <= 0:
            return
        with transaction.atomic():
            _copy(connection, _software(number), missing)


def _software(number: int) -> Software:
    name = f"Product {number}"
    return Software.objects.create(key=software_key(VENDOR, name), vendor=VENDOR, name=name)


def _copy(connection: Connection, software: Software, most: int) -> None:
    """One finding of every imported issue, as if ``software`` had it too."""
    imported = Finding.objects.active().filter(connection=connection).exclude(issue__software__vendor=VENDOR)
    names = ("issue__application", "issue__vulnerability", "issue__title", *COPIED)
    first_of_each = {row[:2]: row for row in imported.order_by("-pk").values_list(*names).iterator()}
    rows = {(*key, software.pk): row for key, row in islice(first_of_each.items(), most)}
    wanted = {key: (f"{row[2].partition(' · ')[0]} · {software.name}", row[-1]) for key, row in rows.items()}
    memory = Memory()
    learn_issues(connection, wanted, None, memory)
    _insert(connection, rows, memory.issues)


def _insert(connection: Connection, rows: dict[IssueKey, tuple[object, ...]], issues: dict[IssueKey, int]) -> None:
    keys = new_keys(Finding, len(rows))
    same = (connection.pk, "", "{}", Finding.State.ACTIVE.value, None, None, "")
    columns = ("connection", "fingerprint", "evidence", "state", "last_seen", "resolved_at", "resolved_reason")
    insert(
        Finding,
        ("id", "external_id", "issue", *COPIED, *columns),
        [(pk, f"bench-{pk}", issues[key], *row[3:], *same) for pk, (key, row) in zip(keys, rows.items(), strict=True)],
    )
