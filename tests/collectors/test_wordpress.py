"""WordPress: the REST interface page by page, its end, and the feed where it is closed."""

from __future__ import annotations

import json
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from asking import NOW, bring, make_source, make_visit
from hypothesis import given
from hypothesis import strategies as st
from loopback import Answer, Asked, Server

from collectors.contract import Page
from collectors.fetch import Client
from collectors.kinds.wordpress import _ClosedError, collect, parse_posts
from collectors.outcome import SourceError
from collectors.source import Source

JSON = {"Content-Type": "application/json; charset=UTF-8"}
POSTS = "/wp-json/wp/v2/posts"
END = {"code": "rest_post_invalid_page_number", "message": "The page number is larger.", "data": {"status": 400}}


def post(number: int, **changes: Any) -> dict[str, Any]:
    said = {
        "id": number,
        "date": "2026-11-24T07:00:00",
        "date_gmt": "2026-11-24T00:00:00",
        "link": f"https://asean.example/{number}",
        "title": {"rendered": f"ASEAN &#8211; Korea {number}"},
        "content": {"rendered": "<p>All &amp; more.</p>", "protected": False},
        "excerpt": {"rendered": "<p>All [&hellip;]</p>"},
    }
    return said | changes


def site(server: Server, **options: object) -> Source:
    return make_source("wordpress", server.url("/"), country="ASEAN", language="en", kind="official", options=options)


def answer_pages(server: Server, pages: int, *, total: bool = True) -> None:
    def answer(asked: Asked) -> Answer:
        number = int(asked.query["page"])
        if number > pages:
            return Answer(json.dumps(END).encode(), 400, tuple(JSON.items()))
        headers = JSON | ({"X-WP-Total": str(pages), "X-WP-TotalPages": str(pages)} if total else {})
        return Answer(json.dumps([post(number)]).encode(), headers=tuple(headers.items()))

    server.respond(POSTS, answer)


@pytest.mark.anyio
@pytest.mark.parametrize(("total", "asked"), [(True, 3), (False, 4)])
async def test_pages_are_turned_to_their_end(server: Server, fetch: Client, *, total: bool, asked: int) -> None:
    answer_pages(server, 3, total=total)
    brought = await bring(collect, site(server, categories=[7, 9]), fetch, make_visit(since=NOW - timedelta(days=3)))
    assert brought.titles == [f"ASEAN – Korea {n}" for n in (1, 2, 3)]
    document = brought.documents[0]
    assert (document.body, document.url) == ("All & more.", "https://asean.example/1")
    assert document.published is not None
    assert (document.published.at, document.published.how) == ("2026-11-24T00:00:00+00:00", "stated")
    assert brought.status is None
    assert len(server.pages) == asked
    query = server.pages[0].query
    assert (query["per_page"], query["categories"], query["after"]) == ("100", "7,9", "2026-11-20T12:00:00")


@pytest.mark.anyio
async def test_no_posts_are_a_proper_answer(server: Server, fetch: Client) -> None:
    server.add(POSTS, "[]", headers=JSON | {"X-WP-TotalPages": "0"})
    brought = await bring(collect, site(server), fetch)
    assert (brought.documents, brought.status) == ([], None)


@pytest.mark.anyio
async def test_more_pages_than_allowed_are_said(server: Server, fetch: Client) -> None:
    answer_pages(server, 9)
    brought = await bring(collect, site(server, pages=2), fetch)
    assert (len(brought.documents), brought.status) == (2, "truncated_at_cap")


@pytest.mark.anyio
async def test_posts_out_of_the_window_are_left_out(server: Server, fetch: Client) -> None:
    posts = [post(1), post(2, date_gmt="2026-11-20T00:00:00"), post(3, date_gmt="0000-00-00T00:00:00")]
    server.add(POSTS, json.dumps(posts), headers=JSON | {"X-WP-TotalPages": "1"})
    brought = await bring(collect, site(server), fetch, make_visit(since=NOW - timedelta(days=2)))
    assert brought.titles == ["ASEAN – Korea 1", "ASEAN – Korea 3"]
    assert brought.days == ["2026-11-24", "2026-11-24"]  # the site's local time, where there is no other


def feed(*days_ago: int) -> str:
    items = (
        f"<item><title>F{n}</title><link>https://asean.example/{n}</link>"
        f"<pubDate>{format_datetime(NOW - timedelta(days=n, minutes=n + 1))}</pubDate></item>"
        for n in days_ago
    )
    return f"<rss><channel>{''.join(items)}</channel></rss>"


CLOSED = [
    (401, JSON, '{"code":"rest_forbidden","message":"Sorry","data":{"status":401}}'),
    (403, {"Content-Type": "text/html"}, "<html><title>403 Forbidden</title></html>"),
    (404, {"Content-Type": "text/html"}, "<html><title>Not found</title></html>"),
    (200, {"Content-Type": "text/html"}, "<html><title>Home</title></html>"),
    (200, JSON, '{"code":"rest_disabled"}'),
]


@pytest.mark.anyio
@pytest.mark.parametrize(("status", "headers", "body"), CLOSED)
async def test_where_the_interface_is_closed_the_feed_is_read(
    server: Server, fetch: Client, status: int, headers: dict[str, str], body: str
) -> None:
    server.add(POSTS, body, status=status, headers=headers)
    server.add("/feed/", feed(0, 1))
    server.add("/feed/?paged=2", feed(2, 3))
    server.add("/feed/?paged=3", feed(7, 8))
    brought = await bring(collect, site(server), fetch, make_visit(since=NOW - timedelta(days=4)))
    assert brought.titles == ["F0", "F1", "F2", "F3"]
    assert brought.status is None
    assert "closed" in brought.detail
    assert len(server.pages) == 4


@pytest.mark.anyio
async def test_robots_txt_may_forbid_the_interface_and_not_the_feed(server: Server, fetch: Client) -> None:
    server.add("/robots.txt", "User-agent: *\nDisallow: /wp-json/\n", headers={"Content-Type": "text/plain"})
    server.add("/feed/", feed(0, 1))
    brought = await bring(collect, site(server), fetch)
    assert brought.titles == ["F0", "F1"]
    assert server.asked(POSTS) == []


@pytest.mark.anyio
async def test_the_feed_ends_where_there_is_no_further_page(server: Server, fetch: Client) -> None:
    server.add(POSTS, "", status=404)
    server.add("/feed/?paged=2", "", status=404)
    server.add("/feed/", feed(0, 1))
    brought = await bring(collect, site(server), fetch, make_visit(since=NOW - timedelta(days=90)))
    assert (len(brought.documents), brought.status) == (2, None)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (404, "", "gone"),  # and so is the feed
        (400, '{"code":"rest_invalid_param","message":"Invalid parameter(s): categories"}', "rejected_query"),
        (400, "<html>", "rejected_query"),
        (200, "[1, 2]", "malformed"),
        (500, "", "unreachable"),
    ],
)
async def test_every_other_answer_is_an_error(
    server: Server, fetch: Client, status: int, body: str, expected: str
) -> None:
    server.add(POSTS, body, status=status, headers=JSON)
    with pytest.raises(SourceError) as caught:
        await bring(collect, site(server), fetch)
    assert caught.value.status == expected


@pytest.mark.anyio
async def test_without_a_feed_a_closed_interface_is_a_wall(server: Server, fetch: Client) -> None:
    server.add(POSTS, "{}", status=403, headers=JSON)
    with pytest.raises(SourceError, match="no feed is given") as caught:
        await bring(collect, site(server, feed=""), fetch)
    assert caught.value.status == "blocked"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@given(
    st.dictionaries(st.sampled_from(sorted(post(1))), VALUES | st.fixed_dictionaries({"rendered": VALUES})),
    st.sampled_from([200, 400, 401]),
)
def test_no_post_breaks_the_reader(changes: dict[str, object], status: int) -> None:
    body = json.dumps([post(1, **changes)]).encode()
    page = Page("https://asean.example/", status, {}, body, "", "application/json")
    refused: Exception | None = None
    try:
        parse_posts(page, "ASEAN")
    except (SourceError, _ClosedError) as error:
        refused = error
    assert bool(refused) == (status != 200)


@given(st.binary(), st.sampled_from([200, 400, 403]))
def test_no_bytes_break_the_reader(content: bytes, status: int) -> None:
    with pytest.raises((SourceError, _ClosedError)):
        parse_posts(Page("https://asean.example/", status, {}, content, "", ""), "ASEAN")
