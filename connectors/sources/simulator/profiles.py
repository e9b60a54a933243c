"""What is installed on an endpoint, and so which vulnerabilities it has and in which scan they came to light.

Endpoints share profiles (a role in one of eight variants), so a million findings need memory
for a few hundred lists only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connectors.sources.simulator import catalogue
from connectors.sources.simulator.catalogue import Software, Vulnerability
from connectors.sources.simulator.clock import DAY_MS
from connectors.sources.simulator.dice import dice
from connectors.sources.simulator.roles import ROLES, Role

VARIANTS = 8
WAVE_DAYS = (420, 380, 340, 300, 260, 220, 180, 150, 120, 90, 60, 30, 14, 7, 3, 1)  # scans, in days before the epoch
EXPLOITED = ("High", "Functional")
PATCHED = 0.8  # share of exploited vulnerabilities that an administrator has mended apart from the version
ENROLMENT = (0, 0, 0, 1, 2, 4, 6, 9)  # the wave in which a variant's endpoints are first scanned


@dataclass(frozen=True, slots=True)
class Template:
    """One vulnerability in one version of a software: what rows of many endpoints have in common."""

    vulnerability: Vulnerability
    software: Software
    version: str


@dataclass(frozen=True, slots=True)
class Profile:
    role: Role
    enrolled: int  # wave
    installed: dict[str, int]  # software key: position of its version
    waves: tuple[tuple[int, ...], ...]  # per wave the templates found then

    @property
    def findings(self) -> int:
        return sum(map(len, self.waves))


class Profiles:
    """Every profile and template of one seed and epoch."""

    def __init__(self, seed: int, epoch_ms: int) -> None:
        self.wave_ms = [epoch_ms - days * DAY_MS for days in WAVE_DAYS]
        self.templates: list[Template] = []
        self._by_software: dict[str, list[Vulnerability]] = {}
        self._known: dict[tuple[int, int], int] = {}  # id of a vulnerability object and version: template
        for found in catalogue.published(epoch_ms) + catalogue.invented(seed, epoch_ms):
            self._by_software.setdefault(found.software, []).append(found)
        self.roles = list(ROLES)
        self.all = [self._profile(seed, key, variant) for key in self.roles for variant in range(VARIANTS)]

    def number(self, role: str, roll: int) -> int:
        """The profile of an endpoint: its role, and a variant by chance."""
        return self.roles.index(role) * VARIANTS + roll % VARIANTS

    def _profile(self, seed: int, key: str, variant: int) -> Profile:
        rolls = dice(seed, "profile", key, variant)
        installed: dict[str, int] = {}
        for product in catalogue.software().values():
            if set(product.bundles) & set(ROLES[key].bundles) and rolls.randrange(100) < product.share:
                installed[product.key] = self._version(rolls.random(), len(product.versions))
        enrolled = ENROLMENT[(variant + len(key)) % VARIANTS]
        waves = self._waves(
            enrolled, installed, lambda cve: dice(seed, "patched", key, variant, cve).random() < PATCHED
        )
        return Profile(ROLES[key], enrolled, installed, waves)

    @staticmethod
    def _version(chance: float, versions: int) -> int:
        """Most endpoints run one of the newer versions, some a very old one."""
        return min(int(chance**0.6 * versions), versions - 1)

    def _waves(
        self, enrolled: int, installed: dict[str, int], patched: Callable[[str], bool]
    ) -> tuple[tuple[int, ...], ...]:
        waves: list[list[int]] = [[] for _ in self.wave_ms]
        for key, version in installed.items():
            for found in self._by_software.get(key, []):
                wave = self._found_in(found.published_ms, enrolled)
                open_ = found.maturity not in EXPLOITED or not patched(found.cve)
                if version < found.fixed and wave is not None and open_:
                    waves[wave].append(self.template(found, version))
        return tuple(map(tuple, waves))

    def _found_in(self, published_ms: int, enrolled: int) -> int | None:
        return next((n for n in range(enrolled, len(self.wave_ms)) if self.wave_ms[n] >= published_ms), None)

    def template(self, found: Vulnerability, version: int) -> int:
        """The position of a template, made when it is first asked for."""
        key = (id(found), version)
        if key not in self._known:
            product = catalogue.software()[found.software]
            self._known[key] = len(self.templates)
            self.templates.append(Template(found, product, product.versions[version]))
        return self._known[key]
