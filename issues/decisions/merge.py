"""Decisions, comments, owner and history go along when the findings of an issue move to another one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from issues.decisions.strict import Member, Outcome, settle
from issues.ingest.bulk import chunks, insert, update
from issues.models import Decision, Issue, IssueEvent
from issues.severity.levels import Level

LONG_AGO = datetime.min.replace(tzinfo=UTC)
SAME_MOVE = timedelta(days=1)  # the batches of one remapping are one move in the history
MADE = ("kind", "value", "reason", "until", "user_id", "at")
ENDED = ("ended_at", "ended_by_id", "ended_reason")
TOLD = ("kind", "at", "run_id", "user_id", "before", "after", "note")
OWNER = "owner"  # a word in ``after`` of a merge that brought the owner along; the other is a severity by factors
WRITTEN = ("decision", "state_reason", "owner", "overridden", "created_run", "stale")


class Happened(NamedTuple):
    """An event of an issue without its issue."""

    kind: str
    at: datetime
    run_id: int | None
    user_id: int | None
    before: str
    after: str
    note: str


def carry_over(pairs: Collection[tuple[int, int]]) -> None:
    """Bring what people decided from old issues to new ones: each pair is (old issue, new issue), by primary key.

    Called inside the transaction that gave all or some findings of the old issue to the new one, before the old one
    is dropped. Decisions, comments and events are copied; what an old issue without findings still has goes when it
    is dropped. Nothing that came along before comes again, so the same pair may come in many batches. The new issues
    become stale, and counting them settles state and severity. A few queries for each 900 issues.

    Where decisions differ the stricter stays in force. The other is kept in the history, ended with a reason that
    begins with "Merged":

    - In the queue is stricter than excluded. An issue made just now takes the exclusions of those it is made from;
      one that people saw in the queue stays there, and so does what is merged with it.
    - Of two exclusions the one that ends soonest stays; among equals snoozed, then accepted risk, then false positive.
    - Of two severities set by hand the higher stays. None stays that is lower than an issue had by factors.
    - The owner of the new issue stays. If it had none, the owner chosen last for one of the old ones comes along.
    """
    wanted = {(old, new) for old, new in pairs if old != new}
    known = _Known({pk for pair in wanted for pk in pair})
    sources: dict[int, list[int]] = defaultdict(list)
    for old, new in sorted(wanted):
        if old in known.issues and new in known.issues:
            sources[new].append(old)
    written = _Written(known)
    for new, olds in sources.items():
        written.merge(new, olds)
    written.write()


class _Known:
    """How the issues stood before: every pair is settled from this, so that no pair sees what another one did."""

    def __init__(self, keys: Iterable[int]) -> None:
        self.issues: dict[int, Issue] = {}
        self.decisions: dict[int, list[Decision]] = defaultdict(list)
        self.events: dict[int, list[Happened]] = defaultdict(list)
        for some in chunks(sorted(keys)):
            rows = Issue.objects.filter(pk__in=some).select_related("application").defer("factors").order_by("pk")
            self.issues |= {issue.pk: issue for issue in rows.select_for_update(of=("self",))}
            for decision in Decision.objects.filter(issue__in=some).order_by("at", "pk"):
                self.decisions[decision.issue_id].append(decision)
            told = IssueEvent.objects.filter(issue__in=some).order_by("at", "pk")
            for issue, *row in told.values_list("issue_id", *TOLD):
                self.events[issue].append(Happened(*row))

    def member(self, pk: int) -> Member:
        issue, in_force = self.issues[pk], [d for d in self.decisions[pk] if d.ended_at is None]
        merges = [event for event in self.events[pk] if event.kind == IssueEvent.Kind.MERGED]
        excluded = any(d.kind in Decision.EXCLUDING for d in in_force)
        owned_since = max((d.at for d in in_force if d.kind == Decision.Kind.OWNER), default=LONG_AGO)
        return Member(
            listed=not excluded and _is_listed(issue, merges),
            severity=_by_factors(issue, merges),
            in_force=in_force,
            owner=issue.owner_id,
            owner_came_along=any(OWNER in event.after.split() and event.at >= owned_since for event in merges),
        )


def _is_listed(issue: Issue, merges: Collection[Happened]) -> bool:
    """Whether people see it in the queue, or would, as soon as it is counted."""
    if issue.state is None and not merges:
        return issue.created_run_id is not None  # made by an import; a move makes one that is nothing by itself
    since = issue.resolved_at or LONG_AGO
    joined = any(event.before == Issue.State.ACTIVE and event.at > since for event in merges)
    return issue.state == Issue.State.ACTIVE or joined


def _by_factors(issue: Issue, merges: Collection[Happened]) -> int:
    """The highest of its own while it is found, and of what came to it lately and may not be counted yet."""
    own = [issue.severity] if issue.state in Issue.OPEN_STATES and not issue.overridden else []
    lately = [event.after.split()[0] for event in merges if event.at > timezone.now() - SAME_MOVE]
    return max([*own, *(Level.of(word).value for word in lately)], default=0)


class _Written:
    """What one call writes."""

    def __init__(self, known: _Known) -> None:
        self._known, self._now = known, timezone.now()
        self._decisions: list[tuple[Any, ...]] = []
        self._ended: list[tuple[Any, ...]] = []
        self._events: list[tuple[Any, ...]] = []
        self._issues: list[tuple[Any, ...]] = []

    def merge(self, new: int, olds: list[int]) -> None:
        target, others = self._known.member(new), [self._known.member(old) for old in olds]
        outcome = settle(target, others)
        self._decide(new, olds, outcome)
        self._tell(new, olds, outcome)
        self._change(new, olds, outcome)

    def write(self) -> None:
        update(Decision, ("ended_at", "ended_reason"), self._ended)
        insert(Decision, ("issue", *_fields(MADE), *_fields(ENDED)), self._decisions)
        insert(IssueEvent, ("issue", *_fields(TOLD)), self._events)
        update(Issue, WRITTEN, self._issues)

    def _decide(self, new: int, olds: list[int], outcome: Outcome) -> None:
        staying = {_made(d) for d in (outcome.exclusion, outcome.severity, outcome.owner) if d is not None}
        own = self._known.decisions[new]
        there = {_made(d) for d in own}
        still = {_made(d) for d in own if d.ended_at is None}
        for d in own:
            if _can_lose(d) and _made(d) not in staying:
                self._ended.append((self._now, outcome.why_not(d), d.pk))
        self._decisions += [(new, *made, None, None, "") for made in sorted(staying - still, key=str)]
        there |= staying
        for d in (d for old in olds for d in self._known.decisions[old]):
            if _made(d) not in there:
                lost = (self._now, None, outcome.why_not(d)) if _can_lose(d) else _values(d, ENDED)
                self._decisions.append((new, *_made(d), *lost))
                there.add(_made(d))

    def _tell(self, new: int, olds: list[int], outcome: Outcome) -> None:
        there = set(self._known.events[new])
        recent = {e._replace(at=self._now) for e in there if e.at > self._now - SAME_MOVE}
        listed = Issue.State.ACTIVE.value if outcome.listed else Issue.State.EXCLUDED.value
        after = f"{Level(outcome.by_factors).word} {OWNER if outcome.owner_came_along else ''}".strip()
        for old in olds:
            note = f"Findings came from {self._known.issues[old].application.name}."
            merged = Happened(IssueEvent.Kind.MERGED.value, self._now, None, None, listed, after, note)
            came = [event for event in self._known.events[old] if event not in there]
            if merged not in recent:
                came.append(merged)
            self._events += [(new, *event) for event in came]
            there.update(came)

    def _change(self, new: int, olds: list[int], outcome: Outcome) -> None:
        issue = self._known.issues[new]
        run = issue.created_run_id
        if issue.state is None and run is None:  # its birth is that of the oldest it is made from
            run = min((self._known.issues[old] for old in olds), key=lambda i: (i.first_seen, i.pk)).created_run_id
        kind, reason = "", issue.state_reason
        if outcome.exclusion is not None:
            kind = outcome.exclusion.kind
            over = issue.state in (Issue.State.RESOLVED, Issue.State.REMOVED)
            reason = reason if over else outcome.exclusion.in_words[:200]
        owner = outcome.owner_id if outcome.owner else issue.owner_id
        self._issues.append((kind, reason, owner, outcome.severity is not None, run, True, new))


def _can_lose(decision: Decision) -> bool:
    """Comments stand beside each other; of the rest one of each kind can be in force."""
    return decision.ended_at is None and decision.kind != Decision.Kind.COMMENT


def _made(decision: Decision) -> tuple[Any, ...]:
    """By this a decision is the same one in whatever issue it stands."""
    return _values(decision, MADE)


def _values(decision: Decision, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(decision, name) for name in names)


def _fields(names: Iterable[str]) -> list[str]:
    return [name.removesuffix("_id") for name in names]
