"""Pages by position instead of by number: the thousandth costs what the first one does.

A cursor holds the sort values of the row at the page's edge. The next page begins after them by one
comparison of rows, ``(severity, score, id) < (4, 7.5, 1234)``, which both databases answer from the
index of that sort. Rows that come or go meanwhile shift nothing.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Field,
    FloatField,
    Func,
    IntegerField,
    Model,
    QuerySet,
    Value,
)
from django.db.models.lookups import GreaterThan, LessThan

from issues.queue.ordering import Sort

M = TypeVar("M", bound=Model)
LARGEST = 2**63 - 1
LONGEST = 4_000  # characters of a cursor


class BadCursor(ValueError):
    """Not a cursor of this list in this order."""


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """``next`` and ``previous`` are cursors, empty at the ends."""

    rows: list[M]
    next: str = ""
    previous: str = ""


def page_of(
    queryset: QuerySet[M], sort: Sort, size: int, cursor: str = "", legs: Sequence[QuerySet[M]] = ()
) -> Page[M]:
    """At most ``size`` rows. ``BadCursor`` for a cursor that was changed, or made for another order.

    ``legs`` are walked for keys instead where one walk would have to sort whole rows: together they find the rows,
    and ``queryset`` only brings them.
    """
    model = queryset.model
    backwards, values = _open(cursor, sort, model) if cursor else (False, ())
    order = sort.order(backwards=backwards)
    walks = [_beyond(walk, sort, values, backwards) if values else walk for walk in (legs or (queryset,))]
    if legs:
        keys = [pk for walk in walks for pk in walk.order_by(*order).values_list("pk", flat=True)[: size + 1]]
        rows = list(queryset.filter(pk__in=keys).order_by(*order)[: size + 1])
    else:
        rows = list(walks[0].order_by(*order)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Page([])
    return Page(
        rows,
        next=_seal(False, sort, rows[-1]) if more or backwards else "",
        previous=_seal(True, sort, rows[0]) if cursor and (more or not backwards) else "",
    )


class _Row(Func):
    template = "(%(expressions)s)"
    output_field = BooleanField()  # nobody reads it; a lookup wants to know one


def _beyond(queryset: QuerySet[M], sort: Sort, values: Sequence[Any], backwards: bool) -> QuerySet[M]:
    fields = [_field(queryset.model, column) for column in sort.columns]
    here = _Row(*sort.columns)
    edge = _Row(*(Value(value, output_field=field) for value, field in zip(values, fields, strict=True)))
    return queryset.filter(LessThan(here, edge) if sort.descending != backwards else GreaterThan(here, edge))


def _seal(backwards: bool, sort: Sort, row: Model) -> str:
    values = [_read(row, column) for column in sort.columns]
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps([int(backwards), str(sort), *plain]).encode()).decode().rstrip("=")


def _open(cursor: str, sort: Sort, model: type[Model]) -> tuple[bool, tuple[Any, ...]]:
    try:
        if len(cursor) > LONGEST:
            raise ValueError
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        backwards, name, *plain = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if backwards not in (0, 1) or name != str(sort) or len(plain) != len(sort.columns):
            raise ValueError
        values = tuple(_value(_field(model, column), value) for column, value in zip(sort.columns, plain, strict=True))
    except (ValueError, TypeError, RecursionError):
        raise BadCursor("This is not a page of this list in this order. Begin again at the first page.") from None
    return bool(backwards), values


def _value(field: Field[Any, Any], plain: object) -> Any:
    """What the column holds, or ``ValueError``: nothing that a database would choke on gets through."""
    if isinstance(field, DateTimeField) and isinstance(plain, str):
        moment = datetime.fromisoformat(plain)
        if moment.tzinfo is not None and 1 < moment.year < 9999:
            return moment
    elif isinstance(field, FloatField) and isinstance(plain, float | int) and math.isfinite(plain):
        return float(plain)
    elif isinstance(field, IntegerField) and type(plain) is int and abs(plain) <= LARGEST:
        return plain
    elif isinstance(field, CharField) and isinstance(plain, str) and "\0" not in plain:
        plain.encode()  # a lone surrogate is a ValueError
        return plain
    raise ValueError


def _field(model: type[Model], path: str) -> Field[Any, Any]:
    *relations, name = path.split("__")
    for relation in relations:
        model = model._meta.get_field(relation).related_model  # type: ignore[assignment]
    return model._meta.get_field(name)  # type: ignore[return-value]


def _read(row: Model, path: str) -> Any:
    value: Any = row
    for name in path.split("__"):
        value = getattr(value, name)
    return value
