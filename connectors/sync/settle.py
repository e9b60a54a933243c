"""The last phase: resolve what is gone, remove what was deselected, count the issues."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from connectors.models import Connection, RunResource, SyncRun
from connectors.sink import Closing
from connectors.sync.count import count_issues
from connectors.sync.judge import held_sentence, is_suspicious
from connectors.sync.turn import Turn

CLOSE = 2_000  # findings closed in one transaction


def settle(turn: Turn) -> bool:
    """True when nothing is left to do. Killed anywhere, the next turn does the rest."""
    run = turn.run
    stopped = run.cancel_requested or run.error_code
    if not stopped and not (resolve_missing(turn) and remove_deselected(turn)):
        return False
    return count_issues(turn)


def resolve_missing(turn: Turn) -> bool:
    if turn.run.mode != SyncRun.Mode.FULL:
        return True
    for resource in turn.run.resources.filter(state=RunResource.State.COMPLETE):
        comparison = turn.sink.compare(turn.run, resource)
        if resource.missing is None:  # judged once: after a kill part of the loss is already resolved
            resource.missing = len(comparison.missing)
            if is_suspicious(resource, comparison):
                resource.state, resource.error = RunResource.State.HELD, held_sentence(resource, comparison)
            with turn.stored():
                resource.save()
        if resource.state == RunResource.State.COMPLETE:
            closing = Closing(True, turn.run.started_at or timezone.now(), "No longer reported by the source")
            if not close(turn, comparison.missing, closing):
                return False
    return True


def remove_deselected(turn: Turn) -> bool:
    if turn.run.connection.selection == Connection.Selection.ALL:
        return True
    closing = Closing(False, turn.run.started_at or timezone.now(), "Its resource is not selected any more")
    return close(turn, turn.sink.deselected(turn.run), closing)


def close(turn: Turn, keys: Sequence[int], closing: Closing) -> bool:
    for start in range(0, len(keys), CLOSE):
        with turn.stored() as tally:
            tally.add(turn.sink.close(turn.run.connection, keys[start : start + CLOSE], closing))
        turn.check_cancelled()
        if turn.is_over:
            return False
    return True
