"""Applications as other programs see them. The slug is the id."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from issues.editing.values import LONGEST_LABEL, LONGEST_URL
from issues.models import Application, ApplicationMember
from issues.queue.application_numbers import Numbers
from issues.severity.levels import WORST_FIRST
from issues.severity.risk import IN_WORDS

LONGEST_NAME = 150  # of a user
OWNER = ApplicationMember.Role.OWNER.value


class CountsSerializer(serializers.Serializer[Any]):
    critical, high, medium, low, info, unknown = (serializers.IntegerField() for _ in WORST_FIRST)


class LinkSerializer(serializers.Serializer[Any]):
    """A web address; without a label it is called by the address."""

    label = serializers.CharField(max_length=LONGEST_LABEL, required=False, allow_blank=True)  # type: ignore[assignment]
    url = serializers.CharField(max_length=LONGEST_URL, help_text="Begins with https:// or http://.")


class MemberSerializer(serializers.Serializer[Any]):
    """A person of an application, by user name."""

    user = serializers.CharField(max_length=LONGEST_NAME, source="user.username")
    role = serializers.ChoiceField(ApplicationMember.Role.choices)


class ApplicationSerializer(serializers.ModelSerializer[Application]):
    """``issues`` are the active ones by severity, ``findings`` their active findings; ``owners`` are user names.

    Needs applications that were loaded ``with_people_and_tags``, and their ``numbers`` in the context.
    """

    id = serializers.CharField(source="slug", read_only=True)
    environment = serializers.ChoiceField([*Application.Environment.choices, ("", "Not set")], read_only=True)
    links = LinkSerializer(many=True, read_only=True)
    tags = serializers.SerializerMethodField()
    owners = serializers.SerializerMethodField()
    members = MemberSerializer(many=True, source="people", read_only=True)
    endpoints = serializers.SerializerMethodField()
    issues = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()
    risk = serializers.SerializerMethodField(help_text=IN_WORDS)

    class Meta:
        model = Application
        fields = (
            "id", "slug", "name", "business_priority", "environment", "internet_facing", "sensitive_data",
            "description", "tags", "links", "owners", "members", "endpoints", "issues", "findings", "risk",
            "created_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_tags(self, application: Application) -> list[str]:
        return [tag.name for tag in application.tags.all()]

    def get_owners(self, application: Application) -> list[str]:
        people: list[ApplicationMember] = application.people  # type: ignore[attr-defined]
        return [member.user.username for member in people if member.role == OWNER]

    def get_endpoints(self, application: Application) -> int:
        return self._numbers(application).endpoints

    @extend_schema_field(CountsSerializer)
    def get_issues(self, application: Application) -> dict[str, int]:
        return self._numbers(application).counts

    def get_findings(self, application: Application) -> int:
        return sum(self._numbers(application).findings.values())

    def get_risk(self, application: Application) -> int:
        return self._numbers(application).risk

    def _numbers(self, application: Application) -> Numbers:
        found: Numbers = self.context["numbers"].get(application.pk, Numbers())
        return found
