"""Versions of any look are put in order, and nothing makes that fail."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issues.versions import key_of, newest, oldest_first


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("9.0", "10.0"),
        ("1.2", "1.2.1"),
        ("142.0.7444.60", "142.0.7444.175"),
        ("1.1.1", "1.1.1w"),
        ("2.0 beta 3", "2.0"),
        ("3.0.0-rc1", "3.0.0"),
        ("v1.9", "1.10"),
        ("23H2", "24H2"),
        ("8u392", "8u401"),
        ("1.2.3-1ubuntu2", "1.2.3-1ubuntu10"),
        ("", "0"),
    ],
)
def test_the_newer_one_wins(older, newer):
    assert key_of(older) < key_of(newer)
    assert newest([newer, older]) == newer


def test_without_any_version_there_is_no_newest():
    assert newest([]) == newest(["", ""]) == ""


VERSIONS = st.lists(st.text(max_size=20) | st.from_regex(r"[0-9]{1,3}(\.[0-9a-z]{1,3}){0,4}", fullmatch=True))


@given(versions=VERSIONS, seed=st.integers(0, 9))
def test_any_texts_have_one_order(versions, seed):
    shuffled = random.Random(seed).sample(versions, len(versions))
    assert newest(shuffled) == newest(versions)
    assert oldest_first(shuffled) == oldest_first(versions)
