"""Collections that are killed at random moments: run by test_visit in a process of its own.

    python nursery.py FOLDER KILLS

The sources are narra's own kinds, asking a loopback server through the one client: two feeds
that list the same reprints, a WordPress site of many pages, and a feed whose pages are fetched
one by one. Everything is imported once; each collection is a fork, so that fifty of them take
seconds. Which moments: as the seed says.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

sys.path.append(str(Path(__file__).parent))

from loopback import Answer, Asked, Server

from collectors.body import page_text
from collectors.contract import Fetch, Page
from collectors.fetch import Client, Limits
from collectors.kinds import feed, wordpress
from collectors.source import Source
from collectors.visit import Validators, collect
from corpus.store import Store

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SEED = 20101
ITEMS = 60
SHARED = 15
POSTS, A_PAGE = 60, 10
PAGES = 20
TOLD = "Thu, 19 Nov 2026 10:00:00 +0900"


def set_up(server: Server) -> None:
    """Script two feeds, a WordPress site, and a feed with its pages."""
    for slug in ("ganada", "dahae"):
        links = [f"https://{slug if n < ITEMS - SHARED else 'shared'}.example/{n}" for n in range(ITEMS)]
        server.add(f"/{slug}", rss(links), headers={"Content-Type": "application/rss+xml", "ETag": '"1"'})
    server.add("/paged", rss([server.url(f"/page/{n}") for n in range(PAGES)]), headers={"ETag": '"1"'})
    for n in range(PAGES):
        server.add(f"/page/{n}", f"<html><body><article>{paragraphs(n)}</article></body></html>")
    server.respond("/site/wp-json/wp/v2/posts", posts)


def paragraphs(number: int) -> str:
    return "".join(f"<p>{number} 번째 글의 {m} 번째 문단은 아세안과 한국의 이야기이다.</p>" for m in range(8))


def rss(links: list[str]) -> str:
    items = "".join(
        f"<item><title>소식 {link}</title><link>{link}</link><description>글</description>"
        f"<pubDate>{TOLD}</pubDate></item>"
        for link in links
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>누리</title>{items}</channel></rss>'


def posts(asked: Asked) -> Answer:
    """One page of a WordPress site, the newest first."""
    size, page = int(asked.query.get("per_page", A_PAGE)), int(asked.query.get("page", 1))
    numbers = range((page - 1) * size, min(page * size, POSTS))
    found = [
        {
            "id": n,
            "date": "2026-11-19T10:00:00",
            "date_gmt": "2026-11-19T01:00:00",
            "modified_gmt": "2026-11-19T01:00:00",
            "link": f"https://site.example/{n}",
            "title": {"rendered": f"글 {n}"},
            "content": {"rendered": "<p>한국과 아세안</p>"},
            "excerpt": {"rendered": ""},
        }
        for n in numbers
    ]
    pages = str(-(-POSTS // size))
    headers = (("Content-Type", "application/json"), ("X-WP-Total", str(POSTS)), ("X-WP-TotalPages", pages))
    return Answer(json.dumps(found).encode(), headers=headers)


def sources(server_url: str) -> list[Source]:
    made = [
        ("ganada", "feed", "/ganada", {}, "excerpt"),
        ("dahae", "feed", "/dahae", {}, "excerpt"),
        ("mirae", "wordpress", "/site/", {"per_page": A_PAGE}, "excerpt"),
        ("haneul", "feed", "/paged", {}, "full"),
    ]
    return [
        Source(
            slug=slug,
            outlet="누리",  # of them all: which feed brings a shared article first is chance
            country="KR",
            language="ko",
            kind="news",
            owner="private",
            collect=collected,  # type: ignore[arg-type]  # one of the kinds
            urls=(server_url + path,),
            seen="here",
            confirmed=False,
            expect=(0, 1000),
            text=text,  # type: ignore[arg-type]  # one of the ways
            private=True,
            options=options,
        )
        for slug, collected, path, options, text in made
    ]


def collected(path: Path, server_url: str) -> None:
    async def work(store: Store) -> None:
        async with Client("tests@example.org", limits=Limits(interval=0.0, per_host=4), private=True) as client:

            def factory(of: Source, keys: Mapping[str, str], validators: Validators) -> Fetch:
                return client.visit(keys=tuple(keys.values()), private=of.private, validators=validators)

            await collect(
                store,
                sources(server_url),
                factory,
                since=None,
                until=None,
                keys=lambda _name: None,
                report=lambda _progress: None,
                now=NOW,
                page_text=page_text,
            )

    with Store.open(path) as store, store.writing():
        asyncio.run(work(store))


def forked(path: Path, server_url: str) -> int:
    child = os.fork()
    if child:
        return child
    try:
        collected(path, server_url)
    except BaseException as error:  # noqa: BLE001 the child must end here, and say why
        sys.stderr.write(f"{path.name}: {error!r}\n")
        os._exit(1)
    os._exit(0)


def finished(child: int) -> bool:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def served(pipe: int) -> None:
    """Serve until the parent is gone; the address is the first thing said."""
    server = Server()
    set_up(server)
    os.write(pipe, server.url("").rstrip("/").encode() + b"\n")
    while os.getppid() != 1:
        time.sleep(0.2)
    os._exit(0)


def warmed_up() -> None:
    """Load what is otherwise loaded with the first page, by every fork anew."""
    assert feed.collect is not wordpress.collect
    text = f"<html><body><article>{paragraphs(0)}</article></body></html>"
    page_text(Page("https://x.example/", 200, {}, text.encode(), text, "text/html"))


def main(folder: Path, kills: int) -> int:
    warmed_up()
    reading, writing = os.pipe()
    server = os.fork()
    if not server:
        served(writing)
    try:
        return killed(folder, kills, os.read(reading, 200).decode().strip())
    finally:
        os.kill(server, signal.SIGKILL)
        os.waitpid(server, 0)


def killed(folder: Path, kills: int, url: str) -> int:
    began = time.monotonic()
    if not finished(forked(folder / "undisturbed.db", url)):
        return 1
    whole = time.monotonic() - began
    dice = random.Random(SEED)  # noqa: S311 moments, not keys
    cut = 0
    for number in range(kills):
        path = folder / f"killed{number}.db"
        child = forked(path, url)
        time.sleep(dice.uniform(0.0, whole))
        os.kill(child, signal.SIGKILL)
        cut += not finished(child)
        if not finished(forked(path, url)):
            return 1
    sys.stdout.write(json.dumps({"killed": kills, "cut": cut, "whole": whole}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), int(sys.argv[2])))
