"""What the database's planner knows of the tables that an import fills."""

from __future__ import annotations

from django.db import connection as database

from connectors.models import SyncRun
from issues.ingest.bulk import analyse
from issues.models import Endpoint, Finding, Issue

FILLED = (Finding, Issue, Endpoint)
SHARE = 5  # one finding in so many is new: plans made for the others may be far off


def before_counting(run: SyncRun) -> None:
    """PostgreSQL looks at its tables once a minute; a large import is counted before that.

    Without it every batch of issues would go through all findings there are.
    """
    if database.vendor != "postgresql":
        return
    created = SyncRun.objects.values_list("created", flat=True).get(pk=run.pk)
    with database.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [Finding._meta.db_table])
        known = cursor.fetchone()[0]  # -1: it never looked
    if created * SHARE > known:
        analyse(*FILLED)


def after_writing() -> None:
    """SQLite never looks by itself."""
    if database.vendor == "sqlite":
        analyse(*FILLED)
