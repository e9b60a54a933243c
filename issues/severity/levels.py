"""Severities as the database orders them, and the score of each: one band for every level."""

from __future__ import annotations

from functools import lru_cache

from django.db import models


class Level(models.IntegerChoices):
    """Bigger is worse, so that ``-severity`` puts the worst first. ``word`` is what the outside sees."""

    UNKNOWN = 0, "Unknown"
    INFO = 1, "Info"
    LOW = 2, "Low"
    MEDIUM = 3, "Medium"
    HIGH = 4, "High"
    CRITICAL = 5, "Critical"

    @property
    def word(self) -> str:
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> Level:
        """The level of an outside word; ``KeyError`` for any other."""
        return cls[word.upper()]


WORST_FIRST: tuple[Level, ...] = tuple(sorted(Level, reverse=True))

# Lowest and highest score of each level, on the scale 0.0 to 10.0: CVSS v3.1 section 5, its "None" being Info.
BANDS: dict[Level, tuple[float, float]] = {
    Level.CRITICAL: (9.0, 10.0),
    Level.HIGH: (7.0, 8.9),
    Level.MEDIUM: (4.0, 6.9),
    Level.LOW: (0.1, 3.9),
    Level.INFO: (0.0, 0.0),
    Level.UNKNOWN: (0.0, 0.0),
}


def level_of(score: float) -> Level:
    """The level in whose band a score of 0.0 to 10.0 (one decimal) lies."""
    return next(level for level in WORST_FIRST if score >= BANDS[level][0] and level is not Level.UNKNOWN)


@lru_cache(maxsize=4096)  # most scores are tenths
def starting_score(level: Level, risk_score: float | None, cvss: float | None) -> float:
    """Where the ledger of an issue begins: the vendor's score, else CVSS, held inside the vendor severity's band.

    Without any score it is the middle of the band. Where the source gave no severity the score stands as it is;
    without score and severity it is 0.0, shown as "none".
    """
    lowest, highest = BANDS[level] if level is not Level.UNKNOWN else (0.0, 10.0)
    known = next((score for score in (risk_score, cvss) if score is not None), None)
    if known is None:
        known = 0.0 if level is Level.UNKNOWN else (lowest + highest) / 2
    return round(min(max(known, lowest), highest), 1)
