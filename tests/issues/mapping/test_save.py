"""Rules saved in versions: nobody overwrites unseen, rows live on, and every version can come back."""

from __future__ import annotations

import pytest

from issues.mapping.rules import current
from issues.mapping.save import SavedMeanwhile, current_revision, go_back, save
from issues.models import Application, ApplicationEvent, Endpoint, MappingRevision, MappingRule
from tests.issues.mapping import world
from tests.issues.mapping.world import imported, rule, saved

pytestmark = pytest.mark.django_db
BERLIN = rule("Shop", ("site", "is", "Berlin"), name="Berlin")
PARIS = rule("Fleet", ("site", "is", "Paris"), name="Paris")
BY_TAG = rule(application_per="tag:app", name="Tags")


def test_the_first_version_is_what_there_was(tenant):
    MappingRule.objects.create(position=1, name="Sites", application_per="site")
    first = current_revision()
    assert (first.version, first.is_finished, first.rules[0]["application_per"]) == (1, True, "site")
    assert current_revision() == first


def test_saving_makes_the_next_version_and_the_applications(tenant, ben):
    revision = save([BERLIN, BY_TAG, PARIS], ben, "  Sites  first ")

    assert (revision.version, revision.author, revision.comment) == (2, ben, "Sites first")
    assert [rule["name"] for rule in revision.rules] == ["Berlin", "Tags", "Paris"]
    assert current() == [BERLIN, BY_TAG, PARIS]
    assert {"Shop", "Fleet"} <= set(Application.objects.values_list("name", flat=True))
    assert ApplicationEvent.objects.get(application__name="Shop").text == "Made for the mapping rules, version 2"


def test_an_application_is_found_however_it_is_written(tenant, ben):
    Application.objects.named("Web Shop")
    revision = save([rule("web  shop")], ben)
    assert revision.rules[0]["application"] == "Web Shop"
    assert Application.objects.filter(name__iexact="web shop").count() == 1


def test_a_rule_that_stays_keeps_its_row(tenant, ben):
    save([BERLIN, PARIS, BY_TAG], ben)
    rows = dict(MappingRule.objects.values_list("name", "pk"))

    save([BY_TAG, rule("Other", name="New"), rule("Shop", ("site", "is", "Rome"), name="Berlin")], ben)

    found = dict(MappingRule.objects.values_list("name", "pk"))
    assert (found["Tags"], found["Berlin"]) == (rows["Tags"], rows["Berlin"])
    assert list(MappingRule.objects.values_list("position", "name")) == [(1, "Tags"), (2, "New"), (3, "Berlin")]


def test_of_equal_names_the_same_rule_keeps_its_row(tenant, ben):
    one, other = rule("Shop", name="Twin"), rule("Fleet", name="Twin")
    save([one, other], ben)
    rows = {row.application.name: row.pk for row in MappingRule.objects.select_related("application")}
    save([other, one], ben)
    assert {row.application.name: row.pk for row in MappingRule.objects.select_related("application")} == rows
    assert current() == [other, one]


def test_endpoints_go_on_naming_the_rule_that_stays(tenant, ben):
    imported(tenant, world.sites("Berlin", "Paris"))
    saved(BERLIN, PARIS)
    save([PARIS, BERLIN], ben)
    assert {e.mapping_reason for e in Endpoint.objects.all()} == {"Rule: Berlin", "Rule: Paris"}


def test_who_saw_an_older_version_is_told(tenant, ben):
    save([BERLIN], ben)
    with pytest.raises(SavedMeanwhile, match="saved version 2") as refusal:
        save([PARIS], ben, expected_version=1)
    assert refusal.value.version == 2
    assert current() == [BERLIN]
    assert save([PARIS], ben, expected_version=2).version == 3


def test_an_older_version_comes_back_as_the_newest(tenant, ben, ada):
    save([BERLIN], ben)
    save([PARIS], ben)
    revision = go_back(2, ada)
    assert (revision.version, revision.comment, revision.author) == (4, "Back to version 2", ada)
    assert current() == [BERLIN]
    with pytest.raises(MappingRevision.DoesNotExist):
        go_back(9, ada)


def test_no_rules_at_all_leave_everything_unassigned(tenant):
    imported(tenant, world.sites("Berlin"))
    saved(BERLIN)
    saved()
    assert Endpoint.objects.get().mapping_reason == "No rule matches"
    assert world.is_in_order()


def test_the_work_of_an_older_version_ends_when_the_next_is_saved(tenant, ben):
    imported(tenant, world.sites("Berlin"))
    old = save([BERLIN], ben)
    new = save([PARIS], ben)
    old.refresh_from_db()
    assert (old.is_finished, new.is_finished) == (True, False)
    assert (new.expected, new.percent) == (1, 0)


def test_applications_and_endpoints_remember(tenant, ben):
    imported(tenant, world.sites("Berlin", "Paris", "Paris"))
    saved(rule("Shop"))
    save([PARIS, rule("Shop")], ben)
    world.followed()

    texts = ApplicationEvent.objects.filter(kind="endpoints", user=ben)
    assert sorted(texts.values_list("application__name", "text")) == [
        ("Fleet", "2 endpoints came from Shop: mapping rules version 3"),
        ("Shop", "2 endpoints went to Fleet: mapping rules version 3"),
    ]
    told = Endpoint.objects.filter(site_name="Paris").first().events.first()
    assert (told.kind, told.before, told.after, told.note) == (
        "moved", "Shop", "Fleet", "Mapping rules version 3: Rule “Paris”",
    )  # fmt: skip


def test_saving_asks_for_the_work(tenant, ben, queue, django_capture_on_commit_callbacks):
    imported(tenant, world.sites("Berlin"))
    with django_capture_on_commit_callbacks(execute=True):
        save([BERLIN], ben)
    assert queue.functions == ["issues.tasks.remap"]
    with django_capture_on_commit_callbacks(execute=True):
        queue.work()
    assert queue.functions == ["issues.tasks.recompute"]
    queue.work()
    assert Endpoint.objects.get().application.name == "Shop"
    assert world.is_in_order()
