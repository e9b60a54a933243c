"""``applications/``: what people own, and how it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, cast

import django_filters
from django.db.models import Count, Sum
from django.db.models.deletion import ProtectedError
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from connectors.access import Action
from connectors.api.fields import TextFilter
from connectors.api.permissions import RolePermission
from issues.api.application_serializers import ApplicationSerializer
from issues.api.schema import RefusalSerializer
from issues.models import Application, Endpoint, Issue, IssueCount
from issues.models.application import ApplicationQuerySet


class Conflict(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = "Something else stands in the way."


class ApplicationFilterSet(django_filters.FilterSet):  # type: ignore[misc]
    q = TextFilter(field_name="name", label="Part of the name")
    environment = django_filters.MultipleChoiceFilter(choices=Application.Environment.choices)
    owner = django_filters.CharFilter(field_name="members__user__username", max_length=150)

    class Meta:
        model = Application
        fields: list[str] = []


class ApplicationView(GenericAPIView[Application]):
    serializer_class = ApplicationSerializer
    permission_classes = (RolePermission,)
    filter_backends = ()
    queryset = Application.objects.none()
    write_needs = Action.MANAGE_APPLICATIONS
    lookup_field = "slug"
    sort_columns = ("name", "id")

    def get_queryset(self) -> ApplicationQuerySet:
        return Application.objects.visible_to(self.request.user).with_owners()

    def answer(self, application: Application) -> dict[str, Any]:
        """As it is stored now."""
        fresh = Application.objects.with_owners().get(pk=application.pk)
        return dict(ApplicationSerializer(fresh, context=context_of([fresh])).data)


class Applications(ApplicationView, ListAPIView[Application]):
    filter_backends = (DjangoFilterBackend,)  # type: ignore[assignment]
    filterset_class = ApplicationFilterSet

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = cast("list[Application]", self.paginate_queryset(self.filter_queryset(self.get_queryset())))
        return self.get_paginated_response(ApplicationSerializer(found, many=True, context=context_of(found)).data)

    @extend_schema(responses={201: ApplicationSerializer})
    def post(self, request: Request) -> Response:
        asked = ApplicationSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(self.answer(asked.save()), status=status.HTTP_201_CREATED)


class OneApplication(ApplicationView):
    conflicts = ("PATCH", "DELETE")

    def get(self, request: Request, slug: str) -> Response:
        return Response(self.answer(self.get_object()))

    def patch(self, request: Request, slug: str) -> Response:
        """What is left out stays. “Unassigned” keeps its name."""
        application = self.get_object()
        asked = ApplicationSerializer(application, data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        if application.is_unassigned and asked.validated_data.get("name", application.name) != application.name:
            raise Conflict("“Unassigned” keeps its name.")
        return Response(self.answer(asked.save()))

    @extend_schema(responses={204: OpenApiResponse(description="Deleted"), 409: RefusalSerializer})
    def delete(self, request: Request, slug: str) -> Response:
        """Only what no endpoint, rule or issue belongs to."""
        application = self.get_object()
        if bar := application.bar_to_deletion:
            raise Conflict(bar)
        try:
            application.delete()
        except ProtectedError:  # something was mapped to it just now
            raise Conflict(application.bar_to_deletion) from None
        return Response(status=status.HTTP_204_NO_CONTENT)


def context_of(applications: Iterable[Application]) -> dict[str, Any]:
    """Numbers of some applications, in two questions."""
    found = list(applications)
    endpoints = Endpoint.objects.filter(application__in=found).order_by().values_list("application_id")
    kept = IssueCount.objects.filter(application__in=found, state=Issue.State.ACTIVE).order_by()
    issues: dict[int, dict[int, int]] = defaultdict(dict)
    for pk, severity, number in kept.values_list("application_id", "severity").annotate(Sum("issues")):
        issues[pk][severity] = number
    return {"endpoints": dict(endpoints.annotate(Count("pk"))), "issues": issues}
