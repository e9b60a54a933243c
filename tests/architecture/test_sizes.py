"""No file grows until nobody reads it: past these ceilings a noun is hiding in it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.architecture.imports import ROOT

CEILINGS = {".py": 300, ".css": 200, ".js": 200, ".html": 150}
PLACES = ("manage.py", "config", "connectors", "issues", "templates", "tests")


def written_files() -> list[Path]:
    """What is in the repository or about to be; not what tools leave behind."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *PLACES],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    names = listed.stdout.splitlines() if listed.returncode == 0 else []
    return [ROOT / name for name in names] or [found for place in PLACES for found in (ROOT / place).rglob("*")]


@pytest.mark.parametrize(("suffix", "ceiling"), CEILINGS.items())
def test_files_stay_below_their_ceiling(suffix, ceiling):
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in written_files()
        if path.suffix == suffix and path.exists() and "migrations" not in path.parts  # Django writes those
    }
    assert {name: lines for name, lines in lengths.items() if lines > ceiling} == {}


def test_the_files_are_really_found():
    assert ROOT / "config" / "settings.py" in written_files()
