"""``issues/<id>/decisions/``: what people decided about an issue, and deciding."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from connectors.access import Action
from connectors.api.conflict import Conflict
from connectors.api.permissions import RolePermission
from issues.api.decision_serializers import DecisionSerializer, DeedSerializer
from issues.api.schema import RefusalSerializer
from issues.decisions.rules import Refused
from issues.decisions.take_back import take_back_decisions
from issues.models import Decision, Issue
from issues.models.decision import DecisionQuerySet


class DecisionView(GenericAPIView[Decision]):
    serializer_class = DecisionSerializer
    permission_classes = (RolePermission,)
    write_needs = Action.TRIAGE
    filter_backends = ()
    queryset = Decision.objects.none()
    sort_columns = ("at", "id")
    descending = True

    def get_queryset(self) -> DecisionQuerySet:
        return Decision.objects.filter(issue=self.issue()).select_related("user", "ended_by")

    def issue(self) -> Issue:
        """404 where the user may not see it."""
        return get_object_or_404(Issue.objects.visible_to(self.request.user), pk=self.kwargs["pk"])


class Decisions(DecisionView, ListAPIView[Decision]):
    """Newest first, with those that ended."""

    @extend_schema(request=DeedSerializer, responses={201: DecisionSerializer})
    def post(self, request: Request, pk: str) -> Response:
        """It replaces the one of its kind that is in force, and one exclusion another. Comments stand side by side."""
        asked, issue = DeedSerializer(data=request.data), self.issue()
        asked.is_valid(raise_exception=True)
        deed = asked.deed
        if not deed.value and deed.kind in (Decision.Kind.SEVERITY, Decision.Kind.OWNER):
            raise ValidationError({"value": ["Say which. To go back, delete the decision that is in force."]})
        try:
            done = deed.carry_out(Issue.objects.filter(pk=issue.pk), request.user)  # type: ignore[arg-type]
        except Refused as refused:
            raise ValidationError({name: [text] for name, text in refused.problems.items()}) from None
        made = self.get_queryset().get(at=done.at, user=request.user.pk, kind=deed.kind)
        return Response(DecisionSerializer(made).data, status=status.HTTP_201_CREATED)


class OneDecision(DecisionView):
    conflicts = ("DELETE",)

    def get(self, request: Request, pk: str, decision: str) -> Response:
        return Response(DecisionSerializer(self._decision(decision)).data)

    @extend_schema(responses={204: OpenApiResponse(description="Taken back"), 409: RefusalSerializer})
    def delete(self, request: Request, pk: str, decision: str) -> Response:
        """Take it back. It stays in the list, with who ended it and when."""
        found = self._decision(decision)
        if not found.is_in_force:
            raise Conflict("It ended already.")
        take_back_decisions(Decision.objects.filter(pk=found.pk), request.user)  # type: ignore[arg-type]
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _decision(self, pk: str) -> Decision:
        return get_object_or_404(self.get_queryset(), pk=pk)
