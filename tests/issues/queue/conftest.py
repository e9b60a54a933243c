from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.http import QueryDict

from issues.queue.listing import Listing, list_issues

Titles = Callable[..., list[str]]


@pytest.fixture
def listed(ada: User) -> Callable[..., Listing]:
    """``listed("severity=high", user=olga)``: the page as that person, else as Ada."""

    def ask(query: str = "", user: User | None = None, **values) -> Listing:
        return list_issues(user or ada, QueryDict(query), **values)

    return ask


@pytest.fixture
def titles(listed: Callable[..., Listing]) -> Titles:
    """The CVEs of the rows that a query lists, in order."""

    def ask(query: str = "", **values) -> list[str]:
        return [issue.vulnerability.cve for issue in listed(query, **values).rows]

    return ask
