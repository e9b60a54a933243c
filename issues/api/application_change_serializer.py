"""What other programs may change of an application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.models import User
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from issues.api.application_serializers import LONGEST_NAME, OWNER, LinkSerializer, MemberSerializer
from issues.editing import values as rules
from issues.models import Application

R = TypeVar("R")


class NameField(serializers.CharField):
    """Blanks are made one, so that no two names look the same."""

    def to_internal_value(self, data: Any) -> str:
        return rules.clean_name(super().to_internal_value(data))


class ApplicationChangeSerializer(serializers.ModelSerializer[Application]):
    """``tags``, ``links`` and ``members`` replace what there was; ``owners`` are user names and replace the owners."""

    name = NameField(
        max_length=200, validators=[UniqueValidator(Application.objects.all(), "Another application has this name.")]
    )
    business_priority = serializers.IntegerField(
        min_value=1, max_value=5, required=False, help_text="1 matters most, 5 least."
    )
    description = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=rules.LONGEST_TAG), required=False, max_length=rules.MOST_TAGS,
        help_text="Kept in small letters.",
    )  # fmt: skip
    links = serializers.ListField(child=LinkSerializer(), required=False, max_length=rules.MOST_LINKS)
    owners = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_NAME), required=False, max_length=rules.MOST_MEMBERS
    )
    members = serializers.ListField(child=MemberSerializer(), required=False, max_length=rules.MOST_MEMBERS)

    class Meta:
        model = Application
        fields = (
            "name", "business_priority", "environment", "internet_facing", "sensitive_data", "description", "tags",
            "links", "owners", "members",
        )  # fmt: skip

    def validate_tags(self, tags: list[str]) -> list[str]:
        return _said(rules.clean_tags, tags)

    def validate_links(self, links: list[dict[str, str]]) -> list[dict[str, str]]:
        return _said(rules.clean_links, links)

    def validate_owners(self, names: list[str]) -> list[int]:
        return list(_keys_of(names).values())

    def validate_members(self, members: list[dict[str, Any]]) -> dict[int, str]:
        names = [member["user"]["username"] for member in members]
        keys = _keys_of(names)
        if len(keys) < len(names):
            raise serializers.ValidationError("Name each person once.")
        return {keys[name]: member["role"] for name, member in zip(names, members, strict=True)}

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if "owners" in values and "members" in values:
            raise serializers.ValidationError({"owners": ["Give either owners or members: owners are members too."]})
        return values

    def wanted(self, now: rules.Values) -> rules.Values:
        """What it shall be, from what it is; what was left out stays."""
        values: rules.Values = dict(self.validated_data)
        owners = values.pop("owners", None)
        if owners is not None:
            others = {user: role for user, role in now.get("members", {}).items() if role != OWNER}
            values["members"] = others | dict.fromkeys(owners, OWNER)
        return values


def _keys_of(names: list[str]) -> dict[str, int]:
    """Users who may sign in, by name."""
    found = dict(User.objects.filter(username__in=names, is_active=True).values_list("username", "pk"))
    if missing := [name for name in names if name not in found]:
        raise serializers.ValidationError(f"There is no user “{missing[0]}”.")
    return found


def _said(clean: Callable[[Any], R], value: Any) -> R:
    """A ``ValueError`` with a sentence becomes the field's error."""
    try:
        return clean(value)
    except ValueError as error:
        raise serializers.ValidationError(str(error)) from None
