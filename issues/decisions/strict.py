"""Which of several decisions stays when issues are merged: the stricter one. Pure; ``docs/merging.md`` tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from issues.models import Decision
from issues.severity.levels import Level

FOREVER = datetime.max.replace(tzinfo=UTC)
IN_QUEUE = "Merged with an issue that is in the queue"
STRICTER = "Merged: the decision that hides less stays"
HIGHER = "Merged: the higher severity stays"
OTHER_OWNER = "Merged: the other owner stays"


class Member(NamedTuple):
    """One issue before the merge. ``listed``: people see it in the queue. ``severity``: by factors, 0 when unknown."""

    listed: bool
    severity: int
    in_force: Sequence[Decision]
    owner: int | None = None
    owner_came_along: bool = False  # with an earlier merge, so that it is nobody's own choice for this issue


class Outcome(NamedTuple):
    """What is in force afterwards; None for a slot that nothing fills. ``owner_came_along`` as in ``Member``."""

    exclusion: Decision | None
    severity: Decision | None
    owner: Decision | None
    owner_id: int | None
    owner_came_along: bool
    listed: bool
    by_factors: int  # the highest of all of them

    def why_not(self, decision: Decision) -> str:
        """Why a decision that was in force no longer is."""
        if decision.kind == Decision.Kind.SEVERITY:
            return HIGHER
        if decision.kind == Decision.Kind.OWNER:
            return OTHER_OWNER
        return IN_QUEUE if self.listed else STRICTER


def settle(target: Member, others: Sequence[Member]) -> Outcome:
    """What is in force on ``target`` once the findings of ``others`` are its own. Their order doesn't matter."""
    members = [target, *others]
    listed = any(member.listed for member in members)
    owner, owner_id, came_along = _owner(target, others)
    exclusion = None if listed else _exclusion(members)
    by_factors = max(member.severity for member in members)
    return Outcome(exclusion, _severity(members, by_factors), owner, owner_id, came_along, listed, by_factors)


def _exclusion(members: Sequence[Member]) -> Decision | None:
    """The one that ends soonest; among equals the kind that hides least."""
    found = [d for member in members for d in member.in_force if d.kind in Decision.EXCLUDING]
    return min(found, key=lambda d: (d.until or FOREVER, Decision.EXCLUDING.index(d.kind), *_told(d)), default=None)


def _severity(members: Sequence[Member], by_factors: int) -> Decision | None:
    """The highest that was set by hand, unless one of the issues is higher without it."""
    found = _of_kind(Decision.Kind.SEVERITY, members)
    highest = max(found, key=lambda d: (Level.of(d.value), *_told(d)), default=None)
    return highest if highest is not None and Level.of(highest.value) >= by_factors else None


def _owner(target: Member, others: Sequence[Member]) -> tuple[Decision | None, int | None, bool]:
    """The target's own, else the one that was chosen last elsewhere."""
    own = _of_kind(Decision.Kind.OWNER, [target])
    if own and not target.owner_came_along:
        return own[0], target.owner, False
    found = [(d, m.owner) for m in (target, *others) for d in _of_kind(Decision.Kind.OWNER, [m])]
    if not found:
        return None, None, False
    return *max(found, key=lambda pair: _told(pair[0])), True


def _of_kind(kind: Decision.Kind, members: Iterable[Member]) -> list[Decision]:
    return [d for member in members for d in member.in_force if d.kind == kind]


def _told(decision: Decision) -> tuple[Any, ...]:
    """An order between decisions that are equal by rule, whichever rows they stand in."""
    return (decision.at, decision.value, decision.reason, decision.user_id or 0)
