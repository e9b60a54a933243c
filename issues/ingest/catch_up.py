"""What an import does itself for endpoints that it moved, so that its issues are right when it ends."""

from __future__ import annotations

from connectors.models import Connection, SyncRun
from issues.asking import remap_soon
from issues.ingest.bulk import chunks
from issues.ingest.follow import Follower
from issues.ingest.mapping import Mapper
from issues.ingest.place import place
from issues.mapping.rule import Rule
from issues.mapping.software import installed
from issues.models import Endpoint, MappingRevision, MappingRule
from issues.models.endpoint import TO_FOLLOW

AT_ONCE = 50  # endpoints looked after before the next ones


class CatchUp:
    """Follows endpoints of one connection, some at a time. While saved rules are at work, it is left to ``remap``."""

    def __init__(self) -> None:
        self._follower: Follower | None = None

    def step(self, connection: Connection) -> bool:
        """One short piece of work inside the caller's transaction; False when there is none."""
        if self._follower is not None and self._follower.batch():
            return True
        waiting = Endpoint.objects.filter(connection=connection, mapped_version=TO_FOLLOW).order_by("pk")
        endpoints = list(waiting.values_list("pk", flat=True)[:AT_ONCE])
        revision = MappingRevision.objects.current() if endpoints else None
        if revision is None or not revision.is_finished:
            return False
        # Those whose findings are all where they belong wait no more after this.
        place(connection, endpoints, Mapper(endpoints))
        self._follower = Follower(connection, endpoints)
        self._follower.batch()
        return True


def note_software(run: SyncRun) -> None:
    """Have endpoints looked at again whose installed software may let another rule decide now."""
    if not (run.created or run.changed or run.resolved or run.reopened or run.removed):
        return
    waiting = set[int]()
    for row in MappingRule.objects.select_related("application"):
        rule = Rule.of_row(row)
        if rule.asks_software:
            waiting |= _undecided(run.connection, rule, row)
    for ids in chunks(waiting):
        Endpoint.objects.filter(pk__in=ids, pinned=False).update(mapped_version=TO_FOLLOW)
    if waiting:
        remap_soon()


def _undecided(connection: Connection, rule: Rule, row: MappingRule) -> set[int]:
    """Where the rule decides and may no longer, and the other way round."""
    there = list(installed([rule]).values())
    somewhere, everywhere = set[int]().union(*there), there[0].intersection(*there)
    endpoints = Endpoint.objects.filter(connection=connection, pinned=False).order_by()
    decided = set(endpoints.filter(mapped_by=row).values_list("pk", flat=True))
    ours = {
        pk for ids in chunks(somewhere - decided) for pk in endpoints.filter(pk__in=ids).values_list("pk", flat=True)
    }
    return ours | (decided - everywhere)
