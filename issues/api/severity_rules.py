"""``severity-rules/``: what every severity factor weighs, and what other weights would do."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from connectors.access import Action
from connectors.api.conflict import Conflict
from connectors.api.permissions import RolePermission
from issues.asking import recompute_soon
from issues.models import RuleSet
from issues.severity.factors import ASPECT_OF, FACTORS
from issues.severity.weights import LIMIT, BadWeights, complete
from issues.severity.what_if import touches, what_if


class FactorRuleSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    type = serializers.CharField(help_text="Exploitable, Reachable or Damage.")
    weight = serializers.FloatField()
    default = serializers.FloatField()
    touches = serializers.IntegerField(help_text="Active issues in which it speaks.")


class RulesSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    factors = FactorRuleSerializer(many=True)


class WeightsSerializer(serializers.Serializer[Any]):
    """Weights by code; a code left out stays as it is."""

    weights = serializers.DictField(child=serializers.FloatField(min_value=-LIMIT, max_value=LIMIT))


class ChangeSerializer(WeightsSerializer):
    comment = serializers.CharField(max_length=300, allow_blank=True, default="")


class PreviewSerializer(serializers.Serializer[Any]):
    matrix = serializers.DictField(
        child=serializers.DictField(child=serializers.IntegerField()), help_text="From severity to severity."
    )
    raised = serializers.IntegerField()
    lowered = serializers.IntegerField()
    same = serializers.IntegerField()


class SeverityRules(GenericAPIView[RuleSet]):
    permission_classes = (RolePermission,)
    write_needs = Action.MANAGE_RULES
    serializer_class = RulesSerializer
    filter_backends = ()
    queryset = RuleSet.objects.none()
    conflicts = ("PUT",)

    def get(self, request: Request) -> Response:
        return Response(_answer(RuleSet.objects.current(), request))

    @extend_schema(request=ChangeSerializer, responses=RulesSerializer)
    def put(self, request: Request) -> Response:
        """Saves the next version; issues follow in the background."""
        asked = ChangeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        weights = _complete(asked.validated_data["weights"])
        try:
            rules = RuleSet.add(weights, asked.validated_data["comment"], request.user)  # type: ignore[arg-type]
        except IntegrityError:
            raise Conflict("Somebody else saved weights at the same moment. Read them, then try again.") from None
        recompute_soon()
        return Response(_answer(rules, request))


class SeverityRulesPreview(GenericAPIView[RuleSet]):
    permission_classes = (RolePermission,)
    write_needs = Action.MANAGE_RULES
    serializer_class = WeightsSerializer
    filter_backends = ()
    queryset = RuleSet.objects.none()

    @extend_schema(request=WeightsSerializer, responses=PreviewSerializer)
    def post(self, request: Request) -> Response:
        """What the weights would move among the active issues. Nothing is changed."""
        asked = WeightsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        found = what_if(_complete(asked.validated_data["weights"]))
        numbers = {"raised": found.raised, "lowered": found.lowered, "same": found.same}
        return Response({"matrix": found.as_words(), **numbers})


def _complete(weights: dict[str, float]) -> dict[str, float]:
    try:
        return complete(weights, RuleSet.objects.current().all_weights)
    except BadWeights as error:
        raise ValidationError({"weights": list(error.problems.values())}) from None


def _answer(rules: RuleSet, request: Request) -> dict[str, Any]:
    weights, touched = rules.all_weights, touches(request.user)
    factors = [
        {
            "code": code,
            "name": factor.name,
            "type": ASPECT_OF[code].type.value,
            "weight": weights[code],
            "default": factor.weight,
            "touches": touched[code],
        }
        for code, factor in FACTORS.items()
    ]
    return {"version": rules.version, "factors": factors}
