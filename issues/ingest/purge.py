"""Deleting for good what a deleted connection brought."""

from __future__ import annotations

from connectors.models import Connection
from issues.models import Endpoint, Finding, Issue, IssueCount

BATCH = 2_000


def purge(connection: Connection) -> bool:
    """Delete one batch; False when nothing is left."""
    for model in (Finding, Issue, Endpoint):
        ids = list(model._default_manager.filter(connection=connection).values_list("pk", flat=True)[:BATCH])
        if ids:
            for start in range(0, len(ids), 900):
                model._default_manager.filter(pk__in=ids[start : start + 900]).delete()
            return True
    IssueCount.objects.filter(connection=connection).delete()
    return False
