"""Every row of one database into another: keys kept, sequences set, counts and checksums compared."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, models, transaction

from connectors.secrets import Secret

BATCH = 5_000
Model = type[models.Model]


class Different(Exception):
    """What arrived is not what was sent; nothing was kept."""


@dataclass(frozen=True, slots=True)
class Copied:
    table: str
    rows: int
    checksum: str  # 16 hex digits, whatever the order of the rows


def copied_models() -> list[Model]:
    """Every table of the installed apps, those between two models included."""
    found = {m._meta.db_table: m for m in apps.get_models(include_auto_created=True) if m._meta.managed}
    return [found[table] for table in sorted(found)]


def copy_all(source: str, target: str, say: Callable[[Copied], object]) -> list[Copied]:
    """Copy between two aliases in one transaction each; the target has the tables, and what migrations put there goes.

    ``Different`` when a table does not arrive as it was: then the target is left as it was before.
    """
    done: list[Copied] = []
    with transaction.atomic(using=source), transaction.atomic(using=target):
        chosen = copied_models()
        _empty(target, chosen)
        for model in chosen:
            sent = _copy(model, source, target)
            arrived = _weigh(model, _rows(model, target))
            if arrived != sent:
                raise Different(
                    f"{sent.table}: {sent.rows:,} rows were sent, {arrived.rows:,} arrived, or they differ."
                )
            say(sent)
            done.append(sent)
        _set_sequences(target, chosen)
    return done


def _empty(alias: str, chosen: list[Model]) -> None:
    tables = ", ".join(f'"{m._meta.db_table}"' for m in chosen)
    with connections[alias].cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables}")


def _fields(model: Model) -> list[Any]:
    """What is copied: a generated column makes itself."""
    return [field for field in model._meta.concrete_fields if not field.generated]


def _rows(model: Model, alias: str) -> Iterator[tuple[Any, ...]]:
    names = [field.attname for field in _fields(model)]
    return model._base_manager.using(alias).order_by().values_list(*names).iterator(BATCH)


def _copy(model: Model, source: str, target: str) -> Copied:
    fields, connection = _fields(model), connections[target]
    names = ", ".join(f'"{field.column}"' for field in fields)
    scale = _Scale()
    statement = f'COPY "{model._meta.db_table}" ({names}) FROM STDIN'
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in _rows(model, source):
            scale.add(row)
            copy.write_row([f.get_db_prep_save(v, connection) for f, v in zip(fields, row, strict=True)])
    return scale.read(model)


def _weigh(model: Model, rows: Iterator[tuple[Any, ...]]) -> Copied:
    scale = _Scale()
    for row in rows:
        scale.add(row)
    return scale.read(model)


class _Scale:
    """Adds rows up, in any order, to a number that two different tables don't share."""

    def __init__(self) -> None:
        self.rows, self.sum = 0, 0

    def add(self, row: tuple[Any, ...]) -> None:
        text = json.dumps([_plain(value) for value in row], sort_keys=True, default=str)
        self.rows += 1
        self.sum += int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")

    def read(self, model: Model) -> Copied:
        return Copied(model._meta.db_table, self.rows, f"{self.sum % 2**64:016x}")


def _plain(value: Any) -> Any:
    """The same for a value whichever database it comes from."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Secret):
        return value.sealed
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value


def _set_sequences(alias: str, chosen: list[Model]) -> None:
    with connections[alias].cursor() as cursor:
        for statement in connections[alias].ops.sequence_reset_sql(no_style(), chosen):
            cursor.execute(statement)
