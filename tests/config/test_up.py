"""``up`` as an operator meets it: real processes, real signals."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import urllib.error
import urllib.request

import pytest

from tests.eventually import eventually

pytestmark = pytest.mark.slow


@pytest.fixture
def up(installation):
    """A running installation: the process of ``up``, its address, and what it printed."""
    process = installation.start("up", "--bind", "127.0.0.1:0")
    lines: list[str] = []
    while not (found := re.search(r"Sightline is at (http://127\.0\.0\.1:\d+)/", "".join(lines))):
        line = process.stdout.readline()
        assert line, f"up ended: {''.join(lines)}"
        lines.append(line)
    process.address = found[1]
    return process


def health(up) -> dict:
    try:
        with urllib.request.urlopen(f"{up.address}/healthz", timeout=5) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)
    except OSError:
        return {}


def test_first_start_offers_to_choose_a_password_and_everything_ends_on_sigterm(installation, up):
    assert re.search(rf"{up.address}/accounts/first-run/\w+/[\w-]+/\n", up.stdout.readline())
    assert eventually(lambda: health(up).get("workers") == "answering")
    assert len(installation.processes()) > 5

    up.send_signal(signal.SIGTERM)
    assert up.wait(20) == 0
    assert eventually(lambda: installation.processes() == [], within=2)


def test_nothing_is_left_behind_when_the_supervisor_is_killed_outright(installation, up):
    up.kill()
    up.wait()
    assert eventually(lambda: installation.processes() == [], within=5)


def test_a_web_server_that_dies_comes_back_on_the_same_port(installation, up):
    (web,) = [pid for pid in installation.processes() if os.getpgid(pid) == pid and "gunicorn" in command(pid)]
    os.kill(web, signal.SIGKILL)
    assert "The web server ended with -9" in "".join(up.stdout.readline() for _ in range(2))
    assert eventually(lambda: health(up).get("status") == "ok")


def test_a_port_in_use_is_told_in_a_sentence(installation):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = installation.run("up", "--bind", f"127.0.0.1:{taken.getsockname()[1]}")
    assert refused.returncode == 1
    assert "can't be used: Address already in use. Choose another one with --bind" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("option", ["--web-workers", "--import-workers"])
def test_a_site_without_workers_is_refused(installation, option):
    refused = installation.run("up", option, "0")
    assert refused.returncode == 1
    assert "must be at least 1" in refused.stderr


def test_a_database_that_is_not_there_is_told_in_a_sentence_without_its_password(installation):
    refused = installation.run("up", "--bind", "127.0.0.1:0", DATABASE_URL="postgres://me:hunter2@127.0.0.1:1/none")
    assert refused.returncode == 1
    assert "The database can't be used" in refused.stderr
    assert "DATABASE_URL" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "hunter2" not in refused.stderr


def test_a_data_dir_that_can_not_be_made_is_told_in_a_sentence(installation, tmp_path):
    (tmp_path / "file").touch()
    refused = installation.run("up", DATA_DIR=str(tmp_path / "file" / "data"))
    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: DATA_DIR is ")
    assert "Traceback" not in refused.stderr


def command(pid: int) -> str:
    with open(f"/proc/{pid}/cmdline") as words:
        return words.read().replace("\0", " ")
