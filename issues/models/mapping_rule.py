"""Ordered rules that say to which application an endpoint belongs; the first match wins."""

from __future__ import annotations

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
