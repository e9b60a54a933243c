"""Commands run in this process, against a simulated tenant on loopback."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connectors.models import Connection
from connectors.sources.simulator import SimulatedTenant, TenantServer
from connectors.sync.connect import check_connection, store_connection


@dataclass
class Ended:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def manage() -> Callable[..., Ended]:
    """``manage("sync", "--json")`` as a shell would see it."""

    def run(*arguments: str) -> Ended:
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command(*arguments, stdout=out, stderr=err)
        except CommandError as error:
            return Ended(error.returncode, out.getvalue(), f"{err.getvalue()}{error}")
        except SystemExit as ended:
            return Ended(int(ended.code or 0), out.getvalue(), err.getvalue())
        return Ended(0, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def console(reachable: None) -> Iterator[TenantServer]:
    with TenantServer(SimulatedTenant(seed=7, endpoints=3)) as server:
        yield server


@pytest.fixture
def token_file(console: TenantServer, tmp_path: Path) -> str:
    path = tmp_path / "token"
    path.write_text(f"{console.token}\n")
    return str(path)


@pytest.fixture
def connection(db: None, console: TenantServer) -> Connection:
    host, result = check_connection("sentinelone", console.url, console.token)
    return store_connection("sentinelone", "Demo tenant", host, console.token, result, start=False)
