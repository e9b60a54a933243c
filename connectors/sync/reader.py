"""The process that reads for this one: started, asked and ended."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from multiprocessing import Pipe

from django.conf import settings

from connectors.sources.base import SourceConfig
from connectors.sources.exceptions import ReaderEnded, SourceError
from connectors.sources.packing import unpack
from connectors.sources.reader import READY
from connectors.sources.records import FindingPage, Scope


class Reader:
    """It ends with ``close``, and with this process however that ends. Every method may raise ``ReaderEnded``."""

    def __init__(self, connector: str, config: SourceConfig) -> None:
        """``OSError`` when there can't be another process."""
        self.requests_made = 0
        self._is_ready = False
        self._pipe, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(
                # Its standard input is the lifeline: nobody writes there.
                [sys.executable, "-m", "config.lifeline", "0", "-m", "connectors.sources.reader", str(theirs.fileno())],
                cwd=settings.BASE_DIR,
                stdin=subprocess.PIPE,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        self._ask((connector, config))

    def is_ready(self) -> bool:
        """Whether it has started, which takes a moment."""
        return self._is_ready or (self._pipe.poll() and self._started())

    def finding_pages(
        self, scope: Scope, since: datetime | None, cursor: str | None, *, whole: bool
    ) -> Iterator[FindingPage]:
        """As ``Source.finding_pages``; ``whole``: and every finding is read already.

        A walk that was left before its end can't be followed by another.
        """
        if not self._is_ready:
            self._started()
        self._ask((whole, scope, since, cursor))
        while True:
            said, requests = unpack(self._answer())
            self.requests_made += requests
            if isinstance(said, SourceError):
                raise said
            yield said
            if said.next_cursor is None:
                return

    def close(self) -> None:
        with self._process:
            self._process.kill()

    def _started(self) -> bool:
        self._is_ready = self._answer() == READY
        return self._is_ready

    def _ask(self, question: object) -> None:
        try:
            self._pipe.send(question)
        except OSError:
            raise ReaderEnded from None

    def _answer(self) -> bytes:
        try:
            return self._pipe.recv_bytes()
        except (EOFError, OSError):
            raise ReaderEnded from None
