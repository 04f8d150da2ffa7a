"""Which addresses may be connected to, and the place where that is checked.

A name is resolved here and the very address that was checked is connected to, so a
name server that answers differently the second time (DNS rebinding) changes nothing.
TLS still sees the name: httpcore starts it above this.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final

import httpcore

Resolve = Callable[[str, int], Awaitable[list[str]]]

# IPv4 within IPv6, where a translator of the network's does the rest (RFC 6052).
NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
# Deprecated, and yet private; `ipaddress` does not count it so.
SITE_LOCAL: Final = ipaddress.IPv6Network("fec0::/10")


class PrivateAddressError(httpcore.ConnectError):
    """The name stands for no public address."""


class HandshakeError(httpcore.ConnectError):
    """The host took the connection and then refused, reset or garbled TLS."""


class CertificateError(httpcore.ConnectError):
    """The host's certificate does not stand for its name."""


def is_public(address: str) -> bool:
    """Whether an IP address is reachable from everywhere, and not somebody's own network."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = _embedded(ip)
        if inner is not None:
            return is_public(str(inner))
        if ip in SITE_LOCAL:
            return False
    return ip.is_global and not ip.is_multicast


def _embedded(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def is_address(host: str) -> bool:
    """Whether a host is written as an IP address."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


async def resolve(host: str, port: int) -> list[str]:
    """Ask the system for a name's addresses, in the order it prefers, each once."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Connects to public addresses only.

    Args:
        private: whether others are fine as well.
        resolve: turns a name into addresses.
    """

    def __init__(self, *, private: bool, resolve: Resolve = resolve) -> None:
        self._private = private
        self._resolve = resolve
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first of a name's allowed addresses that takes it.

        Raises:
            PrivateAddressError: none is allowed.
            httpcore.ConnectError: no such name, or none took it.
            httpcore.ConnectTimeout: it took too long.
        """
        addresses = await self._allowed(host, port, timeout)
        share = None if timeout is None else timeout / len(addresses)
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in addresses:
            try:
                stream = await self._network.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream)
        raise failure or httpcore.ConnectError(f"{host} has no address")

    async def _allowed(self, host: str, port: int, seconds: float | None) -> list[str]:
        try:
            async with asyncio.timeout(seconds):
                found = await self._resolve(host, port)
        except TimeoutError:
            raise httpcore.ConnectTimeout(f"no answer about the name {host}") from None
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"no such host: {host}") from error
        allowed = [address for address in found if self._private or is_public(address)]
        if found and not allowed:
            raise PrivateAddressError(f"{host} stands for {found[0]}, which is not a public address")
        if not allowed:
            raise httpcore.ConnectError(f"no such host: {host}")
        return allowed


class _Stream(httpcore.AsyncNetworkStream):
    """A connection that tells failed TLS from a failed connection."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 httpcore's signature
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 the same
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 the same
    ) -> httpcore.AsyncNetworkStream:
        try:
            return await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes(error)):
                raise CertificateError(str(error)) from error
            raise HandshakeError(str(error)) from error

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 httpcore's signature
        return self._stream.get_extra_info(info)


def causes(error: BaseException | None) -> Iterable[BaseException]:
    """An error and what led to it, the last first."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
