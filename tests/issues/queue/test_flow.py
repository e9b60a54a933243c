"""The picture of a move: bars as tall as their endpoints, nothing lost, at most so many names at a side."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from issues.queue.flow import MOST, flow_of

NAME = st.integers(0, 40).map("Application {}".format)


def test_nothing_moves_is_no_picture():
    assert flow_of([]) is None
    assert flow_of([("A", "B", 0)]) is None


def test_the_biggest_stand_first():
    flow = flow_of([("Unassigned", "Shop", 10), ("Unassigned", "Payments", 30), ("Lab", "Payments", 5)])
    assert flow is not None
    assert [(node.label, node.number) for node in flow.sources] == [("Unassigned", 40), ("Lab", 5)]
    assert [(node.label, node.number) for node in flow.targets] == [("Payments", 35), ("Shop", 10)]
    assert len(flow.bands) == 3


def test_a_long_name_is_cut():
    flow = flow_of([("N" * 200, "Shop", 1)])
    assert flow is not None
    assert flow.sources[0].label == "N" * 29 + "…"


@given(st.lists(st.tuples(NAME, NAME, st.integers(1, 10_000)), min_size=1, max_size=60))
def test_every_endpoint_is_in_the_picture(moves):
    flow = flow_of(moves)
    assert flow is not None
    for side in (flow.sources, flow.targets):
        assert sum(node.number for node in side) == sum(number for _, _, number in moves)
        assert len(side) <= MOST + 1
        assert all(above.y + above.height < below.y for above, below in pairwise(side))
        assert side[-1].y + side[-1].height <= flow.height
