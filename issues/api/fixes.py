"""``fixes/``: which software to update first, added up over the applications that one sees."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView

from connectors.api.permissions import RolePermission
from issues.api.fields import IdText
from issues.api.parameters import parameters_of
from issues.models import Fix, Software
from issues.models.fix import LEVELS, FixQuerySet
from issues.queue.fix_filters import FixFilterSet
from issues.queue.fixes import DEFAULT, Update, in_order, totals_of, updates_of
from issues.queue.keyset import BadCursor, Page

DIGITS = 9  # of a place in the list


class ProductSerializer(serializers.ModelSerializer[Software]):
    id = IdText(source="pk")

    class Meta:
        model = Software
        fields = ("id", "name", "vendor")
        read_only_fields = fields


@extend_schema_field({"type": "object", "additionalProperties": False, "required": list(LEVELS),
                      "properties": {word: {"type": "integer"} for word in LEVELS}})  # fmt: skip
class CountsField(serializers.ReadOnlyField):
    """Issues by severity."""


class FixSerializer(serializers.Serializer[Update]):
    """``newer_than``: the highest version that is still vulnerable; empty when none is named."""

    software = ProductSerializer()
    newer_than = serializers.CharField(source="newest")
    applications = serializers.IntegerField()
    endpoints = serializers.IntegerField()
    issues = serializers.IntegerField()
    findings = serializers.IntegerField()
    exploited = serializers.IntegerField(help_text="Issues whose CVE is listed in KEV.")
    issues_by_severity = CountsField(source="counts")
    risk = serializers.IntegerField(help_text="Removed by the update.")
    risk_per_endpoint = serializers.FloatField(source="per_endpoint")


@extend_schema_view(get=extend_schema(parameters=parameters_of(FixFilterSet)))
class Fixes(ListAPIView[Any]):
    """The most risk removed for each endpoint first."""

    serializer_class = FixSerializer
    permission_classes = (RolePermission,)
    filter_backends = ()
    queryset = Fix.objects.none()

    def get_queryset(self) -> Any:
        filters = FixFilterSet(self.request.query_params, user=self.request.user)
        if filters.problems:
            raise ValidationError({name: [text] for name, text in filters.problems.items()})
        return filters.found

    def page_of(self, found: FixQuerySet, size: int, cursor: str) -> Page[Any]:
        """A cursor is a place in the list: sums have no index to go on in."""
        if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) <= DIGITS):
            raise BadCursor("This is not a page of this list. Begin again at the first page.")
        first = int(cursor or 0)
        groups = list(in_order(found, DEFAULT)[first : first + size + 1])
        before = str(max(first - size, 0)) if first else ""
        return Page(updates_of(found, groups[:size]), str(first + size) if len(groups) > size else "", before)

    def count_of(self, found: FixQuerySet) -> int:
        return totals_of(found).updates
