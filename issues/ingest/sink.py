"""The door through which runs hand over what they read: the only writer of imported data is behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Sum

from connectors.models import Connection, RunResource, SyncRun
from connectors.sink import Closing, Comparison, Read, Tally, Totals
from connectors.sources.records import EndpointRecord, FindingRecord
from issues.ingest import aggregate, endpoints, purge, resolve, statistics, store, upkeep
from issues.ingest.catch_up import CatchUp, note_software
from issues.ingest.memory import Memory
from issues.ingest.outdated import note_addresses
from issues.mapping.hold import held
from issues.models import Issue, IssueCount, SeenFindings


class IngestSink:
    """Fulfils ``connectors.sink.Sink``."""

    def __init__(self) -> None:
        self._memory = Memory()
        self._catch_up = CatchUp()
        self._counts_new: bool | None = None  # until it counts anything

    def store_endpoints(self, run: SyncRun, records: Sequence[EndpointRecord]) -> None:
        with held(run.connection_id):
            endpoints.store_endpoints(run.connection, records)

    def store_findings(
        self, run: SyncRun, resource: RunResource, records: Sequence[FindingRecord], read: Read
    ) -> Tally:
        with held(run.connection_id):
            tally = store.store_findings(run, resource, records, read, self._memory)
        self._memory.trim()
        return tally

    def seen(self, run: SyncRun, resource: RunResource) -> int:
        return len(resolve.met(run, resource))

    def compare(self, run: SyncRun, resource: RunResource) -> Comparison:
        return resolve.compare(run, resource)

    def deselected(self, run: SyncRun) -> Sequence[int]:
        return resolve.deselected(run)

    def active(self, connection: Connection) -> Sequence[int]:
        return resolve.active_keys(connection)

    def close(self, connection: Connection, keys: Sequence[int], closing: Closing) -> Tally:
        with held(connection.pk):
            return resolve.close(connection, keys, closing)

    def count_issues(self, connection: Connection, run: SyncRun | None, *, new: bool = False) -> Tally | None:
        self._memory.stale.clear()
        if run is not None and new is not self._counts_new:
            statistics.before_counting(run)
            self._counts_new = new
        with held(connection.pk):
            if not new and self._catch_up.step(connection):
                return Tally()
            return aggregate.count_issues(connection, run, new=new)

    def forget(self, run: SyncRun, resource: RunResource | None = None) -> None:
        kept = SeenFindings.objects.filter(run=run)
        (kept.filter(resource=resource) if resource else kept).delete()

    def conclude(self, run: SyncRun) -> None:
        with held(run.connection_id):
            self.forget(run)
            note_addresses(run.connection)
            note_software(run)

    def tidy(self) -> None:
        statistics.after_writing()
        upkeep.keep_up()

    def purge(self, connection: Connection) -> bool:
        with held(connection.pk):
            return purge.purge(connection)

    def totals(self, connections: Iterable[Connection]) -> dict[int, Totals]:
        rows = (
            IssueCount.objects.filter(connection__in=connections, state=Issue.State.ACTIVE)
            .order_by()
            .values_list("connection_id")
            .annotate(Sum("findings"), Sum("issues"))
        )
        return {pk: Totals(findings=findings, issues=issues) for pk, findings, issues in rows}
