"""What django-q calls: thin doors to the code that does the work."""

from __future__ import annotations

from issues.asking import decide_soon, keep_up_soon, lapse_soon, recompute_soon, remap_soon
from issues.decisions import bulk
from issues.decisions import lapse as lapsing
from issues.ingest import recompute as work
from issues.ingest import remap as mapping
from issues.ingest import upkeep
from issues.intel.load import load_configured


def recompute() -> None:
    """One turn of bringing severities up to date; rings for the next one. Each minute, and when somebody asks."""
    if not work.is_due():
        return
    if work.recompute():
        recompute_soon()
    else:
        upkeep.keep_up(changed=True)


def remap() -> None:
    """One turn of having endpoints and findings follow the mapping rules; rings for the next one, or for counting."""
    if mapping.is_due():
        if mapping.remap():
            remap_soon()
        recompute_soon()


def load_feeds() -> None:
    """EPSS and KEV from their addresses. What fails is kept with the feed, where people see it."""
    load_configured()
    recompute_soon()


def keep_up() -> None:
    """One turn of adding up trends and fixes; rings for the next one. Each minute."""
    if upkeep.keep_up():
        keep_up_soon()


def lapse() -> None:
    """Each minute: decisions whose time is over end, and their issues come back."""
    if lapsing.lapse():
        lapse_soon()


def decide() -> None:
    """One turn of what people decided about many issues, or took back; rings for the next one. Each minute."""
    if bulk.work():
        decide_soon()
