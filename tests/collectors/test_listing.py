"""List pages, read as the source's file says; a page that has changed is never an empty one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asking import NOW, Brought, bring, bring_into, make_source, make_visit
from hypothesis import given
from hypothesis import strategies as st
from loopback import Answer, Asked, Server

from collectors.fetch import Client
from collectors.kinds.listing import ListingOptions, collect, page_address, parse_list
from collectors.outcome import SourceError
from collectors.source import SourceFileError

HTML = {"Content-Type": "text/html; charset=utf-8"}
OPTIONS = {"item": "ul.news > li", "date": ".date", "date_pattern": r"\d\d:\d\d \| \d\d/\d\d/\d{4}"}


def entry(number: int, date: str = "12:47 | 24/11/2026") -> str:
    link = f'<a href="/view?seq={number}"><b>Statement</b> {number}</a>'
    return f'<li><h3>{link}</h3><span class="date">Đăng {date}</span></li>'


def page(*entries: str) -> str:
    return f'<html><body><ul class="news">{"".join(entries)}</ul><a href="/next">next</a></body></html>'


@pytest.mark.anyio
async def test_entries_become_documents_with_local_dates(server: Server, fetch: Client) -> None:
    server.add("/list", page(entry(1), entry(2, "08:00 | 23/11/2026")), headers=HTML)
    source = make_source("listing", server.url("/list"), options=OPTIONS, country="VN", kind="official")
    brought = await bring(collect, source, fetch)
    assert brought.titles == ["Statement 1", "Statement 2"]
    assert brought.documents[0].url == server.url("/view?seq=1")
    assert [d.published and (d.published.at, d.published.how) for d in brought.documents] == [
        ("2026-11-24T05:47:00+00:00", "page"),
        ("2026-11-23T01:00:00+00:00", "page"),
    ]
    assert brought.status is None


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("body", "options", "said"),
    [
        ("<html><body><p>New design</p></body></html>", OPTIONS, "ul.news > li"),
        ("", OPTIONS, "ul.news > li"),
        (page("<li>No link</li>"), OPTIONS, r"link = 'a\[href\]'"),
        (page(entry(1)), OPTIONS | {"title": "h2.title"}, "h2.title"),
        (page(entry(1)), OPTIONS | {"date": ".when"}, ".when"),
        (page(entry(1, "tomorrow")), OPTIONS, "date"),
        (page('<li><a href="#top">Up</a></li>', '<li><a href="javascript:go()">Go</a></li>'), OPTIONS, "no entry"),
    ],
)
async def test_a_page_that_has_changed_is_told_with_what_was_looked_for(
    server: Server, fetch: Client, body: str, options: dict[str, object], said: str
) -> None:
    server.add("/list", body, headers=HTML)
    with pytest.raises(SourceError, match=said) as caught:
        await bring(collect, make_source("listing", server.url("/list"), options=options, country="VN"), fetch)
    assert caught.value.status == "wrong_content"


def paged(server: Server, pages: int, per_page: int = 3) -> None:
    """A list, an entry a day; behind its last page it shows the last one again."""

    def answer(asked: Asked) -> Answer:
        number = min(int(asked.query.get("page", "1")), pages)
        numbers = range((number - 1) * per_page, number * per_page)
        entries = (entry(n, f"12:00 | {NOW - timedelta(days=n):%d/%m/%Y}") for n in numbers)
        return Answer(page(*entries).encode(), headers=tuple(HTML.items()))

    server.respond("/list", answer)


PAGED = OPTIONS | {"page_parameter": "page", "pages": 10}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("days", "pages", "expected"),
    [(4, 8, (3, None)), (99, 2, (3, None)), (99, 99, (10, "truncated_at_cap"))],
    ids=["older", "end", "cap"],
)
async def test_pages_are_turned_until_they_hold_nothing_that_is_wanted(
    server: Server, fetch: Client, days: int, pages: int, expected: tuple[int, str | None]
) -> None:
    paged(server, pages)
    since = NOW - timedelta(days=days)
    source = make_source("listing", server.url("/list?menu=1"), options=PAGED, country="VN")
    brought = await bring(collect, source, fetch, make_visit(since=since))
    asked, status = expected
    assert [dict(request.query) for request in server.pages] == [
        {"menu": "1", "page": str(n)} for n in range(1, asked + 1)
    ]
    assert brought.status == status
    assert all(d.published and d.published.at and d.published.at >= since.isoformat() for d in brought.documents)
    assert len(set(brought.titles)) == len(brought.titles)


@pytest.mark.anyio
async def test_undated_pages_are_turned_until_all_is_known(server: Server, fetch: Client) -> None:
    options = {"item": "ul.news > li", "page_parameter": "page", "pages": 3}
    paged(server, 3)
    source = make_source("listing", server.url("/list"), options=options)
    first = await bring(collect, source, fetch)
    assert len(first.documents) == 9
    await bring(collect, source, fetch, make_visit(memory=first.memory))
    assert len(server.pages) == 3 + 1


@pytest.mark.anyio
async def test_a_later_page_that_fails_keeps_what_came_before(server: Server, fetch: Client) -> None:
    server.add("/list?page=1", page(entry(1)), headers=HTML)
    server.add("/list", "", status=500)
    brought = Brought()
    with pytest.raises(SourceError) as caught:
        await bring_into(
            brought, collect, make_source("listing", server.url("/list"), options=PAGED, country="VN"), fetch
        )
    assert caught.value.status == "unreachable"
    assert brought.titles == ["Statement 1"]


def listed(text: str, **changes: object) -> list[tuple[str, str, str | None]]:
    options = ListingOptions.model_validate({"item": "li"} | changes)
    items = parse_list(text, "https://n.example/", make_source("listing", country="ID"), options)
    return [(item.title, item.url, item.published.at if item.published else None) for item in items]


def test_the_entry_may_be_the_link_itself() -> None:
    assert listed('<a class="x" href="/1">One</a>', item="a.x") == [("One", "https://n.example/1", None)]


def test_a_pattern_may_mark_the_date_by_its_group() -> None:
    text = '<li><a href="/1">One</a><i>Posted: 24/11/2026 by A. N.</i></li>'
    assert (
        parse_list(
            text,
            "https://n.example/",
            make_source("listing", country="ID"),
            ListingOptions(item="li", date="i", date_pattern=r"Posted: (\S+)"),
        )[0].published
        is not None
    )


def test_a_pattern_alone_finds_the_date_anywhere_in_the_entry() -> None:
    text = '<li><a href="/1">Talks of 2025</a> 12:47 | 24/11/2026 <b>more</b></li>'
    pattern = r"\d\d:\d\d \| \d\d/\d\d/\d{4}"
    assert [at for _, _, at in listed(text, date_pattern=pattern)] == ["2026-11-24T05:47:00+00:00"]
    with pytest.raises(SourceError, match="date_pattern"):
        listed("<li><a href='/1'>One</a></li>", date_pattern=pattern)


def test_a_zone_that_is_not_the_countrys_is_named_in_the_options() -> None:
    text = '<li><a href="/1">One</a><i>24/11/2026 10:00</i></li><li><a href="/2">Two</a><i>24/11/2026</i></li>'
    assert [at for _, _, at in listed(text, date="i", zone="+00:00")] == ["2026-11-24T10:00:00+00:00", None]
    assert [at for _, _, at in listed(text, date="i")] == ["2026-11-24T03:00:00+00:00", None]


def test_a_time_elements_own_date_is_read() -> None:
    text = '<li><a href="/1">One</a><time datetime="2026-11-24T10:00:00+07:00">yesterday</time></li>'
    assert [at for _, _, at in listed(text, date="time")] == ["2026-11-24T03:00:00+00:00"]


@pytest.mark.anyio
async def test_an_encoding_that_the_page_lies_about_is_named_in_the_options(server: Server, fetch: Client) -> None:
    body = page('<li><a href="/1">한-아세안</a></li>').encode("cp949")
    server.add("/list", body, headers={"Content-Type": "text/html; charset=iso-8859-1"})
    options = {"item": "ul.news > li", "encoding": "euc-kr"}
    assert (await bring(collect, make_source("listing", server.url("/list"), options=options), fetch)).titles == [
        "한-아세안"
    ]


@pytest.mark.anyio
@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"item": "li >"},
        {"item": "li", "date_pattern": "("},
        {"item": "li", "zone": "KST"},
        {"item": "li", "encoding": "zip"},
        {"item": "li", "pages": 0},
        {"item": "li", "selector": "a"},
    ],
)
async def test_a_wrong_option_is_named(fetch: Client, wrong: dict[str, object]) -> None:
    with pytest.raises(SourceFileError, match=r"options\.\w+"):
        await bring(collect, make_source("listing", options=wrong), fetch)


def test_a_page_parameter_replaces_the_one_that_is_there() -> None:
    assert page_address("https://n.example/l?page=9&menu=a%20b", "page", 2) == "https://n.example/l?menu=a+b&page=2"
    assert page_address("https://n.example/l?x", "", 2) == "https://n.example/l?x"


@given(st.text(), st.sampled_from(["", "<li>", "<li><a href='"]))
def test_no_page_breaks_the_reader(text: str, start: str) -> None:
    listed(f"{start}{text}")
