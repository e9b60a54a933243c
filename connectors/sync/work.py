"""Take a turn at a run: claim it, go through its phases, hand it back or finish it."""

from __future__ import annotations

import logging
from datetime import timedelta
from enum import Enum, auto
from functools import partial

from django.db import DatabaseError
from django.db import connection as database
from django.utils import timezone

from connectors import sink
from connectors.models import SyncRun
from connectors.models.sync_run import LONGEST_PAUSE
from connectors.sources.exceptions import SourceError
from connectors.sources.registry import open_source
from connectors.sync.claim import Claim, ClaimLost
from connectors.sync.count import show_new_issues
from connectors.sync.finish import finish
from connectors.sync.read import read_endpoints, read_findings, read_resources
from connectors.sync.reader import Reader
from connectors.sync.settle import settle
from connectors.sync.storage import storage_error
from connectors.sync.turn import Cancelled, Turn
from connectors.sync.uncollected import uncollected
from connectors.sync.walks import Walks

log = logging.getLogger(__name__)

TURN = 20.0  # seconds: a kill loses one batch, a stop waits for one turn at most
TRIES = 4  # turns that stored nothing before a run is given up
PAUSES = (30, 120, 300)  # seconds before the second, third and fourth try

PHASES = {
    SyncRun.Phase.RESOURCES: read_resources,
    SyncRun.Phase.ENDPOINTS: read_endpoints,
    SyncRun.Phase.FINDINGS: read_findings,
    SyncRun.Phase.SETTLE: settle,
}


class Next(Enum):
    """What should happen after a turn."""

    AGAIN = auto()  # there is more to do now
    LATER = auto()  # not before ``next_step_at``
    DONE = auto()  # finished, or somebody else has it


def take_turn(run_id: int, *, patient: bool = True) -> Next:
    """Work on a run for a while. ``patient``: after an error worth another try, wait instead of giving up."""
    try:
        claim = Claim.take(run_id)
        if claim is None:
            return Next.DONE
        with uncollected():
            return _work(SyncRun.objects.select_related("connection").get(pk=run_id), claim, patient)
    except ClaimLost:
        return Next.DONE
    except DatabaseError:
        # Not even the failure could be stored. The lease runs out, and the reaper rings until it can be.
        log.exception("Import %s stopped: the database refuses to work.", run_id)
        database.close_if_unusable_or_obsolete()
        return Next.LATER


def _work(run: SyncRun, claim: Claim, patient: bool) -> Next:
    connector, config = run.connection.connector, run.connection.source_config()
    source = open_source(connector, config)
    walks = Walks(source, partial(Reader, connector, config), whole=run.connection.last_full_at is None)
    turn = Turn(run, claim, source, walks, sink.get(), TURN)
    try:
        if not _begin(turn):
            finish(turn)
            return Next.DONE
        return _phases(turn)
    except Cancelled:
        run.cancel_requested = True
        return _to_the_end(turn)
    except SourceError as error:
        return _after_error(turn, error, patient)
    except DatabaseError as error:
        log.exception("Import %s: the database refused to store.", run.pk)
        return _after_error(turn, storage_error(error), patient)
    finally:
        walks.close()
        source.close()


def _begin(turn: Turn) -> bool:
    """False for a run that can only be closed: it failed, and ending it properly failed as well."""
    run = turn.run
    if run.started_at is None:
        run.started_at = timezone.now()
        turn.claim.save(state=SyncRun.State.RUNNING, started_at=run.started_at)
    if run.cancel_requested or run.connection.deleted_at:
        raise Cancelled
    if run.attempts > TRIES and run.error_code:
        return False
    if run.attempts > TRIES:
        raise WorkerDied("The import stopped without a word several times. It was ended; what it stored stays.")
    if run.mode == SyncRun.Mode.FULL and run.phase != SyncRun.Phase.SETTLE:
        turn.walks.expect(run.expected or run.read_before)
    return True


class WorkerDied(SourceError):
    code = "worker_died"


def _phases(turn: Turn) -> Next:
    while True:
        done = PHASES[SyncRun.Phase(turn.run.phase)](turn)
        if turn.run.phase == SyncRun.Phase.SETTLE and done:
            finish(turn)
            if turn.wrote:
                turn.sink.tidy()
            return Next.DONE
        if not done:
            show_new_issues(turn)
            turn.claim.release()
            return Next.AGAIN
        turn.run.phase = SyncRun.objects.values_list("phase", flat=True).get(pk=turn.run.pk)


def _after_error(turn: Turn, error: SourceError, patient: bool) -> Next:
    run = turn.run
    tries = SyncRun.objects.values_list("attempts", flat=True).get(pk=run.pk)
    if patient and not error.permanent and tries < TRIES:
        pause = error.retry_after or PAUSES[min(max(tries - 1, 0), len(PAUSES) - 1)]
        turn.claim.release(next_step_at=timezone.now() + min(timedelta(seconds=pause), LONGEST_PAUSE))
        return Next.LATER
    if not run.error_code:
        run.error_code, run.error = error.code, error.sentence
        turn.claim.save(error_code=error.code, error=error.sentence)
    try:
        return _to_the_end(turn)
    except DatabaseError:  # what was stored can't be counted now; the next run does that
        log.exception("Import %s: it is closed without counting.", run.pk)
        finish(turn)
        return Next.DONE


def _to_the_end(turn: Turn) -> Next:
    """Nothing more is read or resolved; what was stored is counted and the run is closed."""
    turn.run.phase = SyncRun.Phase.SETTLE
    turn.claim.save(phase=SyncRun.Phase.SETTLE, attempts=0, cancel_requested=turn.run.cancel_requested)
    return _phases(turn)
