"""Which addresses a source may call. The host is typed by a person, and the server is what calls it.

Every address that a name leads to is judged, and the connection is made to a judged address, so a
name that changes its address between the two leads nowhere.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from connectors.sources.exceptions import NotAllowed, Unreachable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
CLOUD_METADATA = {ipaddress.ip_address("168.63.129.16")}  # Azure's; every other cloud's is link-local or private
PRIVATE = (
    "{host} leads to an address inside a private network, which Sightline may not call. "
    "For a console on premises, ask an administrator to allow its network (SOURCE_ALLOWED_NETWORKS)."
)


class HostGuard:
    """``allowed_networks``: CIDR texts of private networks that may be called all the same."""

    def __init__(self, allowed_networks: Iterable[str] = (), *, allow_http: bool = False) -> None:
        self._allowed: tuple[Network, ...] = tuple(ipaddress.ip_network(n, strict=False) for n in allowed_networks)
        self._allow_http = allow_http

    def judge_origin(self, origin: str) -> None:
        """Raise ``NotAllowed`` for an address that no request may go to, whatever it resolves to."""
        parts = urlsplit(origin)
        if "@" in parts.netloc:
            raise NotAllowed("The host URL must not contain a user name or password.")
        if parts.scheme != "https" and not (parts.scheme == "http" and self._allow_http):
            raise NotAllowed("The host URL must begin with https://, so that the token travels encrypted.")

    def addresses(self, host: str, port: int, *, encrypted: bool) -> list[str]:
        """The addresses of ``host`` in the resolver's order, all judged. Raises ``NotAllowed``, ``Unreachable``."""
        try:
            found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise Unreachable(
                f"The name {host} could not be resolved. Check the host URL for a typing error."
            ) from None
        texts = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        for text in texts:
            self._judge(host, ipaddress.ip_address(text), encrypted=encrypted)
        return texts

    def _judge(self, host: str, address: Address, *, encrypted: bool) -> None:
        real = _embedded(address)
        if any(a in network for a in {real, address} for network in self._allowed):
            return
        if not encrypted:
            raise NotAllowed(f"{host} may be called without encryption only inside an allowed network. Use https://.")
        if not real.is_global or real.is_multicast or real in CLOUD_METADATA:
            raise NotAllowed(PRIVATE.format(host=host))


def _embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 one wraps, since that is where the packets go."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)
