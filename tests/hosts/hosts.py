"""Several hosts on one machine: each a whole installation of its own that shares database, broker and secrets."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
from pathlib import Path
from typing import Any

import psycopg
from cryptography.fernet import Fernet

from tests.eventually import eventually
from tests.fixtures.installation import Installation

LEASE = 3  # seconds
LOOK = "from django_q.scheduler import scheduler; scheduler()"


class Cluster:
    """The shared side: a database that is thrown away, and what every host is told."""

    def __init__(self, folder: Path, server_url: str, redis_url: str) -> None:
        self.folder, self._server_url = folder, server_url
        self.name = f"sightline_hosts_{os.getpid()}_{folder.name[-8:].strip('_').lower()}"
        self.url = re.sub(r"/[^/]*$", f"/{self.name}", server_url)
        self.env = {
            "DATABASE_URL": self.url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": "shared by all hosts of this test",
            "TOKEN_KEYS": Fernet.generate_key().decode(),
            "RUN_LEASE_SECONDS": str(LEASE),
            "SOURCE_ALLOW_HTTP": "on",
            "SOURCE_ALLOWED_NETWORKS": "127.0.0.0/8",
            "SOURCE_PAGE_ROWS": "50",
        }
        self.hosts: list[Installation] = []
        self._in_postgres(f'CREATE DATABASE "{self.name}"')

    def _in_postgres(self, sql: str) -> None:
        with psycopg.connect(re.sub(r"/[^/]*$", "/postgres", self._server_url), autocommit=True) as server:
            server.execute(sql)

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as database:
            found = database.execute(sql, values)
            return found.fetchall() if found.description else []

    def host(self) -> Installation:
        made = Installation(self.folder / f"host-{len(self.hosts)}")
        made.env |= self.env
        self.hosts.append(made)
        return made

    def up(self) -> tuple[Installation, str]:
        """A host with its web server and workers, and its address."""
        host = self.host()
        process = host.start("up", "--bind", "127.0.0.1:0", "--web-workers", "1", "--import-workers", "2")
        address = _address(process)
        threading.Thread(target=_drain, args=(process,), daemon=True).start()
        return host, address

    def a_minute_passes(self) -> None:
        """Every schedule is due, and all hosts look at the same time, as their clusters do every half minute."""
        self.ask("UPDATE django_q_schedule SET next_run = now() WHERE schedule_type = 'I'")
        alive = [host for host in self.hosts if host.processes()]
        looks = [host.start("shell", "-v0", "-c", LOOK) for host in alive]
        for look in looks:
            said, _ = look.communicate(timeout=60)
            assert look.returncode == 0, said

    def stop(self) -> None:
        for host in self.hosts:
            lose_power(host)
            host.stop()
        self._in_postgres(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


def lose_power(host: Installation) -> None:
    """Every process of the host ends at once, without a word."""

    def kill() -> bool:
        for pid in host.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        return not host.processes()

    assert eventually(kill, within=10)


def talking_to(port: int) -> set[int]:
    """Ids of the processes that hold a TCP connection to a port of this machine."""
    ends = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    inodes = {f"socket:[{end[9]}]" for end in ends if end[2].endswith(f":{port:04X}") and end[3] == "01"}
    return {int(fd.parts[2]) for fd in Path("/proc").glob("[0-9]*/fd/*") if _leads_to(fd) in inodes}


def _leads_to(fd: Path) -> str:
    try:
        return os.readlink(fd)
    except OSError:  # closed while we looked
        return ""


def _address(process: subprocess.Popen[str]) -> str:
    lines: list[str] = []
    assert process.stdout
    while not (found := re.search(r"Sightline is at (http://127\.0\.0\.1:\d+)/", "".join(lines))):
        line = process.stdout.readline()
        assert line, f"up ended: {''.join(lines)}"
        lines.append(line)
    return found[1]


def _drain(process: subprocess.Popen[str]) -> None:
    assert process.stdout
    for _ in process.stdout:
        pass
