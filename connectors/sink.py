"""Where a run hands its records: the contract that the importing side fulfils.

``connectors`` knows nothing of issues. The app that stores findings registers its sink when Django
starts (``connectors.sink.register``); runs ask for it by ``connectors.sink.get``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import NamedTuple, Protocol

from connectors.models import Connection, RunResource, SyncRun
from connectors.sources.records import EndpointRecord, FindingRecord

Read = Callable[[FindingRecord], None]  # as ``Source.read``


@dataclass(slots=True)
class Tally:
    """What one batch did. The names are the counters of ``SyncRun``."""

    read: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    resolved: int = 0
    reopened: int = 0
    removed: int = 0
    skipped: int = 0
    issues_created: int = 0
    issues_changed: int = 0
    issues_resolved: int = 0
    issues_reopened: int = 0
    issues_removed: int = 0
    broken: list[tuple[str, str]] = field(default_factory=list)  # (reason, sample) of rows left out

    def counters(self) -> dict[str, int]:
        """The numbers that are not zero."""
        values = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "broken"}
        return {name: value for name, value in values.items() if value}

    def add(self, other: Tally) -> None:
        """What another one did, but for its broken rows."""
        for name, value in other.counters().items():
            setattr(self, name, getattr(self, name) + value)


class Closing(NamedTuple):
    """How a finding ends: really gone at the source, or out of the queue for another reason."""

    resolved: bool
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Totals:
    """What is stored of one connection now."""

    findings: int = 0
    issues: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """A resource as stored beside what a full read met there."""

    active: int  # findings active before
    missing: Sequence[int]  # keys of those active but not met


class Sink(Protocol):
    """What writes is called inside the transaction that also saves the run's progress.

    A worker may be killed between any two calls; whoever takes over calls again and only what is
    left is done.
    """

    def store_endpoints(self, run: SyncRun, records: Sequence[EndpointRecord]) -> None: ...

    def store_findings(
        self, run: SyncRun, resource: RunResource, records: Sequence[FindingRecord], read: Read
    ) -> Tally:
        """``read`` is ``Source.read``: asked for what must be stored and is not read yet."""
        ...

    def seen(self, run: SyncRun, resource: RunResource) -> int:
        """Distinct findings that a full read met in the resource."""
        ...

    def compare(self, run: SyncRun, resource: RunResource) -> Comparison: ...

    def deselected(self, run: SyncRun) -> Sequence[int]:
        """Keys of active findings outside every resource of the run."""
        ...

    def active(self, connection: Connection) -> Sequence[int]:
        """Keys of every active finding."""
        ...

    def close(self, connection: Connection, keys: Sequence[int], closing: Closing) -> Tally:
        """Close those of the findings that are still active."""
        ...

    def count_issues(self, connection: Connection, run: SyncRun | None, *, new: bool = False) -> Tally | None:
        """Bring one batch of stale issues up to date; None when none is stale. ``new``: only those made since."""
        ...

    def forget(self, run: SyncRun, resource: RunResource | None = None) -> None:
        """Drop what was kept to judge the run, or what was met in a resource that is read once more."""
        ...

    def conclude(self, run: SyncRun) -> None:
        """The run is over: forget what was kept for it, and note what shows only when everything has come."""
        ...

    def tidy(self) -> None:
        """After a run that wrote: let the database know how its tables have grown. Outside every transaction."""
        ...

    def purge(self, connection: Connection) -> bool:
        """Delete one batch of what is stored of a deleted connection; False when nothing is left."""
        ...

    def totals(self, connections: Iterable[Connection]) -> dict[int, Totals]:
        """By primary key of the connection; one without findings is missing."""
        ...


_opens: Callable[[], Sink] | None = None


def register(opens: Callable[[], Sink]) -> None:
    global _opens
    _opens = opens


def get() -> Sink:
    """A sink of one's own, for one turn: it may remember what it stored."""
    if _opens is None:
        raise RuntimeError("No app has registered a sink for findings.")
    return _opens()
