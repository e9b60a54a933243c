"""A throw-away installation: its own data, its own database, and the product's own commands run in it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple, cast

import dj_database_url
import psycopg
from django.conf import settings

from issues.bench.tenant import TOKEN, Tenant

LOOK = 0.02  # seconds between two looks at a command's memory


class Peak(NamedTuple):
    """The most memory that a command ever had, in MB."""

    own: float
    reader: float  # of the process that reads for it; 0 where there is none


@dataclass(frozen=True)
class Import:
    """What one ``sync`` said and took."""

    said: dict[str, Any]
    peak: Peak
    rewritten: int | None  # rows of findings, issues and endpoints that the database saw updated; None: not counted

    @property
    def seconds(self) -> float:
        return float(self.said["seconds"])


class Installation:
    """Commands run as processes, so that peak memory is the importer's alone."""

    COUNTED = ("issues_finding", "issues_issue", "issues_endpoint")

    def __init__(self, data_dir: Path, database_url: str = "") -> None:
        self.data_dir = data_dir
        self.environment = os.environ | {
            "DATA_DIR": str(data_dir),
            "DATABASE_URL": database_url,
            "SOURCE_ALLOW_HTTP": "1",
            "SOURCE_ALLOWED_NETWORKS": "127.0.0.0/8",
            # Modules are compiled once, as for a worker that lives, wherever this shell forbids to keep that.
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(data_dir / "compiled"),
        }
        self.database_url = database_url
        self.command("migrate", "--verbosity", "0")
        self.command("createcachetable")
        self.command("collectstatic", "--noinput", "--verbosity", "0")

    @property
    def sqlite(self) -> Path:
        return self.data_dir / "sightline.sqlite3"

    def postgres(self) -> dict[str, Any]:
        parsed = dj_database_url.parse(self.database_url)
        names = {"NAME": "dbname", "HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
        return {ours: parsed[name] for name, ours in names.items() if parsed.get(name)}  # type: ignore[literal-required]

    def command(self, *arguments: str, given: str = "") -> tuple[str, Peak]:
        """Standard output and peak memory; ``RuntimeError`` with what it said when it failed."""
        with TemporaryFile("w+") as out, TemporaryFile("w+") as err:  # a pipe that nobody reads would fill up
            process = subprocess.Popen(
                [sys.executable, "manage.py", *arguments],
                cwd=settings.BASE_DIR, env=self.environment, text=True,
                stdin=subprocess.PIPE, stdout=out, stderr=err,
            )  # fmt: skip
            cast(IO[str], process.stdin).write(given)
            cast(IO[str], process.stdin).close()
            peak = _peak_until_end(process)
            out.seek(0)
            err.seek(0)
            if process.returncode:
                said = f"{out.read()}{err.read()[-2000:]}"
                raise RuntimeError(f"manage.py {arguments[0]} ended with {process.returncode}: {said}")
            return out.read(), peak

    def connect(self, tenant: Tenant) -> None:
        self.command("connect", "sentinelone", "--url", tenant.url, "--name", "Bench", "--token-stdin", "--no-sync",
                     given=TOKEN)  # fmt: skip

    def first_sync(self) -> Import:
        """Nothing is there that could be rewritten, and counting takes time."""
        return self._sync("--full")

    def sync(self, mode: str = "--full") -> Import:
        before = self._count_updates()
        return replace(self._sync(mode), rewritten=self._updates(before))

    def _sync(self, mode: str) -> Import:
        out, peak = self.command("sync", mode, "--json")
        return Import(json.loads(out.strip().splitlines()[-1]), peak, None)

    def _count_updates(self) -> int:
        """Have SQLite count updated rows by a trigger; on PostgreSQL remember the transaction that it is now."""
        if self.database_url:
            with psycopg.connect(**self.postgres(), autocommit=True) as database:
                return int(database.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()[0])  # type: ignore[index]
        with sqlite3.connect(self.sqlite, timeout=20) as database:
            database.execute("CREATE TABLE IF NOT EXISTS bench_updates (rows INTEGER)")
            database.execute("DELETE FROM bench_updates")
            database.execute("INSERT INTO bench_updates VALUES (0)")
            for table in self.COUNTED:
                database.execute(
                    f"CREATE TRIGGER IF NOT EXISTS bench_{table} AFTER UPDATE ON {table}"  # noqa: S608
                    " BEGIN UPDATE bench_updates SET rows = rows + 1; END"
                )
        return 0

    def _updates(self, before: int) -> int:
        if self.database_url:
            with psycopg.connect(**self.postgres()) as database:
                younger = "SELECT count(*) FROM {} WHERE xmin::text::bigint > %s"
                counts = [database.execute(younger.format(table), [before]).fetchone() for table in self.COUNTED]
                return sum(count[0] for count in counts if count)
        with sqlite3.connect(self.sqlite, timeout=20) as database:
            rows = int(database.execute("SELECT rows FROM bench_updates").fetchone()[0])
            for table in self.COUNTED:
                database.execute(f"DROP TRIGGER bench_{table}")
        return rows

    def size_mb(self) -> float:
        if self.database_url:
            with psycopg.connect(**self.postgres()) as database:
                return float(database.execute("SELECT pg_database_size(current_database())").fetchone()[0]) / 2**20  # type: ignore[index]
        return self.sqlite.stat().st_size / 2**20

    def settle(self) -> None:
        """Let the file system finish what the last measure wrote."""
        os.sync()
        time.sleep(0.5)


def _peak_until_end(process: subprocess.Popen[str]) -> Peak:
    """The kernel's own account of a child begins with its parent's size, so high-water marks are looked at instead."""
    own = reader = 0.0
    while process.poll() is None:
        own = max(own, _mark(process.pid))
        reader = max([reader, *map(_mark, filter(_reads, _children(process.pid)))])
        time.sleep(LOOK)
    return Peak(own, reader)


def _mark(pid: int) -> float:
    with suppress(OSError):  # it may have ended
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return float(line.split()[1]) / 1024
    return 0.0


def _reads(pid: int) -> bool:
    """Whether it is the process that reads for another; libraries start small ones, too."""
    with suppress(OSError):
        return b"connectors.sources.reader" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def _children(pid: int) -> list[int]:
    """Each thread has those that it started."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    with suppress(OSError):
        return [int(child) for children in lists for child in children.read_text().split()]
    return []
