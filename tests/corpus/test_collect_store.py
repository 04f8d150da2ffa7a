"""The store's verbs of collecting: visits, batches, gaps, and what sources remember."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from corpus.calendar import parse_published
from corpus.identity import document_keys
from corpus.migrations import migrations
from corpus.model import Document, Outlet, Refusal
from corpus.store import Gap, Store, VisitEnd, VisitPlan

FULL = VisitEnd("ok", answered=True)


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.in_memory() as opened:
        yield opened


def document(number: int, *, source: str = "nuri", day: str | None = "2026-11-20", body: str = "본문") -> Document:
    return Document(
        keys=document_keys("nuri", None, f"https://nuri.example/{number}"),
        source=source,
        outlet=Outlet("누리통신", "KR"),
        kind="news",
        language="ko",
        title=f"제목 {number}",
        body=body,
        published=parse_published(day, "KR") if day else None,
    )


def begin(store: Store, first: str, last: str, *, source: str = "nuri", country: str = "KR") -> int:
    plan = VisitPlan(
        run=store.start_run("collect"),
        source=source,
        collect="feed",
        outlet=f"{country}:{source}",
        country=country,
        since=None,
        until=f"{last}T03:00:00+00:00",
        first_day=first,
        last_day=last,
    )
    return store.start_visit(plan)


def visit(  # noqa: PLR0913 a visit has these facts
    store: Store, first: str, last: str, end: VisitEnd, *, source: str = "nuri", country: str = "KR"
) -> int:
    number = begin(store, first, last, source=source, country=country)
    store.end_visit(number, end)
    return number


def failed(first: str, last: str, status: str = "blocked") -> VisitEnd:
    return VisitEnd(status, "A wall.", missing=(first, last))


def spans(store: Store) -> list[tuple[str, str]]:
    return [(gap.first_day, gap.last_day) for gap in store.gaps()]


# -- batches -------------------------------------------------------------


def test_a_batch_is_saved_with_what_the_source_wants_to_remember(store: Store) -> None:
    number = begin(store, "2026-11-20", "2026-11-20")
    refusal = Refusal("nuri", 3, "no title")
    assert store.save_batch(number, "nuri", [document(1), document(2)], [refusal], {"at": "2"}) == ["taken", "taken"]
    assert store.save_batch(number, "nuri", [document(2)], [], {"at": "3"}) == ["known"]
    assert store.recall("nuri").memory == {"at": "3"}
    assert [issue["reason"] for issue in store.issues()] == ["no title"]
    assert store.delivered("nuri", "2026-11-20", "2026-11-20") == 2


def test_a_batch_that_fails_leaves_nothing_of_itself(store: Store) -> None:
    number = begin(store, "2026-11-20", "2026-11-20")
    unknown = document(2, source="never used")  # documents.source must name a source: SQLite refuses it
    with pytest.raises(sqlite3.IntegrityError):
        store.save_batch(number, "nuri", [document(1), unknown], [], {"at": "2"})
    assert store.totals()["documents"] == 0
    assert store.recall("nuri").memory == {}
    assert store.delivered("nuri", "0000", "9999") == 0


def test_each_source_remembers_for_itself(store: Store) -> None:
    for source in ("nuri", "haneul"):
        number = begin(store, "2026-11-20", "2026-11-20", source=source)
        store.save_batch(number, source, [], [], {"at": source})
    assert store.recall("nuri").memory == {"at": "nuri"}
    assert store.recall("none").memory == {}


def test_a_document_counts_for_every_source_that_brought_it(store: Store) -> None:
    for source in ("nuri", "haneul"):
        number = begin(store, "2026-11-20", "2026-11-20", source=source)
        store.save_batch(number, source, [document(1, source=source)], [], {})
        assert store.delivered(source, "2026-11-20", "2026-11-20") == 1
    assert store.totals()["documents"] == 1


def test_new_documents_make_the_counts_old(store: Store) -> None:
    store.replace_counts([])
    number = begin(store, "2026-11-20", "2026-11-20")
    store.save_batch(number, "nuri", [], [], {"at": "1"})
    assert store.counts_are_current()
    store.save_batch(number, "nuri", [document(1)], [], {})
    assert not store.counts_are_current()


def test_what_is_stored_is_told_by_any_key(store: Store) -> None:
    number = begin(store, "2026-11-20", "2026-11-20")
    store.save_batch(number, "nuri", [document(1)], [], {})
    assert store.are_stored([document(1, body="other"), document(2)]) == [True, False]


def test_the_newest_document_is_of_the_source_and_undated_ones_count_by_the_day_they_came(store: Store) -> None:
    number = begin(store, "2026-11-20", "2026-11-20")
    assert store.recall("nuri").newest is None
    store.save_batch(number, "nuri", [document(1, day="2025-01-02"), document(2, day="2025-03-04")], [], {})
    assert store.recall("nuri").newest == "2025-03-04"
    store.save_batch(number, "nuri", [document(3, day=None)], [], {})
    assert (store.recall("nuri").newest or "") > "2025-03-04"


# -- gaps ----------------------------------------------------------------


def test_a_refused_visit_leaves_a_gap(store: Store) -> None:
    visit(store, "2026-11-18", "2026-11-20", failed("2026-11-18", "2026-11-20"))
    assert store.gaps() == [
        Gap("nuri", "KR:nuri", "KR", "2026-11-18", "2026-11-20", "blocked", "A wall.", outlets=("KR:nuri",))
    ]
    assert store.recall("nuri").answered_until is None


def test_gaps_that_touch_are_one(store: Store) -> None:
    visit(store, "2026-11-18", "2026-11-18", failed("2026-11-18", "2026-11-18"))
    visit(store, "2026-11-18", "2026-11-19", failed("2026-11-18", "2026-11-19", "gone"))
    visit(store, "2026-11-20", "2026-11-20", failed("2026-11-20", "2026-11-20"))
    visit(store, "2026-11-23", "2026-11-23", failed("2026-11-23", "2026-11-23"))
    assert spans(store) == [("2026-11-18", "2026-11-20"), ("2026-11-23", "2026-11-23")]


def test_a_later_visit_closes_the_gaps_it_spans_where_the_source_looks_back(store: Store) -> None:
    visit(store, "2026-11-10", "2026-11-12", failed("2026-11-10", "2026-11-12"))
    visit(store, "2026-11-18", "2026-11-19", failed("2026-11-18", "2026-11-19"))
    assert store.recall("nuri").gap_from == "2026-11-10"
    visit(store, "2026-11-11", "2026-11-20", VisitEnd("ok", answered=True, looks_back=True))
    assert spans(store) == [("2026-11-10", "2026-11-12")]
    visit(store, "2026-11-10", "2026-11-20", VisitEnd("ok_empty_confirmed", answered=True, looks_back=True))
    assert spans(store) == []


def test_a_feed_closes_a_gap_only_where_it_joins_on(store: Store) -> None:
    visit(store, "2026-11-17", "2026-11-17", FULL)
    visit(store, "2026-11-17", "2026-11-20", failed("2026-11-17", "2026-11-20"))
    visit(store, "2026-11-17", "2026-11-20", VisitEnd("ok_empty_confirmed", answered=True))
    assert spans(store) == [("2026-11-17", "2026-11-20")]
    visit(store, "2026-11-17", "2026-11-21", VisitEnd("ok", answered=True, joined=True))
    assert spans(store) == []


def test_a_feed_joins_on_to_nothing_at_its_first_answer_unless_it_reaches_back(store: Store) -> None:
    visit(store, "2026-11-18", "2026-11-20", failed("2026-11-18", "2026-11-20"))
    joined = VisitEnd("ok", answered=True, joined=True, days=frozenset({"2026-11-19", "2024-01-01"}))
    visit(store, "2026-11-20", "2026-11-20", joined)
    assert spans(store) == [("2026-11-18", "2026-11-20")]  # one old item at the top says nothing
    reached = VisitEnd("ok", answered=True, days=frozenset({"2026-11-19", "2026-11-17"}))
    visit(store, "2026-11-20", "2026-11-20", reached)
    assert spans(store) == []


def test_what_is_lost_stays_lost(store: Store) -> None:
    visit(store, "2026-11-17", "2026-11-17", FULL)
    missed = VisitEnd("gap_suspected", answered=True, missing=("2026-11-17", "2026-11-19"), lost=True)
    visit(store, "2026-11-17", "2026-11-20", missed)
    visit(store, "2026-11-20", "2026-11-21", VisitEnd("ok", answered=True, joined=True))
    assert spans(store) == [("2026-11-17", "2026-11-19")]
    assert store.recall("nuri").gap_from is None
    assert store.recall("nuri").answered_until == "2026-11-21T03:00:00+00:00"


def test_gaps_are_told_by_side_and_days(store: Store) -> None:
    visit(store, "2026-11-01", "2026-11-03", failed("2026-11-01", "2026-11-03"))
    visit(store, "2026-11-02", "2026-11-05", failed("2026-11-02", "2026-11-05"), source="viet", country="VN")
    visit(store, "2020-01-01", "2020-01-02", failed("2020-01-01", "2020-01-02"), source="timor", country="TL")
    assert [gap.source for gap in store.gaps("korea")] == ["nuri"]
    assert [gap.source for gap in store.gaps("asean")] == ["viet"]  # Timor-Leste was no member then
    assert [gap.source for gap in store.gaps(None, "2026-11-04", "2026-11-30")] == ["viet"]
    assert store.gaps("korea", "2026-11-04") == []


def test_a_visit_that_was_never_ended_is_interrupted(store: Store) -> None:
    number = begin(store, "2026-11-19", "2026-11-20")
    store.save_batch(number, "nuri", [document(1)], [], {"at": "1"})
    (before,) = store.health("2000")
    assert (before.status, before.succeeded) == ("interrupted", None)
    assert store.end_abandoned() == 1
    assert store.end_abandoned() == 0
    (after,) = store.health("2000")
    assert (after.status, after.week, after.gaps) == ("interrupted", 1, 1)
    assert spans(store) == [("2026-11-19", "2026-11-20")]
    assert store.recall("nuri").memory == {"at": "1"}


# -- health and validators -----------------------------------------------


def test_health_is_that_of_the_latest_visit_and_remembers_the_last_success(store: Store) -> None:
    visit(store, "2026-11-17", "2026-11-17", FULL)
    visit(store, "2026-11-17", "2026-11-18", failed("2026-11-17", "2026-11-18"))
    visit(store, "2026-11-18", "2026-11-18", FULL, source="haneul")
    nuri = next(h for h in store.health("9999") if h.source == "nuri")
    assert (nuri.status, nuri.detail, nuri.week, nuri.gaps) == ("blocked", "A wall.", 0, 1)
    assert nuri.succeeded is not None
    assert [h.source for h in store.health("9999")] == ["haneul", "nuri"]


def test_validators_are_kept_by_address(store: Store) -> None:
    url = "https://nuri.example/rss"
    assert store.validator(url) is None
    visit(store, "2026-11-17", "2026-11-17", VisitEnd("ok", answered=True, validators={url: ('"a"', "")}))
    assert store.validator(url) == ('"a"', "")
    visit(store, "2026-11-17", "2026-11-17", VisitEnd("ok", answered=True, validators={url: ("", "Mon")}))
    assert store.validator(url) == ("", "Mon")


def test_when_to_come_again_is_that_of_the_latest_visit(store: Store) -> None:
    visit(store, "2026-11-17", "2026-11-17", VisitEnd("rate_limited", retry_at="2026-11-17T05:00:00+00:00"))
    assert store.recall("nuri").retry_at == "2026-11-17T05:00:00+00:00"
    visit(store, "2026-11-17", "2026-11-17", FULL)
    assert store.recall("nuri").retry_at is None


def made_before(path: Path, step: str) -> sqlite3.Connection:
    """Make a store as it was before a step of its schema."""
    database = Database(path)
    migrations.apply(database, stop_before=step)
    database.conn.execute("INSERT INTO outlets VALUES ('KR:누리통신', '누리통신', 'KR')")
    return database.conn


def test_a_store_made_before_collecting_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "narra.db"
    made_before(path, "m002_visits").close()
    with Store.open(path) as store:
        visit(store, "2026-11-17", "2026-11-17", FULL)
        assert [h.status for h in store.health("2000")] == ["ok"]


def test_in_a_store_made_before_searches_were_told_apart_they_are(tmp_path: Path) -> None:
    path = tmp_path / "narra.db"
    connection = made_before(path, "m004_series")
    with connection:
        for number, (source, kind) in enumerate([("a.jsonl", "jsonl"), ("nexis.txt", "nexis"), ("naver", "naver")], 1):
            connection.execute("INSERT INTO sources VALUES (?, ?, '', '')", (source, kind))
            connection.execute(
                "INSERT INTO documents (id, source, outlet, kind, language, title, body, keywords, excluded, "
                "first_seen, hash) VALUES (?, ?, 'KR:누리통신', 'news', 'ko', 't', 'b', '', '', '', '')",
                (str(number), source),
            )
        # The last one came from a feed, too.
        connection.execute("INSERT INTO sources VALUES ('feed', 'feed', '', '')")
        connection.execute(
            "INSERT INTO documents (id, source, outlet, kind, language, title, body, keywords, "
            "excluded, first_seen, hash) VALUES ('4', 'naver', 'KR:누리통신', 'news', 'ko', 't', 'b', '', '', '', '')"
        )
        connection.execute("INSERT INTO deliveries VALUES ('feed', 4, '')")
        connection.execute("INSERT INTO deliveries VALUES ('naver', 4, '')")
    connection.close()
    with Store.open(path) as store:
        (row,) = store.overview()
        assert (row["documents"], row["sampled"]) == (4, 2)
        assert [text.row for text in store.texts()] == [1, 4]


# -- searches ------------------------------------------------------------


def sampled(store: Store) -> int:
    return sum(row["sampled"] for row in store.overview())


def test_what_only_a_search_brought_counts_nowhere_until_another_source_brings_it(store: Store) -> None:
    number = begin(store, "2026-11-20", "2026-11-20", source="naver")
    store.save_batch(number, "naver", [document(1, source="naver"), document(2, source="naver")], [], {}, sampled=True)
    assert sampled(store) == 2
    assert store.texts() == []
    store.replace_counts([])
    feed = begin(store, "2026-11-20", "2026-11-20")
    assert store.save_batch(feed, "nuri", [document(2)], [], {}) == ["known"]
    assert sampled(store) == 1
    assert [text.title for text in store.texts()] == ["제목 2"]
    assert not store.counts_are_current()  # though nothing was new


def test_a_search_takes_nothing_from_what_counts(store: Store) -> None:
    feed = begin(store, "2026-11-20", "2026-11-20")
    store.save_batch(feed, "nuri", [document(1)], [], {})
    store.replace_counts([])
    number = begin(store, "2026-11-20", "2026-11-20", source="naver")
    store.save_batch(number, "naver", [document(1, source="naver")], [], {}, sampled=True)
    assert sampled(store) == 0
    assert store.counts_are_current()


def test_a_source_that_is_called_a_search_later_was_one_before(store: Store) -> None:
    number = begin(store, "2026-11-20", "2026-11-20")
    store.save_batch(number, "nuri", [document(1), document(2)], [], {})
    other = begin(store, "2026-11-20", "2026-11-20", source="haneul")
    store.save_batch(other, "haneul", [document(2, source="haneul")], [], {})
    plan = VisitPlan(1, "nuri", "feed", "KR:nuri", "KR", None, "2026-11-21", "2026-11-21", "2026-11-21", sampled=True)
    store.start_visit(plan)
    assert sampled(store) == 1
    assert [text.title for text in store.texts()] == ["제목 2"]


def test_importing_again_with_another_word_changes_what_counts(store: Store) -> None:
    store.use_source("a.txt", "nexis")
    for is_sampled, number in ((True, 1), (False, 0), (True, 1)):
        store.save_documents([document(1, source="a.txt")], sampled=is_sampled)
        assert sampled(store) == number


def test_a_copy_that_only_a_search_found_stands_for_no_story(store: Store) -> None:
    store.use_source("search", "naver")
    store.use_source("nuri", "feed")
    store.save_documents([document(1, source="search", day="2026-11-19")], sampled=True)
    store.save_documents([document(2)])
    assert [text.row for text in store.unlinked("rule")] == [2]
    store.save_documents([document(1)])
    assert [text.row for text in store.unlinked("rule")] == [1, 2]


def test_gaps_say_whose_documents_they_hide(store: Store) -> None:
    number = begin(store, "2026-11-18", "2026-11-20")
    store.save_batch(number, "nuri", [document(1), document(2)], [], {})
    store.end_visit(number, failed("2026-11-18", "2026-11-20"))
    (gap,) = store.gaps()
    assert (gap.outlet, gap.outlets, gap.sampled) == ("KR:nuri", ("KR:누리통신",), False)


def test_when_sources_were_visited_leaves_searches_and_series_out(store: Store) -> None:
    visit(store, "2026-11-03", "2026-11-03", FULL)
    visit(store, "2026-11-03", "2026-11-09", FULL)
    for changes in ({"sampled": True}, {"brings": "series"}):
        plan = VisitPlan(1, f"s{changes}", "x", "KR:x", "KR", None, "", "2026-11-01", "2026-11-02", **changes)  # type: ignore[arg-type]
        store.end_visit(store.start_visit(plan), failed("2026-11-01", "2026-11-02"))
    assert [(w.source, w.first_day, w.last_day) for w in store.watched()] == [("nuri", "2026-11-03", "2026-11-09")]
    assert [gap.sampled for gap in store.gaps()] == [True]
    assert [gap.status for gap in store.gaps(brings="series")] == ["blocked"]
    assert store.imported_outlets() == frozenset()
    store.use_source("a.jsonl", "jsonl")
    store.save_documents([document(1, source="a.jsonl")])
    assert store.imported_outlets() == {"KR:누리통신"}
