from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from connectors.models import Connection
from issues.models import Application
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
    """Nobody's."""
    return make_application("Web shop")
