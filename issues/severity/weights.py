"""What a set of weights must keep to: signs and order, so that a worse fact never lowers a score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from issues.severity.factors import ASPECTS, DEFAULTS, FACTORS, Aspect

LIMIT = 5.0


class BadWeights(Exception):
    """``problems``: a sentence for each code that can't stay so."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


def complete(wanted: Mapping[str, Any], current: Mapping[str, float]) -> dict[str, float]:
    """The weights of every factor: as wanted, else as they are. Raises ``BadWeights``."""
    problems = {code: f"“{code}” is no severity factor." for code in wanted if code not in FACTORS}
    weights = {code: float(current.get(code, default)) for code, default in DEFAULTS.items()}
    for code in FACTORS.keys() & wanted.keys():
        number = _number(wanted[code])
        if number is None:
            problems[code] = f"{FACTORS[code].name}: write a number from −{LIMIT:g} to {LIMIT:g}, in tenths."
        elif number * DEFAULTS[code] < 0:
            problems[code] = f"{FACTORS[code].name}: it can only {'raise' if DEFAULTS[code] > 0 else 'lower'} a score."
        else:
            weights[code] = number
    if not problems:
        for aspect in ASPECTS:
            problems |= _out_of_order(aspect, weights)
    if problems:
        raise BadWeights(problems)
    return weights


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(str(value).replace("−", "-").replace(",", "."))
    except ValueError:
        return None
    fits = abs(number) <= LIMIT and abs(number * 10 - round(number * 10)) < 1e-6  # NaN fails both
    return round(number, 1) + 0.0 if fits else None  # never -0.0


def _out_of_order(aspect: Aspect, weights: Mapping[str, float]) -> dict[str, str]:
    return {
        worse.code: f"{worse.name} is worse than “{milder.name}”, so it can't weigh less."
        for milder, worse in zip(aspect.factors, aspect.factors[1:], strict=False)
        if weights[worse.code] < weights[milder.code]
    }
