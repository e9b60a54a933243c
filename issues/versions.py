"""Which of two versions is the newer one, whatever they look like: vendors agree on nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

PARTS = re.compile(r"[0-9]+|[^\W\d_]+")
# What comes before a release; any other letters come after it, as in OpenSSL 1.1.1w and Windows 11 24H2.
EARLY = frozenset({"alpha", "beta", "rc", "pre", "preview", "dev", "snapshot", "nightly", "canary", "insider"})
BEFORE, END, AFTER, NUMBER = range(4)

Key = tuple[tuple[tuple[int, int, str], ...], str]


@lru_cache(maxsize=20_000)  # the same few versions are on many endpoints
def key_of(version: str) -> Key:
    """To sort by, the oldest first. It never fails, and equal keys mean equal texts."""
    parts = [_part(text) for text in PARTS.findall(version.casefold().removeprefix("v"))]
    return (*parts, (END, 0, "")), version


def newest(versions: Iterable[str]) -> str:
    """The highest version; empty when none is named."""
    return max((version for version in versions if version), key=key_of, default="")


def oldest_first(versions: Iterable[str]) -> list[str]:
    """Each once, without empty ones."""
    return sorted({version for version in versions if version}, key=key_of)


def _part(text: str) -> tuple[int, int, str]:
    if text.isascii() and text.isdigit():
        return NUMBER, int(text), ""
    return BEFORE if text in EARLY else AFTER, 0, text
