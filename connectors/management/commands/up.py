"""``manage.py up``: web server and workers for real use, until Ctrl-C or SIGTERM."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import run
from config.first_run import first_run_path


class Command(BaseCommand):
    help = "Start the web server and the workers, after bringing the database to this version."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000", metavar="HOST:PORT")
        parser.add_argument("--web-workers", type=int, default=run.WEB_WORKERS, metavar="N")
        parser.add_argument("--import-workers", type=int, default=settings.IMPORT_WORKERS, metavar="N")

    def handle(self, **options: Any) -> None:
        if min(options["web_workers"], options["import_workers"]) < 1:
            raise CommandError("--web-workers and --import-workers must be at least 1.")
        listener = run.listen(options["bind"])
        run.prepare()
        site = run.address(listener)
        path = first_run_path()

        def greet() -> None:
            self._say(f"Sightline is at {site}/")
            if path:
                self._say(f"Choose the password of the user admin (the link works once): {site}{path}")

        run.serve(
            listener,
            on_ready=greet,
            say=self._say,
            web_workers=options["web_workers"],
            import_workers=options["import_workers"],
        )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
