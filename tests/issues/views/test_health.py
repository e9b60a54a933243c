"""A probe learns whether the installation works, and nothing else."""

from __future__ import annotations

import pytest
import time_machine

from config import heartbeat

pytestmark = pytest.mark.django_db


def test_a_stranger_may_ask(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "answering", "workers": "not asked"}
    assert "no-store" in answer.headers["Cache-Control"]


def test_workers_that_stay_silent_make_the_installation_ill(client, queue):
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as clock:
        heartbeat.ask()
        assert client.get("/healthz").json()["workers"] == "answering"
        clock.shift(91)
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "error"
    assert answer.json()["workers"] == "silent"


def test_workers_that_answered_are_well(client, queue):
    heartbeat.ask()
    queue.work()
    with time_machine.travel("2036-01-01T00:00:00Z"):
        assert client.get("/healthz").status_code == 200
