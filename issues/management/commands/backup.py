"""``manage.py backup FILE``: a consistent copy of an embedded installation, made while it works."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from issues.backups import back_up

ON_POSTGRES = "This installation is on PostgreSQL: use pg_dump and pg_restore, and keep TOKEN_KEYS and SECRET_KEY."


class Command(BaseCommand):
    help = "Write database and keys into one file. Whoever has the file can read the tokens: keep it like a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        if connection.vendor != "sqlite":
            raise CommandError(ON_POSTGRES)
        database = Path(str(connection.settings_dict["NAME"]))
        if not database.exists():
            raise CommandError(f"There is nothing to back up: {database} does not exist.")
        try:
            back_up(database, settings.DATA_DIR, file.absolute())
        except FileExistsError:
            raise CommandError(f"{file} exists already. Name another file.") from None
        except OSError as error:
            raise CommandError(f"{file} can't be written: {error.strerror}.") from None
        self.stdout.write(f"{file} holds everything ({file.stat().st_size / 2**20:,.1f} MB).")
