"""Decisions as other programs see and make them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from issues.api.fields import IdText
from issues.decisions.deed import Deed
from issues.decisions.rules import LONGEST
from issues.models import Decision

LONGEST_VALUE = 150  # characters of a user name


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    """``value`` is a severity, or the name of the user who owns the issue. ``ended_at`` null: it is in force."""

    id = IdText(source="pk")
    user = serializers.CharField(source="user.username", default=None, allow_null=True, read_only=True)
    in_force = serializers.BooleanField(source="is_in_force", read_only=True)
    ended_by = serializers.CharField(source="ended_by.username", default=None, allow_null=True, read_only=True)

    class Meta:
        model = Decision
        fields = (
            "id", "kind", "value", "reason", "until", "user", "at", "in_force", "ended_at", "ended_by", "ended_reason",
        )  # fmt: skip
        read_only_fields = fields


class DeedSerializer(serializers.Serializer[Any]):
    """What each kind needs: a severity ``value`` and ``reason``, an owner ``value`` (a user name), a false positive
    ``reason``, an accepted risk ``reason`` and ``until``, a snooze ``until``, a comment ``reason``."""

    kind = serializers.ChoiceField(choices=Decision.Kind.choices)
    value = serializers.CharField(max_length=LONGEST_VALUE, allow_blank=True, default="")
    reason = serializers.CharField(max_length=LONGEST, allow_blank=True, default="")
    until = serializers.DateTimeField(
        input_formats=["iso-8601", "%Y-%m-%d"],
        allow_null=True,
        default=None,
        help_text="A moment, or a day, as whose beginning it is taken.",
    )

    @property
    def deed(self) -> Deed:
        return Deed(**self.validated_data)
