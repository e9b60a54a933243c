"""Fields and filters of the API: ids are text outside and numbers inside."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

ID = {"type": "string", "pattern": "^[0-9]{1,18}$"}


def as_number(text: str) -> int:
    """The key in an id; ``ValueError`` for what was never one."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise ValueError(f"“{text[:40]}” is not an id.")
    return int(text)


class IdField(forms.CharField):
    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        try:
            return as_number(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


@extend_schema_field(ID)
class IdFilter(django_filters.Filter):  # type: ignore[misc]
    """Rows of one object, by its id."""

    field_class = IdField


@extend_schema_field(ID)
class IdInBody(serializers.CharField):
    """An id in a body."""

    def to_internal_value(self, data: Any) -> int:  # type: ignore[override]
        if not isinstance(data, str):
            raise serializers.ValidationError("Ids are strings.")
        try:
            return as_number(data)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from None


class TextFilter(django_filters.CharFilter):  # type: ignore[misc]
    """Part of a name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(lookup_expr="icontains", max_length=200, **kwargs)
