"""The client against a loopback server: what becomes of answers, failures and keys."""

from __future__ import annotations

import asyncio
import gzip
import logging
import random
import ssl
import time
import traceback
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest
from loopback import Answer, Asked, Server

from collectors.fetch import Client, Limits, Visiting
from collectors.http.masking import Mask
from collectors.http.pacing import Clock
from collectors.http.transport import GuardedTransport
from collectors.outcome import SourceError, Status
from corpus.errors import SettingsError

pytestmark = pytest.mark.anyio
CERTIFICATE = Path(__file__).parent / "narra.test.pem"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEY = "s3cr3t/Schlüssel+=="


class SkippingClock(Clock):
    """Sleeps in no time, and remembers how long."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.ahead)

    def monotonic(self) -> float:
        return 1000.0 + self.ahead

    async def sleep(self, seconds: float) -> None:
        if seconds > 0:
            self.slept.append(seconds)
            self.ahead += seconds
        await asyncio.sleep(0)


async def failing(fetch: Client | Visiting, url: str, **asked: object) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await fetch.get(url, **asked)  # type: ignore[arg-type]
    return caught.value


async def status_of(fetch: Client | Visiting, url: str, **asked: object) -> Status:
    return (await failing(fetch, url, **asked)).status


# -- an answer


async def test_a_page_comes_with_all_that_is_known_of_it(server: Server, fetch: Client) -> None:
    server.add("/feed", "<rss>아세안</rss>", headers={"Content-Type": "Application/RSS+XML; charset=utf-8", "X-Y": "z"})
    page = await fetch.get(server.url("/feed"), params={"page": "2", "q": "아세안"})
    assert (page.url, page.status) == (server.url("/feed?page=2&q=%EC%95%84%EC%84%B8%EC%95%88"), 200)
    assert (page.text, page.media_type, page.headers["x-y"]) == ("<rss>아세안</rss>", "application/rss+xml", "z")
    assert not page.not_modified


async def test_params_are_added_to_those_of_the_address(server: Server, fetch: Client) -> None:
    server.add("/a", "x")
    await fetch.get(server.url("/a?brdId=302"), params={"page": "1"})
    assert server.pages[0].query == {"brdId": "302", "page": "1"}


async def test_it_says_who_it_is(server: Server, fetch: Client) -> None:
    server.add("/", "x")
    await fetch.get(server.url("/"))
    assert {asked.headers["user-agent"] for asked in server.requests} == {fetch.agent}
    assert fetch.agent.startswith("narra/")
    assert fetch.agent.endswith("(+tests@example.org)")


@pytest.mark.parametrize("contact", ["", "nobody", "a@b\r\nX: y", "https://x.org (me)", "나@x.org"])
async def test_it_does_not_go_out_without_a_contact(contact: str) -> None:
    with pytest.raises(SettingsError, match="neither a web address nor a mail address"):
        Client(contact)


async def test_binary_content_has_no_text(server: Server, fetch: Client) -> None:
    server.add("/a.zip", b"PK\x03\x04\xff", headers={"Content-Type": "application/zip"})
    page = await fetch.get(server.url("/a.zip"))
    assert (page.content, page.text) == (b"PK\x03\x04\xff", "")


async def test_the_language_of_the_source_decides_about_pages_that_say_nothing(server: Server, fetch: Client) -> None:
    server.add("/", "<p>똠방각하와 아세안</p>".encode("cp949"), headers={"Content-Type": "text/html"})
    page = await fetch.visit(private=True, language="ko").get(server.url("/"))
    assert page.text == "<p>똠방각하와 아세안</p>"


async def test_post_sends_json(server: Server, fetch: Client) -> None:
    server.add("/api", '{"ok":true}', headers={"Content-Type": "application/json"})
    page = await fetch.post(server.url("/api"), json={"query": "아세안"}, headers={"X-Api-Key": "k"})
    (asked,) = server.requests  # an API's robots.txt is not asked for
    assert (asked.method, asked.body.decode(), page.text) == ("POST", '{"query":"아세안"}', '{"ok":true}')
    assert (asked.headers["content-type"], asked.headers["x-api-key"]) == ("application/json", "k")


# -- statuses


@pytest.mark.parametrize(
    ("http", "status"),
    [
        (401, "blocked"),
        (403, "blocked"),
        (404, "gone"),
        (410, "gone"),
        (429, "rate_limited"),
        (451, "blocked"),
        (400, "rejected_query"),
        (422, "rejected_query"),
        (408, "unreachable"),
        (500, "unreachable"),
        (502, "unreachable"),
        (503, "unreachable"),
        (504, "unreachable"),
        (507, "unreachable"),
        (204, "wrong_content"),
        (206, "wrong_content"),
        (300, "wrong_content"),
        (304, "wrong_content"),
        (302, "wrong_content"),
        (999, "wrong_content"),
    ],
)
async def test_every_status_has_its_meaning(server: Server, fetch: Client, http: int, status: Status) -> None:
    server.add("/", "no", status=http)
    error = await failing(fetch, server.url("/"))
    assert error.status == status
    assert f"HTTP {http}" in error.detail


@pytest.mark.parametrize("http", [401, 403])
async def test_a_refusal_of_a_key_is_no_wall(server: Server, fetch: Client, http: int) -> None:
    server.add("/", "no", status=http)
    visit = fetch.visit(keys=[KEY], private=True)
    assert await status_of(visit, server.url("/"), params={"key": KEY}) == "auth"
    assert await status_of(fetch, server.url("/"), headers={"Authorization": "Token t"}) == "auth"
    assert await status_of(visit, server.url("/")) == "blocked"
    with pytest.raises(SourceError, match="auth"):
        await visit.post(server.url("/"), json={"argument": {"access_key": KEY}})


async def test_statuses_asked_for_are_given_back_at_once(server: Server, fetch: Client) -> None:
    server.add("/", '{"code":"024"}', status=429, headers={"Content-Type": "application/json"})
    page = await fetch.get(server.url("/"), allow=frozenset({429}))
    assert (page.status, page.text, len(server.pages)) == (429, '{"code":"024"}', 1)


async def test_an_endless_error_page_is_read_in_part(server: Server, fetch: Client) -> None:
    server.add("/", b"x" * 5_000_000, status=404)
    assert await status_of(fetch, server.url("/")) == "gone"


# -- retries


@pytest.mark.parametrize("http", [429, 502, 503, 504])
async def test_what_may_pass_is_asked_for_again(server: Server, fetch: Client, http: int) -> None:
    server.add("/", "later", status=http)
    server.add("/", "now")
    assert (await fetch.get(server.url("/"))).text == "now"


@pytest.mark.parametrize("http", [400, 403, 404, 500, 501])
async def test_what_will_not_pass_is_not(server: Server, fetch: Client, http: int) -> None:
    server.add("/", "no", status=http)
    await failing(fetch, server.url("/"))
    assert len(server.pages) == 1


@pytest.mark.parametrize("fault", ["reset", "close", "truncate", "garbage"])
async def test_a_broken_connection_is_tried_again(server: Server, fetch: Client, fault: str) -> None:
    server.add("/", "x" * 100, fault=fault)  # type: ignore[arg-type]
    server.add("/", "whole")
    assert (await fetch.get(server.url("/"))).text == "whole"


@pytest.mark.parametrize(
    ("fault", "status"),
    [("reset", "blocked"), ("close", "unreachable"), ("truncate", "unreachable"), ("garbage", "unreachable")],
)
async def test_attempts_are_counted(server: Server, fetch: Client, fault: str, status: Status) -> None:
    server.add("/", "x" * 100, fault=fault)  # type: ignore[arg-type]
    assert await status_of(fetch, server.url("/")) == status
    assert len(server.pages) == 2


@pytest.mark.parametrize("unit", ["seconds", "date"])
async def test_retry_after_is_kept_in_both_forms(server: Server, unit: str) -> None:
    clock = SkippingClock()
    value = "7" if unit == "seconds" else format_datetime(NOW + timedelta(seconds=7), usegmt=True)
    server.add("/", "later", status=429, headers={"Retry-After": value})
    server.add("/", "now")
    async with Client("a@b.org", private=True, clock=clock, limits=Limits(interval=0)) as client:
        assert (await client.get(server.url("/"))).text == "now"
    assert clock.slept == [7.0]


@pytest.mark.parametrize("unit", ["seconds", "date"])
@pytest.mark.parametrize("http", [429, 503])
async def test_a_long_retry_after_ends_the_visit(server: Server, fetch: Client, http: int, unit: str) -> None:
    later = datetime.now(UTC) + timedelta(seconds=3600)
    value = "3600" if unit == "seconds" else format_datetime(later, usegmt=True)
    server.add("/", "later", status=http, headers={"Retry-After": value})
    begun = time.monotonic()
    error = await failing(fetch, server.url("/"))
    assert error.status == "rate_limited"
    assert error.retry_after == pytest.approx(3600, abs=5)
    assert time.monotonic() - begun < 1


async def test_a_host_that_asked_for_rest_is_left_alone_by_other_sources(server: Server, fetch: Client) -> None:
    server.add("/", "later", status=429, headers={"Retry-After": "3600"})
    server.add("/other", "x")
    await failing(fetch, server.url("/"))
    error = await failing(fetch.visit(private=True), server.url("/other"))
    assert (error.status, len(server.asked("/other"))) == ("rate_limited", 0)
    assert error.retry_after == pytest.approx(3600, abs=5)


async def test_waits_double_and_end_with_the_budget(server: Server) -> None:
    clock = SkippingClock()
    server.add("/", "no", status=503)
    limits = Limits(interval=0, attempts=100, backoff=1, retry_seconds=60)
    dice = random.Random(0)  # noqa: S311 spreads waits
    async with Client("a@b.org", private=True, clock=clock, limits=limits, dice=dice) as client:
        assert await status_of(client, server.url("/")) == "unreachable"
    assert sum(clock.slept) <= 60
    assert [2**n / 2 <= pause <= 2**n for n, pause in enumerate(clock.slept)] == [True] * len(clock.slept)
    assert len(server.pages) == len(clock.slept) + 1


async def test_a_post_is_repeated_only_where_it_was_not_taken(server: Server, fetch: Client) -> None:
    server.add("/busy", "later", status=503)
    server.add("/busy", "done")
    server.add("/bad", "?", status=502)
    server.add("/dead", "", fault="close")
    assert (await fetch.post(server.url("/busy"), json=1)).text == "done"
    for path in ("/bad", "/dead"):
        with pytest.raises(SourceError, match="unreachable"):
            await fetch.post(server.url(path), json=1)
        assert len(server.asked(path)) == 1


# -- time


async def test_a_server_that_never_answers_is_given_up(server: Server) -> None:
    server.add("/", fault="hang")
    limits = Limits(interval=0, attempts=1, read_seconds=0.2)
    async with Client("a@b.org", private=True, limits=limits) as client:
        assert await status_of(client, server.url("/"), robots=False) == "unreachable"


async def test_a_trickle_ends(server: Server) -> None:
    server.add("/", "x" * 1000, chunk=1, pause=0.02)  # each piece comes well within `read_seconds`
    limits = Limits(interval=0, attempts=1, read_seconds=1, total_seconds=0.4)
    begun = time.monotonic()
    async with Client("a@b.org", private=True, limits=limits) as client:
        assert await status_of(client, server.url("/"), robots=False) == "unreachable"
    assert time.monotonic() - begun < 1.5


async def test_what_keeps_coming_may_take_longer(server: Server) -> None:
    server.add("/", b"x" * 100_000, chunk=5_000, pause=0.03)  # 0.6 s in all
    limits = Limits(interval=0, attempts=1, total_seconds=0.3, slowest=50_000)
    async with Client("a@b.org", private=True, limits=limits) as client:
        assert len((await client.get(server.url("/"), robots=False)).content) == 100_000


async def test_no_such_host_and_no_such_port(fetch: Client, servers: Callable[[], Server]) -> None:
    gone = servers()
    gone.stop()
    assert await status_of(fetch, gone.url("/")) == "unreachable"
    error = await failing(fetch, "http://no-such-host.invalid/")
    assert (error.status, "no such host" in error.detail) == ("unreachable", True)


# -- size


async def test_a_body_as_large_as_allowed_is_taken_and_one_byte_more_is_not(server: Server, fetch: Client) -> None:
    server.add("/", b"x" * 1000)
    assert len((await fetch.get(server.url("/"), limit=1000)).content) == 1000
    assert await status_of(fetch, server.url("/"), limit=999) == "wrong_content"


async def test_a_body_that_hides_its_length_is_cut_short(server: Server, fetch: Client) -> None:
    endless = {"Transfer-Encoding": "chunked"}
    server.add(
        "/", (b"400\r\n" + b"x" * 1024 + b"\r\n") * 5000 + b"0\r\n\r\n", headers=endless, chunk=4096, pause=0.001
    )
    begun = time.monotonic()
    assert await status_of(fetch, server.url("/"), limit=100_000) == "wrong_content"
    assert time.monotonic() - begun < 1.5


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_bomb_does_not_go_off(server: Server, fetch: Client, encoding: str) -> None:
    pack = gzip.compress if encoding == "gzip" else zlib.compress
    bomb = pack(b"\0" * 100_000_000, 9)
    server.add("/", bomb, headers={"Content-Encoding": encoding})
    tracemalloc.start()
    error = await failing(fetch, server.url("/"), limit=5_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (error.status, "5,000,000" in error.detail) == ("wrong_content", True)
    assert peak < 25_000_000


def raw_deflate(data: bytes) -> bytes:
    return zlib.compress(data)[2:-4]


@pytest.mark.parametrize("chunk", [1, None])
@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress), ("Deflate", raw_deflate)],
)
async def test_packed_bodies_are_unpacked(
    server: Server, fetch: Client, encoding: str, pack: Callable[[bytes], bytes], chunk: int | None
) -> None:
    text = "아세안 정상회의 " * 50
    server.add("/", pack(text.encode()), headers={"Content-Encoding": encoding}, chunk=chunk)
    assert (await fetch.get(server.url("/"))).text == text


async def test_gzip_of_several_members_and_padding(server: Server, fetch: Client) -> None:
    body = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 8
    server.add("/", body, headers={"Content-Encoding": "gzip"})
    assert (await fetch.get(server.url("/"))).content == b"one two"


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [
        (b"<html>not packed</html>", "gzip", "malformed"),
        (gzip.compress(b"x" * 1000, mtime=0)[:-9], "gzip", "malformed"),
        (b"\x0b\x02\x80", "br", "wrong_content"),
        (b"x", "gzip, deflate", "wrong_content"),
    ],
)
async def test_packing_that_cannot_be_undone(
    server: Server, fetch: Client, body: bytes, encoding: str, status: Status
) -> None:
    server.add("/", body, headers={"Content-Encoding": encoding})
    assert await status_of(fetch, server.url("/")) == status


# -- redirects, cookies


async def test_redirects_are_followed_and_the_last_address_is_told(server: Server, fetch: Client) -> None:
    server.add("/a", status=301, headers={"Location": "b?x=1#there"})
    server.add("/b", status=308, headers={"Location": server.url("/c")})
    server.add("/c", "here")
    page = await fetch.get(server.url("/a"))
    assert (page.url, page.text) == (server.url("/c"), "here")


async def test_five_redirects_and_no_more(server: Server, fetch: Client) -> None:
    for step in range(9):
        server.add(f"/{step}", status=302, headers={"Location": f"/{step + 1}"})
    server.add("/9", "end")
    assert (await fetch.get(server.url("/4"))).text == "end"
    assert await status_of(fetch, server.url("/3")) == "wrong_content"


async def test_circles_are_noticed(server: Server, fetch: Client) -> None:
    server.add("/a", status=302, headers={"Location": "/b"})
    server.add("/b", status=302, headers={"Location": "/a"})
    server.add("/self", status=307, headers={"Location": "/self"})
    assert await status_of(fetch, server.url("/a")) == "blocked"
    assert await status_of(fetch, server.url("/self")) == "blocked"
    assert [asked.path for asked in server.pages] == ["/a", "/b", "/self"]


def gate(asked: Asked) -> Answer:
    if "TMOSHCooKie=" in asked.headers.get("cookie", ""):
        return Answer("<rss>열림</rss>".encode())
    return Answer(b"", 307, (("Location", asked.target), ("Set-Cookie", "TMOSHCooKie=abc; Path=/; HttpOnly")))


async def test_the_gate_of_the_foreign_ministry_opens(server: Server, fetch: Client) -> None:
    server.respond("/rss.do", gate)
    visit = fetch.visit(private=True)
    for _ in range(2):  # the cookie is kept for the visit
        assert (await visit.get(server.url("/rss.do?brdId=235"))).text == "<rss>열림</rss>"
    assert len(server.pages) == 3
    await fetch.visit(private=True).get(server.url("/rss.do?brdId=235"))  # and not for another
    assert len(server.pages) == 5


async def test_a_gate_that_never_opens_is_tried_once_more(server: Server, fetch: Client) -> None:
    def closed(asked: Asked) -> Answer:
        return Answer(b"", 307, (("Location", asked.target), ("Set-Cookie", f"c={time.monotonic_ns()}; Path=/")))

    server.respond("/", closed)
    assert await status_of(fetch, server.url("/")) == "blocked"
    assert len(server.pages) == 2


async def test_cookies_stay_with_their_host(servers: Callable[[], Server]) -> None:
    one, other = servers(), servers()
    one.add("/", "x", headers={"Set-Cookie": "c=1"})
    one.add("/go", status=302, headers={"Location": f"http://other.test:{other.port}/"})
    other.add("/", "y")
    async with named(Limits(interval=0)) as client:
        await client.get(f"http://one.test:{one.port}/")
        await client.get(f"http://one.test:{one.port}/go")
    assert one.asked("/go")[0].headers["cookie"] == "c=1"
    assert "cookie" not in other.pages[0].headers


async def test_keys_in_headers_stay_with_their_origin(servers: Callable[[], Server], fetch: Client) -> None:
    one, other = servers(), servers()
    one.add("/", status=302, headers={"Location": "/same"})
    one.add("/same", status=302, headers={"Location": other.url("/")})
    other.add("/", "y")
    await fetch.get(one.url("/"), headers={"X-Api-Key": "k", "Authorization": "a", "Accept-Language": "ko"})
    assert one.asked("/same")[0].headers["x-api-key"] == "k"
    assert {"x-api-key", "authorization"}.isdisjoint(other.pages[0].headers)
    assert other.pages[0].headers["accept-language"] == "ko"


async def test_a_post_is_not_sent_elsewhere(server: Server, fetch: Client) -> None:
    server.add("/", status=307, headers={"Location": "/b"})
    with pytest.raises(SourceError, match="wrong_content"):
        await fetch.post(server.url("/"), json={})
    assert len(server.requests) == 1


# -- conditional requests


class Remembered:
    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, str]] = {}

    def get(self, url: str) -> tuple[str, str] | None:
        return self.kept.get(url)

    def put(self, url: str, etag: str, last_modified: str) -> None:
        self.kept[url] = (etag, last_modified)


async def test_what_has_not_changed_is_not_sent_again(server: Server, fetch: Client) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.headers.get("if-none-match") == 'W/"1"':
            return Answer(b"", 304)
        return Answer(b"new", 200, (("ETag", 'W/"1"'), ("Last-Modified", "Tue, 24 Nov 2026 10:00:00 GMT")))

    server.respond("/feed", answer)
    validators = Remembered()
    visit = fetch.visit(private=True, validators=validators)
    first, second, third = [await visit.get(server.url("/feed"), conditional=how) for how in (True, True, False)]
    assert (first.not_modified, first.text) == (False, "new")
    assert (second.not_modified, second.status, second.content) == (True, 304, b"")
    assert third.text == "new"
    assert validators.kept == {server.url("/feed"): ('W/"1"', "Tue, 24 Nov 2026 10:00:00 GMT")}
    assert server.pages[1].headers["if-modified-since"] == "Tue, 24 Nov 2026 10:00:00 GMT"
    assert "if-none-match" not in server.pages[2].headers


async def test_validators_are_kept_without_the_key(server: Server, fetch: Client) -> None:
    server.add("/feed", "x", headers={"ETag": '"1"'})
    validators = Remembered()
    visit = fetch.visit(private=True, keys=["k3y!"], validators=validators)
    await visit.get(server.url("/feed"), params={"key": "k3y!"}, conditional=True)
    assert validators.kept == {server.url("/feed?key=***"): ('"1"', "")}


async def test_errors_leave_no_validators(server: Server, fetch: Client) -> None:
    server.add("/feed", "x", status=404, headers={"ETag": '"1"'})
    validators = Remembered()
    visit = fetch.visit(private=True, validators=validators)
    assert (await visit.get(server.url("/feed"), conditional=True, allow=frozenset({404}))).status == 404
    assert validators.kept == {}


# -- walls


WALLS = {
    "sucuri": b"<html><title>You are being redirected...</title><noscript>Javascript is required.</noscript>"
    b"<script>var s={},u,c,U,r,i,l=0,a,e=eval,w=String.fromCharCode,sucuri_cloudproxy_js='',S='cz0i';</script></html>",
    "cloudflare": b"<!DOCTYPE html><html lang='en-US'><head><title>Just a moment...</title></head>"
    b"<body><script>(function(){window._cf_chl_opt={cvId:'3'};}());</script></body></html>",
    "cookie": b"<html><body><script>\ndocument.cookie='D3N=abc; path=/';\n"
    b"window.location.reload(true);</script></body></html>",
    "javascript": b"<!doctype html><html><head><script src='/app.js'></script></head><body><noscript>You "
    b"need to enable JavaScript to run this app.</noscript><div id='root'></div></body></html>",
}


@pytest.mark.parametrize("http", [200, 403, 503])
@pytest.mark.parametrize("wall", WALLS)
async def test_walls_are_no_pages(server: Server, fetch: Client, wall: str, http: int) -> None:
    server.add("/", WALLS[wall], status=http, headers={"Content-Type": "text/html"})
    error = await failing(fetch, server.url("/"), allow=frozenset({403}))
    assert (error.status, len(server.pages)) == ("blocked", 1)


async def test_a_challenge_in_the_headers_is_enough(server: Server, fetch: Client) -> None:
    server.add("/", "x", status=403, headers={"cf-mitigated": "challenge"})
    visit = fetch.visit(keys=[KEY], private=True)
    assert await status_of(visit, server.url("/"), headers={"X-Key": "s"}) == "blocked"


async def test_a_200_with_an_ordinary_error_page_is_left_to_the_kind_of_source(server: Server, fetch: Client) -> None:
    server.add(
        "/", "<html><body><h1>오류</h1><p>잠시 후 다시 시도</p></body></html>", headers={"Content-Type": "text/html"}
    )
    assert (await fetch.get(server.url("/"))).media_type == "text/html"


@pytest.mark.parametrize(
    "body",
    [
        "<rss><item><title>Just a moment...</title><description>sucuri_cloudproxy_js</description></item></rss>",
        '{"title": "You are being redirected..."}',
        "<html><head><script>document.cookie='a=1';location.href.length;location.reload()</script></head><body>"
        + "<p>ASEAN and Korea agreed on a plan of action.</p>" * 20,
        (
            "<html><head><title>Why 'Just a moment...' pages annoy</title></head><body><p>text</p>"
            "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script></body></html>"
        ),
        "<!-- " * 2000 + "<html>",
        "<!-- a -->" * 3000 + "x",
    ],
)
async def test_talk_of_walls_is_no_wall(server: Server, fetch: Client, body: str) -> None:
    server.add("/", body)
    begun = time.monotonic()
    assert (await fetch.get(server.url("/"))).text == body
    assert time.monotonic() - begun < 1


# -- keys


@pytest.mark.parametrize("key", [KEY, "abc%2Bdef%3D%3D", "plain-key", '"quoted" key'])
@pytest.mark.parametrize("http", [403, 404, 429, 500, 302, 200])
async def test_keys_show_nowhere(
    server: Server, fetch: Client, http: int, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("asyncio").setLevel(logging.INFO)
    server.add("/", f"your key {key} is bad", status=http)
    visit = fetch.visit(keys=[key], private=True)
    shown = [repr(visit), repr(Mask([key]))]
    address = httpx.URL(server.url("/"), params={"serviceKey": key})
    for url, params in ((server.url("/"), {"serviceKey": key}), (str(address), None)):
        try:
            page = await visit.get(url, params=params)
        except SourceError as error:
            shown += [str(error), repr(error), error.detail, "".join(traceback.format_exception(error))]
        else:
            shown.append(page.url)
    shown += [record.getMessage() for record in caplog.records]
    assert any("***" in text for text in shown)
    spelled = str(address).partition("serviceKey=")[2]
    assert not [text for text in shown if key in text or spelled in text]


async def test_a_key_that_is_no_header_is_not_quoted(server: Server, fetch: Client) -> None:
    for key in ("비밀열쇠", "two\r\nlines"):
        error = await failing(fetch.visit(keys=[key], private=True), server.url("/"), headers={"X-Key": key})
        assert error.status == "rejected_query"
        assert key not in "".join(traceback.format_exception(error))


# -- addresses


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.org/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "",
        "/feed",
        "http://",
        "http://[::1",
        "http:///x",
    ],
)
async def test_only_the_web_is_visited(fetch: Client, address: str) -> None:
    assert await status_of(fetch, address) == "malformed"


async def test_addresses_with_passwords_are_refused_and_not_quoted(server: Server, fetch: Client) -> None:
    error = await failing(fetch, f"http://me:hunter2@127.0.0.1:{server.port}/")
    assert (error.status, "hunter2" in str(error), server.requests) == ("malformed", False, [])


PRIVATE = ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"]  # noqa: S104


@pytest.mark.parametrize("host", PRIVATE)
async def test_private_addresses_are_refused_however_they_are_written(server: Server, host: str) -> None:
    async with Client("a@b.org", limits=Limits(interval=0)) as client:
        error = await failing(client, f"http://{host}:{server.port}/")
    assert (error.status, "private" in error.detail) == ("blocked", True)
    assert server.connections == 0


def named(limits: Limits, **answers: list[str]) -> Client:
    """A client for which every name stands for this machine, or for what is given."""

    async def resolve(host: str, _: int) -> list[str]:
        return answers.get(host.removesuffix(".test"), ["127.0.0.1"])

    return Client("a@b.org", limits=limits, transport=GuardedTransport(private=True, resolve=resolve))


class Redirecting(httpx.AsyncBaseTransport):
    """A public host that sends everybody to an address; for all others the real connections."""

    def __init__(self, target: str) -> None:
        async def resolve(_: str, __: int) -> list[str]:
            return ["10.0.0.1", "fe80::1%eth0"]

        self.target = target
        self.guarded = GuardedTransport(resolve=resolve)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host != "public.test":
            return await self.guarded.handle_async_request(request)
        return httpx.Response(302, headers={"Location": self.target})


@pytest.mark.parametrize("target", ["http://169.254.169.254/latest/meta-data/", "//[fd00::1]/", "http://inside.test/"])
async def test_a_redirect_to_a_private_address_is_refused(target: str) -> None:
    async with Client("a@b.org", limits=Limits(interval=0), transport=Redirecting(target)) as client:
        error = await failing(client, "http://public.test/", robots=False)
    assert (error.status, "private" in error.detail) == ("blocked", True)


async def test_a_name_server_that_changes_its_mind_gains_nothing(server: Server) -> None:
    answers = iter([["8.8.8.8"], ["127.0.0.1"], ["127.0.0.1"]])
    asked: list[str] = []

    async def resolve(host: str, _: int) -> list[str]:
        asked.append(host)
        return next(answers)

    limits = Limits(interval=0, attempts=1, connect_seconds=0.2)
    async with Client("a@b.org", limits=limits, transport=GuardedTransport(resolve=resolve)) as client:
        assert await status_of(client, f"http://rebind.test:{server.port}/", robots=False) == "unreachable"
        assert await status_of(client, f"http://rebind.test:{server.port}/", robots=False) == "blocked"
    assert (asked, server.connections) == (["rebind.test"] * 2, 0)


async def test_connections_to_private_addresses_are_not_lent_out(server: Server, fetch: Client) -> None:
    server.add("/", "x")
    await fetch.visit(private=True).get(f"http://localhost:{server.port}/", robots=False)
    assert await status_of(fetch.visit(), f"http://localhost:{server.port}/", robots=False) == "blocked"


async def test_of_several_addresses_the_first_that_answers_is_taken(server: Server) -> None:
    server.add("/", "x")
    async with named(Limits(interval=0, connect_seconds=1), many=["127.0.0.9", "127.0.0.1"]) as client:
        assert (await client.get(f"http://many.test:{server.port}/")).text == "x"


async def test_connections_are_kept_for_the_hosts_asked_last(server: Server) -> None:
    async def resolve(_: str, __: int) -> list[str]:
        return ["127.0.0.1"]

    server.add("/", "x")
    transport = GuardedTransport(private=True, resolve=resolve, kept=2)
    async with Client("a@b.org", limits=Limits(interval=0), transport=transport) as client:
        opened = []
        for host in "abcddcab":
            await client.get(f"http://{host}.test:{server.port}/", robots=False)
            opened.append(server.connections)
    assert opened == [1, 2, 3, 4, 4, 4, 5, 6]


# -- TLS


@pytest.fixture
def secure() -> object:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server = Server(context)
    yield server
    server.stop()


def trusting(*, ours: bool) -> Client:
    async def resolve(_: str, __: int) -> list[str]:
        return ["127.0.0.1"]

    tls = ssl.create_default_context(cafile=str(CERTIFICATE)) if ours else None
    limits = Limits(interval=0, connect_seconds=0.5)
    return Client("a@b.org", limits=limits, transport=GuardedTransport(private=True, resolve=resolve, tls=tls))


async def test_the_certificate_is_checked_against_the_name(secure: Server) -> None:
    secure.add("/", "safe")
    async with trusting(ours=True) as client:
        assert (await client.get(f"https://narra.test:{secure.port}/")).text == "safe"
        error = await failing(client, f"https://other.test:{secure.port}/")
    assert (error.status, "certificate" in error.detail) == ("unreachable", True)
    assert {asked.headers["host"] for asked in secure.requests} == {f"narra.test:{secure.port}"}


async def test_a_certificate_nobody_vouches_for_is_not_taken(secure: Server) -> None:
    async with trusting(ours=False) as client:
        error = await failing(client, f"https://narra.test:{secure.port}/")
    assert (error.status, "certificate" in error.detail, secure.requests) == ("unreachable", True, [])


async def test_no_tls_where_tls_was_asked_for(server: Server) -> None:
    async with trusting(ours=True) as client:
        error = await failing(client, f"https://narra.test:{server.port}/")
    assert (error.status, "TLS" in error.detail, server.connections) == ("blocked", True, 1)


async def test_tls_reset_in_the_handshake_is_not_hammered() -> None:
    reset = 0

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal reset
        reset += 1
        writer.transport.abort()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening, trusting(ours=True) as client:
        port = listening.sockets[0].getsockname()[1]
        assert await status_of(client, f"https://narra.test:{port}/") == "blocked"
    assert reset == 1


async def test_https_written_as_http_is_mended() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, text="x")

    async with Client("a@b.org", limits=Limits(interval=0), transport=httpx.MockTransport(answer)) as client:
        await client.get("http://www.mofa.go.kr:443/www/brd/m_4080/view.do?seq=1")
    assert asked == ["https://www.mofa.go.kr/robots.txt", "https://www.mofa.go.kr/www/brd/m_4080/view.do?seq=1"]


# -- robots.txt and pace, as the server sees them


async def test_robots_is_had_once_and_obeyed(server: Server, fetch: Client) -> None:
    server.add("/robots.txt", "User-agent: *\nDisallow: /private\n")
    for path in ("/a", "/b"):
        server.add(path, "x")
    await asyncio.gather(*[fetch.get(server.url(path)) for path in ("/a", "/b") for _ in range(3)])
    error = await failing(fetch, server.url("/private/x"))
    assert (error.status, "robots.txt forbids" in error.detail) == ("disallowed", True)
    assert len(server.asked("/robots.txt")) == 1
    assert not server.asked("/private/x")


async def test_robots_holds_for_redirects_too(server: Server, fetch: Client) -> None:
    server.add("/robots.txt", "User-agent: narra\nDisallow: /private\n")
    server.add("/a", status=302, headers={"Location": "/private"})
    server.add("/private", "x")
    assert await status_of(fetch, server.url("/a")) == "disallowed"
    assert (await fetch.get(server.url("/private"), robots=False)).text == "x"


@pytest.mark.parametrize("http", [401, 403, 404, 418])
async def test_robots_that_is_not_there_forbids_nothing(server: Server, fetch: Client, http: int) -> None:
    server.add("/robots.txt", "User-agent: *\nDisallow: /", status=http)
    server.add("/", "x")
    assert (await fetch.get(server.url("/"))).text == "x"


@pytest.mark.parametrize("http", [500, 503])
async def test_robots_that_fails_forbids_everything(server: Server, fetch: Client, http: int) -> None:
    server.add("/robots.txt", "", status=http)
    server.add("/", "x")
    for _ in range(2):
        assert await status_of(fetch, server.url("/")) == "disallowed"
    assert not server.pages
    assert len(server.requests) == (2 if http == 503 else 1)  # with its retry, and remembered


@pytest.mark.parametrize(("fault", "status"), [("close", "unreachable"), ("reset", "blocked")])
async def test_robots_without_an_answer_ends_the_visit(
    server: Server, fetch: Client, fault: str, status: Status
) -> None:
    server.add("/robots.txt", "", fault=fault)  # type: ignore[arg-type]
    server.add("/", "x")
    error = await failing(fetch, server.url("/"))
    assert (error.status, "robots.txt:" in error.detail, server.pages) == (status, True, [])


async def test_robots_that_says_too_often_is_a_rate_limit(server: Server, fetch: Client) -> None:
    server.add("/robots.txt", "", status=429, headers={"Retry-After": "900"})
    error = await failing(fetch, server.url("/"))
    assert (error.status, error.retry_after) == ("rate_limited", 900)


async def test_robots_may_lie_elsewhere(server: Server, fetch: Client) -> None:
    for step in range(5):
        server.add("/robots.txt" if step == 0 else f"/r{step}", status=301, headers={"Location": f"/r{step + 1}"})
    server.add("/r5", "User-agent: *\nDisallow: /x")
    assert await status_of(fetch, server.url("/x")) == "disallowed"


async def test_robots_in_a_circle_forbids_nothing(server: Server, fetch: Client) -> None:
    server.add("/robots.txt", status=301, headers={"Location": "/robots.txt"})
    server.add("/x", "x")
    assert (await fetch.get(server.url("/x"))).text == "x"


async def test_long_robots_files_are_read_to_half_a_megabyte_and_cut_after_one(server: Server, fetch: Client) -> None:
    filler = "# 가나다라마바사아자차카타파하\n" * 13_000  # 559 kB
    server.add("/robots.txt", f"User-agent: *\nDisallow: /a\n{filler}\nDisallow: /b\n{filler}{filler}Disallow: /c\n")
    server.add("/c", "x")
    assert await status_of(fetch, server.url("/a")) == "disallowed"
    assert await status_of(fetch, server.url("/b")) == "disallowed"
    assert (await fetch.get(server.url("/c"))).text == "x"


async def test_a_host_is_asked_at_its_pace_and_one_at_a_time(server: Server) -> None:
    server.add("/", "x", delay=0.01)
    async with Client("a@b.org", private=True, limits=Limits(interval=0.05)) as client:
        await asyncio.gather(*[client.get(server.url("/")) for _ in range(8)])
    assert min(server.gaps()) > 0.045
    assert (server.peak, len(server.requests)) == (1, 9)


async def test_hosts_do_not_wait_for_each_other(servers: Callable[[], Server]) -> None:
    hosts = [servers() for _ in range(5)]
    for host in hosts:
        host.add("/", "x", delay=0.1)
    begun = time.monotonic()
    async with Client("a@b.org", private=True, limits=Limits(interval=0.05)) as client:
        await asyncio.gather(*[client.get(host.url("/")) for host in hosts])
    assert time.monotonic() - begun < 0.45


async def test_no_more_at_once_than_allowed(server: Server) -> None:
    server.add("/", "x", delay=0.02)
    limits = Limits(interval=0, per_host=100, overall=3)
    async with named(limits) as client:
        await asyncio.gather(*[client.get(f"http://h{n}.test:{server.port}/") for n in range(12)])
    assert server.peak == 3


@pytest.mark.parametrize("rule", ["Crawl-delay: 5", "Request-rate: 2/10"])
async def test_a_crawl_delay_is_kept(server: Server, rule: str) -> None:
    clock = SkippingClock()
    server.add("/robots.txt", f"User-agent: *\n{rule}\nDisallow:\n")
    server.add("/", "x")
    async with Client("a@b.org", private=True, clock=clock) as client:
        for _ in range(3):
            await client.get(server.url("/"))
    assert clock.slept == [5, 5, 5]


async def test_a_crawl_delay_has_its_limit(server: Server) -> None:
    clock = SkippingClock()
    server.add("/robots.txt", "User-agent: narra\nCrawl-delay: 86400\n")
    server.add("/", "x")
    async with Client("a@b.org", private=True, clock=clock, limits=Limits(crawl_delay=30)) as client:
        await client.get(server.url("/"))
    assert clock.slept == [30]


async def test_being_stopped_frees_the_turn(server: Server, fetch: Client) -> None:
    server.add("/slow", fault="hang")
    server.add("/", "x")
    task = asyncio.create_task(fetch.get(server.url("/slow")))
    async with asyncio.timeout(1):
        while not server.asked("/slow"):  # noqa: ASYNC110 the server has no event to wait for
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await fetch.get(server.url("/"))).text == "x"
