"""Mapping rules saved in versions: the newest counts, none is ever changed, and every one can come back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from issues.mapping.rules import Rule
from issues.models import MappingRevision

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class SavedMeanwhile(Exception):
    """Somebody else saved rules since the caller read them; ``version`` is the newest."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(f"Somebody else saved version {version} of the rules meanwhile. Look at it, then try again.")


def current_revision() -> MappingRevision:
    """The version that counts; the first is made of the rules that exist when there is none."""
    raise NotImplementedError


def save(
    rules: Sequence[Rule], author: User | None, comment: str = "", expected_version: int | None = None
) -> MappingRevision:
    """The next version, stored; endpoints and issues follow in the background.

    ``expected_version`` is the one that the author saw: ``SavedMeanwhile`` when it is no longer the newest.
    """
    raise NotImplementedError


def go_back(version: int, author: User | None) -> MappingRevision:
    """Save the rules of an older version as the newest; ``MappingRevision.DoesNotExist`` when there is none."""
    raise NotImplementedError
