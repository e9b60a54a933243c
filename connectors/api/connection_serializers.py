"""Connections as other programs see them. The token goes in and never comes out."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from connectors.models import Connection, SyncRun
from connectors.sources.base import CheckResult
from connectors.sources.registry import PRODUCTS
from connectors.sync.connect import LONGEST_TOKEN
from connectors.sync.timetable import LONGEST, SHORTEST

STATES = ("connected", "syncing", "needs_attention", "paused")


class ProblemSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(source="problem_code")
    message = serializers.CharField(source="problem")


class ConnectionSerializer(serializers.ModelSerializer[Connection]):
    """``findings`` and ``issues`` are the active ones."""

    id = serializers.CharField(source="pk", read_only=True)
    source_tool = serializers.CharField(read_only=True)
    state = serializers.SerializerMethodField()
    problem = serializers.SerializerMethodField()
    run = serializers.SerializerMethodField(help_text="The import that runs now.")
    findings = serializers.SerializerMethodField()
    issues = serializers.SerializerMethodField()

    class Meta:
        model = Connection
        fields: tuple[str, ...] = (
            "id", "connector", "source_tool", "name", "host_url", "token_hint", "token_expires_at", "token_scope",
            "token_user", "state", "problem", "run", "selection", "include_new", "paused", "interval_minutes",
            "next_run_at", "last_full_at", "last_read_at", "findings", "issues", "created_at",
        )  # fmt: skip
        read_only_fields: tuple[str, ...] = fields

    @extend_schema_field(serializers.ChoiceField(choices=STATES))
    def get_state(self, connection: Connection) -> str:
        if self._run(connection):
            return "syncing"
        if connection.problem_code:
            return "needs_attention"
        return "paused" if connection.paused else "connected"

    @extend_schema_field(ProblemSerializer(allow_null=True))
    def get_problem(self, connection: Connection) -> dict[str, Any] | None:
        return dict(ProblemSerializer(connection).data) if connection.problem_code else None

    def get_run(self, connection: Connection) -> str | None:
        run = self._run(connection)
        return str(run.pk) if run else None

    def get_findings(self, connection: Connection) -> int:
        totals = self.context["totals"].get(connection.pk)
        return totals.findings if totals else 0

    def get_issues(self, connection: Connection) -> int:
        totals = self.context["totals"].get(connection.pk)
        return totals.issues if totals else 0

    def _run(self, connection: Connection) -> SyncRun | None:
        found: SyncRun | None = self.context["running"].get(connection.pk)
        return found


class StepSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    state = serializers.CharField()
    sentence = serializers.CharField()


class NewConnectionSerializer(serializers.Serializer[Any]):
    """What it takes to connect a tenant. It is tried before anything is stored."""

    connector = serializers.ChoiceField(choices=sorted(PRODUCTS))
    name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    host_url = serializers.CharField(max_length=2000)
    token = serializers.CharField(max_length=LONGEST_TOKEN, write_only=True)


class ConnectedSerializer(ConnectionSerializer):
    steps = StepSerializer(many=True)

    class Meta(ConnectionSerializer.Meta):
        fields = (*ConnectionSerializer.Meta.fields, "steps")
        read_only_fields = fields


class ConnectionChangeSerializer(serializers.Serializer[Any]):
    """What can be changed later; a new token is tried before it replaces the old one."""

    name = serializers.CharField(max_length=120, required=False)
    paused = serializers.BooleanField(required=False)
    interval_minutes = serializers.IntegerField(min_value=SHORTEST, max_value=LONGEST, required=False)
    token = serializers.CharField(max_length=LONGEST_TOKEN, required=False, write_only=True)


def steps_of(result: CheckResult) -> list[dict[str, str]]:
    return [{"code": s.code, "title": s.title, "state": s.state.value, "sentence": s.sentence} for s in result.steps]
