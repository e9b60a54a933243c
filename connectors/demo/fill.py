"""Fills a demo while its processes run: feeds, the connection, the first import. Every line said is for a person."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connections

from connectors import sink
from connectors.demo.applications import write_applications
from connectors.demo.kept import Kept
from connectors.models import Connection, SyncRun
from connectors.progress import progress_of
from connectors.sink import Totals
from connectors.sources.base import CheckResult
from connectors.sources.simulator.tenant import default_token
from connectors.sync.connect import check_connection, store_connection

NAME = "Simulated tenant"
USER = "demo"
PATIENCE = 120.0  # seconds for a large tenant to be made
LOOK = 1.0

Say = Callable[[str], None]


def sign_in(kept: Kept) -> str:
    """The user of the demo, made at the first start; a sentence that says how to sign in."""
    user = User.objects.filter(username=USER).first()
    if user is None:
        user = User.objects.create_superuser(USER, password=kept.password)
    if user.check_password(kept.password):
        return f"Sign in as {USER} with the password {kept.password}"
    return f"Sign in as {USER} with the password that you chose"


def follow_tenant(before: Kept, now: Kept) -> None:
    """The tenant may have another port than last time."""
    if before.port and before.port != now.port:
        Connection.objects.live().filter(host_url=before.tenant_url).update(host_url=now.tenant_url)


def fill(kept: Kept, say: Say) -> None:
    """Runs beside the supervisor, in a thread of its own. A demo that is filled already only says what it has."""
    try:
        _load("load_feeds", say)
        connection = Connection.objects.live().filter(host_url=kept.tenant_url).first() or _connect(kept, say)
        run = connection.active_run if connection else None
        if run:
            _watch(run, say)
        if connection:
            has = sink.get().totals([connection]).get(connection.pk, Totals())
            say(f"{connection} has {has.findings:,} findings in {has.issues:,} issues.")
    finally:
        connections.close_all()


def _load(command: str, say: Say, *arguments: str) -> None:
    try:
        call_command(command, *arguments, stdout=_Quiet())
    except CommandError as error:
        say(f"{command} failed: {error}")


def _connect(kept: Kept, say: Say) -> Connection | None:
    token = default_token(kept.seed)
    host, result = _when_it_answers(kept, token)
    if not result.usable:
        say(f"The simulated tenant was not connected: {result.failed_step and result.failed_step.sentence}")
        return None
    _load("load_applications", say, str(write_applications(settings.DATA_DIR, USER)))  # once: then they are people's
    return store_connection("sentinelone", NAME, host, token, result, User.objects.filter(username=USER).first())


def _when_it_answers(kept: Kept, token: str) -> tuple[str, CheckResult]:
    end = time.monotonic() + PATIENCE
    while True:
        host, result = check_connection("sentinelone", kept.tenant_url, token)
        if result.usable or time.monotonic() > end:
            return host, result
        time.sleep(LOOK)


def _watch(run: SyncRun, say: Say) -> None:
    said = ""
    while run.is_unfinished:
        progress = progress_of(run)
        rows = f", {progress.read:,} of {progress.expected:,} rows" if progress.expected else ""
        line = f"First import: {progress.what.lower()}{rows}"
        if line != said:
            say(line)
        said = line
        time.sleep(LOOK)
        run = SyncRun.objects.get(pk=run.pk)
    say(f"First import: {run.get_state_display().lower()} in {run.seconds} s. {run.error}".rstrip())


class _Quiet:
    def write(self, text: str) -> int:
        return len(text)
