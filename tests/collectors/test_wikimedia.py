"""Page views: titles by Wikidata item, redirects added up, and nothing told from not yet."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from loopback import Answer, Asked, Server

from collectors.fetch import Client
from collectors.outcome import SourceError
from collectors.series import wikimedia
from corpus.series import Point, series_of

pytestmark = pytest.mark.anyio

SPAN = "daily/2026110100/2026110300"
PROBLEM = {"Content-Type": "application/problem+json"}
KOREAN = "동남아시아 국가 연합"


def asked(server: Server, **more: Any) -> wikimedia.Asked:
    said: dict[str, Any] = {
        "first": date(2026, 11, 1),
        "last": date(2026, 11, 3),
        "items": {"ASEAN": "Q7768"},
        "editions": {"ko": "ko"},
        "views": server.url("/views"),
        "wikidata": server.url("/wikidata"),
        "wiki": server.url("/wiki/{edition}"),
    }
    return wikimedia.Asked(**(said | more))


def items(article: str, **views: int) -> str:
    rows = [
        {"project": "ko.wikipedia", "article": article, "granularity": "daily", "timestamp": f"{day[1:]}00",
         "access": "all-access", "agent": "user", "views": number}
        for day, number in views.items()
    ]  # fmt: skip
    return json.dumps({"items": rows})


def entity(label: str = "Association of Southeast Asian Nations", **links: str) -> str:
    sites = {f"{edition}wiki": {"site": f"{edition}wiki", "title": title} for edition, title in links.items()}
    found = {"labels": {"en": {"value": label}}, "sitelinks": sites}
    return json.dumps({"entities": {"Q7768": found}})


def redirects(*titles: str, more: str = "") -> str:
    pages = [{"title": "x", "redirects": [{"title": title} for title in titles]} if titles else {"title": "x"}]
    said: dict[str, Any] = {"query": {"pages": pages}}
    if more:
        said["continue"] = {"rdcontinue": more, "continue": "||"}
    return json.dumps(said)


def per_article(title: str) -> str:
    return f"/views/per-article/ko.wikipedia/all-access/user/{quote(title.replace(' ', '_'), safe='')}/{SPAN}"


def set_up(server: Server) -> None:
    server.add("/wikidata", entity(ko=KOREAN))
    server.add("/wiki/ko", redirects("아세안", "AC/DC 회의"))
    whole = items("-", d20261101=1000, d20261102=2000)
    server.add(f"/views/aggregate/ko.wikipedia/all-access/user/{SPAN}", whole)
    server.add(per_article(KOREAN), items("a", d20261101=5))
    server.add(per_article("아세안"), items("b", d20261101=7, d20261102=1))
    server.add(per_article("AC/DC 회의"), '{"type":"not_found"}', 404, PROBLEM)


async def points(wanted: wikimedia.Asked, fetch: Client) -> list[Point]:
    return [point async for point in wikimedia.collect(wanted, fetch)]


async def test_redirects_are_added_up_and_days_told_apart(server: Server, fetch: Client) -> None:
    set_up(server)
    found = {(point.series, point.day): point for point in await points(asked(server), fetch)}
    values = {key: point.value for key, point in found.items()}
    assert values == {
        ("wikimedia:views:*:ko", "2026-11-01"): 1000,
        ("wikimedia:views:*:ko", "2026-11-02"): 2000,
        ("wikimedia:views:*:ko", "2026-11-03"): None,  # nothing of that day is published yet
        ("wikimedia:views:ASEAN:ko", "2026-11-01"): 12,
        ("wikimedia:views:ASEAN:ko", "2026-11-02"): 1,
        ("wikimedia:views:ASEAN:ko", "2026-11-03"): None,
    }
    assert found["wikimedia:views:ASEAN:ko", "2026-11-03"].note == "not published (yet)"
    assert [series.missing for series in series_of(found.values())] == [("2026-11-03",)] * 2


async def test_a_day_on_which_nobody_read_it_is_nought(server: Server, fetch: Client) -> None:
    server.add("/wikidata", entity(ko=KOREAN))
    server.add("/wiki/ko", redirects())
    server.add(f"/views/aggregate/ko.wikipedia/all-access/user/{SPAN}", items("-", d20261101=9))
    server.add(per_article(KOREAN), "{}", 404, PROBLEM)
    found = await points(asked(server), fetch)
    assert [point.value for point in found if "ASEAN" in point.series] == [0, None, None]


async def test_it_says_who_asks(server: Server, fetch: Client) -> None:
    set_up(server)
    await points(asked(server), fetch)
    assert all("tests@example.org" in request.headers["user-agent"] for request in server.requests)


async def test_at_most_three_are_asked_at_once(server: Server, fetch: Client) -> None:
    set_up(server)
    server.add("/wiki/many", redirects(*(f"r{n}" for n in range(12))))
    wanted = asked(server, wiki=server.url("/wiki/many"))
    for n in range(12):
        server.add(per_article(f"r{n}"), items("x", d20261101=1), delay=0.02)
    found = await points(wanted, fetch)
    assert server.peak <= 3
    assert found[-3].value == 5 + 12


async def test_redirects_go_on_over_pages_and_are_cut(server: Server, fetch: Client) -> None:
    set_up(server)

    def paged(request: Asked) -> Answer:
        if "rdcontinue" in request.query:
            return Answer(redirects("r2", "r3").encode())
        return Answer(redirects("r1", more="2|3").encode())

    server.respond("/wiki/paged", paged)
    for n in (1, 2, 3):
        server.add(per_article(f"r{n}"), items("x", d20261101=1))
    whole = await points(asked(server, wiki=server.url("/wiki/paged")), fetch)
    cut = await points(asked(server, wiki=server.url("/wiki/paged"), most_redirects=2), fetch)
    assert (whole[-3].value, whole[-3].note) == (8, "")
    assert (cut[-3].value, cut[-3].note) == (7, "without 1 of 3 redirects")


async def test_an_edition_without_the_article_has_only_its_whole(server: Server, fetch: Client) -> None:
    server.add("/wikidata", entity(en="ASEAN"))
    empty = asked(server, editions={"lo": "lo"})
    server.add(f"/views/aggregate/lo.wikipedia/all-access/user/{SPAN}", "{}", 404, PROBLEM)
    assert {point.series for point in await points(empty, fetch)} == {"wikimedia:views:*:lo"}


@pytest.mark.parametrize("label", ["European Union", ""])
async def test_an_item_that_is_something_else_is_an_error(server: Server, fetch: Client, label: str) -> None:
    server.add("/wikidata", entity(label, ko="x"))
    with pytest.raises(SourceError, match="Q7768"):
        await points(asked(server), fetch)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (("<html>not found</html>", 404, {"Content-Type": "text/html"}), "gone"),
        (("<html>x</html>", 200, {"Content-Type": "text/html"}), "wrong_content"),
        (('{"items":[{"timestamp":"2026110100"}]}', 200, {}), "malformed"),
        (("{}", 200, {}), "malformed"),
        (("", 429, {"Retry-After": "900"}), "rate_limited"),
        (("", 403, {}), "blocked"),
    ],
)
async def test_errors_have_names(server: Server, fetch: Client, answer: Any, word: str) -> None:
    server.add("/wikidata", entity(ko=KOREAN))
    server.add(f"/views/aggregate/ko.wikipedia/all-access/user/{SPAN}", *answer)
    with pytest.raises(SourceError, match=word):
        await points(asked(server), fetch)


async def test_an_error_of_the_wiki_comes_under_200(server: Server, fetch: Client) -> None:
    server.add("/wikidata", '{"error":{"code":"no-such-entity","info":"Q0"}}')
    with pytest.raises(SourceError, match="no-such-entity"):
        await points(asked(server), fetch)


def test_every_entity_with_an_item_is_one_of_ours() -> None:
    assert len(set(wikimedia.ITEMS.values())) == len(wikimedia.ITEMS) == 14
