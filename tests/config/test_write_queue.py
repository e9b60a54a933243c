"""Whoever waits for SQLite's lock says so, and whoever writes a lot steps back."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from config import write_queue

HELD = 0.03  # seconds that the greedy one keeps the lock each time
FEW = 5


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "some.sqlite3"


@pytest.fixture
def database(file: Path, django_db_blocker) -> Iterator[ConnectionHandler]:
    """Connections as the product opens them, one for each thread."""
    options = {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL;"}
    handler = ConnectionHandler({"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": file, "OPTIONS": options}})
    with django_db_blocker.unblock():  # it is not the tests' own database
        with handler["default"].cursor() as cursor:
            cursor.execute("CREATE TABLE told (word TEXT)")
        yield handler
        handler.close_all()


@contextmanager
def transaction(connection: BaseDatabaseWrapper) -> Iterator[None]:
    connection.ensure_connection()
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    connection.in_atomic_block = True
    try:
        yield
    finally:
        connection.in_atomic_block = False
        connection.commit()
        connection.set_autocommit(True)


def say(connection: BaseDatabaseWrapper, word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO told VALUES (%s)", [word])


def test_nobody_waits_for_a_lock_that_is_free(database, file):
    say(database["default"], "free")
    assert not write_queue.someone_waits(write_queue.sign_of(file))


def test_a_sign_is_seen_until_the_wait_is_over(file):
    sign = write_queue.sign_of(file)
    with write_queue.waiting(sign), write_queue.waiting(sign):
        assert write_queue.someone_waits(sign)
    assert not write_queue.someone_waits(sign)


@pytest.mark.parametrize("in_transaction", [True, False], ids=["a transaction", "one statement"])
def test_a_worker_that_writes_without_end_lets_others_in(database, file, in_transaction):
    greedy, done, turns = database["default"], threading.Event(), list[int]()

    def write_once() -> None:
        mine = database["default"]
        if in_transaction:
            with transaction(mine):
                say(mine, "other")
        else:
            say(mine, "other")
        done.set()
        mine.close()

    other = threading.Thread(target=write_once)
    with transaction(greedy):
        other.start()
        while not write_queue.someone_waits(write_queue.sign_of(file)):
            time.sleep(write_queue.LOOK)
    while not done.is_set() and len(turns) < 10 * FEW:
        write_queue.step_back(greedy)
        with transaction(greedy):
            say(greedy, "greedy")
            time.sleep(HELD)
        turns.append(1)
    other.join()
    assert len(turns) <= FEW


def test_reading_waits_for_nobody_and_says_nothing(database, file, monkeypatch):
    signs: list[Any] = []
    monkeypatch.setattr(write_queue, "waiting", signs.append)
    with database["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM told")
        assert cursor.fetchone() == (0,)
    assert signs == []


def test_without_a_place_for_the_sign_writing_goes_on(tmp_path):
    with write_queue.waiting(tmp_path / "no such folder" / "sign"):
        pass
    assert not write_queue.someone_waits(tmp_path / "no such folder" / "sign")
