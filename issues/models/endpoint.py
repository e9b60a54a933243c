"""A laptop, server or workload: what it is, where it belongs and why."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.db import models
from django.urls import reverse
from django.utils import timezone

from connectors.models import Connection
from connectors.sources.records import Scope, ScopeKind
from issues.access import sees_everything
from issues.models.application import Application, applications_of
from issues.models.mapping_rule import MappingRule
from issues.severity.facts import Surface

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


# The words of the source for kinds of endpoints.
WORKSTATIONS = ("laptop", "desktop", "workstation")
SERVERS = ("server", "storage")
WORKLOADS = ("kubernetes node", "kubernetes pod", "ecs service", "container")
SURFACE = models.Case(  # as ``Surface``; 0 for a kind that nobody knows
    models.When(type__in=WORKSTATIONS, then=Surface.WORKSTATION.value),
    models.When(type__in=WORKLOADS, then=Surface.WORKLOAD.value),
    models.When(type__in=SERVERS, cloud_provider="", then=Surface.SERVER.value),
    models.When(type__in=SERVERS, then=Surface.WORKLOAD.value),
    default=0,
)
STALE_AFTER = timedelta(days=30)  # since its last scan: what is known of it may not be true any more
TO_FOLLOW = 0  # ``mapped_version`` of an endpoint that was put elsewhere, until its findings have followed it


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def visible_to(self, user: User | AnonymousUser) -> EndpointQuerySet:
        return self if sees_everything(user) else self.filter(application__in=applications_of(user))

    def behind(self, version: int) -> EndpointQuerySet:
        """Those that do not follow this version of the mapping rules yet, with all their findings."""
        return self.filter(mapped_version__lt=version)

    def untold(self, connection: Connection) -> EndpointQuerySet:
        """Those whose issues have yet to learn of a scan or a change."""
        return self.filter(models.Q(rescanned=True) | models.Q(changed=True), connection=connection)

    def inside(self, scope: Scope) -> EndpointQuerySet:
        """Those that the source counts to an account, site or group; all of them for the whole tenant."""
        if scope.kind is ScopeKind.TENANT:
            return self
        return self.filter(**{f"{scope.kind.value}_ref": scope.external_id})


class Endpoint(models.Model):
    """``account_ref``, ``site_ref`` and ``group_ref`` are the source's ids; empty when it never said."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="endpoints", db_index=False)
    external_id = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=16, blank=True)  # of the source's record; empty: only known by findings
    uuid = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=300)
    type = models.CharField(max_length=40, blank=True)
    os = models.CharField(max_length=40, blank=True)
    os_name = models.CharField(max_length=200, blank=True)
    domain = models.CharField(max_length=255, blank=True)
    account_ref = models.CharField(max_length=64, blank=True)
    account_name = models.CharField(max_length=300, blank=True)
    site_ref = models.CharField(max_length=64, blank=True)
    site_name = models.CharField(max_length=300, blank=True)
    group_ref = models.CharField(max_length=64, blank=True)
    group_name = models.CharField(max_length=300, blank=True)
    customer_id = models.CharField(max_length=300, blank=True)
    external_ip = models.CharField(max_length=45, blank=True)
    ou = models.TextField(blank=True)
    cloud_provider = models.CharField(max_length=40, blank=True)
    cloud_account = models.CharField(max_length=120, blank=True)
    tags = models.JSONField(default=list, blank=True)  # [[key, value], …]
    cloud_tags = models.JSONField(default=list, blank=True)
    agent_version = models.CharField(max_length=40, blank=True)
    active = models.BooleanField(null=True, blank=True)
    decommissioned = models.BooleanField(default=False)
    last_active_at = models.DateTimeField(null=True, blank=True)
    last_scan_at = models.DateTimeField(null=True, blank=True)  # of its applications, as its findings say
    rescanned = models.BooleanField(default=False)  # its issues do not know of the last scan yet
    changed = models.BooleanField(default=False, db_default=False)  # nor of what else factors look at
    surface = models.GeneratedField(expression=SURFACE, output_field=models.SmallIntegerField(), db_persist=True)
    public_address = models.BooleanField(default=False, db_default=False)  # its external address is public, its own
    first_seen = models.DateTimeField()

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="endpoints")
    mapped_by = models.ForeignKey(MappingRule, null=True, blank=True, on_delete=models.SET_NULL)
    mapped_version = models.PositiveIntegerField(default=0, db_default=0)  # of the rules it follows, or ``TO_FOLLOW``
    pinned = models.BooleanField(default=False)  # a person put it there; rules keep off

    objects = EndpointQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("connection", "external_id"), name="endpoint_once_per_connection"),
        )
        indexes = (
            models.Index(fields=("name",), name="endpoint_name"),
            models.Index(fields=("connection", "site_ref"), name="endpoint_site"),
            models.Index(
                fields=("connection", "rescanned"), condition=models.Q(rescanned=True), name="endpoint_rescanned"
            ),
            models.Index(fields=("connection", "id"), condition=models.Q(changed=True), name="endpoint_changed"),
            models.Index(fields=("mapped_version", "id"), name="endpoint_to_map"),
            # What the list sorts by, and what its selects offer, read without a look at any row.
            models.Index(fields=("last_scan_at", "id"), name="endpoint_by_scan"),
            models.Index(fields=("site_name", "name", "id"), name="endpoint_by_site"),
            models.Index(fields=("type", "os", "pinned", "mapped_by"), name="endpoint_kinds"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("endpoint", args=[self.pk])

    @property
    def is_stale(self) -> bool:
        return self.last_scan_at is not None and timezone.now() - self.last_scan_at > STALE_AFTER

    @property
    def exposure(self) -> tuple[str, bool, bool]:
        """What severity factors see of it; contact and addresses are looked after by themselves."""
        return self.type, bool(self.cloud_provider), self.decommissioned

    @property
    def console_url(self) -> str:
        """The device list of the tenant's console, filtered by this name: no page of one device is documented."""
        wanted = quote(f'{{"computerName__contains":"\\"{self.name}\\""}}')
        return f"{self.connection.host_url}/sentinels/devices?page=1&filter={wanted}"

    @property
    def mapping_reason(self) -> str:
        """Why it belongs to its application, as a sentence for the page."""
        return mapping_reason(
            pinned=self.pinned,
            rule=self.mapped_by.name if self.mapped_by is not None else "",
            unassigned=self.application.is_unassigned,
        )


def mapping_reason(*, pinned: bool, rule: str, unassigned: bool) -> str:
    if pinned:
        return "Pinned by a person"
    if rule:
        return f"Rule: {rule}"
    return "No rule matches" if unassigned else "The rule that decided is gone"
