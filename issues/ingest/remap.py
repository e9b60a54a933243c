"""Endpoints and their findings follow the mapping rules: in the background, in short turns that may be killed anywhere.

First every endpoint that does not follow the current version of the rules is placed; then the findings of those that
moved are given to the issues of their new application (``follow``). Pins and endpoints that an import moved come
through here as well: they wait with ``mapped_version`` ``TO_FOLLOW``.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from connectors.models import Connection
from connectors.sync.breath import Breath
from issues.ingest.bulk import chunks
from issues.ingest.follow import Follower
from issues.ingest.mapping import Mapper
from issues.ingest.place import place
from issues.ingest.rows import keys_of
from issues.mapping.facts import facts_of
from issues.mapping.finish import finish
from issues.mapping.save import current_revision
from issues.models import Endpoint, MappingRevision
from issues.models.endpoint import TO_FOLLOW, EndpointQuerySet

TURN = 20.0  # seconds
BATCH = 200  # endpoints placed in one transaction


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
    if not revision.take_lease():
        return False
    try:
        _Turn(revision, seconds).work()
    except Over:
        return True
    finally:
        revision.release_lease()
    return False


class _Turn:
    def __init__(self, revision: MappingRevision, seconds: float) -> None:
        self._revision = revision
        self._until = time.monotonic() + seconds
        self._breath = Breath(revision.extend_lease)

    def work(self) -> None:
        mapper = Mapper()
        while waiting := self._waiting(mapper.version):
            for connection in waiting:
                self._place(connection, keys_of(self._unplaced(connection, mapper.version)), mapper)
                self._place(connection, self._strayed(connection, mapper), mapper)
            followers = [Follower(connection) for connection in waiting]
            self._expect(sum(map(len, followers)))
            for follower in followers:
                while follower.batch():
                    self._go_on()
            for connection in waiting:  # those that have all their findings are done
                self._place(connection, keys_of(self._following(connection)), mapper)
        with transaction.atomic():
            finish(self._revision)

    def _waiting(self, version: int) -> list[Connection]:
        """With endpoints that don't follow the rules of that version, or have findings elsewhere."""
        behind = Endpoint.objects.behind(version)
        return [c for c in Connection.objects.order_by("pk") if behind.filter(connection=c).exists()]

    def _unplaced(self, connection: Connection, version: int) -> EndpointQuerySet:
        return Endpoint.objects.behind(version).filter(connection=connection).exclude(mapped_version=TO_FOLLOW)

    def _following(self, connection: Connection) -> EndpointQuerySet:
        return Endpoint.objects.filter(connection=connection, mapped_version=TO_FOLLOW)

    def _strayed(self, connection: Connection, mapper: Mapper) -> Sequence[int]:
        """On their way to where the rules of now don't send them: put right before their findings arrive there."""
        facts = facts_of(self._following(connection).filter(pinned=False).order_by("pk"))
        return array("q", (each.pk for each in facts if not mapper.stays(each)))

    def _place(self, connection: Connection, keys: Sequence[int], mapper: Mapper) -> None:
        for some in chunks(keys, BATCH):
            if not place(connection, some, mapper):
                raise Over
            self._go_on()

    def _expect(self, issues: int) -> None:
        mine = MappingRevision.objects.unfinished().filter(pk=self._revision.pk)
        mine.update(expected_issues=F("moved_issues") + issues)

    def _go_on(self) -> None:
        if time.monotonic() > self._until:
            raise Over
        self._breath.take()
