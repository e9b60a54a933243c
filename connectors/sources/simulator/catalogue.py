"""Software and the vulnerabilities of its versions: published ones from data, the rest invented and plainly so.

Invented ids are ``CVE-<year>-9xxxxx``: six digits from 900000 on, a range nobody assigns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from random import Random

from connectors.sources.simulator.clock import DAY_MS, from_ms, to_ms
from connectors.sources.simulator.dice import dice

HERE = Path(__file__).parent
FIRST_INVENTED = 900_000

# share of invented vulnerabilities, severity, lowest and highest score in tenths
SEVERITIES: tuple[tuple[int, str | None, int, int], ...] = (
    (3, "CRITICAL", 90, 99),
    (29, "HIGH", 70, 89),
    (52, "MEDIUM", 40, 69),
    (14, "LOW", 10, 39),
    (1, "UNKNOWN", 0, 0),
    (1, None, 0, 0),
)


@dataclass(frozen=True, slots=True)
class Software:
    key: str
    name: str
    vendor: str  # HTML-escaped where the console escapes it
    bundles: tuple[str, ...]
    share: int  # percent of the endpoints with one of the bundles
    versions: tuple[str, ...]  # old to new
    invented: int


@dataclass(frozen=True, slots=True)
class Vulnerability:
    """One CVE of one software. ``fixed`` is the position of the first version without it."""

    cve: str
    software: str
    severity: str | None
    score: str | None  # "7.80"
    published_ms: int
    maturity: str
    fixed: int


def _rows(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text().splitlines()
    return [[cell.strip() for cell in line.split("|")] for line in lines if line and not line.startswith("#")]


@lru_cache(maxsize=1)
def software() -> dict[str, Software]:
    """Every product by its key, in the order of the data."""
    return {
        key: Software(key, name, vendor, tuple(bundles.split(",")), int(share), _versions(versions), int(invented))
        for key, name, vendor, bundles, share, versions, invented in _rows("software.txt")
    }


def _versions(cell: str) -> tuple[str, ...]:
    return tuple(version.strip() for version in cell.split(";"))


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(digits) for digits in re.findall(r"\d+", version))


def published(until_ms: int) -> list[Vulnerability]:
    """The real ones that were known at ``until_ms``."""
    found = []
    for cve, severity, score, day, maturity, affects in _rows("vulnerabilities.txt"):
        published_ms = to_ms(datetime.fromisoformat(day).replace(hour=14, minute=15, tzinfo=UTC))
        if published_ms < until_ms:
            for target in affects.split(","):
                key, _, fix = target.strip().partition("<")
                fixed = _fixed_at(software()[key], fix)
                found.append(Vulnerability(cve, key, severity, f"{float(score):.2f}", published_ms, maturity, fixed))
    return found


def _fixed_at(product: Software, fix: str) -> int:
    if not fix:
        return len(product.versions)
    return sum(_order(version) < _order(fix) for version in product.versions)


def invented(seed: int, until_ms: int) -> list[Vulnerability]:
    """The made-up ones, published over the three years before ``until_ms``."""
    found: list[Vulnerability] = []
    for product in software().values():
        rolls = dice(seed, "vulnerabilities", product.key)
        for _ in range(product.invented):
            age_ms = int(rolls.triangular(2, 1100, 200) * DAY_MS)
            found.append(invent(rolls, product, FIRST_INVENTED + len(found), until_ms - age_ms))
    return found


def invent(rolls: Random, product: Software, number: int, published_ms: int) -> Vulnerability:
    """One made-up vulnerability of a product."""
    _, severity, lowest, highest = rolls.choices(SEVERITIES, [share for share, *_ in SEVERITIES])[0]
    score = f"{rolls.randint(lowest, highest) / 10:.2f}" if highest and rolls.random() > 0.004 else None
    maturity = rolls.choices(("Unproven", "Not Defined", "Proof of Concept", "Functional"), (60, 22, 15, 3))[0]
    fixed = max(rolls.randint(1, len(product.versions)), rolls.randint(1, len(product.versions)))
    cve = f"CVE-{from_ms(published_ms).year}-{number}"
    return Vulnerability(cve, product.key, severity, score, published_ms, maturity, fixed)
