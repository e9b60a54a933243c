"""``mapping-rules/``: the ordered rules that put endpoints into applications, and what others would move."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from connectors.access import Action
from connectors.api.conflict import Conflict
from connectors.api.permissions import RolePermission
from issues.access import sees_everything
from issues.api.mapping_serializers import (
    MappingChangeSerializer,
    MappingPreviewSerializer,
    MappingRulesSerializer,
    RevisionSerializer,
    RuleListSerializer,
    work_of,
)
from issues.api.nesting import nested
from issues.mapping.preview import preview
from issues.mapping.rules import BadRules, Rule, as_data, current, parse
from issues.mapping.save import SavedMeanwhile, current_revision, save
from issues.models import MappingRevision


class SeesRules(RolePermission):
    """Rules tell the names of all applications."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return super().has_permission(request, view) and sees_everything(request.user)


class MappingView(GenericAPIView[MappingRevision]):
    permission_classes = (SeesRules,)
    write_needs = Action.MANAGE_APPLICATIONS
    serializer_class = MappingRulesSerializer
    filter_backends = ()
    queryset = MappingRevision.objects.none()


class MappingRules(MappingView):
    conflicts = ("PUT",)

    def get(self, request: Request) -> Response:
        """The rules that count, and under `work` how far the endpoints follow them."""
        return Response(_answer(current_revision()))

    @extend_schema(request=MappingChangeSerializer, responses={202: MappingRulesSerializer})
    def put(self, request: Request) -> Response:
        """Replaces the whole list by the next version; endpoints and issues follow in the background.

        With the `version` that was read before, nobody overwrites unseen what somebody else saved meanwhile.
        """
        rules = _parsed(request.data)
        asked = RevisionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            revision = save(rules, request.user, asked.validated_data["comment"], asked.validated_data.get("version"))  # type: ignore[arg-type]
        except SavedMeanwhile as error:
            raise Conflict(str(error)) from None
        return Response(_answer(revision), status=status.HTTP_202_ACCEPTED)


class MappingRulesPreview(MappingView):
    serializer_class = RuleListSerializer  # type: ignore[assignment]

    @extend_schema(request=RuleListSerializer, responses=MappingPreviewSerializer)
    def post(self, request: Request) -> Response:
        """What the rules would move, from where to where. Nothing is changed."""
        found = preview(_parsed(request.data))
        moves = [
            {"from": move.source, "to": move.target, "endpoints": move.endpoints, "issues": move.issues}
            for move in found.moves
        ]
        told = {"warnings": found.warnings, "per_rule": found.per_rule, "unassigned": found.unassigned}
        return Response({"moves": moves, **told})


def _parsed(data: object) -> list[Rule]:
    try:
        return parse(data)
    except BadRules as error:
        raise ValidationError(nested(error.problems)) from None


def _answer(revision: MappingRevision) -> dict[str, Any]:
    return {"version": revision.version, "rules": as_data(current()), "work": work_of(revision)}
