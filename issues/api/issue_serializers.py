"""Issues as other programs see them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from issues.api.compliance_serializers import TouchSerializer
from issues.api.decision_serializers import DecisionSerializer
from issues.api.fields import ApplicationRefSerializer, IdText, SeverityField
from issues.models import Issue
from issues.queue.compliance import controls_of


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
    state = serializers.ChoiceField(choices=Issue.State.values, read_only=True)
    owner = serializers.SerializerMethodField(help_text="Its own owner, else the application's first.")
    decision = serializers.SerializerMethodField(help_text="What excludes it. Null: nobody excluded it.")
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
        if issue.owner is not None:
            return issue.owner.username
        owners = getattr(issue.application, "owners", [])
        return owners[0].user.username if owners else None

    @extend_schema_field(DecisionSerializer(allow_null=True))
    def get_decision(self, issue: Issue) -> dict[str, Any] | None:
        held = getattr(issue, "excluding", ())
        return dict(DecisionSerializer(held[0]).data) if held else None

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, issue: Issue) -> str:
        return str(self.context["request"].build_absolute_uri(issue.get_absolute_url()))


class IssueDetailSerializer(IssueSerializer):
    """As in the list, with what hangs on it."""

    decisions = DecisionSerializer(many=True, read_only=True, help_text="Newest first, with those that ended.")
    compliance = serializers.SerializerMethodField(help_text="Controls that it bears on: evidence, not certification.")

    class Meta(IssueSerializer.Meta):
        fields = (*IssueSerializer.Meta.fields, "decisions", "compliance")
        read_only_fields = fields

    @extend_schema_field(TouchSerializer(many=True))
    def get_compliance(self, issue: Issue) -> list[Any]:
        return list(TouchSerializer(controls_of(issue), many=True).data)
