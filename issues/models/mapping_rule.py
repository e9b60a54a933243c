"""Ordered rules that say to which application an endpoint belongs; the first match wins."""

from __future__ import annotations

from typing import Any

from django.db import models

from issues.models.application import Application


class MappingRule(models.Model):
    """Either a named ``application`` or ``application_per``: one application for each value found."""

    class Match(models.TextChoices):
        ALL = "all", "All conditions"
        ANY = "any", "Any condition"

    position = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=200)
    match = models.CharField(max_length=3, choices=Match, default=Match.ALL)
    conditions = models.JSONField(default=list)  # [{"field": "tag:app", "operator": "exists", "value": ""}]
    application = models.ForeignKey(Application, null=True, blank=True, on_delete=models.CASCADE)
    application_per = models.CharField(max_length=140, blank=True)  # "tag:KEY" or "site"

    class Meta:
        ordering = ("position",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(application=None) ^ models.Q(application_per=""),
                name="rule_names_one_target",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def in_words(self) -> str:
        """``tag app exists`` or ``site is Berlin and name matches pay-*``; a rule without conditions takes all."""
        joined = " or " if self.match == self.Match.ANY else " and "
        return joined.join(_in_words(condition) for condition in self.conditions) or "every endpoint"

    @property
    def target_in_words(self) -> str:
        if self.application is not None:
            return self.application.name
        return f"one application per {_field(self.application_per)}"


OPERATORS = {"exists": "is set", "is": "is", "in": "is one of", "glob": "matches"}
FIELDS = {"ou": "organisational unit", "os": "operating system", "external_id": "external id"}


def _in_words(condition: dict[str, Any]) -> str:
    value = condition.get("value", "")
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"{_field(condition['field'])} {OPERATORS[condition['operator']]} {text}".strip()


def _field(field: str) -> str:
    kind, _, key = field.partition(":")
    return f"{FIELDS.get(kind, kind.replace('_', ' '))} {key}".strip()
