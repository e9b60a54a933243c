"""``manage.py sync``: import now, in the foreground."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from connectors.management.ready import require_database
from connectors.models import Connection, SyncRun
from connectors.progress import progress_of
from connectors.sync.foreground import DatabaseRefuses, import_now
from connectors.sync.report import run_report

EXIT = {SyncRun.State.SUCCEEDED: 0, SyncRun.State.PARTIAL: 3}  # any other end is 1
INTERRUPTED = 130


class Command(BaseCommand):
    help = "Import now, in the foreground. Exit code 0 succeeded, 3 partial, 1 failed. Progress goes to standard error."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("connection", nargs="?", metavar="NAME | ID", help="may be left out when there is only one")
        modes = parser.add_mutually_exclusive_group()
        for mode, meaning in ((SyncRun.Mode.FULL, "everything (default)"), (SyncRun.Mode.DELTA, "only changes")):
            modes.add_argument(f"--{mode}", dest="mode", action="store_const", const=mode, help=meaning)
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")

    def handle(self, *, connection: str | None, mode: str | None, **options: Any) -> None:
        require_database()
        chosen = choose(connection)
        self.stderr.write(f"Importing {chosen}…")
        try:
            run = import_now(chosen, mode, self._watch)
        except DatabaseRefuses as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            self.stderr.write("Stopped. What was stored stays; a worker, or `manage.py sync`, goes on with it.")
            sys.exit(INTERRUPTED)
        if options["json"]:
            self.stdout.write(json.dumps(run_report(run)))
        else:
            self._print(run)
        sys.exit(EXIT.get(SyncRun.State(run.state), 1))

    def _watch(self, run: SyncRun) -> None:
        """At most one line per turn."""
        if run.is_unfinished:
            self.stderr.write(progress_line(run))

    def _print(self, run: SyncRun) -> None:
        self.stdout.write(f"{run.connection}: {run.get_state_display().lower()}, {run.get_mode_display().lower()}.")
        if run.error:
            self.stdout.write(run.error)
        self.stdout.write(
            f"{run.read:,} rows read: {run.created:,} new, {run.changed:,} changed, {run.unchanged:,} unchanged, "
            f"{run.resolved:,} resolved, {run.reopened:,} reopened, {run.removed:,} removed, {run.skipped:,} skipped."
        )
        self.stdout.write(
            f"Issues: {run.issues_created:,} new, {run.issues_changed:,} changed, {run.issues_resolved:,} resolved, "
            f"{run.issues_reopened:,} reopened, {run.issues_removed:,} removed."
        )
        self.stdout.write(f"{run.requests:,} requests in {run.seconds} s.")


def progress_line(run: SyncRun) -> str:
    progress = progress_of(run)
    if progress.expected:
        return f"{progress.what}: {progress.read:,} of {progress.expected:,} rows"
    return f"{progress.what}: {progress.read:,} rows" if progress.read else progress.what


def choose(text: str | None) -> Connection:
    """By name, then by id; without either the only one there is. ``CommandError`` names the choices."""
    live = Connection.objects.live()
    if text is None:
        found = list(live)
        if len(found) == 1:
            return found[0]
        if not found:
            raise CommandError("Nothing is connected. Connect a tenant with `manage.py connect sentinelone --url …`.")
        raise CommandError(f"There are several connections, so name one: {names(found)}.")
    by_name = live.filter(name=text).first()
    by_id = live.filter(pk=int(text)).first() if text.isascii() and text.isdecimal() and len(text) < 19 else None
    chosen = by_name or by_id
    if chosen is None:
        raise CommandError(f"There is no connection “{text}”. There is: {names(list(live)) or 'none'}.")
    return chosen


def names(connections: list[Connection]) -> str:
    return ", ".join(f"“{c.name}” ({c.pk})" for c in connections)
