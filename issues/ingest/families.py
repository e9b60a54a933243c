"""How the issues of one family are put in order after endpoints have moved; pure, so that it can be thought through.

A family is the issues of one connection about one CVE in one software product: at most one for each application.
Findings only ever move within their family. An issue that loses all its findings keeps its row, and with it its number
and everything people know it by, wherever it can: it moves to the application that most of its findings go to. Where
that is taken by an issue that stays, it is merged into that one; where only some of its findings leave, a new issue is
split off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Way = tuple[int, int]  # issue, and the application that some of its findings go to


@dataclass(slots=True)
class Plan:
    """``issue_in[application]`` is the issue there is in the end; one that has to be made is missing."""

    issue_in: dict[int, int]
    ways: list[Way]  # each counts as an issue that moves
    relocated: dict[int, int] = field(default_factory=dict)  # application by issue that keeps its row
    dropped: list[int] = field(default_factory=list)  # issues left without findings
    made: list[int] = field(default_factory=list)  # applications that get a new issue

    @property
    def given(self) -> list[Way]:
        """Ways on which findings change their issue."""
        return [(issue, application) for issue, application in self.ways if self.relocated.get(issue) != application]


def plan(homes: Mapping[int, int], parts: Mapping[int, Mapping[int, int]]) -> Plan:
    """``homes``: the application of every issue of the family. ``parts``: for issues with findings that leave, how
    many of all its findings belong to which application now.
    """
    ways = [(issue, a) for issue in sorted(parts) for a in sorted(parts[issue]) if a != homes[issue]]
    leaving = {issue for issue, _ in ways if not parts[issue].get(homes[issue])}
    made = Plan({application: issue for issue, application in homes.items() if issue not in leaving}, ways)
    for _, issue, application in sorted((-parts[i][a], i, a) for i, a in ways if i in leaving):
        if issue not in made.relocated and application not in made.issue_in:
            made.relocated[issue] = application
            made.issue_in[application] = issue
    made.dropped = sorted(leaving - made.relocated.keys())
    made.made = sorted({application for _, application in ways} - made.issue_in.keys())
    return made
