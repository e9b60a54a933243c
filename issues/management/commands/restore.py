"""``manage.py restore FILE``: put a backup in the place of this installation's data."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from issues.backups import NoBackup, restore
from issues.management.commands.backup import ON_POSTGRES


class Command(BaseCommand):
    help = "Restore what `backup` wrote. Stop `up` first; start it afterwards, which brings old data to this version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="throw away the data that is here now")

    def handle(self, *, file: Path, replace: bool, **options: Any) -> None:
        if connection.vendor != "sqlite":
            raise CommandError(ON_POSTGRES)
        database = Path(str(connection.settings_dict["NAME"]))
        if database.exists() and not replace:
            raise CommandError(f"{database} exists. To throw it away and restore {file}, add --replace.")
        connection.close()
        try:
            restore(file, database, settings.DATA_DIR)
        except NoBackup as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{file} is restored to {settings.DATA_DIR}. Start `up` now.")
