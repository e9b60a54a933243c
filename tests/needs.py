"""A test that needs something of the machine skips with a sentence where it is missing. CI has it all: it must not."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def lacking(sentence: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(f"CI lacks something: {sentence}")
    pytest.skip(sentence)
