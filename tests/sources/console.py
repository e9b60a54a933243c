"""A console that answers what a test tells it to, over real HTTP on loopback, and remembers who asked for what."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

BASE = "/web/api/v2.1"
HTML_429 = b"<html>\r\n<head><title>429 Too Many Requests</title></head>\r\n</html>\r\n"


@dataclass
class Reply:
    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    silent_for: float = 0.0
    drip: float = 0.0  # seconds between single bytes
    cut_after: int | None = None  # bytes of the body, then the connection ends

    @property
    def raw(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, str]
    token: str | None
    client_port: int
    body: bytes


def page(rows: Any, cursor: str | None = None, total: int | None = None) -> Reply:
    return Reply({"data": rows, "pagination": {"nextCursor": cursor, "totalItems": total}})


def error(status: int, detail: str | None = None, title: str = "", code: int | None = None) -> Reply:
    entry = {"code": code or status * 10000 + 10, "detail": detail, "title": title}
    return Reply({"errors": [entry]}, status)


Answerer = Callable[[Asked], Reply]


class Console:
    """``answer(path, …)`` gives a path its replies in order; the last one stays."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self._replies: dict[str, list[Reply] | Answerer] = {}
        self._server = _Server(self)
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, path: str, *replies: Reply | Answerer) -> None:
        first = replies[0]
        self._replies[path] = [r for r in replies if isinstance(r, Reply)] if isinstance(first, Reply) else first

    def paths(self) -> list[str]:
        return [a.path for a in self.asked]

    def reply_to(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        replies = self._replies.get(asked.path, [error(404, title="Requested resource was not found")])
        if not isinstance(replies, list):
            return replies(asked)
        return replies.pop(0) if len(replies) > 1 else replies[0]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, console: Console) -> None:
        self.console = console
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body go out separately, and would wait for each other
    server: _Server

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = parts.path.removeprefix(BASE)
        token = self.headers.get("Authorization")
        query = dict(parse_qsl(parts.query))
        asked = Asked(self.command, path, query, token, self.client_address[1], body)
        self._send(self.server.console.reply_to(asked))

    do_GET = do_POST = _serve  # noqa: N815  the names that http.server calls

    def _send(self, reply: Reply) -> None:
        time.sleep(reply.silent_for)
        raw = reply.raw
        try:
            self.send_response(reply.status)
            for key, value in ({"Content-Length": str(len(raw))} | reply.headers).items():
                self.send_header(key, value)
            self.end_headers()
            self._write(reply, raw)
        except OSError:
            self.close_connection = True  # the client had enough

    def _write(self, reply: Reply, raw: bytes) -> None:
        if reply.cut_after is not None:
            self.wfile.write(raw[: reply.cut_after])
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif reply.drip:
            for byte in raw:
                self.wfile.write(bytes([byte]))
                time.sleep(reply.drip)
        else:
            self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""
