"""``runs/<id>/confirm/`` and ``dismiss/``: a person's answer to a held read."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.models import User
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from connectors.access import Action
from connectors.api.conflict import Conflict
from connectors.api.permissions import RolePermission
from connectors.api.run_serializers import OneRunSerializer
from connectors.models import SyncRun
from connectors.models.sync_run import SyncRunQuerySet
from connectors.sync.held import NothingToAnswer, confirm, dismiss
from connectors.sync.start import AlreadyRunning


class AnswerView(GenericAPIView[SyncRun]):
    serializer_class = OneRunSerializer
    permission_classes = (RolePermission,)
    filter_backends = ()
    write_needs = Action.SYNC
    conflicts = ("POST",)

    def get_queryset(self) -> SyncRunQuerySet:
        return SyncRun.objects.live().select_related("connection")


class Confirm(AnswerView):
    @extend_schema(request=None, responses={202: OneRunSerializer})
    def post(self, request: Request, pk: str) -> Response:
        """They are gone: read everything once more and resolve what is missing then. Answers with the new import."""
        try:
            new = confirm(self.get_object(), cast(User, request.user))
        except (NothingToAnswer, AlreadyRunning) as error:
            raise Conflict(str(error)) from None
        return Response(OneRunSerializer(new).data, status=status.HTTP_202_ACCEPTED)


class Dismiss(AnswerView):
    @extend_schema(request=None, responses=OneRunSerializer)
    def post(self, request: Request, pk: str) -> Response:
        """Nothing is resolved, and the connection asks no more until a later import does."""
        run = self.get_object()
        try:
            dismiss(run, cast(User, request.user))
        except NothingToAnswer as error:
            raise Conflict(str(error)) from None
        return Response(OneRunSerializer(self.get_object()).data)
