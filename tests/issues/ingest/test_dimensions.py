"""Software, CVEs and issues of a batch: found or made, once, whoever else makes them at the same moment."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connection as database
from django.db import transaction

from connectors.sources.records import Flaw, Severity
from issues.ingest import bulk, dimensions
from issues.ingest.dimensions import learn_flaws, learn_issues
from issues.ingest.memory import Memory
from issues.models import Issue, Software, Vulnerability
from tests.factories import make_application, make_connection

AT = datetime(2026, 5, 17, 4, 3, 2, 100, UTC)
FLAW = Flaw(
    "CVE-2026-1", "Igor Pavlov", "7-Zip", "1.0", Severity.HIGH, cvss=0.1 + 0.2, cvss_version="3.1",
    exploit_maturity="High", remediation_level="Official Fix", report_confidence="Confirmed", published_at=AT,
)  # fmt: skip
SILENT = FLAW._replace(
    cvss=None, cvss_version="", exploit_maturity="", remediation_level="", report_confidence="", published_at=None
)


def learned(*flaws: Flaw) -> Memory:
    memory = Memory()
    learn_flaws(flaws, memory)
    return memory


def facts(cve: str = "CVE-2026-1") -> tuple[object, ...]:
    v = Vulnerability.objects.get(cve=cve)
    return v.published_at, v.cvss, v.cvss_version, v.exploit_maturity, v.remediation_level, v.report_confidence


@pytest.mark.django_db
def test_what_is_new_is_stored_as_the_source_says() -> None:
    memory = learned(FLAW, SILENT._replace(cve="CVE-2026-2", software_vendor="", software_name="é'\"%s"))

    assert facts() == (AT, 0.1 + 0.2, "3.1", "High", "Official Fix", "Confirmed")
    assert facts("CVE-2026-2") == (None, None, "", "", "", "")
    assert set(Software.objects.values_list("vendor", "name")) == {("Igor Pavlov", "7-Zip"), ("", "é'\"%s")}
    assert memory.flaws[FLAW] == (Vulnerability.objects.get(cve="CVE-2026-1").pk, Software.objects.get(name="7-Zip").pk)


@pytest.mark.django_db
def test_what_the_source_leaves_out_stays_to_the_last_digit() -> None:
    learned(FLAW)
    learned(SILENT._replace(exploit_maturity="Functional"))
    assert facts() == (AT, 0.1 + 0.2, "3.1", "Functional", "Official Fix", "Confirmed")


@pytest.mark.django_db
def test_what_is_known_is_not_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    before, written = learned(FLAW), list[bulk.Row]()
    for name in ("insert", "update"):
        monkeypatch.setattr(dimensions, name, lambda model, columns, rows, **_: written.extend(rows))
    assert learned(FLAW, SILENT).flaws[FLAW] == before.flaws[FLAW]
    assert written == []


@pytest.mark.django_db
def test_words_of_any_length_are_cut_to_what_fits() -> None:
    long = FLAW._replace(exploit_maturity="x" * 99, software_vendor="y" * 999, software_name="z" * 9_999)
    learned(long)
    learned(long)
    assert facts()[3] == "x" * 40
    assert Software.objects.values_list("vendor", "name").get() == ("y" * 300, "z" * 1000)


@pytest.mark.django_db
def test_issues_are_found_by_all_of_their_key() -> None:
    tenant, here, there = make_connection(), make_application("Here"), make_application("There")
    memory = learned(FLAW, FLAW._replace(cve="CVE-2026-2"), FLAW._replace(software_name="Other"))
    keys = {(application.pk, *flaw) for application in (here, there) for flaw in memory.flaws.values()}
    some = set(sorted(keys)[::2])
    learn_issues(tenant, dict.fromkeys(some, ("Some", AT)), None, memory)
    made = dict(memory.issues)

    memory.issues.clear()
    learn_issues(tenant, dict.fromkeys(keys, ("All", AT)), None, memory)

    assert memory.issues.keys() == keys
    assert made.items() <= memory.issues.items()
    assert Issue.objects.filter(title="All").count() == len(keys) - len(some)
    elsewhere = Memory()
    learn_issues(make_connection(), dict.fromkeys(keys, ("Elsewhere", AT)), None, elsewhere)
    assert not set(elsewhere.issues.values()) & set(memory.issues.values())


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_that_meet_the_same_at_once_agree() -> None:
    flaws = [FLAW._replace(cve=f"CVE-2026-{n:04}", software_name=f"Product {n % 40}") for n in range(400)]
    start = Barrier(2)

    def work(seed: int) -> dict[Flaw, tuple[int, int]]:
        try:
            start.wait(10)
            with transaction.atomic():
                return learned(*random.Random(seed).sample(flaws, len(flaws))).flaws
        finally:
            database.close()

    with ThreadPoolExecutor(2) as workers:
        one, two = workers.map(work, (1, 2))
    assert one == two
    assert (Vulnerability.objects.count(), Software.objects.count()) == (400, 40)
