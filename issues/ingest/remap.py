"""Endpoints and their findings follow the mapping rules: in the background, in short turns that may be killed anywhere.

First every endpoint that does not follow the current version of the rules is placed; then the findings of those that
moved are given to the issues of their new application (``follow``). Pins and endpoints that an import moved come
through here as well: they wait with ``mapped_version`` ``TO_FOLLOW``.
"""

from __future__ import annotations

import time
from array import array

from django.db import transaction
from django.db.models import F

from connectors.models import Connection
from issues.ingest.bulk import chunks, keys_of
from issues.ingest.follow import Follower
from issues.ingest.mapping import Mapper
from issues.ingest.place import place
from issues.mapping.finish import finish
from issues.mapping.save import current_revision
from issues.models import Endpoint, MappingRevision

TURN = 20.0  # seconds
BATCH = 200  # endpoints placed in one transaction
# SQLite is not fair: others get its lock only when it is left alone for more than a tenth of a second.
BREATH, BREATHE_EVERY = 0.11, 1.0  # seconds


class Over(Exception):
    """The time is over, or somebody saved other rules: there is more to do."""


def is_due() -> bool:
    """Whether anything waits; reads only."""
    revision = MappingRevision.objects.current()
    if revision is None:
        return Endpoint.objects.exists()
    return not revision.is_finished or Endpoint.objects.behind(revision.version).exists()


def remap(seconds: float = TURN) -> bool:
    """Work for a while; True when there is more. Returns at once when another worker is at it."""
    revision = current_revision()
    if not revision.claim():
        return False
    try:
        _Turn(revision, seconds).work()
    except Over:
        return True
    finally:
        revision.release()
    return False


class _Turn:
    def __init__(self, revision: MappingRevision, seconds: float) -> None:
        self._revision = revision
        self._until = time.monotonic() + seconds
        self._breathed = time.monotonic()

    def work(self) -> None:
        mapper = Mapper()
        while waiting := self._waiting(mapper.version):
            for connection, keys in waiting:
                self._place(connection, keys, mapper)
            followers = [Follower(connection) for connection, _ in waiting]
            self._expect(sum(map(len, followers)))
            for follower in followers:
                while follower.batch():
                    self._go_on()
        with transaction.atomic():
            finish(self._revision)

    def _waiting(self, version: int) -> list[tuple[Connection, array[int]]]:
        """Endpoints that don't follow the rules of that version, with all their findings."""
        behind = Endpoint.objects.behind(version)
        found = ((connection, keys_of(behind.filter(connection=connection))) for connection in Connection.objects.all())
        return [(connection, keys) for connection, keys in found if keys]

    def _place(self, connection: Connection, keys: array[int], mapper: Mapper) -> None:
        for some in chunks(keys, BATCH):
            if not place(connection, some, mapper):
                raise Over
            self._go_on()

    def _expect(self, issues: int) -> None:
        mine = MappingRevision.objects.unfinished().filter(pk=self._revision.pk)
        mine.update(expected_issues=F("moved_issues") + issues)

    def _go_on(self) -> None:
        now = time.monotonic()
        if now > self._until:
            raise Over
        if now - self._breathed > BREATHE_EVERY:
            self._revision.extend()
            time.sleep(BREATH)
            self._breathed = time.monotonic()
