"""The table of counts, kept by differences as issues change."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Sum

from issues.ingest.bulk import chunks, execute
from issues.models import Issue, IssueCount


class Cell(NamedTuple):
    connection_id: int
    application_id: int
    state: str | None
    severity: int
    vendor_severity: int


class Differences:
    """Collects what moves between cells, then writes it in one statement for hundreds of them."""

    def __init__(self) -> None:
        self._cells: dict[Cell, list[int]] = defaultdict(lambda: [0, 0])

    def add(self, cell: Cell, issues: int, findings: int) -> None:
        if cell.state is not None:  # nobody sees those, nobody counts them
            self._cells[cell][0] += issues
            self._cells[cell][1] += findings

    def write(self) -> None:
        rows: list[Any] = [(*cell, *numbers) for cell, numbers in sorted(self._cells.items()) if any(numbers)]
        table, columns = IssueCount._meta.db_table, (*Cell._fields, "issues", "findings")
        marks = f"({', '.join(['%s'] * len(columns))})"
        for some in chunks(rows):
            execute(
                f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES {", ".join([marks] * len(some))}'  # noqa: S608
                f" ON CONFLICT ({', '.join(Cell._fields)}) DO UPDATE SET"
                f' issues = "{table}".issues + excluded.issues, findings = "{table}".findings + excluded.findings',
                *chain.from_iterable(some),
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
