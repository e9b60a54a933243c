"""Deciding from the queue and from the page of an issue, as each of the people."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from issues.decisions.exclude import exclude
from issues.decisions.owner import assign_owner
from issues.models import BulkDecision, Decision, Issue
from issues.views import decide as view
from issues.views import undo as undo_view
from tests.factories import make_issue, make_issues

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("counts_are_true")]
URL = "/issues/decide/"
EVERY = Issue.objects.all
FALSE = {"do": "exclude", "kind": "false_positive", "reason": "Not our build"}


def page(client, address: str, **more) -> str:
    return client.get(address, **more).content.decode()


def undo_address(answer) -> str:
    found = re.search(r"/issues/undo/\d+/", answer.content.decode())
    assert found
    return found[0]


def test_ticked_ones_are_decided_about_and_undone(three, ben_client, ben):
    asked = page(ben_client, URL, data={"do": "exclude", "issue": [three[0].pk, three[1].pk], "next": "/issues/?q=7"})
    assert "Exclude 2 issues" in asked
    assert asked.count('name="issue"') == 2
    answer = ben_client.post(URL, {**FALSE, "issue": [three[0].pk, three[1].pk], "next": "/issues/?q=7"}, follow=True)
    assert answer.redirect_chain == [("/issues/?q=7", 302)]
    assert "2 issues excluded: false positive." in answer.content.decode()
    assert EVERY().filter(state="excluded").count() == 2
    undone = ben_client.post(undo_address(answer), follow=True)
    assert "Undone for 2 issues." in undone.content.decode()
    assert EVERY().filter(state="active").count() == 3


def test_all_that_match_on_three_pages_are_meant_and_nothing_else(tenant, payroll, portal, ben_client):
    make_issues(120, tenant, payroll, vendor_severity="high")
    make_issues(3, tenant, payroll, vendor_severity="low")
    make_issues(2, tenant, portal, vendor_severity="high")
    listed = page(ben_client, "/issues/?application=payroll&severity=high&sort=title")
    assert "Select all 120" in listed
    found = re.search(r'name="query" value="([^"]+)"', listed)
    assert found
    query = found[1].replace("&amp;", "&")
    asked = page(ben_client, URL, data={"do": "exclude", "all": "1", "query": query})
    assert "Exclude 120 issues" in asked
    answer = ben_client.post(URL, {**FALSE, "all": "1", "query": query}, follow=True)
    assert "120 issues excluded" in answer.content.decode()
    assert EVERY().filter(state="excluded", application=payroll, severity=4).count() == 120
    assert EVERY().filter(state="active").count() == 5
    ben_client.post(undo_address(answer))
    assert EVERY().filter(state="active").count() == 125


@pytest.mark.parametrize(
    ("values", "changed"),
    [
        ({"do": "snooze", "kind": "snooze", "until": "DAY"}, {"decision": "snooze"}),
        ({"do": "exclude", "kind": "accepted_risk", "until": "DAY", "reason": "x"}, {"decision": "accepted_risk"}),
        ({**FALSE, "until": "DAY"}, {"decision": "false_positive"}),
        ({"do": "severity", "kind": "severity", "severity": "low", "reason": "x"}, {"severity": 2}),
        ({"do": "owner", "kind": "owner", "owner": "ada"}, {"owner__username": "ada"}),
        ({"do": "comment", "kind": "comment", "reason": "Hello"}, {"decisions__reason": "Hello"}),
        ({"do": "decide", "kind": "severity", "severity": "low", "reason": "x"}, {"severity": 2}),
    ],
)
def test_every_button_does_its_deed(three, ada, ben_client, values, changed):
    day = (timezone.localdate() + timedelta(days=5)).isoformat()
    said = {name: day if value == "DAY" else value for name, value in values.items()}
    assert ben_client.get(URL, {"do": said["do"], "issue": three[0].pk}).status_code == 200
    ben_client.post(URL, {**said, "issue": three[0].pk})
    assert list(EVERY().filter(**changed)) == [three[0]]
    if "until" in said and said["kind"] != "false_positive":
        ends = timezone.localtime(Decision.objects.get().until)
        assert (ends.date().isoformat(), ends.hour, ends.minute) == (day, 0, 0)


def test_what_is_excluded_can_be_put_back(three, ben, ben_client):
    exclude(EVERY(), "false_positive", "x", None, ben)
    assert "Put back" in page(ben_client, "/issues/?state=excluded")
    answer = ben_client.post(URL, {"do": "back", "kind": "back", "all": "1", "query": "state=excluded"}, follow=True)
    assert "3 issues back in the queue." in answer.content.decode()
    assert EVERY().filter(state="active").count() == 3


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({**FALSE, "reason": " "}, "Say why it is a false positive"),
        ({"do": "exclude", "kind": "accepted_risk", "reason": "x", "until": "2020-01-01"}, "This lies in the past."),
        ({"do": "exclude", "kind": "accepted_risk", "reason": "x"}, "Say until when."),
        ({"do": "snooze", "kind": "snooze", "until": "some day"}, "Enter a valid date."),
        ({"do": "severity", "kind": "severity", "reason": "x"}, "Choose a severity"),
        ({"do": "comment", "kind": "comment"}, "Write something."),
        ({"do": "owner", "kind": "owner", "owner": "olga"}, "sees only some applications, and 1 of these issues is"),
    ],
)
def test_what_is_missing_is_said_beside_the_field_and_what_was_typed_stays(
    three, tenant, portal, olga, ben_client, values, said
):
    keys = [three[0].pk, make_issue(tenant, portal).pk]
    answer = ben_client.post(URL, {**values, "issue": keys, "next": "/issues/?q=7"}).content.decode()
    assert said in answer
    assert [f'name="issue" value="{pk}"' in answer for pk in keys] == [True, True]
    assert 'name="next" value="/issues/?q=7"' in answer
    assert Decision.objects.count() == 0


def test_htmx_gets_the_form_alone(three, ben_client):
    answer = ben_client.get(URL, {"do": "owner", "issue": three[0].pk}, headers={"HX-Target": "decide-body"})
    text = answer.content.decode()
    assert text.lstrip().startswith("<form")
    assert "HX-Target" in answer["Vary"]
    assert three[0].title in text


def test_nothing_selected_or_nonsense_says_so(three, ben_client):
    for data in ({}, {"issue": ["x", "99999999999999999999", "-1"]}, {"all": "1", "query": "application=nowhere"}):
        answer = ben_client.get(URL, {"do": "exclude", **data}, follow=True)
        assert answer.redirect_chain == [("/issues/", 302)]
        assert "toast-error" in answer.content.decode()
    answer = ben_client.post(URL, {**FALSE, "all": "1", "query": "application=nowhere"}, follow=True)
    assert "There is no application" in answer.content.decode()
    assert EVERY().filter(state="active").count() == 3


def test_an_owner_decides_only_about_their_own(three, tenant, portal, olga_client):
    other = make_issue(tenant, portal)
    olga_client.post(URL, {**FALSE, "issue": [three[0].pk, other.pk]})
    olga_client.post(URL, {**FALSE, "all": "1", "query": ""})
    assert set(EVERY().filter(state="excluded")) == set(three)
    other.refresh_from_db()
    assert other.state == "active"
    assert olga_client.post(f"/issues/{other.pk}/decisions/1/take-back/").status_code == 404


def test_who_only_looks_has_no_boxes_and_no_forms(three, ben, vic_client):
    done = exclude(EVERY().filter(pk=three[0].pk), "false_positive", "Not our build", None, ben)
    listed = page(vic_client, "/issues/")
    assert 'class="tick' not in listed
    assert "bulk" not in listed
    shown = page(vic_client, three[0].get_absolute_url())
    assert "Not our build" in shown
    assert "<form" not in shown.split('id="decision"')[1].split("</section>")[0]
    assert vic_client.get(URL, {"do": "exclude", "issue": three[1].pk}).status_code == 403
    assert vic_client.post(URL, {**FALSE, "issue": three[1].pk}).status_code == 403
    assert vic_client.post(f"/issues/undo/{done.token}/").status_code == 403
    assert vic_client.post(f"/issues/{three[0].pk}/decisions/{Decision.objects.get().pk}/take-back/").status_code == 403


def test_changes_want_a_post(three, ben_client):
    assert ben_client.get("/issues/undo/1/").status_code == 405
    assert ben_client.get(f"/issues/{three[0].pk}/decisions/1/take-back/").status_code == 405
    assert ben_client.post(f"/issues/undo/{10**40}/").status_code == 404


def test_the_page_of_an_issue_shows_what_is_in_force_and_takes_it_back(three, ben, ben_client):
    issue = three[0]
    ben_client.post(URL, {"do": "decide", "kind": "false_positive", "reason": "Not our build", "issue": issue.pk})
    ben_client.post(URL, {"do": "comment", "kind": "comment", "reason": "Come back in May", "issue": issue.pk})
    shown = page(ben_client, issue.get_absolute_url())
    assert "Not our build" in shown.split('id="decision"')[1]
    assert "Come back in May" in shown.split('id="activity"')[1]
    held = issue.decisions.get(kind="false_positive")
    answer = ben_client.post(f"/issues/{issue.pk}/decisions/{held.pk}/take-back/", follow=True)
    assert answer.redirect_chain == [(issue.get_absolute_url(), 302)]
    assert "False positive: taken back." in answer.content.decode()
    issue.refresh_from_db()
    assert issue.state == "active"
    again = ben_client.post(f"/issues/{issue.pk}/decisions/{held.pk}/take-back/", follow=True)
    assert "It was over already." in again.content.decode()


def test_very_many_change_in_the_background_and_go_back_there(
    tenant, payroll, ben_client, queue, monkeypatch, django_capture_on_commit_callbacks
):
    make_issues(12, tenant, payroll)
    for module in (view, undo_view):
        monkeypatch.setattr(module, "AT_ONCE", 5)
    with django_capture_on_commit_callbacks(execute=True):
        answer = ben_client.post(URL, {**FALSE, "all": "1", "query": ""}, follow=True)
    assert "12 issues are many" in answer.content.decode()
    assert EVERY().filter(state="active").count() == 12
    listed = page(ben_client, "/issues/")
    assert "False positive</span><span><b>0</b> of 12 issues, <b>0 %</b>" in listed
    assert 'hx-get="/issues/deciding/"' in listed
    assert re.search(r'id="(undo-\d+)">Stop and undo', listed), "by its id it keeps the focus when a poll replaces it"
    queue.work()
    assert "Done. The numbers below are from before." in page(ben_client, "/issues/deciding/")
    assert 'id="deciding" hidden' in page(ben_client, "/issues/")
    assert EVERY().filter(state="excluded").count() == 12
    with django_capture_on_commit_callbacks(execute=True):
        undone = ben_client.post(undo_address(answer), follow=True)
    assert "12 issues are many" in undone.content.decode()
    queue.work()
    assert EVERY().filter(state="active").count() == 12


@pytest.mark.parametrize("done", [0, 3])
def test_what_is_undone_while_it_goes_on_stops_and_goes_back(
    tenant, payroll, ben, ben_client, queue, monkeypatch, done, django_capture_on_commit_callbacks
):
    make_issues(12, tenant, payroll)
    for module in (view, undo_view):
        monkeypatch.setattr(module, "AT_ONCE", 5)
    with django_capture_on_commit_callbacks(execute=True):
        answer = ben_client.post(URL, {**FALSE, "all": "1", "query": ""}, follow=True)
    some = EVERY().filter(pk__in=EVERY().order_by("pk").values("pk")[:done])
    exclude(some, "false_positive", "Not our build", None, ben, BulkDecision.objects.get().at)
    with django_capture_on_commit_callbacks(execute=True):
        undone = ben_client.post(undo_address(answer), follow=True)
    assert "Stopped. What has changed already goes back" in undone.content.decode()
    queue.work()
    assert EVERY().filter(state="active").count() == 12
    assert not BulkDecision.objects.exists()


def test_the_list_shows_whose_an_issue_is(three, ada, ben, ben_client):
    assign_owner(EVERY().filter(pk=three[0].pk), ada, ben)
    cells = re.findall(r'<td class="p5">\s*(\w+)\s*</td>', page(ben_client, "/issues/?sort=title"))
    assert cells.count("ada") == 1
    assert cells.count("olga") == 2
