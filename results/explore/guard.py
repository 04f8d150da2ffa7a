"""What stands before Datasette: who may ask, what a page may load, and tables that a spreadsheet opens without harm.

Without a look at the host's name, any web page that is open in the same browser
could read the store by giving its own name this machine's address (DNS rebinding).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any, Final

from results.tables import harmless

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = (
    (b"content-security-policy", _POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


def guarded(app: App, hosts: frozenset[str]) -> App:
    """Wrap an ASGI application.

    Args:
        app: Datasette.
        hosts: names, without port, under which it may be asked for.
    """

    async def answer(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
        elif _host(scope) not in hosts:
            await _refuse(send, sorted(hosts))
        else:
            await app(scope, receive, _Answer(send, is_table=str(scope["path"]).endswith(".csv")).send)

    return answer


def _host(scope: Message) -> str:
    """Give the name a request asks for, without its port: ``[::1]:8001`` is ``::1``."""
    asked = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1")
    if asked.startswith("["):
        return asked[1:].split("]", 1)[0]
    return asked.rsplit(":", 1)[0]


async def _refuse(send: Send, hosts: list[str]) -> None:
    said = f"narra answers only as {' or '.join(hosts)}. Behind a proxy: have it send that name as Host.\n"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_HEADERS]
    await send({"type": "http.response.start", "status": 421, "headers": headers})
    await send({"type": "http.response.body", "body": said.encode()})


class _Answer:
    """One answer on its way: headers are added, and cells of a table made harmless."""

    def __init__(self, send: Send, *, is_table: bool) -> None:
        self._send = send
        self._is_table = is_table
        self._rest = ""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            given = [*message.get("headers", [])]
            # A file of a known length is a report's own table, which is harmless as it is.
            self._is_table &= message["status"] == HTTPStatus.OK and b"content-length" not in dict(given)
            await self._send({**message, "headers": [*given, *_HEADERS]})
        elif message["type"] == "http.response.body" and self._is_table:
            await self._send({**message, "body": self._harmless(message)})
        else:
            await self._send(message)

    def _harmless(self, message: Message) -> bytes:
        """Rewrite the whole rows that have arrived; a row that is cut off waits for its rest."""
        text = self._rest + message.get("body", b"").decode("utf-8", "replace")
        whole = len(text)
        if message.get("more_body"):
            whole = text.rfind("\n") + 1
            if text[:whole].count('"') % 2:  # the line end is within a cell
                whole = 0
        self._rest = text[whole:]
        out = io.StringIO(newline="")
        csv.writer(out).writerows(_cells(text[:whole]))
        return out.getvalue().encode()


def _cells(text: str) -> list[list[str]]:
    return [[_cell(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]


def _cell(cell: str) -> str:
    try:
        float(cell)
    except ValueError:
        return str(harmless(cell))
    return cell  # -1.5 is a number, and no formula
