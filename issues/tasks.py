"""What django-q calls: thin doors to the code that does the work."""

from __future__ import annotations

from typing import Any

from issues.asking import decide_later, keep_up_soon, lapse_soon, recompute_soon, remap_soon
from issues.decisions import bulk
from issues.decisions import lapse as lapsing
from issues.decisions.deed import Deed
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


def decide(user_id: int, deed: dict[str, Any], query: str, token: int) -> None:
    """One turn of what somebody decided about more issues than an answer waits for."""
    if bulk.decide_in_turns(user_id, Deed(**deed), query, token):
        decide_later(user_id, Deed(**deed), query, token)


def undo(user_id: int, token: int) -> None:
    """The same, undone."""
    bulk.undo_in_background(user_id, token)
