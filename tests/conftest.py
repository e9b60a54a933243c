"""What every test may ask for. The fixtures live by subject in ``tests/fixtures``."""

from __future__ import annotations

import pytest
from django.core.cache import cache

pytest_plugins = [
    "tests.fixtures.people",
    "tests.fixtures.beginning",
    "tests.fixtures.tasks",
    "tests.fixtures.reading",
    "tests.fixtures.installation",
    "tests.fixtures.migrating",
    "tests.fixtures.browser",
]


@pytest.fixture(autouse=True)
def _fresh_cache():
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _right_database(request: pytest.FixtureRequest, settings) -> None:
    """Both kinds of database get their own run of the suite, so neither skip hides a test from CI."""
    engine = settings.DATABASES["default"]["ENGINE"]
    if request.node.get_closest_marker("postgres") and "postgresql" not in engine:
        pytest.skip("needs PostgreSQL: set DATABASE_URL=postgres://…")
    if request.node.get_closest_marker("sqlite") and "sqlite" not in engine:
        pytest.skip("is about SQLite: unset DATABASE_URL")
    if request.node.get_closest_marker("redis") and not settings.REDIS_URL:
        pytest.skip("needs Redis: set REDIS_URL=redis://…")
