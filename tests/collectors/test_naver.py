"""Naver's news search: both doors, its window of 1,000, and its errors in every shape."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any

import pytest
from asking import make_source, make_visit, run
from loopback import Answer, Asked, Server

from collectors.fetch import Client
from collectors.kinds.naver import choose_service, collect, error_of
from collectors.source import SourceFileError

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 9, 20, 12, tzinfo=UTC)
visit = partial(make_visit, at=NOW)

HUB = {"NAVER_HUB_ID": "hub-id", "NAVER_HUB_SECRET": "hub-secret"}
LEGACY = {"NAVER_CLIENT_ID": "old-id", "NAVER_CLIENT_SECRET": "old-secret"}
SINCE = datetime(2026, 9, 19, tzinfo=UTC)


def item(number: int = 1, minutes_ago: int = 0, **more: str) -> dict[str, str]:
    moment = datetime(2026, 9, 20, 11, 59, tzinfo=UTC) - timedelta(minutes=minutes_ago)
    local = moment.astimezone(timezone(timedelta(hours=9)))
    return {
        "title": f"<b>아세안</b> &quot;협력&quot; 확대 {number}",
        "originallink": f"https://news.example.com/a/{number}",
        "link": f"https://n.news.naver.com/mnews/article/001/{number:010}",
        "description": "주<b>식</b>형 &lt;속보&gt;",
        # The weekday is wrong on purpose.
        "pubDate": local.strftime("Mon, %d Sep 2026 %H:%M:%S +0900"),
    } | more


def answer(*items: dict[str, str], total: int = 2566589) -> str:
    body = {"lastBuildDate": "x", "total": total, "start": 1, "display": len(items), "items": list(items)}
    return json.dumps(body)


def naver(server: Server, *paths: str, **options: Any) -> Any:
    urls = [server.url(path) for path in paths or ("/search/v1/news",)]
    return make_source("naver", *urls, options={"queries": ["아세안"], **options})


async def test_an_item_becomes_a_document(server: Server, fetch: Client) -> None:
    server.add("/search/v1/news", answer(item()))
    found = await run(collect(naver(server, outlets={"example.com": "본보기신문"}), fetch, visit(SINCE, keys=HUB)))
    (document,) = found.documents
    assert document.title == '아세안 "협력" 확대 1'
    assert document.body == "주식형 <속보>"
    assert document.url == "https://news.example.com/a/1"
    assert document.outlet.id == "KR:본보기신문"
    assert document.keys == ("id:naver:001/0000000001", "url:https://news.example.com/a/1")
    assert document.published
    assert document.published.day == "2026-09-20"
    assert document.published.at == "2026-09-20T11:59:00+00:00"
    assert document.keywords == "아세안"
    assert found.status is None


async def test_the_hub_is_asked_with_its_headers_and_a_window_by_date(server: Server, fetch: Client) -> None:
    server.add("/search/v1/news", answer(item()))
    await run(collect(naver(server), fetch, visit(SINCE, keys=HUB | LEGACY)))
    (asked,) = server.pages
    assert asked.query == {"query": "아세안", "display": "100", "start": "1", "sort": "date"}
    assert asked.headers["x-ncp-apigw-api-key-id"] == "hub-id"
    assert asked.headers["x-ncp-apigw-api-key"] == "hub-secret"


async def test_without_keys_of_the_hub_the_older_service_is_asked(server: Server, fetch: Client) -> None:
    server.add("/v1/search/news.json", answer(item()))
    both = naver(server, "/search/v1/news", "/v1/search/news.json")
    found = await run(collect(both, fetch, visit(SINCE, keys=LEGACY)))
    (asked,) = server.pages
    assert asked.headers["x-naver-client-id"] == "old-id"
    assert len(found.documents) == 1


def test_a_door_can_be_chosen() -> None:
    urls = ("https://hub.example/news", "https://old.example/news.json")
    assert choose_service(urls, HUB | LEGACY, "legacy").url.endswith(".json")
    with pytest.raises(SourceFileError, match="no address"):
        choose_service(urls[:1], HUB, "legacy")


async def test_without_keys_it_says_which_are_missing(server: Server, fetch: Client) -> None:
    found = await run(collect(naver(server), fetch, visit(keys={"NAVER_HUB_ID": "x"})))
    assert found.error
    assert found.status == "auth"
    assert "NAVER_HUB_SECRET" in found.error.detail
    assert not server.requests


@pytest.mark.parametrize(
    ("link", "original", "name"),
    [
        ("https://n.news.naver.com/mnews/article/001/0000000001", "", "naver:001"),
        ("https://www.paper.example/2", "", "paper.example"),
        ("https://x.example/2", "https://m.paper.example/2", "m.paper.example"),
    ],
)
async def test_an_outlet_that_is_not_in_the_table_is_its_host(
    server: Server, fetch: Client, link: str, original: str, name: str
) -> None:
    server.add("/search/v1/news", answer(item(link=link, originallink=original)))
    found = await run(collect(naver(server), fetch, visit(SINCE, keys=HUB)))
    assert found.documents[0].outlet.name == name


async def test_the_table_may_name_a_press_its_language_and_country(server: Server, fetch: Client) -> None:
    entry = {"name": "Yonhap", "language": "en"}
    server.add("/search/v1/news", answer(item(originallink="")))
    found = await run(collect(naver(server, outlets={"naver:001": entry}), fetch, visit(SINCE, keys=HUB)))
    assert found.documents[0].outlet.name == "Yonhap"
    assert found.documents[0].language == "en"


async def test_pages_are_asked_for_until_one_is_older_than_the_visit(server: Server, fetch: Client) -> None:
    def paged(asked: Asked) -> Answer:
        start = int(asked.query["start"])
        return Answer(answer(*(item(n, minutes_ago=6 * n) for n in range(start, start + 100))).encode())

    server.respond("/search/v1/news", paged)
    found = await run(collect(naver(server), fetch, visit(SINCE, keys=HUB)))
    assert [asked.query["start"] for asked in server.pages] == ["1", "101", "201", "301", "401"]
    assert len(found.documents) == 359  # every six minutes for 36 hours
    assert found.status is None


async def test_past_a_thousand_items_it_is_truncated(server: Server, fetch: Client) -> None:
    def paged(asked: Asked) -> Answer:
        start = int(asked.query["start"])
        return Answer(answer(*(item(n) for n in range(start, start + 100))).encode())

    server.respond("/search/v1/news", paged)
    found = await run(collect(naver(server), fetch, visit(SINCE, keys=HUB)))
    assert len(server.pages) == 10
    assert server.pages[-1].query["start"] == "901"
    assert found.status == "truncated_at_cap"
    assert "아세안" in found.batches[-1].detail
    assert found.memory["oldest:아세안"].startswith("2026-09-20T11:59")


async def test_what_moves_between_two_pages_or_queries_is_taken_once(server: Server, fetch: Client) -> None:
    first = answer(*(item(n) for n in range(1, 101)))
    server.add("/search/v1/news", first)
    server.add("/search/v1/news", answer(*(item(n) for n in range(100, 105))))
    server.add("/search/v1/news", answer(item(3), item(900)))
    found = await run(collect(naver(server, queries=["아세안", "동남아"]), fetch, visit(SINCE, keys=HUB)))
    assert len(found.documents) == 105
    assert found.documents[-1].keywords == "동남아"


async def test_what_is_older_than_the_visit_is_left_out(server: Server, fetch: Client) -> None:
    server.add("/search/v1/news", answer(item(1), item(2, minutes_ago=60 * 48)))
    found = await run(collect(naver(server), fetch, visit(SINCE, keys=HUB)))
    assert len(found.documents) == 1


async def test_nothing_found_is_a_confirmed_nothing(server: Server, fetch: Client) -> None:
    server.add("/search/v1/news", answer(total=0))
    found = await run(collect(naver(server), fetch, visit(SINCE, keys=HUB)))
    assert found.status == "ok_empty_confirmed"


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (item(pubDate="yesterday"), "unreadable date"),
        (item(title=""), "missing title"),
        (item(link="", originallink=""), "missing link"),
        ("no item", "wrong type"),
        (item() | {"title": 7}, "wrong type"),
        (item(title="\ud800"), "lone surrogate"),
    ],
)
async def test_a_broken_item_is_refused_alone(server: Server, fetch: Client, broken: Any, reason: str) -> None:
    server.add("/search/v1/news", answer(broken, item(5)))
    found = await run(collect(naver(server), fetch, visit(SINCE, keys=HUB)))
    assert [refusal.reason for refusal in found.refusals] == [reason]
    assert len(found.documents) == 1


async def test_titles_only_keeps_no_description(server: Server, fetch: Client) -> None:
    server.add("/search/v1/news", answer(item()))
    plain = naver(server).model_copy(update={"text": "titles"})
    found = await run(collect(plain, fetch, visit(SINCE, keys=HUB)))
    assert found.documents[0].body == ""


@pytest.mark.parametrize(
    ("status", "body", "word"),
    [
        (400, '{"errorMessage":"Incorrect query request","errorCode":"SE01"}', "rejected_query"),
        (400, '{"errorMessage":"Invalid display value","errorCode":"SE02"}', "rejected_query"),
        (400, '{"errorMessage":"Invalid start value","errorCode":"SE03"}', "rejected_query"),
        (400, '{"errorMessage":"Invalid sort value","errorCode":"SE04"}', "rejected_query"),
        (401, '{"errorMessage":"Authentication failed","errorCode":"024"}', "auth"),
        (429, '{"errorMessage":"Query limit exceeded","errorCode":"010"}', "quota"),
        (429, '{"message":"slow down"}', "rate_limited"),
        (401, '{"error":{"errorCode":"200","message":"Authentication Failed","details":"Invalid key"}}', "auth"),
        (429, '{"error":{"errorCode":"400","message":"Quota Exceeded"}}', "quota"),
        (403, '{"errorMessage":"Forbidden"}', "auth"),
        (403, "<html><title>Blocked</title></html>", "blocked"),
        (404, '{"errorMessage":"Not Exist"}', "gone"),
        (405, "", "rejected_query"),
        (200, '{"errorMessage":"Incorrect query request","errorCode":"SE01"}', "rejected_query"),
        (200, '{"total":3}', "malformed"),
        (200, "[]", "malformed"),
        (200, '{"items":[', "malformed"),
        (200, "<html>maintenance</html>", "wrong_content"),
        (500, '{"errorMessage":"System Error","errorCode":"SE99"}', "unreachable"),
    ],
)
async def test_errors_have_names(server: Server, fetch: Client, status: int, body: str, word: str) -> None:
    server.add("/search/v1/news", body, status=status)
    found = await run(collect(naver(server), fetch.visit(keys=HUB.values(), private=True), visit(SINCE, keys=HUB)))
    assert found.error
    assert found.status == word
    assert "hub-secret" not in str(found.error)
    assert not found.documents


async def test_a_rejected_query_does_not_keep_others_from_being_asked(server: Server, fetch: Client) -> None:
    server.add("/search/v1/news", '{"errorMessage":"bad","errorCode":"SE01"}', status=400)
    server.add("/search/v1/news", answer(item()))
    found = await run(collect(naver(server, queries=["!", "동남아"]), fetch, visit(SINCE, keys=HUB)))
    assert len(found.documents) == 1
    assert found.status == "rejected_query"


def test_retry_after_is_handed_on() -> None:
    assert error_of(429, "", "30").retry_after == 30.0


async def test_an_unknown_option_is_an_error(server: Server, fetch: Client) -> None:
    with pytest.raises(SourceFileError, match=r"options\.query"):
        await run(collect(naver(server, query="아세안"), fetch, visit(keys=HUB)))
