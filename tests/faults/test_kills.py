"""A worker killed outright, anywhere and many times, leaves what an undisturbed import leaves: row by row."""

from __future__ import annotations

import json
import random
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection as database

from connectors.models import Connection, SyncRun
from connectors.sync.start import start_run
from connectors.sync.work import Next, take_turn
from tests.faults.conftest import SHORT, connect
from tests.faults.stored import counters, counts, equals, findings, issues
from tests.fixtures.installation import ROOT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def undisturbed(connection: Connection) -> SyncRun:
    run = start_run(connection, "full", ring=False)
    while take_turn(run.pk) is Next.AGAIN:
        pass
    run.refresh_from_db()
    return run


def killed(connection: Connection, kills: list[dict[str, float]], long: int = 20_000) -> SyncRun:
    """The finished run; every kill has to have hit a living worker."""
    run = start_run(connection, "full", ring=False)
    database.close()
    given = {"database": settings.DATABASES["default"], "run": run.pk, "waits": SHORT, "kills": kills, "long": long}
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.mortal"],
        cwd=ROOT, input=json.dumps(given, default=str), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= len(kills) // 2, "most kills came too late to prove anything"
    run.refresh_from_db()
    return run


def same(one: Connection, other: Connection) -> bool:
    assert findings(one) == findings(other)
    assert issues(one) == issues(other)
    assert counts(one) == counts(other)
    return True


def points(seed: int, most: int) -> list[dict[str, float]]:
    """Places to die at: mostly statements, since those lie inside transactions as well, and some moments."""
    dice = random.Random(seed)
    return [
        {"seconds": dice.uniform(0.05, 0.3)} if n % 4 == 3 else {"statement": dice.randint(15, most)} for n in range(6)
    ]


@pytest.mark.parametrize(("seed", "long"), [(0, 20_000), (1, 1)], ids=["read here", "read apart"])
def test_an_import_killed_many_times_equals_an_undisturbed_one(tenant, server, seed, long):
    calm, mortal = connect(server, "Calm"), connect(server, "Mortal")
    first, second = undisturbed(calm), killed(mortal, points(seed, 70), long)
    assert (second.state, second.error, counters(second)) == ("succeeded", "", counters(first))
    assert same(calm, mortal)

    tenant.advance()
    tenant.advance()
    first, second = undisturbed(calm), killed(mortal, points(seed + 100, 70), long)
    assert (second.state, second.error, counters(second)) == ("succeeded", "", counters(first))
    assert second.resolved > 0
    assert same(calm, mortal)
    assert equals(tenant, mortal)


def test_a_worker_that_dies_at_once_again_and_again_is_given_up(server):
    mortal = connect(server, "Mortal")
    run = killed(mortal, [{"statement": 6}] * 6)
    assert (run.state, run.error_code) == ("failed", "worker_died")
    assert "ended; what it stored stays" in run.error
    assert undisturbed(mortal).state == "succeeded"
