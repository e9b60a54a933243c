"""Many applications changed at once: chosen, previewed, saved, taken back."""

from __future__ import annotations

import re
from typing import Any

import pytest

from issues.models import Application, ApplicationEvent, ApplicationMember, ApplicationTag, RuleSet
from tests.factories import make_application, make_issues

BULK = "/applications/bulk/"
BOTH = {"application": ["payroll", "web-shop"]}


def text(response) -> str:
    return response.content.decode()


def post(client, do: str, **values: Any):
    return client.post(BULK, {**BOTH, **values, "do": do})


def chosen(page: str) -> list[str]:
    return re.findall(r'type="hidden" name="application" value="([^"]+)"', page)


@pytest.fixture
def tagged(payroll, shop) -> None:
    ApplicationTag.objects.create(application=payroll, name="old")
    for n in range(60):
        ApplicationTag.objects.create(application=make_application(f"Service {n:02}"), name="many")


def test_ticked_ones_are_chosen_and_strangers_are_not(ben_client, payroll, shop):
    page = text(ben_client.get(f"{BULK}?application=web-shop&application=payroll&application=nowhere"))
    assert chosen(page) == ["payroll", "web-shop"]
    assert "Edit 2 applications" in page


def test_all_that_match_are_chosen_not_only_those_of_a_page(ben_client, tagged):
    assert "/applications/bulk/?tag=many&amp;all=1" in text(ben_client.get("/applications/?tag=many"))
    assert len(chosen(text(ben_client.get(f"{BULK}?tag=many&all=1")))) == 60


def test_without_a_tick_one_is_sent_back(ben_client, payroll):
    answer = ben_client.get(BULK, follow=True)
    assert answer.redirect_chain == [("/applications/", 302)]
    assert "Tick the applications to change first." in text(answer)


def test_it_says_what_would_change_and_saves_nothing(ben_client, tagged, ada):
    page = text(post(ben_client, "preview", business_priority="1", add_tags="PCI", remove_tags="old", add_owners="ada"))
    for said in ("Business priority 3 → 1", "Tags added: pci; removed: old", "Tags added: pci", "Owner ada added"):
        assert said in page
    assert chosen(page) == ["payroll", "web-shop"]
    assert 'name="add_tags" value="PCI"' in page
    assert not ApplicationEvent.objects.exists()


def test_it_says_how_severities_would_move(ben_client, tenant, payroll, shop):
    RuleSet.objects.current()
    make_issues(3, tenant, payroll, cvss=6.8, vendor_severity="medium")
    page = text(post(ben_client, "preview", internet_facing="yes"))
    assert "<b>3</b> active issues would go up" in page
    assert "Applications most affected" in page


def test_those_that_are_like_that_already_are_left_alone(ben_client, payroll, shop):
    Application.objects.filter(pk=shop.pk).update(environment="staging")
    page = text(post(ben_client, "preview", environment="staging"))
    assert "1 of the 2 chosen is like that already." in page
    assert "Nothing would change" in text(post(ben_client, "preview", business_priority="3"))
    post(ben_client, "save", environment="staging")
    assert [event.application for event in ApplicationEvent.objects.all()] == [payroll]


def test_each_is_changed_and_told(ben_client, ben, tagged, olga, vic, queue, django_capture_on_commit_callbacks):
    payroll, shop = (Application.objects.get(slug=slug) for slug in BOTH["application"])
    ApplicationMember.objects.create(application=shop, user=vic, role="watcher")
    with django_capture_on_commit_callbacks(execute=True):
        post(
            ben_client, "save", business_priority="2", environment="none", internet_facing="yes", sensitive_data="no",
            add_tags="pci, lab", remove_tags="old", add_owners="vic",
        )  # fmt: skip
    for application in (payroll, shop):
        application.refresh_from_db()
        assert application.context == "2||internet|"
        assert [tag.name for tag in application.tags.all()] == ["lab", "pci"]
    assert set(payroll.members.values_list("user__username", "role")) == {("olga", "owner"), ("vic", "owner")}
    assert list(shop.members.values_list("user__username", "role")) == [("vic", "owner")]
    said = list(
        ApplicationEvent.objects.filter(application=shop, user=ben).order_by("pk").values_list("text", flat=True)
    )
    assert said == [
        "Business priority 3 → 2", "Internet-facing no → yes", "Tags added: lab, pci", "vic: Watcher → Owner",
    ]  # fmt: skip
    assert queue.functions == ["issues.tasks.recompute"]


def test_unassigned_gets_all_but_a_priority(ben_client, payroll, shop):
    values = {"application": ["unassigned", "payroll"], "business_priority": "1", "add_tags": "pci"}
    page = text(ben_client.post(BULK, {**values, "do": "preview"}))
    assert page.count("Business priority 3 → 1") == 1
    ben_client.post(BULK, {**values, "do": "save"})
    assert Application.objects.get(slug="unassigned").business_priority == 3
    assert ApplicationTag.objects.filter(name="pci").count() == 2


def test_it_can_be_taken_back(ben_client, tagged):
    answer = ben_client.post(
        BULK, {**BOTH, "do": "save", "business_priority": "1", "remove_tags": "old", "add_tags": "new"}, follow=True
    )
    assert "2 applications: Business priority 3 → 1; Tags added: new; removed: old; Tags added: new." in text(answer)
    undo = re.search(r'action="(/applications/undo/\w+/)"', text(answer))[1]  # type: ignore[index]
    assert "Undone: Business priority 1 → 3" in text(ben_client.post(undo, follow=True))
    assert not Application.objects.exclude(business_priority=3).exists()
    assert not ApplicationTag.objects.filter(name="new").exists()
    assert ApplicationTag.objects.get(name="old").application.slug == "payroll"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Choose at least one thing to change."),
        ({"business_priority": "9"}, "not one of the available choices"),
        ({"add_tags": "a", "remove_tags": "a"}, "“a” would be added and removed."),
        ({"add_tags": "x" * 61}, "at most 60 characters"),
        ({"add_tags": ",".join(str(n) for n in range(30)), "remove_tags": "q"}, "Payroll: At most 30 tags fit."),
        ({"add_owners": "ben, zoe"}, "There is no user “zoe”."),
    ],
)
def test_what_can_not_be_is_said(ben_client, payroll, shop, values, sentence):
    ApplicationTag.objects.create(application=payroll, name="one")
    for do in ("preview", "save"):
        assert sentence in text(post(ben_client, do, **values))
    assert not ApplicationEvent.objects.exists()


def test_one_goes_back_to_the_form_with_what_was_typed(ben_client, payroll, shop):
    page = text(post(ben_client, "edit", business_priority="4", add_tags="pci"))
    assert '<option value="4" selected>' in page
    assert 'value="pci"' in page
    assert chosen(page) == ["payroll", "web-shop"]


def test_many_cost_few_queries(ben_client, tagged, django_assert_max_num_queries):
    slugs = list(Application.objects.values_list("slug", flat=True))
    with django_assert_max_num_queries(40):
        ben_client.post(BULK, {"application": slugs, "do": "save", "business_priority": "1", "add_tags": "pci"})
    assert ApplicationEvent.objects.count() == 2 * len(slugs) - 1
