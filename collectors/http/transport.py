"""httpx's transport over connections that are checked before they are made."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from typing import Final

import httpcore
import httpx

from collectors.http.addresses import CheckedBackend, Resolve, resolve

KEEPALIVE_SECONDS: Final = 20.0
# A host asked once a second keeps its connection meanwhile; of hosts not asked for long
# it is closed. Far more than are asked at once.
ORIGINS_KEPT: Final = 256

# The most specific first: the first that fits is taken.
_SAME: Final[tuple[tuple[type[Exception], type[httpx.TransportError]], ...]] = (
    (httpcore.ConnectTimeout, httpx.ConnectTimeout),
    (httpcore.ReadTimeout, httpx.ReadTimeout),
    (httpcore.WriteTimeout, httpx.WriteTimeout),
    (httpcore.PoolTimeout, httpx.PoolTimeout),
    (httpcore.ConnectError, httpx.ConnectError),
    (httpcore.ReadError, httpx.ReadError),
    (httpcore.WriteError, httpx.WriteError),
    (httpcore.LocalProtocolError, httpx.LocalProtocolError),
    (httpcore.RemoteProtocolError, httpx.RemoteProtocolError),
    (httpcore.UnsupportedProtocol, httpx.UnsupportedProtocol),
)


@contextlib.contextmanager
def _as_httpx() -> Iterator[None]:
    try:
        yield
    except tuple(theirs for theirs, _ in _SAME) as error:
        same = next(ours for theirs, ours in _SAME if isinstance(error, theirs))
        raise same(str(error)) from error


class _Body(httpx.AsyncByteStream):
    def __init__(self, pieces: AsyncIterable[bytes]) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _as_httpx():
            async for piece in self._pieces:
                yield piece

    async def aclose(self) -> None:
        if hasattr(self._pieces, "aclose"):
            with _as_httpx():
                await self._pieces.aclose()


class GuardedTransport(httpx.AsyncBaseTransport):
    """httpx's own transport, except that `CheckedBackend` makes the connections.

    httpx offers no parameter for that; httpcore, which does the work, does. Proxies of the
    environment are not used: a proxy would resolve the names itself, unchecked.

    Each origin has a pool of its own. One for all would look at every connection for each
    connection at each request: with 100 hosts bare httpx spends most of its time there (benchmarks/collect.py).

    Args:
        private: whether private addresses are fine.
        resolve: turns a name into addresses.
        tls: for https; httpx's default (verified, certifi's authorities) if None.
        kept: origins whose connections are kept; of more, those not used for longest are closed.
    """

    def __init__(
        self,
        *,
        private: bool = False,
        resolve: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
        kept: int = ORIGINS_KEPT,
    ) -> None:
        self._kept = kept
        self._tls = tls or httpx.create_ssl_context()
        self._backend = CheckedBackend(private=private, resolve=resolve)
        self._pools: dict[str, httpcore.AsyncConnectionPool] = {}  # the one used last comes last

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the answer's body is still to be read."""
        pool = self._pool(f"{request.url.scheme}://{request.url.netloc.decode('ascii')}")
        await self._close_one_unused()
        with _as_httpx():
            answer = await pool.handle_async_request(_httpcore_request(request))
        if not isinstance(answer.stream, AsyncIterable):
            raise httpx.RemoteProtocolError("the answer has no body to read")
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer.stream), extensions=answer.extensions
        )

    def _pool(self, origin: str) -> httpcore.AsyncConnectionPool:
        pool = self._pools.pop(origin, None) or httpcore.AsyncConnectionPool(
            ssl_context=self._tls, keepalive_expiry=KEEPALIVE_SECONDS, network_backend=self._backend
        )
        self._pools[origin] = pool
        return pool

    async def _close_one_unused(self) -> None:
        if len(self._pools) <= self._kept:
            return
        *older, _ = self._pools.items()
        for origin, pool in older:
            if all(connection.is_idle() or connection.is_closed() for connection in pool.connections):
                del self._pools[origin]
                await pool.aclose()
                return

    async def aclose(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            await pool.aclose()
        self._pools.clear()


def _httpcore_request(request: httpx.Request) -> httpcore.Request:
    url = request.url
    return httpcore.Request(
        method=request.method,
        url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        headers=request.headers.raw,
        content=request.stream if isinstance(request.stream, AsyncIterable) else None,
        extensions=request.extensions,
    )
