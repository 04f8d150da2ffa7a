"""A loopback HTTP server that replays scripted answers and failures, and remembers who asked when.

Start with `conftest.py`, which says how to use it. One asyncio loop in a thread of
its own, so that a test is free to block, and slow answers don't hold up others.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

Fault = Literal["reset", "truncate", "close", "hang", "garbage"]
REASONS = {200: "OK", 304: "Not Modified", 307: "Temporary Redirect", 404: "Not Found", 503: "Service Unavailable"}


@dataclass(slots=True)
class Asked:
    """One request as the server saw it.

    Attributes:
        method: GET, POST …
        target: path and query as sent.
        path: the path alone.
        query: the query's parameters (of repeated ones the last).
        headers: lower-case names.
        body: what was posted.
        time: `time.monotonic` when its head had been read.
        ended: when its answer had been sent, or None.
    """

    method: str
    target: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    time: float
    ended: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One scripted answer; see `Server.add`."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    chunk: int | None = None
    pause: float = 0.0
    fault: Fault | None = None


Respond = Callable[[Asked], Answer]


@dataclass(slots=True)
class _Script:
    answers: list[tuple[Answer | Respond, int]] = field(default_factory=list)
    given: int = 0

    def next(self) -> Answer | Respond:
        place = self.given
        self.given += 1
        for answer, times in self.answers:
            if place < times:
                return answer
            place -= times
        return self.answers[-1][0]


class Server:
    """See `conftest.py`.

    Args:
        tls: a server's context, for https.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Asked] = []
        self.connections = 0
        self.peak = 0
        self._tls = tls
        self._now = 0
        self._scripts: dict[str, _Script] = {}
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._started.wait()

    # -- what tests use

    def add(  # noqa: PLR0913, PLR0917 one keyword for each thing an answer can do
        self,
        path: str,
        body: bytes | str = b"",
        status: int = 200,
        headers: Mapping[str, str] | list[tuple[str, str]] | None = None,
        delay: float = 0.0,
        chunk: int | None = None,
        times: int | None = None,
        *,
        pause: float = 0.0,
        fault: Fault | None = None,
    ) -> None:
        data = body.encode() if isinstance(body, str) else body
        pairs = tuple(headers.items() if isinstance(headers, Mapping) else headers or ())
        self._add(path, Answer(data, status, pairs, delay, chunk, pause, fault), times)

    def respond(self, path: str, answer: Respond) -> None:
        self._add(path, answer, None)

    def url(self, path: str = "/") -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}{path}"

    @property
    def pages(self) -> list[Asked]:
        return [asked for asked in self.requests if asked.path != "/robots.txt"]

    def asked(self, path: str) -> list[Asked]:
        return [asked for asked in self.requests if path in {asked.path, asked.target}]

    def gaps(self) -> list[float]:
        times = sorted(asked.time for asked in self.requests)
        return [after - before for before, after in pairwise(times)]

    def stop(self) -> None:
        if self._loop.is_closed():
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    # -- inside

    def _add(self, path: str, answer: Answer | Respond, times: int | None) -> None:
        self._scripts.setdefault(path, _Script()).answers.append((answer, times or 1))

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        listening = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls))
        self.port: int = listening.sockets[0].getsockname()[1]
        self._started.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._close(listening))
        self._loop.close()

    async def _close(self, listening: asyncio.Server) -> None:
        listening.close()
        for writer in list(self._writers):
            writer.transport.abort()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                while await self._exchange(reader, writer):
                    pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        asked = _parsed(await reader.readuntil(b"\r\n\r\n"))
        if asked is None:
            return False
        self.requests.append(asked)
        self._now += 1
        self.peak = max(self.peak, self._now)
        try:
            asked.body = await reader.readexactly(int(asked.headers.get("content-length", 0)))
            return await _send(writer, asked, self._answer(asked))
        finally:
            asked.ended = time.monotonic()
            self._now -= 1

    def _answer(self, asked: Asked) -> Answer:
        script = self._scripts.get(asked.target) or self._scripts.get(asked.path)
        if script is None:
            return Answer(b"nothing here", 404, (("Content-Type", "text/plain"),))
        answer = script.next()
        return answer if isinstance(answer, Answer) else answer(asked)


def _parsed(head: bytes) -> Asked | None:
    first, *lines = head.decode("latin-1").split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3:
        return None
    split = urlsplit(parts[1])
    pairs = (line.split(":", 1) for line in lines if ":" in line)
    headers = {name.strip().lower(): value.strip() for name, value in pairs}
    query = dict(parse_qsl(split.query, keep_blank_values=True))
    return Asked(parts[0], parts[1], split.path, query, headers, b"", time.monotonic())


async def _send(writer: asyncio.StreamWriter, asked: Asked, answer: Answer) -> bool:
    if answer.delay:
        await asyncio.sleep(answer.delay)
    if answer.fault == "hang":
        await asyncio.sleep(3600)
    if answer.fault == "reset":
        _reset(writer)
        return False
    if answer.fault == "close":
        return False
    writer.write(b"\x00\x01 this is no HTTP\r\n\r\n" if answer.fault == "garbage" else _head(answer))
    if asked.method != "HEAD":
        await _send_body(writer, answer)
    await writer.drain()
    return answer.fault is None


def _head(answer: Answer) -> bytes:
    headers = [f"HTTP/1.1 {answer.status} {REASONS.get(answer.status, 'Status')}"]
    names = {name.lower() for name, _ in answer.headers}
    if not names & {"content-length", "transfer-encoding"} and answer.status != 304:
        headers.append(f"Content-Length: {len(answer.body)}")
    headers += [f"{name}: {value}" for name, value in answer.headers]
    return ("\r\n".join(headers) + "\r\n\r\n").encode("utf-8")


async def _send_body(writer: asyncio.StreamWriter, answer: Answer) -> None:
    if answer.status == 304:
        return
    body = answer.body[: len(answer.body) // 2] if answer.fault == "truncate" else answer.body
    size = answer.chunk or len(body) or 1
    for start in range(0, len(body), size):
        writer.write(body[start : start + size])
        await writer.drain()
        if answer.pause:
            await asyncio.sleep(answer.pause)


def _reset(writer: asyncio.StreamWriter) -> None:
    # Closing with unsent data dropped at once is what sends RST instead of FIN.
    kept: socket.socket | None = writer.get_extra_info("socket")
    if kept is not None:
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
