"""What happened to an application lately: to itself, and to its issues, import by import."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Subquery
from django.db.models.functions import TruncDate

from connectors.access import Action, may
from issues.access import sees_everything
from issues.models import Application, ApplicationEvent, IssueEvent
from issues.queue.activity import ICONS, Entry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.contrib.auth.models import User

NEWEST = 10  # entries shown
CAME_OR_WENT = re.compile(r"^([\d,]+ endpoints? (?:came|went)) .*$")  # as issues.mapping.events says it
LOOKED_AT = 2_000  # of the latest events of any issue: there is no index by application, and need be none
OWN_ICONS = {
    ApplicationEvent.Kind.CREATED: "plus",
    ApplicationEvent.Kind.CHANGED: "pencil",
    ApplicationEvent.Kind.MEMBERS: "users",
    ApplicationEvent.Kind.ENDPOINTS: "move-right",
}
DEEDS = {  # any other kind is said by its label
    "severity": "changed severity",
    "resolved": "were resolved",
    "reopened": "were reopened",
    "removed": "were removed",
    "excluded": "were excluded",
    "returned": "came back into the queue",
    "owner": "changed owner",
    "merged": "were merged",
    "moved": "moved here",
}
ANYTHING = "activity"  # the icon of what has none of its own


def activity_here(application: Application, user: User) -> list[Entry]:
    """The newest ten, whatever they are. Two queries."""
    own = ApplicationEvent.objects.filter(application=application).select_related("user")[:NEWEST]
    names = sees_everything(user)
    entries = [
        *(_own(event, names=names) for event in own),
        *_of_issues(application, link_runs=may(user, Action.SEE_CONNECTIONS)),
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:NEWEST]


def _own(event: ApplicationEvent, *, names: bool) -> Entry:
    """Without ``names`` nothing is said of where endpoints came from: it may be nothing for that user to know."""
    who, text = event.user.get_username() if event.user else "", event.text
    if not names and event.kind == ApplicationEvent.Kind.ENDPOINTS:
        text = CAME_OR_WENT.sub(r"\1", text)
    return Entry(OWN_ICONS[ApplicationEvent.Kind(event.kind)], "", f"{text}, by {who}" if who else text, event.at)


def _of_issues(application: Application, *, link_runs: bool) -> Iterator[Entry]:
    """What one import, or one person on one day, did to issues is one line."""
    newest = IssueEvent.objects.order_by("-pk").values("pk")[:1]
    groups = (
        IssueEvent.objects.filter(pk__gt=Subquery(newest) - LOOKED_AT, issue__application=application)
        .order_by()
        .values_list("kind", "run", "user__username", TruncDate("at"))
        .annotate(n=Count("issue", distinct=True), last=Max("at"))
    )
    for kind, run, user, _, number, last in groups.order_by("-last")[:NEWEST]:
        yield _line(IssueEvent.Kind(kind), run, user or "", number, last, link_runs)


def _line(kind: IssueEvent.Kind, run: int | None, user: str, number: int, at: datetime, link_runs: bool) -> Entry:
    deed, icon = DEEDS.get(kind.value, str(kind.label).lower()), ICONS.get(kind, ANYTHING)
    deed = deed.replace("were", "was") if number == 1 else deed
    what = f"{number:,} issue{'' if number == 1 else 's'} {deed}"
    if run is not None and link_runs:
        return Entry(icon, "", f"{what} by", at, url=f"/connectors/runs/{run}/", link=f"import {run}")
    return Entry(icon, "", f"{what} by {user}" if user else what, at)
