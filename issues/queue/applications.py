"""Applications with their numbers: as a list, as a ranking, and one at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import Count, IntegerField, OuterRef, Prefetch, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import QueryDict

from issues.models import Application, ApplicationMember, Endpoint, Issue, IssueCount, Software
from issues.models.application import ApplicationQuerySet
from issues.models.endpoint import mapping_reason
from issues.queue.fields import LONGEST
from issues.severity.levels import WORST_FIRST, Level

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SIZE = 50
SORTS: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "business_priority": ("business_priority", "name"),
    "endpoints": ("hosts", "name"),
    "issues": ("active", "name"),
    "risk": (*(level.word for level in WORST_FIRST), "name"),
}
DEFAULT = "-risk"


@dataclass(frozen=True, slots=True)
class Row:
    """``counts`` are active issues by severity word; ``owners`` are user names."""

    application: Application
    endpoints: int
    issues: int
    counts: dict[str, int]
    owners: list[str]


@dataclass(frozen=True, slots=True)
class Applications:
    rows: list[Row]
    page: Page[Application]
    sort: str
    q: str


def list_applications(user: User, query: QueryDict) -> Applications:
    """One page as the address asks for it: ``q`` in the name, ``sort``, ``page``."""
    q, sort = query.get("q", "").strip()[:LONGEST].replace("\0", ""), query.get("sort", DEFAULT)
    if sort.removeprefix("-") not in SORTS:
        sort = DEFAULT
    found = Application.objects.visible_to(user)
    found = found.filter(name__icontains=q) if q else found
    page = Paginator(_in_order(found, sort), SIZE).get_page(query.get("page"))
    return Applications(rows_of(page.object_list), page, sort, q)


def riskiest(user: User, number: int) -> list[Row]:
    """Those with the most critical issues, then high ones and so on; without those that have none."""
    found = _in_order(Application.objects.visible_to(user), DEFAULT)
    return [row for row in rows_of(found[:number]) if row.issues]


def one_application(user: User, slug: str) -> Row | None:
    """None when there is none of that name, or the user may not see it."""
    rows = rows_of(_with_numbers(Application.objects.visible_to(user).filter(slug=slug)))
    return rows[0] if rows else None


def rows_of(applications: Iterable[Application]) -> list[Row]:
    """Of applications that were loaded with their numbers."""
    return [
        Row(
            application=each,
            endpoints=each.hosts,  # type: ignore[attr-defined]
            issues=each.active,  # type: ignore[attr-defined]
            counts={level.word: getattr(each, level.word) for level in WORST_FIRST},
            owners=[member.user.get_username() for member in each.owners],  # type: ignore[attr-defined]
        )
        for each in applications
    ]


def _in_order(found: ApplicationQuerySet, sort: str) -> ApplicationQuerySet:
    columns = SORTS[sort.removeprefix("-")]
    sign = "-" if sort.startswith("-") else ""
    # Equal ones stand by name, from A to Z, whichever way the rest goes.
    return _with_numbers(found).order_by(*(sign + c if c != "name" or len(columns) == 1 else c for c in columns))


def _with_numbers(found: ApplicationQuerySet) -> ApplicationQuerySet:
    """``hosts``, ``active``, and the active issues of each severity under its word."""
    hosts = Endpoint.objects.filter(application=OuterRef("pk")).order_by().values("application").annotate(n=Count("pk"))
    owners = ApplicationMember.objects.filter(role=ApplicationMember.Role.OWNER).select_related("user")
    return found.annotate(
        hosts=Coalesce(Subquery(hosts.values("n"), output_field=IntegerField()), 0),
        active=_issues(),
        **{level.word: _issues(level) for level in WORST_FIRST},
    ).prefetch_related(Prefetch("members", owners.order_by("user__username"), to_attr="owners"))


def _issues(level: Level | None = None) -> Coalesce:
    counted = IssueCount.objects.filter(application=OuterRef("pk"), state=Issue.State.ACTIVE)
    if level is not None:
        counted = counted.filter(severity=level)
    summed = counted.order_by().values("application").annotate(n=Sum("issues"))
    return Coalesce(Subquery(summed.values("n"), output_field=IntegerField()), 0)


def busiest_software(application: Application, number: int) -> list[tuple[Software, int, dict[str, int]]]:
    """Software with the most active issues there, how many, and these by severity word."""
    cells = (
        Issue.objects.filter(application=application, state=Issue.State.ACTIVE)
        .order_by()
        .values_list("software", "severity")
        .annotate(n=Count("pk"))
    )
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    totals: Counter[int] = Counter()
    for software, severity, n in cells:
        counts[software][Level(severity).word] = n
        totals[software] += n
    top = [pk for pk, _ in totals.most_common(number)]
    found = Software.objects.in_bulk(top)
    return [(found[pk], totals[pk], counts[pk]) for pk in top]


def mapped_by(application: Application) -> list[tuple[str, int]]:
    """How its endpoints came to it: a sentence and how many, the most first."""
    groups = (
        Endpoint.objects.filter(application=application)
        .order_by()
        .values("mapped_by__name", "pinned")
        .annotate(n=Count("pk"))
    )
    reasons: Counter[str] = Counter()
    for group in groups:
        rule, unassigned = group["mapped_by__name"] or "", application.is_unassigned
        reasons[mapping_reason(pinned=group["pinned"], rule=rule, unassigned=unassigned)] += group["n"]
    return reasons.most_common()
