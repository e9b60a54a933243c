"""Things for stories, made by the product's own import: what a test sees is what users would see.

Names are given where a story needs them and invented otherwise; nothing is random.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from connectors import sink
from connectors.models import Connection, Resource, RunResource, SyncRun
from connectors.sink import Closing
from connectors.sources.records import TENANT, FindingRecord, Flaw, Severity
from connectors.sync.judge import HELD
from issues.ingest import counts
from issues.models import Application, ApplicationMember, Endpoint, Finding, Issue, RuleSet
from issues.severity.factors import DEFAULTS
from issues.severity.levels import BANDS, Level

SCANNED = datetime(2026, 11, 20, 8, tzinfo=UTC)
DETECTED = datetime(2026, 11, 1, 8, tzinfo=UTC)
TOKEN = "token-of-a-tenant-that-does-not-exist"

_numbers = count(1)


def make_connection(name: str = "", **values: Any) -> Connection:
    """A connected SentinelOne tenant that nobody imports from."""
    name = name or f"Tenant {next(_numbers)}"
    values = {"connector": "sentinelone", "host_url": f"https://{name.replace(' ', '-').lower()}.example", **values}
    connection = Connection(name=name, **values)
    connection.set_token(TOKEN)
    connection.save()
    return connection


def make_resource(connection: Connection, name: str, kind: str = "site", **values: Any) -> Resource:
    external_id = values.pop("external_id", str(next(_numbers)))
    return Resource.objects.create(connection=connection, kind=kind, name=name, external_id=external_id, **values)


def make_run(connection: Connection, state: str = "succeeded", mode: str = "full", **values: Any) -> SyncRun:
    """An import that is over, unless ``state`` says otherwise."""
    now = timezone.now()
    over = {} if state in SyncRun.UNFINISHED else {"finished_at": now}
    return SyncRun.objects.create(
        connection=connection, state=state, mode=mode, **{"started_at": now, **over, **values}
    )


def make_held_run(connection: Connection, missing: int = 20) -> SyncRun:
    """A full read that lost so many findings that it waits for a person."""
    run = make_run(connection, "partial", error_code=HELD, error=f"{missing} findings were missing.")
    state, kind = RunResource.State.HELD, TENANT.kind.value
    RunResource.objects.create(run=run, position=0, kind=kind, name="Everything", state=state, missing=missing)
    connection.problem_code, connection.problem = HELD, run.error
    connection.save(update_fields=["problem_code", "problem"])
    return run


def make_application(name: str = "", owners: Sequence[User] = (), **values: Any) -> Application:
    application = Application.objects.named(name or f"Application {next(_numbers)}")
    for key, value in values.items():
        setattr(application, key, value)
    application.save()
    for owner in owners:
        ApplicationMember.objects.create(application=application, user=owner)
    return application


def make_endpoint(connection: Connection, application: Application, name: str = "", **values: Any) -> Endpoint:
    """An endpoint pinned to its application, or the one of that name that is there already."""
    name = name or f"host-{next(_numbers)}"
    values = {"external_id": f"id-{name}"[:64], "type": "laptop", "os": "windows", "first_seen": DETECTED, **values}
    defaults = {**values, "application": application, "pinned": True}
    external_id = defaults.pop("external_id")
    return Endpoint.objects.get_or_create(connection=connection, external_id=external_id, name=name, defaults=defaults)[
        0
    ]


def make_finding(
    connection: Connection, application: Application, endpoint: Endpoint | None = None, **values: Any
) -> Finding:
    """``values`` are fields of ``FindingRecord`` and ``Flaw``; its issue is made or joined, as an import does it."""
    on = endpoint or make_endpoint(connection, application)
    record = _record(on, values)
    import_findings(connection, [record])
    return Finding.objects.get(connection=connection, external_id=record.external_id)


def make_issue(
    connection: Connection | None = None,
    application: Application | None = None,
    *,
    endpoints: int | Sequence[str] = 1,
    severity: str | None = None,
    score: float | None = None,
    state: str = "active",
    **values: Any,
) -> Issue:
    """One issue with a finding on each endpoint (how many, or their names).

    ``severity`` is ours when it differs from ``vendor_severity``; other ``values`` are fields of
    ``FindingRecord`` and ``Flaw``, such as ``cve``, ``software_name``, ``vendor_severity`` (a word), ``detected_at``.
    """
    connection = connection or Connection.objects.first() or make_connection()
    application = application or make_application()
    values = {"cve": f"CVE-2026-{next(_numbers):05}", "software_name": "7-Zip", **values}
    names = [""] * endpoints if isinstance(endpoints, int) else endpoints
    hosts = [make_endpoint(connection, application, name) for name in names]
    records = [_record(host, {**values, "false_positive": state == "excluded"}) for host in hosts]
    import_findings(connection, records)
    if state in ("resolved", "removed"):
        close_findings(connection, [r.external_id for r in records], resolved=state == "resolved")
    issue = Finding.objects.get(connection=connection, external_id=records[0].external_id).issue
    if severity is not None or score is not None:
        reprioritise(issue, severity or Level(issue.severity).word, score)
    return issue


def make_issues(number: int, connection: Connection, application: Application, **values: Any) -> list[Issue]:
    """Many issues of one application in one import, each with a CVE of its own on one endpoint."""
    return make_each(connection, [(make_endpoint(connection, application), values)] * number)


def make_each(connection: Connection, wanted: Iterable[tuple[Endpoint, dict[str, Any]]]) -> list[Issue]:
    """Issues in one import: on which endpoint, and what is known of the finding, as in ``make_issue``."""
    records = [_record(host, values) for host, values in wanted]
    import_findings(connection, records)
    ids = [r.external_id for r in records]
    return list(Issue.objects.filter(all_findings__external_id__in=ids).order_by("pk"))


def reprioritise(issue: Issue, severity: str, score: float | None = None) -> None:
    """As if severity factors had spoken."""
    issue.severity = Level.of(severity)
    issue.score = BANDS[Level(issue.severity)][0] if score is None else score
    issue.save(update_fields=["severity", "score"])
    counts.rebuild()


def import_findings(connection: Connection, records: Sequence[FindingRecord]) -> SyncRun:
    """Store the records and count their issues, as a delta run that reads one page.

    Unless a story saved rules of its own before, no severity factor weighs anything: issues are what the vendor says.
    """
    RuleSet.objects.get_or_create(version=1, defaults={"weights": dict.fromkeys(DEFAULTS, 0.0)})
    run = make_run(connection, mode="delta")
    resource = RunResource.objects.create(run=run, position=0, kind=TENANT.kind.value, name="Everything")
    sink.get().store_findings(run, resource, records, already_read)
    _count(connection, run)
    return run


def already_read(record: FindingRecord) -> None:
    raise AssertionError("There is no source to read it.")


def close_findings(connection: Connection, external_ids: Sequence[str], *, resolved: bool = True) -> None:
    keys = Finding.objects.filter(connection=connection, external_id__in=external_ids).values_list("pk", flat=True)
    reason = "No longer reported by the source" if resolved else "Its resource is not selected any more"
    sink.get().close(connection, list(keys), Closing(resolved, timezone.now(), reason))
    _count(connection, None)


def _count(connection: Connection, run: SyncRun | None) -> None:
    while sink.get().count_issues(connection, run) is not None:
        pass


def _record(endpoint: Endpoint, values: dict[str, Any]) -> FindingRecord:
    values = dict(values)
    number = next(_numbers)
    severity = Severity(values.pop("vendor_severity", "high"))
    defaults: dict[str, Any] = {
        "external_id": f"finding-{number}",
        "cve": f"CVE-2026-{number:05}",
        "software_vendor": "Vendor",
        "software_name": "7-Zip",
        "software_version": "1.0",
        "detected_at": DETECTED,
    }
    values = {**defaults, **values, "vendor_severity": severity}
    flaw = Flaw(**{name: values.pop(name) for name in Flaw._fields if name in values})
    record = FindingRecord(
        fingerprint="",
        endpoint_id=endpoint.external_id,
        scanned_at=SCANNED.isoformat(),
        removed=False,
        evidence="{}",
        flaw=flaw,
        endpoint_name=endpoint.name,
        endpoint_type=endpoint.type,
        endpoint_os=endpoint.os,
        **values,
    )
    return replace(record, fingerprint=f"{hash(repr(record)) & 0xFFFFFFFFFFFFFFFF:016x}")
