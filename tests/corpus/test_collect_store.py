"""The store's verbs of collecting: visits, batches, gaps, and what sources remember."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.calendar import parse_published
from corpus.identity import document_keys
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
    assert store.gaps() == [Gap("nuri", "KR:nuri", "KR", "2026-11-18", "2026-11-20", "blocked", "A wall.")]
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


def test_a_store_made_before_collecting_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "narra.db"
    with Store.open(path):
        pass
    connection = sqlite3.connect(path)
    with connection:
        for table in ("deliveries", "gaps", "visits", "memory", "validators"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'm002_visits'")
    connection.close()
    with Store.open(path) as store:
        visit(store, "2026-11-17", "2026-11-17", FULL)
        assert [h.status for h in store.health("2000")] == ["ok"]
