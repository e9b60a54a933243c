"""The endpoints: everything about one follows from its position and the seed."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from connectors.sources.simulator import clock, tags, world
from connectors.sources.simulator.dice import number
from connectors.sources.simulator.profiles import Profile, Profiles
from connectors.sources.simulator.roles import Role

MOST = 80_000  # so that no two endpoints of a wave are scanned in one second
GOLDEN = 0.6180339887498949
HOUR_MS = 3_600_000
FIRST = ("Anna", "Ben", "Clara", "David", "Elif", "Finn", "Greta", "Hugo", "Ines", "Jonas", "Klara", "Liam",
"Mara", "Noah",
         "Olga", "Paul", "Rosa", "Sami", "Tess", "Vera", "Yusuf")  # fmt: skip
LAST = ("Albrecht", "Brandt", "Costa", "Dietz", "Eder", "Falk", "Gruber", "Hayes", "Ivanova", "Jansen", "Keller",
"Lindner",
        "Moreau", "Novak", "Oliveira", "Petersen", "Quinn", "Richter", "Silva", "Thaler", "Vogel", "Weber",
        "Zimmer")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What does not change while the tenant lives. ``roll`` is its own chance, 64 bits."""

    position: int
    id: str
    name: str
    role: Role
    home: int  # group it was installed in
    roll: int
    registered_ms: int
    user: str  # "ines.falk"
    tags: dict[str, str]
    decommissioned: bool
    stale: bool

    @property
    def type(self) -> str:
        """The word of a risk row, which knows fewer types than an agent row."""
        return "server" if self.role.type == "kubernetes node" else self.role.type

    @property
    def domain(self) -> str:
        return world.DOMAIN if self.role.unit else "WORKGROUP" if self.role.os == "macos" else "unknown"


class Endpoints:
    """All endpoints of a tenant, computed when asked for."""

    def __init__(self, seed: int, count: int, profiles: Profiles) -> None:
        if not 1 <= count <= MOST:
            raise ValueError(f"A simulated tenant has 1 to {MOST} endpoints, not {count}.")
        self._seed = seed
        self._profiles = profiles
        places = world.places()
        self.homes = array("H", (places[place_of(n)][0] for n in range(count)))
        self.profiles = array("H", (self._profile_number(n) for n in range(count)))
        self._ids: dict[str, int] = {}
        self.get = lru_cache(maxsize=4096)(self._get)

    def __len__(self) -> int:
        return len(self.homes)

    def profile(self, position: int) -> Profile:
        return self._profiles.all[self.profiles[position]]

    def roll(self, position: int) -> int:
        return number(self._seed, "endpoint", position)

    def position(self, identity: str) -> int | None:
        """Where the endpoint with that id stands; ``None`` when there is none."""
        if not self._ids:
            self._ids = {self.get(n).id: n for n in range(len(self))}
        return self._ids.get(identity)

    def _profile_number(self, position: int) -> int:
        return self._profiles.number(world.places()[place_of(position)][1], self.roll(position))

    def _get(self, position: int) -> Endpoint:
        profile, roll, home = self.profile(position), self.roll(position), self.homes[position]
        site = world.SITES[world.groups()[home].site]
        registered_ms = self._profiles.wave_ms[profile.enrolled] - HOUR_MS * (2 + roll % 700) - position
        first, last = FIRST[roll % len(FIRST)], LAST[(roll >> 8) % len(LAST)]
        return Endpoint(
            position=position,
            id=str(clock.mint(registered_ms, roll)),
            name=_name(profile.role, site.code, position, f"{first}-{last}".lower()),
            role=profile.role,
            home=home,
            roll=roll,
            registered_ms=registered_ms,
            user=f"{first}.{last}".lower(),
            tags=tags.tags(profile.role.key, site.code, roll >> 16),
            decommissioned=(roll >> 20) % 45 == 3,
            stale=(roll >> 24) % 18 == 7,
        )


def _name(role: Role, site: str, position: int, user: str) -> str:
    return role.name.format(site=site, n=position + 1, user=user, a=position // 250, b=position % 250 + 4)


@lru_cache(maxsize=1)
def _steps() -> list[int]:
    return list(accumulate(weight for _, _, weight in world.places()))


def place_of(position: int) -> int:
    """Spread evenly over the places at any number of endpoints, and always the same."""
    steps = _steps()
    return bisect_right(steps, (position * GOLDEN % 1.0) * steps[-1])
