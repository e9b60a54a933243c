"""A requests adapter that connects only where the guard allows, and whose exchange another thread can cut off."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any, ClassVar

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import create_connection

from connectors.sources.guard import HostGuard


class GuardedConnection(HTTPConnection):
    """Connects to a judged address; ``host`` stays the name, so Host header, SNI and certificate do too."""

    guard: ClassVar[HostGuard]
    opened: ClassVar[list[HTTPConnection]]
    encrypted: ClassVar[bool] = False

    def _new_conn(self) -> socket.socket:
        failure: OSError | None = None
        for address in self.guard.addresses(self.host, self.port or 0, encrypted=self.encrypted):
            try:
                sock = create_connection((address, self.port or 0), self.timeout, socket_options=self.socket_options)
            except OSError as error:
                failure = error
                continue
            self.opened[:] = [self]
            return sock
        if isinstance(failure, TimeoutError):
            raise ConnectTimeoutError(self, "timed out")
        raise NewConnectionError(self, "refused")


class GuardedTLSConnection(GuardedConnection, HTTPSConnection):
    encrypted = True


class GuardedAdapter(HTTPAdapter):
    """One connection, kept alive; ``cut`` ends the exchange that is going on."""

    def __init__(self, guard: HostGuard) -> None:
        self._guard = guard
        self._opened: list[HTTPConnection] = []
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        own = {"guard": self._guard, "opened": self._opened}
        plain = type("Plain", (GuardedConnection,), own)
        tls = type("TLS", (GuardedTLSConnection,), own)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("TLSPool", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
        }

    def cut(self) -> None:
        for connection in self._opened:
            if isinstance(connection.sock, socket.socket):
                # The plain socket's shutdown: the TLS one would swap state under the reading thread.
                with suppress(OSError):  # it may have ended by itself
                    socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)
