"""Which finding stands at which position: positions ascend with detection time, and so with the ids.

Wave by wave, endpoint by endpoint, template by template. Only the number of the first finding of
each (wave, endpoint) is kept.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from connectors.sources.simulator import clock
from connectors.sources.simulator.dice import number
from connectors.sources.simulator.endpoints import Endpoints
from connectors.sources.simulator.profiles import Profiles

HOUR_MS = 3_600_000
LONGEST_BLOCK = 900  # findings of one endpoint in one wave: each has its own millisecond of one second


class Block(NamedTuple):
    """The findings of one endpoint in one wave: positions ``first`` to ``stop``."""

    wave: int
    endpoint: int
    first: int
    stop: int
    templates: tuple[int, ...]


class Layout:
    """``length``: how many findings there are; fewer than all only when the caller cut them."""

    def __init__(self, seed: int, profiles: Profiles, endpoints: Endpoints, epoch_ms: int) -> None:
        self._salt = number(seed, "layout")
        self._profiles, self._endpoints = profiles, endpoints
        ends = [*profiles.wave_ms[1:], epoch_ms]
        self._spans = [(end - start - HOUR_MS) // 1000 for start, end in zip(profiles.wave_ms, ends, strict=True)]
        self.starts: list[array[int]] = []
        self.length = 0
        for wave in range(len(profiles.wave_ms)):
            self.starts.append(self._wave(wave))
        self._wave_starts = [starts[0] for starts in self.starts]

    def _wave(self, wave: int) -> array[int]:
        sizes = [len(profile.waves[wave]) for profile in self._profiles.all]
        if max(sizes) > LONGEST_BLOCK:
            raise ValueError(f"More than {LONGEST_BLOCK} findings of one endpoint in one scan.")
        starts = array("Q", [self.length])
        for profile in self._endpoints.profiles:
            self.length += sizes[profile]
            starts.append(self.length)
        return starts

    def cut(self, length: int) -> None:
        """Leave only the first ``length`` findings."""
        self.length = min(self.length, length)

    def locate(self, position: int) -> tuple[int, int, int]:
        """Wave, endpoint and place in its block."""
        wave = bisect_right(self._wave_starts, position) - 1
        endpoint = bisect_right(self.starts[wave], position) - 1
        return wave, endpoint, position - self.starts[wave][endpoint]

    def template(self, position: int) -> int:
        wave, endpoint, place = self.locate(position)
        return self._endpoints.profile(endpoint).waves[wave][place]

    def block_second(self, wave: int, endpoint: int) -> int:
        """Unix seconds in which an endpoint was scanned in a wave."""
        return self._profiles.wave_ms[wave] // 1000 + endpoint * self._spans[wave] // len(self._endpoints)

    def detected_ms(self, position: int) -> int:
        wave, endpoint, place = self.locate(position)
        return self.block_second(wave, endpoint) * 1000 + place

    def scatter(self, endpoint: int) -> int:
        """What seed and endpoint do to the lower bits of ids."""
        return (endpoint * 2654435761 >> 3 ^ self._salt) & 0x7FFFFF

    def identity(self, position: int) -> int:
        wave, endpoint, place = self.locate(position)
        return clock.mint(self.block_second(wave, endpoint) * 1000, 0) + (PLACED[place] ^ self.scatter(endpoint))

    def first_at(self, ms: int) -> int:
        """The first position detected at ``ms`` or later."""
        return bisect_left(range(self.length), ms, key=self.detected_ms)

    def of_endpoint(self, endpoint: int) -> Iterator[int]:
        """Every position of one endpoint."""
        for starts in self.starts:
            yield from range(starts[endpoint], min(starts[endpoint + 1], self.length))

    def blocks(self, first: int, stop: int, endpoints: array[int]) -> Iterator[Block]:
        """The blocks of those endpoints that reach into positions ``first`` to ``stop``, cut to them."""
        stop = min(stop, self.length)
        for wave, starts in enumerate(self.starts):
            if starts[-1] <= first or starts[0] >= stop:
                continue
            begin = bisect_right(starts, first) - 1 if first > starts[0] else 0
            for n in range(bisect_left(endpoints, begin), len(endpoints)):
                endpoint = endpoints[n]
                start, end = starts[endpoint], starts[endpoint + 1]
                if start >= stop:
                    break
                if start < end:
                    yield Block(wave, endpoint, max(start, first), min(end, stop),
                                self._endpoints.profile(endpoint).waves[wave])  # fmt: skip


# a place's share of an id: its millisecond, and lower bits without order
PLACED = [(place << clock.LOW_BITS) | number("low", place) & 0x7FFFFF for place in range(LONGEST_BLOCK)]
