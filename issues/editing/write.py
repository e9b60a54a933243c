"""Applications created and changed by people: written together with the events that tell of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from issues.asking import recompute_soon
from issues.editing.values import COLUMNS, CONTEXT, Values, values_of
from issues.editing.words import Told, told
from issues.models import Application, ApplicationEvent, ApplicationMember, ApplicationTag
from issues.models.application import ApplicationQuerySet

if TYPE_CHECKING:
    from datetime import datetime

BATCH = 100  # applications changed in one transaction
LONGEST = 500  # characters of an event
TAKEN = "Another application has this name, or somebody changed the same at this moment. Look again, then save."
# What an application shall be, from what it is: asked while nobody else can change it. Fields left out stay.
Wanted = Callable[[Application, Values], Values]


class Refused(Exception):
    """A sentence that says why nothing was written."""


@dataclass(frozen=True, slots=True)
class Changed:
    """``before`` and ``after`` hold the fields that differ; ``told`` says it in words."""

    application: Application
    before: Values
    after: Values
    told: list[Told]


def create(values: Values, user: User | None) -> Application:
    """A new application with cleaned values; ``name`` is required. Raises ``Refused``."""
    try:
        with transaction.atomic():
            columns = {name: values[name] for name in COLUMNS if name in values}
            made = Application.objects.create(slug=Application.objects.free_slug(values["name"]), **columns)
            rest = {"tags": values.get("tags", []), "members": values.get("members", {})}
            empty: Values = {"tags": [], "members": {}}
            _write([Changed(made, empty, rest, [(ApplicationEvent.Kind.CREATED, "Created")])], user)
    except IntegrityError:
        raise Refused(TAKEN) from None
    return made


def change(keys: Collection[int], wanted: Wanted, user: User | None) -> list[Changed]:
    """Those that really changed. Issues follow a changed context, and a changed name in their reasons, at once.

    Each batch is stored by itself, so that a long one holds up nobody. Raises ``Refused``.
    """
    ordered, changed = sorted(keys), list[Changed]()
    try:
        for start in range(0, len(ordered), BATCH):
            with transaction.atomic():
                locked = Application.objects.select_for_update(no_key=True).order_by("pk")
                batch = plan(locked.filter(pk__in=ordered[start : start + BATCH]), wanted)
                _write(batch, user)
                if any(name in each.after for each in batch for name in ("name", *CONTEXT)):
                    recompute_soon()
            changed += batch
    except IntegrityError:
        raise Refused(TAKEN) from None
    return changed


def plan(applications: ApplicationQuerySet, wanted: Wanted) -> list[Changed]:
    """What ``change`` would write now. Raises ``Refused``."""
    found = []
    for application in applications.with_people_and_tags():
        now = values_of(application)
        try:
            asked = {name: value for name, value in wanted(application, now).items() if value != now[name]}
        except ValueError as error:
            raise Refused(f"{application.name}: {error}") from None
        if name := next((name for name in application.locked if name in asked), ""):
            raise Refused(f"“{application.name}” keeps its {name.replace('_', ' ')}.")
        if asked:
            found.append(Changed(application, {name: now[name] for name in asked}, asked, []))
    names = _names(found)
    return [Changed(c.application, c.before, c.after, told(c.before, c.after, names)) for c in found]


def _names(changes: Collection[Changed]) -> dict[int, str]:
    users = {user for c in changes for values in (c.before, c.after) for user in values.get("members", ())}
    return dict(User.objects.filter(pk__in=users).values_list("pk", "username")) if users else {}


def _write(changes: Sequence[Changed], user: User | None) -> None:
    now = timezone.now()
    _write_columns(changes)
    _write_tags([c for c in changes if "tags" in c.after])
    _write_members([c for c in changes if "members" in c.after])
    events = [_event(c.application, said, user, now) for c in changes for said in c.told]
    ApplicationEvent.objects.bulk_create(events, batch_size=100)


def _write_columns(changes: Sequence[Changed]) -> None:
    touched = [c for c in changes if any(name in COLUMNS for name in c.after)]
    for c in touched:
        for name in c.after.keys() & set(COLUMNS):
            setattr(c.application, name, c.after[name])
        if "name" in c.after:
            c.application.assessed = ""  # the reasons in its issues' ledgers name it
    fields = {name for c in touched for name in c.after} & set(COLUMNS)
    if touched:
        fields |= {"assessed"} if "name" in fields else set()
        Application.objects.bulk_update([c.application for c in touched], sorted(fields))


def _write_tags(changes: Sequence[Changed]) -> None:
    for c in changes:
        if gone := set(c.before["tags"]) - set(c.after["tags"]):
            c.application.tags.filter(name__in=gone).delete()
    new = [(c.application, name) for c in changes for name in sorted(set(c.after["tags"]) - set(c.before["tags"]))]
    ApplicationTag.objects.bulk_create([ApplicationTag(application=a, name=name) for a, name in new])


def _write_members(changes: Sequence[Changed]) -> None:
    for c in changes:
        kept = c.before["members"].items() & c.after["members"].items()
        if len(kept) < len(c.before["members"]):
            c.application.members.exclude(user__in=[user for user, _ in kept]).delete()
    new = [(c.application, *item) for c in changes for item in c.after["members"].items() - c.before["members"].items()]
    ApplicationMember.objects.bulk_create(
        [ApplicationMember(application=a, user_id=user, role=role) for a, user, role in sorted(new, key=_by_keys)]
    )


def _by_keys(row: tuple[Application, int, str]) -> tuple[int, int]:
    return row[0].pk, row[1]


def _event(application: Application, said: Told, user: User | None, now: datetime) -> ApplicationEvent:
    kind, text = said
    return ApplicationEvent(application=application, kind=kind, at=now, user=user, text=text[:LONGEST])
