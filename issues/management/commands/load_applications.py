"""``manage.py load_applications FILE``: what people know of their applications, from a file of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from issues.api.application_change_serializer import ApplicationChangeSerializer
from issues.editing.values import clean_name
from issues.editing.write import Refused, change, create
from issues.models import Application


class Command(BaseCommand):
    help = (
        "Create applications, or change those that have the name already, from a JSON list of objects as the API takes "
        "them (POST /api/v1/applications/). What a row leaves out stays as it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **_: Any) -> None:
        """Exit code 0, or 1 with the row and the reason; then nothing of the file was stored."""
        created = changed = 0
        with transaction.atomic():
            for number, row in enumerate(_rows(file), 1):
                try:
                    new = _store(row)
                except Refused as refused:
                    raise CommandError(f"Row {number}: {refused} Nothing was stored.") from None
                created, changed = created + new, changed + (not new)
        self.stdout.write(f"{created} applications created, {changed} looked at again.")


def _rows(file: Path) -> list[Any]:
    try:
        rows = json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise CommandError(f"{file} could not be read: {error}") from None
    if not isinstance(rows, list):
        raise CommandError(f"{file} holds no list of applications.")
    return rows


def _store(row: Any) -> bool:
    """Whether it is new. ``Refused`` names the field."""
    name = clean_name(str(row.get("name", ""))) if isinstance(row, dict) else ""
    stored = Application.objects.filter(name=name).first()
    asked = ApplicationChangeSerializer(stored, data=row, partial=stored is not None)
    if not asked.is_valid():
        raise Refused("; ".join(f"{field}: {errors}" for field, errors in _said(asked.errors)))
    if stored is None:
        create(asked.wanted({}), None)
    else:
        change([stored.pk], lambda _, now: asked.wanted(now), None)
    return stored is None


def _said(errors: Any) -> list[tuple[str, str]]:
    return [(field, " ".join(map(str, said))) for field, said in dict(errors).items()]
