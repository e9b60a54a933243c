"""One session to one origin: JSON in, JSON out, with bounded waits, retries and sizes.

What comes out of here is an ``Answer`` with any status that is not worth another try, or one of
our errors. The errors are raised outside of ``except`` blocks, so that no traceback leads back
to the library's request object, which carries the token.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from connectors.sources.deadline import Deadline
from connectors.sources.exceptions import BadAnswer, RateLimited, SourceError, Unreachable, WrongHost
from connectors.sources.guard import HostGuard
from connectors.sources.origin import origin_of
from connectors.sources.redact import redact
from connectors.sources.waits import Waits, retried, retry_after
from connectors.sources.wire import GuardedAdapter

logger = logging.getLogger(__name__)


class TokenAuth(AuthBase):
    """The only way the token gets into a request: redirects, netrc and proxies never see it."""

    def __init__(self, scheme: str, token: str) -> None:
        # A blank or line break in a pasted token would end up in http.client's complaint about the header.
        self._header = f"{scheme} {''.join(token.split())}".encode("latin-1", "replace").decode("latin-1")

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self._header
        return request


class NoAuth(AuthBase):
    """Says so explicitly: with ``auth=None`` requests would look for other credentials."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class TooLarge(BadAnswer):
    """Reading it again would not make it smaller."""

    permanent = True


@dataclass(frozen=True, slots=True)
class Answer:
    """``data`` is the parsed JSON, ``None`` when the body was not JSON (never with status 2xx).

    It shows in no repr, since a console may echo what it was sent.
    """

    status: int
    data: Any = field(default=None, repr=False)


class JsonSession:
    """One request at a time, one connection kept alive. ``requests_made`` counts tries."""

    def __init__(self, origin: str, guard: HostGuard, *, auth: TokenAuth, waits: Waits, ca_bundle: str = "") -> None:
        self.origin = origin
        self.waits = waits
        self.requests_made = 0
        self._guard = guard
        self._auth = auth
        self._gap = 0.0
        self._last = 0.0
        adapter = GuardedAdapter(guard)
        self._deadline = Deadline(adapter)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = ca_bundle or True
        self._session.headers.update({"Accept": "application/json", "User-Agent": "Sightline"})
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, adapter)

    def get(self, path: str, params: Mapping[str, str] | None = None, *, auth: bool = True) -> Answer:
        """Tried again for what may pass. Raises ``SourceError``."""
        return self._persist(lambda: self._send("GET", path, params=params, auth=auth), path, self.waits.tries)

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Sent once: nobody can tell whether a request that was cut off has done its deed."""
        return self._persist(lambda: self._send("POST", path, json=body), path, 1)

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """Within it nothing waits longer than a person would."""
        patient, self.waits = self.waits, self.waits.hurried()
        try:
            yield
        finally:
            self.waits = patient

    def close(self) -> None:
        self._deadline.closed = True
        self._session.close()

    def _persist(self, send: Callable[[], Answer | SourceError], path: str, tries: int) -> Answer:
        self._guard.judge_origin(self.origin)
        attempt = 0
        while True:
            attempt += 1
            outcome = send()
            if isinstance(outcome, Answer):
                return outcome
            asked = outcome.retry_after
            if outcome.permanent or attempt >= tries or (asked or 0) > self.waits.retry_after_cap:
                raise outcome
            pause = max(asked or 0.0, self.waits.before_try(attempt))
            logger.info("%s: %s Trying again in %.1f s.", path, redact(outcome.sentence), pause)
            self.waits.sleep(pause)

    def _send(self, method: str, path: str, *, auth: bool = True, **kwargs: Any) -> Answer | SourceError:
        """One try: an answer, or the error that trying no more would raise."""
        self._keep_gap()
        self.requests_made += 1
        timeouts = (self.waits.connect, self.waits.read)
        response = None
        with self._deadline.within(self.waits.deadline):
            try:
                response = self._session.request(
                    method,
                    self.origin + path,
                    auth=self._auth if auth else NoAuth(),
                    timeout=timeouts,
                    allow_redirects=False,
                    stream=True,
                    **kwargs,
                )
                body = self._body(response)
            except SourceError as error:
                return error.with_traceback(None)
            except (requests.RequestException, HTTPError, OSError) as error:
                return self._cut_off(error, late=self._deadline.passed)
            finally:
                if response is not None:
                    response.close()
        return self._judge(response, body)

    def _body(self, response: requests.Response) -> bytes:
        """The body in one read, which copies less than pieces do; one byte too many tells that it is too large."""
        body: bytes = response.raw.read(self.waits.page_bytes + 1, decode_content=True)
        if len(body) > self.waits.page_bytes:
            raise TooLarge(f"The answer is larger than {self.waits.page_bytes // 2**20} MB, so it was not read.")
        return body

    def _judge(self, response: requests.Response, body: bytes) -> Answer | SourceError:
        status = response.status_code
        if 300 <= status < 400:
            target = origin_of(response.headers.get("Location", ""))
            return WrongHost(
                f"{self.origin} sends requests on to {target}. Use the console's own address.", status=status
            )
        wait = retry_after(response.headers.get("Retry-After"))
        if status == 429 or (status == 503 and wait is not None):
            self._gap = self.waits.wider_gap(self._gap)
            return RateLimited(_slow_down(status, wait), status=status, retry_after=wait)
        if retried(status):
            sentence = f"{self.origin} answered with an error of its own ({status}). Try again later."
            return Unreachable(sentence, status=status, retry_after=wait)
        try:
            return Answer(status, orjson.loads(body))
        except orjson.JSONDecodeError:
            if status < 300:
                return BadAnswer(f"{self.origin} answered with something else than complete JSON.", status=status)
            return Answer(status)

    def _cut_off(self, error: Exception, *, late: bool) -> SourceError:
        if late:
            return Unreachable(f"{self.origin} did not finish its answer within {self.waits.deadline:.0f} seconds.")
        if isinstance(error, requests.exceptions.SSLError):
            return Unreachable(
                f"The certificate of {self.origin} could not be verified. "
                "If the console uses a private certificate authority, ask an administrator to set SOURCE_CA_BUNDLE."
            )
        if isinstance(error, requests.exceptions.ConnectTimeout):
            return Unreachable(f"{self.origin} did not accept a connection within {self.waits.connect:.0f} seconds.")
        if isinstance(error, requests.exceptions.Timeout):
            return Unreachable(f"{self.origin} did not answer within {self.waits.read:.0f} seconds.")
        if not isinstance(error, requests.RequestException | HTTPError) and self._session.verify is not True:
            return Unreachable("The certificates in SOURCE_CA_BUNDLE could not be read. Ask an administrator.")
        return Unreachable(f"The connection to {self.origin} failed or was cut off.")

    def _keep_gap(self) -> None:
        if self._gap:
            pause = self._last + self._gap - time.monotonic()
            if pause > 0:
                self.waits.sleep(pause)
        self._last = time.monotonic()


def _slow_down(status: int, wait: float | None) -> str:
    asked = f"asks to wait {wait:.0f} seconds" if wait is not None else "asks to slow down"
    return f"The console {asked} ({status}). Nothing is lost; try again later."
