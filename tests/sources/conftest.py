"""A console on loopback and a source that reads it without ever really waiting."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.sources.base import SourceConfig
from connectors.sources.sentinelone.source import SentinelOneSource
from connectors.sources.waits import Waits
from tests.sources.console import Console
from tests.sources.sentinelone.tenant import TOKEN, make_healthy


@pytest.fixture
def console() -> Iterator[Console]:
    console = Console()
    make_healthy(console)
    yield console
    console.close()


@pytest.fixture
def naps() -> list[float]:
    """The pauses that were asked for, in seconds."""
    return []


@pytest.fixture
def waits(naps: list[float]) -> Waits:
    return Waits(connect=1.0, read=0.4, deadline=2.0, page_bytes=8 * 2**20, sleep=naps.append)


@pytest.fixture
def source(console: Console, waits: Waits) -> Iterator[SentinelOneSource]:
    config = SourceConfig(console.url, TOKEN, allowed_networks=("127.0.0.0/8",), allow_http=True)
    source = SentinelOneSource(config, waits=waits)
    yield source
    source.close()
