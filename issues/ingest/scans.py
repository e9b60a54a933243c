"""Issues of rescanned endpoints learn when they were last seen: nothing else of them has changed."""

from __future__ import annotations

from django.db import connection as database

from connectors.models import Connection
from issues.ingest.bulk import execute
from issues.models import Endpoint, Issue

RESCANNED = 300  # endpoints whose issues learn of a scan, in one transaction

# SQLite takes a CROSS JOIN as the order to follow; by itself it would go through every finding there is.
# PostgreSQL locks them in the order of their keys, as everybody does.
LATER = """
    UPDATE issues_issue SET last_seen = newer.at FROM (
        SELECT i.id, scanned.at FROM (
            SELECT f.issue_id, MAX(e.last_scan_at) AS at
            FROM issues_endpoint e CROSS JOIN issues_finding f
            WHERE e.id = ANY(%s) AND f.endpoint_id = e.id AND f.state = 'active'
            GROUP BY f.issue_id
        ) scanned CROSS JOIN issues_issue i
        WHERE i.id = scanned.issue_id AND NOT i.stale AND i.last_seen < scanned.at
        ORDER BY i.id {lock}
    ) newer WHERE issues_issue.id = newer.id
"""


def pass_on_scans(connection: Connection) -> bool:
    """Those of some endpoints; False when no endpoint waits for it. Stale issues are about to be counted anyway."""
    rescanned = Endpoint.objects.filter(connection=connection, rescanned=True)
    # The newest first: so no issue is written for an older scan, and then again.
    ids = list(rescanned.order_by("-last_scan_at").values_list("pk", flat=True)[:RESCANNED])
    if ids and not Issue.objects.filter(connection=connection, stale=False).exists():
        rescanned.update(rescanned=False)  # a first import
    elif ids:
        execute(LATER.format(lock="FOR UPDATE OF i" if database.vendor == "postgresql" else ""), ids)
        Endpoint.objects.filter(pk__in=ids).update(rescanned=False)
    return bool(ids)
