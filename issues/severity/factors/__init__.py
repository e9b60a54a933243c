"""Every severity factor, in the order of a ledger. Pure: facts in, codes and reasons out."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from issues.severity.factors import damage, exploitable, reachable
from issues.severity.factors.base import Aspect, Factor, Of, Type
from issues.severity.facts import Facts

ASPECTS: tuple[Aspect, ...] = (*exploitable.ASPECTS, *reachable.ASPECTS, *damage.ASPECTS)
FACTORS: dict[str, Factor] = {factor.code: factor for aspect in ASPECTS for factor in aspect.factors}
ASPECT_OF: dict[str, Aspect] = {factor.code: aspect for aspect in ASPECTS for factor in aspect.factors}
ASPECTS_OF: dict[Of, tuple[Aspect, ...]] = {of: tuple(aspect for aspect in ASPECTS if aspect.of is of) for of in Of}
DEFAULTS: dict[str, float] = {code: factor.weight for code, factor in FACTORS.items()}
BIT: dict[str, int] = {code: 1 << factor.bit for code, factor in FACTORS.items()}

__all__ = [
    "ASPECTS", "ASPECTS_OF", "ASPECT_OF", "DEFAULTS", "FACTORS",
    "Aspect", "Factor", "Of", "Type", "bits_of", "codes_of", "touching",
]  # fmt: skip


def touching(facts: Facts, aspects: Iterable[Aspect] = ASPECTS) -> dict[str, str]:
    """The codes of the factors that speak, with the reason of each. Weights play no part."""
    return {said[0]: said[1] for aspect in aspects if (said := aspect.look(facts))}


def bits_of(codes: Iterable[str]) -> int:
    """A set of factors as one number."""
    return sum(map(BIT.__getitem__, codes))


@lru_cache(maxsize=4096)  # many issues have the same
def codes_of(bits: int) -> tuple[str, ...]:
    """The other way round, in the order of a ledger; bits of factors that are gone are left out."""
    return tuple(code for code, bit in BIT.items() if bits & bit)
