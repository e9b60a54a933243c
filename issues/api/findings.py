"""``findings/``: one CVE in one version of one software on one endpoint."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from connectors.api.fields import IdFilter
from connectors.api.permissions import RolePermission
from issues.api.fields import IdText, SeverityField
from issues.models import Finding


class VersionSerializer(serializers.Serializer[Any]):
    vendor = serializers.CharField(source="issue.software.vendor")
    name = serializers.CharField(source="issue.software.name")
    version = serializers.CharField()


class EndpointRefSerializer(serializers.Serializer[Any]):
    id = IdText(source="pk")
    external_id = serializers.CharField()
    name = serializers.CharField()
    type = serializers.CharField()
    os = serializers.CharField()


class FindingSerializer(serializers.ModelSerializer[Finding]):
    """Times are the source's where it says them; ``cvss`` is null when it says none."""

    id = IdText(source="pk")
    issue = IdText(source="issue_id")
    cve = serializers.CharField(source="issue.vulnerability.cve", read_only=True)
    software = VersionSerializer(source="*", read_only=True)
    endpoint = EndpointRefSerializer(read_only=True)
    vendor_severity = SeverityField(read_only=True)
    last_scan_at = serializers.DateTimeField(source="endpoint.last_scan_at", allow_null=True, read_only=True)
    last_seen = serializers.DateTimeField(source="seen_at", read_only=True)

    class Meta:
        model = Finding
        fields = (
            "id", "external_id", "issue", "cve", "software", "endpoint", "vendor_severity", "cvss", "state",
            "detected_at", "last_scan_at", "first_seen", "last_seen", "resolved_at", "resolved_reason",
        )  # fmt: skip
        read_only_fields = fields


class FindingFilterSet(django_filters.FilterSet):  # type: ignore[misc]
    issue = IdFilter()
    endpoint = IdFilter()
    application = django_filters.CharFilter(field_name="issue__application__slug", max_length=200)
    connection = IdFilter()
    state = django_filters.MultipleChoiceFilter(choices=Finding.State.choices)

    class Meta:
        model = Finding
        fields: list[str] = []


class Findings(ListAPIView[Finding]):
    serializer_class = FindingSerializer
    permission_classes = (RolePermission,)
    filterset_class = FindingFilterSet
    queryset = Finding.objects.none()
    sort_columns = ("id",)

    def get_queryset(self) -> QuerySet[Finding]:
        return Finding.objects.visible_to(self.request.user).for_listing().defer("evidence")
