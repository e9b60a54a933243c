"""Waiting for what other processes do, without sleeping longer than needed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T], within: float = 20.0) -> T:
    """The first true answer of ``look``; after ``within`` seconds its last, false one."""
    end = time.monotonic() + within
    while not (seen := look()) and time.monotonic() < end:
        time.sleep(0.1)
    return seen
