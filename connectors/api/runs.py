"""``runs/``: every import with its counts, newest first."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from rest_framework.generics import ListAPIView, RetrieveAPIView

from connectors.access import Action
from connectors.api.fields import IdFilter
from connectors.api.permissions import RolePermission
from connectors.api.run_serializers import OneRunSerializer, RunDetailSerializer
from connectors.models import SyncRun


class RunFilterSet(django_filters.FilterSet):  # type: ignore[misc]
    connection = IdFilter()
    state = django_filters.MultipleChoiceFilter(choices=SyncRun.State.choices)

    class Meta:
        model = SyncRun
        fields: list[str] = []


class Runs(ListAPIView[SyncRun]):
    serializer_class = RunDetailSerializer
    permission_classes = (RolePermission,)
    filterset_class = RunFilterSet
    read_needs = Action.SEE_CONNECTIONS
    sort_columns, descending = ("id",), True

    def get_queryset(self) -> QuerySet[SyncRun]:
        return SyncRun.objects.select_related("connection").prefetch_related("resources")


class OneRun(RetrieveAPIView[SyncRun]):
    serializer_class = OneRunSerializer
    permission_classes = (RolePermission,)
    filter_backends = ()
    read_needs = Action.SEE_CONNECTIONS
    queryset = SyncRun.objects.select_related("connection").prefetch_related("resources")
