"""The simulated tenant as a process of its own, so that it does not share the importer's interpreter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.request import Request, urlopen

from django.conf import settings

TOKEN = "simulated-token-for-the-benchmark"  # noqa: S105 - opens nothing but the tenant below


class Tenant:
    """``with Tenant(100_000) as tenant``: exactly so many findings at ``tenant.url``."""

    def __init__(self, findings: int, data_dir: Path) -> None:
        self.findings = findings
        command = [sys.executable, "manage.py", "simulate_tenant", "--port", "0", "--findings", str(findings)]
        self._process = subprocess.Popen(
            [*command, "--token", TOKEN, "--epoch", "2026-11-01T00:00:00+00:00"],
            cwd=settings.BASE_DIR,
            env=os.environ | {"DATA_DIR": str(data_dir)},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = self._said("URL ")

    def _said(self, start: str) -> str:
        for line in self._process.stdout or ():
            if line.startswith(start):
                return line.removeprefix(start).strip()
        raise RuntimeError("The simulated tenant did not start.")

    def live_on(self) -> None:
        """One day: about one finding in a hundred removed, half as many new, every endpoint scanned again."""
        self._post("advance", {})

    def _post(self, action: str, body: dict[str, Any]) -> None:
        request = Request(f"{self.url}/_simulator/{action}", json.dumps(body).encode(), method="POST")  # noqa: S310
        with urlopen(request, timeout=600) as answer:  # noqa: S310 - loopback
            answer.read()

    def __enter__(self) -> Tenant:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(10)
