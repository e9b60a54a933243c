"""Feeds in the shape of the real ones, as files and on a loopback server."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

DAY = "2026-11-21"


def epss_text(*rows: str, day: str = DAY) -> str:
    return "\n".join([f"#model_version:v2025.03.14,score_date:{day}T12:55:00Z", "cve,epss,percentile", *rows, ""])


def kev_text(*cves: str, ransomware: tuple[str, ...] = (), day: str = DAY, count: int | None = None) -> str:
    entries = [
        {
            "cveID": cve,
            "dateAdded": "2026-11-01",
            "knownRansomwareCampaignUse": "Known" if cve in ransomware else "Unknown",
        }
        for cve in cves
    ]
    whole = {
        "catalogVersion": "2026.11.21",
        "dateReleased": f"{day}T17:04:19.9796Z",
        "count": len(entries) if count is None else count,
        "vulnerabilities": entries,
    }
    return json.dumps(whole)


@pytest.fixture
def epss_file(tmp_path: Path) -> Callable[..., str]:
    def write(*rows: str, day: str = DAY) -> str:
        path = tmp_path / f"epss-{len(list(tmp_path.iterdir()))}.csv.gz"
        path.write_bytes(gzip.compress(epss_text(*rows, day=day).encode()))
        return str(path)

    return write


@pytest.fixture
def kev_file(tmp_path: Path) -> Callable[..., str]:
    def write(*cves: str, **options) -> str:
        path = tmp_path / f"kev-{len(list(tmp_path.iterdir()))}.json"
        path.write_text(kev_text(*cves, **options))
        return str(path)

    return write


class FeedServer:
    """``serve("/epss.csv", b"…")`` and ask ``url``; a path may answer with another status or only begin to answer."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.answers: dict[str, tuple[int, bytes, dict[str, str]]] = {}

    def serve(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> str:
        self.answers[path] = (status, body, headers)
        return self.address + path


@pytest.fixture
def feed_server() -> Iterator[FeedServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body, headers = feeds.answers[self.path]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    feeds = FeedServer(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield feeds
    server.shutdown()
    server.server_close()
    thread.join()
