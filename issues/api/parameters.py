"""The queue's filters in words of OpenAPI, read from the FilterSet itself."""

from __future__ import annotations

from typing import Any

import django_filters
from drf_spectacular.utils import OpenApiParameter

from connectors.api.fields import ID
from issues.queue.fields import LONGEST, NumbersFilter, TextsFilter, WordsFilter


def parameters_of(filters: type[django_filters.FilterSet]) -> list[OpenApiParameter]:
    return [_parameter(name, declared) for name, declared in filters.base_filters.items()]


def _parameter(name: str, declared: django_filters.Filter) -> OpenApiParameter:
    text: dict[str, Any] = {"type": "string", "maxLength": LONGEST}
    repeatable = isinstance(declared, WordsFilter | TextsFilter | NumbersFilter)
    if isinstance(declared, NumbersFilter):
        text = ID
    elif isinstance(declared, WordsFilter):
        text = {"type": "string", "enum": [word for word, _ in declared.extra["choices"]]}
    elif isinstance(declared, django_filters.NumberFilter):
        text = {"type": "number", "minimum": 0, "maximum": 1}
    schema = {"type": "array", "items": text} if repeatable else text
    description = f"{declared.label}{'; repeat it for several' if repeatable else ''}."
    return OpenApiParameter(name, schema, OpenApiParameter.QUERY, description=description, explode=repeatable or None)
