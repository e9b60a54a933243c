"""Searching by name: the small tables first, then the issues by their ids.

An issue's text *is* its CVE, software, application and endpoints. Each of those tables is small and has an
index to the issues, so no search reads a million titles, and both databases answer alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Model, Q, QuerySet

from issues.models import Application, Endpoint, Finding, Issue, Software, Vulnerability

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

CAP = 500  # ids of one table that go into the question for issues
WORDS = 8  # words of one search
CVE = re.compile(r"CVE-\d{4}-\d{4,19}", re.IGNORECASE)
PART_OF_A_CVE = re.compile(r"(?=.*\d)(cve-?)?[\d-]+", re.IGNORECASE)


@dataclass
class Search:
    """Collects conditions on issues; ``notes`` says in sentences where a limit bit."""

    user: User | AnonymousUser
    notes: list[str] = field(default_factory=list)

    def anything(self, text: str) -> Q:
        """Every CVE written out must be the issue's; the other words must all be in one of its names."""
        words = [word for word in text.split() if word != "·"][:WORDS]
        cves = [word for word in words if CVE.fullmatch(word)]
        rest = [word for word in words if not CVE.fullmatch(word)]
        found = self.cves(cves) if cves else Q()
        return found & self._named(rest) if rest else found

    def cves(self, cves: Sequence[str]) -> Q:
        known = Vulnerability.objects.filter(cve__in=[cve.upper() for cve in cves])
        return Q(vulnerability__in=list(known.values_list("pk", flat=True)))

    def software(self, text: str) -> Q:
        """By every word in the name, or in quotes by exactly that name."""
        if len(text) > 2 and text[0] == text[-1] == '"':
            return Q(software__in=self._ids(Software.objects.filter(name=text[1:-1]), "software products"))
        return Q(software__in=self._ids(_with_words(Software.objects.all(), text.split(), "name"), "software products"))

    def endpoint(self, text: str) -> Q:
        """By exact id, ours or the source's, or by part of the name."""
        wanted = _containing(text.split(), "name") | Q(external_id=text)
        if text.isascii() and text.isdigit() and len(text) <= 18:
            wanted |= Q(pk=int(text))
        return self._on(self._ids(Endpoint.objects.visible_to(self.user).filter(wanted), "endpoints"))

    def _named(self, words: list[str]) -> Q:
        applications = _with_words(Application.objects.visible_to(self.user), words, "name")
        endpoints = _with_words(Endpoint.objects.visible_to(self.user), words, "name")
        software = _with_words(Software.objects.all(), words, "name", "vendor")
        found = Q(application__in=self._ids(applications, "applications"))
        found |= Q(software__in=self._ids(software, "software products"))
        if len(words) == 1 and PART_OF_A_CVE.fullmatch(words[0]):
            newest = Vulnerability.objects.filter(cve__icontains=words[0]).order_by("-cve")
            found |= Q(vulnerability__in=self._ids(newest, "CVEs"))
        on = self._ids(endpoints, "endpoints")
        return found | self._on(on) if on else found

    def _ids(self, queryset: QuerySet[Model], what: str) -> list[int]:
        ids: list[int] = list(queryset.values_list("pk", flat=True)[: CAP + 1])
        if len(ids) > CAP:
            self.notes.append(f"More than {CAP} {what} match; the search looked at {CAP} of them. Add more letters.")
        return ids[:CAP]

    @staticmethod
    def _on(endpoints: list[int]) -> Q:
        """Issues with a finding there: an active one, unless the issue itself is over."""
        over = (Issue.State.RESOLVED, Issue.State.REMOVED)
        findings = Finding.objects.filter(endpoint__in=endpoints).filter(
            Q(state=Finding.State.ACTIVE) | Q(issue__state__in=over)
        )
        return Q(pk__in=findings.values("issue"))


def _containing(words: Sequence[str], *columns: str) -> Q:
    """Every word in one of the columns."""
    wanted = Q()
    for word in words:
        anywhere = Q()
        for column in columns:
            anywhere |= Q(**{f"{column}__icontains": word})
        wanted &= anywhere
    return wanted


def _with_words(queryset: QuerySet[Model], words: Sequence[str], *columns: str) -> QuerySet[Model]:
    return queryset.filter(_containing(words, *columns))
