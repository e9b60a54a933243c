"""Why a severity moved: two ledgers compared, in words for the activity of an issue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Stored = Sequence[Mapping[str, Any]]  # entries of a ledger as ``Issue.factors`` holds them


def signed(weight: float) -> str:
    """−1.6 and +0.3, with a true minus."""
    return f"{'−' if weight < 0 else '+'}{abs(weight):.1f}"


def why(before: Stored, after: Stored, start: tuple[float, float]) -> str:
    """``start``: the score each ledger begins with. Empty when nothing in them differs."""
    old = {entry["code"]: entry for entry in before}
    new = {entry["code"]: entry for entry in after}
    parts = [f"The vendor's score went from {start[0]:.1f} to {start[1]:.1f}"] if start[0] != start[1] else []
    parts += [f"{e['name']} {signed(e['weight'])} is new" for code, e in new.items() if code not in old]
    parts += [f"{e['name']} {signed(e['weight'])} is gone" for code, e in old.items() if code not in new]
    parts += [
        f"{e['name']} went from {signed(old[code]['weight'])} to {signed(e['weight'])}"
        for code, e in new.items()
        if code in old and old[code]["weight"] != e["weight"]
    ]
    return "".join(f"{part}. " for part in parts).strip()
