"""Feeds: every oddity that real ones have, and no bytes that do harm."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime

import pytest
from asking import NOW, Brought, Validators, bring, bring_into, make_source, make_visit
from hypothesis import given, settings
from hypothesis import strategies as st
from loopback import Server

from collectors.fetch import Client
from collectors.kinds.feed import collect, parse_feed, read_entries
from collectors.kinds.items import Seen
from collectors.outcome import SourceError
from collectors.source import SourceFileError
from corpus.identity import document_keys

XML = {"Content-Type": "application/rss+xml"}
NAMESPACES = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'


def item(number: int, extra: str = "", date: str | None = None, title: str | None = None) -> str:
    said = "" if date is None else f"<pubDate>{date}</pubDate>"
    return (
        f"<item><title>{title or f'Title {number}'}</title><link>https://n.example/{number}</link>{said}{extra}</item>"
    )


def rss(*items: str) -> str:
    start = f'<?xml version="1.0"?><rss version="2.0" {NAMESPACES}><channel><title>N</title>'
    return f"{start}{''.join(items)}</channel></rss>"


def hours_ago(hours: float) -> str:
    return format_datetime(NOW - timedelta(hours=hours))


def numbered(first: int, last: int) -> str:
    """A feed of some numbers, the newest first, an item a minute, the last an hour ago."""
    numbers = range(last, first - 1, -1)
    return rss(*(item(n, date=hours_ago(1 + (last - n) / 60)) for n in numbers))


async def visit_feed(server: Server, fetch: Client, body: str | bytes, **changes: object) -> Brought:
    server.add("/feed", body, headers=XML)
    return await bring(collect, make_source("feed", server.url("/feed"), **changes), fetch)


@pytest.mark.anyio
async def test_an_item_becomes_a_document(server: Server, fetch: Client) -> None:
    extra = (
        "<description>short</description><content:encoded><![CDATA[<p>All of it.</p><p>Yes.</p>]]></content:encoded>"
    )
    title = "&lt;b&gt;아세안&lt;/b&gt; &amp;quot;협력&amp;quot; &lt;표&gt;"
    brought = await visit_feed(server, fetch, rss(item(1, extra, "Mon, 23 Nov 2026 22:00:00 GMT", title)))
    (document,) = brought.documents
    assert (document.title, document.body) == ('아세안 "협력" <표>', "All of it.\nYes.")
    assert document.keys == document_keys("KR:Nuri", None, "https://n.example/1")
    assert (document.source, document.outlet.id, document.kind, document.language) == ("nuri", "KR:Nuri", "news", "ko")
    assert document.published is not None
    assert (document.published.day, document.published.how) == ("2026-11-24", "feed")
    assert (brought.status, brought.detail) == (None, "")


RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" {NAMESPACES} xmlns="http://purl.org/rss/1.0/">
<channel/><item rdf:about="https://n.example/1"><title>Title 1</title><link>https://n.example/1</link>
<dc:date>2026-11-24T09:00:00+09:00</dc:date></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">&lt;i&gt;Title&lt;/i&gt; 1</title>
<link rel="self" href="https://n.example/self"/><link href="https://n.example/1"/><id>tag:1</id>
<published>2026-11-24T00:00:00Z</published><updated>2026-11-25T00:00:00Z</updated></entry></feed>"""
OLD = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://127.0.0.1:9/rss.dtd">'


@pytest.mark.anyio
@pytest.mark.parametrize("body", [RDF, ATOM, OLD + rss(item(1, date=hours_ago(12))), "\n " + RDF, "\ufeff" + RDF])
async def test_every_form_of_feed_is_read(server: Server, fetch: Client, body: str) -> None:
    brought = await visit_feed(server, fetch, body)
    assert (brought.titles, brought.days, brought.status) == (["Title 1"], ["2026-11-24"], None)
    assert brought.documents[0].url == "https://n.example/1"


@pytest.mark.anyio
async def test_an_undated_item_stays_undated_and_its_first_sight_is_remembered(server: Server, fetch: Client) -> None:
    brought = await visit_feed(server, fetch, rss(item(1), item(2, date=""), item(3, date="soon")))
    assert brought.days == [None, None, None]
    assert "1 dates can't be read" in brought.detail
    later = make_visit(memory=brought.memory, now=NOW + timedelta(hours=5))
    again = await bring(collect, make_source("feed", server.url("/feed")), fetch, later)
    assert set(_first_seen(again.memory)) == {"2026-11-24T12:00+00:00"}


def _first_seen(memory: dict[str, str]) -> Iterator[str]:
    (name,) = (name for name in memory if name.startswith("seen:"))
    seen = Seen(memory, name.removeprefix("seen:"))
    return iter(seen._first.values())  # noqa: SLF001 nothing else needs to look inside


@pytest.mark.anyio
async def test_a_date_without_an_hour_is_as_precise_as_it_is(server: Server, fetch: Client) -> None:
    (document,) = (await visit_feed(server, fetch, rss(item(1, date="Tue, 24 Nov 2026")))).documents
    assert document.published is not None
    assert (document.published.precision, document.published.at) == ("day", None)


@pytest.mark.anyio
async def test_local_time_labelled_gmt_is_read_as_the_option_says(server: Server, fetch: Client) -> None:
    body = rss(item(1, date="Tue, 24 Nov 2026 20:30:00 GMT"), item(2, date="Tue, 24 Nov 2026 20:00:00 GMT"))
    brought = await visit_feed(server, fetch, body, options={"clock": "local"})
    assert [d.published and d.published.at for d in brought.documents] == [
        "2026-11-24T11:30:00+00:00",
        "2026-11-24T11:00:00+00:00",
    ]


@pytest.mark.anyio
async def test_an_item_ahead_of_the_clock_is_not_lost(server: Server, fetch: Client) -> None:
    brought = await visit_feed(
        server, fetch, rss(item(1, date="Tue, 24 Nov 2026 20:30:00 GMT"), item(2, date=hours_ago(1)))
    )
    assert brought.titles == ["Title 1", "Title 2"]


@pytest.mark.anyio
async def test_a_buddhist_year_is_read(server: Server, fetch: Client) -> None:
    brought = await visit_feed(server, fetch, rss(item(1, date="Tue, 24 Nov 2569 10:00:00 +0700")), country="TH")
    assert brought.days == ["2026-11-24"]


@pytest.mark.anyio
async def test_the_time_of_the_fetch_is_no_date(server: Server, fetch: Client) -> None:
    brought = await visit_feed(server, fetch, rss(*(item(n, date=format_datetime(NOW)) for n in range(5))))
    assert brought.days == [None] * 5
    assert "time of the visit" in brought.detail
    assert brought.status is None


@pytest.mark.anyio
async def test_hours_that_never_change_mean_nothing(server: Server, fetch: Client) -> None:
    body = rss(*(item(n, date=f"Fri, {n} Nov 2026 12:00:00 GMT") for n in (20, 23, 24)))
    brought = await visit_feed(server, fetch, body)
    assert brought.days == ["2026-11-20", "2026-11-23", "2026-11-24"]
    assert {d.published.precision for d in brought.documents if d.published} == {"day"}


@pytest.mark.anyio
async def test_a_date_in_the_future_is_no_date(server: Server, fetch: Client) -> None:
    body = rss(item(1, date="Tue, 1 Dec 2026 09:00:00 +0900"), item(2, date=hours_ago(1)))
    brought = await visit_feed(server, fetch, body)
    assert brought.days == [None, "2026-11-24"]
    assert "future" in brought.detail


@pytest.mark.anyio
async def test_links_are_put_right(server: Server, fetch: Client) -> None:
    body = rss("<item><title>A</title><link>http://www.mofa.go.kr:443/view.do?seq=1</link></item>",
               "<item><title>B</title><link>/b</link></item>")  # fmt: skip
    brought = await visit_feed(server, fetch, body)
    assert [d.url for d in brought.documents] == ["https://www.mofa.go.kr/view.do?seq=1", server.url("/b")]


@pytest.mark.anyio
async def test_a_guid_identifies_where_the_address_does_not(server: Server, fetch: Client) -> None:
    home = "<link>https://n.example/</link>"
    body = rss(
        f"<item><title>A</title>{home}<guid isPermaLink='false'>a</guid></item>",
        f"<item><title>B</title>{home}<guid isPermaLink='false'>b</guid></item>",
        "<item><title>C</title><guid isPermaLink='false'>c</guid></item>",
        "<item><title>D</title></item>",
        "<item><link>https://n.example/e</link></item>",
        item(6), item(6),
    )  # fmt: skip
    brought = await visit_feed(server, fetch, body)
    assert [d.keys[0] for d in brought.documents] == [
        "id:KR%3ANuri:a", "id:KR%3ANuri:b", "id:KR%3ANuri:c", "url:https://n.example/6",
    ]  # fmt: skip
    assert sorted((r.line, r.reason) for r in brought.refusals) == [
        (4, "missing id and url"), (5, "missing title and body"), (7, "repeated item"),
    ]  # fmt: skip


BROKEN = rss(item(1, date=hours_ago(2)), item(2, date=hours_ago(1)))


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("body", "titles"),
    [
        (BROKEN.replace("Title 1", "R&D a&b"), ["R&D a&b", "Title 2"]),
        (BROKEN.replace("Title 1", "a\x0bb\x00"), ["ab", "Title 2"]),
        (BROKEN.replace("Title 1", "a&nbsp;b"), ["a b", "Title 2"]),
        (BROKEN[: BROKEN.index("</item>") + 7] + "<item><tit", ["Title 1"]),
        (BROKEN.replace("</title><link>", "</titel><link>", 1), None),
        (BROKEN.encode().replace(b"Title 1", b"Title 1\xff"), ["Title 1\ufffd", "Title 2"]),
    ],
)
async def test_what_is_broken_is_mended_and_said(
    server: Server, fetch: Client, body: str | bytes, titles: list[str] | None
) -> None:
    brought = await visit_feed(server, fetch, body)
    assert brought.status == "malformed_recovered"
    assert "Mended" in brought.detail
    if titles is not None:
        assert [title for title in brought.titles if title] == titles


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ("<!DOCTYPE html><html><head><title>Gone</title></head></html>", "wrong_content", "Gone"),
        ("<html><title>You are being redirected...</title></html>", "blocked", "answered"),
        ("", "wrong_content", "empty"),
        ('{"error": 1}', "wrong_content", "neither RSS nor Atom"),
        ("<sitemap/>", "wrong_content", "neither RSS nor Atom"),
        (rss(), "wrong_content", "no items"),
        ("<rss><channel><", "malformed", "broken"),
        ("<rss><?x <![CDATA[?><channel><item><title>&#99999999999;</title>]]></item>", "malformed", "OverflowError"),
        ('<!DOCTYPE rss [<!ENTITY a "b">]>' + rss(item(1)), "malformed", "entities"),
        (
            '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + rss(item(1, title="&a;")),
            "malformed",
            "entities",
        ),
        ('<!DOCTYPE rss [<!ENTITY a "b">]>' + rss(item(1, title="R&D")), "malformed", "entities"),
    ],
)
async def test_what_is_no_feed_is_never_zero_items(
    server: Server, fetch: Client, body: str, status: str, said: str
) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        await visit_feed(server, fetch, body)
    assert caught.value.status == status


@pytest.mark.anyio
async def test_an_impossible_reference_costs_no_item(server: Server, fetch: Client) -> None:
    # What it stands for can't be known: it stays as it was written, and the visit says that it mended something.
    brought = await visit_feed(server, fetch, rss(item(1, title="A &#99999999999; B"), item(2, title="C &#xD800;D")))
    assert brought.status == "malformed_recovered"
    assert brought.titles == ["A &#99999999999; B", "C D"]


@pytest.mark.anyio
async def test_a_feed_may_be_empty_where_its_file_says_so(server: Server, fetch: Client) -> None:
    brought = await visit_feed(server, fetch, rss(), options={"may_be_empty": True})
    assert (brought.documents, brought.status) == ([], "ok_empty_confirmed")


@pytest.mark.anyio
async def test_an_old_feed_is_stale(server: Server, fetch: Client) -> None:
    body = rss(item(1, date=hours_ago(24 * 40)), item(2, date=hours_ago(24 * 50)))
    brought = await visit_feed(server, fetch, body)
    assert brought.status == "stale"
    assert len(brought.documents) == 2
    calm = await visit_feed(server, fetch, body, options={"stale_days": 60})
    assert calm.status is None


@pytest.mark.anyio
async def test_a_feed_that_shares_nothing_with_the_last_visit_may_have_a_gap(server: Server, fetch: Client) -> None:
    source = make_source("feed", server.url("/feed"))
    for first, last in ((1, 50), (40, 89), (90, 139), (140, 145)):
        server.add("/feed", numbered(first, last), headers=XML)
    memory: dict[str, str] = {}
    statuses = []
    for _ in range(4):
        brought = await bring(collect, source, fetch, make_visit(memory=memory))
        memory = brought.memory
        statuses.append(brought.status)
    # The last is new as a whole, too, but short: nothing was pushed out of it.
    assert statuses == [None, None, "gap_suspected", None]


@pytest.mark.anyio
async def test_what_has_not_changed_is_said_to_be_so(server: Server, fetch: Client) -> None:
    server.add("/feed", numbered(1, 3), headers=XML | {"ETag": '"a"'})
    server.add("/feed", "", status=304)
    visiting = fetch.visit(private=True, validators=Validators())
    source = make_source("feed", server.url("/feed"))
    first = await bring(collect, source, visiting)
    second = await bring(collect, source, visiting, make_visit(memory=first.memory))
    assert (first.status, second.status) == (None, "not_modified")
    assert second.documents == []
    assert second.memory == first.memory
    assert server.pages[1].headers["if-none-match"] == '"a"'


@pytest.mark.anyio
async def test_a_thousand_items_come_in_batches_and_only_the_last_is_remembered(server: Server, fetch: Client) -> None:
    server.add("/feed", numbered(1, 1000), headers=XML)
    source = make_source("feed", server.url("/feed"))
    batches = [batch async for batch in collect(source, fetch, make_visit())]
    assert sum(len(batch.documents) for batch in batches) == 1000
    assert max(len(batch.documents) for batch in batches) == 500
    assert [bool(batch.memory) for batch in batches] == [False, False, True, True]


@pytest.mark.anyio
async def test_one_feed_that_fails_does_not_hide_the_others(server: Server, fetch: Client) -> None:
    server.add("/b", numbered(1, 3), headers=XML)
    brought = Brought()
    source = make_source("feed", server.url("/a"), server.url("/b"))
    with pytest.raises(SourceError, match="/a") as caught:
        await bring_into(brought, collect, source, fetch)
    assert caught.value.status == "gone"
    assert len(brought.documents) == 3


@pytest.mark.anyio
async def test_of_several_feeds_the_gravest_status_is_told(server: Server, fetch: Client) -> None:
    server.add("/a", numbered(1, 3), headers=XML)
    server.add("/b", rss(item(1, date=hours_ago(24 * 40))), headers=XML)
    brought = await bring(collect, make_source("feed", server.url("/a"), server.url("/b")), fetch)
    assert brought.status == "stale"


@pytest.mark.anyio
@pytest.mark.parametrize("options", [{"clok": "local"}, {"clock": "utc"}, {"stale_days": "many"}])
async def test_a_wrong_option_is_named(fetch: Client, options: dict[str, object]) -> None:
    with pytest.raises(SourceFileError, match=r"options\.\w+"):
        await bring(collect, make_source("feed", options=options), fetch)


# -- no bytes do harm ----------------------------------------------------


def laughs(levels: int) -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels))
    return f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{entities}]>' + rss(item(1, title=f"&l{levels - 1};"))


@pytest.mark.parametrize(
    "feed",
    [laughs(10), laughs(10).replace("</rss>", ""), laughs(10).replace("<channel>", "<channel>&")],
    ids=["whole", "cut", "&"],
)
def test_entities_are_never_expanded(feed: str) -> None:
    began = time.monotonic()
    with pytest.raises(SourceError) as caught:
        parse_feed(feed.encode())
    assert caught.value.status == "malformed"
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("broken", ["", "&"])
def test_nothing_outside_is_ever_opened(monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("something was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr("builtins.open", refuse)
    for declaration in (
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE rss SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x">%a;]>',
        '<?xml-stylesheet href="file:///etc/passwd"?>',
    ):
        try:
            feed = parse_feed(f"{declaration}{rss(item(1, title='x &a;'))}{broken}".encode())
        except SourceError as error:
            assert error.status == "malformed"  # noqa: PT017 either outcome is fine, as long as nothing was opened
        else:
            assert "root:" not in str(feed)


def read(content: bytes) -> None:
    refused: SourceError | None = None
    try:
        feed = parse_feed(content, "utf-8")
    except SourceError as error:
        refused = error
    if refused:
        assert refused.status in {"wrong_content", "malformed", "blocked"}
        assert 0 < len(refused.detail) < 1000
        return
    for read_item in read_entries(feed.entries, "https://n.example/", "KR", "stated", NOW).items:
        (read_item.title + read_item.body + read_item.url + read_item.id).encode()
        assert "\0" not in read_item.title + read_item.body


WHOLE = rss(
    item(1, "<content:encoded><![CDATA[<p>x</p>]]></content:encoded>", hours_ago(1)), item(2, date="x")
).encode()
SEEDS = st.sampled_from([WHOLE, RDF.encode(), ATOM.encode(), laughs(3).encode()])
TOKENS = [
    part.encode("latin-1")
    for part in """
    <rss>|<channel>|<item>|</item>|<title>|</title>|<link>|<guid>|<pubDate>|<![CDATA[|]]>|x| |<rdf:RDF|<cdf>|<div>
    <feed xmlns='http://www.w3.org/2005/Atom'>|<entry>|<content type='xhtml'>|<link href='|'/>|&|&#xD800;|&#0;
    &#99999999999;|    <!ENTITY a 'b'>|<!DOCTYPE x [|]>|<?xml version='1.0' encoding='utf-16'?>|\xff\xfe|\0|<!--|-->|<?|?>|http://[
    <content type='application/octet-stream' mode='base64'>|<a xml:base='http://['>|<georss:point>|<where>|<source>
    <itunes:explicit>|<media:content url='x'>|<psc:chapter start='x'>|<textInput>|<enclosure>|<modified>
    <author>|<email>|<category>|<license>|<dc:creator>|<cc:license rdf:resource='x'>|<gml:pos>1 2 3</gml:pos>
    """.replace("\n    ", "|").split("|")
]


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    read(content)


@settings(max_examples=300)
@given(SEEDS, st.binary(max_size=30) | st.sampled_from(TOKENS), st.integers(0, 900), st.integers(0, 60))
def test_no_change_of_a_good_feed_breaks_the_reader(seed: bytes, noise: bytes, at: int, cut: int) -> None:
    read(seed[:at] + noise + seed[at + cut :])


@settings(max_examples=300)
@given(st.lists(st.sampled_from(TOKENS), max_size=40))
def test_no_heap_of_a_feeds_own_parts_breaks_the_reader(parts: list[bytes]) -> None:
    read(b"".join(parts))
    read(b"<rss><channel><item>" + b"".join(parts))
    read(b"<feed><entry>" + b"".join(parts))


PARTS = [b"<item>", b"</item>", b"<title>", b"<div>", b"\n<item><title>&<b>", b"<content type='xhtml'><div>"]
PILES = [*PARTS, b"<", b"<!--", b"<![CDATA[", b"&", b"<a ", b"<?x ", b"<a b='", b"<!DOCTYPE ", b"<!ENTITY ", b"]]>"]


@pytest.mark.parametrize("pile", PILES)
def test_no_pile_of_one_part_takes_long(pile: bytes) -> None:
    began = time.monotonic()
    for start in (b"<rss><channel>", b"<rss><channel><item><description>", b""):
        read(start + pile * (100_000 // len(pile)))
    assert time.monotonic() - began < 20
