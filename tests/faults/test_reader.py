"""Large walks read by a process of its own: the same rows, and whoever dies, nothing is lost and nobody is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from connectors.models import Connection
from connectors.sources.exceptions import ReaderEnded
from connectors.sources.records import TENANT, FindingPage
from connectors.sources.registry import open_source
from connectors.sources.simulator import SimulatedTenant, TenantServer
from connectors.sync import walks
from connectors.sync.reader import Reader
from connectors.sync.walks import Walks
from tests.eventually import eventually
from tests.faults.conftest import Sync
from tests.faults.stored import equals
from tests.fixtures.installation import ROOT


@pytest.fixture
def reader(connection: Connection) -> Iterator[Reader]:
    with closing(Reader("sentinelone", connection.source_config())) as reader:
        yield reader


@pytest.fixture
def here(connection: Connection) -> list[FindingPage]:
    with closing(open_source("sentinelone", connection.source_config())) as source:
        return list(source.finding_pages(TENANT))


def read(connection: Connection, pages: list[FindingPage]) -> None:
    with closing(open_source("sentinelone", connection.source_config())) as source:
        for record in (record for page in pages for record in page.rows):
            source.read(record)


def lives(reader: Reader) -> bool:
    return reader._process.poll() is None


def test_it_reads_what_would_be_read_here_one_walk_after_the_other(reader, here, server, connection):
    server.log.clear()
    assert len(here) == 3
    assert list(reader.finding_pages(TENANT, None, None, whole=False)) == here
    read(connection, here)
    assert list(reader.finding_pages(TENANT, None, None, whole=True)) == here
    assert reader.requests_made == len(server.log) == 6
    assert list(reader.finding_pages(TENANT, None, here[0].next_cursor, whole=True))[-1].rows == here[-1].rows


def test_nobody_sees_the_token(reader, server):
    eventually(reader.is_ready)
    process = Path(f"/proc/{reader._process.pid}")
    assert b"connectors.sources.reader" in (process / "cmdline").read_bytes()
    assert server.token.encode() not in (process / "cmdline").read_bytes() + (process / "environ").read_bytes()


def test_closed_it_is_gone(reader):
    reader.close()
    assert not lives(reader)
    with pytest.raises(ReaderEnded):
        list(reader.finding_pages(TENANT, None, None, whole=False))


def test_one_that_is_forgotten_ends(connection):
    reader = Reader("sentinelone", connection.source_config())
    process = reader._process
    assert process.poll() is None
    process.stdin.close()  # as the kernel does it when this process dies, however it dies
    assert eventually(lambda: process.poll() == -signal.SIGKILL)


def test_it_dies_with_a_worker_that_is_killed(server, tmp_path):
    """In the middle of a request that hangs, where it would not notice that nobody listens any more."""
    fault = server.tenant.faults.add("hang", times=None, seconds=5.0)
    code = (
        "import sys, django; django.setup()\n"
        "from connectors.sources.base import SourceConfig\n"
        "from connectors.sources.records import TENANT\n"
        "from connectors.sync.reader import Reader\n"
        f"config = SourceConfig({server.url!r}, sys.stdin.readline().strip(), ('127.0.0.0/8',), True)\n"
        "reader = Reader('sentinelone', config)\n"
        "print(reader._process.pid, flush=True)\n"
        "next(reader.finding_pages(TENANT, None, None, whole=False))"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(server.token.encode() + b"\n")
        worker.stdin.flush()
        reader = int(worker.stdout.readline())
        assert eventually(lambda: fault.hits)
        worker.kill()
    assert eventually(lambda: gone(reader), within=3)


def gone(pid: int) -> bool:
    try:
        return "Z" in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    except FileNotFoundError:
        return True


def test_short_walks_start_none(connection, monkeypatch):
    monkeypatch.setattr(walks, "LONG", 151)
    with closing(open_source("sentinelone", connection.source_config())) as source:
        walk = Walks(source, lambda: pytest.fail("a process for three pages"), whole=True)
        assert sum(len(page.rows) for page in walk.finding_pages(TENANT, None, None)) == 150


def test_where_there_can_be_no_process_everything_is_read_here(sync, monkeypatch, caplog, tenant, connection):
    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError("Resource temporarily unavailable")

    monkeypatch.setattr(walks, "LONG", 1)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    assert sync().state == "succeeded"
    assert equals(tenant, connection)
    assert caplog.text.count("Everything is read by the process that stores") == 1


def test_a_run_counts_the_requests_of_both(apart, sync: Sync, server: TenantServer):
    run = sync()
    assert run.state == "succeeded"
    assert run.requests == len(server.log)
    assert [reader.requests_made for reader in apart] == [2]
    assert not lives(apart[0])


def test_the_next_import_of_a_large_tenant_begins_with_a_reader(apart, sync: Sync):
    sync()
    apart.clear()
    assert sync().state == "succeeded"
    assert [reader.requests_made for reader in apart] == [3]


@pytest.fixture
def killed(apart: list[Reader], monkeypatch: pytest.MonkeyPatch) -> None:
    """The next reader dies after the first page that it was asked for."""
    real, deaths = Reader.finding_pages, iter([True])

    def mortal(reader: Reader, *walk: Any, whole: bool) -> Iterator[FindingPage]:
        pages = real(reader, *walk, whole=whole)
        yield next(pages)
        if next(deaths, False):
            os.kill(reader._process.pid, signal.SIGKILL)
        yield from pages

    monkeypatch.setattr(Reader, "finding_pages", mortal)


@pytest.fixture
def slow(tenant: SimulatedTenant) -> None:
    """So that the last page is not on its way already."""
    tenant.faults.add("hang", nth=3, seconds=0.3)


def test_a_reader_killed_in_the_middle_ends_the_read_and_nothing_is_resolved(
    request, sync: Sync, tenant: SimulatedTenant, connection: Connection
):
    assert sync().state == "succeeded"
    tenant.advance()
    request.getfixturevalue("killed"), request.getfixturevalue("slow")
    run = sync()
    assert (run.state, run.error_code, run.resolved) == ("partial", "reader_ended", 0)
    assert "ended without a word" in run.error
    tenant.faults.clear()
    assert sync().state == "succeeded"
    assert equals(tenant, connection)


def test_a_patient_worker_goes_on_where_it_was(apart, killed, slow, sync: Sync, tenant, connection, server):
    run = sync(patient=True)
    assert (run.state, run.error, len(apart)) == ("succeeded", "", 2)
    assert len([logged for logged in server.log if "risks" in logged.path and "cursor" not in logged.query]) == 1
    assert equals(tenant, connection)
