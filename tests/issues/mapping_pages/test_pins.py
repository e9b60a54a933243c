"""Pins by hand: on the page of an endpoint, and for many that were ticked."""

from __future__ import annotations

import pytest

from issues.models import EndpointEvent

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def post(client_of, queue, django_capture_on_commit_callbacks):
    """``post(ben, host, "pin", application="Payroll")``, and the work that it asks for."""

    def send(user, address: str, **values) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            answer = client_of(user).post(address, values, follow=True)
        while queue.tasks:
            with django_capture_on_commit_callbacks(execute=True):
                queue.work()
        return text(answer)

    return send


def test_a_pin_beats_the_rules_until_it_is_taken_away(ben, ben_client, post, hosts, payroll):
    host = hosts[0]
    page = post(ben, f"/endpoints/{host.pk}/pin/", application="payroll", reason="It prints the pay slips")
    assert "1 endpoint is pinned to Payroll" in page
    host.refresh_from_db()
    assert (host.application, host.pinned) == (payroll, True)
    assert payroll.issues.get().endpoints == 1
    event = EndpointEvent.objects.get(endpoint=host, kind="pinned")
    assert (event.user, event.note) == (ben, "It prints the pay slips")
    assert "Leave it to the rules" in text(ben_client.get(host.get_absolute_url()))
    page = post(ben, f"/endpoints/{host.pk}/unpin/")
    assert f"The rules decide about {host.name} again." in page
    host.refresh_from_db()
    assert (host.application.slug, host.pinned) == ("unassigned", False)


def test_an_application_that_is_not_there_is_told(ben, post, hosts):
    page = post(ben, f"/endpoints/{hosts[0].pk}/pin/", application="Payrol")
    assert "There is no application “Payrol”." in page
    hosts[0].refresh_from_db()
    assert not hosts[0].pinned


def test_many_are_pinned_at_once_and_one_comes_back_to_the_list(ben, post, hosts, payroll):
    ticked = [hosts[0].pk, hosts[2].pk, "x", 2**70, 999_999]
    page = post(ben, "/endpoints/pin/", endpoint=ticked, application="Payroll", next="/endpoints/?q=pay")
    assert "2 endpoints are pinned to Payroll" in page
    assert 'value="pay"' in page
    for host in hosts:
        host.refresh_from_db()
    assert [host.pinned for host in hosts] == [True, False, True]


def test_nothing_ticked_and_a_foreign_address(ben, client_of, post, hosts, payroll):
    assert "Tick the endpoints first." in post(ben, "/endpoints/pin/", application="Payroll")
    values = {"endpoint": [hosts[0].pk], "application": "Payroll", "next": "https://evil.example/"}
    assert client_of(ben).post("/endpoints/pin/", values)["Location"] == "/endpoints/"


@pytest.mark.parametrize("who", ["olga", "vic"])
def test_only_those_who_manage_applications_pin(who, request, client_of, hosts, payroll):
    host, client = hosts[0], client_of(request.getfixturevalue(who))
    for address in (f"/endpoints/{host.pk}/pin/", f"/endpoints/{host.pk}/unpin/", "/endpoints/pin/"):
        assert client.post(address, {"application": "Payroll", "endpoint": [host.pk]}).status_code == 403
        assert client.get(address).status_code == 405
    host.refresh_from_db()
    assert not host.pinned


def test_an_endpoint_that_never_was(ben_client, hosts):
    assert ben_client.post("/endpoints/999999/pin/", {"application": "Payroll"}).status_code == 404
    assert ben_client.post("/endpoints/999999/unpin/").status_code == 404


@pytest.mark.parametrize(("who", "offered"), [("ben", True), ("vic", False)])
def test_the_control_shows_to_those_who_may(who, offered, request, client_of, hosts):
    client = client_of(request.getfixturevalue(who))
    assert ("Pin it to an application" in text(client.get(hosts[0].get_absolute_url()))) == offered
    assert ('form="pin-many"' in text(client.get("/endpoints/"))) == offered
