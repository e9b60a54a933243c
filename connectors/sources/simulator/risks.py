"""``/application-management/risks``: rows computed from their position, joined from bytes made beforehand."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import partial
from typing import Any

import orjson

from connectors.sources.simulator import clock, paging, world
from connectors.sources.simulator.answers import Answer
from connectors.sources.simulator.asking import Asked
from connectors.sources.simulator.endpoints import Endpoints
from connectors.sources.simulator.history import History
from connectors.sources.simulator.layout import Block, Layout
from connectors.sources.simulator.profiles import Profiles
from connectors.sources.simulator.rows import changed_row, endpoint_row, template_row
from connectors.sources.simulator.selection import Selection, endpoint_facts, likes_endpoint
from connectors.sources.simulator.writing import Writer

KEPT_SELECTIONS = 32
Page = tuple[list[bytes], int | None]


class Risks:
    """Serves pages of findings. ``cache_bytes``: how much of them to keep for a second read."""

    def __init__(
        self, sku: str, profiles: Profiles, endpoints: Endpoints, layout: Layout, history: History, own: world.World,
        cache_bytes: int = 0,
    ) -> None:  # fmt: skip
        self._sku, self._profiles, self._endpoints = sku, profiles, endpoints
        self._layout, self._history, self._own = layout, history, own
        self._writer = Writer(
            sku, profiles, endpoints, layout, history, lambda position: orjson.dumps(self.row(position))
        )
        self._cache_bytes = cache_bytes
        self.forget()

    def forget(self) -> None:
        """Drop what the last revision was worked out to."""
        self._writer.forget()
        self._selections: dict[tuple[str, frozenset[int]], Selection] = {}
        self._pages: dict[tuple[str, frozenset[int], int, int, bool], Answer] = {}
        self._room = self._cache_bytes

    def answer(self, asked: Asked, sites: frozenset[int]) -> Answer:
        """A page for a token that sees ``sites``."""
        selection = self._selection(asked, sites)
        if asked.count_only:
            return _page(asked, [], None, self._total(selection), asked.skip)
        start = paging.position(asked)
        if start is None:
            start = self._skip(selection, asked) if asked.skip else 0
        key = (asked.mark, sites, start, asked.limit, asked.skip_count)
        kept = self._pages.get(key)
        if kept:
            return Answer(body=kept.body, here=kept.here)
        rows, after = self._rows(selection, asked, start)
        answer = _page(asked, rows, after, 0 if asked.skip_count else self._total(selection), start)
        self._keep(key, answer)
        return answer

    def _keep(self, key: tuple[str, frozenset[int], int, int, bool], answer: Answer) -> None:
        if len(answer.body) <= self._room:
            self._room -= len(answer.body)
            self._pages[key] = answer

    def row(self, position: int) -> dict[str, Any]:
        """A whole row, the slow way."""
        history = self._history
        endpoint, template = history.place(position)
        detected, identity = history.detected_ms(position), history.identity(position)
        micros = detected % 1000 * 37 if position < self._layout.length else identity
        row = {
            **template_row(self._profiles.templates[template], self._sku),
            **endpoint_row(self._endpoints.get(endpoint), history.scanned_ms(endpoint)),
            "daysDetected": (history.now_ms - detected // 1000 * 1000) // clock.DAY_MS,
            "detectionDate": clock.text(detected, micros),
            "id": str(identity),
        }
        change = history.changes.get(position)
        return changed_row(row, change, self._sku) if change else row

    # which rows

    def _selection(self, asked: Asked, sites: frozenset[int]) -> Selection:
        key = (asked.mark, sites)
        if key not in self._selections:
            if len(self._selections) >= KEPT_SELECTIONS:
                self._selections.pop(next(iter(self._selections)))
            self._selections[key] = self._select(asked, sites)
        return self._selections[key]

    def _select(self, asked: Asked, sites: frozenset[int]) -> Selection:
        members = array("L", (n for n in range(len(self._endpoints)) if self._sees(n, asked, sites)))
        selection = Selection(asked, members, self._history.first_at, self._history.length)
        if selection.asks_template:
            rows = (template_row(template, self._sku) for template in self._profiles.templates)
            selection.templates = [selection.likes_template(row) for row in rows]
        if asked.sort_by not in ("", "id", "detectionDate") or asked.descending:
            selection.order = self._ordered(selection, asked)
        return selection

    def _sees(self, endpoint: int, asked: Asked, sites: frozenset[int]) -> bool:
        group = self._history.group(endpoint)
        if world.groups()[group].site not in sites:
            return False
        return not asked.checks or likes_endpoint(asked, self._facts(endpoint))

    def _facts(self, endpoint: int) -> dict[str, Any]:
        return endpoint_facts(self._endpoints.get(endpoint), self._history.group(endpoint), self._own)

    def _ordered(self, selection: Selection, asked: Asked) -> array[int]:
        found = list(self._positions(selection, 0))
        if asked.sort_by not in ("", "id", "detectionDate"):
            name = asked.sort_by
            keys = {n: self._sort_key(n, name) for n in found}
            found.sort(key=keys.__getitem__)
        return array("Q", reversed(found) if asked.descending else found)

    def _sort_key(self, position: int, name: str) -> tuple[bool, Any]:
        whole = {**self._facts(self._history.place(position)[0]), **self.row(position)}
        return paging.sort_key(whole.get(name))

    def _plain(self, selection: Selection, position: int) -> bool:
        """Does a finding match when nothing has happened to it?"""
        if not selection.first <= position < selection.stop:
            return False
        endpoint, template = self._history.place(position)
        return endpoint in selection.members and (selection.templates is None or selection.templates[template])

    def _changed(self, selection: Selection, position: int) -> bool:
        """Does a finding match that something happened to?"""
        change = self._history.changes[position]
        if change.removed and not selection.removed_too:
            return False
        endpoint, _ = self._history.place(position)
        if endpoint not in selection.members:
            return False
        if not selection.likes_times(self._history.detected_ms(position), change.updated_ms):
            return False
        return not selection.asks_template or selection.likes_template(self.row(position))

    def _matches(self, selection: Selection, position: int) -> bool:
        known = position in self._history.changes
        return self._changed(selection, position) if known else self._plain(selection, position)

    def _outside(self, selection: Selection) -> list[int]:
        """Changed findings that match by their change, but lie beyond the range of those that only were detected."""
        if selection.outside is None:
            beyond = [n for n in self._history.changes if not selection.first <= n < selection.stop]
            selection.outside = sorted(n for n in beyond if self._changed(selection, n))
        return selection.outside

    def _positions(self, selection: Selection, start: int) -> Iterator[int]:
        """Every position that matches, ascending."""
        outside = self._outside(selection)
        yield from (n for n in outside if start <= n < selection.first)
        for block in self._layout.blocks(max(start, selection.first), selection.stop, selection.endpoints):
            yield from (n for n in range(block.first, block.stop) if self._matches(selection, n))
        late = range(max(start, selection.first, self._layout.length), selection.stop)
        yield from (n for n in late if self._matches(selection, n))
        yield from (n for n in outside if n >= max(start, selection.stop))

    def _total(self, selection: Selection) -> int:
        if selection.total is None:
            selection.total = self._count(selection)
        return selection.total

    def _count(self, selection: Selection) -> int:
        total = sum(self._size(block, selection) for block in
                    self._layout.blocks(selection.first, selection.stop, selection.endpoints))  # fmt: skip
        late = range(max(selection.first, self._layout.length), selection.stop)
        total += sum(self._plain(selection, n) for n in late)
        for position in self._history.changes:
            total += self._changed(selection, position) - self._plain(selection, position)
        return total

    def _size(self, block: Block, selection: Selection) -> int:
        liked = selection.templates
        if liked is None:
            return block.stop - block.first
        begin = self._layout.starts[block.wave][block.endpoint]
        return sum(liked[t] for t in block.templates[block.first - begin : block.stop - begin])

    # pages

    def _skip(self, selection: Selection, asked: Asked) -> int:
        if selection.order is not None:
            return asked.skip
        for number, position in enumerate(self._positions(selection, 0)):
            if number == asked.skip:
                return position
        return self._history.length

    def _rows(self, selection: Selection, asked: Asked, start: int) -> Page:
        if selection.order is not None:
            chosen = selection.order[start : start + asked.limit]
            after = start + asked.limit if start + asked.limit < len(selection.order) else None
            return [orjson.dumps(self.row(n)) for n in chosen], after
        return self._ascending(selection, start, asked.limit)

    def _ascending(self, selection: Selection, start: int, limit: int) -> Page:
        """Up to ``limit`` rows from a position on, and where the next page begins."""
        outside = self._outside(selection)
        rows: list[bytes] = []
        after = self._singly(selection, outside[bisect_left(outside, start) : bisect_left(outside, selection.first)],
                             rows, limit)  # fmt: skip
        if after is not None:
            return rows, after
        changed = partial(self._changed, selection)
        for block in self._layout.blocks(max(start, selection.first), selection.stop, selection.endpoints):
            after = self._writer.add(block, selection.templates, changed, rows, limit)
            if after is not None:
                return rows, after
        late = range(max(start, selection.first, self._layout.length), selection.stop)
        after = self._singly(selection, late, rows, limit)
        if after is not None:
            return rows, after
        rest = outside[bisect_left(outside, max(start, selection.stop)) :]
        return rows, self._singly(selection, rest, rows, limit)

    def _singly(self, selection: Selection, positions: range | list[int], rows: list[bytes], limit: int) -> int | None:
        for position in positions:
            if self._matches(selection, position):
                if len(rows) == limit:
                    return position
                rows.append(orjson.dumps(self.row(position)))
        return None


def _page(asked: Asked, rows: list[bytes], after: int | None, total: int, start: int) -> Answer:
    pagination = orjson.dumps(paging.envelope(asked, after, total))
    first, *others = rows or [b""]
    parts = [b'{"data":[' + first, *others]
    parts[-1] += b'],"pagination":%b}' % pagination
    return Answer(body=b",".join(parts), here=paging.another(asked.mark, start))  # joined once: it can be a megabyte
