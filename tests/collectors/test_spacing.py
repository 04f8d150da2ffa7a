"""How often a service may be asked is its host's matter: sources that share one share its patience."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise

import pytest
from asking import NOW, QuickClock, make_source, make_visit
from loopback import Answer, Asked, Server

from collectors import visit
from collectors.contract import Fetch
from collectors.fetch import Client, Limits
from collectors.kinds.gdelt import GdeltOptions
from collectors.kinds.mediacloud import MediaCloudOptions
from collectors.source import Source
from corpus.store import Store

pytestmark = pytest.mark.anyio

KEYS = {"MEDIACLOUD_KEY": "secret-token"}


class Watch:
    """Notes at what time of the quick clock each request came."""

    def __init__(self, clock: QuickClock, answer: str) -> None:
        self.times: list[float] = []
        self._clock, self._answer = clock, answer

    def __call__(self, _asked: Asked) -> Answer:
        self.times.append(self._clock.monotonic())
        return Answer(self._answer.encode(), headers=(("Content-Type", "application/json"),))

    @property
    def closest(self) -> float:
        return min(after - before for before, after in pairwise(self.times))


async def collected(clock: QuickClock, *sources: Source) -> list[visit.Progress]:
    async with Client("tests@example.org", limits=Limits(), clock=clock) as client:

        def view(source: Source, keys: Mapping[str, str], validators: visit.Validators) -> Fetch:
            return client.visit(keys=tuple(keys.values()), private=source.private, validators=validators)

        with Store.in_memory() as store:
            return await visit.collect(
                store, sources, view, since=None, until=NOW, keys=KEYS.get, report=lambda _: None, now=NOW
            )


async def test_two_sources_of_gdelt_keep_its_pace_together(server: Server) -> None:
    clock = QuickClock()
    watch = Watch(clock, "{}")
    server.respond("/doc", watch)
    options = {"queries": ["asean sourcecountry:KS", "korea sourcecountry:ID"], "slice_days": 7}
    ended = await collected(
        clock,
        make_source("gdelt", server.url("/doc"), slug="one", options=options),
        make_source("gdelt", server.url("/doc"), slug="two", options=options),
    )
    assert [e.status for e in ended] == ["ok_empty_confirmed"] * 2
    assert len(watch.times) == 8  # the first look is of seven days and the overlap
    assert watch.closest >= GdeltOptions(queries=("x",)).spacing >= 5


async def test_media_cloud_is_asked_twice_a_minute_whoever_asks(server: Server) -> None:
    clock = QuickClock()
    watch = Watch(clock, json.dumps({"count_over_time": {"counts": []}}))
    server.respond("/api/search/count-over-time", watch)
    options = {"queries": ["ASEAN"], "collections": [1, 2]}
    sources = [
        make_source("mediacloud", server.url("/api/"), slug=slug, key=["MEDIACLOUD_KEY"], options=options)
        for slug in ("kr", "vn")
    ]
    await collected(clock, *sources)
    assert len(watch.times) == 4
    assert watch.closest >= MediaCloudOptions(queries=("x",)).spacing >= 30


async def test_a_host_that_asks_for_nothing_keeps_the_usual_pace(server: Server, fetch: Client) -> None:
    clock = QuickClock()
    watch = Watch(clock, "{}")
    server.respond("/doc", watch)
    async with Client("tests@example.org", limits=Limits(), private=True, clock=clock) as client:
        begun = clock.monotonic()
        client.space(server.url("/doc"), 0.2)  # a shorter one than is usual changes nothing
        for _ in range(3):
            await client.get(server.url("/doc"), robots=False)
        assert watch.times[0] == begun  # the first one need not wait
        assert watch.closest == Limits().interval
    assert fetch.clock is not clock
    assert make_visit().now == NOW
