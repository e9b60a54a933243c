"""Fields that several answers share."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from issues.severity.levels import WORST_FIRST, Level


@extend_schema_field({"type": "string", "enum": [level.word for level in WORST_FIRST]})
class SeverityField(serializers.IntegerField):
    """A severity as its word."""

    def to_representation(self, value: int) -> str:  # type: ignore[override]
        return Level(value).word


class IdText(serializers.CharField):
    """An id on its way out: text, whatever the key is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)


class ApplicationRefSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
