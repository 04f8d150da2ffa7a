"""BigKinds' API: its envelope, its exclusive end, and errors under status 200."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from asking import make_source, make_visit, run
from loopback import Answer, Asked, Server

from collectors.fetch import Client
from collectors.kinds.bigkinds import collect

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 9, 20, 12, tzinfo=UTC)
visit = partial(make_visit, at=NOW)

KEYS = {"BIGKINDS_KEY": "secret-key"}
UNTIL = datetime(2026, 9, 18, 3, tzinfo=UTC)  # the 18th at noon in Korea
SINCE = datetime(2026, 9, 17, 15, tzinfo=UTC)  # its midnight


def row(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "news_id": f"01100101.{20260918000000000 + number}",
        "title": "아세안 <b>정상</b>회의",
        "content": "본문입니다.",
        "hilight": "…아세안…",
        "published_at": "2026-09-18T00:00:00.000+09:00",
        "provider": "누리신문",
        "category": ["정치>외교", "국제"],
        "category_incident": [],
        "byline": "기자",
        "provider_link_page": f"https://nuri.example/{number}",
    } | more


def answer(*rows: Any, hits: int | None = None) -> str:
    inner = {"total_hits": len(rows) if hits is None else hits, "documents": rows}
    return json.dumps({"result": 0, "return_object": inner}, ensure_ascii=False)


def kinds(server: Server, **options: Any) -> Any:
    return make_source("bigkinds", server.url("/search/news"), options={"queries": ["아세안"], **options})


async def test_a_row_becomes_a_document(server: Server, fetch: Client) -> None:
    server.add("/search/news", answer(row()))
    found = await run(collect(kinds(server), fetch, visit(SINCE, until=UNTIL, keys=KEYS)))
    (document,) = found.documents
    assert document.keys == ("id:bigkinds:01100101.20260918000000001", "url:https://nuri.example/1")
    assert document.outlet.id == "KR:누리신문"
    assert document.title == "아세안 정상회의"
    assert document.body == "본문입니다."
    assert document.keywords == "정치>외교, 국제"
    assert document.published
    assert (document.published.day, document.published.precision) == ("2026-09-18", "day")


async def test_the_question_has_its_envelope_and_an_exclusive_end(server: Server, fetch: Client) -> None:
    server.add("/search/news", answer())
    found = await run(collect(kinds(server, providers=["누리신문"]), fetch, visit(SINCE, until=UNTIL, keys=KEYS)))
    (asked,) = server.pages
    body = json.loads(asked.body)
    assert body["access_key"] == "secret-key"
    assert body["argument"]["published_at"] == {"from": "2026-09-18", "until": "2026-09-19"}
    assert body["argument"]["provider"] == ["누리신문"]
    assert body["argument"]["sort"] == {"date": "desc"}
    assert found.status == "ok_empty_confirmed"


async def test_pages_are_asked_for_to_the_number_of_hits(server: Server, fetch: Client) -> None:
    def paged(asked: Asked) -> Answer:
        start = json.loads(asked.body)["argument"]["return_from"]
        return Answer(answer(*(row(n) for n in range(start, min(start + 100, 230))), hits=230).encode())

    server.respond("/search/news", paged)
    found = await run(collect(kinds(server), fetch, visit(SINCE, until=UNTIL, keys=KEYS)))
    assert len(server.pages) == 3
    assert len(found.documents) == 230
    assert found.status is None


async def test_a_page_that_repeats_ends_it_as_truncated(server: Server, fetch: Client) -> None:
    server.add("/search/news", answer(*(row(n) for n in range(100)), hits=30_000))
    found = await run(collect(kinds(server), fetch, visit(SINCE, until=UNTIL, keys=KEYS)))
    assert len(server.pages) == 2
    assert len(found.documents) == 100
    assert found.status == "truncated_at_cap"


async def test_each_day_is_asked_for_and_remembered(server: Server, fetch: Client) -> None:
    server.add("/search/news", answer())
    since = datetime(2026, 9, 15, 15, tzinfo=UTC)
    found = await run(collect(kinds(server), fetch, visit(since, until=UNTIL, keys=KEYS)))
    days = [json.loads(asked.body)["argument"]["published_at"]["from"] for asked in server.pages]
    assert days == ["2026-09-16", "2026-09-17", "2026-09-18"]
    # Killed after the first day, it goes on with the second.
    await run(collect(kinds(server), fetch, visit(since, until=UNTIL, keys=KEYS, memory=found.batches[0].memory)))
    assert len(server.pages) == 5


async def test_a_refused_order_becomes_the_order_by_date(server: Server, fetch: Client) -> None:
    server.add("/search/news", '{"result":-1,"reason":"_score sort is not allowed"}')
    server.add("/search/news", answer(row()))
    found = await run(collect(kinds(server, order="_score"), fetch, visit(SINCE, until=UNTIL, keys=KEYS)))
    assert [json.loads(asked.body)["argument"]["sort"] for asked in server.pages] == [
        {"_score": "desc"},
        {"date": "desc"},
    ]
    assert len(found.documents) == 1


@pytest.mark.parametrize(
    ("status", "body", "word"),
    [
        (200, '{"result":-1,"reason":"wrong date"}', "rejected_query"),
        (200, '{"result":-1,"reason":"Invalid access_key"}', "auth"),
        (200, '{"result":-1,"reason":"일일 한도 초과"}', "quota"),
        (200, '{"docs":[]}', "rejected_query"),
        (200, '{"result":0,"docs":[]}', "malformed"),
        (200, '{"result":0,"return_object":{"total_hits":1}}', "malformed"),
        (200, "<html>점검</html>", "wrong_content"),
        (400, '{"reason":"bad request"}', "rejected_query"),
        (401, "", "auth"),
        (403, "<html>no</html>", "auth"),
        (429, "", "rate_limited"),
    ],
)
async def test_errors_have_names(server: Server, fetch: Client, status: int, body: str, word: str) -> None:
    server.add("/search/news", body, status=status)
    found = await run(collect(kinds(server), fetch, visit(SINCE, until=UNTIL, keys=KEYS)))
    assert found.error
    assert found.status == word
    assert "secret-key" not in str(found.error)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (row(news_id=""), "missing news_id"),
        (row(provider=None), "missing provider"),
        (row(title=""), "missing title"),
        (row(published_at="어제"), "unreadable date"),
        (3, "wrong type"),
    ],
)
async def test_a_broken_row_is_refused_alone(server: Server, fetch: Client, broken: Any, reason: str) -> None:
    server.add("/search/news", answer(broken, row(2)))
    found = await run(collect(kinds(server), fetch, visit(SINCE, until=UNTIL, keys=KEYS)))
    assert [refusal.reason for refusal in found.refusals] == [reason]
    assert len(found.documents) == 1


async def test_without_a_key_nothing_is_asked(server: Server, fetch: Client) -> None:
    found = await run(collect(kinds(server), fetch, visit(SINCE, until=UNTIL)))
    assert found.status == "auth"
    assert not server.requests
