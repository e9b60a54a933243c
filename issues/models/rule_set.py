"""The weights of the severity factors, in versions: the newest one counts, and none is ever changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction

from issues.severity.factors import DEFAULTS

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class RuleSetQuerySet(models.QuerySet["RuleSet"]):
    def current(self) -> RuleSet:
        """The one that counts; the first, with the defaults, is made when there is none."""
        newest = self.order_by("-version").first()
        return newest or self.get_or_create(version=1, defaults={"comment": "Defaults", "weights": DEFAULTS})[0]


class RuleSet(models.Model):
    version = models.PositiveIntegerField(unique=True)
    weights = models.JSONField()  # {"kev": 2.0, …}; a factor added later has its default
    comment = models.CharField(max_length=300, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        ordering = ("-version",)

    def __str__(self) -> str:
        return f"Rule set version {self.version}"

    @property
    def all_weights(self) -> dict[str, float]:
        """Of every factor that exists now."""
        return {code: float(self.weights.get(code, default)) for code, default in DEFAULTS.items()}

    @classmethod
    def add(cls, weights: Mapping[str, float], comment: str, author: User | None) -> RuleSet:
        """Save the next version, checked by ``issues.severity.weights.complete`` before.

        Of two people who save at once the second gets an ``IntegrityError``: nobody overwrites unseen.
        """
        with transaction.atomic():
            version = cls.objects.current().version + 1
            return cls.objects.create(
                version=version, weights=dict(weights), comment=comment[:300].strip(), author=author
            )
