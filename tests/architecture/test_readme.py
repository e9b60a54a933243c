"""The README is part of the product: what it says about commands and settings is what the code does."""

from __future__ import annotations

import ast
import re

from tests.architecture.imports import ROOT

README = ROOT / "README.md"


def variables_read() -> set[str]:
    """The names given to the readers of ``config.env`` in the settings."""
    calls = [
        node for node in ast.walk(ast.parse((ROOT / "config/settings.py").read_text())) if isinstance(node, ast.Call)
    ]
    return {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and isinstance(call.args[0], ast.Constant)
    }


def test_every_environment_variable_stands_in_the_table():
    rows = [line.split("|")[1] for line in README.read_text().splitlines() if line.startswith("| `")]
    told = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    assert {"DATA_DIR", "TOKEN_KEYS", "HTTPS"} <= variables_read()
    assert variables_read() - told == set()


def test_the_test_command_is_marked_for_ci():
    command = re.search(r"<!-- test-command -->\s*```\w*\n(?P<command>.+?)\n```", README.read_text(), re.DOTALL)
    assert command
    assert "pytest" in command["command"]
