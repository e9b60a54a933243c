"""``manage.py copy_data --to postgres://…``: everything of an embedded installation into PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

import dj_database_url
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, connections

from issues.copying import Copied, Different, copy_all

TARGET = "target"


class Command(BaseCommand):
    help = "Copy everything into an empty PostgreSQL database and check it. Stop `up` first. Exit code 0: all is there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", required=True, metavar="postgres://…", help="an empty database that exists")

    def handle(self, *, to: str, **options: Any) -> None:
        if not to.startswith(("postgres://", "postgresql://")):
            raise CommandError("--to must begin with postgres://.")
        if connection.vendor != "sqlite":
            raise CommandError("This installation is on PostgreSQL already: use pg_dump and pg_restore.")
        alias = {"default": {}, TARGET: dict(dj_database_url.parse(to))}
        connections.settings[TARGET] = connections.configure_settings(alias)[TARGET]
        try:
            self._refuse_what_is_there()
            _make_tables(to)
            done = copy_all("default", TARGET, self._say)
        except Different as error:
            raise CommandError(f"Nothing was copied. {error}") from None
        except DatabaseError as error:
            raise CommandError(f"Nothing was copied: {str(error).strip().splitlines()[0]}") from None
        finally:
            connections[TARGET].close()
            del connections.settings[TARGET]
        self.stdout.write(f"{sum(c.rows for c in done):,} rows in {len(done)} tables are there and equal.")
        self.stdout.write("Set DATABASE_URL to the new database, keep SECRET_KEY and TOKEN_KEYS, and start `up`.")

    def _refuse_what_is_there(self) -> None:
        if connections[TARGET].introspection.table_names():
            raise CommandError("The target has tables already. Make an empty database, or name another one.")

    def _say(self, copied: Copied) -> None:
        if copied.rows:
            self.stdout.write(f"{copied.table:40} {copied.rows:>12,}  {copied.checksum}")


def _make_tables(url: str) -> None:
    """As the installation that the target will be: a migration that writes rows writes them where the default is."""
    made = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--no-input", "-v0"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        reason = made.stderr.strip().splitlines() or ["migrate failed"]
        raise CommandError(f"Nothing was copied: {reason[-1]}")
