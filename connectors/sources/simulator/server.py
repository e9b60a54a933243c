"""Serves a tenant over HTTP/1.1 on loopback, with keep-alive, a log and whatever faults are on."""

from __future__ import annotations

import socket
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from threading import Event, Thread
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from connectors.sources.simulator import control
from connectors.sources.simulator.answers import Answer
from connectors.sources.simulator.routes import SCAN, Request, respond
from connectors.sources.simulator.tenant import SimulatedTenant


@dataclass(frozen=True, slots=True)
class Logged:
    """A request as it came; the token never stands in it."""

    method: str
    path: str
    query: str
    status: int  # 0: the connection was cut


class TenantServer:
    """A running tenant. ``with TenantServer(tenant) as server:`` or ``start()`` and ``stop()``."""

    def __init__(self, tenant: SimulatedTenant, host: str = "127.0.0.1", port: int = 0) -> None:
        if not ip_address(host).is_loopback:
            raise ValueError("The simulator listens on loopback only.")
        self.tenant = tenant
        self.log: list[Logged] = []
        self.stopping = Event()
        self._http = _Http((host, port), self)
        self._thread: Thread | None = None

    @property
    def url(self) -> str:
        host, port = self._http.server_address[:2]
        return f"http://{host!s}:{port}"

    @property
    def token(self) -> str:
        return self.tenant.token

    @property
    def counts(self) -> Counter[str]:
        """Requests by path."""
        return Counter(logged.path for logged in self.log)

    @property
    def scans_started(self) -> int:
        """How often somebody asked for a scan; a reader never does."""
        return self.counts[SCAN]

    def start(self) -> TenantServer:
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        self.stopping.set()
        if self._thread:
            self._http.shutdown()
            self._thread.join()
        self._http.server_close()

    def __enter__(self) -> TenantServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def record(self, request: Request, query: str, status: int) -> None:
        clean = query.replace(self.token, "[token]")
        self.log.append(Logged(request.method, request.path.replace(self.token, "[token]"), clean, status))

    def answer(self, request: Request) -> tuple[Answer, bool]:
        """What to send, and whether to cut the connection in the middle of it."""
        tenant = self.tenant
        if request.path.startswith(control.ROOT):
            return control.control(tenant, request, [asdict(logged) for logged in self.log]), False
        cursor = dict(request.query).get("cursor", "")
        with tenant.lock:
            faults = tenant.faults.striking(request.path, bool(cursor))
        self.stopping.wait(tenant.latency + sum(fault.seconds for fault in faults if fault.kind == "hang"))
        for fault in faults:
            if (instead := fault.instead()) is not None:
                return instead, False
        with tenant.lock:
            answer = respond(tenant, request)
            for fault in faults:
                fault.spoil(answer, cursor)
        return answer, any(fault.kind == "cut" for fault in faults)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], owner: TenantServer) -> None:
        self.owner = owner
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error of ours; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_version, sys_version = "nginx", ""
    server: _Http

    def _serve(self) -> None:
        split = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        pairs = parse_qsl(split.query, keep_blank_values=True)
        request = Request(self.command, split.path, pairs, self.headers.get("Authorization", ""), body)
        answer, cut = self.server.owner.answer(request)
        if not split.path.startswith(control.ROOT):
            self.server.owner.record(request, split.query, 0 if cut else answer.status)
        self._send(answer, cut)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - the names that http.server calls

    def _send(self, answer: Answer, cut: bool) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body[: len(answer.body) // 2] if cut else answer.body)
        if cut:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:
        """The log is kept on the server object, not printed."""
