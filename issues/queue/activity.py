"""What happened to an issue: when, and by which import or whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from connectors.models import SyncRun
from issues.models import Decision, Issue, IssueEvent

MOST = 100  # events shown, and comments
ICONS = {
    IssueEvent.Kind.SEVERITY: "sliders-horizontal",
    IssueEvent.Kind.RESOLVED: "circle-check",
    IssueEvent.Kind.REOPENED: "rotate-ccw",
    IssueEvent.Kind.REMOVED: "trash-2",
    IssueEvent.Kind.EXCLUDED: "eye-off",
    IssueEvent.Kind.RETURNED: "undo-2",
    IssueEvent.Kind.OWNER: "user",
    IssueEvent.Kind.MERGED: "git-merge",
    IssueEvent.Kind.MOVED: "move-right",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline; ``url`` leads to the import, when there was one and the user may look at it."""

    icon: str
    who: str
    what: str
    at: datetime
    quote: str = ""
    url: str = ""
    link: str = ""


def activity_of(issue: Issue, *, link_runs: bool) -> list[Entry]:
    """Newest first; its birth is the last."""
    events = issue.events.select_related("run", "user")[:MOST]
    said = issue.decisions.filter(kind=Decision.Kind.COMMENT).select_related("user")[:MOST]
    entries = [*(_entry(event, link_runs) for event in events), *(_comment(decision) for decision in said)]
    return [*sorted(entries, key=lambda entry: entry.at, reverse=True), _birth(issue, link_runs)]


def _entry(event: IssueEvent, link_runs: bool) -> Entry:
    who = event.user.get_username() if event.user else ""
    url, link = _run(event.run, link_runs)
    what = _by_person(event) if who else _by_itself(event)
    quote = "" if event.kind in (IssueEvent.Kind.MERGED, IssueEvent.Kind.MOVED) else event.note
    icon = ICONS[IssueEvent.Kind(event.kind)]
    return Entry(icon, who, f"{what} by" if link else what, event.at, quote, url, link)


def _by_person(event: IssueEvent) -> str:
    """What follows a name."""
    match event.kind:
        case IssueEvent.Kind.SEVERITY:
            return f"changed the severity from {event.before} to {event.after}"
        case IssueEvent.Kind.EXCLUDED:
            return "excluded it"
        case IssueEvent.Kind.RETURNED:
            return "put it back into the queue"
        case IssueEvent.Kind.OWNER:
            return f"gave it to {event.after}" if event.after else "gave it back to the owners of the application"
    return f"changed it: {event.get_kind_display()}"


def _by_itself(event: IssueEvent) -> str:
    match event.kind:
        case IssueEvent.Kind.SEVERITY:
            return f"Severity went from {event.before} to {event.after}"
        case IssueEvent.Kind.OWNER:
            return f"Owner: {event.after or 'those of the application'}"
        case IssueEvent.Kind.MERGED | IssueEvent.Kind.MOVED:
            return event.note.rstrip(".")
    return str(event.get_kind_display())


def _comment(decision: Decision) -> Entry:
    who = decision.user.get_username() if decision.user else "Somebody"
    if decision.is_in_force:
        return Entry("message-square", who, "commented", decision.at, decision.reason)
    return Entry("message-square", who, "commented, and took it back", decision.at)


def _birth(issue: Issue, link_runs: bool) -> Entry:
    url, link = _run(issue.created_run, link_runs)
    return Entry("plus", "", "First seen by" if link else "First seen", issue.first_seen, url=url, link=link)


def _run(run: SyncRun | None, link_runs: bool) -> tuple[str, str]:
    return (f"/connectors/runs/{run.pk}/", f"import {run.pk}") if run is not None and link_runs else ("", "")
