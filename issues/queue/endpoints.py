"""Endpoints as a list, and the findings of one, software by software."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import QueryDict

from issues.models import Application, Endpoint, Finding, Software
from issues.queue.address import PLACE, Address
from issues.queue.fields import LONGEST
from issues.queue.keyset import BadCursor, page_of
from issues.queue.ordering import Sort
from issues.severity.levels import Level

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SIZE = 50
MOST = 1_000  # findings of one endpoint that its page shows
BY_NAME = Sort.of("name", {"name": ("name", "id")})


@dataclass(frozen=True, slots=True)
class Endpoints:
    """``next`` and ``previous`` are querystrings, empty at the ends."""

    rows: list[Endpoint]
    total: int
    q: str
    next: str
    previous: str
    problem: str = ""
    application: Application | None = None  # only its endpoints are listed


@dataclass(slots=True)
class Installed:
    """One software product on one endpoint, and its findings, the worst first."""

    software: Software
    findings: list[Finding] = field(default_factory=list)

    @property
    def versions(self) -> list[str]:
        return sorted({finding.version for finding in self.findings if finding.version})

    @property
    def counts(self) -> dict[str, int]:
        words = [Level(finding.issue.severity).word for finding in self.findings]
        return {word: words.count(word) for word in dict.fromkeys(words)}


def list_endpoints(user: User, query: QueryDict) -> Endpoints:
    """One page as the address asks for it: ``q`` in the name, or the source's id; ``application``, a slug."""
    q = query.get("q", "").strip()[:LONGEST].replace("\0", "")
    application, problem = None, ""
    found = Endpoint.objects.visible_to(user)
    if slug := query.get("application", ""):
        application = Application.objects.visible_to(user).filter(slug=slug[:LONGEST].replace("\0", "")).first()
        problem = "" if application else f"There is no application “{slug[:40]}”."
        found = found.filter(application=application) if application else found.none()
    if q:
        found = found.filter(Q(name__icontains=q) | Q(external_id=q))
    shown, cursor = found.select_related("application", "mapped_by", "connection"), query.get(PLACE, "")
    try:
        page = page_of(shown, BY_NAME, SIZE, cursor)
    except BadCursor as error:
        page, problem = page_of(shown, BY_NAME, SIZE), str(error)
    address = Address(query)
    return Endpoints(
        rows=page.rows,
        total=found.count(),
        q=q,
        next=address.with_only(**{PLACE: page.next}) if page.next else "",
        previous=address.with_only(**{PLACE: page.previous}) if page.previous else "",
        problem=problem,
        application=application,
    )


def installed_on(endpoint: Endpoint) -> list[Installed]:
    """Software with active findings, that with the worst first; at most ``MOST`` findings."""
    findings = endpoint.findings.active().defer("evidence").select_related("issue__software", "issue__vulnerability")
    return by_software(findings.order_by("-issue__severity", "-issue__score", "-pk")[:MOST])


def by_software(findings: Iterable[Finding]) -> list[Installed]:
    products: dict[int, Installed] = {}
    for finding in findings:
        software = finding.issue.software
        products.setdefault(software.pk, Installed(software)).findings.append(finding)
    return list(products.values())
