"""Media Cloud: counts as denominators, stories, and errors that are told by their notes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from asking import make_source, make_visit, run
from loopback import Server

from collectors.fetch import Client
from collectors.kinds.mediacloud import DayCount, collect, points_of
from collectors.source import SourceFileError

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 9, 20, 12, tzinfo=UTC)
visit = partial(make_visit, at=NOW)

KEYS = {"MEDIACLOUD_KEY": "secret-token"}
SINCE = datetime(2026, 9, 17, tzinfo=UTC)
COUNTS = "/api/search/count-over-time"
STORIES = "/api/search/story-list"


def cloud(server: Server, country: str = "KR", **options: Any) -> Any:
    said = {"queries": ["ASEAN"], "spacing": 0, **options}
    return make_source("mediacloud", server.url("/api/"), country=country, options=said)


def counts(*days: Any) -> str:
    rows = [{"date": day, "count": count, "total_count": total, "ratio": 0} for day, count, total in days]
    return json.dumps({"count_over_time": {"counts": rows}})


def story(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": f"{number:064}",
        "title": "ASEAN &amp; Korea",
        "url": f"https://www.paper.example/{number}",
        "language": "ko",
        "media_name": "paper.example",
        "media_url": "paper.example",
        "publish_date": "2026-09-18",
        "indexed_date": "2026-09-18T10:00:00.123456",
    } | more


async def test_counts_come_through_the_memory(server: Server, fetch: Client) -> None:
    server.add(COUNTS, counts(("2026-09-17", 3, 900), ("2026-09-18", 0, 850)))
    found = await run(collect(cloud(server), fetch, visit(SINCE, keys=KEYS)))
    assert found.memory == {
        "count:34412127:2026-09-17": '{"count": 3, "total": 900}',
        "count:34412127:2026-09-18": '{"count": 0, "total": 850}',
    }
    assert list(points_of(found.memory)) == [
        DayCount(34412127, "", "2026-09-17", 3, 900),
        DayCount(34412127, "", "2026-09-18", 0, 850),
    ]
    assert not found.documents
    assert found.status is None


async def test_the_question(server: Server, fetch: Client) -> None:
    server.add(COUNTS, counts())
    found = await run(collect(cloud(server), fetch, visit(SINCE, keys=KEYS)))
    (asked,) = server.pages
    # What it has ends about yesterday.
    assert asked.query == {"q": "ASEAN", "start": "2026-09-17", "end": "2026-09-19", "cs": "34412127"}
    assert asked.headers["authorization"] == "Token secret-token"
    assert found.status == "ok_empty_confirmed"


async def test_every_collection_is_asked_every_query(server: Server, fetch: Client) -> None:
    server.add(COUNTS, counts(("2026-09-17", 3, 900)))
    several = cloud(server, collections=[1, 2], queries=["ASEAN", 'title:"x: y"'])
    found = await run(collect(several, fetch, visit(SINCE, keys=KEYS)))
    points = list(points_of(found.memory))
    assert {(point.collection, point.query) for point in points} == {
        (collection, query) for collection in (1, 2) for query in ("ASEAN", 'title:"x: y"')
    }


async def test_stories_have_title_and_address_only(server: Server, fetch: Client) -> None:
    server.add(STORIES, json.dumps({"stories": [story(1)], "pagination_token": "dG9rZW4~"}))
    server.add(STORIES, json.dumps({"stories": [story(2, publish_date=None)], "pagination_token": None}))
    wanted = cloud(server, counts=False, stories=True)
    found = await run(collect(wanted, fetch, visit(SINCE, keys=KEYS)))
    first, second = found.documents
    assert first.title == "ASEAN & Korea"
    assert first.body == ""
    assert first.outlet.id == "KR:paper.example"
    assert first.keys[0] == f"id:mediacloud:{1:064}"
    assert first.published
    assert first.published.day == "2026-09-18"
    assert second.published is None
    assert "pagination_token=dG9rZW4~" in server.pages[1].target


async def test_a_last_page_may_be_empty(server: Server, fetch: Client) -> None:
    server.add(STORIES, json.dumps({"stories": [], "pagination_token": None}))
    found = await run(collect(cloud(server, counts=False, stories=True), fetch, visit(SINCE, keys=KEYS)))
    assert found.status == "ok_empty_confirmed"


async def test_too_many_pages_are_truncated(server: Server, fetch: Client) -> None:
    server.add(STORIES, json.dumps({"stories": [story()], "pagination_token": "more"}))
    wanted = cloud(server, counts=False, stories=True, most_pages=2)
    found = await run(collect(wanted, fetch, visit(SINCE, keys=KEYS)))
    assert found.status == "truncated_at_cap"


@pytest.mark.parametrize(
    ("status", "body", "word"),
    [
        (429, '{"status":"error","note":"rate limited","temporary":true}', "rate_limited"),
        (429, "", "rate_limited"),
        (400, '{"status":"error","note":"backend timed out","exception":"X","temporary":true}', "unreachable"),
        (400, '{"status":"error","note":"could not parse query","temporary":false}', "rejected_query"),
        (400, '{"status":"error","note":"could not parse query"}', "rejected_query"),
        (400, '{"status":"error","note":"OverQuota: 4000 hits","temporary":true}', "quota"),
        (400, '{"status":"error","note":"","exception":"OverQuotaException()"}', "quota"),
        (401, '{"detail":"Invalid token."}', "auth"),
        (403, '{"detail":"staff only"}', "auth"),
        (422, '{"status":"error","note":"start must be a date"}', "rejected_query"),
        (404, "", "gone"),
        (200, '{"status":"error","note":"odd"}', "rejected_query"),
        (200, "<html>", "wrong_content"),
        (200, "{", "malformed"),
        (200, "{}", "malformed"),
        (200, '{"count_over_time":{"counts":[{"date":"2026-09-17","count":5,"total_count":3}]}}', "malformed"),
        (200, '{"count_over_time":{"counts":[{"date":"yesterday","count":1,"total_count":3}]}}', "malformed"),
        (200, '{"count_over_time":{"counts":[{"date":"2026-09-17","count":1,"total_count":null}]}}', "malformed"),
    ],
)
async def test_errors_have_names(server: Server, fetch: Client, status: int, body: str, word: str) -> None:
    server.add(COUNTS, body, status=status)
    found = await run(collect(cloud(server), fetch, visit(SINCE, keys=KEYS)))
    assert found.status == word
    assert len(server.pages) == 1


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (story(title=None), "missing title"),
        (story(url=""), "missing url"),
        (story(language=None), "missing language"),
        (story(publish_date="soon"), "unreadable date"),
        ("x", "wrong type"),
    ],
)
async def test_a_broken_story_is_refused_alone(server: Server, fetch: Client, broken: Any, reason: str) -> None:
    server.add(STORIES, json.dumps({"stories": [broken, story(2)], "pagination_token": None}))
    found = await run(collect(cloud(server, counts=False, stories=True), fetch, visit(SINCE, keys=KEYS)))
    assert [refusal.reason for refusal in found.refusals] == [reason]
    assert len(found.documents) == 1


async def test_without_a_key_nothing_is_asked(server: Server, fetch: Client) -> None:
    found = await run(collect(cloud(server), fetch, visit(SINCE)))
    assert found.status == "auth"
    assert not server.requests


async def test_a_country_without_a_collection_must_name_one(server: Server, fetch: Client) -> None:
    with pytest.raises(SourceFileError, match="collections"):
        await run(collect(cloud(server, country="ASEAN"), fetch, visit(SINCE, keys=KEYS)))
