"""Controls that an issue bears on, as other programs see them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class TouchSerializer(serializers.Serializer[Any]):
    """Evidence, not certification: ``late`` says that the issue is, or was when resolved, older than the deadline."""

    standard = serializers.CharField(source="standard.name")
    control = serializers.CharField(source="control.id")
    title = serializers.CharField(source="control.title")
    deadline_days = serializers.IntegerField(source="rule.days", allow_null=True, help_text="From the first detection.")
    set_by = serializers.SerializerMethodField(help_text="Who set the deadline: the standard, or we who read it.")
    deadline_source = serializers.CharField(source="rule.source")
    late = serializers.BooleanField()

    def get_set_by(self, touch: Any) -> str:
        return "standard" if touch.rule.by_standard else "us"
