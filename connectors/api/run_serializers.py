"""Imports as other programs see them: what ``sync --json`` prints, and how far they are."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from connectors.models import RunResource, SyncRun
from connectors.sync.report import COUNTERS, ISSUE_COUNTERS, run_report


class ErrorSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()


class IssueCountersSerializer(serializers.Serializer[Any]):
    created, changed, resolved, reopened, removed = (serializers.IntegerField() for _ in ISSUE_COUNTERS)


class RunSerializer(serializers.Serializer[Any]):
    """``seconds`` is null before the first step, ``error`` null when there is none."""

    run = serializers.CharField()
    connection = serializers.CharField()
    mode = serializers.ChoiceField(choices=SyncRun.Mode.choices)
    state = serializers.ChoiceField(choices=SyncRun.State.choices)
    read, created, changed, unchanged, resolved, reopened, removed, skipped = (
        serializers.IntegerField() for _ in COUNTERS
    )
    issues = IssueCountersSerializer()
    requests = serializers.IntegerField()
    seconds = serializers.FloatField(allow_null=True)
    error = ErrorSerializer(allow_null=True)


class RunningSerializer(serializers.Serializer[Any]):
    """The import that is in the way."""

    detail = serializers.CharField()
    run = RunSerializer()


class RunResourceSerializer(serializers.ModelSerializer[RunResource]):
    class Meta:
        model = RunResource
        fields = ("kind", "external_id", "name", "state", "read", "total", "missing", "error")


class ProgressSerializer(serializers.Serializer[Any]):
    """``percent`` and ``expected`` are null while the source has not said how many rows there are."""

    phase = serializers.ChoiceField(choices=SyncRun.Phase.choices)
    percent = serializers.IntegerField(allow_null=True)
    expected = serializers.IntegerField(allow_null=True)
    endpoints_read = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    resources = RunResourceSerializer(many=True)
    warnings = serializers.ListField(child=serializers.CharField())


class RunDetailSerializer(RunSerializer):
    progress = ProgressSerializer()

    def to_representation(self, instance: SyncRun) -> dict[str, Any]:
        return {**run_report(instance), "progress": ProgressSerializer(instance).data}


class OneRunSerializer(RunDetailSerializer):
    """``awaits_answer``: it is held, and `confirm/` or `dismiss/` would be heard."""

    awaits_answer = serializers.BooleanField()

    def to_representation(self, instance: SyncRun) -> dict[str, Any]:
        return {**super().to_representation(instance), "awaits_answer": instance.awaits_answer}


class SyncSerializer(serializers.Serializer[Any]):
    mode = serializers.ChoiceField(choices=SyncRun.Mode.choices, required=False)
