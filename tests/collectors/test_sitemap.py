"""Sitemaps: what is a date and what is none, packed or not, and no bytes that do harm."""

from __future__ import annotations

import gzip
import time
from datetime import UTC, datetime, timedelta

import pytest
from asking import Brought, Validators, bring, bring_into, make_source, make_visit
from hypothesis import given, settings
from hypothesis import strategies as st
from loopback import Server

from collectors.fetch import Client
from collectors.kinds.sitemap import MOST_ADDRESSES, collect, parse_sitemap
from collectors.outcome import SourceError
from collectors.source import SourceFileError

SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
DAY = datetime(2026, 11, 23, 15, tzinfo=UTC)  # midnight of the 24th in Korea


def url(loc: str, lastmod: str = "", news: str = "") -> str:
    changed = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<url><loc>{loc}</loc>{changed}{news}</url>"


def news(title: str, date: str = "") -> str:
    said = f"<news:publication_date>{date}</news:publication_date>" if date else ""
    name = "<news:publication><news:name>N</news:name><news:language>ko</news:language></news:publication>"
    return f"<news:news>{name}{said}<news:title>{title}</news:title></news:news>"


def urlset(*urls: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {SPACES}>{"".join(urls)}</urlset>'


def index(*maps: tuple[str, str]) -> str:
    said = "".join(f"<sitemap><loc>{loc}</loc><lastmod>{lastmod}</lastmod></sitemap>" for loc, lastmod in maps)
    return f"<sitemapindex {SPACES}>{said}</sitemapindex>"


IMAGE = "<image:image><image:loc>https://n.example/i.jpg</image:loc><image:title>Picture</image:title></image:image>"
NEWS = urlset(
    url(
        "https://n.example/1",
        "2026-11-24T10:00:00+09:00",
        IMAGE + news("아세안 &amp; 한국", "2026-11-24T09:00:00+09:00"),
    ),
    url("https://n.example/2", "2026-11-24", news("Two", "2026-11-24")),
    url("https://n.example/3", "2026-11-24", news("Three")),
)


@pytest.mark.anyio
@pytest.mark.parametrize("body", [NEWS.encode(), gzip.compress(NEWS.encode())], ids=["plain", "gzip"])
@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemap.xml.gz"])
async def test_a_news_sitemap_gives_titles_and_dates(server: Server, fetch: Client, body: bytes, path: str) -> None:
    server.add(path, body)
    brought = await bring(collect, make_source("sitemap", server.url(path)), fetch)
    assert brought.titles == ["아세안 & 한국", "Two", "Three"]
    assert brought.days == ["2026-11-24", "2026-11-24", None]  # lastmod is no date of publication
    assert [d.published.precision for d in brought.documents if d.published] == ["minute", "day"]
    assert brought.status is None


@pytest.mark.anyio
async def test_what_is_older_is_left_out_and_what_was_changed_before_is_not_even_looked_at(
    server: Server, fetch: Client
) -> None:
    body = urlset(
        url("https://n.example/new", "", news("New", "2026-11-24T09:00:00+09:00")),
        url("https://n.example/old", "2026-11-24", news("Old, changed", "2026-11-20T09:00:00+09:00")),
        url("https://n.example/kept", "2026-11-20", news("Undated, unchanged")),
        url("https://n.example/fresh", "2026-11-24", news("Undated, changed")),
    )
    server.add("/s.xml", body)
    brought = await bring(collect, make_source("sitemap", server.url("/s.xml")), fetch, make_visit(since=DAY))
    assert sorted(brought.titles) == ["New", "Undated, changed"]


@pytest.mark.anyio
async def test_an_end_in_the_past_leaves_out_what_came_after(server: Server, fetch: Client) -> None:
    server.add("/s.xml", NEWS)
    visit = make_visit(since=DAY - timedelta(days=5), until=DAY - timedelta(days=2))
    brought = await bring(collect, make_source("sitemap", server.url("/s.xml")), fetch, visit)
    assert brought.titles == ["Three"]  # undated: it may be of that time


@pytest.mark.anyio
async def test_an_index_is_followed_where_it_may_hold_something_new(server: Server, fetch: Client) -> None:
    maps = [(server.url(f"/{day}.xml"), f"2026-11-{day}") for day in (20, 23, 24)]
    server.add("/index.xml", index(*maps))
    for day in (23, 24):
        server.add(f"/{day}.xml", urlset(url(f"https://n.example/{day}", "", news(f"T{day}", f"2026-11-{day}"))))
    source = make_source("sitemap", server.url("/index.xml"))
    brought = await bring(collect, source, fetch, make_visit(since=DAY - timedelta(days=1)))
    assert brought.titles == ["T24", "T23"]
    assert [asked.path for asked in server.pages] == ["/index.xml", "/24.xml", "/23.xml"]


@pytest.mark.anyio
async def test_of_an_index_that_is_not_kept_up_the_latest_map_is_read(server: Server, fetch: Client) -> None:
    server.add("/index.xml", index((server.url("/a.xml"), "2020-01-01"), (server.url("/b.xml"), "2020-02-01")))
    server.add("/b.xml", NEWS)
    brought = await bring(collect, make_source("sitemap", server.url("/index.xml")), fetch, make_visit(since=DAY))
    assert len(brought.documents) == 3


@pytest.mark.anyio
async def test_a_map_that_fails_does_not_hide_the_others_and_is_told(server: Server, fetch: Client) -> None:
    maps = [(server.url(f"/{name}.xml"), "2026-11-24") for name in "abc"]
    server.add("/index.xml", index(*maps))
    server.add("/b.xml", index())
    server.add("/c.xml", NEWS)
    brought = Brought()
    with pytest.raises(SourceError, match=r"a\.xml.*index within an index") as caught:
        await bring_into(brought, collect, make_source("sitemap", server.url("/index.xml")), fetch)
    assert caught.value.status == "gone"
    assert len(brought.documents) == 3


@pytest.mark.anyio
async def test_an_index_of_too_many_maps_is_cut_and_said(server: Server, fetch: Client) -> None:
    server.add("/index.xml", index(*((server.url("/m.xml"), "2026-11-24") for _ in range(4))))
    server.add("/m.xml", NEWS)
    source = make_source("sitemap", server.url("/index.xml"), options={"maps": 2})
    assert (await bring(collect, source, fetch)).status == "truncated_at_cap"


@pytest.mark.anyio
async def test_what_has_not_changed_is_asked_for_again_where_more_of_it_is_wanted(
    server: Server, fetch: Client
) -> None:
    server.add("/s.xml", NEWS, headers={"ETag": '"a"'})
    visiting = fetch.visit(private=True, validators=Validators())
    source = make_source("sitemap", server.url("/s.xml"))
    first = await bring(collect, source, visiting, make_visit(since=DAY))
    server.add("/s.xml", "", status=304, times=1)
    again = await bring(collect, source, visiting, make_visit(since=DAY + timedelta(hours=1), memory=first.memory))
    assert again.status == "not_modified"
    server.add("/s.xml", NEWS)
    back = await bring(collect, source, visiting, make_visit(since=DAY - timedelta(days=9), memory=again.memory))
    assert len(back.documents) == 3
    assert ["if-none-match" in asked.headers for asked in server.pages] == [False, True, False]


PAGE = """<html><head><title>x</title><meta property="og:title" content="Summit &amp; more">
<meta property="article:published_time" content="2026-11-24T08:00:00+09:00"></head>
<body><article><h1>Summit</h1><p>{}</p>
</article></body></html>""".format("Leaders of Korea and the members met and agreed on many things. " * 5)


@pytest.mark.anyio
async def test_pages_are_fetched_once_for_title_text_and_declared_date(server: Server, fetch: Client) -> None:
    server.add("/s.xml", urlset(url(server.url("/1"), "2026-11-24"), url("/gone"), url(server.url("/2"), "2026-11-23")))
    server.add("/1", PAGE, headers={"Content-Type": "text/html"})
    server.add("/2", PAGE.replace("article:published_time", "none"), headers={"Content-Type": "text/html"})
    source = make_source("sitemap", server.url("/s.xml"), options={"pages": True})
    brought = await bring(collect, source, fetch)
    assert brought.titles == ["Summit & more"] * 2
    assert brought.days == ["2026-11-24", None]
    assert [d.published.how for d in brought.documents if d.published] == ["page"]
    assert "Leaders of Korea" in brought.documents[0].body
    assert brought.reasons == ["page gone"]
    again = await bring(collect, source, fetch, make_visit(memory=brought.memory))
    assert again.documents == []
    assert len(server.asked("/1")) == 1


@pytest.mark.anyio
async def test_more_pages_than_a_visit_may_fetch_are_left_for_the_next(server: Server, fetch: Client) -> None:
    server.add("/s.xml", urlset(*(url(server.url(f"/{n}")) for n in range(5))))
    for n in range(5):
        server.add(f"/{n}", PAGE, headers={"Content-Type": "text/html"})
    source = make_source("sitemap", server.url("/s.xml"), options={"pages": True, "most": 3})
    first = await bring(collect, source, fetch)
    second = await bring(collect, source, fetch, make_visit(memory=first.memory))
    assert (len(first.documents), first.status) == (3, "truncated_at_cap")
    assert (len(second.documents), second.status) == (2, None)


@pytest.mark.anyio
async def test_only_addresses_that_match_are_taken(server: Server, fetch: Client) -> None:
    server.add("/s.xml", NEWS)
    source = make_source("sitemap", server.url("/s.xml"), options={"match": "/[12]$"})
    assert (await bring(collect, source, fetch)).titles == ["아세안 & 한국", "Two"]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("changes", "said"),
    [({"options": {"match": "("}}, "regular expression"), ({"options": {"pages": True}, "text": "full"}, "excerpt")],
)
async def test_a_wrong_option_is_named(fetch: Client, changes: dict[str, object], said: str) -> None:
    with pytest.raises(SourceFileError, match=said):
        await bring(collect, make_source("sitemap", **changes), fetch)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (urlset(), "wrong_content", "lists nothing"),
        (urlset(url("https://n.example/1")), "wrong_content", "pages = true"),
        ("<!doctype html><title>Home</title>", "wrong_content", "Home"),
        ("<rss/>", "wrong_content", "no sitemap"),
        ("", "wrong_content", "empty"),
        ("https://n.example/1\nhttps://n.example/2", "malformed", "no XML"),
        (NEWS[:-20], "malformed", "no XML"),
        (gzip.compress(NEWS.encode())[:-20], "malformed", "cut off"),
        (b"\x1f\x8b" + b"x" * 40, "malformed", "damaged"),
        ('<!DOCTYPE urlset [<!ENTITY a "b">]>' + urlset(url("&a;")), "malformed", "entities"),
        ('<!DOCTYPE urlset SYSTEM "file:///etc/passwd" [<!ENTITY % a "b">]>' + urlset(), "malformed", "entities"),
    ],
)
async def test_what_is_no_sitemap_is_never_an_empty_one(
    server: Server, fetch: Client, body: str | bytes, status: str, said: str
) -> None:
    server.add("/s.xml", body)
    with pytest.raises(SourceError, match=said) as caught:
        await bring(collect, make_source("sitemap", server.url("/s.xml")), fetch)
    assert caught.value.status == status


def test_bare_ampersands_are_mended_and_said() -> None:
    sitemap = parse_sitemap(urlset(url("https://n.example/?a=1&b=2")).encode())
    assert sitemap.addresses[0].loc == "https://n.example/?a=1&b=2"
    assert "Mended" in sitemap.mended


def test_a_packed_bomb_is_not_unpacked() -> None:
    began = time.monotonic()
    with pytest.raises(SourceError, match="larger than"):
        parse_sitemap(gzip.compress(b" " * 80_000_000, compresslevel=1))
    assert time.monotonic() - began < 5


def test_of_too_many_addresses_the_standards_number_is_read() -> None:
    sitemap = parse_sitemap(urlset(*(f"<url><loc>https://n.example/{n}</loc></url>" for n in range(50_010))).encode())
    assert (len(sitemap.addresses), sitemap.more) == (MOST_ADDRESSES, True)


def test_old_names_of_the_standard_are_understood() -> None:
    old = '<urlset xmlns="http://www.google.com/schemas/sitemap/0.84"><url><loc>https://n.example/</loc></url></urlset>'
    bare = "<urlset><url><loc>https://n.example/</loc></url></urlset>"
    assert parse_sitemap(old.encode()).addresses == parse_sitemap(bare.encode()).addresses != ()


def read(content: bytes) -> None:
    refused: SourceError | None = None
    try:
        sitemap = parse_sitemap(content, 1_000_000)
    except SourceError as error:
        refused = error
    if refused:
        assert refused.status in {"wrong_content", "malformed", "blocked"}
        assert 0 < len(refused.detail) < 1000
    else:
        assert all(address.loc for address in sitemap.addresses)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    read(content)
    read(b"\x1f\x8b\x08" + content)


SEEDS = [NEWS.encode(), index(("https://n.example/a", "2026")).encode(), gzip.compress(NEWS.encode(), mtime=0)]
NOISE = [
    b"&",
    b"<",
    b"<!ENTITY a 'b'>",
    b"<!DOCTYPE x [",
    b"\0",
    b"<![CDATA[",
    b"<url>",
    b"</url>",
    b"<!--",
    b"\xff\xfe",
]


@settings(max_examples=300)
@given(
    st.sampled_from(SEEDS), st.binary(max_size=30) | st.sampled_from(NOISE), st.integers(0, 1500), st.integers(0, 60)
)
def test_no_change_of_a_good_sitemap_breaks_the_reader(seed: bytes, noise: bytes, at: int, cut: int) -> None:
    read(seed[:at] + noise + seed[at + cut :])


@pytest.mark.parametrize("pile", [*NOISE, b"<url><loc>x", b"<loc>", b"<a ", b"<?x ", b"<url><loc>x</loc></url>"])
def test_no_pile_of_one_part_takes_long(pile: bytes) -> None:
    began = time.monotonic()
    read(pile * (500_000 // len(pile)))
    read(b"<urlset>" + pile * (500_000 // len(pile)))
    assert time.monotonic() - began < 15
