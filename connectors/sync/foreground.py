"""An import worked on by whoever asked for it, beside or without the workers."""

from __future__ import annotations

import time
from collections.abc import Callable

from connectors.models import Connection, SyncRun
from connectors.sync.start import AlreadyRunning, start_run
from connectors.sync.work import Next, take_turn

LOOK = 0.5  # seconds between two looks at a run that a worker has
REFUSALS = 3  # turns in a row that could not be stored


class DatabaseRefuses(Exception):
    """Not even the failure could be stored."""


Watcher = Callable[[SyncRun], None]


def import_now(connection: Connection, mode: str | None, watch: Watcher) -> SyncRun:
    """Import to the end and return the finished run. ``watch`` is shown the run now and then.

    A run that is queued or running already is adopted: worked on, or waited for while a worker has it.
    When ``mode`` was asked for and the adopted run had another one, a run of that mode follows.
    Without a mode everything is read.
    """
    while True:
        try:
            run, adopted = start_run(connection, mode or SyncRun.Mode.FULL, ring=False), False
        except AlreadyRunning as error:
            run, adopted = error.run, True
        wanted = run.mode
        work_to_the_end(run, watch)
        if not adopted or mode in (None, wanted):
            return run
        connection.refresh_from_db()


def work_to_the_end(run: SyncRun, watch: Watcher) -> None:
    """Take turns until the run is over. Turns that a worker takes in between are waited for."""
    refusals = 0
    while True:
        after = take_turn(run.pk, patient=False)
        refusals = refusals + 1 if after is Next.LATER else 0
        if refusals == REFUSALS:
            raise DatabaseRefuses("The database refuses to work, as the messages above say. What was stored stays.")
        run.refresh_from_db()
        watch(run)
        if not run.is_unfinished:
            return
        if after is not Next.AGAIN:
            time.sleep(LOOK)
