"""How far an unfinished import is, in rows and time, for the card and the page of the run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from connectors.models import RunResource, SyncRun

SETTLED_AFTER = timedelta(seconds=5)  # a rate measured in less time than this says nothing

DONE = (RunResource.State.COMPLETE, RunResource.State.INCOMPLETE, RunResource.State.HELD)


@dataclass(frozen=True, slots=True)
class Progress:
    """``read`` of ``expected`` rows: of the whole run when that is known, else of the resource being read."""

    what: str
    read: int
    expected: int | None
    remaining: timedelta | None = None  # None while nobody can tell
    resources: int = 0
    resources_done: int = 0


def progress_of(run: SyncRun) -> Progress:
    """One query, or none when the run's resources were prefetched."""
    resources = list(run.resources.all())
    done = sum(r.state in DONE for r in resources)
    if run.state == SyncRun.State.QUEUED:
        return Progress("Waiting for a worker", 0, None)
    if run.phase == SyncRun.Phase.RESOURCES:
        return Progress(run.get_phase_display(), 0, None)
    if run.phase == SyncRun.Phase.ENDPOINTS:
        return Progress(run.get_phase_display(), run.endpoints_read, None)
    current = _current(resources)
    what = run.get_phase_display()
    if current and current.external_id and run.phase == SyncRun.Phase.FINDINGS:
        what = f"{what}, {current.kind} {current.name}"
    if run.expected is None and current is not None:
        return Progress(what, current.read, current.total, None, len(resources), done)
    return Progress(what, run.read, run.expected, _remaining(run), len(resources), done)


def _current(resources: list[RunResource]) -> RunResource | None:
    """The resource being read, else the next one, else the last."""
    for state in (RunResource.State.READING, RunResource.State.WAITING):
        for resource in resources:
            if resource.state == state:
                return resource
    return resources[-1] if resources else None


def _remaining(run: SyncRun) -> timedelta | None:
    if run.started_at is None or not run.expected or not run.read:
        return None
    elapsed = timezone.now() - run.started_at
    if elapsed < SETTLED_AFTER:
        return None
    seconds = elapsed.total_seconds() * max(0, run.expected - run.read) / run.read
    step = 60 if seconds >= 90 else 10  # nobody knows it better
    return timedelta(seconds=round(seconds / step) * step)
