"""Findings follow endpoints that were put into another application: to the issues there, family by family.

``Endpoint.application`` says where an endpoint belongs; until its findings are there too, its ``mapped_version`` is
``TO_FOLLOW``. A batch puts whole families in order in one short transaction. Killed anywhere, whoever comes next finds
the same endpoints and does the rest.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from django.db import connection as database

from connectors.models import Connection
from issues.ingest.moves import move
from issues.mapping.hold import held
from issues.mapping.keys import among
from issues.models import Endpoint, Finding, Issue
from issues.models.endpoint import TO_FOLLOW

# In one transaction, unless one family has more: a tenth of a second or two on SQLite.
MOST_ISSUES, MOST_FINDINGS = 300, 3_000
TABLES = {
    "endpoint": f'"{Endpoint._meta.db_table}"',
    "finding": f'"{Finding._meta.db_table}"',
    "issue": f'"{Issue._meta.db_table}"',
}
# On SQLite a CROSS JOIN keeps the order that is written: from few endpoints to their findings, never the other way.
JOINED = """
FROM {endpoint} e CROSS JOIN {finding} f CROSS JOIN {issue} i
WHERE {endpoints} AND f.endpoint_id = e.id AND i.id = f.issue_id AND i.application_id <> e.application_id
"""
LEAVING = f"""
SELECT i.vulnerability_id, i.software_id, i.id, i.findings + count(*) {JOINED}
GROUP BY i.vulnerability_id, i.software_id, i.id, i.findings ORDER BY 1, 2, 3
"""
MISPLACED = f"SELECT DISTINCT e.id {JOINED}"


class Follower:
    """What has to be done when it is made, for all endpoints of a connection that wait, or for some of them.

    What comes later is not in it. So an issue that is merged with another takes along only what was decided about it
    before any of this began, in whatever order the families come.
    """

    def __init__(self, connection: Connection, endpoints: Sequence[int] | None = None) -> None:
        self._connection = connection
        self._families, self._issues, self._sizes = (array("q"), array("q")), array("q"), array("q")
        self._at = 0
        which, parameters = "e.mapped_version = %s AND e.connection_id = %s", [TO_FOLLOW, connection.pk]
        if endpoints is not None:
            test, keys = among(endpoints)
            which, parameters = f"{which} AND e.id {test}", [*parameters, keys]
        with database.cursor() as cursor:
            cursor.execute(LEAVING.format(**TABLES, endpoints=which), parameters)
            while rows := cursor.fetchmany(10_000):
                for column, values in zip(
                    (*self._families, self._issues, self._sizes), zip(*rows, strict=True), strict=True
                ):
                    column.extend(values)

    def __len__(self) -> int:
        """Issues that findings have yet to leave."""
        return len(self._issues) - self._at

    def batch(self) -> bool:
        """Put some families in order; False when none is left."""
        if not len(self):
            return False
        end = self._end()
        families = set(zip(*(column[self._at : end] for column in self._families), strict=True))
        with held(self._connection.pk):
            move(self._connection, families, self._issues[self._at : end])
        self._at = end
        return True

    def _end(self) -> int:
        """Past the last family that still fits, and at least the first."""
        end = fits = self._at
        issues = findings = 0
        while end < len(self._issues):
            family = end
            while end < len(self._issues) and self._family(end) == self._family(family):
                findings += self._sizes[end]
                issues += 1
                end += 1
            if fits > self._at and (issues > MOST_ISSUES or findings > MOST_FINDINGS):
                break
            fits = end
        return fits

    def _family(self, at: int) -> tuple[int, ...]:
        return tuple(column[at] for column in self._families)


def misplaced(endpoints: Sequence[int]) -> set[int]:
    """Those of the endpoints with a finding that is not yet where the endpoint is."""
    test, keys = among(endpoints)
    with database.cursor() as cursor:
        cursor.execute(MISPLACED.format(**TABLES, endpoints=f"e.id {test}"), [keys])
        return {key for (key,) in cursor.fetchall()}
