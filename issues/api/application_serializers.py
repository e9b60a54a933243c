"""Applications as other programs see and change them. The slug is the id."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from issues.models import Application
from issues.severity.levels import WORST_FIRST

LONGEST_NAME = 150  # of a user


class CountsSerializer(serializers.Serializer[Any]):
    critical, high, medium, low, info, unknown = (serializers.IntegerField() for _ in WORST_FIRST)


class NameField(serializers.CharField):
    """Blanks are made one, so that no two names look the same."""

    def to_internal_value(self, data: Any) -> str:
        return " ".join(super().to_internal_value(data).split())


class ApplicationSerializer(serializers.ModelSerializer[Application]):
    """``issues`` are the active ones by severity; ``owners`` are user names, and a change replaces them all."""

    id = serializers.CharField(source="slug", read_only=True)
    name = NameField(
        max_length=200, validators=[UniqueValidator(Application.objects.all(), "Another application has this name.")]
    )
    business_priority = serializers.IntegerField(min_value=1, max_value=5, required=False)
    description = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    owners = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_NAME), required=False, max_length=100, source="owner_names"
    )
    endpoints = serializers.SerializerMethodField()
    issues = serializers.SerializerMethodField()

    class Meta:
        model = Application
        fields = (
            "id", "slug", "name", "business_priority", "environment", "internet_facing", "description", "owners",
            "endpoints", "issues", "created_at",
        )  # fmt: skip
        read_only_fields = ("slug", "created_at")

    def validate_owners(self, names: list[str]) -> list[User]:
        found = {user.username: user for user in User.objects.filter(username__in=names, is_active=True)}
        if missing := [name for name in names if name not in found]:
            raise serializers.ValidationError(f"There is no user “{missing[0]}”.")
        return list(found.values())

    def create(self, values: dict[str, Any]) -> Application:
        owners = values.pop("owner_names", [])
        with transaction.atomic():
            made = Application.objects.create(slug=Application.objects.free_slug(values["name"]), **values)
            made.set_owners(owners)
        return made

    def update(self, application: Application, values: dict[str, Any]) -> Application:
        owners = values.pop("owner_names", None)
        with transaction.atomic():
            changed = super().update(application, values)
            if owners is not None:
                changed.set_owners(owners)
        return changed

    def to_representation(self, application: Application) -> dict[str, Any]:
        application.owner_names = [member.user.username for member in application.owners]  # type: ignore[attr-defined]
        return super().to_representation(application)

    def get_endpoints(self, application: Application) -> int:
        return int(self.context["endpoints"].get(application.pk, 0))

    def get_issues(self, application: Application) -> dict[str, int]:
        counts = self.context["issues"].get(application.pk, {})
        return {level.word: counts.get(level.value, 0) for level in WORST_FIRST}
