from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

Walk = Callable[..., list[dict[str, Any]]]


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
