"""robots.txt by RFC 9309, without a server."""

from __future__ import annotations

import asyncio

import pytest

from collectors.http.pacing import Clock
from collectors.http.robots import Robots, RobotsFile, Rules
from collectors.outcome import SourceError

pytestmark = pytest.mark.anyio
HOST = "https://example.org"


def allowed(text: str, path: str, status: int = 200) -> bool:
    try:
        Rules(RobotsFile(status, text.encode())).check(HOST + path)
    except SourceError:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "path", "may"),
    [
        ("", "/x", True),
        ("User-agent: *\nDisallow:", "/x", True),
        ("User-agent: *\nDisallow: /", "/x", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("User-agent: *\nDisallow: /\nUser-agent: NARRA\nDisallow: /y", "/x", True),
        ("User-agent: narra\nDisallow: /x\nUser-agent: *\nAllow: /", "/x", False),
        ("User-agent: other\nDisallow: /", "/x", True),
        ("User-agent: a\nUser-agent: narra\nDisallow: /x", "/x/y", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),  # the longest match decides
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True),  # of equals, Allow
        ("User-agent: *\nDisallow: /*.do$", "/brd/rss.do", False),
        ("User-agent: *\nDisallow: /*.do$", "/brd/rss.do?x=1", True),
        ("User-agent: *\nDisallow: /*?page=", "/list?page=2", False),
        ("User-agent: *\nDisallow: /%EB%89%B4%EC%8A%A4", "/뉴스/1", False),
        ("\ufeffUser-agent: *\nDisallow: /", "/x", False),
        ("User-agent: *\r\nDisallow: /x\r\n", "/x", False),
        ("<html><title>Not found</title></html>", "/x", True),
    ],
)
def test_rules(text: str, path: str, may: bool) -> None:  # noqa: FBT001 a table's column
    assert allowed(text, path) is may


@pytest.mark.parametrize(("status", "may"), [(400, True), (404, True), (499, True), (500, False), (599, False)])
def test_statuses(status: int, may: bool) -> None:  # noqa: FBT001 a table's column
    assert allowed("User-agent: *\nDisallow: /", "/x", status) is may


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: *\nCrawl-delay: soon", 0),
        ("User-agent: *\nRequest-rate: 1/10", 10),
        ("User-agent: *\nRequest-rate: 0/10", 0),
        ("User-agent: other\nCrawl-delay: 9", 0),
    ],
)
def test_intervals(text: str, seconds: float) -> None:
    assert Rules(RobotsFile(200, text.encode())).interval == seconds


class StoppedClock(Clock):
    def __init__(self) -> None:
        self.time = 0.0

    def monotonic(self) -> float:
        return self.time


async def test_they_are_had_once_a_day() -> None:
    clock, asked = StoppedClock(), 0

    async def ask() -> RobotsFile:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        return RobotsFile(200)

    robots = Robots(clock)
    await asyncio.gather(*[robots.rules(HOST, ask) for _ in range(10)])
    clock.time = 24 * 3600 - 1
    await robots.rules(HOST, ask)
    assert asked == 1
    clock.time += 1
    await robots.rules(HOST, ask)
    await robots.rules("http://example.org", ask)  # another scheme is another host
    assert asked == 3


@pytest.mark.parametrize("answer", [RobotsFile(503), SourceError("unreachable", "no answer in time")])
async def test_failures_are_forgotten_sooner(answer: RobotsFile | SourceError) -> None:
    clock, asked = StoppedClock(), 0

    async def ask() -> RobotsFile:
        nonlocal asked
        asked += 1
        if isinstance(answer, SourceError):
            raise answer
        return answer

    robots = Robots(clock)
    for moment in (0, 599, 600):
        clock.time = moment
        if isinstance(answer, SourceError):
            with pytest.raises(SourceError, match="unreachable"):
                await robots.rules(HOST, ask)
        else:
            await robots.rules(HOST, ask)
    assert asked == 2
