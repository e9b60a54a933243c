from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from connectors.models import Connection
from issues.models import Application
from tests.factories import make_application, make_connection

Walk = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def tenant(db: None) -> Connection:
    return make_connection("Acme")


@pytest.fixture
def payroll(db: None, olga: User) -> Application:
    return make_application("Payroll", owners=[olga])


@pytest.fixture
def shop(db: None) -> Application:
    return make_application("Web shop")


@pytest.fixture
def walk() -> Walk:
    """Every row of a list, page by page, by following ``next``."""

    def follow(client: APIClient, url: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        address: str | None = url
        while address:
            response = client.get(address)
            assert response.status_code == 200, response.data
            rows += response.json()["results"]
            address = response.json()["next"]
        return rows

    return follow
