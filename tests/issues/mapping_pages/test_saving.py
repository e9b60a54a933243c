"""Preview first, then save: endpoints and issues move for real, and nobody overwrites unseen."""

from __future__ import annotations

import pytest

from issues.mapping.rules import current
from issues.mapping.save import current_revision, save
from issues.models import Application, Issue, MappingRevision
from tests.issues.mapping_pages.forms import URL, Form

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop_rule(ben_press, hosts) -> Form:
    """The editor with a third rule: what is called pay-… goes to Shop, which is not there yet."""
    form = ben_press("add")
    typed = {"_3_0_field": "name", "_3_0_operator": "glob", "_3_0_value": "pay-*"}
    return ben_press("", form, _3_name="Shop", _3_application="Shop", **typed)


def test_a_preview_says_what_would_move_and_changes_nothing(ben_press, shop_rule, hosts):
    form = ben_press("preview", shop_rule)
    assert "<b>3 endpoints</b> and <b>1 issue</b> would move" in form.page
    assert "Unassigned" in form.page
    assert "pay-1, pay-2, pay-3" in form.page
    assert '<svg class="chart flow' in form.page
    assert form.focused == "preview-title"
    assert not Application.objects.filter(name="Shop").exists()
    assert {host.application.slug for host in hosts} == {"unassigned"}


def test_saving_shows_the_preview_first_then_moves_endpoints_and_issues(
    ben, ben_client, ben_press, shop_rule, hosts, queue, django_capture_on_commit_callbacks
):
    form = ben_press("save", shop_rule)
    assert "Not saved yet. This is what saving would do" in form.page
    assert MappingRevision.objects.count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        answer = ben_client.post(URL, form.posted("save", comment="Paying"))
    assert (answer.status_code, answer["Location"]) == (302, URL)
    page = " ".join(ben_client.get(URL).content.decode().split())
    assert "Version 2 counts now" in page
    assert "Placing endpoints by version 2" in page
    assert 'hx-get="/applications/mapping/work/" hx-trigger="every 2s"' in page
    queue.work()
    assert [host.application.name for host in _fresh(hosts)] == ["Shop"] * 3
    assert Issue.objects.get(application__name="Shop").endpoints == 3
    saved = MappingRevision.objects.get(version=2)
    assert (saved.author, saved.comment, saved.moved) == (ben, "Paying", 3)
    assert saved.finished_at
    done = " ".join(ben_client.get(f"{URL}work/").content.decode().split())
    assert "Everything follows version 2: 3 endpoints and 1 issue moved." in done
    assert "hx-trigger" not in done


def test_a_draft_that_changed_after_its_preview_is_shown_again(ben_client, ben_press, shop_rule):
    form = ben_press("preview", shop_rule)
    again = Form.of(ben_client.post(URL, form.posted("save", _3_application="Till")))
    assert "Not saved yet" in again.page
    assert MappingRevision.objects.count() == 1


def test_a_script_is_sent_to_the_page_anew(ben_client, ben_press, shop_rule):
    form = ben_press("preview", shop_rule)
    answer = ben_client.post(URL, form.posted("save"), headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == URL
    assert MappingRevision.objects.count() == 2


def test_rules_that_change_nothing_make_no_version(ben_client, ben_press, hosts):
    form = ben_press("preview")
    assert "these are the rules that count already" in form.page
    answer = ben_client.post(URL, form.posted("save"), follow=True)
    assert "Nothing differs" in answer.content.decode()
    assert MappingRevision.objects.count() == 1


def test_nobody_overwrites_what_somebody_else_saved_meanwhile(ada, ben_client, ben_press, shop_rule):
    form = ben_press("preview", shop_rule)
    save(current()[:1], ada, "Only Berlin")
    form = Form.of(ben_client.post(URL, form.posted("save")))
    assert "Not saved: version 2 was saved meanwhile</b> by ada" in form.page
    assert "“Only Berlin”" in form.page
    assert form.order == ["Berlin", "Tags", "Shop"]  # the draft is kept
    assert (form.value("based_on"), form.value("seen")) == ("2", "")
    form = Form.of(ben_client.post(URL, form.posted("save")))
    assert "Not saved yet" in form.page
    assert ben_client.post(URL, form.posted("save")).status_code == 302
    assert current_revision().version == 3


def test_one_goes_back_to_a_version_through_the_preview(ada, ben_client, hosts):
    first = current_revision()
    save(current()[:1], ada, "Only Berlin")
    form = Form.of(ben_client.get(f"{URL}?version={first.version}"))
    assert "These are the rules of version 1. Version 2 counts." in form.page
    assert form.order == ["Berlin", "Tags"]
    assert form.value("comment") == "Back to version 1"
    form = Form.of(ben_client.post(URL, form.posted("preview")))
    ben_client.post(URL, form.posted("save"))
    assert current_revision().comment == "Back to version 1"
    assert [rule.name for rule in current()] == ["Berlin", "Tags"]


def test_versions_say_who_and_why(ada, vic_client, hosts):
    current_revision()
    save(current()[:1], ada, "Only Berlin")
    page = Form.of(vic_client.get(URL)).page
    for words in ("Only Berlin", "ada", "Counts now", '<a href="?version=1#editor">Look</a>'):
        assert words in page


def test_a_rule_that_takes_everything_is_warned_of(ben_press, hosts):
    form = ben_press("add")
    form = ben_press("remove-condition.3.0", form, _3_name="All", _3_application="Shop")
    form = ben_press("up.3", form)
    form = ben_press("up.3", form)
    form = ben_press("preview", form)
    assert form.order == ["All", "Berlin", "Tags"]
    assert 'class="note note-warn"' in form.page


def _fresh(hosts):
    for host in hosts:
        host.refresh_from_db()
    return hosts
