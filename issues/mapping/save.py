"""Mapping rules saved in versions: the newest counts, none is ever changed, and every one can come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from issues.asking import remap_soon
from issues.mapping.applications import Directory
from issues.mapping.finish import finish
from issues.mapping.hold import all_held
from issues.mapping.rules import Rule, as_data, current, parse
from issues.mapping.store import store_rules
from issues.models import Application, Endpoint, MappingRevision

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class SavedMeanwhile(Exception):
    """Somebody else saved rules since the caller read them; ``version`` is the newest."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(f"Somebody else saved version {version} of the rules meanwhile. Look at it, then try again.")


def current_revision() -> MappingRevision:
    """The version that counts; the first is made of the rules that exist when there is none."""
    return MappingRevision.objects.current() or _first()


def save(
    rules: Sequence[Rule], author: User | None, comment: str = "", expected_version: int | None = None
) -> MappingRevision:
    """The next version, stored; endpoints and issues follow in the background.

    ``expected_version`` is the one that the author saw: ``SavedMeanwhile`` when it is no longer the newest.
    """
    with transaction.atomic(), all_held():
        before = current_revision().version
        if expected_version not in (None, before):
            raise SavedMeanwhile(before)
        for old in MappingRevision.objects.unfinished():
            finish(old)  # what it has left to do is done under the new rules
        revision = _next(author, comment, before + 1)
        applications = _applications(rules, revision)
        rules = [replace(r, application=applications[r.application].name) if r.application else r for r in rules]
        store_rules(rules, {application.name: application for application in applications.values()})
        revision.rules = as_data(rules)
        revision.save(update_fields=["rules"])
        remap_soon()
        return revision


def go_back(version: int, author: User | None, expected_version: int | None = None) -> MappingRevision:
    """Save the rules of an older version as the newest; ``MappingRevision.DoesNotExist`` when there is none."""
    old = MappingRevision.objects.get(version=version)
    return save(parse(old.rules), author, f"Back to version {version}", expected_version)


def _next(author: User | None, comment: str, version: int) -> MappingRevision:
    values = {"author": author, "comment": " ".join(comment.split())[:300], "expected": Endpoint.objects.count()}
    try:
        with transaction.atomic():
            return MappingRevision.objects.create(version=version, **values)
    except IntegrityError as error:  # where there is no connection yet, nobody held anything
        raise SavedMeanwhile(version) from error


def _applications(rules: Sequence[Rule], revision: MappingRevision) -> dict[str, Application]:
    """By the names that rules lead to; what doesn't exist is made."""
    directory, why = Directory(), f"Made for the mapping rules, version {revision.version}"
    return {rule.application: directory.make(rule.application, why) for rule in rules if rule.application}


def _first() -> MappingRevision:
    endpoints = Endpoint.objects.count()
    values = {
        "rules": as_data(current()),
        "comment": "The rules at the beginning",
        "expected": endpoints,
        "finished_at": None if endpoints else timezone.now(),
    }
    return MappingRevision.objects.get_or_create(version=1, defaults=values)[0]
