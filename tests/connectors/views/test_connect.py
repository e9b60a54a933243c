"""The form against a simulated tenant, over real HTTP."""

from __future__ import annotations

import pytest
from django.test import Client

from connectors.models import Connection, SyncRun
from connectors.sources.simulator import SimulatedTenant, TenantServer

pytestmark = pytest.mark.django_db

PAGE = "/connectors/sentinelone/connect/"
WRONG = "eyJhbGciOiJub25lIn0.this-token-belongs-to-nobody"


def submit(client: Client, url: str, token: str, name: str = "", follow: bool = True, **headers):
    return client.post(PAGE, {"host_url": url, "token": token, "name": name}, follow=follow, **headers)


def test_the_form_has_the_labels_people_know(ada_client):
    page = ada_client.get(PAGE).content.decode()
    for words in ("Sentinel One Host URL", "API token", ">Connect</button>", "My Profile", "service user"):
        assert words in page


def test_a_good_tenant_is_stored_and_its_first_import_begins(ada_client, ada, console):
    page = submit(ada_client, f"{console.url}/dashboard", console.token, "Production")
    connection = Connection.objects.get()
    assert page.redirect_chain == [(f"/connectors/#connection-{connection.pk}", 302)]
    assert "Production is connected: all five checks passed" in page.content.decode()
    assert (connection.host_url, connection.created_by, connection.problem) == (console.url, ada, "")
    assert connection.token.reveal() == console.token
    assert connection.active_run.started_by == ada


def test_over_htmx_the_browser_is_sent_to_the_card(ada_client, console):
    answer = submit(ada_client, console.url, console.token, follow=False, HTTP_HX_REQUEST="true")
    assert answer["HX-Redirect"] == f"/connectors/#connection-{Connection.objects.get().pk}"


def test_a_wrong_token_stores_nothing_and_shows_each_step(ada_client, console):
    page = submit(ada_client, console.url, WRONG).content.decode()
    assert not Connection.objects.exists()
    assert [step in page for step in ("is-ok", "is-failed", "is-skipped")] == [True, True, True]
    assert f'value="{console.url}"' in page
    assert WRONG not in page


def test_a_wrong_host_is_told_in_the_first_step_and_never_sees_the_token(ada_client, console):
    console.tenant.faults.add("other_site", path="/system/status", times=None)
    page = submit(ada_client, console.url, WRONG).content.decode()
    assert not Connection.objects.exists()
    assert "not a SentinelOne console" in page
    assert page.count('class="is-skipped"') == 4
    assert console.counts["/web/api/v2.1/system/info"] == 0


def test_over_htmx_the_form_comes_back_alone(ada_client, console):
    answer = submit(ada_client, console.url, WRONG, HTTP_HX_REQUEST="true").content.decode()
    assert answer.strip().startswith('<div class="stack" id="connect">')
    assert "data-announce" in answer


def test_a_private_address_is_refused_unless_it_was_allowed(ada_client, console, settings):
    settings.SOURCE_ALLOWED_NETWORKS = ()
    page = submit(ada_client, console.url, console.token).content.decode()
    assert not Connection.objects.exists()
    assert 'class="is-failed"' in page
    assert console.log == []


def test_a_tenant_without_licence_is_kept_and_needs_attention(ada_client, console):
    console.tenant.licensed = False
    page = submit(ada_client, console.url, console.token).content.decode()
    connection = Connection.objects.get()
    assert connection.problem_code in ("module_missing", "permission_missing")
    assert "needs attention" in page
    assert "Needs attention" in page
    assert not SyncRun.objects.exists()


def test_scanning_switched_off_connects_with_a_warning(ada_client, console):
    console.tenant.scanning = False
    page = submit(ada_client, console.url, console.token).content.decode()
    assert Connection.objects.get().active_run
    assert "scanning is switched off in the console" in page


def test_a_token_of_one_site_is_enough(ada_client, reachable):
    with TenantServer(SimulatedTenant(seed=7, endpoints=8, token_scope="site")) as server:
        submit(ada_client, server.url, server.token)
    assert Connection.objects.get().token_scope == "site"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"host_url": "", "token": "x" * 40}, "Enter the address of the console."),
        ({"host_url": "http://usea1.sentinelone.net", "token": "x" * 40}, "Use https://"),
        ({"host_url": "https://usea1.sentinelone.net", "token": "  "}, "Paste the API token."),
        ({"host_url": "https://me:secret@usea1.sentinelone.net", "token": "x"}, "Leave out the user name"),
    ],
)
def test_what_can_not_be_tried_is_told_at_its_field(ada_client, values, said):
    page = ada_client.post(PAGE, values).content.decode()
    assert said in page
    assert not Connection.objects.exists()


def test_a_taken_name_is_told_before_the_console_is_asked(ada_client, connection, console):
    asked = len(console.log)
    page = submit(ada_client, console.url, console.token, connection.name).content.decode()
    assert "Another connection has this name" in page
    assert len(console.log) == asked


def test_the_console_is_linked_once_its_address_is_known(ada_client):
    def link(text: str) -> str:
        return ada_client.get("/connectors/sentinelone/console/", {"host_url": text}).content.decode()

    assert 'href="https://usea1-acme.sentinelone.net"' in link("usea1-acme.sentinelone.net/dashboard")
    assert "<a" not in link("javascript:alert(1)")
    assert "<a" not in link("")


def test_an_unknown_connector_is_not_found(ada_client):
    assert ada_client.get("/connectors/jira/connect/").status_code == 404
    assert ada_client.get("/connectors/jira/console/").status_code == 404


def test_only_admins_connect(client_of, ben, vic, olga, console):
    for person in (ben, vic, olga):
        assert client_of(person).get(PAGE).status_code == 403
        assert submit(client_of(person), console.url, console.token).status_code == 403
    assert not Connection.objects.exists()


def test_a_new_token_replaces_the_old_one_when_it_works(ada_client, connection, console):
    connection.set_problem("token_refused", "The token was refused.")
    connection.save()
    address = f"/connectors/{connection.pk}/token/"
    refused = ada_client.post(address, {"token": WRONG}).content.decode()
    connection.refresh_from_db()
    assert 'class="is-failed"' in refused
    assert connection.token.reveal() == console.token
    assert WRONG not in refused

    ada_client.post(address, {"token": console.token})
    connection.refresh_from_db()
    assert connection.problem == ""
