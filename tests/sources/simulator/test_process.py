from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

HERE = Path(__file__).parents[3]
START = [sys.executable, "manage.py", "simulate_tenant", "--endpoints", "2", "--epoch", "2026-03-02T08:00:00+00:00"]


@pytest.mark.slow
def test_the_command_prints_where_it_is_and_ends_when_told():
    with subprocess.Popen([*START, "--token", "of-mine"], cwd=HERE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url, token = (process.stdout.readline().split()[1] for _ in range(2))
        answer = requests.get(
            url + "/web/api/v2.1/agents?countOnly=true", headers={"Authorization": f"ApiToken {token}"}, timeout=5
        )
        assert (token, answer.json()["pagination"]["totalItems"]) == ("of-mine", 2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


@pytest.mark.slow
def test_the_command_says_what_it_cannot_do():
    refused = subprocess.run([*START, "--findings", "5"], cwd=HERE, capture_output=True, text=True, timeout=30)
    assert refused.returncode == 1
    assert "not both" in refused.stderr
