"""Opens HTTP connections to the world outside, never to this machine or its network unless allowed."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from urllib.parse import SplitResult

from engine.domain.said import said
from engine.job_handlers.values import HandlerSettings

#: IPv6 networks whose addresses end with an IPv4 address: NAT64 (RFC 6052), compatible and translated ones
_WITH_IPV4 = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "::/96", "::ffff:0:0:0/96")))
#: networks of sites that Python's tables call global: NAT64 of one's own (RFC 8215), site-local (RFC 3879)
_LOCAL = tuple(map(ipaddress.IPv6Network, ("64:ff9b:1::/48", "fec0::/10")))


class RefusedHost(Exception):
    """The host's address is private, loopback or otherwise not of the internet."""


def connect(url: SplitResult, settings: HandlerSettings) -> http.client.HTTPConnection:
    """A connection to the url's host. Its name is resolved once, so that what is checked is what is called.

    Raises `RefusedHost`, `OSError`.
    """
    host = url.hostname or ""
    port = url.port or (443 if url.scheme == "https" else 80)
    address = _allowed_address(host, port, settings)
    connection = (
        _PinnedHTTPS(host, port, address, settings.timeout)
        if url.scheme == "https"
        else _Pinned(host, port, address, settings.timeout)
    )
    connection.connect()
    return connection


def _allowed_address(host: str, port: int, settings: HandlerSettings) -> str:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if host.lower() not in settings.webhook_private_hosts:
        for address in addresses:
            if not _public(address):
                raise RefusedHost(
                    said("{host} is a private address; ITER_WEBHOOK_PRIVATE_HOSTS may allow it.", host=host)
                )
    return addresses[0]


def _public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or _translated(ip)
    local = any(ip in network for network in _LOCAL)
    return ip.is_global and not ip.is_multicast and not local and (mapped is None or mapped.is_global)


def _translated(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a translator on the way would send it to."""
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if any(ip in network for network in _WITH_IPV4) else None


class _Pinned(http.client.HTTPConnection):
    """Connects to an address that was checked, whatever the host's name resolves to meanwhile."""

    def __init__(self, host: str, port: int, address: str, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)


class _PinnedHTTPS(_Pinned):
    """The same with TLS, whose certificate must be the named host's."""

    default_port = 443

    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
