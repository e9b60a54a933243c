"""``demo`` as somebody meets it who tries the product: real processes, real HTTP, and nothing of it left behind."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import stat
from pathlib import Path

import pytest

from tests.eventually import eventually

pytestmark = pytest.mark.slow


class Demo:
    def __init__(self, installation, *options: str) -> None:
        self.folder = installation.data_dir
        # A database that must not be touched, and cannot be: the demo goes past it to its own.
        self.process = installation.start(
            "demo", "--bind", "127.0.0.1:0", "--data-dir", str(self.folder), *options,
            DATA_DIR=str(self.folder.with_name("real")), DATABASE_URL="postgres://nobody@127.0.0.1:1/real",
        )  # fmt: skip
        self.lines: list[str] = []

    def says(self, pattern: str) -> re.Match[str]:
        while True:
            line = self.process.stdout.readline()
            assert line, f"demo ended: {''.join(self.lines)}"
            self.lines.append(line)
            if found := re.search(pattern, line):
                return found

    def rows(self, query: str) -> list[tuple]:
        with sqlite3.connect(f"file:{self.folder / 'sightline.sqlite3'}?mode=ro", uri=True) as database:
            return database.execute(query).fetchall()


def test_one_command_shows_everything_and_a_second_start_finds_it_again(installation):
    demo = Demo(installation, "--endpoints", "8", "--seed", "3")
    demo.says(r"Sightline is at http://127\.0\.0\.1:\d+/")
    password = demo.says(r"Sign in as demo with the password (\S+)$")[1]
    demo.says("First import: succeeded")
    findings, issues = demo.says(r"has ([\d,]+) findings in ([\d,]+) issues").groups()
    assert int(findings.replace(",", "")) > 500
    assert issues != "0"
    assert demo.rows("SELECT count(*) FROM issues_feed WHERE rows > 0") == [(2,)]
    assert stat.S_IMODE((demo.folder / "demo.json").stat().st_mode) == 0o600
    assert json.loads((demo.folder / "demo.json").read_text())["password"] == password
    token = demo.rows("SELECT token FROM connectors_connection")[0][0]

    demo.process.terminate()
    assert demo.process.wait(30) == 0
    assert eventually(lambda: installation.processes() == [], within=5)

    with socket.create_server(("127.0.0.1", json.loads((demo.folder / "demo.json").read_text())["port"])) as taken:
        again = Demo(installation)
        assert again.says(r"Sign in as demo with the password (\S+)$")[1] == password
        again.says(f"has {findings} findings in {issues} issues")
        ((host, kept_token, problem),) = again.rows("SELECT host_url, token, problem FROM connectors_connection")
        assert host != f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert (kept_token, problem) == (token, "")
        assert len(again.rows("SELECT 1 FROM connectors_syncrun")) == 1


def test_another_tenant_in_the_same_place_is_refused(installation, tmp_path):
    installation.data_dir.mkdir()
    kept = {"seed": 3, "endpoints": 8, "epoch": "2026-11-22T10:00:00+00:00", "port": 0, "password": "x"}
    (installation.data_dir / "demo.json").write_text(json.dumps(kept))
    folder = str(installation.data_dir)
    refused = installation.run("demo", "--bind", "127.0.0.1:0", "--data-dir", folder, "--endpoints", "9")
    assert refused.returncode == 1
    assert "holds a demo of 8 endpoints with seed 3" in refused.stderr


def test_a_port_in_use_is_told_in_a_sentence(installation):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        refused = installation.run("demo", "--bind", bind, "--data-dir", str(installation.data_dir))
    assert refused.returncode == 1
    assert "can't be used: Address already in use. Choose another one with --bind" in refused.stderr
    assert not (Path(installation.data_dir) / "demo.json").exists()
