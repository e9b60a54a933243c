"""The end of the work for a version of the rules: applications remember what came and went."""

from __future__ import annotations

from django.db.models import Count
from django.utils import timezone

from issues.mapping.events import lines
from issues.models import Application, ApplicationEvent, EndpointEvent, MappingRevision


def note_of(version: int) -> str:
    """How the history of an endpoint begins when this version of the rules moved it."""
    return f"Mapping rules version {version}: "


def finish(revision: MappingRevision) -> None:
    """Once: every endpoint follows it, or a newer version took over. Inside a transaction."""
    unfinished = MappingRevision.objects.unfinished().filter(pk=revision.pk)
    if not unfinished.update(finished_at=timezone.now(), lease_until=None):
        return
    moved = EndpointEvent.objects.filter(
        kind=EndpointEvent.Kind.MOVED, note__startswith=note_of(revision.version)
    ).order_by()
    ways = list(moved.values_list("before", "after").annotate(Count("pk")))
    known = {a.name: a for a in Application.objects.filter(name__in={name for *names, _ in ways for name in names})}
    why = f"mapping rules version {revision.version}"
    ApplicationEvent.objects.bulk_create(
        [
            event
            for before, after, endpoints in sorted(ways)
            if before in known and after in known  # one of them may have got another name meanwhile
            for event in lines(known[before], known[after], endpoints, why, revision.author)
        ],
        batch_size=100,
    )
