from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.models import Connection
from tests.factories import make_connection
from tests.sources.console import Console
from tests.sources.sentinelone.tenant import make_healthy


@pytest.fixture
def tenant(db: None) -> Connection:
    return make_connection("Acme")


@pytest.fixture
def console(settings) -> Iterator[Console]:
    """A healthy console on loopback that connections may reach."""
    settings.SOURCE_ALLOWED_NETWORKS = ("127.0.0.0/8",)
    settings.SOURCE_ALLOW_HTTP = True
    console = Console()
    make_healthy(console)
    yield console
    console.close()
