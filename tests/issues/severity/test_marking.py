"""A changed application reaches every open issue, also one that is being counted at that moment."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connections, transaction
from django.utils import timezone

from issues.ingest.outdated import mark
from issues.ingest.recompute import is_due, recompute
from issues.models import Application, Assessment, Issue, RuleSet
from tests.factories import make_application, make_issue
from tests.issues.severity.test_stored import codes


def changed_and_marked() -> threading.Thread:
    """A person changes the application, and a worker marks its issues, until it is done or has waited for a second."""
    change = threading.Thread(target=_alone, args=[_change])
    change.start()
    change.join()
    worker = threading.Thread(target=_alone, args=[_mark])
    worker.start()
    worker.join(1.0)
    return worker


def _change() -> None:
    Application.objects.filter(name="Till").update(business_priority=1)


def _mark() -> None:
    mark(Assessment.objects.get_or_create(pk=1)[0], timezone.now())


def _alone(work: Callable[[], None]) -> None:
    """Over a connection of its own."""
    try:
        work()
    finally:
        connections.close_all()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_is_counted_by_the_former_context_is_counted_again():
    RuleSet.objects.current()
    issue = make_issue(application=make_application("Till"))
    Issue.objects.update(stale=True)
    with transaction.atomic():
        counted = Issue.objects.select_for_update().get(pk=issue.pk)  # an import begins to count it
        worker = changed_and_marked()
        counted.stale = False
        counted.save(update_fields=["stale"])
    worker.join(10)
    assert not worker.is_alive()
    assert Issue.objects.get().stale
    while is_due():
        recompute()
    assert "priority_1" in codes(issue)
