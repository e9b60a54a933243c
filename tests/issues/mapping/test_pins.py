"""A pin beats every rule, and what a person did is told."""

from __future__ import annotations

import pytest

from issues.mapping.pins import pin, unpin
from issues.models import ApplicationEvent, Endpoint, Issue
from tests.factories import make_application
from tests.issues.mapping import world
from tests.issues.mapping.world import imported, rule, saved

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(tenant):
    imported(tenant, world.sites("Berlin", "Paris"))
    saved(rule(application_per="site"))
    return list(Endpoint.objects.order_by("pk"))


def berlin():
    return Endpoint.objects.filter(site_name="Berlin")


def test_a_pinned_endpoint_and_its_issues_go_where_the_person_said(two, ben):
    vault = make_application("Vault")

    assert pin(berlin(), vault, ben, " Holds the keys ") == 1
    assert berlin().get().application == vault
    world.followed()

    assert sorted(Issue.objects.values_list("application__name", flat=True)) == ["Paris", "Paris", "Vault", "Vault"]
    told = berlin().get().events.first()
    assert (told.kind, told.user, told.before, told.after, told.note) == (
        "pinned", ben, "Berlin", "Vault", "Holds the keys",
    )  # fmt: skip
    assert ApplicationEvent.objects.get(application=vault, kind="endpoints").text == (
        "1 endpoint came from Berlin: pinned by hand"
    )
    assert world.is_in_order()


def test_rules_keep_off_until_the_pin_is_taken_away(two, ben):
    pin(berlin(), make_application("Vault"), ben)
    saved(rule("Shop"))
    assert berlin().get().application.name == "Vault"

    assert unpin(berlin(), ben) == 1
    assert unpin(berlin(), ben) == 0
    world.followed()

    host = berlin().get()
    assert (host.application.name, host.pinned, host.mapped_by.name) == ("Shop", False, "Shop 0")
    assert list(host.events.order_by("pk").values_list("kind", "before", "after"))[-2:] == [
        ("unpinned", "Vault", ""),
        ("moved", "Vault", "Shop"),
    ]
    assert Issue.objects.filter(application__name="Vault").count() == 0
    assert world.is_in_order()


def test_pinning_where_it_is_holds_it_there(two, ben):
    assert pin(Endpoint.objects.all(), berlin().get().application, ben) == 2
    assert pin(Endpoint.objects.all(), berlin().get().application, ben) == 0
    assert ApplicationEvent.objects.filter(text__contains="pinned").count() == 2  # of the one that moved: both sides
    saved(rule("Shop"))
    assert set(Endpoint.objects.values_list("application__name", flat=True)) == {"Berlin"}


def test_it_is_asked_for_at_once(two, ben, queue, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        pin(berlin(), make_application("Vault"), ben)
    assert queue.functions == ["issues.tasks.remap"]
    with django_capture_on_commit_callbacks(execute=True):
        queue.work()
    assert Issue.objects.filter(application__name="Vault").count() == 2
