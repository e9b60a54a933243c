"""Problems by path as the nested answer that DRF gives for lists in lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

OWN = "non_field_errors"


def nested(problems: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """``rules.1.name`` becomes ``{"rules": [{}, {"name": ["…"]}]}``: a place in the list for every item before.

    A list of plain values, such as those of one condition, has its sentences together.
    """
    answer: dict[str, Any] = {}
    for where, sentence in problems:
        here, *path = where.split(".")
        at = answer
        while path and path[0].isdigit() and (len(path) > 1 or here in ("rules", "conditions")):
            items = at.setdefault(here, [])
            number = int(path.pop(0))
            items.extend({} for _ in range(number + 1 - len(items)))
            at, here = items[number], path.pop(0) if path else OWN
        at.setdefault(here, []).append(sentence)
    return answer
