"""``connections/<id>/resources/``: the tenant's accounts, sites and groups, and which of them are imported."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from connectors.access import Action
from connectors.api.fields import IdFilter, IdInBody, TextFilter, as_number
from connectors.api.permissions import RolePermission
from connectors.models import Connection, Resource
from connectors.selection import UnknownResources, select


class ResourceSerializer(serializers.ModelSerializer[Resource]):
    """A node of the tree; ``parent`` is null at the top, ``endpoints`` null when the source did not say."""

    id = serializers.CharField(source="pk", read_only=True)
    parent = serializers.CharField(source="parent_id", allow_null=True, read_only=True)  # type: ignore[assignment]

    class Meta:
        model = Resource
        fields = ("id", "parent", "kind", "external_id", "name", "state", "endpoints", "selected")
        read_only_fields = fields


class SelectionSerializer(serializers.Serializer[Any]):
    """The whole selection. An empty one means that everything is imported."""

    selected = serializers.ListField(child=IdInBody(), max_length=100_000)
    include_new = serializers.BooleanField(required=False, help_text="Also select resources created later.")


class SelectedSerializer(serializers.Serializer[Any]):
    selection = serializers.ChoiceField(choices=Connection.Selection.choices)
    selected = serializers.IntegerField(help_text="How many resources are selected.")
    include_new = serializers.BooleanField()


class ResourceFilterSet(django_filters.FilterSet):  # type: ignore[misc]
    q = TextFilter(field_name="name", label="Part of the name")
    parent = IdFilter(label="Only what is right below this one")
    kind = django_filters.MultipleChoiceFilter(choices=Resource.Kind.choices)
    selected = django_filters.BooleanFilter()

    class Meta:
        model = Resource
        fields: list[str] = []


class Resources(ListAPIView[Resource]):
    serializer_class = ResourceSerializer
    permission_classes = (RolePermission,)
    filterset_class = ResourceFilterSet
    read_needs = Action.SEE_CONNECTIONS
    write_needs = Action.MANAGE_CONNECTIONS
    sort_columns = ("name", "id")
    queryset = Resource.objects.none()  # the schema asks for a model

    def get_queryset(self) -> QuerySet[Resource]:
        return self.connection().resources.all() if "pk" in self.kwargs else super().get_queryset()

    def connection(self) -> Connection:
        try:
            return get_object_or_404(Connection.objects.live(), pk=as_number(self.kwargs["pk"]))
        except ValueError:
            raise Http404 from None

    @extend_schema(request=SelectionSerializer, responses=SelectedSerializer)
    def put(self, request: Request, pk: str) -> Response:
        """Replace the whole selection. What is left out becomes *removed* at the next import."""
        connection = self.connection()
        asked = SelectionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        include_new = asked.validated_data.get("include_new", connection.include_new)
        try:
            select(connection, asked.validated_data["selected"], include_new=include_new)
        except UnknownResources as error:
            raise ValidationError({"selected": [str(error)]}) from None
        answer = {
            "selection": connection.selection,
            "selected": connection.resources.picked().count(),
            "include_new": connection.include_new,
        }
        return Response(answer)
