"""How much the polite client costs, and whether it is polite.

``uv run python benchmarks/collect.py [--hosts 100] [--items 100] [--kilobytes 20]``

The server is a process of its own on loopback and answers for every host, each an
address of 127.0.0.0/8, after 5 ms; it sees the whole traffic and keeps the times.
All ways ask for the same pages, 16 at once, one at a time per host:

(a) bare httpx as one uses it: one `AsyncClient`, body read, decoded by httpx;
(a') the same with an `AsyncClient` for each host, whose connection pools are then small;
(b) `Client` without pace: robots.txt, checked addresses, limits, walls, decoding as browsers do;
(c) `Client` with a pace (`--interval`, on `--paced` items a host): what the server saw of it.

Requests a second count pages alone, though (b) and (c) ask for each robots.txt too. Each
but (c) runs three times, in turn, and the best counts. Memory is the most that the
process has held so far, read after each way: differences show what a way added.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import resource
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing.connection import Connection

import httpx

from collectors.fetch import Client, Limits

PARAGRAPH = "<p>한국과 아세안은 서울에서 정상회의를 열고 행동 계획을 채택하였다. ASEAN and Korea met in Seoul.</p>\n"
AT_ONCE = 16
LATENCY = 0.005
REPEATS = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """What the server saw in one way's time.

    Attributes:
        pages: pages asked for.
        robots: robots.txt files asked for.
        closest: fewest seconds between two requests to one host.
        at_once: most requests to one host at the same time.
        overall: most requests at the same time.
    """

    pages: int
    robots: int
    closest: float
    at_once: int
    overall: int


class Watcher:
    """Counts requests by host."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = defaultdict(list)
        self.now: dict[str, int] = defaultdict(int)
        self.most = self.most_overall = self.robots = 0

    def begin(self, host: str, target: str) -> None:
        """Remember a request."""
        self.times[host].append(time.monotonic())
        self.robots += target == "/robots.txt"
        self.now[host] += 1
        self.most = max(self.most, self.now[host])
        self.most_overall = max(self.most_overall, sum(self.now.values()))

    def seen(self) -> Seen:
        """Sum up."""
        gaps = (after - before for times in self.times.values() for before, after in pairwise(times))
        pages = sum(map(len, self.times.values())) - self.robots
        return Seen(pages, self.robots, min(gaps, default=0.0), self.most, self.most_overall)


def serve(pipe: Connection, hosts: int, body: bytes) -> None:
    """Answer every request; a word through the pipe asks for what was seen, and begins anew."""
    asyncio.run(_serve(pipe, hosts, body))


async def _serve(pipe: Connection, hosts: int, body: bytes) -> None:
    watcher = Watcher()

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                host = head.lower().partition("\r\nhost:")[2].partition("\r\n")[0].strip()
                target = head.split(" ", 2)[1]
                watcher.begin(host, target)
                robots = target == "/robots.txt"
                content = b"User-agent: *\nDisallow: /admin\n" if robots else body
                kind = "text/plain" if robots else "text/html; charset=utf-8"
                said = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n"
                await asyncio.sleep(LATENCY)
                writer.write(said.encode() + content)
                await writer.drain()
                watcher.now[host] -= 1
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    first = await asyncio.start_server(connection, address(0), 0)
    port = first.sockets[0].getsockname()[1]
    others = [await asyncio.start_server(connection, address(host), port) for host in range(1, hosts)]
    pipe.send((port, len(others)))
    while await asyncio.to_thread(pipe.recv):
        pipe.send(watcher.seen())
        watcher.__init__()  # type: ignore[misc]


def address(host: int) -> str:
    """Where a host lives: all of 127.0.0.0/8 is this machine (on Linux)."""
    return f"127.0.{host // 200}.{host % 200 + 1}"


async def visit_all(get: Callable[[str], Awaitable[int]], port: int, hosts: int, items: int) -> float:
    """Ask for every item of every host, each host's one after another; the seconds it took."""

    async def one(host: int) -> int:
        return sum([await get(f"http://{address(host)}:{port}/item/{item}") for item in range(items)])

    begun = time.perf_counter()
    read = sum(await asyncio.gather(*[one(host) for host in range(hosts)]))
    if not read:
        raise RuntimeError("nothing was read")
    return time.perf_counter() - begun


async def bare(port: int, hosts: int, items: int, *, together: bool) -> float:
    """Bare httpx."""
    limit = asyncio.Semaphore(AT_ONCE)
    kept = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    tls = httpx.create_ssl_context()
    clients = [httpx.AsyncClient(trust_env=False, limits=kept, verify=tls) for _ in range(1 if together else hosts)]
    of_host = {address(host): clients[host % len(clients)] for host in range(hosts)}

    async def get(url: str) -> int:
        async with limit:
            return len((await of_host[httpx.URL(url).host].get(url)).text)

    seconds = await visit_all(get, port, hosts, items)
    for client in clients:
        await client.aclose()
    return seconds


async def polite(port: int, hosts: int, items: int, interval: float) -> float:
    """Our client."""
    limits = Limits(interval=interval, overall=AT_ONCE)
    async with Client("bench@example.org", limits=limits, private=True) as client:

        async def get(url: str) -> int:
            return len((await client.get(url)).text)

        return await visit_all(get, port, hosts, items)


def memory() -> float:
    """Megabytes the process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(name: str, seconds: float, seen: Seen) -> None:
    """One line."""
    polite_so_far = f"at most {seen.at_once} a host, {seen.overall} overall, closest {seen.closest * 1000:.0f} ms"
    asked = f"{seen.pages:,} pages, {seen.robots} robots.txt, {polite_so_far}"
    print(f"{name:28} {seen.pages / seconds:6,.0f} pages/s {seconds:6.2f} s: {asked}; {memory():.0f} MB")


def main() -> None:
    """Run all ways."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--items", type=int, default=100)
    parser.add_argument("--kilobytes", type=int, default=20)
    parser.add_argument("--interval", type=float, default=1.0)
    parser.add_argument("--paced", type=int, default=10)
    asked = parser.parse_args()
    body = ("<!doctype html><html><body>" + PARAGRAPH * (asked.kilobytes * 1000 // len(PARAGRAPH.encode()))).encode()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs, asked.hosts, body), daemon=True)
    server.start()
    port, _ = ours.recv()

    def timed(run: Callable[[], Awaitable[float]]) -> tuple[float, Seen]:
        async def wrapped() -> float:
            return await run()

        seconds = asyncio.run(wrapped())
        ours.send(True)  # noqa: FBT003 any word will do
        return seconds, ours.recv()

    size = f"{len(body) / 1000:.0f} kB"
    print(f"{asked.hosts} hosts x {asked.items} items of {size}, {AT_ONCE} at once; {memory():.0f} MB before")
    ways = {
        "(a) bare httpx": lambda: bare(port, asked.hosts, asked.items, together=True),
        "(a') bare httpx, one a host": lambda: bare(port, asked.hosts, asked.items, together=False),
        "(b) Client without pace": lambda: polite(port, asked.hosts, asked.items, 0.0),
    }
    best: dict[str, float] = {}
    for _ in range(REPEATS):
        for name, run in ways.items():
            seconds, seen = timed(run)
            report(name, seconds, seen)
            best[name] = min(seconds, best.get(name, seconds))
    plain, apart, guarded = best.values()
    print(f"(b) takes {guarded / plain:.2f} times as long as (a), {guarded / apart:.2f} times as long as (a')")
    name = f"(c) Client, {asked.interval} s a host"
    seconds, seen = timed(lambda: polite(port, asked.hosts, asked.paced, asked.interval))
    report(name, seconds, seen)
    kept = seen.closest >= asked.interval * 0.99 and seen.at_once == 1 and seen.robots == asked.hosts
    print("the pace was kept" if kept else "THE PACE WAS NOT KEPT")
    ours.send(False)  # noqa: FBT003 and this ends it
    server.join(5)


if __name__ == "__main__":
    main()
