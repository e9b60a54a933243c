"""The tables of docs/reconciliation.md name the states and reasons that the code knows, and no others."""

from __future__ import annotations

import re
from itertools import takewhile

from connectors.sync import judge
from issues.models import Finding, Issue
from tests.architecture.imports import ROOT, sources

PAGE = (ROOT / "docs" / "reconciliation.md").read_text()


def table(mark: str) -> list[list[str]]:
    """The cells of the table under an HTML comment, without its head."""
    lines = PAGE.split(f"<!-- {mark} -->")[1].strip().splitlines()
    rows = takewhile(bool, lines[2:])
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_every_state_of_a_finding_is_left_and_reached():
    rows = table("states of a finding")
    assert {row[0] for row in rows} == {"unknown", *Finding.State.values}
    assert {row[2] for row in rows} == set(Finding.State.values)


def test_every_state_of_an_issue_is_explained_once():
    assert sorted(row[1] for row in table("states of an issue")) == sorted([*Issue.State.values, "none yet"])


def test_the_reasons_are_those_that_are_stored():
    code = "".join(path.read_text() for path in sources("connectors/sync", "issues/ingest"))
    closing = [row[3] for row in table("states of a finding") if row[2] in ("resolved", "removed")]
    plain = [reason for reason in closing if not reason.startswith("Its site")]
    assert len(plain) == 4
    assert [reason for reason in plain if f'"{reason}"' not in code] == []


def test_the_limits_are_those_of_the_code():
    assert f"less {judge.DRIFT:.1%}".replace("%", " %") in PAGE
    assert f"more than {judge.HELD_SHARE:.0%}".replace("%", " %") in PAGE
    assert f"(at least {judge.HELD_AT_LEAST})" in PAGE
    assert f"Above {judge.BROKEN_SHARE:.0%}".replace("%", " %") in PAGE
    assert re.search(rf"{judge.CONFIRMED_DRIFT:.0%}".replace("%", " %") + f" or {judge.HELD_AT_LEAST} more", PAGE)
