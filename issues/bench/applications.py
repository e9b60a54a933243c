"""Hundreds of applications over a million findings, as far as lists of applications look: rows straight into tables.

Such lists read counters, days, endpoints and what people say of applications, never an issue or a finding. So the
former have their full size, and the latter are only counted. Nothing is random.
"""

from __future__ import annotations

from datetime import UTC, datetime
from math import sin

from django.contrib.auth import get_user_model
from django.db import transaction

from connectors.models import Connection
from issues.ingest.bulk import analyse, insert
from issues.ingest.days import COLUMNS, DAY, KEPT, Tally, write_today
from issues.models import Application, ApplicationDay, ApplicationMember, ApplicationTag, Endpoint, Issue, IssueCount
from issues.queue.application_numbers import numbers_of
from issues.queue.trends import utc_today
from issues.severity.levels import Level

FINDINGS = 1_000_000  # active ones
PER_ISSUE = 10  # findings
HOSTS = 20_000
PEOPLE, TAGS = 60, 40
ENVIRONMENTS = (*Application.Environment.values, "")
# Percent of all issues: as the vendor said it, as it is now, in which state.
CELLS = (
    (Level.CRITICAL, Level.CRITICAL, Issue.State.ACTIVE, 3),
    (Level.CRITICAL, Level.HIGH, Issue.State.ACTIVE, 9),
    (Level.HIGH, Level.CRITICAL, Issue.State.ACTIVE, 2),
    (Level.HIGH, Level.HIGH, Issue.State.ACTIVE, 18),
    (Level.HIGH, Level.MEDIUM, Issue.State.ACTIVE, 24),
    (Level.MEDIUM, Level.MEDIUM, Issue.State.ACTIVE, 26),
    (Level.MEDIUM, Level.LOW, Issue.State.ACTIVE, 16),
    (Level.UNKNOWN, Level.UNKNOWN, Issue.State.ACTIVE, 2),
    *((level, level, Issue.State.RESOLVED, 10) for level in (Level.CRITICAL, Level.HIGH, Level.MEDIUM, Level.LOW)),
    *((level, level, Issue.State.REMOVED, 1) for level in (Level.HIGH, Level.MEDIUM)),
    (Level.HIGH, Level.LOW, Issue.State.EXCLUDED, 1),
)


def fill(number: int) -> None:
    """Into an installation that has been migrated and has nothing else."""
    tenant = Connection.objects.create(connector="sentinelone", name="Bench", host_url="https://bench.example")
    with transaction.atomic():
        applications = _applications(number)
        _people_and_tags(applications)
        _hosts(tenant, applications)
        _counts(tenant, applications)
        _days(applications)
    write_today()
    analyse(Application, ApplicationDay, ApplicationMember, ApplicationTag, Endpoint, IssueCount)


def _applications(number: int) -> list[Application]:
    return Application.objects.bulk_create(
        Application(
            slug=f"service-{n:03}",
            name=f"Service {n:03}",
            business_priority=1 + n % 5,
            environment=ENVIRONMENTS[n % len(ENVIRONMENTS)],
            internet_facing=n % 3 == 0,
            sensitive_data=n % 4 == 0,
        )
        for n in range(number)
    )


def _people_and_tags(applications: list[Application]) -> None:
    """One to three of each."""
    users = get_user_model()
    people = users.objects.bulk_create(users(username=f"person-{n:02}") for n in range(PEOPLE))
    ApplicationMember.objects.bulk_create(
        ApplicationMember(application=it, user=people[(n + k * 7) % PEOPLE])
        for n, it in enumerate(applications)
        for k in range(1 + n % 3)
    )
    ApplicationTag.objects.bulk_create(
        ApplicationTag(application=it, name=f"team-{(n + k * 11) % TAGS}")
        for n, it in enumerate(applications)
        for k in range(1 + n % 3)
    )


def _hosts(tenant: Connection, applications: list[Application]) -> None:
    seen = datetime.now(UTC) - KEPT
    Endpoint.objects.bulk_create(
        Endpoint(
            connection=tenant,
            external_id=f"{n}",
            name=f"host-{n:05}",
            type="laptop",
            os="windows",
            first_seen=seen,
            last_scan_at=seen,
            application=applications[n % len(applications)],
        )
        for n in range(HOSTS)
    )


def _shares(number: int) -> list[float]:
    """Of all issues, by application: a few have a large part of them."""
    sizes = [1 / (n + 20) for n in range(number)]
    return [size / sum(sizes) for size in sizes]


def _counts(tenant: Connection, applications: list[Application]) -> None:
    active = sum(percent for *_, state, percent in CELLS if state == Issue.State.ACTIVE)
    rows = []
    for it, share in zip(applications, _shares(len(applications)), strict=True):
        for vendor, level, state, percent in CELLS:
            issues = max(1, round(FINDINGS / PER_ISSUE * share * percent / active))
            rows.append((tenant.pk, it.pk, state.value, level, vendor, issues, issues * PER_ISSUE))
    columns = ("connection", "application", "state", "severity", "vendor_severity", "issues", "findings")
    insert(IssueCount, columns, rows)


def _days(applications: list[Application]) -> None:
    """Before today, each in a wave of its own."""
    today, rows = utc_today(), []
    numbers = numbers_of([it.pk for it in applications])
    for n, it in enumerate(applications):
        there = numbers[it.pk]
        for ago in range(KEPT.days, 0, -1):
            part, tally = 0.8 + 0.2 * sin((ago + n) / 9), Tally()
            for level in there.issues:
                tally.add(Level(level), round(there.issues[level] * part), round(there.findings[level] * part))
            rows.append((it.pk, today - ago * DAY, *tally.figures(there.endpoints), False))
    insert(ApplicationDay, COLUMNS, rows)
