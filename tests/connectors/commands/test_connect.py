from __future__ import annotations

import io
import sys

import pytest

from connectors.models import Connection, SyncRun

pytestmark = pytest.mark.django_db


def test_a_good_tenant_is_connected_and_its_first_import_queued(manage, console, token_file):
    done = manage("connect", "sentinelone", "--url", f"{console.url}/dashboard", "--token-file", token_file)
    connection = Connection.objects.get()
    assert done.code == 0
    assert len([line for line in done.out.splitlines() if line.startswith(("      ok  ", " warning  "))]) == 5
    assert f"`manage.py sync {connection.pk}`" in done.out
    assert connection.active_run.mode == "full"
    assert console.token not in done.out


def test_the_token_may_come_from_standard_input(manage, console, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"  {console.token}\n"))
    done = manage("connect", "sentinelone", "--url", console.url, "--token-stdin", "--name", "Production", "--no-sync")
    assert done.code == 0
    assert Connection.objects.get().name == "Production"
    assert not SyncRun.objects.exists()


def test_json_says_the_same_in_one_object(manage, console, token_file):
    said = manage("connect", "sentinelone", "--url", console.url, "--token-file", token_file, "--json").json
    connection = Connection.objects.get()
    assert (said["connected"], said["connection"], said["error"]) == (True, str(connection.pk), None)
    assert said["run"] == str(connection.active_run.pk)
    assert [step["state"] for step in said["steps"]] == ["ok", "ok", "warning", "ok", "ok"]  # a site has expired


def test_a_wrong_token_is_refused_with_the_step_that_failed(manage, console, tmp_path):
    wrong = tmp_path / "token"
    wrong.write_text("this-token-belongs-to-nobody")
    done = manage("connect", "sentinelone", "--url", console.url, "--token-file", str(wrong))
    assert done.code == 1
    assert "FAILED  API token works" in done.out
    assert "Refused, nothing was stored. API token works:" in done.err
    said = manage("connect", "sentinelone", "--url", console.url, "--token-file", str(wrong), "--json")
    assert (said.code, said.json["connected"], said.json["error"]["code"]) == (1, False, "token")
    assert not Connection.objects.exists()
    assert "belongs-to-nobody" not in done.out + done.err + said.out


def test_a_tenant_without_licence_is_kept_and_needs_attention(manage, console, token_file):
    console.tenant.licensed = False
    done = manage("connect", "sentinelone", "--url", console.url, "--token-file", token_file)
    assert done.code == 0
    assert "It needs attention" in done.out
    assert Connection.objects.get().problem


@pytest.mark.parametrize("url", ["http://[", "ftp://example.com", ""])
def test_what_is_no_address_is_refused(manage, token_file, url):
    done = manage("connect", "sentinelone", f"--url={url}", "--token-file", token_file, "--json")
    assert (done.code, done.json["error"]["code"]) == (1, "input")


def test_a_token_file_that_is_not_there_is_told(manage, console, tmp_path):
    done = manage("connect", "sentinelone", "--url", console.url, "--token-file", str(tmp_path / "none"))
    assert done.code == 1
    assert "can't be read: No such file or directory" in done.err


def test_without_a_token_nobody_is_asked_in_a_script(manage, console, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    done = manage("connect", "sentinelone", "--url", console.url)
    assert done.code == 1
    assert "--token-file FILE or --token-stdin" in done.err


def test_a_taken_name_is_refused(manage, console, token_file, connection):
    done = manage("connect", "sentinelone", "--url", console.url, "--token-file", token_file, "--name", connection.name)
    assert done.code == 1
    assert "Another connection has this name" in done.err
