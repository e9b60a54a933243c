"""Risk rows as bytes, joined from parts that many rows share."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import orjson

from connectors.sources.simulator import clock
from connectors.sources.simulator.endpoints import Endpoints
from connectors.sources.simulator.history import History
from connectors.sources.simulator.layout import LONGEST_BLOCK, PLACED, Block, Layout
from connectors.sources.simulator.profiles import Profiles
from connectors.sources.simulator.rows import Change, endpoint_row, template_row

FRACTIONS = [b'%03d%03dZ","id":"' % (place, place * 37 % 1000) for place in range(LONGEST_BLOCK)]


class Writer:
    """Writes blocks of findings to which nothing has happened; others are left to ``slow``."""

    def __init__(
        self, sku: str, profiles: Profiles, endpoints: Endpoints, layout: Layout, history: History,
        slow: Callable[[int], bytes],
    ) -> None:  # fmt: skip
        self._sku, self._profiles, self._endpoints = sku, profiles, endpoints
        self._layout, self._history, self._slow = layout, history, slow
        self._heads: list[bytes] = []
        self._tails: dict[int, bytes] = {}

    def forget(self) -> None:
        """Endpoints were scanned again."""
        self._tails.clear()

    def add(
        self, block: Block, liked: list[bool] | None, changed: Callable[[int], bool], rows: list[bytes], limit: int
    ) -> int | None:
        """Add the rows of a block that match; the position of the first that found no room."""
        changes: Mapping[int, Change] = self._history.changes
        whole = range(block.first, block.stop)
        begin = self._layout.starts[block.wave][block.endpoint]
        second = self._layout.block_second(block.wave, block.endpoint)
        tail, heads = self._tail(block.endpoint, second), self._all_heads()
        base, low, templates = clock.mint(second * 1000, 0), self._layout.scatter(block.endpoint), block.templates
        if liked is None and len(rows) + len(whole) <= limit and self._history.changes.keys().isdisjoint(whole):
            rows += [
                b'%b%b%b%d"}' % (heads[templates[n]], tail, FRACTIONS[n], base + (PLACED[n] ^ low))
                for n in range(block.first - begin, block.stop - begin)
            ]
            return None
        for position in whole:
            n = position - begin
            known = position in changes
            if not (changed(position) if known else liked is None or liked[templates[n]]):
                continue
            if len(rows) == limit:
                return position
            plain = b'%b%b%b%d"}' % (heads[templates[n]], tail, FRACTIONS[n], base + (PLACED[n] ^ low))
            rows.append(self._slow(position) if known else plain)
        return None

    def _all_heads(self) -> list[bytes]:
        templates = self._profiles.templates
        for template in templates[len(self._heads) :]:
            self._heads.append(orjson.dumps(template_row(template, self._sku))[:-1])
        return self._heads

    def _tail(self, endpoint: int, second: int) -> bytes:
        known = self._tails.get(endpoint)
        if known is None:
            row = endpoint_row(self._endpoints.get(endpoint), self._history.scanned_ms(endpoint))
            known = self._tails[endpoint] = b"," + orjson.dumps(row)[1:-1]
        days = (self._history.now_ms - second * 1000) // clock.DAY_MS
        moment = clock.text_seconds(second * 1000)[:-1].encode()
        return b'%b,"daysDetected":%d,"detectionDate":"%b.' % (known, days, moment)
