"""An account, site or group of a tenant that people can select for import."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from connectors.models.connection import Connection
from connectors.sources.records import Scope, ScopeKind


class ResourceQuerySet(models.QuerySet["Resource"]):
    def roots(self) -> ResourceQuerySet:
        """What stands at the top of the tree: accounts, or sites when the token sees no account."""
        return self.filter(parent=None)

    def named(self, text: str) -> ResourceQuerySet:
        return self.filter(name__icontains=text) if text else self

    def picked(self) -> ResourceQuerySet:
        return self.filter(selected=True)


class Resource(models.Model):
    class Kind(models.TextChoices):
        ACCOUNT = "account", "Account"
        SITE = "site", "Site"
        GROUP = "group", "Group"

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        EXPIRED = "expired", "Expired"
        DELETED = "deleted", "Deleted"

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="resources")
    kind = models.CharField(max_length=7, choices=Kind)
    external_id = models.CharField(max_length=64)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="children")
    name = models.CharField(max_length=300)
    state = models.CharField(max_length=7, choices=State, default=State.ACTIVE)
    endpoints = models.PositiveIntegerField(null=True, blank=True)
    selected = models.BooleanField(default=False)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("connection", "kind", "external_id"), name="resource_once_per_connection"),
        )
        indexes = (models.Index(fields=("connection", "parent", "name"), name="resource_tree"),)

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> Scope:
        return Scope(ScopeKind(self.kind), self.external_id)


def widest(resources: Iterable[Resource]) -> list[Resource]:
    """Those of the selected resources that no selected parent covers already, in reading order."""
    chosen = list(resources)
    ids = {r.pk for r in chosen}
    parents = {r.pk: r.parent_id for r in Resource.objects.filter(connection__in={r.connection_id for r in chosen})}

    def covered(resource: Resource) -> bool:
        above = parents.get(resource.pk)
        while above is not None:
            if above in ids:
                return True
            above = parents.get(above)
        return False

    return [r for r in chosen if not covered(r)]
