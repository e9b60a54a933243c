"""Backups of an embedded installation, and its move to PostgreSQL: real commands on real files."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from connectors.sources.simulator import SimulatedTenant, TenantServer
from issues.backups import DATABASE, NoBackup, back_up, restore
from tests.fixtures.installation import Installation

pytestmark = pytest.mark.slow
LOOPBACK = {"SOURCE_ALLOW_HTTP": "on", "SOURCE_ALLOWED_NETWORKS": "127.0.0.0/8"}


@pytest.fixture
def tenant() -> Iterator[TenantServer]:
    with TenantServer(SimulatedTenant(seed=4, endpoints=4, epoch=datetime.now(UTC) - timedelta(days=9))) as server:
        yield server


@pytest.fixture
def imported(installation: Installation, tenant: TenantServer, tmp_path: Path) -> Installation:
    """An embedded installation with one import."""
    installation.env |= LOOPBACK
    (tmp_path / "token").write_text(tenant.token)
    for words in (
        ("migrate", "-v0"),
        ("connect", "sentinelone", "--url", tenant.url, "--token-file", str(tmp_path / "token"), "--no-sync"),
        ("sync",),
    ):
        done = installation.run(*words)
        assert done.returncode == 0, done.stdout + done.stderr
    return installation


def sync_again(installation: Installation, database: str = "") -> dict:
    """The next import: it finds everything in its place, and with it the token and the keys to read it."""
    done = installation.run("sync", "--json", DATABASE_URL=database)
    assert done.returncode == 0, done.stderr
    report: dict = json.loads(done.stdout)
    return report


def test_a_backup_made_while_it_works_is_restored_elsewhere(imported, tenant, tmp_path):
    file = tmp_path / "copy"
    done = imported.run("backup", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert tenant.token not in file.read_bytes().decode("latin-1")

    again = imported.run("backup", str(file))
    assert (again.returncode, "exists already" in again.stderr) == (1, True)

    other = Installation(tmp_path / "elsewhere")
    other.env |= LOOPBACK
    assert other.run("restore", str(file)).returncode == 0
    report = sync_again(other)
    assert (report["created"], report["unchanged"]) == (0, tenant.tenant.truth().findings)

    refused = other.run("restore", str(file))
    assert (refused.returncode, "add --replace" in refused.stderr) == (1, True)
    assert other.run("restore", str(file), "--replace").returncode == 0


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with a database of the name and shape that matter here."""
    with closing(sqlite3.connect(tmp_path / DATABASE)) as database:
        database.execute("CREATE TABLE issues_finding (id INTEGER PRIMARY KEY, text TEXT)")
        database.executemany("INSERT INTO issues_finding (text) VALUES (?)", [(f"{n}" * 50,) for n in range(500)])
        database.commit()
    return tmp_path


def cut_short(file: Path) -> bytes:
    return file.read_bytes()[: file.stat().st_size // 2]


@pytest.mark.parametrize("damage", [lambda _: b"", lambda _: b"no archive at all", cut_short])
def test_a_damaged_backup_touches_nothing(small, damage):
    back_up(small / DATABASE, small, small / "copy")
    (small / "damaged").write_bytes(damage(small / "copy"))
    with closing(sqlite3.connect(small / DATABASE)) as database:
        database.execute("DELETE FROM issues_finding WHERE id > 7")
        database.commit()
        with pytest.raises(NoBackup, match="no backup of Sightline"):
            restore(small / "damaged", small / DATABASE, small)
        assert database.execute("SELECT count(*) FROM issues_finding").fetchone() == (7,)
        restore(small / "copy", small / DATABASE, small)
        assert database.execute("SELECT count(*) FROM issues_finding").fetchone() == (500,)


@pytest.fixture
def empty_postgres() -> Iterator[str]:
    name = f"sightline_moved_{os.getpid()}"
    server = re.sub(r"/[^/]*$", "/postgres", settings.DATABASE_URL)
    with psycopg.connect(server, autocommit=True) as postgres:
        postgres.execute(f'CREATE DATABASE "{name}"')
        yield re.sub(r"/[^/]*$", f"/{name}", settings.DATABASE_URL)
        postgres.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.postgres
def test_everything_moves_to_postgres_and_goes_on_there(imported, tenant, empty_postgres):
    moved = imported.run("copy_data", "--to", empty_postgres)
    assert moved.returncode == 0, moved.stderr
    assert "are there and equal" in moved.stdout
    truth = tenant.tenant.truth()
    assert re.search(rf"issues_finding +{truth.findings:,} +[0-9a-f]{{16}}", moved.stdout)
    with psycopg.connect(empty_postgres) as postgres:
        assert postgres.execute("SELECT count(*) FROM issues_finding").fetchone() == (truth.findings,)
        assert postgres.execute("SELECT count(*) FROM auth_group").fetchone() == (4,)

    # New rows get new keys, and what was stored is recognised.
    tenant.tenant.advance()
    report = sync_again(imported, empty_postgres)
    assert report["created"] > 0
    assert report["unchanged"] > truth.findings // 2

    refused = imported.run("copy_data", "--to", empty_postgres)
    assert (refused.returncode, "has tables already" in refused.stderr) == (1, True)


def test_a_move_to_nowhere_is_refused_with_a_sentence_without_the_password(installation):
    refused = installation.run("copy_data", "--to", "postgres://me:hunter2@127.0.0.1:1/none")
    assert (refused.returncode, "Nothing was copied" in refused.stderr) == (1, True)
    assert "hunter2" not in refused.stderr
    assert installation.run("copy_data", "--to", "mysql://x").returncode == 1
