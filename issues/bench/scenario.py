"""One size of tenant: first import, the same again, a day later, a delta; each beside its floor."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from issues.bench import floor
from issues.bench.installation import Import, Installation
from issues.bench.prober import Prober
from issues.bench.tenant import Tenant


@dataclass(frozen=True)
class Measured:
    findings: int
    read: float  # seconds to fetch and parse everything
    put: float  # seconds to put the same rows into a bare table
    first: Import
    again: Import
    day_later: Import
    delta: Import
    size_mb: float
    waits: Prober | None

    @property
    def floor(self) -> float:
        return self.read + self.put


def measure(findings: int, folder: Path, database_url: str, say: Callable[[str], None]) -> Measured:
    """Everything for one size, in a folder of its own."""
    installation = Installation(folder, database_url)
    with Tenant(findings, folder / "tenant") as tenant:
        say(f"{findings:,} findings: fetching and parsing alone")
        read = floor.fetch_and_parse(tenant)
        installation.connect(tenant)
        say(f"{findings:,} findings: first import")
        first = installation.first_sync()
        installation.settle()
        say(f"{findings:,} findings: the same rows into a bare table")
        put = (
            floor.put_postgres(installation.postgres())
            if database_url
            else floor.put_sqlite(installation.sqlite, folder / "floor.sqlite3")
        )
        size = installation.size_mb()
        say(f"{findings:,} findings: again, a delta, a day later")
        again, delta = installation.sync(), installation.sync("--delta")
        tenant.live_on()
        day_later = installation.sync()
        waits = None if database_url else _waits(tenant, folder / "beside", say)
        return Measured(findings, read, put, first, again, day_later, delta, size, waits)


def _waits(tenant: Tenant, folder: Path, say: Callable[[str], None]) -> Prober:
    """Beside another first import, which loses time by them."""
    say(f"{tenant.findings:,} findings: another first import, and others beside it")
    installation = Installation(folder)
    installation.connect(tenant)
    with Prober(installation.sqlite) as waits:
        installation.first_sync()
    shutil.rmtree(folder)
    return waits
