"""How the connections are doing, at a glance and in one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, Sum

from connectors.models import Connection, SyncRun

LAST_DAYS = 14  # from here on the header says that a token runs out


@dataclass(frozen=True, slots=True)
class Summary:
    """``read`` and ``expected`` are rows of the unfinished import; ``expected`` is None while the total is open."""

    connection: Connection
    is_running: bool
    read: int
    expected: int | None

    @property
    def is_live(self) -> bool:
        return self.connection.deleted_at is None

    @property
    def state(self) -> str:
        """run, warn, paused, off (never read yet) or ok, as the state mark takes it."""
        connection = self.connection
        if self.is_running:
            return "run"
        if connection.problem or self._token_runs_out:
            return "warn"
        if connection.paused:
            return "paused"
        return "ok" if connection.last_read_at else "off"

    @property
    def word(self) -> str:
        return {
            "run": "Importing",
            "warn": "Needs attention",
            "paused": "Paused",
            "off": "Not imported yet",
            "ok": "Connected",
        }[self.state]

    @property
    def warning(self) -> str:
        """A sentence when a person has to do something, else empty."""
        connection = self.connection
        if connection.waits_for_person:
            return f"{connection.name}: {connection.problem}"
        days = connection.token_days_left
        if not self._token_runs_out or days is None:
            return ""
        if days < 0:
            return f"The API token of {connection.name} has run out."
        return f"The API token of {connection.name} runs out in {days} days."

    @property
    def _token_runs_out(self) -> bool:
        days = self.connection.token_days_left
        return days is not None and days < LAST_DAYS


def summaries() -> list[Summary]:
    """Of every connection by name, also of deleted ones: their issues may still be listed."""
    return [_summary(connection) for connection in _with_imports()]


def _with_imports() -> QuerySet[Connection]:
    unfinished = FilteredRelation("runs", condition=Q(runs__state__in=SyncRun.UNFINISHED))
    return Connection.objects.annotate(unfinished=unfinished).annotate(
        running=F("unfinished__pk"),
        read=F("unfinished__read"),
        expected=Sum("unfinished__resources__total"),
        parts=Count("unfinished__resources"),
        known=Count("unfinished__resources__total"),
    )


def _summary(connection: Any) -> Summary:
    """Of a connection with the columns above."""
    expected = connection.expected if connection.known == connection.parts else None
    return Summary(connection, connection.running is not None, connection.read or 0, expected)
