"""What the queue is called, how many it could show, and what to say when it shows nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from connectors.access import Action, may
from issues.models import Issue
from issues.queue.connections import Summary
from issues.queue.listing import Listing

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why the list is empty. ``running``: the import that will fill it."""

    kind: Literal["filtered", "running", "first", "good"]
    title: str
    text: str
    action_url: str = ""
    action_label: str = ""
    running: Summary | None = None


def heading_of(states: Sequence[str]) -> str:
    """``Active issues``; ``Issues`` when several states are mixed."""
    return f"{Issue.State(states[0]).label} issues" if len(states) == 1 else "Issues"


def nothing_to_show(user: User, listing: Listing, whole: int, connections: Sequence[Summary]) -> Nothing:
    """``whole``: how many issues there are of these states; ``connections``: those that were not deleted."""
    filters = [chip for chip in listing.chips if chip.name != "state"]
    if filters and whole:
        names, last = " and ".join(f"{chip.label} {chip.value}" for chip in filters), filters[-1]
        title, text = "No issue matches these filters", f"{names} leaves nothing."
        return Nothing("filtered", title, text, last.query, f"Remove {last.label}")
    return nothing_yet(user, connections, heading_of(listing.filters.states).lower())


def nothing_yet(user: User, connections: Sequence[Summary], what: str = "active issues") -> Nothing:
    """For an installation, or a user, without any such issue."""
    running = next((summary for summary in connections if summary.is_running), None)
    if running is not None:
        text = "Issues appear here while they are read."
        return Nothing("running", f"Importing {running.connection.name}", text, running=running)
    if any(summary.connection.last_read_at for summary in connections):
        return Nothing("good", f"No {what}", "Every connection has been read, and there is none to show you.")
    if may(user, Action.MANAGE_CONNECTIONS) and not connections:
        text = "Issues appear here after the first import. It takes two values and about five minutes."
        return Nothing("first", "Nothing to show yet", text, "/connectors/sentinelone/connect/", "Connect Sentinel One")
    text = "Issues appear here after the first import. An admin connects the source."
    return Nothing("first", "Nothing to show yet", text)
