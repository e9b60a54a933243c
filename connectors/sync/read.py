"""The reading phases of a run. Each returns True when it is done, False when the turn is over first."""

from __future__ import annotations

from connectors.models import RunResource, SyncRun
from connectors.sources.exceptions import CursorExpired, PermissionMissing, SourceError, TokenRefused
from connectors.sync.batches import Batch, batched
from connectors.sync.count import show_begin
from connectors.sync.judge import judge_reading, too_many_broken
from connectors.sync.plan import make_plan
from connectors.sync.prefetch import prefetched
from connectors.sync.tree import refresh
from connectors.sync.turn import Turn

SAMPLES = 20  # broken rows kept on a run for people to look at
RESTARTS = 3  # walks begun again before a resource, or the list of endpoints, is given up


def read_resources(turn: Turn) -> bool:
    """Accounts, sites and groups; a delta that knows them already does not ask again."""
    run = turn.run
    if run.mode == SyncRun.Mode.FULL or not run.connection.resources.exists():
        refresh(run.connection, turn.source.resources())
    with turn.stored(phase=SyncRun.Phase.ENDPOINTS):
        make_plan(run)
    return True


def read_endpoints(turn: Turn) -> bool:
    """Every endpoint, or those changed since; a token that may not see them still imports findings."""
    for _ in range(1 + RESTARTS):
        try:
            return walk_endpoints(turn)
        except CursorExpired:
            turn.run.endpoint_cursor, turn.run.endpoints_read = "", 0
        except PermissionMissing as error:
            warn(turn, f"{error.sentence} Endpoints keep no account, site, group or tags until then.")
            break
    else:
        warn(turn, f"{lost_its_place(turn)} of endpoints. The rest is read at the next import.")
    with turn.stored(phase=SyncRun.Phase.FINDINGS):
        pass
    return True


def walk_endpoints(turn: Turn) -> bool:
    run = turn.run
    pages = turn.source.endpoint_pages(since=run.since, cursor=run.endpoint_cursor or None)
    with prefetched(pages, turn.claim.renew) as ready:
        for page in ready:
            run.endpoint_cursor = page.next_cursor or ""
            run.endpoints_read += len(page.rows)
            values = {"endpoint_cursor": run.endpoint_cursor, "endpoints_read": run.endpoints_read}
            if not page.next_cursor:  # with the page itself: whoever takes over must not walk again
                values["phase"] = SyncRun.Phase.FINDINGS
            with turn.stored(**values):
                turn.sink.store_endpoints(run, page.rows)
            turn.check_cancelled()
            if turn.is_over and page.next_cursor:
                return False
    return True


def read_findings(turn: Turn) -> bool:
    for resource in turn.run.resources.filter(state__in=(RunResource.State.WAITING, RunResource.State.READING)):
        try:
            if not read_resource(turn, resource):
                return False
        except CursorExpired:
            restart(turn, resource)
            return False
        except TokenRefused:
            raise
        except SourceError as error:
            if not error.permanent or not resource.external_id:
                raise  # worth another try, or true of the whole tenant
            give_up(turn, resource, error.sentence)
    with turn.stored(phase=SyncRun.Phase.SETTLE):
        pass
    return True


def read_resource(turn: Turn, resource: RunResource) -> bool:
    if resource.was_walked:  # its worker died between the last page and the judgement
        finish_resource(turn, resource)
        return True
    pages = turn.walks.finding_pages(resource.scope, turn.run.since, resource.cursor or None)
    with prefetched(pages, turn.claim.renew) as ready:
        for batch in batched(ready):
            store_batch(turn, resource, batch)
            show_begin(turn)
            turn.check_cancelled()
            if turn.is_over and batch.next_cursor:
                return False
    finish_resource(turn, resource)
    return True


def store_batch(turn: Turn, resource: RunResource, batch: Batch) -> None:
    with turn.stored() as tally:
        stored = turn.sink.store_findings(turn.run, resource, batch.rows, turn.source.read)
        tally.add(stored)
        tally.read += len(batch.broken)
        tally.skipped += len(batch.broken)
        resource.state = RunResource.State.READING
        resource.cursor = batch.next_cursor or ""
        resource.read += len(batch.rows) + len(batch.broken)
        resource.unnamed += len(batch.broken)
        if resource.total is None:
            resource.total = batch.total
        resource.save()
        keep_samples(turn, [(b.reason, b.sample) for b in batch.broken] + stored.broken)


def finish_resource(turn: Turn, resource: RunResource) -> None:
    """The cursor ended: judge whether the read was whole."""
    too_many_broken(turn.run)
    full = turn.run.mode == SyncRun.Mode.FULL
    seen = turn.sink.seen(turn.run, resource) if full else resource.read
    resource.state, resource.error = judge_reading(resource, seen) if full else (RunResource.State.COMPLETE, "")
    with turn.stored():
        resource.save()


def restart(turn: Turn, resource: RunResource) -> None:
    """The cursor ran out: walk again from the start, as often as makes sense."""
    if resource.restarts >= RESTARTS:
        give_up(turn, resource, f"{lost_its_place(turn)}. The rest is read at the next import.")
        return
    with turn.stored(read=max(0, SyncRun.objects.get(pk=turn.run.pk).read - resource.read)):
        resource.cursor, resource.read, resource.unnamed, resource.total = "", 0, 0, None
        resource.restarts += 1
        resource.save()
        turn.sink.forget(turn.run, resource)


def lost_its_place(turn: Turn) -> str:
    return f"{turn.run.connection.source_tool} kept losing its place in the list"


def give_up(turn: Turn, resource: RunResource, sentence: str) -> None:
    with turn.stored():
        resource.state, resource.error = RunResource.State.INCOMPLETE, sentence
        resource.save()


def warn(turn: Turn, sentence: str) -> None:
    if sentence not in turn.run.warnings:
        turn.run.warnings.append(sentence)
        with turn.stored(warnings=turn.run.warnings):
            pass


def keep_samples(turn: Turn, broken: list[tuple[str, str]]) -> None:
    room = SAMPLES - len(turn.run.broken_rows)
    if broken and room > 0:
        turn.run.broken_rows += [{"reason": reason, "sample": sample} for reason, sample in broken[:room]]
        turn.claim.save(broken_rows=turn.run.broken_rows)
