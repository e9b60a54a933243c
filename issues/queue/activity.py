"""What happened to an issue: when, and by which import or whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from connectors.models import SyncRun
from issues.models import Issue, IssueEvent

MOST = 100  # events shown
ICONS = {
    IssueEvent.Kind.SEVERITY: "sliders-horizontal",
    IssueEvent.Kind.RESOLVED: "circle-check",
    IssueEvent.Kind.REOPENED: "rotate-ccw",
    IssueEvent.Kind.REMOVED: "trash-2",
    IssueEvent.Kind.EXCLUDED: "eye-off",
    IssueEvent.Kind.RETURNED: "undo-2",
    IssueEvent.Kind.OWNER: "user",
    IssueEvent.Kind.MERGED: "git-merge",
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
    return [*(_entry(event, link_runs) for event in events), _birth(issue, link_runs)]


def _entry(event: IssueEvent, link_runs: bool) -> Entry:
    who = event.user.get_username() if event.user else ""
    url, link = _run(event.run, link_runs)
    if event.kind == IssueEvent.Kind.SEVERITY:
        what = f"Severity went from {event.before} to {event.after}"
    else:
        what = str(event.get_kind_display())
    icon = ICONS[IssueEvent.Kind(event.kind)]
    return Entry(icon, who, f"{what} by" if link else what, event.at, event.note, url, link)


def _birth(issue: Issue, link_runs: bool) -> Entry:
    url, link = _run(issue.created_run, link_runs)
    return Entry("plus", "", "First seen by" if link else "First seen", issue.first_seen, url=url, link=link)


def _run(run: SyncRun | None, link_runs: bool) -> tuple[str, str]:
    return (f"/connectors/runs/{run.pk}/", f"import {run.pk}") if run is not None and link_runs else ("", "")
