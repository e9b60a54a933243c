"""Issues as other programs see them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from issues.api.compliance_serializers import TouchSerializer
from issues.api.fields import ApplicationRefSerializer, IdText, SeverityField
from issues.models import Issue
from issues.queue.compliance import controls_of
from issues.queue.filters import STATES


class SoftwareSerializer(serializers.Serializer[Any]):
    vendor = serializers.CharField()
    name = serializers.CharField()


class FactorSerializer(serializers.Serializer[Any]):
    """One signed reason for the difference between the vendor's score and ours."""

    code = serializers.CharField()
    name = serializers.CharField()
    type = serializers.CharField()
    weight = serializers.FloatField()
    reason = serializers.CharField()


class IssueSerializer(serializers.ModelSerializer[Issue]):
    """``start`` plus the weights of ``factors``, held within 0 and 10, is ``score``; null when unknown."""

    id = IdText(source="pk")
    source_tool = serializers.CharField(read_only=True)
    connection = IdText(source="connection_id")
    category = serializers.CharField(source="CATEGORY", read_only=True)
    cve = serializers.CharField(source="vulnerability.cve", read_only=True)
    software = SoftwareSerializer(read_only=True)
    application = ApplicationRefSerializer(read_only=True)
    severity = SeverityField(read_only=True)
    vendor_severity = SeverityField(read_only=True)
    score = serializers.FloatField(source="known_score", allow_null=True, read_only=True)
    factors = FactorSerializer(many=True, read_only=True)
    state = serializers.ChoiceField(choices=[state.value for state in STATES], read_only=True)
    owner = serializers.SerializerMethodField(help_text="The application's first owner.")
    decision = serializers.SerializerMethodField(help_text="Null: nobody decided anything yet.")
    url = serializers.SerializerMethodField()
    console_url = serializers.CharField(source="connection.host_url", read_only=True)

    class Meta:
        model = Issue
        fields: tuple[str, ...] = (
            "id", "title", "source_tool", "connection", "category", "cve", "software", "application", "severity",
            "vendor_severity", "score", "start", "factors", "overridden", "endpoints", "findings", "state",
            "state_reason", "first_seen", "last_seen", "resolved_at", "owner", "decision", "url", "console_url",
        )  # fmt: skip
        read_only_fields: tuple[str, ...] = fields

    def get_owner(self, issue: Issue) -> str | None:
        owners = getattr(issue.application, "owners", [])
        return owners[0].user.username if owners else None

    @extend_schema_field({"type": "object", "nullable": True})
    def get_decision(self, issue: Issue) -> None:
        return None

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, issue: Issue) -> str:
        return str(self.context["request"].build_absolute_uri(issue.get_absolute_url()))


class IssueDetailSerializer(IssueSerializer):
    """As in the list, with what hangs on it."""

    decisions = serializers.SerializerMethodField(help_text="Newest first; empty while there are none.")
    compliance = serializers.SerializerMethodField(help_text="Controls that it bears on: evidence, not certification.")

    class Meta(IssueSerializer.Meta):
        fields = (*IssueSerializer.Meta.fields, "decisions", "compliance")
        read_only_fields = fields

    @extend_schema_field({"type": "array", "items": {"type": "object"}})
    def get_decisions(self, issue: Issue) -> list[Any]:
        return []

    @extend_schema_field(TouchSerializer(many=True))
    def get_compliance(self, issue: Issue) -> list[Any]:
        return list(TouchSerializer(controls_of(issue), many=True).data)
