"""Search interest: an anchor in every request, one scale for all."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from loopback import Answer, Asked, Server

from collectors.fetch import Client
from collectors.outcome import SourceError
from collectors.series import datalab
from collectors.series.datalab import Group, periods
from corpus.errors import InputError
from corpus.series import Point

pytestmark = pytest.mark.anyio

KEYS = {"NAVER_HUB_ID": "id", "NAVER_HUB_SECRET": "secret"}
OLD_KEYS = {"NAVER_CLIENT_ID": "id", "NAVER_CLIENT_SECRET": "secret"}
ANCHOR = Group("유럽연합", ("유럽연합", "EU"))


def wanted(server: Server, *names: str, **more: Any) -> datalab.Asked:
    said: dict[str, Any] = {
        "anchor": ANCHOR,
        "groups": tuple(Group(name, (name,)) for name in names),
        "first": date(2026, 1, 1),
        "last": date(2026, 2, 28),
        "unit": "month",
        "urls": (server.url("/hub"), server.url("/v1/datalab/search")),
    }
    return datalab.Asked(**(said | more))


def answer(**ratios: list[float | None]) -> str:
    rows = []
    for name, values in ratios.items():
        data = [{"period": f"2026-{n:02}-01", "ratio": v} for n, v in enumerate(values, 1) if v is not None]
        rows.append({"title": name, "keywords": [name], "data": data})
    return json.dumps({"startDate": "x", "endDate": "x", "timeUnit": "month", "results": rows})


async def points(asked: datalab.Asked, fetch: Client, keys: dict[str, str] | None = None) -> dict[str, list[Point]]:
    found: dict[str, list[Point]] = {}
    async for point in datalab.collect(asked, fetch, KEYS if keys is None else keys):
        found.setdefault(point.series, []).append(point)
    return found


async def test_the_question_names_no_option_that_is_not_set(server: Server, fetch: Client) -> None:
    server.add("/hub", answer(유럽연합=[50, 100], 아세안=[10, 20]))
    await points(wanted(server, "아세안"), fetch)
    (asked,) = server.pages
    assert json.loads(asked.body) == {
        "startDate": "2026-01-01",
        "endDate": "2026-02-28",
        "timeUnit": "month",
        "keywordGroups": [
            {"groupName": "유럽연합", "keywords": ["유럽연합", "EU"]},
            {"groupName": "아세안", "keywords": ["아세안"]},
        ],
    }
    assert asked.headers["x-ncp-apigw-api-key-id"] == "id"


async def test_the_older_service_has_other_headers(server: Server, fetch: Client) -> None:
    server.add("/v1/datalab/search", answer(유럽연합=[50, 100]))
    found = await points(wanted(server), fetch, OLD_KEYS)
    assert server.pages[0].headers["x-naver-client-id"] == "id"
    assert [point.value for point in found["datalab:유럽연합"]] == [50, 100]


async def test_answers_are_brought_to_one_scale(server: Server, fetch: Client) -> None:
    # In the second answer 태국 is the largest, so that the anchor is a quarter of what it was.
    server.add("/hub", answer(유럽연합=[40, 60], 가=[100, 20], 나=[1, 1], 다=[1, 1], 라=[1, 1]))
    server.add("/hub", answer(유럽연합=[10, 15], 태국=[100, 50]))
    found = await points(wanted(server, "가", "나", "다", "라", "태국"), fetch)
    assert len(server.pages) == 2
    # Four times as large as the anchor shows it, and then the largest of all is 100.
    assert [point.value for point in found["datalab:태국"]] == [100, 50]
    assert [point.value for point in found["datalab:가"]] == [25, 5]
    assert [point.value for point in found["datalab:유럽연합"]] == [10, 15]
    assert found["datalab:태국"][0].note == "answer stretched by 4"
    assert found["datalab:태국"][0].day == "2026-01"


async def test_a_period_that_is_left_out_is_nought(server: Server, fetch: Client) -> None:
    server.add("/hub", answer(유럽연합=[40, 100], 라오스=[None, 3]))
    found = await points(wanted(server, "라오스"), fetch)
    first, second = found["datalab:라오스"]
    assert (first.value, second.value) == (0, 3)
    assert first.note
    assert not second.note


async def test_a_weak_anchor_is_said(server: Server, fetch: Client) -> None:
    server.add("/hub", answer(유럽연합=[0.5, 0.4], 한국=[90, 100]))
    found = await points(wanted(server, "한국"), fetch)
    assert "weak" in found["datalab:한국"][0].note


async def test_an_anchor_nobody_searched_for_compares_nothing(server: Server, fetch: Client) -> None:
    server.add("/hub", answer(유럽연합=[], 한국=[90, 100]))
    with pytest.raises(SourceError, match="anchor"):
        await points(wanted(server, "한국"), fetch)


@pytest.mark.parametrize(
    ("status", "body", "word"),
    [
        (400, '{"errorMessage":"TypeError:.device -> should be string","errorCode":"400"}', "rejected_query"),
        (401, '{"errorMessage":"x","errorCode":"024"}', "auth"),
        (429, '{"errorMessage":"x","errorCode":"010"}', "quota"),
        (200, '{"results":[{"title":"x"}]}', "malformed"),
        (200, '{"results":[{"title":"x","data":[{"period":"2026-01-01","ratio":101}]}]}', "malformed"),
        (200, "{}", "malformed"),
        (200, "<html>", "wrong_content"),
    ],
)
async def test_errors_have_names(server: Server, fetch: Client, status: int, body: str, word: str) -> None:
    server.add("/hub", body, status=status)
    with pytest.raises(SourceError, match=word):
        await points(wanted(server), fetch)


@pytest.mark.parametrize(
    "more",
    [
        {"groups": (Group("유럽연합", ("x",)),)},
        {"groups": (Group("x", ()),)},
        {"groups": (Group("x", tuple(map(str, range(21)))),)},
        {"first": date(2015, 12, 31)},
        {"last": date(2025, 1, 1)},
    ],
)
async def test_what_is_not_taken_is_not_asked(server: Server, fetch: Client, more: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        await points(wanted(server, **more), fetch)
    assert not server.requests


def test_periods() -> None:
    assert list(periods(date(2026, 1, 1), date(2026, 1, 12), "week")) == ["2025-12-29", "2026-01-05", "2026-01-12"]
    assert list(periods(date(2025, 11, 9), date(2026, 1, 1), "month")) == ["2025-11-01", "2025-12-01", "2026-01-01"]
    assert list(periods(date(2026, 2, 28), date(2026, 3, 1), "date")) == ["2026-02-28", "2026-03-01"]


async def test_five_groups_are_the_most_in_one_request(server: Server, fetch: Client) -> None:
    def whole(asked: Asked) -> Answer:
        names = [group["groupName"] for group in json.loads(asked.body)["keywordGroups"]]
        assert len(names) <= 5
        return Answer(answer(**{name: [50.0, 100.0] for name in names}).encode())

    server.respond("/hub", whole)
    found = await points(wanted(server, *"가나다라마바사아자"), fetch)
    assert len(server.pages) == 3
    assert len(found) == 10
