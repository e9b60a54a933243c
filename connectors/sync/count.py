"""Stale issues counted: all of them at the end of a run, some new ones while more findings come."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from connectors.sink import Tally
from connectors.sync.turn import Turn

BEGIN = 3.0  # seconds after which a run shows its first issues
SHOWN = 1  # batches of new issues counted while more findings come


def count_issues(turn: Turn) -> bool:
    """Bring every stale issue of the connection up to date; False when the turn is over first."""
    return all(not turn.is_over for _ in _counted(turn))


def show_begin(turn: Turn) -> None:
    """Once in a turn, so that people soon see that issues come."""
    if not turn.has_shown and turn.has_taken(BEGIN):
        show_new_issues(turn)


def show_new_issues(turn: Turn) -> None:
    """Count some of those that this turn made. The others wait for the end.

    Whatever is counted before its last finding has come is counted twice.
    """
    turn.has_shown = True
    for _ in islice(_counted(turn, new=True), SHOWN):
        pass


def _counted(turn: Turn, *, new: bool = False) -> Iterator[Tally]:
    while True:
        with turn.stored() as tally:
            done = turn.sink.count_issues(turn.run.connection, turn.run, new=new)
            tally.add(done or Tally())
        if done is None:
            return
        yield done
