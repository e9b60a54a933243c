"""One batch of endpoints put where the rules of now say, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import F
from django.utils import timezone

from connectors.models import Connection
from issues.ingest.bulk import Row, update
from issues.ingest.follow import misplaced
from issues.ingest.mapping import Mapper, Place
from issues.mapping.facts import Facts, facts_of
from issues.mapping.finish import note_of
from issues.mapping.hold import held
from issues.models import Application, Endpoint, EndpointEvent, MappingRevision
from issues.models.endpoint import TO_FOLLOW

WRITTEN = ("application", "mapped_by", "mapped_version")


def place(connection: Connection, keys: Sequence[int], mapper: Mapper) -> bool:
    """False when the rules are not those that ``mapper`` knows any more; then nothing is done.

    One that moves has its findings to follow it. One that stays is done, unless some of its findings are elsewhere.
    """
    with held(connection.pk):
        revision = MappingRevision.objects.current()
        if revision is None or revision.version != mapper.version:
            return False
        batch = _Batch(mapper)
        for facts in facts_of(Endpoint.objects.filter(pk__in=keys).order_by("pk")):
            batch.look(facts)
        batch.write(revision)
    return True


class _Batch:
    def __init__(self, mapper: Mapper) -> None:
        self._mapper = mapper
        self._staying: list[tuple[Facts, int | None]] = []  # with the rule that decides
        self._moving: list[tuple[Facts, Place]] = []
        self._placed = 0

    def look(self, facts: Facts) -> None:
        if facts.mapped_version == self._mapper.version:
            return  # an import was quicker
        self._placed += facts.mapped_version != TO_FOLLOW
        if facts.pinned:
            self._staying.append((facts, None))
            return
        to = self._mapper.where(facts)
        if to.application.pk == facts.application_id:
            self._staying.append((facts, to.rule.pk if to.rule else None))
        else:
            self._moving.append((facts, to))

    def write(self, revision: MappingRevision) -> None:
        rows: list[Row] = [(to.application.pk, _key(to), TO_FOLLOW, facts.pk) for facts, to in self._moving]
        to_follow = misplaced([facts.pk for facts, _ in self._staying if facts.mapped_version == TO_FOLLOW])
        same: list[int] = []
        for facts, rule in self._staying:
            if facts.pk in to_follow:
                rows.append((facts.application_id, rule, TO_FOLLOW, facts.pk))
            elif rule != facts.mapped_by_id:
                rows.append((facts.application_id, rule, revision.version, facts.pk))
            else:
                same.append(facts.pk)
        Endpoint.objects.filter(pk__in=same).update(mapped_version=revision.version)
        update(Endpoint, WRITTEN, sorted(rows, key=lambda row: row[-1]))
        self._tell(revision)
        MappingRevision.objects.unfinished().filter(pk=revision.pk).update(
            endpoints=F("endpoints") + self._placed, moved=F("moved") + len(self._moving)
        )

    def _tell(self, revision: MappingRevision) -> None:
        names = _names({facts.application_id for facts, _ in self._moving})
        kind, now, note = EndpointEvent.Kind.MOVED, timezone.now(), note_of(revision.version)
        EndpointEvent.objects.bulk_create(
            [
                EndpointEvent(
                    endpoint_id=facts.pk, kind=kind, at=now, before=names[facts.application_id],
                    after=to.application.name, note=f"{note}{to.why}"[:300],
                )
                for facts, to in self._moving
            ],
            batch_size=100,
        )  # fmt: skip


def _key(place: Place) -> int | None:
    return place.rule.pk if place.rule else None


def _names(applications: Iterable[int]) -> dict[int, str]:
    return dict(Application.objects.filter(pk__in=applications).values_list("pk", "name"))
