from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from connectors.models import RunResource
from tests.factories import make_connection, make_run

pytestmark = pytest.mark.django_db

HISTORY = "/connectors/runs/"


def html(client, address: str, **headers) -> str:
    answer = client.get(address, **headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_before_the_first_import_the_next_step_is_offered(vic_client):
    assert "Nothing was imported yet" in html(vic_client, HISTORY)


def test_the_history_lists_every_import_with_its_counts(vic_client):
    run = make_run(make_connection("Production"), "partial", read=1234, created=17)
    page = html(vic_client, HISTORY)
    assert f'href="/connectors/runs/{run.pk}/"' in page
    for words in ("Production", "Partly read", "1,234", "17"):
        assert words in page


def test_the_history_is_filtered_by_connection_and_result(vic_client):
    production, retail = make_connection("Production"), make_connection("Retail")
    one, two, three = make_run(production), make_run(production, "failed"), make_run(retail)

    def listed(query: str) -> set[int]:
        page = html(vic_client, HISTORY + query)
        return {run.pk for run in (one, two, three) if f'href="/connectors/runs/{run.pk}/"' in page}

    assert listed(f"?connection={production.pk}") == {one.pk, two.pk}
    assert listed("?state=failed") == {two.pk}
    assert listed(f"?connection={retail.pk}&state=failed") == set()
    assert "No import matches" in html(vic_client, f"{HISTORY}?connection=999999")


def test_the_history_has_pages_that_keep_the_filter(vic_client):
    connection = make_connection()
    for _ in range(51):
        make_run(connection)
    first = html(vic_client, f"{HISTORY}?connection={connection.pk}")
    assert f"?connection={connection.pk}&amp;page=2" in first
    second = html(vic_client, f"{HISTORY}?connection={connection.pk}&page=2")
    assert second.count('<th scope="row">') == 1


def test_the_number_of_queries_of_the_history_does_not_grow(vic_client):
    connection = make_connection()

    def asked() -> int:
        with CaptureQueriesContext(database) as queries:
            html(vic_client, HISTORY)
        return len(queries)

    make_run(connection)
    html(vic_client, HISTORY)
    few = asked()
    for _ in range(10):
        make_run(make_connection())
    assert asked() == few


def test_an_import_tells_everything_it_did(vic_client, ada):
    began = timezone.now() - timedelta(minutes=5)
    run = make_run(
        make_connection("Production"), "partial",
        started_by=ada, started_at=began, finished_at=began + timedelta(seconds=99),
        read=1_001, created=2_002, changed=3_003, unchanged=4_004, resolved=5_005, reopened=6_006, removed=7_007,
        skipped=8_008, issues_created=11, issues_changed=12, issues_resolved=13, issues_reopened=14, issues_removed=15,
        requests=987, endpoints_read=4_321, error_code="incomplete", error="Half of Berlin came.",
        warnings=["Endpoints could not be read."], broken_rows=[{"reason": "no CVE", "sample": '{"id": "<b>7</b>"}'}],
    )  # fmt: skip
    RunResource.objects.create(
        run=run, position=0, kind="site", external_id="1", name="Berlin", state="incomplete", read=600, total=1_200,
        error="600 of 1,200 announced rows came.",
    )  # fmt: skip
    page = html(vic_client, f"{HISTORY}{run.pk}/")
    numbers = [f"{n},00{n}" for n in range(1, 9)] + ["11", "12", "13", "14", "15", "987", "4,321", "1,200"]
    sentences = ["Half of Berlin came.", "Endpoints could not be read.", "600 of 1,200 announced", "started by ada"]
    for words in (*numbers, *sentences, "1 min 39 s", "no CVE", "&lt;b&gt;7&lt;/b&gt;", "Berlin"):
        assert words in page
    assert 'hx-trigger="every' not in page


def test_a_running_import_is_polled_and_painted_the_same(ben_client):
    run = make_run(make_connection(), "running", phase="findings", read=5)
    RunResource.objects.create(run=run, position=0, kind="tenant", name="Everything", state="reading", total=20)
    page = html(ben_client, f"{HISTORY}{run.pk}/")
    part = html(ben_client, f"{HISTORY}{run.pk}/", HTTP_HX_REQUEST="true")
    assert part.strip().startswith('<div class="stack" id="run"')
    for words in ('hx-trigger="every 2s"', "Cancel import", "<b>5</b> of 20 rows, <b>25 %</b>"):
        assert words in page
        assert words in part


def test_several_resources_show_which_is_being_read(vic_client):
    run = make_run(make_connection(), "running", phase="findings", read=130)
    rows = [("Berlin", "complete", 100, 100), ("Lisbon", "reading", 30, 60), ("Austin", "waiting", 0, None)]
    for position, (name, state, read, total) in enumerate(rows):
        RunResource.objects.create(
            run=run, position=position, kind="site", external_id=name, name=name, state=state, read=read, total=total
        )
    page = html(vic_client, f"{HISTORY}{run.pk}/")
    assert "Reading findings, site Lisbon" in page
    assert "<b>30</b> of 60 rows, <b>50 %</b>" in page
    assert "1 of 3 resources done" in page


def test_application_owners_do_not_see_imports(olga_client):
    run = make_run(make_connection())
    assert olga_client.get(HISTORY).status_code == 403
    assert olga_client.get(f"{HISTORY}{run.pk}/").status_code == 403
