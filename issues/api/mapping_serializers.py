"""Mapping rules over REST: how they read, and how far the endpoints follow them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers

from issues.mapping.rule import MATCHES, OPERATORS
from issues.models import MappingRevision


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
class ValueField(serializers.JSONField):
    """One text, or a list of them for ``in``."""


class ConditionSerializer(serializers.Serializer[Any]):
    field = serializers.CharField(
        help_text="`tag:KEY`, `account`, `site`, `group`, `name`, `domain`, `ou`, `cloud_provider`, `cloud_account`, "
        "`cloud_tag:KEY`, `os`, `type`, `external_id` or `software`."
    )
    operator = serializers.ChoiceField(choices=OPERATORS)
    value = ValueField(required=False, help_text="A list for `in`; nothing for `exists`. Case does not matter.")


class MappingRuleSerializer(serializers.Serializer[Any]):
    """Either `application`, a name, or `application_per`: one application for each value."""

    name = serializers.CharField(required=False, help_text="Called by its conditions when left out.")
    match = serializers.ChoiceField(choices=MATCHES, default="all")
    conditions = ConditionSerializer(many=True, required=False, help_text="None: it takes every endpoint.")
    application = serializers.CharField(required=False)
    application_per = serializers.CharField(required=False, help_text="`tag:KEY` or `site`.")


class RuleListSerializer(serializers.Serializer[Any]):
    """The whole list, in its order: the first rule that matches wins."""

    rules = MappingRuleSerializer(many=True)


class RevisionSerializer(serializers.Serializer[Any]):
    comment = serializers.CharField(max_length=300, allow_blank=True, default="")
    version = serializers.IntegerField(required=False, min_value=0, help_text="The one that was read before.")


class MappingChangeSerializer(RevisionSerializer):
    """For the schema: the rules themselves are read by ``issues.mapping.rules.parse``, as those of a file are."""

    rules = MappingRuleSerializer(many=True)


class WorkSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=("running", "finished"))
    endpoints = serializers.IntegerField(help_text="Looked at so far.")
    expected = serializers.IntegerField(help_text="Endpoints there were when it was saved.")
    moved = serializers.IntegerField(help_text="Endpoints that went to another application.")
    moved_issues = serializers.IntegerField(help_text="So far; one that is split counts for each part that moved.")
    expected_issues = serializers.IntegerField(help_text="About; known when all endpoints were looked at.")
    percent = serializers.IntegerField()
    finished_at = serializers.DateTimeField(allow_null=True)


class MappingRulesSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    rules = MappingRuleSerializer(many=True)
    work = WorkSerializer()


class MappingPreviewSerializer(serializers.Serializer[Any]):
    moves = inline_serializer(
        "MappingMove",
        {  # "from" can't be an attribute
            "from": serializers.CharField(),
            "to": serializers.CharField(),
            "endpoints": serializers.IntegerField(),
            "issues": serializers.IntegerField(),
        },
        many=True,
    )
    warnings = serializers.ListField(child=serializers.CharField())
    per_rule = serializers.ListField(child=serializers.IntegerField(), help_text="Endpoints that each rule decides.")
    unassigned = serializers.IntegerField(help_text="Endpoints that no rule would claim.")


def work_of(revision: MappingRevision) -> dict[str, Any]:
    numbers = ("endpoints", "expected", "moved", "moved_issues", "expected_issues", "percent", "finished_at")
    state = "finished" if revision.is_finished else "running"
    return {"state": state, **{name: getattr(revision, name) for name in numbers}}
