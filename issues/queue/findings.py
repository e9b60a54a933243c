"""The findings of one issue: on which endpoints it is, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count
from django.http import QueryDict

from issues.models import Finding, Issue
from issues.models.finding import FindingQuerySet
from issues.queue.address import PLACE, Address
from issues.queue.fields import LONGEST
from issues.queue.keyset import BadCursor, page_of
from issues.queue.ordering import Sort

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SIZE = 50
NEWEST_FIRST = Sort.of("-id", {"id": ("id",)})


@dataclass(frozen=True, slots=True)
class Findings:
    """``next`` and ``previous`` are querystrings, empty at the ends; ``state`` is empty when all are listed."""

    rows: list[Finding]
    counts: dict[str, int]
    q: str
    state: str
    next: str
    previous: str
    problem: str = ""

    @property
    def states(self) -> list[tuple[str, str]]:
        """Those that there are, with how many."""
        labels = dict(Finding.State.choices)
        return [(state, f"{labels[state]}, {n:,}") for state, n in sorted(self.counts.items())]


def findings_of(issue: Issue, user: User) -> FindingQuerySet:
    """With everything a row shows; the evidence only when it is asked for, it is long."""
    return Finding.objects.visible_to(user).filter(issue=issue).select_related("endpoint__connection").defer("evidence")


def counts_of(issue: Issue) -> dict[str, int]:
    """How many findings there are of each state."""
    return dict(issue.all_findings.order_by().values_list("state").annotate(n=Count("pk")))


def newest_findings(issue: Issue, user: User, number: int) -> list[Finding]:
    """Of an active issue the active ones, else whatever it had."""
    found = findings_of(issue, user)
    return list((found.active() if issue.findings else found).order_by("-pk")[:number])


def list_findings(issue: Issue, user: User, query: QueryDict) -> Findings:
    """One page as the address asks for it: ``q`` in the endpoint's name, ``state``."""
    q, state = query.get("q", "").strip()[:LONGEST].replace("\0", ""), query.get("state", "")
    found = findings_of(issue, user)
    if state in Finding.State.values:
        found = found.filter(state=state)
    if q:
        found = found.filter(endpoint__name__icontains=q)
    problem = ""
    try:
        page = page_of(found, NEWEST_FIRST, SIZE, query.get(PLACE, ""))
    except BadCursor as error:
        page, problem = page_of(found, NEWEST_FIRST, SIZE), str(error)
    address = Address(query)
    return Findings(
        rows=page.rows,
        counts=counts_of(issue),
        q=q,
        state=state if state in Finding.State.values else "",
        next=address.with_only(**{PLACE: page.next}) if page.next else "",
        previous=address.with_only(**{PLACE: page.previous}) if page.previous else "",
        problem=problem,
    )
