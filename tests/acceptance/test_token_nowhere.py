"""The token is nowhere to be found: not on disk, not in what commands print, not on a page or in the API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import reverse

from connectors.models import Connection, SyncRun
from connectors.sources.simulator import SimulatedTenant, TenantServer
from connectors.sync.connect import check_connection, store_connection
from connectors.sync.start import start_run
from connectors.sync.work import Next, take_turn
from issues.models import Application, Endpoint, Issue

TOKEN = "a-token-that-nobody-but-the-tenant-may-ever-see-Q7x9"


@pytest.fixture
def server() -> Iterator[TenantServer]:
    with TenantServer(SimulatedTenant(seed=3, endpoints=4, token=TOKEN)) as running:
        yield running


def files_with(secret: str, folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and secret.encode() in file.read_bytes()]


@pytest.mark.slow
def test_not_in_any_file_nor_in_what_commands_print(installation, server, tmp_path):
    allowed = {"SOURCE_ALLOW_HTTP": "1", "SOURCE_ALLOWED_NETWORKS": "127.0.0.0/8"}
    (tmp_path / "token").write_text(TOKEN)
    installation.run("migrate", "--verbosity", "0")
    connect = ("connect", "sentinelone", "--url", server.url, "--token-file", str(tmp_path / "token"), "--json")
    ran = [
        installation.run(*connect, **allowed),
        installation.run("sync", "--json", **allowed),
    ]
    assert [r.returncode for r in ran] == [0, 0]
    server.tenant.faults.add("unauthorized", times=None)
    server.tenant.faults.add("unauthorized", path="/web/api/v2.1/system/info", times=None)
    refused = installation.run("sync", "--json", **allowed)
    assert refused.returncode == 1

    printed = "".join(r.stdout + r.stderr for r in (*ran, refused))
    assert TOKEN not in printed
    assert files_with(server.url.removeprefix("http://"), installation.data_dir)  # the search finds what is there
    assert files_with(TOKEN, installation.data_dir) == []


def test_not_on_a_page_nor_in_the_api_nor_in_a_table(db, settings, server, ada, ada_client, queue):
    settings.SOURCE_ALLOW_HTTP, settings.SOURCE_ALLOWED_NETWORKS = True, ("127.0.0.0/8",)
    host, result = check_connection("sentinelone", server.url, TOKEN)
    connection = store_connection("sentinelone", "Tenant", host, TOKEN, result, ada)
    run = SyncRun.objects.unfinished().first() or start_run(connection, "full", ring=False)
    while take_turn(run.pk, patient=False) is Next.AGAIN:
        pass

    for address in addresses(connection, run):
        answer = ada_client.get(address)
        assert answer.status_code == 200, address
        assert TOKEN not in answer.content.decode(), address
    stored = [repr(row) for model in apps.get_models() for row in model._default_manager.values()]
    assert any(server.url in row for row in stored)
    assert not [row for row in stored if TOKEN in row]
    assert TOKEN not in repr(queue.tasks)


def addresses(connection: Connection, run: SyncRun) -> list[str]:
    issue, endpoint, application = Issue.objects.first(), Endpoint.objects.first(), Application.objects.first()
    assert issue
    assert endpoint
    assert application
    return [
        "/",
        "/issues/",
        issue.get_absolute_url(),
        endpoint.get_absolute_url(),
        application.get_absolute_url(),
        reverse("connectors:catalogue"),
        reverse("connectors:token", args=[connection.pk]),
        reverse("connectors:settings", args=[connection.pk]),
        reverse("connectors:resources", args=[connection.pk]),
        reverse("connectors:runs"),
        reverse("connectors:run", args=[run.pk]),
        "/api/v1/connections/",
        f"/api/v1/connections/{connection.pk}/",
        f"/api/v1/runs/{run.pk}/",
        "/api/v1/issues/",
        "/api/v1/findings/",
    ]
