"""What a complete read did not meet: found by a bitmap over keys, closed in batches."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

from django.db import models

from connectors.models import Connection, Resource, RunResource, SyncRun
from connectors.sink import Closing, Comparison, Tally
from connectors.sources.records import ScopeKind
from issues.ingest.bulk import chunks, update
from issues.ingest.mapping import make_stale
from issues.ingest.rows import keys_of
from issues.models import Endpoint, Finding, SeenFindings

CLOSED = ("state", "last_seen", "resolved_at", "resolved_reason")


class Bitmap:
    """A set of primary keys at one bit a key: a million findings fit into a few hundred kilobytes."""

    def __init__(self) -> None:
        self._bits = bytearray()
        self.stand_ins: set[int] = set()  # of rows that came and could not be read

    def add_all(self, keys: Iterable[int]) -> None:
        bits = self._bits
        for key in keys:
            index = key >> 3
            if index >= len(bits):
                bits.extend(bytes(index + 65_536 - len(bits)))
            bits[index] |= 1 << (key & 7)

    def __contains__(self, key: int) -> bool:
        index = key >> 3
        return index < len(self._bits) and bool(self._bits[index] >> (key & 7) & 1)

    def __len__(self) -> int:
        return int.from_bytes(self._bits, "little").bit_count() + len(self.stand_ins)


def met(run: SyncRun, resource: RunResource | None = None) -> Bitmap:
    """The findings a run met, or those it met in one resource."""
    bitmap = Bitmap()
    batches = SeenFindings.objects.filter(run=run)
    if resource is not None:
        batches = batches.filter(resource=resource)
    for packed in batches.values_list("keys", flat=True).iterator(50):
        keys = array("q")
        keys.frombytes(bytes(packed))
        if keys[0] < 0:
            bitmap.stand_ins.update(keys)
        else:
            bitmap.add_all(keys)
    return bitmap


def compare(run: SyncRun, resource: RunResource) -> Comparison:
    """Whatever was met anywhere in the run is not missing here: an endpoint may have moved meanwhile."""
    seen = met(run)
    active = active_keys(run.connection, resource)
    return Comparison(
        active=len(active),
        missing=array("q", (key for key in active if key not in seen)),
    )


def active_keys(connection: Connection, resource: RunResource | None = None) -> Sequence[int]:
    """Keys of the active findings of a connection, or of one resource of it."""
    findings = Finding.objects.active()
    if resource is None or resource.kind == ScopeKind.TENANT:
        findings = findings.filter(connection=connection)
    else:
        inside = Endpoint.objects.filter(connection=connection).inside(resource.scope)
        findings = findings.filter(endpoint__in=inside.values("pk"))
    return keys_of(findings)


def deselected(run: SyncRun) -> Sequence[int]:
    """Active findings on endpoints that the source puts outside every resource of the run."""
    endpoints = Endpoint.objects.filter(connection=run.connection).exclude(site_ref="")
    for resource in run.resources.all():
        endpoints = endpoints.exclude(**{f"{resource.kind}_ref": resource.external_id})
    return keys_of(Finding.objects.active().filter(endpoint__in=endpoints.values("pk")))


def close(connection: Connection, keys: Sequence[int], closing: Closing) -> Tally:
    """Close those still active. What vanished with a deleted or expired site was not repaired: it is removed."""
    tally = Tally()
    lost = _lost_sites(connection) if keys and closing.resolved else {}
    for ids in chunks(keys):
        findings = list(
            Finding.objects.active()
            .filter(pk__in=ids)
            .select_related("endpoint")
            .only(
                "pk", "issue_id", "detected_at", "first_seen", "state", "endpoint__site_ref", "endpoint__last_scan_at"
            )
        )
        for finding in findings:
            reason = lost.get(finding.endpoint.site_ref, "") if lost else ""
            resolved = closing.resolved and not reason
            finding.last_seen = finding.seen_at
            finding.resolved_at = closing.at
            finding.resolved_reason = reason or closing.reason
            finding.state = (Finding.State.RESOLVED if resolved else Finding.State.REMOVED).value
            tally.resolved += resolved
            tally.removed += not resolved
        update(Finding, CLOSED, [(*(getattr(finding, name) for name in CLOSED), finding.pk) for finding in findings])
        make_stale({f.issue_id for f in findings})
    return tally


def _lost_sites(connection: Connection) -> dict[str, str]:
    states = (Resource.State.DELETED, Resource.State.EXPIRED)
    sites = connection.resources.filter(models.Q(kind=Resource.Kind.SITE), state__in=states)
    return {ref: f"Its site is {state} at the source" for ref, state in sites.values_list("external_id", "state")}
