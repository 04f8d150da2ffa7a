"""Days that were not seen: by outlet and quarter, in figures, and in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic import Habit, document, fill

from collectors.outcome import COVERED, MEANINGS
from corpus.calendar import Quarter
from corpus.settings import MeasureSettings
from corpus.store import Gap, Store, VisitEnd, VisitPlan, Watched
from results.basis import basis
from results.cells import tabulate
from results.coverage import (
    MOST_HIDDEN,
    NO_MORE,
    NOT_YET,
    REASONS,
    Coverage,
    Coverages,
    Hidden,
    cover,
    of_gaps,
    sentences,
    spans,
    unvisited,
)
from results.estimate import Estimator, Question

QUARTER = Quarter(2026, 3)
FIRST, LAST = "2026-07-01", "2026-09-30"
WHO = "Korea's narrative: 1 outlet was not seen"


def gap(first: str, last: str, *outlets: str, status: str = "blocked", sampled: bool = False) -> Gap:
    return Gap("nuri", "KR:nuri", "KR", first, last, status, "A wall.", sampled, outlets or ("KR:a",))


def test_there_are_words_for_every_status_that_hides() -> None:
    assert set(REASONS) - {NOT_YET, NO_MORE} == set(MEANINGS) - COVERED


def test_a_gap_hides_its_days_of_every_outlet_its_source_brings() -> None:
    seen = cover(of_gaps([gap("2026-06-28", "2026-07-03", "KR:a", "KR:b"), gap("2026-09-29", "2026-10-02")]), QUARTER)
    assert (seen.days("KR:a"), seen.days("KR:b"), seen.days("KR:c")) == (5, 3, 0)
    assert seen.length == 92
    assert sorted(seen.reasons["KR:b"]) == ["2026-07-01", "2026-07-02", "2026-07-03"]


def test_what_a_search_missed_hides_nothing() -> None:
    assert of_gaps([gap(FIRST, LAST, sampled=True)]) == []


def test_days_before_the_first_visit_and_after_the_last_are_hidden() -> None:
    watched = [
        Watched("feed", ("KR:a",), "2026-08-01", "2026-08-31"),
        Watched("sitemap", ("KR:a", "KR:b"), "2026-08-10", "2026-12-31"),
        Watched("old", ("KR:c",), "2026-01-01", "2026-02-01"),
        Watched("imported", ("KR:d",), "2026-08-01", "2026-08-31"),
    ]
    assert unvisited(watched, frozenset({"KR:d"}), FIRST, LAST) == [
        Hidden("KR:a", FIRST, "2026-07-31", NOT_YET),
        Hidden("KR:b", FIRST, "2026-08-09", NOT_YET),
        Hidden("KR:c", FIRST, LAST, NO_MORE),
    ]
    assert unvisited([Watched("later", ("KR:e",), "2027-01-01", "2027-01-02")], frozenset(), FIRST, LAST) == [
        Hidden("KR:e", FIRST, LAST, NOT_YET)
    ]


def test_a_figure_is_flagged_with_the_outlets_and_their_days() -> None:
    seen = cover(of_gaps([gap("2026-07-01", "2026-07-09", "KR:b"), gap("2026-07-01", "2026-08-09", "KR:a")]), QUARTER)
    outlets = [f"KR:{name}" for name in "abcdefghijklmn"]
    assert seen.notes(outlets) == (
        "2 of 14 outlets were not seen on some days of 2026Q3: KR:a 40 of 92 days, KR:b 9 of 92 days",
    )
    assert seen.refusal(outlets) == ""
    assert seen.notes(["KR:c"]) == ()
    many = cover([Hidden(outlet, FIRST, FIRST, "blocked") for outlet in outlets], QUARTER)
    assert many.notes(outlets)[0].endswith("KR:f 1 of 92 days and 8 more")


def test_a_figure_is_refused_where_too_much_is_hidden() -> None:
    seen = cover([Hidden("KR:a", FIRST, LAST, "blocked")], QUARTER)
    assert seen.refusal(["KR:a", "KR:b", "KR:c", "KR:d"]) == ""  # a quarter is the most there may be
    assert "92 of 276 days of 3 outlets" in seen.refusal(["KR:a", "KR:b", "KR:c"])
    assert MOST_HIDDEN == 0.25
    assert seen.refusal([]) == ""


def test_what_is_missing_is_said_by_reason_the_most_first() -> None:
    hidden = [
        Hidden("KR:a", "2026-07-01", "2026-07-02", "blocked"),
        Hidden("KR:a", "2026-08-05", "2026-08-05", "blocked"),
        Hidden("KR:b", "2026-07-01", "2026-07-09", "gone"),
        Hidden("VN:c", "2026-07-01", "2026-07-09", "gone"),
    ]
    assert sentences(cover(hidden, QUARTER), "Korea's narrative", ["KR:a", "KR:b"]) == [
        (
            f"{WHO} on 9 days altogether, because its address no longer exists: KR:b (9 of 92 days: 2026-07-01 to "
            "2026-07-09)."
        ),
        (
            f"{WHO} on 3 days altogether, because a wall answered in its place: KR:a (3 of 92 days: 2026-07-01 to "
            "2026-07-02, 2026-08-05)."
        ),
    ]


def test_long_lists_are_cut_with_their_total() -> None:
    hidden = [Hidden(f"KR:{n:02}", FIRST, "2026-07-10", "blocked") for n in range(40)]
    (sentence,) = sentences(cover(hidden, QUARTER), "Korea's narrative", [f"KR:{n:02}" for n in range(40)])
    assert "40 outlets were not seen on 400 days altogether" in sentence
    assert sentence.endswith("KR:05 (10 of 92 days: 2026-07-01 to 2026-07-10), and 34 more outlets.")


def test_days_are_written_as_spans() -> None:
    assert spans(["2026-07-02", "2026-07-01", "2026-07-31", "2026-08-01"]) == (
        "2026-07-01 to 2026-07-02, 2026-07-31 to 2026-08-01"
    )
    assert (
        spans([f"2026-07-{day:02}" for day in range(1, 12, 2)]) == "2026-07-01, 2026-07-03, 2026-07-05 and 3 more times"
    )


days = st.dates(date(2026, 5, 1), date(2026, 11, 30))


@given(st.lists(st.tuples(days, st.integers(0, 60)), max_size=6))
def test_days_are_counted_once_and_only_within_the_quarter(given_spans: list[tuple[date, int]]) -> None:
    hidden = [Hidden("KR:a", f"{day}", f"{day + timedelta(length)}", "blocked") for day, length in given_spans]
    expected = {day + timedelta(n) for day, length in given_spans for n in range(length + 1)}
    within = {day for day in expected if QUARTER.first <= day <= QUARTER.last}
    assert cover(hidden, QUARTER).days("KR:a") == len(within)


# -- from the store to the figures ---------------------------------------


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.in_memory() as made:
        yield made


def visited(store: Store, first: str, last: str, end: VisitEnd) -> None:
    plan = VisitPlan(store.start_run("collect"), "nuri", "feed", "KR:nuri", "KR", None, f"{last}T00:00:00", first, last)
    number = store.start_visit(plan)
    habit = Habit("KR", "a", "ko", 1, {})
    made = [document(n, habit, f"2026-07-{n:02}", title="t", body="b") for n in (1, 2, 3)]
    store.save_batch(number, "nuri", [_of(one, "nuri") for one in made], [], {})
    store.end_visit(number, end)


def _of(one: object, source: str) -> object:
    from dataclasses import replace  # noqa: PLC0415 only here

    return replace(one, source=source)  # type: ignore[type-var]


def test_the_report_says_which_days_were_not_seen(store: Store) -> None:
    visited(store, "2026-06-01", "2026-07-05", VisitEnd("ok", answered=True))
    visited(store, "2026-07-06", "2026-09-30", VisitEnd("blocked", missing=("2026-07-06", "2026-07-20")))
    found = basis(store, QUARTER, ("news",), 1, ())
    said = [sentence for sentence in found.gaps if "wall" in sentence]
    assert said == [
        (
            f"{WHO} on 15 days altogether, because a wall answered in its place: KR:a (15 of 92 days: 2026-07-06 to "
            "2026-07-20)."
        )
    ]
    seen = Coverages(store)
    assert seen(QUARTER).days("KR:a") == 15
    assert seen(QUARTER) is seen(QUARTER)
    assert seen(QUARTER.next).reasons["KR:a"]["2026-10-01"] == {NO_MORE}


def test_a_store_of_imported_files_alone_hides_nothing(store: Store) -> None:
    fill(store, [document(1, Habit("KR", "a", "ko", 1, {}), "2026-07-01", title="t", body="b")])
    assert Coverages(store)(QUARTER) == Coverage(QUARTER)


def test_figures_know_what_was_not_seen() -> None:
    table = tabulate([], "named")
    settings = MeasureSettings(replicates=100)
    hidden = cover([Hidden("KR:a", FIRST, "2026-07-09", "gone")], QUARTER)
    question = Question("korea", "ASEAN")
    plain = Estimator(table, settings).estimate(question, QUARTER, ("KR:a",))
    flagged = Estimator(table, settings, lambda _: hidden).estimate(question, QUARTER, ("KR:a",))
    assert not any("not seen" in note for note in plain.notes)
    assert any("1 of 1 outlets were not seen on some days of 2026Q3: KR:a 9 of 92 days" in n for n in flagged.notes)
    whole = cover([Hidden("KR:a", FIRST, "2026-08-30", "gone")], QUARTER)
    refused = Estimator(table, settings, lambda _: whole).estimate(question, QUARTER, ("KR:a",))
    assert any("too much of 2026Q3 was not seen" in reason for reason in refused.refusals)
