"""Bodies as the console and the nginx before it send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson

JSON = "application/json"
HTML = "text/html"
TOO_MANY_HTML = (
    b"<html>\r\n<head><title>429 Too Many Requests</title></head>\r\n<body>\r\n"
    b"<center><h1>429 Too Many Requests</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)
BAD_GATEWAY_HTML = TOO_MANY_HTML.replace(b"429 Too Many Requests", b"502 Bad Gateway")
OTHER_SITE_HTML = b"<!doctype html><html><head><title>Welcome</title></head><body>Sign in to continue</body></html>"


@dataclass(slots=True)
class Answer:
    """What goes over the wire. ``here`` is a cursor to the beginning of the page, where there is one."""

    status: int = 200
    body: bytes = b""
    type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    here: str = ""


class Refused(Exception):
    """The console says no; carries the answer that says so."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def ok(data: Any) -> Answer:
    return Answer(body=orjson.dumps({"data": data}))


def error(status: int, code: int, title: str, detail: str | None = None) -> Answer:
    errors = [{"code": code, "detail": detail, "title": title}]
    return Answer(status, orjson.dumps({"errors": errors}))


def bad_request(detail: str) -> Refused:
    return Refused(error(400, 4000010, "Validation Error", detail))


def unauthorized() -> Answer:
    return error(401, 4010010, "Authentication Failed")


def forbidden(detail: str | None = None) -> Answer:
    return error(403, 4030010, "Insufficient permissions", detail)


def server_error() -> Answer:
    return error(500, 5000010, "Internal server error", "Server could not process the request.")


def not_found() -> Answer:
    return Answer(404, b"404 page not found\n", "text/plain; charset=utf-8")


def html(status: int, body: bytes) -> Answer:
    return Answer(status, body, HTML)
