"""Ways into a run that a test needs more than once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connectors.sync.read import store_batch
from issues.models import Finding


class KilledError(BaseException):
    """Stands for SIGKILL: nothing of ours may catch it."""


def before_each_batch(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    def acting(*args: Any) -> None:
        act()
        store_batch(*args)

    monkeypatch.setattr("connectors.sync.read.store_batch", acting)


def active() -> int:
    return Finding.objects.active().count()
