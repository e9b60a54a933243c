"""Two hosts with web servers and workers on one PostgreSQL, with Redis or the database as broker."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings

from connectors.sources.simulator import SimulatedTenant, TenantServer
from connectors.sources.simulator.faults import RISKS
from tests.eventually import eventually
from tests.fixtures.installation import Installation
from tests.hosts.hosts import LEASE, Cluster, lose_power, talking_to
from tests.needs import lacking

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
SCHEDULES = 20
AHEAD = 12  # pages: what a turn has stored nothing of when it ends, each of a few turns, and what died with the worker
SCHEDULE = "INSERT INTO django_q_schedule (name, func, args, schedule_type, repeats, next_run) VALUES " + ", ".join(
    ["(%s, 'math.factorial', '(5,)', 'O', -1, now())"] * SCHEDULES
)
RAN = "SELECT \"group\", count(*) FROM django_q_task WHERE func = 'math.factorial' GROUP BY 1"
READING = "SELECT 1 FROM connectors_syncrun WHERE read > 0 AND state = 'running'"
OVER = "SELECT 1 FROM connectors_syncrun WHERE finished_at IS NOT NULL"
ACTIVE = "SELECT external_id FROM issues_finding WHERE state = 'active' AND connection_id = %s"


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """A Redis of our own, since this test empties it."""
    program = shutil.which("redis-server")
    if not program:
        lacking("needs Redis: apt-get install redis-server")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = ("--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(tmp_path))
    process = subprocess.Popen([program, *words], stdout=subprocess.DEVNULL)
    yield f"redis://127.0.0.1:{port}/0"
    process.send_signal(signal.SIGTERM)
    process.wait(10)


@pytest.fixture(params=["redis", "database"])
def cluster(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Cluster]:
    broker = request.getfixturevalue("redis") if request.param == "redis" else ""
    made = Cluster(tmp_path, settings.DATABASE_URL, broker)
    yield made
    made.stop()


@pytest.fixture
def tenant() -> Iterator[TenantServer]:
    month_ago = datetime.now(UTC) - timedelta(days=30)
    with TenantServer(SimulatedTenant(seed=11, findings=1_000, epoch=month_ago, latency=0.25)) as server:
        yield server


def test_two_hosts_share_the_work_and_one_takes_over_from_the_other(cluster: Cluster, tenant: TenantServer):
    one, first = cluster.up()
    two, second = cluster.up()
    connection = connect(cluster, tenant)
    for address in (first, second):
        assert eventually(partial(answering, address), within=30)

    # Twenty schedules and the import are due at the same moment, and everybody looks at once.
    cluster.ask(SCHEDULE, *[f"once {number}" for number in range(SCHEDULES)])
    cluster.ask("UPDATE connectors_connection SET next_run_at = now()")
    cluster.a_minute_passes()
    assert eventually(lambda: len(cluster.ask(RAN)) == SCHEDULES, within=30)
    assert {times for _, times in cluster.ask(RAN)} == {1}
    assert eventually(lambda: cluster.ask(READING), within=30)
    assert cluster.ask("SELECT count(*) FROM connectors_syncrun") == [(1,)]

    # The broker forgets everything, and the host that works on the import loses its power.
    if cluster.env["REDIS_URL"]:
        subprocess.run(["redis-cli", "-u", cluster.env["REDIS_URL"], "flushall"], check=True, capture_output=True)
    worker = eventually(lambda: at_work([one, two], tenant))
    assert worker, "nobody was reading"
    lose_power(worker)
    assert not cluster.ask(OVER)
    tenant.tenant.latency = 0.0
    eventually(lambda: cluster.ask("SELECT 1 FROM connectors_syncrun WHERE lease_until < now()"), within=2 * LEASE)
    cluster.a_minute_passes()
    assert eventually(lambda: cluster.ask(OVER), within=60)

    ((state, created, read),) = cluster.ask("SELECT state, created, read FROM connectors_syncrun")
    truth = tenant.tenant.truth()
    assert (state, created, read) == ("succeeded", truth.findings, truth.findings)
    assert {row[0] for row in cluster.ask(ACTIVE, connection)} == {row["id"] for row in tenant.tenant.rows()}
    assert pages_read_again(tenant) <= AHEAD, "pages were read by two workers"
    assert health(second if worker is one else first)["status"] == "ok"


def pages_read_again(tenant: TenantServer) -> int:
    pages = Counter(logged.query for logged in tenant.log if RISKS in logged.path and "cursor" in logged.query)
    return sum(times - 1 for times in pages.values())


def at_work(hosts: list[Installation], tenant: TenantServer) -> Installation | None:
    """The host whose process talks to the tenant."""
    port = int(tenant.url.rpartition(":")[2])
    return next((host for host in hosts if talking_to(port) & set(host.processes())), None)


def connect(cluster: Cluster, tenant: TenantServer) -> int:
    token = cluster.folder / "token"
    token.write_text(tenant.token)
    words = ("connect", "sentinelone", "--url", tenant.url, "--token-file", str(token), "--no-sync", "--name", "Acme")
    done = cluster.hosts[0].run(*words)
    assert done.returncode == 0, done.stderr
    ((pk,),) = cluster.ask("SELECT id FROM connectors_connection")
    return pk


def answering(address: str) -> bool:
    return health(address).get("workers") == "answering"


def health(address: str) -> dict:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
            return json.load(answer)
    except OSError:
        return {}
