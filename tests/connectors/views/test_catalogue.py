from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from connectors.models import RunResource
from tests.factories import make_application, make_connection, make_finding, make_resource, make_run

pytestmark = pytest.mark.django_db

PAGE = "/connectors/"
HTMX = {"HTTP_HX_REQUEST": "true"}


def html(client, address=PAGE, **headers) -> str:
    answer = client.get(address, **headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_with_nothing_connected_the_next_step_is_offered(ada_client):
    page = html(ada_client)
    assert "Not connected" in page
    assert 'href="/connectors/sentinelone/connect/"' in page


@pytest.mark.parametrize("text", ["sentinel", "s1", "Sentinel One", "SENTINELONE", "endpoint sec"])
def test_the_connector_is_found_by_its_names(ada_client, text):
    assert "Sentinel One</h3>" in html(ada_client, f"{PAGE}?q={text}")


def test_a_search_without_result_says_so_and_offers_to_clear_it(ada_client):
    page = html(ada_client, f"{PAGE}?q=jira")
    assert "No connector is called that" in page
    assert "Sentinel One</h3>" not in page


def test_a_connection_is_found_by_its_own_name(ada_client):
    make_connection("Retail")
    make_connection("Production")
    page = html(ada_client, f"{PAGE}?q=retail")
    assert "Retail</h4>" in page
    assert "Production</h4>" not in page


def test_live_search_answers_with_the_results_alone(ada_client):
    page = html(ada_client, f"{PAGE}?q=s1", **HTMX)
    assert page.lstrip().startswith('<div id="families">')
    assert page.strip() in html(ada_client, f"{PAGE}?q=s1")


def test_a_connection_shows_what_it_has_and_when_it_is_next_read(ada_client):
    connection = make_connection("Production", next_run_at=timezone.now() + timedelta(hours=3), interval_minutes=360)
    make_finding(connection, make_application("Payroll"))
    make_run(connection, issues_created=12, issues_resolved=3)
    page = html(ada_client)
    assert "Connected" in page
    assert "12 new, 3 resolved" in page
    assert "every 6 h" in page
    assert f'<a href="/issues/?connection={connection.pk}">1</a>' in page
    assert f"token …{connection.token_hint}" in page


def test_the_card_counts_selected_resources(ada_client):
    connection = make_connection(selection="picked")
    make_resource(connection, "Berlin", selected=True)
    make_resource(connection, "Lisbon")
    make_resource(connection, "Gone", state="deleted")
    assert "1 of 2" in html(ada_client)


def test_a_running_import_shows_rows_percent_and_can_be_cancelled(ada_client):
    connection = make_connection()
    started = timezone.now() - timedelta(minutes=1)
    run = make_run(connection, "running", phase="findings", read=6_000, started_at=started)
    RunResource.objects.create(
        run=run, position=0, kind="tenant", name="Everything", state="reading", read=6_000, total=24_000
    )
    page = html(ada_client)
    assert "Importing" in page
    assert "<b>6,000</b> of 24,000 rows, <b>25 %</b>" in page
    assert re.search("about 3 min( 0 s)? left", page)
    assert 'hx-trigger="every 2s"' in page
    assert f'action="/connectors/runs/{run.pk}/cancel/"' in page
    assert 'disabled title="An import is running' in page


def test_polling_gets_what_the_page_painted_first(ada_client):
    connection = make_connection("Production")
    run = make_run(connection, "running", phase="findings", read=10)
    RunResource.objects.create(run=run, position=0, kind="tenant", name="Everything", state="reading", total=40)
    part = html(ada_client, f"{PAGE}{connection.pk}/", **HTMX)
    assert without_tokens(part).strip() in without_tokens(html(ada_client))


def test_polling_ends_with_the_import(ada_client):
    connection = make_connection()
    make_run(connection, "succeeded")
    assert "hx-trigger" not in html(ada_client, f"{PAGE}{connection.pk}/")


def test_what_needs_attention_is_said_with_a_way_out(ada_client):
    connection = make_connection(problem_code="token_refused", problem="SentinelOne refused the API token.")
    page = html(ada_client)
    assert "Needs attention" in page
    assert "SentinelOne refused the API token." in page
    assert f'<a class="btn btn-primary" href="/connectors/{connection.pk}/token/">' in page
    assert "On hold" in page


def test_a_held_import_leads_to_the_page_that_explains_it(ada_client):
    connection = make_connection(problem_code="held", problem="30 of 40 findings were missing.")
    run = make_run(connection, "partial", error_code="held")
    assert f'<a class="btn" href="/connectors/runs/{run.pk}/">Look at the import</a>' in html(ada_client)


def test_a_paused_connection_says_so(ada_client):
    make_connection(paused=True)
    page = html(ada_client)
    assert "Paused" in page
    assert "Resume imports" in page


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(days=12, hours=1), "runs out in <b>12 days</b>"),
        (timedelta(days=1, hours=1), "runs out in <b>1 day</b>"),
        (timedelta(hours=2), "in less than a day"),
        (timedelta(days=-1), "has run out"),
    ],
)
def test_a_token_that_runs_out_is_announced(ada_client, left, said):
    make_connection(token_expires_at=timezone.now() + left)
    assert said in html(ada_client)


def test_a_token_good_for_long_is_not_mentioned(ada_client):
    make_connection(token_expires_at=timezone.now() + timedelta(days=40))
    assert "runs out" not in html(ada_client)


def test_a_deleted_connection_stays_visible_until_it_is_cleared(ada_client):
    connection = make_connection("Old", deleted_at=timezone.now())
    page = html(ada_client)
    assert "Deleting" in page
    assert f"/connectors/{connection.pk}/resources/" not in page
    connection.cleared_at = timezone.now()
    connection.save()
    assert "Old</h4>" not in html(ada_client)
    assert html(ada_client, f"{PAGE}{connection.pk}/") == ""


def test_who_may_what(client_of, ada, ben, vic, olga, client):
    connection = make_connection()
    own = f"/connectors/{connection.pk}/"
    admin, analyst, viewer = (html(client_of(person)) for person in (ada, ben, vic))
    assert "DELETE" in admin
    assert 'aria-label="Select resources"' in admin
    assert "DELETE" not in analyst
    assert f'action="{own}sync/"' in analyst
    assert f'action="{own}sync/"' not in viewer
    assert client_of(olga).get(PAGE).status_code == 403
    assert client.get(PAGE).status_code == 302


def test_the_number_of_queries_does_not_grow(ada_client):
    def asked() -> int:
        with CaptureQueriesContext(database) as queries:
            html(ada_client)
        return len(queries)

    def add(count: int) -> None:
        for _ in range(count):
            connection = make_connection()
            make_run(connection)
            run = make_run(connection, "running", phase="findings")
            RunResource.objects.create(run=run, position=0, kind="tenant", name="Everything", total=4)

    add(1)
    html(ada_client)
    few = asked()
    add(12)
    assert asked() == few


def test_the_token_stands_on_no_page(ada_client):
    connection = make_connection()
    secret = connection.token.reveal()
    for address in ("", f"{connection.pk}/", f"{connection.pk}/token/", f"{connection.pk}/delete/", "runs/"):
        page = html(ada_client, f"{PAGE}{address}")
        assert secret not in page
        assert connection.token.sealed not in page


def without_tokens(page: str) -> str:
    """CSRF values differ from request to request."""
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", page)
