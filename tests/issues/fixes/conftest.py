from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from connectors.models import Connection
from issues.ingest import fixes
from issues.models import Application, Fix
from tests.factories import make_application, make_connection


@pytest.fixture
def tenant(db: None) -> Connection:
    return make_connection("Acme")


@pytest.fixture
def payroll(db: None, olga: User) -> Application:
    """Olga's."""
    return make_application("Payroll", owners=[olga])


@pytest.fixture
def shop(db: None) -> Application:
    return make_application("Web shop")


@pytest.fixture
def fix_of() -> Callable[..., Fix]:
    """``fix_of(payroll, "Chrome")``, once the background has counted."""

    def ask(application: Application, name: str) -> Fix:
        fixes.settle()
        return Fix.objects.get(application=application, software__name=name)

    return ask
