"""Every severity factor, in the order of a ledger. Pure: facts in, codes and reasons out."""

from __future__ import annotations

from collections.abc import Iterable

from issues.severity.factors import damage, exploitable, reachable
from issues.severity.factors.base import Aspect, Factor, Type
from issues.severity.facts import Facts

ASPECTS: tuple[Aspect, ...] = (*exploitable.ASPECTS, *reachable.ASPECTS, *damage.ASPECTS)
FACTORS: dict[str, Factor] = {factor.code: factor for aspect in ASPECTS for factor in aspect.factors}
ASPECT_OF: dict[str, Aspect] = {factor.code: aspect for aspect in ASPECTS for factor in aspect.factors}
DEFAULTS: dict[str, float] = {code: factor.weight for code, factor in FACTORS.items()}

__all__ = ["ASPECTS", "ASPECT_OF", "DEFAULTS", "FACTORS", "Aspect", "Factor", "Type", "bits_of", "codes_of", "touching"]


def touching(facts: Facts) -> dict[str, str]:
    """The codes of the factors that speak, with the reason of each. Weights play no part."""
    return dict(said for aspect in ASPECTS if (said := aspect.look(facts)))


def bits_of(codes: Iterable[str]) -> int:
    """A set of factors as one number."""
    return sum(1 << FACTORS[code].bit for code in codes)


def codes_of(bits: int) -> list[str]:
    """The other way round, in the order of a ledger; bits of factors that are gone are left out."""
    return [code for code, factor in FACTORS.items() if bits >> factor.bit & 1]
