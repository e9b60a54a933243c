from __future__ import annotations

from collections.abc import Callable

import pytest

from issues.ingest import fixes
from issues.models import Application, Fix


@pytest.fixture
def fix_of() -> Callable[..., Fix]:
    """``fix_of(payroll, "Chrome")``, once the background has counted."""

    def ask(application: Application, name: str) -> Fix:
        fixes.settle()
        return Fix.objects.get(application=application, software__name=name)

    return ask
