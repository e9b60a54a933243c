"""Issues of rescanned endpoints learn when they were last seen: nothing else of them has changed."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import connection as database

from connectors.models import Connection
from issues.ingest.bulk import update
from issues.ingest.rows import moment, read
from issues.models import Endpoint, Issue

RESCANNED = 300  # endpoints whose issues learn of a scan, in one transaction

# SQLite takes a CROSS JOIN as the order to follow; by itself it would go through every finding there is.
NEWER = """
    SELECT i.id, scanned.at FROM (
        SELECT f.issue_id, MAX(e.last_scan_at) AS at
        FROM issues_endpoint e CROSS JOIN issues_finding f
        WHERE e.id = ANY(%s) AND f.endpoint_id = e.id AND f.state = 'active'
        GROUP BY f.issue_id
    ) scanned CROSS JOIN issues_issue i
    WHERE i.id = scanned.issue_id AND NOT i.stale AND i.last_seen < scanned.at
    ORDER BY i.id
"""


class Seen(NamedTuple):
    id: int
    at: Any


def pass_on_scans(connection: Connection) -> bool:
    """Those of some endpoints; False when no endpoint waits for it. Stale issues are about to be counted anyway."""
    rescanned = Endpoint.objects.filter(connection=connection, rescanned=True)
    # The newest first: so no issue is written for an older scan, and then again.
    ids = list(rescanned.order_by("-last_scan_at").values_list("pk", flat=True)[:RESCANNED])
    if ids and not Issue.objects.filter(connection=connection, stale=False).exists():
        rescanned.update(rescanned=False)  # a first import
    elif ids:
        # In the order of their keys, as everybody locks them.
        lock = "FOR UPDATE OF i" if database.vendor == "postgresql" else ""
        update(Issue, ("last_seen",), [(moment(seen.at), seen.id) for seen in read(Seen, NEWER + lock, ids)])
        Endpoint.objects.filter(pk__in=ids).update(rescanned=False)
    return bool(ids)
