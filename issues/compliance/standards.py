"""The standards that come with the product, read once from ``standards.json``. What it can't mean is an error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from issues.compliance.rules import Control, Rule, Standard
from issues.severity.levels import Level

SET_BY = ("standard", "us")
KNOWN = frozenset({"at_least", "kev", "days", "set_by", "source"})


def read(text: bytes) -> tuple[Standard, ...]:
    """``ValueError`` or ``KeyError`` with the name of what is wrong."""
    return tuple(
        Standard(standard["key"], standard["name"], tuple(_control(each) for each in standard["controls"]))
        for standard in orjson.loads(text)
    )


def _control(said: dict[str, Any]) -> Control:
    return Control(said["id"], said["title"], tuple(_rule(rule, said["id"]) for rule in said["rules"]))


def _rule(said: dict[str, Any], control: str) -> Rule:
    if unknown := set(said) - KNOWN:
        raise ValueError(f"{control}: a rule has no {min(unknown)!r}")
    if said["set_by"] not in SET_BY:
        raise ValueError(f"{control}: a deadline is set by one of {SET_BY}, not by {said['set_by']!r}")
    return Rule(
        days=said["days"],
        source=said["source"],
        by_standard=said["set_by"] == "standard",
        at_least=Level.of(said.get("at_least", "unknown")),
        kev=said.get("kev", False),
    )


STANDARDS = read(Path(__file__).with_name("standards.json").read_bytes())
# In days, the longest first: an issue's age has to be known as exactly as these.
DEADLINES = tuple(
    sorted({rule.days for s in STANDARDS for c in s.controls for rule in c.rules if rule.days}, reverse=True)
)
