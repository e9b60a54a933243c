"""A worker that dies anywhere leaves nothing half done: whoever comes next ends where an undisturbed one ends."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError
from django.db import connection as database

from issues.decisions.comment import comment
from issues.decisions.exclude import exclude
from issues.ingest import follow
from issues.ingest import remap as background
from issues.ingest.remap import is_due, remap
from issues.mapping.save import save
from issues.models import ApplicationEvent, Decision, EndpointEvent, Issue, MappingRevision
from tests.factories import make_connection
from tests.faults.stored import counts, findings, issues
from tests.faults.test_database import refuse_from
from tests.fixtures.installation import ROOT
from tests.issues.mapping import world
from tests.issues.mapping.world import Host, rule, saved

pytestmark = pytest.mark.django_db(transaction=True)
SITES = ("Berlin", "Paris", "Rome", "Berlin", "Paris", "Oslo")
HOSTS = [
    Host(f"{n}", site, tags=(("app", "shop"),) if n % 2 else (), found=frozenset({(1, 1), (2, 1), (n, 2)}))
    for n, site in enumerate(SITES)
]
FIRST = (rule("One", ("site", "in", ["Berlin", "Oslo"])), rule("Two"))
THEN = (rule("Two", ("site", "is", "Berlin")), rule("", application_per="tag:app"), rule("One"))


def story(work: Callable[[], None]) -> tuple[object, ...]:
    """Two versions of the rules in an empty installation, decisions in between; how it stands after ``work``."""
    call_command("flush", interactive=False, verbosity=0)
    connection, ben = make_connection("Acme"), User.objects.create_user("ben")
    world.imported(connection, HOSTS)
    saved(*FIRST)
    exclude(Issue.objects.filter(application__name="One"), Decision.Kind.FALSE_POSITIVE, "Proxy", None, ben)
    comment(Issue.objects.filter(vulnerability__cve="CVE-2026-0002"), "Asked", ben)
    save(list(THEN), ben)
    work()
    world.followed()
    assert world.is_in_order()
    revision = MappingRevision.objects.current()
    assert revision is not None
    return (
        findings(connection), issues(connection), counts(connection), decisions(), events(),
        (revision.endpoints, revision.expected, revision.moved, revision.moved_issues),
    )  # fmt: skip


def decisions() -> list[tuple[object, ...]]:
    names = ("issue__application__name", "issue__title", "kind", "reason", "ended_reason")
    return sorted(Decision.objects.values_list(*names))


def events() -> list[list[tuple[object, ...]]]:
    """What endpoints and applications remember."""
    moved = EndpointEvent.objects.values_list("endpoint__external_id", "kind", "before", "after", "note")
    told = ApplicationEvent.objects.filter(kind="endpoints").values_list("application__name", "text")
    return [sorted(moved), sorted(told)]


def nobody_dies() -> None:
    pass


def test_refused_at_any_statement_the_next_turn_does_the_rest(monkeypatch):
    monkeypatch.setattr(background, "BATCH", 2)
    monkeypatch.setattr(follow, "MOST_ISSUES", 2)
    expected = story(nobody_dies)
    refusals = []

    def refused() -> None:
        for nth in range(3, 200, 4):
            MappingRevision.objects.update(lease_until=None)
            try:
                with database.execute_wrapper(refuse_from(nth)):
                    while is_due():
                        remap()
            except DatabaseError:
                refusals.append(nth)
                assert_whole()
                continue
            break

    assert story(refused) == expected
    assert len(refusals) > 8


def assert_whole() -> None:
    """In the middle of it, too: every finding has an issue, and what is counted at once is counted right."""
    with database.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM issues_finding f LEFT JOIN issues_issue i ON i.id = f.issue_id"
                       " WHERE i.id IS NULL OR i.software_id < 0")  # fmt: skip
        assert cursor.fetchone() == (0,)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_killed_many_times_it_ends_like_an_undisturbed_one(seed):
    dice = random.Random(seed)
    kills = [dice.randint(4, 60) for _ in range(8)]

    def killed() -> None:
        database.close()
        given = {"database": settings.DATABASES["default"], "kills": kills}
        done = subprocess.run(
            [sys.executable, "-m", "tests.issues.mapping.mortal"],
            cwd=ROOT, input=json.dumps(given, default=str), capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert int(done.stdout) >= 4, "most kills came too late to prove anything"

    assert story(killed) == story(nobody_dies)
