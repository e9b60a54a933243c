"""The small tables beside the findings: software, vulnerabilities and issues, looked up or made by batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from connectors.models import Connection, SyncRun
from connectors.sources.records import FindingRecord
from issues.ingest.bulk import chunks, insert
from issues.models import Issue, Software, Vulnerability
from issues.models.software import software_key

IssueKey = tuple[int, int, int]  # application, vulnerability, software


def software_ids(records: Iterable[FindingRecord]) -> dict[str, int]:
    """Primary keys by ``software_key``."""
    wanted = {software_key(r.software_vendor, r.software_name): r for r in records}
    found = _by(Software, "key", wanted)
    missing = [
        Software(key=key, vendor=r.software_vendor[:300], name=r.software_name[:1000])
        for key, r in wanted.items()
        if key not in found
    ]
    if missing:
        # Two connections may meet the same product at once; the database decides whose row it is.
        Software.objects.bulk_create(missing, ignore_conflicts=True)
        found |= _by(Software, "key", [s.key for s in missing])
    return found


def vulnerability_ids(records: Iterable[FindingRecord]) -> dict[str, int]:
    """Primary keys by CVE; what the source says of a CVE is brought up to date on the way."""
    wanted = {r.cve: r for r in records}
    found: dict[str, Vulnerability] = {}
    for cves in chunks(wanted):
        found |= {v.cve: v for v in Vulnerability.objects.filter(cve__in=cves)}
    changed = [v for v in found.values() if _take_over(v, wanted[v.cve])]
    Vulnerability.objects.bulk_update(changed, CVE_FACTS, batch_size=100)
    missing = [_new_vulnerability(r) for cve, r in wanted.items() if cve not in found]
    ids = {cve: v.pk for cve, v in found.items()}
    if missing:
        Vulnerability.objects.bulk_create(missing, ignore_conflicts=True)
        ids |= _by(Vulnerability, "cve", [v.cve for v in missing])
    return ids


CVE_FACTS = ("published_at", "cvss", "cvss_version", "exploit_maturity", "remediation_level", "report_confidence")


def _new_vulnerability(record: FindingRecord) -> Vulnerability:
    vulnerability = Vulnerability(cve=record.cve)
    _take_over(vulnerability, record)
    return vulnerability


def _take_over(vulnerability: Vulnerability, record: FindingRecord) -> bool:
    """Whether the record says something else; what it leaves out stays as it was."""
    changed = False
    for name in CVE_FACTS:
        said = getattr(record, name)
        said = said[:40] if isinstance(said, str) else said
        if said not in (None, "") and said != getattr(vulnerability, name):
            setattr(vulnerability, name, said[:10] if name == "cvss_version" else said)
            changed = True
    return changed


def _by(model: type[Software] | type[Vulnerability], field: str, values: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in chunks(values):
        found |= dict(model._default_manager.filter(**{f"{field}__in": some}).values_list(field, "pk"))
    return found


def issue_keys(
    connection: Connection, wanted: Mapping[IssueKey, tuple[str, datetime]], run: SyncRun | None
) -> dict[IssueKey, int]:
    """Primary keys of the issues of those keys; new ones are made, uncounted, from title and first seen."""
    found = _issues(connection, wanted)
    missing = [key for key in wanted if key not in found]
    if missing:
        insert(
            Issue,
            ISSUE_COLUMNS,
            [
                (
                    connection.pk,
                    *key,
                    wanted[key][0],
                    Issue.State.PENDING.value,
                    "",
                    True,
                    0,
                    0,
                    0.0,
                    0.0,
                    "[]",
                    False,
                    0,
                    0,
                    wanted[key][1],
                    wanted[key][1],
                    None,
                    run.pk if run else None,
                )
                for key in missing
            ],
        )
        found |= _issues(connection, missing)
    return found


ISSUE_COLUMNS = (
    "connection",
    "application",
    "vulnerability",
    "software",
    "title",
    "state",
    "state_reason",
    "stale",
    "vendor_severity",
    "severity",
    "start",
    "score",
    "factors",
    "overridden",
    "findings",
    "endpoints",
    "first_seen",
    "last_seen",
    "resolved_at",
    "created_run",
)


def _issues(connection: Connection, keys: Iterable[IssueKey]) -> dict[IssueKey, int]:
    keys = set(keys)
    applications = {key[0] for key in keys}
    found: dict[IssueKey, int] = {}
    for vulnerabilities in chunks({key[1] for key in keys}, 500):
        rows = Issue.objects.filter(
            connection=connection, application__in=applications, vulnerability__in=vulnerabilities
        ).values_list("application_id", "vulnerability_id", "software_id", "pk")
        found |= {row[:3]: row[3] for row in rows.iterator() if row[:3] in keys}
    return found
