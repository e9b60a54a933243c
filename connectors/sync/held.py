"""A person's answer to a held read: it was right, or leave everything as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from connectors.models import Connection, SyncRun
from connectors.sync.judge import HELD
from connectors.sync.start import start_run

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class NothingToAnswer(Exception):
    """The run holds nothing, was answered, or a later import has answered it."""

    def __init__(self) -> None:
        super().__init__("This import does not wait for an answer any more.")


def confirm(run: SyncRun, user: User | None) -> SyncRun:
    """Read everything once more, and resolve what is missing then, unless much more is missing by now.

    Nothing is resolved from the old read, which may be days old. Returns the new run. ``NothingToAnswer``, or
    ``AlreadyRunning`` when an import is running.
    """
    with transaction.atomic():
        answer(run, user)
        return start_run(run.connection, SyncRun.Mode.FULL, user, confirms=run)


def dismiss(run: SyncRun, user: User | None) -> None:
    """Nothing is resolved, and the connection says no more of it until a later import does. ``NothingToAnswer``."""
    with transaction.atomic():
        answer(run, user)
        Connection.objects.filter(pk=run.connection_id, problem_code=HELD).update(problem_code="", problem="")


def answer(run: SyncRun, user: User | None) -> None:
    """Of two people who answer at once, the first one is heard."""
    asked = SyncRun.objects.select_for_update().get(pk=run.pk)
    if not asked.awaits_answer:
        raise NothingToAnswer
    SyncRun.objects.filter(pk=run.pk).update(answered_at=timezone.now(), answered_by=user)
