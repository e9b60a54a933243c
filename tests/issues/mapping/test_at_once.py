"""An import, saved rules, pins and counting, all at the same time: nobody waits for ever, and it ends right."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import User
from django.db import connection as database

from issues.ingest import follow
from issues.ingest import remap as background
from issues.ingest.recompute import recompute
from issues.ingest.remap import remap
from issues.mapping.pins import pin, unpin
from issues.mapping.save import save
from issues.models import Application, Endpoint
from tests.factories import make_connection
from tests.faults.stored import counts, issues
from tests.issues.mapping import world
from tests.issues.mapping.world import Host, imported, rule, saved

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LISTS = (
    [rule("", application_per="site")],
    [rule("Shop", ("site", "in", ["Berlin", "Paris"])), rule("", application_per="tag:app")],
    [rule("Shop")],
    [rule("One", ("name", "glob", "host-1*")), rule("Two")],
)
ROUNDS = 6


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    monkeypatch.setattr(background, "BATCH", 5)
    monkeypatch.setattr(follow, "MOST_ISSUES", 3)


def hosts(seed: int) -> list[Host]:
    dice = random.Random(seed)
    return [
        Host(
            str(n), dice.choice(("Berlin", "Paris", "Rome")), (("app", dice.choice("abc")),),
            frozenset((dice.randint(1, 4), dice.randint(1, 2)) for _ in range(4)),
        )
        for n in range(30)
    ]  # fmt: skip


@contextmanager
def meanwhile(*works: Callable[[int], object]) -> Iterator[None]:
    """Each in a thread of its own, over and over; an error of any fails the test."""
    over, errors = threading.Event(), list[BaseException]()

    def again_and_again(work: Callable[[int], object]) -> None:
        n = 0
        try:
            while not over.wait(0.01):
                work(n)
                n += 1
        except BaseException as error:
            errors.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=again_and_again, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(60)
    assert errors == []


def test_an_import_beside_everything_that_moves_endpoints():
    connection, ben = make_connection("Acme"), User.objects.create_user("ben")
    vault = Application.objects.named("Vault")
    imported(connection, hosts(0))
    saved(*LISTS[0])

    def change_rules(n: int) -> None:
        save(LISTS[n % len(LISTS)], ben)
        threading.Event().wait(0.3)

    def pin_some(n: int) -> None:
        some = Endpoint.objects.filter(external_id__in=[str(n % 30), str(n * 7 % 30)])
        pin(some, vault, ben)
        unpin(some, ben)
        threading.Event().wait(0.1)

    with meanwhile(change_rules, pin_some, lambda _: remap(), lambda _: recompute()):
        for n in range(1, ROUNDS):
            imported(connection, hosts(n), at_once=10)

    saved(*LISTS[1])
    assert world.is_in_order()
    fresh = make_connection("Fresh")
    imported(fresh, known(connection))
    world.followed()
    assert sorted(places(connection)) == sorted(places(fresh))
    assert {key: row[9:11] for key, row in issues(connection).items()} == {
        key: row[9:11] for key, row in issues(fresh).items()
    }
    assert counts(connection) == counts(fresh)


def places(connection) -> list[tuple[str, str]]:
    return list(connection.endpoints.values_list("external_id", "application__name"))


def known(connection) -> list[Host]:
    """The last state of every host, with all that was ever found there: a delta forgets nothing."""
    last = {host.id: host for host in hosts(ROUNDS - 1)}
    found: dict[str, set[tuple[int, int]]] = {}
    for external_id in connection.findings.values_list("external_id", flat=True):
        host, cve, software = external_id.split("-")
        found.setdefault(host, set()).add((int(cve), int(software)))
    return [Host(host.id, host.site, host.tags, frozenset(found[host.id])) for host in last.values()]
