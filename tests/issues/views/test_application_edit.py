"""An application made, changed, previewed, taken back and deleted by people."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User

from issues.ingest.recompute import is_due, recompute
from issues.models import Application, ApplicationEvent, ApplicationMember, Issue, MappingRule, RuleSet
from tests.factories import make_application, make_endpoint, make_issues

EDIT, NEW = "/applications/payroll/edit/", "/applications/new/"
PLAIN = {"do": "save", "name": "Payroll", "business_priority": "3", "environment": "", "description": "", "tags": ""}
OLGA = {"member": ["olga"], "role": ["owner"]}


def text(response) -> str:
    return response.content.decode()


def toasts(response) -> list[str]:
    return [" ".join(said.split()) for said in re.findall(r"<span>([^<]+)</span>", text(response).split("toasts")[-1])]


def told(application: Application) -> list[tuple[str, str, User | None]]:
    events = ApplicationEvent.objects.filter(application=application).order_by("pk").select_related("user")
    return [(event.kind, event.text, event.user) for event in events]


def asked(**values: Any) -> dict[str, Any]:
    return {**PLAIN, **OLGA, **values}


@pytest.mark.parametrize("address", [NEW, EDIT, "/applications/payroll/delete/", "/applications/bulk/"])
def test_only_admins_and_analysts_get_in(ada_client, ben_client, olga_client, vic_client, client, payroll, address):
    for stranger in (olga_client, vic_client):
        assert stranger.get(address).status_code == 403
        assert stranger.post(address, asked(name="Mine")).status_code == 403
    assert client.get(address)["Location"].startswith("/accounts/login/")
    named = f"{address}?application=payroll"
    assert ada_client.get(named).status_code == ben_client.get(named).status_code == 200
    assert not ApplicationEvent.objects.exists()
    assert list(Application.objects.exclude(slug="unassigned").values_list("name", flat=True)) == ["Payroll"]


def test_what_is_not_there_is_not_found(ada_client, db):
    for address in ("/applications/nowhere/edit/", "/applications/nowhere/delete/"):
        assert ada_client.get(address).status_code == 404


def test_a_new_one_is_made_with_everything(ben_client, ben, olga):
    answer = ben_client.post(NEW, {
        "do": "save", "name": " Fleet   portal ", "business_priority": "1", "environment": "production",
        "internet_facing": "on", "sensitive_data": "on", "description": "Cars.", "tags": "PCI, team blue,, pci",
        "member": ["olga", "ben", "", ""], "role": ["owner", "security", "owner", "owner"],
        "link_label": ["Runbook", "", ""], "link_url": ["https://wiki.example/fleet", "http://git.example", ""],
    })  # fmt: skip
    made = Application.objects.get(name="Fleet portal")
    assert (answer.status_code, answer["Location"]) == (302, "/applications/fleet-portal/")
    assert (made.name, made.context) == ("Fleet portal", "1|production|internet|sensitive")
    assert [tag.name for tag in made.tags.all()] == ["pci", "team blue"]
    assert made.links == [
        {"label": "Runbook", "url": "https://wiki.example/fleet"},
        {"label": "git.example", "url": "http://git.example"},
    ]
    assert set(made.members.values_list("user__username", "role")) == {("olga", "owner"), ("ben", "security")}
    assert told(made) == [("created", "Created", ben)]


def test_a_name_that_is_an_address_of_ours_leads_elsewhere(ada_client, db):
    ada_client.post(NEW, asked(name="Bulk", member=[]))
    assert Application.objects.get(name="Bulk").slug == "bulk-2"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": " "}, "Give it a name."),
        ({"name": "Web  shop"}, "Another application has this name."),
        ({"business_priority": "6"}, "not one of the available choices"),
        ({"environment": "moon"}, "not one of the available choices"),
        ({"tags": ",".join(str(n) for n in range(31))}, "At most 30 tags fit."),
        ({"tags": "x" * 61}, "a tag has at most 60 characters"),
        ({"member": ["zoe"], "role": ["owner"]}, "There is no user “zoe”."),
        ({"member": ["olga", "olga"], "role": ["owner", "watcher"]}, "stands here twice"),
        ({"member": ["olga"], "role": ["king"]}, "Choose a role."),
        ({"link_label": ["Run"], "link_url": ["javascript:alert(1)"]}, "It begins with https:// or http://"),
        ({"link_label": ["Run"], "link_url": [""]}, "is no web address"),
        ({"link_label": [""] * 21, "link_url": [f"https://a.example/{n}" for n in range(21)]}, "At most 20 links fit."),
    ],
)
def test_what_can_not_stay_is_said_where_it_stands(ada_client, payroll, shop, values, sentence):
    answer = ada_client.post(EDIT, asked(**values))
    assert answer.status_code == 200
    assert sentence in text(answer)
    assert told(payroll) == []


def test_every_change_is_told_in_words(ben_client, ben, vic, payroll):
    Application.objects.filter(pk=payroll.pk).update(links=[{"label": "Wiki", "url": "https://wiki.example"}])
    ApplicationMember.objects.create(application=payroll, user=vic, role="watcher")
    answer = ben_client.post(
        EDIT,
        asked(
            name="Pay", business_priority="1", environment="production", internet_facing="on", tags="pci",
            description="Pays.", member=["vic", "ben"], role=["security", "owner"],
            link_label=["Git"], link_url=["https://git.example"],
        ),
        follow=True,
    )  # fmt: skip
    assert told(payroll) == [
        ("changed", "Name Payroll → Pay", ben),
        ("changed", "Business priority 3 → 1", ben),
        ("changed", "Environment none → Production", ben),
        ("changed", "Internet-facing no → yes", ben),
        ("changed", "Description added", ben),
        ("changed", "Links added: Git; removed: Wiki", ben),
        ("changed", "Tags added: pci", ben),
        ("members", "Owner ben added", ben),
        ("members", "Owner olga removed", ben),
        ("members", "vic: Watcher → Security contact", ben),
    ]
    assert answer.redirect_chain == [("/applications/payroll/", 302)]  # addresses that were sent stay good
    assert "Name Payroll → Pay; Business priority 3 → 1; Environment none → Production and 7 more." in text(answer)


def test_saving_what_is_there_changes_nothing(ben_client, payroll):
    answer = ben_client.post(EDIT, asked(), follow=True)
    assert "Nothing differs from what Payroll was already." in text(answer)
    assert told(payroll) == []


def test_issues_follow_at_once(ben_client, tenant, payroll, queue, django_capture_on_commit_callbacks):
    RuleSet.objects.current()
    make_issues(2, tenant, payroll, cvss=8.1)
    while is_due():
        recompute()
    before = set(Issue.objects.values_list("score", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        ben_client.post(EDIT, asked(business_priority="1", internet_facing="on"))
    assert queue.functions == ["issues.tasks.recompute"]
    with django_capture_on_commit_callbacks(execute=True):
        queue.work()
    assert not is_due()
    codes = {entry["code"] for issue in Issue.objects.all() for entry in issue.factors}
    assert {"priority_1", "internet_facing"} <= codes
    assert set(Issue.objects.values_list("score", flat=True)) == {round(score + 1.7, 1) for score in before}


def test_a_new_name_reaches_the_reasons_of_ledgers(ben_client, tenant, payroll):
    RuleSet.objects.current()
    Application.objects.filter(pk=payroll.pk).update(business_priority=1)
    make_issues(1, tenant, payroll)
    ben_client.post(EDIT, asked(name="Wages", business_priority="1"))
    while is_due():
        recompute()
    reasons = [entry["reason"] for entry in Issue.objects.get().factors]
    assert "Wages has business priority 1 of 5." in reasons


def test_effects_are_shown_before_anything_is_saved(ben_client, tenant, payroll):
    RuleSet.objects.current()
    make_issues(3, tenant, payroll, cvss=6.8, vendor_severity="medium")
    page = text(ben_client.post(EDIT, asked(do="preview", internet_facing="on", name="")))
    assert "<b>3</b> active issues would go up, <b>0</b> down" in page
    assert "Biggest movers" in page
    assert re.search(r'<input[^>]*name="internet_facing"[^>]* checked', page)
    payroll.refresh_from_db()
    assert (payroll.internet_facing, told(payroll)) == (False, [])


def test_htmx_gets_the_effects_alone(ben_client, tenant, payroll):
    make_issues(1, tenant, payroll)
    headers = {"HX-Request": "true", "HX-Target": "effects"}
    part = text(ben_client.post(EDIT, asked(do="preview"), headers=headers))
    assert "No severity depends on what would change." in part
    assert "<form" not in part


def test_more_rows_are_shown_without_saving(ben_client, payroll):
    plain, more = text(ben_client.get(EDIT)), text(ben_client.post(EDIT, asked(do="more-people", tags="typed")))
    assert (plain.count('name="member"'), more.count('name="member"')) == (3, 5)
    assert 'value="typed"' in more
    assert text(ben_client.post(EDIT, asked(do="more-links"))).count('name="link_url"') == 4
    assert told(payroll) == []


def test_who_is_late_learns_what_happened_meanwhile(ada_client, ben_client, payroll):
    shown = re.search(r'name="based_on" value="(\d*)"', text(ben_client.get(EDIT)))[1]  # type: ignore[index]
    ada_client.post(EDIT, asked(business_priority="1", based_on=shown))
    late = text(ben_client.post(EDIT, asked(tags="pci", based_on=shown)))
    assert "Somebody changed this application meanwhile: Business priority 3 → 1." in late
    assert [kind_text[1] for kind_text in told(payroll)] == ["Business priority 3 → 1"]
    newest = re.search(r'name="based_on" value="(\d+)"', late)[1]  # type: ignore[index]
    assert ben_client.post(EDIT, asked(tags="pci", based_on=newest)).status_code == 302


def test_somebody_who_left_may_stay_a_member(ben_client, olga, payroll):
    User.objects.filter(pk=olga.pk).update(is_active=False)
    assert ben_client.post(EDIT, asked(tags="pci")).status_code == 302
    assert ben_client.post(NEW, asked(name="Other")).status_code == 200


def test_unassigned_keeps_name_and_priority(ben_client, db):
    unassigned = Application.objects.unassigned()
    page = text(ben_client.get("/applications/unassigned/edit/"))
    assert 'name="name"' not in page
    assert 'name="business_priority"' not in page
    ben_client.post("/applications/unassigned/edit/", asked(member=[], name="Rest", environment="staging"))
    unassigned.refresh_from_db()
    assert (unassigned.name, unassigned.business_priority, unassigned.environment) == ("Unassigned", 3, "staging")


def test_a_change_can_be_taken_back(ben_client, ben, payroll, shop):
    answer = ben_client.post(EDIT, asked(business_priority="1", tags="pci", member=["ben"]), follow=True)
    undo = re.search(r'action="(/applications/undo/\w+/)"', text(answer))[1]  # type: ignore[index]
    ben_client.post("/applications/payroll/edit/", asked(business_priority="1", tags="pci", member=["ben"]))
    Application.objects.filter(pk=payroll.pk).update(business_priority=2)  # somebody else, since
    assert "Undone" in text(ben_client.post(undo, follow=True))
    payroll.refresh_from_db()
    assert payroll.business_priority == 2
    assert not payroll.tags.exists()
    assert [member.user.username for member in payroll.members.all()] == ["olga"]
    assert ("changed", "Tags removed: pci", ben) in told(payroll)
    assert "nothing to undo any more" in text(ben_client.post(undo, follow=True))


def test_nobody_takes_back_what_another_session_did(ada_client, ben_client, vic_client, payroll):
    answer = ben_client.post(EDIT, asked(business_priority="1"), follow=True)
    undo = re.search(r'action="(/applications/undo/\w+/)"', text(answer))[1]  # type: ignore[index]
    assert vic_client.post(undo).status_code == 403
    assert ben_client.get(undo).status_code == 405
    assert "nothing to undo any more" in text(ada_client.post(undo, follow=True))
    payroll.refresh_from_db()
    assert payroll.business_priority == 1


def test_an_application_goes_only_when_nothing_belongs_to_it(ben_client, tenant, payroll, shop):
    make_endpoint(tenant, payroll)
    assert "1 endpoint belongs to it." in text(ben_client.post("/applications/payroll/delete/"))
    ruled = make_application("Ruled")
    MappingRule.objects.create(position=900, name="By name", application=ruled)
    assert "“By name”" in text(ben_client.get("/applications/ruled/delete/"))
    assert "Its tags, links, people and activity go." in text(ben_client.get("/applications/web-shop/delete/"))
    assert "Web shop was deleted." in text(ben_client.post("/applications/web-shop/delete/", follow=True))
    assert set(Application.objects.values_list("slug", flat=True)) >= {"payroll", "ruled"}
    assert not Application.objects.filter(slug="web-shop").exists()
    assert "can’t be deleted" in text(ben_client.get(f"/applications/{Application.objects.unassigned().slug}/delete/"))
