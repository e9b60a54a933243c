from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.utils import timezone

from connectors.models import Connection
from issues.ingest.counts import true_counts
from issues.models import Application, Issue, IssueCount
from tests.factories import make_application, make_issues


@pytest.fixture
def portal(db: None) -> Application:
    """Nobody's."""
    return make_application("Portal")


@pytest.fixture
def three(tenant: Connection, payroll: Application) -> list[Issue]:
    """Active issues of Payroll."""
    return make_issues(3, tenant, payroll)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def counts_are_true() -> Iterator[Callable[[], None]]:
    """Whatever a story did, the table of counts says what there is; may be asked in between as well."""

    def check() -> None:
        kept = IssueCount.objects.filter(issues__gt=0).values_list(
            "connection_id", "application_id", "state", "severity", "vendor_severity", "issues", "findings"
        )
        assert {tuple(row[:5]): row[5:] for row in kept} == true_counts()

    yield check
    check()
