"""The table of counts, kept by differences as issues change."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Count, Sum

from issues.models import Issue, IssueCount


class Cell(NamedTuple):
    connection_id: int
    application_id: int
    state: str | None
    severity: int
    vendor_severity: int


class Differences:
    """Collects what moves between cells, then writes it in one statement."""

    def __init__(self) -> None:
        self._cells: dict[Cell, list[int]] = defaultdict(lambda: [0, 0])

    def add(self, cell: Cell, issues: int, findings: int) -> None:
        if cell.state is not None:  # nobody sees those, nobody counts them
            self._cells[cell][0] += issues
            self._cells[cell][1] += findings

    def write(self) -> None:
        rows: list[Any] = [(*cell, *numbers) for cell, numbers in sorted(self._cells.items()) if any(numbers)]
        if not rows:
            return
        table = IssueCount._meta.db_table
        with connection.cursor() as cursor:
            cursor.executemany(
                f'INSERT INTO "{table}" ({", ".join(Cell._fields)}, issues, findings)'  # noqa: S608
                " VALUES (%s, %s, %s, %s, %s, %s, %s)"
                " ON CONFLICT (connection_id, application_id, state, severity, vendor_severity) DO UPDATE SET"
                f' issues = "{table}".issues + excluded.issues, findings = "{table}".findings + excluded.findings',
                rows,
            )


def true_counts() -> dict[Cell, tuple[int, int]]:
    """What the table should say, counted from the issues themselves."""
    rows = (
        Issue.objects.counted()
        .order_by()
        .values_list(*Cell._fields)
        .annotate(issues=Count("pk"), total=Sum("findings"))
    )
    return {Cell(*row[:5]): (row[5], row[6]) for row in rows}


def rebuild() -> None:
    """Make the table true from scratch."""
    with transaction.atomic():
        IssueCount.objects.all().delete()
        IssueCount.objects.bulk_create(
            IssueCount(**cell._asdict(), issues=issues, findings=findings)
            for cell, (issues, findings) in true_counts().items()
        )
