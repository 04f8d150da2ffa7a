"""Fixtures for collectors: a loopback web server and a client that may visit it.

How to use them::

    from loopback import Answer, Asked, Server        # for annotations and `respond`
    from collectors.fetch import Client

    pytestmark = pytest.mark.anyio                      # the tests are `async def`

    async def test_it(server: Server, fetch: Client) -> None:
        server.add("/feed", RSS, headers={"Content-Type": "application/rss+xml"})
        page = await fetch.get(server.url("/feed"))
        assert len(server.pages) == 1

``server`` (`loopback.Server`), fresh for each test:

* ``server.add(path, body=b"", status=200, headers=None, delay=0.0, chunk=None, times=None, *, pause=0.0, fault=None)``
  scripts an answer. ``body`` is bytes or str (UTF-8). ``path`` may carry a query: the exact
  target wins over the path alone, and a path alone answers every query. A path added several
  times answers in sequence and repeats the last for ever; ``times`` says how often one is given
  before the next (once). ``headers`` is a dict or a list of pairs; Content-Length is added unless
  given. ``delay``: seconds before the answer begins. ``chunk``, ``pause``: the body in pieces of so
  many bytes, with so many seconds after each. ``fault``: ``"reset"`` (RST instead of an answer),
  ``"close"`` (closed without one), ``"hang"`` (never answers), ``"truncate"`` (promises all, sends
  half, closes), ``"garbage"`` (no HTTP).
* ``server.respond(path, function)``: ``function(asked) -> Answer`` decides, for cursors and the like.
* ``server.url(path)``: the full address. ``server.port``.
* ``server.requests``: every `Asked`, in order: ``method, target, path, query, headers, body, time, ended``.
  ``server.pages``: the same without robots.txt. ``server.asked(path)``: those of one path or target.
  ``server.gaps()``: seconds between requests. ``server.peak``: most requests at once.
  ``server.connections``: how many were opened.
* Whatever isn't scripted is 404, so robots.txt allows all unless a test adds ``/robots.txt``.
* ``servers()`` makes further servers ("other hosts").

``fetch``: a `Client` that may visit loopback, with no pacing, one retry after 10 ms, and time-outs of
two seconds. Use ``fetch.visit(keys=…, language=…)`` for a source's own view.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))  # so that tests can import `loopback` beside them

from loopback import Server

from collectors.fetch import Client, Limits

QUICK = Limits(
    interval=0.0, attempts=2, backoff=0.01, retry_seconds=2.0, connect_seconds=2.0, read_seconds=2.0, total_seconds=2.0
)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def servers() -> Iterator[Callable[[], Server]]:
    made: list[Server] = []

    def make() -> Server:
        made.append(Server())
        return made[-1]

    yield make
    for server in made:
        server.stop()


@pytest.fixture
def server(servers: Callable[[], Server]) -> Server:
    return servers()


@pytest.fixture
async def fetch() -> AsyncIterator[Client]:
    async with Client("tests@example.org", limits=QUICK, private=True) as client:
        yield client
