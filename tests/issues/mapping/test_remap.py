"""The background work: who does it, in how many pieces, and what else comes through it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from connectors import sink
from connectors.models import RunResource
from connectors.sources.records import TENANT
from issues.ingest import follow
from issues.ingest import remap as background
from issues.ingest.remap import is_due, remap
from issues.mapping.save import save
from issues.models import Application, Endpoint, Finding, Issue, MappingRevision, MappingRule
from issues.models.endpoint import TO_FOLLOW
from issues.tasks import remap as task
from tests.factories import already_read, close_findings, make_run
from tests.issues.mapping import world
from tests.issues.mapping.world import Host, imported, rule, saved

pytestmark = pytest.mark.django_db
BY_SITE = rule(application_per="site")
ONE = frozenset({(1, 1)})


@pytest.fixture
def pieces(monkeypatch):
    """One endpoint and one family in a transaction."""
    monkeypatch.setattr(background, "BATCH", 1)
    monkeypatch.setattr(follow, "MOST_ISSUES", 1)


def test_nothing_is_due_when_all_follow(tenant):
    assert not is_due()
    imported(tenant, world.sites("Berlin"))
    assert not is_due()
    saved(BY_SITE)
    assert not is_due()
    assert Endpoint.objects.get().mapped_version == 2


def test_it_goes_on_where_the_last_turn_ended(tenant, pieces):
    imported(tenant, world.sites("Berlin", "Paris", "Rome"))
    revision = save([BY_SITE], None)
    seen, turns = [], 0
    while is_due():
        assert remap(seconds=-1) == is_due()
        revision.refresh_from_db()
        seen.append(revision.percent)
        turns += 1
    assert turns > 6
    assert seen == sorted(seen)
    assert seen[0] < 10 <= seen[-2] < seen[-1] == 100
    assert (revision.endpoints, revision.moved, revision.moved_issues) == (3, 3, 6)
    world.followed()
    assert world.is_in_order()


def test_one_worker_at_a_time(tenant):
    imported(tenant, world.sites("Berlin"))
    revision = save([BY_SITE], None)
    assert revision.take_lease()
    assert not remap()
    assert Endpoint.objects.get().application.name == "Unassigned"
    MappingRevision.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert not remap()
    assert Endpoint.objects.get().application.name == "Berlin"


def test_rules_saved_meanwhile_take_over(tenant, pieces):
    imported(tenant, world.sites("Berlin", "Paris", "Rome"))
    save([BY_SITE], None)
    while not Issue.objects.filter(application__name="Berlin").exists():
        remap(seconds=-1)
    save([rule("Shop")], None)
    world.followed()
    assert set(Endpoint.objects.values_list("application__name", flat=True)) == {"Shop"}
    assert Issue.objects.count() == 2
    assert world.is_in_order()


def test_the_task_rings_until_it_is_done_and_then_for_the_counting(tenant, queue, django_capture_on_commit_callbacks):
    imported(tenant, world.sites("Berlin"))
    save([BY_SITE], None)
    with django_capture_on_commit_callbacks(execute=True):
        task()
        task()
    assert queue.functions == ["issues.tasks.recompute"]


def test_its_queries_do_not_grow_with_the_batch(tenant, django_assert_max_num_queries):
    imported(tenant, [Host(f"{n}", "Berlin", found=frozenset({(1, 1), (n, 2)})) for n in range(60)])
    save([BY_SITE], None)
    with django_assert_max_num_queries(70):
        remap()
    save([rule("Shop", ("name", "glob", "host-[1-4]*")), BY_SITE], None)
    with django_assert_max_num_queries(75):
        remap()


def test_an_installation_from_before_is_looked_through_once(tenant):
    imported(tenant, world.sites("Berlin", "Paris"))
    MappingRule.objects.create(position=1, name="Sites", application_per="site")
    MappingRevision.objects.all().delete()
    Endpoint.objects.update(mapped_version=TO_FOLLOW)
    assert is_due()
    world.followed()
    assert MappingRevision.objects.get().version == 1
    assert world.is_in_order()


def test_a_host_that_the_source_puts_elsewhere_moves_in_the_same_import(tenant):
    saved(BY_SITE)
    imported(tenant, [Host("a", "Berlin", found=ONE)])
    issue = Issue.objects.get()
    imported(tenant, [Host("a", "Paris", found=ONE)])

    host = Endpoint.objects.get()
    assert (host.application.name, host.mapped_version) == ("Paris", 2)
    moved = Issue.objects.get()
    assert (moved, moved.application.name, moved.created_run) == (issue, "Paris", issue.created_run)
    told = host.events.get()
    assert (told.before, told.after) == ("Berlin", "Paris")
    assert told.note == "Rule “site 0”, as the source describes it now"
    assert world.is_in_order()


def test_what_is_split_off_in_an_import_is_not_new_to_it(tenant):
    saved(BY_SITE)
    imported(tenant, [Host("a", "Berlin", found=ONE), Host("b", "Berlin", found=ONE)])
    run = make_run(tenant, mode="delta")
    sink.get().store_endpoints(run, [Host("b", "Paris").record])
    created = 0
    while (tally := sink.get().count_issues(tenant, run)) is not None:
        created += tally.issues_created
    assert created == 0
    assert run.new_issues.count() == 0
    assert world.is_in_order()


def test_an_import_forgets_issues_that_moved_away_under_its_hands(tenant):
    """It remembers an issue of Unassigned; that one goes to Berlin; the next host of Unassigned gets one of its own."""
    imported(tenant, [Host("a", "Berlin"), Host("b", "Paris")])
    run, door = make_run(tenant, "running", mode="delta"), sink.get()
    resource = RunResource.objects.create(run=run, position=0, kind=TENANT.kind.value, name="Everything")
    door.store_findings(run, resource, Host("a", "Berlin", found=ONE).rows(), already_read)
    save([rule("Shop", ("site", "is", "Berlin"))], None)
    remap()
    door.store_findings(run, resource, Host("b", "Paris", found=ONE).rows(), already_read)
    run.state = "succeeded"
    run.save()
    world.followed()
    assert sorted(Issue.objects.values_list("application__name", "findings")) == [("Shop", 1), ("Unassigned", 1)]
    assert world.is_in_order()


def test_a_finding_that_comes_back_while_its_host_moves_keeps_its_row(tenant):
    """Under a new id at the source: the closed one is still with the old application, the new one is not."""
    imported(tenant, [Host("a", "Berlin", found=ONE)])
    close_findings(tenant, ["a-1-1"])
    before = Finding.objects.get()
    Endpoint.objects.update(application=Application.objects.named("Shop"), pinned=True, mapped_version=TO_FOLLOW)
    returning = Host("a", "Berlin", found=ONE).rows()[0]
    returning.external_id = "another"
    run = make_run(tenant, mode="delta")
    resource = RunResource.objects.create(run=run, position=0, kind=TENANT.kind.value, name="Everything")
    sink.get().store_findings(run, resource, [returning], already_read)
    world.followed()
    after = Finding.objects.get()
    assert (after.pk, after.first_seen, after.state) == (before.pk, before.first_seen, "active")
    assert after.issue.application.name == "Shop"
    assert world.is_in_order()


SEVEN_ZIP = rule("Packers", ("software", "is", "Product 1"), name="Has product 1")


def test_rules_about_software_look_again_after_an_import(tenant):
    saved(SEVEN_ZIP, BY_SITE)
    imported(tenant, [Host("a", "Berlin", found=ONE), Host("b", "Berlin", found=frozenset({(1, 2)}))])
    assert set(Endpoint.objects.values_list("application__name", flat=True)) == {"Berlin"}
    assert is_due()
    world.followed()
    assert dict(Endpoint.objects.values_list("external_id", "application__name")) == {"a": "Packers", "b": "Berlin"}

    close_findings(tenant, ["a-1-1"])
    imported_nothing_but_a_change(tenant)
    world.followed()
    assert Endpoint.objects.get(external_id="a").application.name == "Berlin"
    assert world.is_in_order()


def imported_nothing_but_a_change(tenant) -> None:
    sink.get().conclude(make_run(tenant, mode="delta", resolved=1))


def test_without_news_nobody_looks_again(tenant):
    saved(SEVEN_ZIP)
    imported(tenant, [Host("a", found=ONE)])
    world.followed()
    sink.get().conclude(make_run(tenant, mode="full", resolved=1))
    assert not is_due()
