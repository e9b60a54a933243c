"""Some issues in one short transaction: what is decided about them, and everything that follows from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from connectors.sync.breath import Breath
from issues.ingest import fixes
from issues.ingest.bulk import chunks, insert, update
from issues.ingest.counts import Cell, Differences
from issues.models import Decision, Finding, Issue, IssueEvent
from issues.models.issue import IssueQuerySet
from issues.severity.levels import Level

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SIZE = 300  # issues of one transaction: a fifth of a second, and then others get at SQLite's lock
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
WRITTEN = ("state", "state_reason", "decision", "owner", "overridden", "severity")
READ = ("connection", "application", "software", "vendor_severity", "start", "score", "findings", "title", *WRITTEN)


class Done(NamedTuple):
    """How many issues were changed, and the moment that all of it carries; ``issues.decisions.undo`` takes it."""

    issues: int
    at: datetime

    @property
    def token(self) -> int:
        """The moment as a number of microseconds, for an address."""
        return (self.at - EPOCH) // timedelta(microseconds=1)


def moment_of(token: int) -> datetime:
    """``OverflowError`` for a number that is no moment."""
    return EPOCH + timedelta(microseconds=token)


class Batch:
    """Locked issues, what is in force on them, and what is about to be written."""

    def __init__(self, issues: Sequence[Issue], user: User | None, now: datetime) -> None:
        self.issues, self.now, self._user = issues, now, user
        self._before = {issue.pk: _values(issue) for issue in issues}
        self._cells = {issue.pk: _cell(issue) for issue in issues}
        self.in_force: dict[int, dict[str, Decision]] = defaultdict(dict)  # by issue and slot
        found = Decision.objects.in_force().filter(issue__in=[issue.pk for issue in issues])
        for decision in found.exclude(kind=Decision.Kind.COMMENT).order_by("at", "pk"):
            self.in_force[decision.issue_id][decision.slot] = decision
        self._made: list[Decision] = []
        self._ended: list[tuple[Any, ...]] = []
        self._events: list[tuple[Any, ...]] = []

    def make(self, issue: Issue, decision: Decision) -> None:
        """Put it in force in place of what was there; ``decision`` is as yet nobody's."""
        decision.issue_id, decision.user_id, decision.at = issue.pk, self._user_id, self.now
        if decision.slot:
            self.end(issue, decision.slot, "Replaced")
            self.in_force[issue.pk][decision.slot] = decision
        self._made.append(decision)

    def end(self, issue: Issue, slot: str, reason: str) -> Decision | None:
        """End what is in force in that slot; None when nothing is."""
        decision = self.in_force[issue.pk].get(slot)
        if decision is not None:
            self.end_this(decision, reason)
        return decision

    def end_this(self, decision: Decision, reason: str) -> None:
        """End one that is in force, a comment for example."""
        held = self.in_force[decision.issue_id]
        if decision.slot in held and held[decision.slot].pk == decision.pk:
            del held[decision.slot]
        self._ended.append((self.now, self._user_id, reason, decision.pk))

    def reinstate(self, decision: Decision) -> None:
        """Put one in force again that had been ended, unless another one has taken its place."""
        held = self.in_force[decision.issue_id]
        if decision.slot not in held:
            if decision.slot:
                held[decision.slot] = decision
            self._ended.append((None, None, "", decision.pk))

    def tell(
        self, issue: Issue, kind: IssueEvent.Kind, before: str | None = "", after: str | None = "", note: str = ""
    ) -> None:
        told = ((before or "")[:40], (after or "")[:40], note)
        self._events.append((issue.pk, kind.value, self.now, self._user_id, *told))

    def settle_states(self) -> None:
        """Excluded while an excluding decision is in force, for issues that are found at all."""
        real, words = self._really_found(), lru_cache(_in_words)
        for issue in self.issues:
            decision = self.in_force[issue.pk].get(Decision.EXCLUSION)
            issue.decision = decision.kind if decision else ""
            if issue.state not in Issue.OPEN_STATES:
                continue  # over: the decision counts when it comes back
            if decision is not None:
                issue.state, issue.state_reason = (
                    Issue.State.EXCLUDED,
                    words(decision.kind, decision.reason, decision.until),
                )
            elif issue.pk in real:
                issue.state, issue.state_reason = Issue.State.ACTIVE, ""
            else:
                issue.state, issue.state_reason = Issue.State.EXCLUDED, Issue.FALSE_AT_SOURCE

    def _really_found(self) -> set[int]:
        """Those with an active finding that the source itself doesn't call a false positive."""
        real = Finding.objects.active().filter(issue=OuterRef("pk"), false_positive=False)
        freed = [issue.pk for issue in self.issues if Decision.EXCLUSION not in self.in_force[issue.pk]]
        return set(Issue.objects.filter(Exists(real), pk__in=freed).values_list("pk", flat=True)) if freed else set()

    def write(self) -> None:
        update(Decision, ("ended_at", "ended_by", "ended_reason"), self._ended)
        columns = ("kind", "value", "reason", "until", "at")
        rows = [(d.issue_id, d.user_id, "", *(getattr(d, name) for name in columns)) for d in self._made]
        insert(Decision, ("issue", "user", "ended_reason", *columns), rows)
        insert(IssueEvent, ("issue", "kind", "at", "user", "before", "after", "note"), self._events)
        self._write_issues()

    def _write_issues(self) -> None:
        differences, rows, fixed = Differences(), [], set()
        for issue in self.issues:
            values, before = _values(issue), self._cells[issue.pk]
            if values == self._before[issue.pk]:
                continue
            rows.append((*values, issue.pk))
            differences.add(before, -1, -issue.findings)
            differences.add(_cell(issue), 1, issue.findings)
            if issue.state != before.state:  # severities alone are found out without a mark
                fixed.add((issue.application_id, issue.software_id))
        update(Issue, WRITTEN, rows)
        differences.write()
        fixes.mark(fixed)

    @property
    def _user_id(self) -> int | None:
        return self._user.pk if self._user else None


def in_batches(
    issues: IssueQuerySet, user: User | None, decide: Callable[[Batch], None], now: datetime | None = None
) -> Done:
    """Decide about all of them, some in each transaction. The caller has made sure that the user may, and sees them."""
    return over_keys(issues.order_by("pk").values_list("pk", flat=True), user, decide, now)


def over_keys(
    keys: Iterable[int],
    user: User | None,
    decide: Callable[[Batch], None],
    now: datetime | None = None,
    breath: Breath | None = None,
) -> Done:
    """The same for issues by primary key, however many. ``breath`` is taken between the transactions."""
    now, keys, breath = now or timezone.now(), sorted(keys), breath or Breath()
    for some in chunks(keys, SIZE):
        breath.take()
        in_one_go(some, user, decide, now)
    return Done(len(keys), now)


@transaction.atomic
def in_one_go(keys: Iterable[int], user: User | None, decide: Callable[[Batch], None], now: datetime) -> None:
    locked = Issue.objects.select_for_update(of=("self",)).filter(pk__in=keys).only(*READ).order_by("pk")
    batch = Batch(list(locked), user, now)
    decide(batch)
    batch.write()


def _values(issue: Issue) -> list[Any]:
    return [getattr(issue, "owner_id" if name == "owner" else name) for name in WRITTEN]


def _cell(issue: Issue) -> Cell:
    return Cell(issue.connection_id, issue.application_id, issue.state, issue.severity, issue.vendor_severity)


def _in_words(kind: str, reason: str, until: datetime | None) -> str:
    return Decision(kind=kind, reason=reason, until=until).in_words[:200]


def label(severity: int) -> str:
    return str(Level(severity).label)
