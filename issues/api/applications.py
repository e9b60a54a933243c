"""``applications/``: what people own, and how it stands."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models.deletion import ProtectedError
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from connectors.access import Action
from connectors.api.conflict import Conflict
from connectors.api.permissions import RolePermission
from issues.api.application_change_serializer import ApplicationChangeSerializer
from issues.api.application_serializers import ApplicationSerializer
from issues.api.parameters import parameters_of
from issues.api.schema import RefusalSerializer
from issues.editing.write import Refused, change, create
from issues.models import Application
from issues.models.application import ApplicationQuerySet
from issues.queue.application_filters import ApplicationFilterSet
from issues.queue.application_numbers import numbers_of


class ApplicationView(GenericAPIView[Application]):
    serializer_class = ApplicationSerializer
    permission_classes = (RolePermission,)
    filter_backends = ()
    queryset = Application.objects.none()
    write_needs = Action.MANAGE_APPLICATIONS
    lookup_field = "slug"
    sort_columns = ("name", "id")

    def get_queryset(self) -> ApplicationQuerySet:
        return Application.objects.visible_to(self.request.user).with_people_and_tags()

    def answer(self, application: Application) -> dict[str, Any]:
        """As it is stored now."""
        fresh = Application.objects.with_people_and_tags().get(pk=application.pk)
        return dict(ApplicationSerializer(fresh, context=context_of([fresh])).data)

    @property
    def person(self) -> User:
        return cast("User", self.request.user)


@extend_schema_view(get=extend_schema(parameters=parameters_of(ApplicationFilterSet)))
class Applications(ApplicationView, ListAPIView[Application]):
    """By name. `risk` is what the list of applications is ordered by."""

    conflicts = ("POST",)

    def filter_queryset(self, queryset: Any) -> Any:
        filters = ApplicationFilterSet(self.request.query_params, user=self.request.user)
        if filters.problems:
            raise ValidationError({name: [text] for name, text in filters.problems.items()})
        return filters.filter_queryset(queryset)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = cast("list[Application]", self.paginate_queryset(self.filter_queryset(self.get_queryset())))
        return self.get_paginated_response(ApplicationSerializer(found, many=True, context=context_of(found)).data)

    @extend_schema(request=ApplicationChangeSerializer, responses={201: ApplicationSerializer})
    def post(self, request: Request) -> Response:
        asked = ApplicationChangeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            made = create(asked.wanted({}), self.person)
        except Refused as refused:
            raise Conflict(str(refused)) from None
        return Response(self.answer(made), status=status.HTTP_201_CREATED)


class OneApplication(ApplicationView):
    conflicts = ("PATCH", "DELETE")

    def get(self, request: Request, slug: str) -> Response:
        return Response(self.answer(self.get_object()))

    @extend_schema(request=ApplicationChangeSerializer, responses=ApplicationSerializer)
    def patch(self, request: Request, slug: str) -> Response:
        """What is left out stays. “Unassigned” keeps its name and has no priority. Severities follow at once."""
        application = self.get_object()
        asked = ApplicationChangeSerializer(application, data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        try:
            change([application.pk], lambda _, now: asked.wanted(now), self.person)
        except Refused as refused:
            raise Conflict(str(refused)) from None
        return Response(self.answer(application))

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


def context_of(applications: Collection[Application]) -> dict[str, Any]:
    """Numbers of some applications, in two questions."""
    return {"numbers": numbers_of([application.pk for application in applications])}
