"""Visits: each ends with one status, a refusal is never silence, and a kill loses and doubles nothing."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.contract import Collect, Fetch, Page, Visit
from collectors.outcome import COVERED, PARTLY_COVERED, STATUSES, Batch, SourceError, Status
from collectors.source import Source, SourceFileError
from collectors.visit import Progress, Validators, collect, look, run_to_end
from collectors.window import days_after, last_full_week
from corpus.calendar import parse_published
from corpus.identity import document_keys
from corpus.model import Document, Refusal
from corpus.store import Store

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TODAY = "2026-11-24"
FAILED = sorted(set(STATUSES) - COVERED - PARTLY_COVERED)
SECRET = "s3cr3t/key+of=ours"  # noqa: S105 it is the test's


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.in_memory() as opened:
        yield opened


def source(slug: str = "nuri", **changes: Any) -> Source:
    given: dict[str, Any] = {
        "slug": slug,
        "outlet": slug,
        "country": "KR",
        "language": "ko",
        "kind": "news",
        "owner": "private",
        "collect": "feed",
        "urls": [f"https://{slug}.example/rss"],
        "seen": "here",
        "confirmed": False,
    }
    return Source(**(given | changes))


def document(of: Source, number: int, *, day: str | None = TODAY, body: str = "본문") -> Document:
    return Document(
        keys=document_keys(of.publisher.id, None, f"https://{of.slug}.example/{number}"),
        source=of.slug,
        outlet=of.publisher,
        kind="news",
        language="ko",
        title=f"제목 {number}",
        body=body,
        url=f"https://{of.slug}.example/{number}",
        published=parse_published(day, "KR") if day else None,
        keywords="낱말",
    )


Script = Callable[[Source, Fetch, Visit], AsyncIterator[Batch]]


def gives(*steps: Batch | Exception) -> Script:
    async def kind(_source: Source, _fetch: Fetch, _visit: Visit) -> AsyncIterator[Batch]:
        for step in steps:
            if isinstance(step, Exception):
                raise step
            yield step

    return kind


class Web:
    """A network of pages, by address; what is not there is gone."""

    def __init__(self, pages: Mapping[str, str] | None = None) -> None:
        self.pages = pages or {}
        self.asked: list[str] = []

    async def get(self, url: str, **_: object) -> Page:
        self.asked.append(url)
        said = self.pages.get(url, "gone")
        if said in STATUSES:
            raise SourceError(said, url)
        return Page(url, 200, {}, said.encode(), said, "text/html")

    async def post(self, url: str, **_: object) -> Page:
        return await self.get(url)


def run(store: Store, sources: Sequence[Source], kind: Collect, **changes: Any) -> list[Progress]:
    web = changes.pop("web", Web())
    given: dict[str, Any] = {
        "since": None,
        "until": None,
        "keys": lambda _name: None,
        "report": lambda _progress: None,
        "now": NOW,
        "kinds": dict.fromkeys(("feed", "sitemap", "mediacloud", "naver"), kind),
    }
    return asyncio.run(collect(store, sources, lambda *_: web, **(given | changes)))


def one(store: Store, of: Source, *steps: Batch | Exception, **changes: Any) -> Progress:
    (progress,) = run(store, [of], gives(*steps), **changes)
    return progress


def spans(store: Store) -> list[tuple[str, str]]:
    return [(gap.first_day, gap.last_day) for gap in store.gaps()]


def dump(store: Store) -> str:
    """Give every value of every table."""
    connection = store._db.conn  # noqa: SLF001 nothing of the store is left out
    return "\n".join(connection.iterdump())


# -- statuses ------------------------------------------------------------


@pytest.mark.parametrize("status", FAILED)
def test_each_failure_is_recorded_with_its_gap_and_never_as_silence(store: Store, status: Status) -> None:
    ended = one(store, source(), SourceError(status, "what happened"))
    assert (ended.status, ended.detail, ended.documents) == (status, "what happened", 0)
    (health,) = store.health("2000")
    assert (health.status, health.detail, health.succeeded, health.gaps) == (status, "what happened", None, 1)
    assert spans(store) == [(TODAY, TODAY)]


@pytest.mark.parametrize("status", sorted(COVERED))
def test_a_covered_visit_leaves_no_gap(store: Store, status: Status) -> None:
    ended = one(store, source(), Batch(status=status, detail="so it was"))
    assert (ended.status, ended.detail) == (status, "so it was")
    assert spans(store) == []


@pytest.mark.parametrize("status", sorted(PARTLY_COVERED - {"stale"}))
def test_a_partly_covered_visit_leaves_the_gap_before_its_oldest_item(store: Store, status: Status) -> None:
    feed = source()
    one(store, feed, Batch((document(feed, 1, day="2026-11-18"),)), now=NOW - timedelta(days=6))
    ended = one(store, feed, Batch((document(feed, 2, day="2026-11-22"),), status=status))
    assert ended.status == status
    assert spans(store) == [("2026-11-18", "2026-11-22")]


def test_documents_without_a_status_are_ok_and_nothing_is_confirmed_to_be_empty(store: Store) -> None:
    feed = source()
    assert one(store, feed, Batch((document(feed, 1),)), Batch(memory={"at": "1"})).status == "ok"
    assert one(store, feed).status == "ok_empty_confirmed"
    known = one(store, feed, Batch((document(feed, 1),), status="not_modified"))
    assert (known.status, known.documents) == ("ok", 0)


def test_the_gravest_status_is_the_visits(store: Store) -> None:
    steps = (Batch(status="malformed_recovered", detail="a."), Batch(status="gap_suspected", detail="b."), Batch())
    ended = one(store, source(), *steps)
    assert (ended.status, ended.detail) == ("gap_suspected", "a. b.")


def test_what_came_before_an_error_is_kept(store: Store) -> None:
    feed = source()
    ended = one(store, feed, Batch((document(feed, 1),)), SourceError("quota", "used up"))
    assert (ended.status, ended.documents) == ("quota", 1)
    assert store.totals()["documents"] == 1
    assert spans(store) == [(TODAY, TODAY)]


def test_a_wrong_option_ends_the_visit_only(store: Store) -> None:
    ended = one(store, source(), SourceFileError("nuri: options.item: Field required"))
    assert ended.status == "rejected_query"
    assert "options.item" in ended.detail


def test_one_source_that_fails_does_not_keep_the_others_out(store: Store) -> None:
    async def kind(of: Source, _fetch: Fetch, _visit: Visit) -> AsyncIterator[Batch]:
        if of.slug == "b":
            raise SourceError("blocked", "a wall")
        yield Batch((document(of, 1),))

    ended = run(store, [source("a"), source("b"), source("c")], kind)
    assert [(e.source.slug, e.status) for e in ended] == [("a", "ok"), ("b", "blocked"), ("c", "ok")]
    assert store.runs()[0]["status"] == "partial"


def test_a_bug_in_a_kind_is_raised_when_the_others_are_over(store: Store) -> None:
    async def kind(of: Source, _fetch: Fetch, _visit: Visit) -> AsyncIterator[Batch]:
        if of.slug == "a":
            raise ZeroDivisionError
        await asyncio.sleep(0.01)
        yield Batch((document(of, 1),))

    with pytest.raises(ZeroDivisionError):
        run(store, [source("a"), source("b")], kind)
    assert {h.source: h.status for h in store.health("2000")} == {"a": "interrupted", "b": "ok"}


def test_it_is_told_when_a_visit_begins_goes_on_and_ends(store: Store) -> None:
    told: list[Progress] = []
    feed = source()
    one(store, feed, Batch((document(feed, 1),)), Batch((document(feed, 2),)), report=told.append)
    assert [(p.status, p.documents) for p in told] == [(None, 0), (None, 1), (None, 2), ("ok", 2)]


# -- windows -------------------------------------------------------------


def asked(store: Store, of: Source, outcome: Batch | Exception | None = None, **changes: Any) -> Visit:
    """Visit, and give what the kind was asked for."""
    got: list[Visit] = []

    async def kind(_source: Source, _fetch: Fetch, visit: Visit) -> AsyncIterator[Batch]:
        got.append(visit)
        if isinstance(outcome, Exception):
            raise outcome
        yield outcome or Batch()

    run(store, [of], kind, **changes)
    return got[0]


def test_an_archive_is_asked_from_the_last_answer_on_with_a_day_to_spare(store: Store) -> None:
    archive = source(collect="mediacloud")
    first = asked(store, archive)
    assert first.since == datetime(2026, 11, 15, 15, tzinfo=UTC)  # seven days and the day to spare, Korean midnight
    again = asked(store, archive, now=NOW + timedelta(days=1))
    assert again.since == datetime(2026, 11, 22, 15, tzinfo=UTC)


def test_an_archive_is_asked_again_for_what_it_refused(store: Store) -> None:
    archive = source(collect="mediacloud")
    asked(store, archive)
    asked(store, archive, SourceError("unreachable", "no"), now=NOW + timedelta(days=1))
    asked(store, archive, SourceError("unreachable", "no"), now=NOW + timedelta(days=9))
    assert spans(store) == [("2026-11-24", "2026-12-03")]
    third = asked(store, archive, now=NOW + timedelta(days=10))
    assert third.since == datetime(2026, 11, 22, 15, tzinfo=UTC)
    assert spans(store) == []


def test_since_only_widens_the_window(store: Store) -> None:
    archive = source(collect="mediacloud")
    asked(store, archive)
    later = asked(store, archive, since=date(2026, 11, 24), now=NOW + timedelta(days=5))
    assert later.since == datetime(2026, 11, 22, 15, tzinfo=UTC)  # what lies between is not left out
    earlier = asked(store, archive, since=date(2026, 10, 1), now=NOW + timedelta(days=5))
    assert earlier.since == datetime(2026, 9, 29, 15, tzinfo=UTC)


def test_a_feed_is_asked_for_whatever_it_has(store: Store) -> None:
    asked(store, source())
    assert asked(store, source(), since=date(2026, 10, 1)).since is None


def test_a_feeds_failures_are_mended_by_the_answer_that_joins_on(store: Store) -> None:
    feed = source()
    asked(store, feed, Batch((document(feed, 1),)))
    asked(store, feed, SourceError("blocked", "a wall"), now=NOW + timedelta(days=1))
    assert spans(store) == [("2026-11-24", "2026-11-25")]
    asked(store, feed, Batch(status="not_modified"), now=NOW + timedelta(days=2))
    assert spans(store) == []


def test_a_news_sitemap_that_no_longer_reaches_back_leaves_a_gap(store: Store) -> None:
    sitemap = source(collect="sitemap", expect=(50, 500))
    asked(store, sitemap, Batch((document(sitemap, 1),)))
    late = NOW + timedelta(days=6)
    ended = one(store, sitemap, Batch((document(sitemap, 2, day="2026-11-28"),)), now=late)
    assert ended.status == "gap_suspected"
    assert "2026-11-28" in ended.detail
    assert spans(store) == [("2026-11-24", "2026-11-28")]
    slow = source("slow", collect="sitemap", expect=(1, 5))
    asked(store, slow, Batch((document(slow, 1),)))
    assert one(store, slow, Batch((document(slow, 2, day="2026-11-28"),)), now=late).status == "ok"


def test_a_sitemaps_failure_is_mended_only_by_showing_what_lies_before_it(store: Store) -> None:
    sitemap = source(collect="sitemap", expect=(1, 500))
    asked(store, sitemap, Batch((document(sitemap, 1),)))
    asked(store, sitemap, SourceError("blocked", "a wall"), now=NOW + timedelta(days=1))
    gap = [("2026-11-24", "2026-11-25")]
    asked(store, sitemap, Batch((document(sitemap, 2, day="2026-11-25"),)), now=NOW + timedelta(days=1))
    assert spans(store) == gap
    asked(store, sitemap, Batch((document(sitemap, 3, day="2026-11-23"),)), now=NOW + timedelta(days=1))
    assert spans(store) == []


# -- expectations --------------------------------------------------------


def test_a_week_below_or_above_what_is_expected_is_told(store: Store) -> None:
    feed = source(expect=(3, 4))
    now = datetime.now(UTC) + timedelta(days=15)  # the first visit, which is now, lies before the last full week
    monday, _ = last_full_week(now, "KR")
    days = [days_after(monday, n) for n in range(5)]
    assert one(store, feed, Batch((document(feed, 0, day=days[0]),)), now=now).detail == ""
    assert f"1 documents in the week of {monday}; at least 3 are expected" in one(store, feed, now=now).detail
    more = tuple(document(feed, n, day=day) for n, day in enumerate(days[:3], start=1))
    assert one(store, feed, Batch(more), now=now).detail == ""
    rest = tuple(document(feed, n, day=day) for n, day in enumerate(days[3:], start=4))
    assert "at most 4 are expected" in one(store, feed, Batch(rest), now=now).detail


def test_a_feed_whose_newest_item_is_old_is_stale(store: Store) -> None:
    feed = source(expect=(1, 100))
    ended = one(store, feed, Batch((document(feed, 1, day="2026-10-01"),)))
    assert ended.status == "stale"
    assert "2026-10-01" in ended.detail
    assert spans(store) == [("2026-10-02", TODAY)]
    alive = one(store, feed, Batch((document(feed, 2),)))
    assert alive.status == "ok"
    assert spans(store) == []  # it joined on: it had been silent, and lost nothing


def test_a_source_that_need_not_bring_anything_is_not_stale(store: Store) -> None:
    feed = source(expect=(0, 100))
    assert one(store, feed, Batch((document(feed, 1, day="2025-10-01"),))).status == "ok"


# -- what is kept of a text ----------------------------------------------


def test_titles_drops_bodies_and_keywords(store: Store) -> None:
    feed = source(text="titles")
    one(store, feed, Batch((document(feed, 1),)))
    (text,) = store.texts()
    assert (text.title, text.body) == ("제목 1", "")
    assert "낱말" not in dump(store)


def test_full_fetches_the_page_of_each_new_document_once(store: Store) -> None:
    feed = source(text="full")
    web = Web({f"https://nuri.example/{n}": f"{n}: " + "긴 글 " * 50 for n in (1, 2)})
    batch = Batch(tuple(document(feed, n) for n in (1, 2, 3)))
    ended = one(store, feed, batch, web=web, page_text=lambda page: page.text)
    assert (ended.status, ended.documents, ended.refused) == ("ok", 3, 1)
    assert [len(text.body) > 100 for text in store.texts()] == [True, True, False]
    assert store.issues()[0]["reason"] == "page gone"
    before = store.texts()
    again = one(store, feed, batch, web=web, page_text=lambda page: page.text)
    assert (again.status, again.documents) == ("ok", 0)
    assert store.texts() == before
    assert len(web.asked) == 3


def test_a_host_that_says_no_to_a_page_is_not_asked_for_the_next(store: Store) -> None:
    feed = source(text="full")
    web = Web({"https://nuri.example/1": "blocked"})
    batch = Batch(tuple(document(feed, n) for n in (1, 2, 3)))
    ended = one(store, feed, batch, web=web, page_text=lambda page: page.text)
    assert (ended.documents, ended.refused, len(web.asked)) == (3, 3, 1)


# -- keys ----------------------------------------------------------------


def test_a_key_is_given_to_the_kind_and_stored_nowhere(store: Store) -> None:
    keyed = source(key=("NURI_KEY",))
    got: list[Mapping[str, str]] = []

    async def kind(of: Source, _fetch: Fetch, visit: Visit) -> AsyncIterator[Batch]:
        got.append(visit.keys)
        encoded = "s3cr3t%2Fkey%2Bof%3Dours"
        held = replace(document(of, 2), url=f"https://nuri.example/2?key={encoded}")
        refusal = Refusal(f"https://nuri.example/?key={encoded}", 1, "odd", f"key {SECRET}")
        yield Batch((document(of, 1), held), (refusal,), {"next": f"?key={SECRET}"}, detail=f"with {SECRET}")
        raise SourceError("quota", f"the key {SECRET} is used up, see ?key={encoded}")

    told: list[Progress] = []
    (ended,) = run(store, [keyed], kind, keys={"NURI_KEY": SECRET}.get, report=told.append)
    assert got == [{"NURI_KEY": SECRET}]
    assert ended.status == "quota"
    assert ended.documents == 1
    everything = dump(store) + repr(told)
    for spelled in (SECRET, "s3cr3t%2Fkey", "s3cr3t"):
        assert spelled not in everything
    assert [issue["reason"] for issue in store.issues()] == ["odd", "holds a key"]


def test_without_its_key_a_source_is_not_asked(store: Store) -> None:
    ended = one(store, source(key=("NURI_ID", "NURI_KEY")), ZeroDivisionError())
    assert ended.status == "auth"
    assert "NURI_ID, NURI_KEY" in ended.detail
    assert spans(store) == [(TODAY, TODAY)]


def test_a_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    from collectors.secret import from_environment  # noqa: PLC0415 only here

    monkeypatch.delenv("NARRA_TEST_KEY", raising=False)
    assert from_environment("NARRA_TEST_KEY") is None
    monkeypatch.setenv("NARRA_TEST_KEY", SECRET)
    assert from_environment("NARRA_TEST_KEY") == SECRET


# -- politeness and validators -------------------------------------------


def test_a_source_that_asked_to_be_left_alone_is(store: Store) -> None:
    feed = source()
    first = one(store, feed, SourceError("rate_limited", "slower", retry_after=3600))
    assert first.status == "rate_limited"
    soon = one(store, feed, ZeroDivisionError(), now=NOW + timedelta(minutes=59))
    assert soon.status == "rate_limited"
    assert "2026-11-24T04:00:00" in soon.detail
    assert one(store, feed, Batch(), now=NOW + timedelta(minutes=61)).status == "ok_empty_confirmed"


def test_validators_are_kept_only_when_the_visit_is_over(store: Store) -> None:
    url = "https://nuri.example/rss"

    def factory(_source: Source, _keys: Mapping[str, str], validators: Validators) -> Fetch:
        assert validators.get(url) is None
        validators.put(url, '"new"', "")
        assert validators.get(url) == ('"new"', "")
        return Web()

    def visited(*steps: Batch | Exception) -> None:
        work = collect(
            store,
            [source()],
            factory,
            since=None,
            until=None,
            keys=lambda _name: None,
            report=lambda _progress: None,
            now=NOW,
            kinds={"feed": gives(*steps)},
        )
        asyncio.run(work)

    visited(Batch(), SourceError("unreachable", "half-way"))
    assert store.validator(url) is None
    visited(Batch())
    assert store.validator(url) == ('"new"', "")


# -- stopping ------------------------------------------------------------


def test_cancelled_every_visit_under_way_is_interrupted(store: Store) -> None:
    begun = asyncio.Event()

    async def kind(of: Source, _fetch: Fetch, _visit: Visit) -> AsyncIterator[Batch]:
        yield Batch((document(of, 1),), memory={"at": "1"})
        begun.set()
        await asyncio.sleep(60)

    async def stopped() -> None:
        task = asyncio.ensure_future(
            collect(
                store,
                [source("a"), source("b")],
                lambda *_: Web(),
                since=None,
                until=None,
                keys=lambda _name: None,
                report=lambda _progress: None,
                now=NOW,
                kinds={"feed": kind},
            )
        )
        await begun.wait()
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(stopped())
    assert {h.source: (h.status, h.gaps) for h in store.health("2000")} == {
        "a": ("interrupted", 1),
        "b": ("interrupted", 1),
    }
    assert store.recall("a").memory == {"at": "1"}
    assert store.runs()[0]["status"] == "interrupted"
    assert store.end_abandoned() == 0


def test_a_signal_to_stop_becomes_an_interrupt() -> None:
    before = signal.getsignal(signal.SIGTERM)

    async def work() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(60)

    with pytest.raises(KeyboardInterrupt):
        run_to_end(work())
    assert signal.getsignal(signal.SIGTERM) is before


# -- looking -------------------------------------------------------------


def test_a_look_stops_when_it_has_seen_enough() -> None:
    feed = source()

    async def kind(of: Source, _fetch: Fetch, _visit: Visit) -> AsyncIterator[Batch]:
        for number in range(1000):
            yield Batch((document(of, number),))

    async def looked(script: Collect) -> Any:
        return await look(
            feed, lambda *_: Web(), keys=lambda _name: None, now=NOW, enough=5, kinds={"feed": script}
        )  # fmt: skip

    seen = asyncio.run(looked(kind))
    assert (seen.status, len(seen.documents)) == ("ok", 5)
    wall = asyncio.run(looked(gives(SourceError("blocked", "a wall"))))
    assert (wall.status, wall.detail, wall.documents) == ("blocked", "a wall", ())
    assert asyncio.run(looked(gives(Batch(status="not_modified")))).status == "not_modified"


# -- kill -9 -------------------------------------------------------------

KILLS = 50
NURSERY = Path(__file__).parent / "nursery.py"


def state_of(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Give what must be the same after any kills and a rerun: all but row numbers and moments."""
    connection = sqlite3.connect(path)
    queries = {
        # Not `source`, which is the first of several that brought it: `deliveries` has them all.
        "documents": "SELECT id, outlet, url, title, body, day, hash, sampled FROM documents ORDER BY id",
        "keys": "SELECT k.key, d.id FROM keys k JOIN documents d ON d.row = k.document ORDER BY 1",
        "versions": "SELECT d.id, v.hash FROM versions v JOIN documents d ON d.row = v.document ORDER BY 1, 2",
        "deliveries": "SELECT v.source, d.id FROM deliveries v JOIN documents d ON d.row = v.document ORDER BY 1, 2",
        "memory": "SELECT source, key, value FROM memory ORDER BY 1, 2",
        "validators": "SELECT * FROM validators ORDER BY 1",
        "open gaps": "SELECT * FROM gaps WHERE closed_by IS NULL",
        "unended": "SELECT * FROM visits WHERE ended IS NULL",
        "not covered": "SELECT source FROM visits WHERE id IN (SELECT max(id) FROM visits GROUP BY source) "
        "AND status NOT IN ('ok', 'ok_empty_confirmed')",
    }
    state = {name: connection.execute(sql).fetchall() for name, sql in queries.items()}
    connection.close()
    return state


@pytest.mark.timeout(900)  # a hundred collections, each a process
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are made by fork")
def test_killed_at_any_moment_and_run_again_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(NURSERY), str(tmp_path), str(KILLS)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    undisturbed = state_of(tmp_path / "undisturbed.db")
    assert len(undisturbed["documents"]) == 185
    assert len(undisturbed["deliveries"]) == 200
    assert sum("7 번째 문단" in row[4] for row in undisturbed["documents"]) == 20  # whole pages
    assert undisturbed["open gaps"] == undisturbed["unended"] == undisturbed["not covered"] == []
    for number in range(KILLS):
        assert state_of(tmp_path / f"killed{number}.db") == undisturbed
    assert said["killed"] == KILLS
    assert said["cut"] > KILLS // 5  # enough kills met a collection under way, also where the machine is busy
