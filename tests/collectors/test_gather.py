"""Gathering series: what is asked for, what a failure leaves, and that nothing is asked twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from loopback import Answer, Asked, Server

from collectors.fetch import Client
from collectors.outcome import Status
from collectors.series import datalab, gather, wikimedia
from corpus.store import Store

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)
JSON = (("Content-Type", "application/json"),)
PROBLEM = (("Content-Type", "application/problem+json"),)
KEYS = {"NAVER_HUB_ID": "hub-id-0001", "NAVER_HUB_SECRET": "hub-secret-0001"}
TITLES = {"ASEAN": "동남아시아 국가 연합", "SEA": "동남아시아"}


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.in_memory() as opened:
        yield opened


class Wikimedia:
    """Wikidata, the wikis and the page views of a small world; failures are told to it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.published = date(2026, 11, 2)
        self.views: dict[tuple[str, str], int] = {}
        self.fail: dict[str, Answer] = {}
        server.respond("/wikidata", lambda _: self._wikidata())
        for edition in ("ko", "th"):
            server.respond(f"/wiki/{edition}", lambda _: Answer(b'{"query":{"pages":[{"title":"x"}]}}', headers=JSON))
            for first in range(1, 5):
                for article in ("", *TITLES.values()):
                    self._script(edition, article, first)

    def _script(self, edition: str, article: str, first: int) -> None:
        path = self.path(edition, article, f"2026110{first}00/2026110300")
        self.server.respond(path, lambda asked: self._answer(asked, edition, article))

    @staticmethod
    def path(edition: str, article: str, span: str) -> str:
        from urllib.parse import quote  # noqa: PLC0415 only here

        middle = f"per-article/{edition}.wikipedia/all-access/user/{quote(article.replace(' ', '_'), safe='')}/daily"
        return f"/views/{middle if article else f'aggregate/{edition}.wikipedia/all-access/user/daily'}/{span}"

    def _wikidata(self) -> Answer:
        if "wikidata" in self.fail:
            return self.fail["wikidata"]
        labels = {"ASEAN": "Association of Southeast Asian Nations", "SEA": "Southeast Asia"}
        entities = {
            wikimedia.ITEMS[code]: {
                "labels": {"en": {"value": labels[code]}},
                "sitelinks": {f"{e}wiki": {"title": TITLES[code]} for e in ("ko", "th")},
            }
            for code in TITLES
        }
        return Answer(json.dumps({"entities": entities}).encode(), headers=JSON)

    def _answer(self, asked: Asked, edition: str, article: str) -> Answer:
        if (failing := self.fail.get(f"{edition}:{article}")) is not None:
            return failing
        first = datetime.strptime(asked.path.rsplit("/", 2)[1], "%Y%m%d00").date()  # noqa: DTZ007 a day
        days = [first + timedelta(n) for n in range((self.published - first).days + 1)]
        usual = 7 if article else 1000
        items = [
            {"timestamp": f"{day:%Y%m%d}00", "views": self.views.get((article, day.isoformat()), usual)} for day in days
        ]
        if not items:
            return Answer(b'{"type":"not_found"}', 404, PROBLEM)
        return Answer(json.dumps({"items": items}).encode(), headers=JSON)

    def asked(self) -> list[str]:
        return [unquote(request.path) for request in self.server.pages if request.path.startswith("/views/")]


@pytest.fixture
def world(server: Server) -> Wikimedia:
    return Wikimedia(server)


def wanted(server: Server, *languages: str) -> wikimedia.Asked:
    return wikimedia.Asked(
        first=NOW.date(),
        last=NOW.date(),
        items={code: wikimedia.ITEMS[code] for code in TITLES},
        editions={language: language for language in languages or ("ko",)},
        views=server.url("/views"),
        wikidata=server.url("/wikidata"),
        wiki=server.url("/wiki/{edition}"),
    )


def order(store: Store, now: datetime = NOW, since: date = date(2026, 11, 1)) -> gather.Order:
    return gather.Order(store, store.start_run("awareness"), since, now, lambda _: None)


async def views(
    store: Store, fetch: Client, server: Server, *languages: str, now: datetime = NOW
) -> list[tuple[str, Status | None]]:
    ended = await gather.gather_views(order(store, now), fetch, wanted(server, *languages))
    return [(progress.source, progress.status) for progress in ended]


def held(store: Store, name: str) -> dict[str, float | None]:
    return {point.first_day: point.value for point in store.points(name)}


async def test_views_are_stored_and_yesterday_is_not_a_nought(store: Store, fetch: Client, world: Wikimedia) -> None:
    assert await views(store, fetch, world.server) == [("wikimedia-ko", "ok")]
    assert held(store, "wikimedia:views:ASEAN:ko") == {"2026-11-01": 7, "2026-11-02": 7, "2026-11-03": None}
    series = {s.facts.name: s for s in store.series()}
    assert sorted(series) == ["wikimedia:views:*:ko", "wikimedia:views:ASEAN:ko", "wikimedia:views:SEA:ko"]
    facts = series["wikimedia:views:ASEAN:ko"].facts
    assert (facts.about, facts.audience, facts.language, facts.scale) == ("ASEAN", "KR", "ko", "")
    assert store.gaps(brings="series") == []
    assert store.gaps() == []


async def test_the_next_time_only_what_is_not_final_is_asked_for(store: Store, fetch: Client, world: Wikimedia) -> None:
    await views(store, fetch, world.server)
    before = len(world.asked())
    world.published = date(2026, 11, 3)
    assert await views(store, fetch, world.server) == [("wikimedia-ko", "ok")]
    assert all("/2026110300/2026110300" in path for path in world.asked()[before:])
    assert held(store, "wikimedia:views:SEA:ko")["2026-11-03"] == 7
    before = len(world.asked())
    assert await views(store, fetch, world.server) == [("wikimedia-ko", "not_modified")]
    assert len(world.asked()) == before


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Answer(b"", 429, (("Retry-After", "900"),)), "rate_limited"),
        (Answer(b"", 429, (("Retry-After", "Wed, 04 Nov 2099 12:15:00 GMT"),)), "rate_limited"),
        (Answer(b"<html>error</html>", 200, (("Content-Type", "text/html"),)), "wrong_content"),
        (Answer(b'{"items":[{"timestamp":"20261101', 200, JSON), "malformed"),
        (Answer(b'{"items":[{"timestamp":"2026110100"}]}', 200, JSON), "malformed"),
        (Answer(b"<html>none</html>", 404, (("Content-Type", "text/html"),)), "gone"),
        (Answer(fault="reset"), "blocked"),
        (Answer(b"x" * 1000, 200, JSON, fault="truncate"), "unreachable"),
    ],
)
async def test_a_failure_is_a_gap_and_no_nought(
    store: Store, fetch: Client, world: Wikimedia, answer: Answer, status: str
) -> None:
    world.fail["ko:동남아시아"] = answer
    ended = dict(await views(store, fetch, world.server, "ko", "th"))
    assert ended["wikimedia-ko"] == status
    assert held(store, "wikimedia:views:SEA:ko") == {}
    assert held(store, "wikimedia:views:ASEAN:ko")["2026-11-01"] == 7  # what came before it is kept
    (gap, *others) = store.gaps(brings="series")
    assert (gap.source, gap.first_day, gap.last_day, gap.status) == ("wikimedia-ko", "2026-11-01", "2026-11-03", status)
    # The host asked to be left alone: nothing else of it is asked, and that is a gap as well.
    assert bool(others) == (status == "rate_limited")


async def test_after_a_failure_only_what_is_missing_is_asked_for_and_the_gap_closes(
    store: Store, fetch: Client, world: Wikimedia
) -> None:
    world.fail["ko:동남아시아"] = Answer(b"", 404, (("Content-Type", "text/html"),))
    await views(store, fetch, world.server)
    del world.fail["ko:동남아시아"]
    world.published = date(2026, 11, 3)
    before = len(world.asked())
    assert await views(store, fetch, world.server) == [("wikimedia-ko", "ok")]
    again = [path for path in world.asked()[before:] if "연합" in path]
    assert [path.rsplit("/", 2)[1] for path in again] == ["2026110300"]
    assert held(store, "wikimedia:views:SEA:ko")["2026-11-01"] == 7
    assert store.gaps(brings="series") == []


async def test_a_service_that_asked_to_be_left_alone_is(store: Store, fetch: Client, world: Wikimedia) -> None:
    world.fail["ko:"] = Answer(b"", 429, (("Retry-After", "900"),))
    await views(store, fetch, world.server)
    before = len(world.asked())
    async with Client("tests@example.org", private=True) as fresh:
        soon = NOW + timedelta(minutes=5)
        assert await views(store, fresh, world.server, now=soon) == [("wikimedia-ko", "rate_limited")]
    assert len(world.asked()) == before


async def test_without_wikidata_no_edition_is_seen_and_each_says_so(
    store: Store, fetch: Client, world: Wikimedia
) -> None:
    world.fail["wikidata"] = Answer(b'{"error":{"code":"maxlag","info":"Waiting"}}', 200, JSON)
    ended = await views(store, fetch, world.server, "ko", "th")
    assert ended == [("wikimedia-ko", "rate_limited"), ("wikimedia-th", "rate_limited")]
    assert [gap.source for gap in store.gaps(brings="series")] == ["wikimedia-ko", "wikimedia-th"]
    assert store.series() == []


async def test_an_edition_that_publishes_nothing_for_long_is_stale(
    store: Store, fetch: Client, world: Wikimedia
) -> None:
    since = date(2026, 10, 20)
    span = "2026102000/2026110300"
    for article in ("", *TITLES.values()):
        world.server.respond(world.path("ko", article, span), lambda _: Answer(b'{"type":"x"}', 404, PROBLEM))
    asked = wanted(world.server)
    (ended,) = await gather.gather_views(order(store, since=since), fetch, asked)
    assert ended.status == "stale"
    assert {point.value for point in store.points()} == {None}
    assert [gap.status for gap in store.gaps(brings="series")] == ["stale"]


async def test_a_changed_past_is_kept_beside_the_new(store: Store, fetch: Client, world: Wikimedia) -> None:
    await views(store, fetch, world.server)
    world.views["동남아시아", "2026-11-02"] = 9
    for when in ("2026-11-01", "2026-11-02"):  # as if it had to be asked for again
        store._db.execute("UPDATE points SET value = NULL WHERE first_day = ? AND series = 1", (when,))  # noqa: SLF001
    store._db.execute("UPDATE points SET final = 0 WHERE first_day = '2026-11-01'")  # noqa: SLF001
    (ended,) = await gather.gather_views(order(store), fetch, wanted(world.server))
    assert ended.outcome.revised == 1
    assert [(r.series, r.value) for r in store.revisions()] == [("wikimedia:views:SEA:ko", 7)]


# -- DataLab -------------------------------------------------------------


class Naver:
    """DataLab with three groups; what each answer's largest point is made of changes the scale."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.largest = 100.0
        self.fail: Answer | None = None
        server.respond("/search-trend", self._answer)

    def _answer(self, asked: Asked) -> Answer:
        if self.fail is not None:
            return self.fail
        body: dict[str, Any] = json.loads(asked.body)
        first, last = (date.fromisoformat(body[key]) for key in ("startDate", "endDate"))
        weeks = [first + timedelta(7 * n) for n in range((last - first).days // 7 + 1)]
        results = []
        for place, group in enumerate(body["keywordGroups"]):
            data = [{"period": week.isoformat(), "ratio": self.largest / (place + 1)} for week in weeks]
            results.append({"title": group["groupName"], "keywords": group["keywords"], "data": data})
        return Answer(json.dumps({"results": results}).encode(), headers=JSON)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(request.body) for request in self.server.pages]


@pytest.fixture
def naver(server: Server) -> Naver:
    return Naver(server)


def searches(server: Server) -> datalab.Asked:
    return datalab.Asked(datalab.ANCHOR, datalab.GROUPS, NOW.date(), NOW.date(), urls=(server.url("/search-trend"),))


async def search(store: Store, fetch: Client, server: Server, since: date = date(2026, 10, 7)) -> gather.Progress:
    view = fetch.visit(keys=tuple(KEYS.values()), private=True)
    return await gather.gather_searches(order(store, since=since), view, KEYS, searches(server))


async def test_searches_are_on_one_scale_with_the_anchor_in_each_request(
    store: Store, fetch: Client, naver: Naver
) -> None:
    ended = await search(store, fetch, naver.server)
    assert (ended.status, ended.series) == ("ok", 13)
    assert len(naver.bodies) == 3
    assert all(body["keywordGroups"][0]["groupName"] == "VN" for body in naver.bodies)
    assert {body["startDate"] for body in naver.bodies} == {"2026-10-05"}  # the Monday before
    series = {s.facts.name: s for s in store.series()}
    assert series["datalab:ASEAN"].facts.about == "ASEAN"
    assert {s.facts.scale for s in series.values()} == {"datalab 2026-11-04 12:00"}
    points = list(store.points("datalab:ASEAN"))
    assert [(p.first_day, p.last_day, p.final) for p in points][-1] == ("2026-11-02", "2026-11-08", False)
    assert points[0].final


async def test_a_later_search_asks_for_all_that_is_stored_and_replaces_the_scale(
    store: Store, fetch: Client, naver: Naver
) -> None:
    await search(store, fetch, naver.server)
    ended = await search(store, fetch, naver.server, since=date(2026, 11, 1))
    assert naver.bodies[-1]["startDate"] == "2026-10-05"
    assert (ended.outcome.revised, ended.outcome.new) == (0, 0)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Answer(b'{"errorMessage":"Quota","errorCode":"010"}', 429, JSON), "quota"),
        (Answer(b'{"errorMessage":"no","errorCode":"024"}', 401, JSON), "auth"),
        (Answer(b"<html>error</html>", 200, (("Content-Type", "text/html"),)), "wrong_content"),
        (Answer(b'{"results":[{"title":"VN","data":[{"per', 200, JSON), "malformed"),
        (Answer(b'{"results":[{"title":"VN","data":[]}]}', 200, JSON), "wrong_content"),
    ],
)
async def test_a_refused_search_is_a_gap_and_holds_no_key(
    store: Store, fetch: Client, naver: Naver, answer: Answer, status: str
) -> None:
    naver.fail = answer
    ended = await search(store, fetch, naver.server)
    assert ended.status == status
    assert store.series() == []
    assert [gap.status for gap in store.gaps(brings="series")] == [status]
    dumped = "\n".join(store._db.conn.iterdump())  # noqa: SLF001 all there is
    assert not any(key in dumped for key in KEYS.values())


async def test_without_a_key_it_says_which(store: Store, fetch: Client, naver: Naver) -> None:
    ended = await gather.gather_searches(order(store), fetch, {}, searches(naver.server))
    assert ended.status == "auth"
    assert "NAVER_HUB_ID" in ended.detail
    assert naver.bodies == []
