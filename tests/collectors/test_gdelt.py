"""GDELT's DOC API: slices of time, broken JSON, and errors under status 200."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from asking import make_source, make_visit, run
from loopback import Answer, Asked, Server

from collectors.fetch import Client
from collectors.kinds.gdelt import CAP, collect, first_slices, load
from collectors.outcome import SourceError
from collectors.source import SourceFileError

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 9, 20, 12, tzinfo=UTC)
visit = partial(make_visit, at=NOW)

SINCE = NOW - timedelta(days=2)


def article(number: int = 1, **more: str) -> dict[str, str]:
    return {
        "url": f"https://www.example.co.kr/a/{number}",
        "url_mobile": "",
        "title": "한국과 아세안 , 협력",
        "seendate": "20260919T031500Z",
        "socialimage": "https://x.example/i.jpg",
        "domain": "example.co.kr",
        "language": "Korean",
        "sourcecountry": "South Korea",
    } | more


def answer(*articles: Any) -> str:
    return json.dumps({"articles": articles}, ensure_ascii=False)


def gdelt(server: Server, **options: Any) -> Any:
    said = {"queries": ["asean sourcecountry:KS"], "spacing": 0, **options}
    return make_source("gdelt", server.url("/doc"), options=said)


async def test_an_article_becomes_a_document_without_a_date(server: Server, fetch: Client) -> None:
    server.add("/doc", answer(article()))
    found = await run(collect(gdelt(server), fetch, visit(SINCE)))
    (document,) = found.documents
    assert document.outlet.id == "KR:example.co.kr"
    assert document.language == "ko"
    assert document.body == ""
    assert document.published is None
    assert document.keys == ("url:https://www.example.co.kr/a/1",)
    assert found.status is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://www.example.co.kr/2026/09/19/a.html", "2026-09-19"),
        ("https://www.example.co.kr/news/20260918000123", "2026-09-18"),
        ("https://www.example.co.kr/2020/09/19/a.html", None),
        ("https://www.example.co.kr/2026/09/21/a.html", None),
        ("https://www.example.co.kr/2026/02/31/a.html", None),
    ],
)
async def test_only_a_day_in_its_address_dates_it(server: Server, fetch: Client, url: str, day: str | None) -> None:
    server.add("/doc", answer(article(url=url)))
    found = await run(collect(gdelt(server), fetch, visit(SINCE)))
    published = found.documents[0].published
    assert (published.day if published else None) == day
    assert published is None or published.how == "url"


async def test_the_question(server: Server, fetch: Client) -> None:
    server.add("/doc", "{}")
    await run(collect(gdelt(server), fetch, visit(SINCE)))
    (asked,) = server.pages
    assert asked.query == {
        "query": "asean sourcecountry:KS",
        "mode": "artlist",
        "format": "json",
        "maxrecords": "250",
        "sort": "datedesc",
        "startdatetime": "20260918120000",
        "enddatetime": "20260920115959",
    }


async def test_an_empty_object_is_a_confirmed_nothing(server: Server, fetch: Client) -> None:
    server.add("/doc", "{}", headers={"Content-Type": "application/json"})
    found = await run(collect(gdelt(server), fetch, visit(SINCE)))
    assert found.status == "ok_empty_confirmed"


async def test_a_full_slice_is_cut_in_two(server: Server, fetch: Client) -> None:
    def busy(asked: Asked) -> Answer:
        span = moment(asked.query["enddatetime"]) - moment(asked.query["startdatetime"])
        number = CAP if span > timedelta(hours=13) else 3
        return Answer(answer(*(article(hash(asked.target) + n) for n in range(number))).encode())

    server.respond("/doc", busy)
    found = await run(collect(gdelt(server), fetch, visit(SINCE)))
    assert len(server.pages) == 7  # 48 h, 24 h, 12 h, 12 h, 24 h, 12 h, 12 h
    assert len(found.documents) == 12
    assert found.status is None


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


async def test_the_finest_slice_that_is_full_is_truncated(server: Server, fetch: Client) -> None:
    server.add("/doc", answer(*(article(n) for n in range(CAP))))
    since = NOW - timedelta(minutes=20)
    found = await run(collect(gdelt(server, spacing=0), fetch, visit(since)))
    assert found.status == "truncated_at_cap"
    assert len(found.documents) == 2 * CAP


async def test_older_than_ninety_days_is_truncated(server: Server, fetch: Client) -> None:
    server.add("/doc", "{}")
    found = await run(collect(gdelt(server, slice_days=90), fetch, visit(NOW - timedelta(days=200))))
    assert len(server.pages) == 2
    assert found.status == "truncated_at_cap"


def test_slices_cover_the_time_without_holes() -> None:
    pieces = first_slices(None, NOW, 7)
    assert pieces[0].start == NOW - timedelta(days=91)
    assert pieces[-1].end == NOW
    assert all(a.end == b.start for a, b in pairwise(pieces))


async def test_after_a_kill_it_goes_on_where_it_was(server: Server, fetch: Client) -> None:
    server.add("/doc", "{}")
    since = NOW - timedelta(days=14)
    first = await run(collect(gdelt(server), fetch, visit(since)))
    half = first.batches[0].memory
    again = await run(collect(gdelt(server), fetch, visit(since, memory=half)))
    assert len(server.pages) == 3
    assert server.pages[2].query["startdatetime"] == server.pages[1].query["startdatetime"]
    # Ended properly, the next visit overlaps as it is asked to.
    await run(collect(gdelt(server), fetch, visit(since, memory=again.memory)))
    assert len(server.pages) == 5


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Your query was too short or too long.", "rejected_query"),
        ("Invalid/Unsupported Country.", "rejected_query"),
        ("Queries containing OR'd terms must be surrounded by ().", "rejected_query"),
        ("Parentheses may only be used around OR'd statements.", "rejected_query"),
        ("The start date must be within the last 3 months.", "rejected_query"),
        ("The specified phrase is too short.", "rejected_query"),
        ("Please limit requests to one every 5 seconds or contact us.", "rate_limited"),
        ("<html><title>Attention Required! | Cloudflare</title></html>", "blocked"),
        ("<html><body>Access denied</body></html>", "blocked"),
        ("<html><body>Something else</body></html>", "wrong_content"),
        ("", "malformed"),
        ('{"articles": [{"url": "https://exam', "malformed"),
        ('{"articles": 3}', "malformed"),
    ],
)
async def test_errors_under_200_are_errors(server: Server, fetch: Client, text: str, word: str) -> None:
    server.add("/doc", text, headers={"Content-Type": "text/html; charset=utf-8"})
    found = await run(collect(gdelt(server), fetch, visit(SINCE)))
    assert found.status == word
    assert len(server.pages) == 1  # never asked again


async def test_429_ends_the_visit_at_once(server: Server, fetch: Client) -> None:
    server.add("/doc", "Please limit requests to one every 5 seconds", 429, {"Retry-After": "60"})
    found = await run(collect(gdelt(server), fetch, visit(SINCE)))
    assert found.error
    assert found.status == "rate_limited"
    assert found.error.retry_after == 60
    assert len(server.pages) == 1


@pytest.mark.parametrize(
    "title",
    ["C:\\dir and \\u12", "tab\there", "bell\x07 \\q \\\\ok", "line\nbreak"],
)
async def test_broken_json_is_mended(server: Server, fetch: Client, title: str) -> None:
    whole = answer(article(title="TITLE"))
    server.add("/doc", whole.replace("TITLE", title).encode())
    found = await run(collect(gdelt(server), fetch, visit(SINCE)))
    assert found.status == "malformed_recovered"
    assert len(found.documents) == 1


def test_mending_keeps_what_was_right() -> None:
    answer, recovered = load(r'{"a": "x\\y \d \" \u0041 \/"}')
    assert recovered
    assert answer == {"a": 'x\\y \\d " A /'}
    with pytest.raises(SourceError, match="malformed"):
        load("[1]")


async def test_stray_bytes_are_replaced(server: Server, fetch: Client) -> None:
    server.add("/doc", answer(article(title="TITLE")).encode().replace(b"TITLE", b"ASEAN \xff summit"))
    found = await run(collect(gdelt(server), fetch, visit(SINCE)))
    assert found.titles == ["ASEAN \ufffd summit"]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (article(sourcecountry="France"), "outlet of another country"),
        (article(sourcecountry=""), "outlet of another country"),
        (article(language="Klingonese"), "unknown language"),
        (article(title=" "), "missing title"),
        (article(url=""), "missing url"),
        (article(seendate="2026"), "unreadable date"),
        (7, "wrong type"),
    ],
)
async def test_a_broken_article_is_refused_alone(server: Server, fetch: Client, broken: Any, reason: str) -> None:
    server.add("/doc", answer(broken, article(9)))
    found = await run(collect(gdelt(server), fetch, visit(SINCE)))
    assert [refusal.reason for refusal in found.refusals] == [reason]
    assert len(found.documents) == 1


@pytest.mark.parametrize(
    ("country", "language", "expected"),
    [
        ("Indonesia", "Indonesian", ("ID", "id")),
        ("Vietnam", "Vietnamese", ("VN", "vi")),
        ("Philippines", "Tagalog", ("PH", "fil")),
        ("Burma", "Burmese", ("MM", "my")),
        ("Laos", "Lao", ("LA", "lo")),
        ("East Timor", "Portuguese", ("TL", "pt")),
        ("Singapore", "Chinese", ("SG", "zh-Hans")),
        ("Malaysia", "Malay", ("MY", "ms")),
        ("Brunei", "English", ("BN", "en")),
        ("Cambodia", "Khmer", ("KH", "km")),
        ("Thailand", "Thai", ("TH", "th")),
    ],
)
async def test_names_become_codes(
    server: Server, fetch: Client, country: str, language: str, expected: tuple[str, str]
) -> None:
    server.add("/doc", answer(article(sourcecountry=country, language=language)))
    found = await run(collect(gdelt(server), fetch, visit(SINCE)))
    assert (found.documents[0].outlet.country, found.documents[0].language) == expected


async def test_too_long_a_query_is_refused_before_it_is_asked(server: Server, fetch: Client) -> None:
    with pytest.raises(SourceFileError, match="250"):
        await run(collect(gdelt(server, queries=["x" * 251]), fetch, visit(SINCE)))
