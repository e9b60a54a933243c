"""How a run ends: its state, its sentence, and what its connection remembers of it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from connectors.models import Connection, RunResource, SyncRun
from connectors.sources.exceptions import ModuleMissing, NotAllowed, PermissionMissing, TokenRefused, WrongHost
from connectors.sync.judge import HELD, TooManyBroken
from connectors.sync.storage import DatabaseBusy, DatabaseFailed, DiskFull
from connectors.sync.turn import Turn

REFUSALS = (TokenRefused, NotAllowed, WrongHost, ModuleMissing, PermissionMissing, TooManyBroken)
FAILING = {e.code for e in (*REFUSALS, DiskFull, DatabaseBusy, DatabaseFailed)}


def outcome(run: SyncRun, resources: list[RunResource]) -> SyncRun.State:
    """Succeeded: everything came. Partial: some came, and it is kept. Failed: nothing of use, or a person must act."""
    if run.cancel_requested:
        return SyncRun.State.CANCELLED
    if run.error_code:
        return SyncRun.State.PARTIAL if run.read and run.error_code not in FAILING else SyncRun.State.FAILED
    if all(r.state == RunResource.State.COMPLETE for r in resources):
        return SyncRun.State.SUCCEEDED
    some = run.read or any(r.state in (RunResource.State.COMPLETE, RunResource.State.HELD) for r in resources)
    return SyncRun.State.PARTIAL if some else SyncRun.State.FAILED


def finish(turn: Turn) -> SyncRun.State:
    """Close the run and plan the next one, in one transaction."""
    with transaction.atomic():
        run = SyncRun.objects.select_related("connection").get(pk=turn.run.pk)
        resources = list(run.resources.all())
        state = outcome(run, resources)
        code, sentence = problem_of(run, resources)
        turn.sink.conclude(run)
        turn.claim.save(state=state, error_code=code, error=sentence, finished_at=timezone.now(), next_step_at=None)
        remember(run, state, code, sentence)
        turn.claim.release()
    return state


def problem_of(run: SyncRun, resources: list[RunResource]) -> tuple[str, str]:
    if run.error_code:
        return run.error_code, run.error
    for state, code in ((RunResource.State.HELD, HELD), (RunResource.State.INCOMPLETE, "incomplete")):
        sentences = [r.error for r in resources if r.state == state]
        if sentences:
            more = f" The same for {len(sentences) - 1} more resources." if len(sentences) > 1 else ""
            return code, sentences[0] + more
    return "", ""


def remember(run: SyncRun, state: SyncRun.State, code: str, sentence: str) -> None:
    """Move the checkpoint after a good read only; say on the connection what needs attention."""
    connection = Connection.objects.select_for_update().get(pk=run.connection_id)
    if state == SyncRun.State.SUCCEEDED:
        connection.last_read_at = run.started_at
        if run.mode == SyncRun.Mode.FULL:
            connection.last_full_at = run.started_at
        if run.mode == SyncRun.Mode.FULL or connection.problem_code != HELD:  # changes alone don't tell what is gone
            connection.clear_problem()
    elif state != SyncRun.State.CANCELLED:
        connection.set_problem(code, sentence)
    if connection.deleted_at is None:
        connection.plan_next(timezone.now())
    connection.save(update_fields=["last_read_at", "last_full_at", "problem_code", "problem", "next_run_at"])
