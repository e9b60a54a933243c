"""Workers that look alive and take no task are noticed; workers that are only busy are left alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest
import time_machine
from django_q.signals import post_execute_in_worker, pre_execute

from config import heartbeat
from config.pulse import WorkersPulse
from tests.eventually import eventually
from tests.fixtures.installation import ROOT


@pytest.fixture
def pulse(queue):
    return WorkersPulse(every=0, patience=30)


def test_workers_that_answer_are_alive(pulse, queue):
    assert pulse.beats()
    assert queue.functions == ["config.heartbeat.answer"]
    queue.work()
    assert heartbeat.silence() == 0
    assert pulse.beats()


def test_one_question_is_asked_at_a_time(pulse, queue):
    assert pulse.beats()
    assert pulse.beats()
    assert len(queue.tasks) == 1


def test_idle_workers_that_do_not_answer_in_time_are_deaf(pulse):
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as clock:
        assert pulse.beats()
        clock.shift(29)
        assert pulse.beats()
        clock.shift(2)
        assert not pulse.beats()


def test_workers_that_took_a_task_lately_are_only_busy(pulse):
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as clock:
        assert pulse.beats()
        clock.shift(29)
        pre_execute.send("test", func=None, task={})
        post_execute_in_worker.send("test", func=None, task={})
        clock.shift(2)
        assert pulse.beats()
        clock.shift(30)
        assert not pulse.beats()


def test_a_restart_forgets_what_the_workers_before_were_asked(pulse):
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as clock:
        assert pulse.beats()
        clock.shift(3600)
        pulse.restart()
        assert pulse.beats()


def test_nothing_was_asked_where_nobody_supervises(db):
    assert heartbeat.silence() is None


DEAF = textwrap.dedent("""
    import django
    django.setup()
    from django.core.management import call_command
    from config.pulse import WorkersPulse
    from config.run import workers
    from config.supervisor import Supervisor
    call_command("migrate", verbosity=0)
    child = workers(2)
    child.pulse = WorkersPulse(every=0.5, patience=5)
    Supervisor([child], answers=lambda: False, on_ready=lambda: None, say=lambda line: print(line, flush=True)).run()
""")


@pytest.mark.slow
def test_a_cluster_that_lost_an_idle_worker_works_again(installation):
    env = installation.env | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    supervisor = subprocess.Popen(
        [sys.executable, "-c", DEAF], cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    installation.started.append(supervisor)
    assert eventually(lambda: last_answer(installation), within=60), "the workers never came up"
    for worker in workers(installation):
        os.kill(worker, signal.SIGKILL)
    assert supervisor.stdout.readline().startswith("The cluster of workers does not answer any more")
    restarted = time.time()
    assert eventually(lambda: last_answer(installation) > restarted, within=60)


def last_answer(installation) -> float:
    """When the question was asked that was answered last; 0 when none was."""
    told = installation.run("shell", "--no-imports", "-c", "from config.heartbeat import *; print(cache.get(ANSWERED))")
    last = told.stdout.split()[-1]
    return 0.0 if last == "None" else float(last)


def workers(installation) -> list[int]:
    told = installation.run(
        "shell", "--no-imports", "-c",
        "from django_q.status import Stat; print(*[pid for cluster in Stat.get_all() for pid in cluster.workers])",
    ).stdout  # fmt: skip
    return [int(pid) for pid in told.split()]
