"""Is anybody working? A tiny task is asked of the workers; its answer, or a task in hand, shows that they are there.

django-q2's cluster looks alive while it takes no task any more: a worker that is killed while idle dies holding the
queue's lock. Only a question that goes unanswered while nobody is busy tells the two apart.
"""

from __future__ import annotations

import os
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django_q.signals import post_execute_in_worker, pre_execute
from django_q.status import Stat
from django_q.tasks import async_task

ASKED, ANSWERED, TAKEN = "heartbeat-asked", "heartbeat-answered", "task-taken"


def ask() -> None:
    """Put the tiny task into the queue and remember when."""
    now = time.time()
    cache.set(ASKED, now, timeout=None)
    async_task("config.heartbeat.answer", now, task_name="heartbeat", save=False)


def answer(asked: float) -> None:
    cache.set(ANSWERED, asked, timeout=None)


def forget() -> None:
    """Start afresh: what was asked of workers that are gone needs no answer."""
    cache.delete_many([ASKED, ANSWERED])


def silence() -> float | None:
    """Seconds since a question that nobody has answered yet; 0 when all are answered, None when none was asked."""
    asked, answered = cache.get(ASKED), cache.get(ANSWERED) or 0.0
    if asked is None:
        return None
    return max(0.0, time.time() - asked) if asked > answered else 0.0


def busy(within: float) -> bool:
    """Whether a task was taken in the last so many seconds, or a living worker has one in hand.

    A worker that died with a task in hand is no longer in its cluster's list.
    """
    if time.time() - (cache.get(TAKEN) or 0.0) < within:
        return True
    workers = [pid for cluster in Stat.get_all() for pid in cluster.workers]
    return bool(cache.get_many([_in_hand(pid) for pid in workers]))


def listen() -> None:
    """Note in every process which worker has a task in hand."""
    pre_execute.connect(_taken, dispatch_uid="heartbeat")
    post_execute_in_worker.connect(_done, dispatch_uid="heartbeat")


def _taken(**_: Any) -> None:
    cache.set(TAKEN, time.time(), timeout=None)
    cache.set(_in_hand(os.getpid()), True, timeout=settings.Q_CLUSTER["timeout"] + 30)


def _done(**_: Any) -> None:
    cache.delete(_in_hand(os.getpid()))


def _in_hand(pid: int) -> str:
    return f"task-in-hand-{pid}"
