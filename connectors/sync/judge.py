"""May this read resolve anything? The rules that keep an import from being wrong quietly."""

from __future__ import annotations

from connectors.models import RunResource, SyncRun
from connectors.sink import Comparison
from connectors.sources.exceptions import SourceError

HELD = "held"  # the problem of a connection whose loss waits for a person

DRIFT = 0.005  # share of the announced rows that may vanish while a tenant is being read
HELD_SHARE = 0.30  # a complete read that lost more than this waits for a person
HELD_AT_LEAST = 10  # of so few findings any share is an ordinary day
CONFIRMED_DRIFT = 0.10  # share of a confirmed loss that may be lost on top of it until it is read again
BROKEN_SHARE = 0.20
BROKEN_AT_LEAST = 20


class TooManyBroken(SourceError):
    code = "broken_rows"
    permanent = True


def judge_reading(resource: RunResource, seen: int) -> tuple[RunResource.State, str]:
    """Complete, or incomplete with the reason, from the number of distinct findings met."""
    incomplete = RunResource.State.INCOMPLETE
    if resource.total is None:
        return incomplete, "The source did not say how many rows there are, so nobody can tell whether all came."
    if resource.unnamed:
        rows = "1 row" if resource.unnamed == 1 else f"{resource.unnamed:,} rows"
        return incomplete, f"{rows} came without an id, so nobody can tell which findings are gone."
    if seen < resource.total - int(resource.total * DRIFT):
        return incomplete, f"{seen:,} of {resource.total:,} announced rows came. Nothing was resolved here."
    return RunResource.State.COMPLETE, ""


def is_suspicious(resource: RunResource, comparison: Comparison) -> bool:
    """A complete read that lost so much that a lapsed licence or a moved site is likelier than a repair."""
    missing = len(comparison.missing)
    if missing <= accepted_loss(resource):
        return False
    if missing and missing == comparison.active and resource.read == 0:
        return True
    return missing >= HELD_AT_LEAST and missing > comparison.active * HELD_SHARE


def accepted_loss(resource: RunResource) -> int:
    """How many findings of the resource a person agreed to lose, and a little more, since life goes on meanwhile."""
    if resource.run.confirms is None:
        return 0
    held = resource.run.confirms.resources.filter(
        kind=resource.kind, external_id=resource.external_id, state=RunResource.State.HELD
    )
    agreed = held.values_list("missing", flat=True).first() or 0
    return agreed + max(HELD_AT_LEAST, int(agreed * CONFIRMED_DRIFT)) if agreed else 0


def held_sentence(resource: RunResource, comparison: Comparison) -> str:
    return (
        f"{len(comparison.missing):,} of {comparison.active:,} active findings of {resource.name} were missing from a "
        "complete read. Nothing was resolved: check at the source whether they are really gone, then confirm or "
        "dismiss."
    )


def too_many_broken(run: SyncRun) -> None:
    """Raise when so many rows are unreadable that the source must have changed its form."""
    now = SyncRun.objects.get(pk=run.pk)
    if now.skipped >= BROKEN_AT_LEAST and now.skipped > now.read * BROKEN_SHARE:
        raise TooManyBroken(
            f"{now.skipped:,} of {now.read:,} rows could not be read. The source may have changed its form; "
            "nothing was resolved. The run shows samples."
        )
