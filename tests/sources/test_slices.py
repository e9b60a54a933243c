"""Long work gives way to others, and loses nothing by it."""

from __future__ import annotations

import pytest

from connectors.sources.slices import SLICE, in_slices


@pytest.mark.parametrize("number", [0, 1, SLICE, SLICE + 1, 3 * SLICE])
def test_the_items_are_the_same_and_others_get_their_turn_after_each_slice(number, monkeypatch):
    naps: list[float] = []
    monkeypatch.setattr("connectors.sources.slices.time.sleep", naps.append)
    assert list(in_slices(range(number))) == list(range(number))
    assert len(naps) == -(-number // SLICE)
