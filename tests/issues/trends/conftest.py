from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from issues.ingest.days import write_today
from issues.models import Application
from issues.queue.trends import Trend
from issues.queue.trends import trend_of as trend_as_it_is

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stands still at 22 November; a story moves it on."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def trend_of() -> Callable[[Application], Trend]:
    """Today's row written, then the trend of one application."""

    def ask(application: Application) -> Trend:
        write_today()
        return trend_as_it_is(application)

    return ask
