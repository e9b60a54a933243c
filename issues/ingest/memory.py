"""What one turn of an import remembers between batches, so that it does not ask for the same rows again.

It lives for one turn at most: every error ends the turn, so nothing of a rolled-back batch is remembered.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from connectors.sources.records import Flaw

IssueKey = tuple[int, int, int]  # application, vulnerability, software
MOST = 50_000  # entries of one kind: about ten megabytes, however large the tenant

FLAWS = 10_000  # they hold what a source said, about a kilobyte each


@dataclass(slots=True)
class Memory:
    software: dict[tuple[str, str], int] = field(default_factory=dict)  # key by vendor and name
    vulnerabilities: dict[str, tuple[int, tuple[Any, ...]]] = field(default_factory=dict)  # key and facts by CVE
    flaws: dict[Flaw, tuple[int, int]] = field(default_factory=dict)  # keys of CVE and software
    issues: dict[IssueKey, int] = field(default_factory=dict)
    stale: set[int] = field(default_factory=set)  # issues marked for counting already

    def trim(self) -> None:
        """Forget everything of a kind that has grown too large."""
        for kind, most in (
            (self.software, MOST),
            (self.vulnerabilities, MOST),
            (self.flaws, FLAWS),
            (self.issues, MOST),
        ):
            if len(kind) > most:
                kind.clear()
