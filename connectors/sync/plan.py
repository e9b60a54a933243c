"""What a run reads: the whole tenant in one walk, or one walk for each resource."""

from __future__ import annotations

from connectors.models import Connection, Resource, RunResource, SyncRun
from connectors.models.resource import widest
from connectors.sources.exceptions import SourceError
from connectors.sources.records import TENANT


class NothingToRead(SourceError):
    code = "nothing_selected"
    permanent = True


def make_plan(run: SyncRun) -> None:
    """Write the run's resources once; a run that was interrupted keeps its own."""
    if run.resources.exists():
        return
    connection = run.connection
    if connection.selection == Connection.Selection.ALL:
        chosen = everything(connection)
    else:
        chosen = widest(connection.resources.picked().exclude(state=Resource.State.DELETED))
    if not chosen and connection.selection == Connection.Selection.ALL:
        RunResource.objects.create(run=run, position=0, kind=TENANT.kind.value, name="Everything the token sees")
        return
    if not chosen:
        raise NothingToRead(
            "None of the selected resources exists any more. Select others; the issues stay as they are."
        )
    RunResource.objects.bulk_create(
        RunResource(run=run, position=n, kind=r.kind, external_id=r.external_id, name=r.name)
        for n, r in enumerate(chosen)
    )


def everything(connection: Connection) -> list[Resource]:
    """The roots, one by one, for a token of an account or site: the console may refuse it an unscoped question.

    None for a token of the whole tenant, which one walk serves best.
    """
    if connection.token_scope not in ("account", "site"):
        return []
    return list(connection.resources.roots().exclude(state=Resource.State.DELETED))
