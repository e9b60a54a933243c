"""A large import looks at its tables before it counts, where the database would do so too late."""

from __future__ import annotations

import pytest
from django.db import connection as database
from django.db.models import Model

from issues.ingest import bulk, statistics
from issues.models import Finding
from tests.factories import make_issue, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen: list[str] = []
    real = bulk.analyse

    def analyse(*models: type[Model]) -> None:
        seen.extend(model.__name__ for model in models)
        real(*models)

    monkeypatch.setattr(statistics, "analyse", analyse)
    return seen


def test_a_small_one_among_many_findings_does_not(looked, tenant):
    make_issue(tenant, endpoints=8)
    bulk.analyse(Finding)
    looked.clear()
    statistics.before_counting(make_run(tenant, created=1))
    assert looked == []


def test_a_large_one_does_on_postgresql(looked, tenant):
    make_issue(tenant, endpoints=8)
    bulk.analyse(Finding)
    looked.clear()
    statistics.before_counting(make_run(tenant, created=2))
    assert looked == (["Finding", "Issue", "Endpoint"] if database.vendor == "postgresql" else [])


def test_every_one_that_wrote_does_on_sqlite(looked, tenant):
    make_issue(tenant)
    looked.clear()
    statistics.after_writing()
    assert looked == (["Finding", "Issue", "Endpoint"] if database.vendor == "sqlite" else [])
