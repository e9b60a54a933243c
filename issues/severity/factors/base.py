"""The shape of a severity factor, and of an aspect: factors of which at most one speaks at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum, auto
from functools import lru_cache

from issues.severity.facts import Facts

Said = tuple[str, str] | None  # the code of the factor that speaks, and its reason with the evidence


class Type(StrEnum):
    EXPLOITABLE = "Exploitable"
    REACHABLE = "Reachable"
    DAMAGE = "Damage"


class Of(Enum):
    """Whose facts an aspect looks at; at no others, so that what it says is true of every issue that has them."""

    CVE = auto()
    APPLICATION = auto()
    FINDINGS = auto()


@dataclass(frozen=True, slots=True)
class Factor:
    """``bit`` is its place in ``Issue.factor_bits``: given once, never to another factor."""

    code: str
    bit: int
    name: str
    weight: float  # by default, in tenths; negative lowers
    when: str  # what must be so
    why: str  # why this weight, and whose finding it is


@dataclass(frozen=True, slots=True)
class Aspect:
    """One kind of fact. ``factors`` run from the mildest to the worst, and weights must keep that order."""

    name: str  # short: stands under a bar of the waterfall
    type: Type
    factors: tuple[Factor, ...]
    look: Callable[[Facts], Said]
    of: Of


@lru_cache(maxsize=256)
def plain(word: str) -> str:
    """A word of a source, whatever its case and blanks: "PROOF_OF_CONCEPT" is "proof of concept"."""
    return " ".join(word.replace("_", " ").replace("-", " ").casefold().split())


@lru_cache(maxsize=4096)
def written(day: date) -> str:
    return f"{day:%-d %b %Y}"
