"""What happened to one endpoint, newest first, and who pinned it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from issues.access import sees_everything
from issues.models import Application, Endpoint, EndpointEvent
from issues.queue.activity import Entry

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST = 50  # events shown
ICONS = {
    EndpointEvent.Kind.MOVED: "move-right",
    EndpointEvent.Kind.PINNED: "pin",
    EndpointEvent.Kind.UNPINNED: "pin-off",
    EndpointEvent.Kind.DECOMMISSIONED: "power-off",
    EndpointEvent.Kind.RETURNED: "power",
}
HIDDEN = "another application"  # of which the user may not even know the name


@dataclass(frozen=True, slots=True)
class History:
    """``pin``: the event by which a person put it where it is, when it is pinned and that is known."""

    entries: list[Entry]
    pin: EndpointEvent | None


def history_of(endpoint: Endpoint, user: User) -> History:
    """Its birth is the last entry. One query, and for an application owner one more."""
    events = list(endpoint.events.select_related("user")[:MOST])
    known = _names(events, user)
    pin = next((event for event in events if event.kind == EndpointEvent.Kind.PINNED), None)
    born = Entry("plus", "", "First seen", endpoint.first_seen)
    return History([*(_entry(event, known) for event in events), born], pin if endpoint.pinned else None)


def _names(events: Collection[EndpointEvent], user: User) -> set[str] | None:
    """Names of applications that may be said; None for all of them."""
    said = {name for event in events for name in (event.before, event.after) if name}
    if sees_everything(user) or not said:
        return None
    return set(Application.objects.visible_to(user).filter(name__in=said).values_list("name", flat=True))


def _entry(event: EndpointEvent, known: Collection[str] | None) -> Entry:
    before, after = (name if known is None or name in known else HIDDEN for name in (event.before, event.after))
    way = f"from {before} to {after}" if event.before and event.after and event.before != event.after else ""
    kind, who = EndpointEvent.Kind(event.kind), event.user.get_username() if event.user else ""
    what, quote = str(kind.label), event.note
    if kind == EndpointEvent.Kind.MOVED:
        what, quote = f"Moved {way}{_by(event.note)}", ""
    elif kind == EndpointEvent.Kind.PINNED:
        what = f"pinned it {way or f'to {after}'}"
    elif kind == EndpointEvent.Kind.UNPINNED:
        what = "took the pin away"
    return Entry(ICONS[kind], who, what if who else what[:1].upper() + what[1:], event.at, quote)


def _by(note: str) -> str:
    """`` by rule “Tag app”, mapping rules version 3`` of ``Mapping rules version 3: Rule “Tag app”``."""
    version, _, why = note.partition(": ") if note.startswith("Mapping rules version") else ("", "", note)
    words = [each[:1].lower() + each[1:] for each in (why, version) if each]
    if not words:
        return ""
    return f"{' by' if why.startswith('Rule ') else ':'} {', '.join(words)}"
