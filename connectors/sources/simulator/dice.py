"""Chance that repeats: the same words give the same number in every process and on every machine."""

from __future__ import annotations

from hashlib import blake2b
from random import Random


def number(*words: object) -> int:
    """A 64-bit number that depends on the words alone."""
    return int.from_bytes(blake2b("/".join(map(str, words)).encode(), digest_size=8).digest(), "big")


def dice(*words: object) -> Random:
    return Random(number(*words))
