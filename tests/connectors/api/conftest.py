from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sources.console import Console
from tests.sources.sentinelone.tenant import make_healthy


@pytest.fixture
def console(reachable: None) -> Iterator[Console]:
    """A healthy console on loopback that connections may reach."""
    console = Console()
    make_healthy(console)
    yield console
    console.close()
