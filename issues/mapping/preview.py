"""What other rules would do: which endpoints and issues would move, from where to where. Nothing is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from issues.mapping.rules import Rule


@dataclass(frozen=True, slots=True)
class Move:
    """``source`` and ``target`` are names of applications; ``samples`` are names of some endpoints that move.

    ``issues`` counts those of ``source`` that have a finding on a moving endpoint. A slug is empty for an application
    that would be made.
    """

    source: str
    target: str
    endpoints: int
    issues: int
    samples: list[str]
    source_slug: str = ""
    target_slug: str = ""

    @property
    def makes_application(self) -> bool:
        return not self.target_slug


@dataclass(slots=True)
class Preview:
    """``per_rule`` says for every rule how many endpoints it would decide; ``unassigned`` how many none would."""

    moves: list[Move] = field(default_factory=list)  # most endpoints first
    warnings: list[str] = field(default_factory=list)
    per_rule: list[int] = field(default_factory=list)
    unassigned: int = 0
    pinned: int = 0  # endpoints that stay where they are, whatever the rules say
    new_applications: list[str] = field(default_factory=list)

    @property
    def endpoints(self) -> int:
        return sum(move.endpoints for move in self.moves)

    @property
    def issues(self) -> int:
        return sum(move.issues for move in self.moves)


def preview(rules: Sequence[Rule]) -> Preview:
    raise NotImplementedError
