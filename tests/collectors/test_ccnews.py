"""CC-NEWS: what is drawn, loaded in pieces, and read from archives in any encoding."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from asking import make_source, make_visit, run
from loopback import Answer, Asked, Server

from collectors.body import Article, NoArticle
from collectors.fetch import Client
from collectors.kinds import ccnews
from collectors.kinds.ccnews import CcNewsOptions, collect, drawn, months_of, paths_of
from collectors.source import SourceFileError

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 9, 20, 12, tzinfo=UTC)
visit = partial(make_visit, at=NOW)

SINCE = datetime(2026, 9, 1, tzinfo=UTC)
LIST = "/crawl-data/CC-NEWS/2026/09/warc.paths.gz"
OUTLETS = {"nuri.example": {"name": "누리신문", "country": "KR", "language": "ko"}}
HTML = "<html><head><title>{title}</title></head><body>{title}</body></html>"


def path(day: int, number: int = 1) -> str:
    return f"crawl-data/CC-NEWS/2026/09/CC-NEWS-202609{day:02}003313-{number:05}.warc.gz"


def listing(*paths: str) -> bytes:
    return gzip.compress("".join(f"{name}\n" for name in paths).encode(), mtime=0)


def archive(*pages: tuple[str, bytes, str], status: str = "200 OK") -> bytes:
    records = [record("warcinfo", "", b"software: test\r\n", "application/warc-fields")]
    for url, content, kind in pages:
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode()
        records.append(record("request", url, b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request"))
        records.append(record("response", url, head + content, "application/http; msgtype=response"))
    return b"".join(records)


def record(kind: str, url: str, block: bytes, content_type: str) -> bytes:
    target = f"WARC-Target-URI: {url}\r\n" if url else ""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\n{target}WARC-Date: 2026-09-05T01:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{hash(url) % 10**12:012}>\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n")


def page(title: str = "아세안 회의", number: int = 1, encoding: str = "utf-8") -> tuple[str, bytes, str]:
    kind = "text/html" if encoding == "utf-8" else f"text/html; charset={encoding}"
    return f"https://www.nuri.example/{number}", HTML.format(title=title).encode(encoding), kind


def read(html: str, url: str, country: str) -> Article | NoArticle:
    title = html.partition("<title>")[2].partition("</title>")[0]
    if title == "none":
        return NoArticle(f"nothing on {url}")
    return Article(title, f"{title} {country}", None)


def news(server: Server, **options: Any) -> Any:
    more = {"outlets": OUTLETS, "days_a_month": 31, "files_a_day": 9} | options
    return make_source("ccnews", server.url("/"), options=more)


def serve(server: Server, content: bytes, name: str | None = None) -> None:
    name = name or path(5)
    server.add(LIST, listing(name))
    server.add(f"/{name}", content)


async def test_pages_of_tracked_outlets_become_documents(server: Server, fetch: Client) -> None:
    other = ("https://elsewhere.example/1", b"<title>x</title>", "text/html")
    serve(server, archive(page(), other, page("서울", 2, "euc-kr")))
    found = await run(collect(news(server), fetch, visit(SINCE), read=read))
    assert found.titles == ["아세안 회의", "서울"]
    first = found.documents[0]
    assert first.outlet.id == "KR:누리신문"
    assert first.body == "아세안 회의 KR"
    assert first.published is None
    assert found.status is None


async def test_a_file_is_loaded_in_pieces(server: Server, fetch: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    content = archive(page(), page("둘", 2))
    monkeypatch.setattr(ccnews, "PIECE", 300)
    server.add(LIST, listing(path(5)))
    server.respond(f"/{path(5)}", ranged(content))
    found = await run(collect(news(server), fetch, visit(SINCE), read=read))
    assert len(server.asked(f"/{path(5)}")) > 2
    assert len(found.documents) == 2
    assert found.status is None


def ranged(content: bytes, *, tell: bool = True) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        start, end = map(int, asked.headers["range"].removeprefix("bytes=").split("-"))
        if start >= len(content):
            return Answer(b"", 416)
        said = (("Content-Range", f"bytes {start}-{end}/{len(content)}"),) if tell else ()
        return Answer(content[start : end + 1], 206, said)

    return answer


async def test_a_server_that_does_not_tell_the_size_is_asked_to_the_end(
    server: Server, fetch: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ccnews, "PIECE", 300)
    server.add(LIST, listing(path(5)))
    server.respond(f"/{path(5)}", ranged(archive(page()), tell=False))
    found = await run(collect(news(server), fetch, visit(SINCE), read=read))
    assert len(found.documents) == 1


async def test_a_file_that_breaks_off_is_a_gap(server: Server, fetch: Client) -> None:
    noise = "".join(f"{n * n}" for n in range(40_000))
    serve(server, archive(page(), page(f"둘 {noise}", 2))[:-60])
    found = await run(collect(news(server), fetch, visit(SINCE), read=read))
    assert found.titles == ["아세안 회의"]  # and no half of the second page
    assert found.status == "gap_suspected"


async def test_of_a_file_that_is_loaded_in_part_that_is_expected(server: Server, fetch: Client) -> None:
    noise = "".join(f"{n * n}" for n in range(400_000))
    content = archive(page(), page(f"둘 {noise}", 2))
    assert len(content) > 1_000_000
    server.add(LIST, listing(path(5)))
    server.respond(f"/{path(5)}", ranged(content))
    found = await run(collect(news(server, megabytes=1), fetch, visit(SINCE), read=read))
    assert found.titles == ["아세안 회의"]
    assert not found.refusals
    assert found.status is None


async def test_a_file_that_is_none_is_a_gap(server: Server, fetch: Client) -> None:
    serve(server, b"no archive")
    found = await run(collect(news(server), fetch, visit(SINCE), read=read))
    assert found.status == "gap_suspected"


async def test_what_was_read_is_not_read_again(server: Server, fetch: Client) -> None:
    serve(server, archive(page()))
    first = await run(collect(news(server), fetch, visit(SINCE), read=read))
    again = await run(collect(news(server), fetch, visit(SINCE, memory=first.memory), read=read))
    assert len(server.asked(f"/{path(5)}")) == 1
    assert again.status is None


async def test_a_month_without_a_list_is_a_gap(server: Server, fetch: Client) -> None:
    found = await run(collect(news(server), fetch, visit(SINCE), read=read))
    assert found.status == "gap_suspected"
    assert "2026/09" in found.batches[-1].detail


async def test_a_sample_says_that_it_is_one(server: Server, fetch: Client) -> None:
    names = [path(day, number) for day in range(1, 20) for number in range(1, 4)]
    server.add(LIST, listing(*names))
    for name in names:
        server.add(f"/{name}", archive(page()))
    found = await run(collect(news(server, days_a_month=31, files_a_day=1), fetch, visit(SINCE), read=read))
    assert found.status is None  # nothing that was drawn is missing
    assert found.batches[-1].detail == "A sample: 19 of 57 files."


@pytest.mark.parametrize(
    ("odd", "reasons"),
    [
        (archive(page("none")), ["no article"]),
        (archive(page(), status="404 Not Found"), []),
        (archive(("https://nuri.example/x.pdf", b"%PDF", "application/pdf")), []),
    ],
)
async def test_pages_without_an_article_are_refused_or_passed_over(
    server: Server, fetch: Client, odd: bytes, reasons: list[str]
) -> None:
    serve(server, odd)
    found = await run(collect(news(server), fetch, visit(SINCE), read=read))
    assert [refusal.reason for refusal in found.refusals] == reasons
    assert not found.documents
    assert found.status == "ok_empty_confirmed"


@pytest.mark.parametrize("content", [b"<html>busy</html>", b"\x1f\x8bbroken", listing(path(5))[:-9], b"\xff"])
async def test_a_list_that_is_none_is_an_error(server: Server, fetch: Client, content: bytes) -> None:
    server.add(LIST, content)
    found = await run(collect(news(server), fetch, visit(SINCE), read=read))
    assert found.status in {"wrong_content", "malformed"}


def test_the_same_is_drawn_whatever_is_added() -> None:
    options = CcNewsOptions.model_validate({"outlets": OUTLETS, "days_a_month": 20})
    names = [path(day, number) for day in range(1, 31) for number in (1, 2)]
    whole = drawn(names, "2026/09", options)
    early = drawn([name for name in names if name < path(15)], "2026/09", options)
    assert len(whole) == 20
    assert early == [name for name in whole if name < path(15)]
    other = CcNewsOptions.model_validate({"outlets": OUTLETS, "days_a_month": 20, "seed": 2})
    assert drawn(names, "2026/09", other) != whole


def test_months() -> None:
    assert months_of(datetime(2025, 11, 9, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)) == [
        "2025/11",
        "2025/12",
        "2026/01",
    ]


def test_a_list_may_come_unpacked() -> None:
    assert paths_of(f"{path(1)}\nodd\n".encode()) == [path(1)]


async def test_without_the_extra_it_says_how_to_get_it(
    server: Server, fetch: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ccnews.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(SourceFileError, match="archives"):
        await run(collect(news(server), fetch, visit(SINCE)))
