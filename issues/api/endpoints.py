"""``endpoints/``: laptops, servers and workloads, and the applications they belong to."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView

from connectors.api.permissions import RolePermission
from issues.api.fields import ApplicationRefSerializer, IdText
from issues.api.parameters import parameters_of
from issues.models import Endpoint
from issues.queue.endpoint_filters import EndpointFilterSet

TAGS = {"help_text": "Pairs of key and value."}


class TagsField(serializers.ListField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=serializers.ListField(child=serializers.CharField()), read_only=True, **kwargs)


class EndpointSerializer(serializers.ModelSerializer[Endpoint]):
    """``mapping_reason`` says why it belongs to its application; ``active`` is null when the source did not say."""

    id = IdText(source="pk")
    connection = IdText(source="connection_id")
    application = ApplicationRefSerializer(read_only=True)
    mapping_reason = serializers.CharField(read_only=True)
    tags = TagsField(**TAGS)
    cloud_tags = TagsField(**TAGS)
    console_url = serializers.CharField(read_only=True)

    class Meta:
        model = Endpoint
        fields = (
            "id", "external_id", "connection", "name", "type", "os", "os_name", "domain", "ou", "account_name",
            "site_name", "group_name", "tags", "cloud_provider", "cloud_account", "cloud_tags", "agent_version",
            "active", "decommissioned", "last_active_at", "last_scan_at", "first_seen", "application",
            "mapping_reason", "pinned", "console_url",
        )  # fmt: skip
        read_only_fields = fields


class EndpointView(GenericAPIView[Endpoint]):
    serializer_class = EndpointSerializer
    permission_classes = (RolePermission,)
    queryset = Endpoint.objects.none()

    def get_queryset(self) -> QuerySet[Endpoint]:
        shown = Endpoint.objects.visible_to(self.request.user)
        return shown.select_related("application", "connection", "mapped_by")


@extend_schema_view(get=extend_schema(parameters=parameters_of(EndpointFilterSet)))
class Endpoints(EndpointView, ListAPIView[Endpoint]):
    """By name, with the page's filters."""

    filter_backends = ()
    sort_columns = ("name", "id")

    def filter_queryset(self, queryset: Any) -> Any:
        filters = EndpointFilterSet(self.request.query_params, user=self.request.user)
        if filters.problems:
            raise ValidationError({name: [text] for name, text in filters.problems.items()})
        return filters.filter_queryset(queryset)


class OneEndpoint(EndpointView, RetrieveAPIView[Endpoint]):
    filter_backends = ()
