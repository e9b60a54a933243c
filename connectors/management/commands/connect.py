"""``manage.py connect sentinelone --url …``: what the form does, for scripts."""

from __future__ import annotations

import getpass
import json
import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from connectors.management.ready import require_database
from connectors.models import Connection
from connectors.sources.base import CheckResult, StepState
from connectors.sources.registry import PRODUCTS
from connectors.sync.connect import check_connection, store_connection

SIGNS = {StepState.OK: "ok", StepState.WARNING: "warning", StepState.FAILED: "FAILED", StepState.SKIPPED: "skipped"}


class Command(BaseCommand):
    help = "Validate and store a connection in five steps, as the form does. Exit code 0 connected, 1 refused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("connector", choices=sorted(PRODUCTS))
        parser.add_argument("--url", required=True, help="address of the console; a pasted page is cut to its origin")
        parser.add_argument("--name", default="", help="default: the host's")
        tokens = parser.add_mutually_exclusive_group()
        tokens.add_argument("--token-file", metavar="FILE", type=Path, help="file that holds the API token")
        tokens.add_argument("--token-stdin", action="store_true", help="read the API token from standard input")
        parser.add_argument("--no-sync", action="store_true", help="do not queue the first import")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")

    def handle(self, *, connector: str, url: str, name: str, **options: Any) -> None:
        """``--json``: ``connected, connection, name, host_url, needs_attention, run, token_expires_at, error,
        steps [{code, title, state, sentence}]``; ``connection`` and ``run`` are ids or null, ``error`` is null or
        ``{code, message}`` where code is the step that failed, "input" or "name".
        """
        require_database()
        try:
            token = read_token(options["token_file"], from_stdin=options["token_stdin"])
            host, result = check_connection(connector, url, token)
        except ValueError as error:
            self._refuse("input", str(error), None, as_json=options["json"])
        if not options["json"]:
            self._print_steps(result)
        failed = result.failed_step
        if not result.usable and failed:
            self._refuse(failed.code, f"{failed.title}: {failed.sentence}", result, as_json=options["json"])
        try:
            connection = store_connection(connector, name, host, token, result, start=not options["no_sync"])
        except ValidationError as error:
            self._refuse("name", " ".join(error.messages), result, as_json=options["json"])
        self._tell(connection, result, as_json=options["json"])

    def _print_steps(self, result: CheckResult) -> None:
        for step in result.steps:
            self.stdout.write(f"{SIGNS[step.state]:>8}  {step.title}{f': {step.sentence}' if step.sentence else ''}")

    def _refuse(self, code: str, message: str, result: CheckResult | None, *, as_json: bool) -> Any:
        if as_json:
            self.stdout.write(json.dumps(outcome(None, result, {"code": code, "message": message})))
            sys.exit(1)
        raise CommandError(f"Refused, nothing was stored. {message}")

    def _tell(self, connection: Connection, result: CheckResult, *, as_json: bool) -> None:
        failed = result.failed_step
        problem = {"code": failed.code, "message": failed.sentence} if failed else None
        if as_json:
            self.stdout.write(json.dumps(outcome(connection, result, problem)))
            return
        self.stdout.write(f"{connection} ({connection.host_url}) is connected, id {connection.pk}.")
        if failed:
            self.stdout.write(f"It needs attention: {failed.sentence}")
        elif connection.active_run:
            how = f"`manage.py up` works on it, or `manage.py sync {connection.pk}`"
            self.stdout.write(f"Its first import is queued: {how}.")


def read_token(file: Path | None, *, from_stdin: bool) -> str:
    """The token, never from the command line, where every process of the machine could read it. ``ValueError``."""
    if file is not None:
        try:
            return file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not text"
            raise ValueError(f"The token file {file} can't be read: {reason}.") from None
    if from_stdin:
        return sys.stdin.read()
    if not sys.stdin.isatty():
        raise ValueError("Give the API token by --token-file FILE or --token-stdin.")
    return getpass.getpass("API token: ")


def outcome(connection: Connection | None, result: CheckResult | None, error: dict[str, str] | None) -> dict[str, Any]:
    run = connection.active_run if connection else None
    steps = result.steps if result else ()
    expires = result.token_expires_at if result else None
    return {
        "connected": connection is not None,
        "connection": str(connection.pk) if connection else None,
        "name": connection.name if connection else None,
        "host_url": connection.host_url if connection else None,
        "needs_attention": bool(connection and connection.problem),
        "run": str(run.pk) if run else None,
        "token_expires_at": expires.isoformat() if expires else None,
        "error": error,
        "steps": [{"code": s.code, "title": s.title, "state": s.state, "sentence": s.sentence} for s in steps],
    }
