"""The issues that a person means: some that are ticked, or all that a filter lets pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import QueryDict

from issues.models import Issue
from issues.models.issue import IssueQuerySet
from issues.queue.address import PLACE
from issues.queue.facets import total
from issues.queue.filters import IssueFilterSet

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST = 500  # issues named one by one


@dataclass(frozen=True, slots=True)
class Selection:
    """``query``: the address of the list without its ``?``, when all that match are meant; else ``keys`` count."""

    user: User
    keys: Sequence[int] = ()
    query: str | None = None

    @classmethod
    def of(cls, user: User, data: QueryDict) -> Selection:
        """From a form: ``issue`` several times; or ``all`` with the ``query`` of the list. Nonsense is left out."""
        if data.get("all"):
            return cls(user, query=data.get("query", ""))
        named = (text for text in data.getlist("issue") if text.isascii() and text.isdigit() and len(text) <= 18)
        return cls(user, [int(text) for text in named][:MOST])

    @property
    def issues(self) -> IssueQuerySet:
        """Only what the user may see."""
        visible = Issue.objects.visible_to(self.user)
        if self.query is None:
            return visible.filter(pk__in=self.keys)
        return self._filters.filter_queryset(visible)

    @property
    def count(self) -> int:
        return self.issues.count() if self.query is None else total(self._filters, self.user)

    @property
    def problems(self) -> list[str]:
        """Why nobody can know what is meant."""
        return [] if self.query is None else list(self._filters.problems.values())

    @property
    def _filters(self) -> IssueFilterSet:
        data = QueryDict(self.query, mutable=True)
        for name in (PLACE, "sort", "ordering"):
            data.pop(name, None)
        return IssueFilterSet(data, user=self.user, default_states=(Issue.State.ACTIVE.value,))
