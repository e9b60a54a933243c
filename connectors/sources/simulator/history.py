"""How the tenant changes from one revision to the next. Equal seeds live equal lives.

Revision 0 already has a past: some findings removed, some marked. Each later one brings software
updates (rows removed), findings that come back, new vulnerabilities, re-rated ones, endpoints that
move to another group, and rescans.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from random import Random

from connectors.sources.simulator import catalogue, clock, world
from connectors.sources.simulator.clock import DAY_MS
from connectors.sources.simulator.dice import dice, number
from connectors.sources.simulator.endpoints import Endpoints
from connectors.sources.simulator.layout import Layout
from connectors.sources.simulator.profiles import Profiles
from connectors.sources.simulator.rows import Change

REMOVED_EVERY = 33  # of the findings at revision 0
MARKED_EVERY = 251
SHARE = 100  # one in so many findings is removed, and one in twice as many is new, at each revision
SCAN_EVERY_MS = 30 * 3_600_000


@dataclass(frozen=True, slots=True)
class Late:
    """A finding that was detected after the layout was made."""

    endpoint: int
    template: int
    detected_ms: int
    low: int


class History:
    """``changes`` by position; positions from ``layout.length`` on are those in ``late``."""

    def __init__(self, seed: int, epoch_ms: int, profiles: Profiles, endpoints: Endpoints, layout: Layout) -> None:
        self._seed, self._profiles, self._endpoints, self._layout = seed, profiles, endpoints, layout
        self.moments = [epoch_ms]
        self.changes: dict[int, Change] = {}
        self.late: list[Late] = []
        self.moved: dict[int, tuple[int, int]] = {}  # endpoint: group and time
        self._invented = 0
        self._begin()

    @property
    def revision(self) -> int:
        return len(self.moments) - 1

    @property
    def now_ms(self) -> int:
        return self.moments[-1]

    @property
    def length(self) -> int:
        return self._layout.length + len(self.late)

    def _begin(self) -> None:
        first_removed, first_marked = removed_offset(self._seed), number(self._seed, "marked") % MARKED_EVERY
        for position in range(first_marked, self._layout.length, MARKED_EVERY):
            self.changes[position] = Change(self._past(position), mark=position // MARKED_EVERY % 4)
        for position in range(first_removed, self._layout.length, REMOVED_EVERY):
            self.changes[position] = Change(self._past(position), removed=True)

    def _past(self, position: int) -> int:
        """Some time between detection and the epoch."""
        detected = self._layout.detected_ms(position)
        return detected + (self.moments[0] - detected) * (position * 7919 % 97 + 1) // 98

    def advance(self, at_ms: int) -> None:
        """Live on to ``at_ms``, which has to be after the last revision."""
        if at_ms <= self.now_ms:
            raise ValueError("A revision has to be later than the one before.")
        rolls = dice(self._seed, "revision", len(self.moments))
        self.moments.append(at_ms)
        self._bring_back(rolls)
        self._update_software(rolls)
        self._rerate(rolls)
        self._publish(rolls)
        self._move(rolls)

    def _change(self, position: int, **new: object) -> None:
        before = self.changes.get(position) or Change(self.now_ms)
        self.changes[position] = replace(before, updated_ms=self.now_ms, **new)  # type: ignore[arg-type]

    def _is_removed(self, position: int) -> bool:
        change = self.changes.get(position)
        return change is not None and change.removed

    def _bring_back(self, rolls: Random) -> None:
        """A fifth of what the last revision removed: half under the old id, half as new rows."""
        before = self.moments[-2]
        gone = [n for n, change in self.changes.items() if change.removed and change.updated_ms == before]
        if self.revision == 1:
            gone = [n for n, change in self.changes.items() if change.removed][: self.length // 1000 + 2]
        for count, position in enumerate(rolls.sample(gone, min(len(gone), len(gone) // 5 + 2))):
            if count % 2 or position >= self._layout.length:
                self._change(position, removed=False)
            else:
                _, endpoint, _ = self._layout.locate(position)
                self._add(endpoint, self._layout.template(position))

    def _update_software(self, rolls: Random) -> None:
        """On some endpoints one software is updated: all its findings there are gone."""
        wanted = max(1, self._layout.length // SHARE)
        for _ in range(10 * wanted):
            endpoint = rolls.randrange(len(self._endpoints))
            key = rolls.choice(list(self._endpoints.profile(endpoint).installed))
            wanted -= self._remove(endpoint, key)
            if wanted <= 0:
                break

    def _remove(self, endpoint: int, key: str) -> int:
        removed = 0
        for position in self._layout.of_endpoint(endpoint):
            template = self._profiles.templates[self._layout.template(position)]
            if template.software.key == key and not self._is_removed(position):
                self._change(position, removed=True)
                removed += 1
        return removed

    def _rerate(self, rolls: Random) -> None:
        """One or two vulnerabilities get another severity, on every endpoint that has them."""
        for position in rolls.sample(range(self._layout.length), min(2, self._layout.length)):
            found = self._profiles.templates[self._layout.template(position)].vulnerability
            raised = found.severity not in ("CRITICAL", "HIGH")
            severity, score = ("HIGH", "8.10") if raised else ("MEDIUM", "5.90")
            for other in self._positions_of(found):
                if not self._is_removed(other):
                    self._change(other, severity=severity, score=score)

    def _positions_of(self, found: catalogue.Vulnerability) -> list[int]:
        positions = []
        places = {
            number: [(wave, place) for wave, templates in enumerate(profile.waves)
                     for place, template in enumerate(templates)
                     if self._profiles.templates[template].vulnerability is found]
            for number, profile in enumerate(self._profiles.all)
        }  # fmt: skip
        for endpoint, profile in enumerate(self._endpoints.profiles):
            positions += [self._layout.starts[wave][endpoint] + place for wave, place in places[profile]]
        return [position for position in positions if position < self._layout.length]

    def _publish(self, rolls: Random) -> None:
        """New vulnerabilities come out and are found wherever the software runs."""
        wanted = max(1, self._layout.length // (2 * SHARE))
        while wanted > 0:
            some = rolls.randrange(len(self._endpoints))
            key = rolls.choice(list(self._endpoints.profile(some).installed))
            product = catalogue.software()[key]
            self._invented += 1
            code = catalogue.FIRST_INVENTED + 50_000 + self._invented
            found = replace(catalogue.invent(rolls, product, code, self.now_ms - DAY_MS), fixed=len(product.versions))
            hit = [n for n in range(len(self._endpoints)) if key in self._endpoints.profile(n).installed]
            for endpoint in hit[:wanted]:
                version = self._endpoints.profile(endpoint).installed[key]
                self._add(endpoint, self._profiles.template(found, version))
            wanted -= len(hit)

    def _add(self, endpoint: int, template: int) -> None:
        detected = max(self.now_ms, self.late[-1].detected_ms + 1 if self.late else 0)
        self.late.append(Late(endpoint, template, detected, number(self._seed, "late", len(self.late)) & 0x7FFFFF))

    def _move(self, rolls: Random) -> None:
        """Some endpoints change groups, at every third revision into another site."""
        for _ in range(max(1, len(self._endpoints) // 200)):
            endpoint = rolls.randrange(len(self._endpoints))
            here = self.group(endpoint)
            same_site = self.revision % 3 != 0
            site = world.groups()[here].site
            others = [g.key for g in world.groups() if g.key != here and (g.site == site) == same_site]
            if others:
                self.moved[endpoint] = (rolls.choice(others), self.now_ms)

    def group(self, endpoint: int) -> int:
        """The group in which an endpoint is now."""
        moved = self.moved.get(endpoint)
        return moved[0] if moved else self._endpoints.homes[endpoint]

    def scanned_ms(self, endpoint: int) -> int:
        """When it was last scanned: at the last revision that reached it, or before the epoch."""
        one = self._endpoints.get(endpoint)
        quiet = one.decommissioned or one.stale
        if not quiet:
            for revision in range(self.revision, 0, -1):
                if (one.roll + revision) % 5:
                    return self.moments[revision] - one.roll % 3_000_000
        days = 20 + one.roll % 70 if quiet else 0
        return self.moments[0] - days * DAY_MS - one.roll % SCAN_EVERY_MS

    def agent_updated_ms(self, endpoint: int) -> int:
        moved = self.moved.get(endpoint)
        return max(self.scanned_ms(endpoint), moved[1] if moved else 0)

    # what is true of one position, in the layout or late

    def place(self, position: int) -> tuple[int, int]:
        """Endpoint and template."""
        if position >= self._layout.length:
            late = self.late[position - self._layout.length]
            return late.endpoint, late.template
        return self._layout.locate(position)[1], self._layout.template(position)

    def detected_ms(self, position: int) -> int:
        if position >= self._layout.length:
            return self.late[position - self._layout.length].detected_ms
        return self._layout.detected_ms(position)

    def identity(self, position: int) -> int:
        if position >= self._layout.length:
            late = self.late[position - self._layout.length]
            return clock.mint(late.detected_ms, late.low)
        return self._layout.identity(position)

    def updated_ms(self, position: int) -> int:
        change = self.changes.get(position)
        return change.updated_ms if change else self.detected_ms(position)

    def first_at(self, ms: int) -> int:
        """The first position detected at ``ms`` or later."""
        first = self._layout.first_at(ms)
        if first < self._layout.length:
            return first
        return first + bisect_left(self.late, ms, key=lambda late: late.detected_ms)


def removed_offset(seed: int) -> int:
    """The first of the positions that are removed at revision 0."""
    return number(seed, "removed") % REMOVED_EVERY


def detected_among(length: int, seed: int) -> int:
    """How many of the first ``length`` positions are detected at revision 0."""
    offset = removed_offset(seed)
    return length - ((length - 1 - offset) // REMOVED_EVERY + 1 if length > offset else 0)
