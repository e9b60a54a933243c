"""``connections/``: connect a tenant, change it, import it, delete it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError as ModelError
from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from connectors import sink
from connectors.access import Action
from connectors.api.connection_serializers import (
    ConnectedSerializer,
    ConnectionChangeSerializer,
    ConnectionSerializer,
    NewConnectionSerializer,
    steps_of,
)
from connectors.api.permissions import RolePermission
from connectors.api.run_serializers import RunningSerializer, RunSerializer, SyncSerializer
from connectors.models import Connection, SyncRun
from connectors.models.connection import ConnectionQuerySet
from connectors.sources.base import CheckResult
from connectors.sync.clear import delete_connection
from connectors.sync.connect import check_connection, replace_token, save_named, store_connection
from connectors.sync.report import run_report
from connectors.sync.start import AlreadyRunning, start_run
from connectors.sync.timetable import set_timetable


class ConnectionView(GenericAPIView[Connection]):
    """What every address of connections shares."""

    serializer_class = ConnectionSerializer
    permission_classes = (RolePermission,)
    filter_backends = ()
    read_needs = Action.SEE_CONNECTIONS
    write_needs = Action.MANAGE_CONNECTIONS
    sort_columns = ("name", "id")

    def get_queryset(self) -> ConnectionQuerySet:
        return Connection.objects.live()

    def answer(self, connection: Connection, **more: Any) -> dict[str, Any]:
        """As the serializer shows it, with the numbers around it."""
        return {**ConnectionSerializer(connection, context=context_of([connection])).data, **more}


class Connections(ConnectionView, ListAPIView[Connection]):
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.paginate_queryset(self.get_queryset())
        found = cast("list[Connection]", rows)
        return self.get_paginated_response(ConnectionSerializer(found, many=True, context=context_of(found)).data)

    @extend_schema(request=NewConnectionSerializer, responses={201: ConnectedSerializer})
    def post(self, request: Request) -> Response:
        """Try host and token in steps, store the connection when the token works, and begin to import."""
        asked = NewConnectionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        try:
            host, result = check_connection(data["connector"], data["host_url"], data["token"])
        except ValueError as error:
            raise ValidationError({"host_url": [str(error)]}) from None
        refuse_unusable(result)
        try:
            made = store_connection(
                data["connector"], data["name"], host, data["token"], result, cast(User, request.user)
            )
        except ModelError as error:
            raise ValidationError(error.message_dict) from None
        return Response(self.answer(made, steps=steps_of(result)), status=status.HTTP_201_CREATED)


PURGE = OpenApiParameter("purge", bool, description="Delete its issues for good instead of removing them.")


class OneConnection(ConnectionView, RetrieveAPIView[Connection]):
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.answer(self.get_object()))

    @extend_schema(request=ConnectionChangeSerializer, responses=ConnectionSerializer)
    def patch(self, request: Request, pk: str) -> Response:
        """Rename, pause, set the interval, or replace the token."""
        connection = self.get_object()
        asked = ConnectionChangeSerializer(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        change(connection, asked.validated_data)
        return Response(self.answer(connection))

    @extend_schema(parameters=[PURGE], responses={204: OpenApiResponse(description="Deleted"), 400: OpenApiResponse()})
    def delete(self, request: Request, pk: str) -> Response:
        """Forget the token now; its issues leave the queue in the background."""
        purge = request.query_params.get("purge", "false").lower()
        if purge not in ("true", "false"):
            raise ValidationError({"purge": ["Say true or false."]})
        delete_connection(self.get_object(), purge=purge == "true")
        return Response(status=status.HTTP_204_NO_CONTENT)


class Sync(ConnectionView):
    write_needs = Action.SYNC
    conflicts = ("POST",)

    @extend_schema(request=SyncSerializer, responses={202: RunSerializer, 409: RunningSerializer})
    def post(self, request: Request, pk: str) -> Response:
        """Begin an import in the background. Without a mode it reads what a scheduled one would."""
        connection = self.get_object()
        asked = SyncSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        mode = asked.validated_data.get("mode") or connection.mode_now(timezone.now())
        try:
            run = start_run(connection, mode, cast(User, request.user))
        except AlreadyRunning as error:
            answer = {"detail": str(error), "run": run_report(error.run)}
            return Response(answer, status=status.HTTP_409_CONFLICT)
        return Response(run_report(run), status=status.HTTP_202_ACCEPTED)


def change(connection: Connection, values: dict[str, Any]) -> None:
    """All of it or nothing; the token is tried first, outside of any transaction."""
    if "token" in values:
        try:
            result = replace_token(connection, values["token"])
        except ValueError as error:
            raise ValidationError({"token": [str(error)]}) from None
        refuse_unusable(result)
    with transaction.atomic():
        if "name" in values:
            connection.name = values["name"]
            try:
                save_named(connection)
            except ModelError as error:
                raise ValidationError(error.message_dict) from None
        if "paused" in values or "interval_minutes" in values:
            set_timetable(connection, paused=values.get("paused"), interval_minutes=values.get("interval_minutes"))


def refuse_unusable(result: CheckResult) -> None:
    if result.usable:
        return
    failed = result.failed_step
    raise ValidationError({"detail": failed.sentence if failed else "Not connected.", "steps": steps_of(result)})


def context_of(connections: Iterable[Connection]) -> dict[str, Any]:
    """Numbers and running imports of some connections, in two questions."""
    found = list(connections)
    running = SyncRun.objects.unfinished().filter(connection__in=found)
    return {"totals": sink.get().totals(found), "running": {run.connection_id: run for run in running}}
