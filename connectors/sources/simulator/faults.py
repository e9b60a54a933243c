"""What can go wrong, on purpose: which request, what kind, how often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

from connectors.sources.simulator import answers, paging
from connectors.sources.simulator.answers import Answer

RISKS = "/application-management/risks"
HUGE = "x" * 5_000_000

INSTEAD = frozenset(
    ("too_many", "server_error", "bad_gateway", "unauthorized", "forbidden", "licence_lost", "not_found", "other_site",
     "expired_cursor")
)  # fmt: skip
WAITING = frozenset(("hang",))
ON_THE_WIRE = frozenset(("cut",))
IN_THE_BODY = frozenset(
    ("truncated", "repeated_cursor", "empty_page", "no_pagination", "row_without_id", "row_without_cve",
     "numbers_as_text", "text_as_numbers", "huge_field", "duplicate_row", "moved_row", "lost_row", "emptied")
)  # fmt: skip
KINDS = INSTEAD | WAITING | ON_THE_WIRE | IN_THE_BODY


@dataclass(slots=True)
class Fault:
    """``path``: part of the request's path, "" for any. From the ``nth`` such request on, ``times`` times or for good.

    ``retry_after``: header of a 429, absent when empty. ``seconds``: how long a request hangs before it is answered.
    """

    kind: str
    path: str = ""
    nth: int = 1
    times: int | None = 1
    retry_after: str = ""
    seconds: float = 0.0
    seen: int = 0
    hits: int = 0
    held: list[dict[str, Any]] = field(default_factory=list)

    def strikes(self, path: str, has_cursor: bool) -> bool:
        """Count a request; is it one to spoil?"""
        if self.path not in path or (self.kind == "expired_cursor" and not has_cursor):
            return False
        self.seen += 1
        past = self.seen - self.nth
        if past < 0 or (self.times is not None and past >= self.times):
            return bool(self.held) and past >= 0
        self.hits += 1
        return True

    def instead(self) -> Answer | None:
        """What is sent and nothing else."""
        if self.kind == "too_many":
            answer = answers.html(429, answers.TOO_MANY_HTML)
            if self.retry_after:
                answer.headers["Retry-After"] = self.retry_after
            return answer
        return INSTEAD_OF[self.kind]() if self.kind in INSTEAD_OF else None

    def spoil(self, answer: Answer, cursor: str) -> None:
        """Change the body of a list's answer."""
        if answer.status != 200 or self.kind not in IN_THE_BODY:
            return
        if self.kind == "truncated":
            answer.body = answer.body[: len(answer.body) * 2 // 3]
            return
        whole, rows = paging.rows_of(answer.body)
        if self.kind == "repeated_cursor":
            whole["pagination"]["nextCursor"] = cursor or whole["pagination"]["nextCursor"]
        elif self.kind == "no_pagination":
            del whole["pagination"]
        elif self.kind == "empty_page":
            rows.clear()
            whole["pagination"]["nextCursor"] = answer.here
        elif self.kind == "moved_row":
            self._move(rows)
        elif rows:
            _spoil_rows(self.kind, whole, rows)
        answer.body = orjson.dumps(whole)

    def _move(self, rows: list[dict[str, Any]]) -> None:
        """The last row of one page arrives with the next page instead."""
        if self.held:
            rows.append(self.held.pop())
        elif rows:
            self.held.append(rows.pop())


INSTEAD_OF: dict[str, Callable[[], Answer]] = {
    "server_error": answers.server_error,
    "bad_gateway": lambda: answers.html(502, answers.BAD_GATEWAY_HTML),
    "unauthorized": answers.unauthorized,
    "forbidden": answers.forbidden,
    "licence_lost": answers.forbidden,
    "not_found": answers.not_found,
    "other_site": lambda: answers.html(200, answers.OTHER_SITE_HTML),
    "expired_cursor": lambda: answers.bad_request("cursor: Invalid cursor").answer,
}


def _spoil_rows(kind: str, whole: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    first = rows[0]
    if kind == "emptied":
        rows.clear()
        whole["pagination"] = {"nextCursor": None, "totalItems": 0}
    elif kind == "lost_row":
        rows.pop()
    elif kind == "row_without_id":
        first.pop("id", None)
    elif kind == "row_without_cve":
        first.pop("cveId", None)
    elif kind == "duplicate_row":
        rows.append(dict(first))
    elif kind == "huge_field":
        first["reason" if "reason" in first else "description"] = HUGE
    elif kind == "numbers_as_text":
        first.update({name: str(value) for name, value in first.items() if type(value) is int})
        whole["pagination"]["totalItems"] = str(whole["pagination"]["totalItems"])
    else:
        first.update({name: _number(value) for name, value in first.items() if isinstance(value, str)})


def _number(value: str) -> Any:
    try:
        return float(value) if "." in value else int(value)
    except ValueError:
        return value


class Faults:
    """The faults that are switched on."""

    def __init__(self) -> None:
        self.all: list[Fault] = []

    def add(self, kind: str, path: str = RISKS, **how: Any) -> Fault:
        """Switch a fault on; ``how`` as the fields of ``Fault``. ``ValueError`` for a kind there is not."""
        if kind not in KINDS:
            raise ValueError(f"There is no fault {kind!r}; there are {', '.join(sorted(KINDS))}.")
        fault = Fault(kind, path, **how)
        self.all.append(fault)
        return fault

    def clear(self) -> None:
        self.all.clear()

    def striking(self, path: str, has_cursor: bool) -> list[Fault]:
        return [fault for fault in self.all if fault.strikes(path, has_cursor)]
