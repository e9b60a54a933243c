"""New weights on stored ledgers: when only the rules changed, no fact of an issue has to be gathered again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import orjson
from django.db import transaction
from django.db.models import F, Min, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from issues.ingest.bulk import Row, chunks, insert, update
from issues.ingest.counts import Cell, Differences
from issues.models import Issue, IssueEvent, RuleSet
from issues.models.issue import IssueQuerySet
from issues.severity.changes import why
from issues.severity.factors import codes_of
from issues.severity.ledger import Entry, Outcome, Scale, is_rated
from issues.severity.levels import Level

Ledger = list[Entry]
BATCH = 3_000  # issues in one transaction
OPEN = frozenset(state.value for state in Issue.OPEN_STATES)
WRITTEN = ("severity", "score", "factors", "rules_version")
EVENT = ("issue", "kind", "at", "before", "after", "note")


class Known(NamedTuple):
    """What is stored of an issue. ``factors`` is its ledger as text."""

    pk: int
    connection_id: int
    application_id: int
    state: str
    severity: int
    vendor_severity: int
    findings: int
    overridden: bool
    stale: bool
    start: float
    score: float
    factor_bits: int
    rules_version: int
    factors: str


class Reweigher:
    """Applies one rule set to every open issue that follows another. Killed anywhere, the next one does the rest."""

    def __init__(self, rules: RuleSet) -> None:
        self._version, self._scale = rules.version, Scale(rules.all_weights)
        first = self._outdated.order_by().aggregate(first=Min("pk"))["first"]
        # Every turn begins where work is left, or it might never get there.
        self._after: int | None = None if first is None else first - 1

    def batch(self) -> bool:
        """Bring some issues up to date; False when none is left."""
        with transaction.atomic():
            rows = self._rows()
            if rows is None:
                return False
            _Written(self._version, timezone.now()).write((row, *self._reweighed(row)) for row in rows)
        return True

    @property
    def is_done(self) -> bool:
        """False when some were passed over, because another worker held them."""
        return not self._outdated.exists()

    @property
    def _outdated(self) -> IssueQuerySet:
        return Issue.objects.filter(state__in=Issue.OPEN_STATES, stale=False).exclude(rules_version=self._version)

    def _rows(self) -> list[Known] | None:
        """What is outdated among the next issues; None past the last one.

        Walked by primary key alone: with a state in the WHERE, SQLite would sort the whole table for every batch.
        """
        if self._after is None:
            return None
        following = Issue.objects.filter(pk__gt=self._after).order_by("pk").select_for_update(skip_locked=True)
        columns: list[F | Cast] = [*(F(name) for name in Known._fields[:-1]), Cast("factors", TextField())]
        rows = [Known(*row) for row in following.values_list(*columns)[:BATCH]]
        if not rows:
            return None
        self._after = rows[-1].pk
        return [row for row in rows if row.state in OPEN and not row.stale and row.rules_version != self._version]

    def _reweighed(self, row: Known) -> tuple[Outcome | None, Ledger, Ledger]:
        """The outcome, the ledger before and the new one; None when a reason is missing that now counts."""
        before: Ledger = orjson.loads(row.factors)
        reasons = {entry["code"]: entry["reason"] for entry in before}
        rated = is_rated(Level(row.vendor_severity), row.start)
        bits = row.factor_bits if rated else 0
        weights = self._scale.weights
        if rated and (not row.rules_version or any(code not in reasons and weights[code] for code in codes_of(bits))):
            return None, before, before
        outcome = self._scale.weigh(row.start, rated, row.factor_bits)
        return outcome, before, self._scale.entries(bits, reasons, outcome)


class _Written:
    """What one batch writes."""

    def __init__(self, version: int, now: datetime) -> None:
        self._version, self._now = version, now
        self._rows: list[Row] = []
        self._events: list[Row] = []
        self._same: list[int] = []
        self._stale: list[int] = []
        self._differences = Differences()

    def write(self, results: Iterable[tuple[Known, Outcome | None, Ledger, Ledger]]) -> None:
        for row, outcome, before, after in results:
            if outcome is None:
                self._stale.append(row.pk)  # zero weighed nothing and gave no reason: gathered again
            elif before == after and outcome.score == row.score:
                self._same.append(row.pk)
            else:
                self._change(row, outcome, before, after)
        update(Issue, WRITTEN, self._rows)
        for ids in chunks(self._same):
            Issue.objects.filter(pk__in=ids).update(rules_version=self._version)
        for ids in chunks(self._stale):
            Issue.objects.filter(pk__in=ids).update(stale=True)
        insert(IssueEvent, EVENT, self._events)
        self._differences.write()

    def _change(self, row: Known, outcome: Outcome, before: Ledger, after: Ledger) -> None:
        severity = row.severity if row.overridden else outcome.level.value
        self._rows.append((severity, outcome.score, orjson.dumps(after).decode(), self._version, row.pk))
        if severity == row.severity:
            return
        cell = Cell(row.connection_id, row.application_id, row.state, row.severity, row.vendor_severity)
        self._differences.add(cell, -1, -row.findings)
        self._differences.add(cell._replace(severity=severity), 1, row.findings)
        note = f"{why(before, after, (row.start, row.start))} {followed(self._version, row.rules_version)}".strip()
        words = str(Level(row.severity).label), str(Level(severity).label), note
        self._events.append((row.pk, IssueEvent.Kind.SEVERITY.value, self._now, *words))


def followed(version: int, before: int) -> str:
    return f"Rule set version {version} followed {before}."
