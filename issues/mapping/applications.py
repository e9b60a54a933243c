"""Applications by the names that rules and tags use: blanks and the case of letters make no difference."""

from __future__ import annotations

from typing import cast

from django.db import IntegrityError, transaction
from django.utils import timezone

from issues.models import Application, ApplicationEvent

LONGEST = 200


def fold(name: str) -> str:
    return _tidy(name).casefold()


class Directory:
    """Every application there is. Two names that differ only in case stay apart where both exist already."""

    def __init__(self) -> None:
        self._exact: dict[str, Application] = {}
        self._folded: dict[str, Application] = {}
        self.by_key: dict[int, Application] = {}
        self._unassigned: Application | None = None
        self.planned: list[Application] = []
        for application in Application.objects.order_by("pk"):
            self._learn(application)
            self.by_key[application.pk] = application

    def find(self, name: str) -> Application | None:
        name = _tidy(name)
        return self._exact.get(name) or self._folded.get(name.casefold())

    def plan(self, name: str) -> Application:
        """The application of that name, or one that is not stored: it would be made."""
        found = self.find(name)
        if found is None:
            found = Application(name=_tidy(name))
            self.planned.append(found)
            self._learn(found)
        return found

    def make(self, name: str, why: str = "") -> Application:
        """The application of that name; made, with a line in its history, when there is none."""
        found = self.find(name)
        if found is None:
            found = _made(_tidy(name), why)
            self._learn(found)
        return found

    @property
    def unassigned(self) -> Application:
        if self._unassigned is None:
            self._learn(Application.objects.unassigned())
        return cast(Application, self._unassigned)

    def _learn(self, application: Application) -> None:
        self._exact[application.name] = application
        self._folded.setdefault(fold(application.name), application)
        if application.is_unassigned:
            self._unassigned = application


def _made(name: str, why: str) -> Application:
    try:
        with transaction.atomic():  # another worker may make the same one at this moment
            application = Application.objects.create(name=name, slug=Application.objects.free_slug(name))
    except IntegrityError:
        return Application.objects.named(name)
    created = ApplicationEvent.Kind.CREATED
    ApplicationEvent.objects.create(application=application, kind=created, at=timezone.now(), text=why or "Created")
    return application


def _tidy(name: str) -> str:
    return " ".join(name.split())[:LONGEST].strip()
