"""How many examples a property is tried with. Each one is a story of many statements, so a server gets half of them."""

from __future__ import annotations

from django.conf import settings


def examples(number: int) -> int:
    return number if "sqlite" in settings.DATABASES["default"]["ENGINE"] else number // 2
