"""``manage.py demo``: everything at once, with a simulated tenant, until Ctrl-C."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import run
from config.supervisor import Child
from connectors.demo.feeds import write_feeds
from connectors.demo.fill import fill, follow_tenant, sign_in
from connectors.demo.kept import OtherTenant, keep, open_kept, with_free_port
from connectors.demo.surroundings import MARK, surroundings
from connectors.sources.simulator.endpoints import MOST


class Command(BaseCommand):
    help = "Try Sightline: database, simulated SentinelOne tenant, first import, web server and workers, until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000", metavar="HOST:PORT")
        parser.add_argument("--endpoints", type=int, metavar="N", help="how large the simulated tenant is")
        parser.add_argument("--seed", type=int, metavar="N", help="another number makes another tenant")
        parser.add_argument("--data-dir", metavar="DIR", type=Path, help="default: demo, in DATA_DIR")

    def handle(self, *, bind: str, endpoints: int | None, seed: int | None, data_dir: Path | None, **_: Any) -> None:
        if endpoints is not None and not 1 <= endpoints <= MOST:
            raise CommandError(f"--endpoints takes a number from 1 to {MOST:,}.")
        if os.environ.get(MARK) != str(settings.DATA_DIR):
            self._start_over((data_dir or settings.DATA_DIR / "demo").expanduser().absolute())
        listener = run.listen(bind)
        try:
            before = open_kept(settings.DATA_DIR, endpoints=endpoints, seed=seed)
        except OtherTenant as error:
            raise CommandError(str(error)) from None
        kept = with_free_port(before)
        write_feeds(settings.DATA_DIR, kept.seed, datetime.fromisoformat(kept.epoch))
        run.prepare()
        how = sign_in(kept)
        follow_tenant(before, kept)
        keep(settings.DATA_DIR, kept)

        def greet() -> None:
            self._say(f"Sightline is at {run.address(listener)}/")
            self._say(how)  # it ends with a password, to which a full stop would seem to belong
            self._say(f"Ctrl-C ends everything; the data stays in {settings.DATA_DIR}.")
            Thread(target=fill, args=(kept, self._say), name="fill", daemon=True).start()

        tenant = Child("The simulated tenant", kept.simulator())
        run.serve(listener, on_ready=greet, say=self._say, more=[tenant])

    def _start_over(self, folder: Path) -> None:
        """The same command again, with settings of its own: they are read before any option is."""
        command = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, command, surroundings(folder, os.environ))  # noqa: S606 - our own command line

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
