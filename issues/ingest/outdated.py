"""Which issues no longer say what they depend on says: rules, applications, addresses, or time alone."""

from __future__ import annotations

import ipaddress
from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from connectors.models import Connection
from issues.ingest.bulk import chunks
from issues.models import Application, Assessment, Endpoint, Issue, RuleSet
from issues.models.endpoint import SERVERS, WORKLOADS
from issues.severity.factors.exploitable import NEW_DAYS, OLD_DAYS
from issues.severity.factors.reachable import OPEN_DAYS, SILENT_DAYS

DAY = timedelta(days=1)
OPEN = Q(state__in=Issue.OPEN_STATES, stale=False)


def is_outdated(now: datetime) -> bool:
    """Whether ``mark`` would find anything; asked each minute, so it only reads."""
    stored = Assessment.objects.first()
    return (
        stored is None
        or stored.rules_version != RuleSet.objects.current().version
        or stored.aged_at is None
        or now - stored.aged_at >= DAY
        or bool(_changed_applications())
    )


def mark(stored: Assessment, now: datetime) -> None:
    """Make stale what is outdated. Killed anywhere, the next call marks the rest.

    Changed rules mark nothing: they need no new facts (see ``issues.ingest.reweigh``).
    """
    _mark_applications()
    if stored.aged_at is not None and now - stored.aged_at >= DAY:
        _mark_aged(stored.aged_at, now)
        for connection in Connection.objects.filter(deleted_at=None):
            note_addresses(connection)
    if stored.aged_at is None or now - stored.aged_at >= DAY:
        stored.aged_at = now
    stored.save(update_fields=["aged_at"])


def _changed_applications() -> list[Application]:
    return [application for application in Application.objects.all() if application.context != application.assessed]


def _mark_applications() -> None:
    """Those that are stale already too: whoever counts them right now may still know the former context."""
    for application in _changed_applications():
        known = Issue.objects.filter(state__in=Issue.OPEN_STATES, application=application).order_by("pk")
        for ids in chunks(known.values_list("pk", flat=True)):
            Issue.objects.filter(pk__in=ids).update(stale=True)
        # Unless it was changed again meanwhile: then the next call has more to do.
        followed = Application.objects.filter(pk=application.pk, assessed=application.assessed)
        followed.update(assessed=application.context)


def _mark_aged(since: datetime, now: datetime) -> None:
    """What crossed one of the ages that factors look at."""

    def crossed(field: str, days: int) -> Q:
        age = timedelta(days=days)
        return Q(**{f"{field}__gte": since - age - DAY, f"{field}__lte": now - age})

    published = crossed("vulnerability__published_at", NEW_DAYS) | crossed("vulnerability__published_at", OLD_DAYS)
    aged = Issue.objects.filter(OPEN).filter(crossed("first_seen", OPEN_DAYS) | published)
    for ids in chunks(aged.values_list("pk", flat=True)):
        Issue.objects.filter(pk__in=ids).update(stale=True)
    Endpoint.objects.filter(crossed("last_active_at", SILENT_DAYS), changed=False).update(changed=True)


def note_addresses(connection: Connection) -> None:
    """Remember which servers and workloads have a public address to themselves; their issues learn of changes."""
    endpoints = Endpoint.objects.filter(connection=connection, decommissioned=False)
    shared = Counter(endpoints.exclude(external_ip="").values_list("external_ip", flat=True))
    servers = endpoints.filter(type__in=(*SERVERS, *WORKLOADS))
    own = {pk for pk, ip in servers.values_list("pk", "external_ip") if shared[ip] == 1 and _is_public(ip)}
    noted = set(Endpoint.objects.filter(connection=connection, public_address=True).values_list("pk", flat=True))
    for value, changed in ((True, own - noted), (False, noted - own)):
        for ids in chunks(changed):
            _of(ids).update(public_address=value, changed=True)


def _of(ids: list[int]) -> QuerySet[Endpoint]:
    return Endpoint.objects.filter(pk__in=ids)


def _is_public(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False
