"""docs/mapping.md names every field and operator, and its example can be imported."""

from __future__ import annotations

import json
import re

from issues.mapping.rule import KEYED, OPERATORS, PLAIN
from issues.mapping.rules import parse
from tests.architecture.imports import ROOT

PAGE = (ROOT / "docs" / "mapping.md").read_text()


def test_every_field_and_operator_is_explained():
    told = {name for row in re.findall(r"^\| (`.+?) \|", PAGE, re.MULTILINE) for name in re.findall(r"`([^`]+)`", row)}
    assert told == {*(f"{name}:KEY" for name in KEYED), *PLAIN, *OPERATORS}


def test_the_example_is_one():
    example = re.search(r"```json\n(.+?)```", PAGE, re.DOTALL)
    assert example
    assert [rule.name for rule in parse(json.loads(example[1]))] == ["Tills", "By tag"]
