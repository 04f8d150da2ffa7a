"""Series in the store: one calendar, figures that are filled, revised or kept, and scales that are never mixed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import InputError
from corpus.series import Period, Point, SeriesFacts, StoredPoint, over, series_of, span_of
from corpus.store import SeriesOutcome, Store

TODAY = "2026-11-24"
VIEWS = SeriesFacts("views:ko", "views a day", "day", "wikimedia-ko", "ASEAN", "KR", "ko", "none")
RATIO = SeriesFacts("search:a", "ratio", "week", "datalab", "ASEAN", "KR", "ko", "none", "one answer")


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.in_memory() as opened:
        for source in ("wikimedia-ko", "datalab"):
            opened.use_source(source, "x", brings="series")
        yield opened


def views(day: str, value: float | None, **changes: object) -> Point:
    return replace(Point("views:ko", day, value, None, None, "views a day", "there"), **changes)  # type: ignore[arg-type]


def ratio(day: str, value: float | None) -> Point:
    return Point("search:a", day, value, None, None, "ratio", "there", "", "week")


def save(
    store: Store, *points: Point, facts: SeriesFacts = VIEWS, today: str = TODAY, again: bool = False
) -> SeriesOutcome:
    return store.save_series({facts.name: facts}, points, today, replace=again)


def held(store: Store, name: str = "views:ko") -> dict[str, float | None]:
    return {point.first_day: point.value for point in store.points(name)}


# -- the calendar --------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "period", "span"),
    [
        ("2026-11-24", "day", ("2026-11-24", "2026-11-24")),
        ("2026-11-23", "week", ("2026-11-23", "2026-11-29")),
        ("2026-12-28", "week", ("2026-12-28", "2027-01-03")),
        ("2024-02", "month", ("2024-02-01", "2024-02-29")),
        ("2026-12", "month", ("2026-12-01", "2026-12-31")),
        ("2023", "year", ("2023-01-01", "2023-12-31")),
    ],
)
def test_every_period_has_its_first_and_last_day(day: str, period: Period, span: tuple[str, str]) -> None:
    assert span_of(day, period) == span


@pytest.mark.parametrize(
    ("day", "period"),
    [
        ("2026-11", "day"),
        ("2026", "month"),
        ("2026-11-24", "year"),
        ("2026-02-30", "day"),
        ("2026-13", "month"),
        ("", "year"),
    ],
)
def test_what_names_no_period_is_refused(day: str, period: Period) -> None:
    with pytest.raises(InputError):
        span_of(day, period)


def stored(first: str, last: str, value: float | None, low: float | None = None) -> StoredPoint:
    return StoredPoint("s", first, last, value, low, low, None, "", "", True, "")  # noqa: FBT003


def test_a_mean_weighs_each_figure_with_the_days_it_shares() -> None:
    points = [
        stored("2026-06-29", "2026-07-05", 10.0, 8.0),
        stored("2026-07-06", "2026-07-12", None),
        stored("2026-07-13", "2026-07-19", 40.0, 30.0),
    ]
    mean = over(points, date(2026, 7, 1), date(2026, 7, 15))
    assert mean.value == pytest.approx((5 * 10 + 3 * 40) / 8)
    assert mean.low == pytest.approx((5 * 8 + 3 * 30) / 8)
    assert (mean.days, mean.of) == (8, 15)  # the week without a figure is missing, and is no nought


def test_a_mean_of_nothing_is_none_and_without_all_bounds_there_is_no_bound() -> None:
    first, last = date(2026, 7, 1), date(2026, 7, 2)
    assert over([stored("2026-07-01", "2026-07-01", None)], first, last).value is None
    assert over([], first, last).value is None
    mixed = [stored("2026-07-01", "2026-07-01", 1.0, 0.5), stored("2026-07-02", "2026-07-02", 3.0)]
    assert (over(mixed, first, last).value, over(mixed, first, last).low) == (2.0, None)


# -- saving --------------------------------------------------------------


def test_saving_twice_changes_nothing(store: Store) -> None:
    points = [views("2026-11-20", 5.0), views("2026-11-21", 0.0), views("2026-11-22", None)]
    assert save(store, *points) == SeriesOutcome(new=3)
    assert save(store, *points) == SeriesOutcome(same=3)
    assert held(store) == {"2026-11-20": 5.0, "2026-11-21": 0.0, "2026-11-22": None}
    (series,) = store.series()
    assert (series.points, series.missing, series.revised) == (3, 1, 0)
    assert (series.first_day, series.last_day, series.narrative) == ("2026-11-20", "2026-11-22", "korea")


def test_what_was_provisional_is_filled_and_what_was_final_is_revised_with_the_old_value_kept(store: Store) -> None:
    save(store, views("2026-11-20", 5.0), views("2026-11-23", None), views("2026-11-24", 2.0))
    outcome = save(
        store, views("2026-11-20", 6.0), views("2026-11-23", 3.0), views("2026-11-24", 9.0), today="2026-11-25"
    )
    assert outcome == SeriesOutcome(filled=2, revised=1)
    assert held(store) == {"2026-11-20": 6.0, "2026-11-23": 3.0, "2026-11-24": 9.0}
    assert [(r.first_day, r.value) for r in store.revisions()] == [("2026-11-20", 5.0)]
    assert store.series()[0].revised == 1


def test_no_figure_is_replaced_by_the_lack_of_one(store: Store) -> None:
    save(store, views("2026-11-20", 5.0))
    assert save(store, views("2026-11-20", None)) == SeriesOutcome(kept=1)
    assert held(store) == {"2026-11-20": 5.0}
    assert store.revisions() == []


def test_another_unit_or_period_is_refused_and_nothing_of_it_is_stored(store: Store) -> None:
    save(store, views("2026-11-20", 5.0))
    with pytest.raises(InputError, match="narra awareness forget"):
        save(store, views("2026-11-21", 5.0, unit="views a week"), facts=replace(VIEWS, unit="views a week"))
    twice = [views("2026-11-22", 1.0), views("2026-11-22", 2.0)]
    with pytest.raises(InputError, match="two figures"):
        save(store, *twice)
    assert held(store) == {"2026-11-20": 5.0}


def test_points_are_told_by_days_and_name(store: Store) -> None:
    save(store, *(views(f"2026-11-{day}", float(day)) for day in (10, 11, 12)))
    save(store, ratio("2026-11-09", 50.0), facts=RATIO)
    assert [p.value for p in store.points("views:ko", "2026-11-11")] == [11.0, 12.0]
    touching = list(store.points(None, "2026-11-12", "2026-11-30"))
    assert [(p.series, p.value) for p in touching] == [("search:a", 50.0), ("views:ko", 12.0)]
    assert [p.final for p in touching] == [True, True]


def test_what_is_needed_begins_with_the_first_day_that_is_not_final(store: Store) -> None:
    assert store.needed_from("views:ko", "2026-11-01") == "2026-11-01"
    save(store, views("2026-11-01", 1.0), views("2026-11-02", None), views("2026-11-03", 3.0))
    assert store.needed_from("views:ko", "2026-11-01") == "2026-11-02"
    assert store.needed_from("views:ko", "2026-11-03") == "2026-11-04"
    assert store.needed_from("views:ko", "2026-10-01") == "2026-10-01"  # it holds nothing so early
    save(store, views("2026-11-02", 2.0))
    assert store.needed_from("views:ko", "2026-11-01") == "2026-11-04"


def test_a_series_is_forgotten_whole(store: Store) -> None:
    save(store, views("2026-11-20", 5.0), views("2026-11-21", 5.0))
    save(store, views("2026-11-20", 6.0))
    assert store.forget_series("views:ko") == 2
    assert (store.series(), list(store.points()), store.revisions()) == ([], [], [])
    with pytest.raises(InputError, match="no series"):
        store.forget_series("views:ko")


# -- scales --------------------------------------------------------------


def weeks(*values: float | None) -> list[Point]:
    return [ratio(f"2026-10-{5 + 7 * n:02}", value) for n, value in enumerate(values)]


def test_a_new_answer_replaces_the_whole_scale_and_calls_nothing_changed_that_only_shrank(store: Store) -> None:
    save(store, *weeks(50.0, 100.0, 20.0), facts=RATIO)
    later = [*weeks(25.0, 50.0, 10.0), ratio("2026-10-26", 100.0)]
    outcome = save(store, *later, facts=replace(RATIO, scale="another answer"))
    assert outcome == SeriesOutcome(new=1, same=3)
    assert list(held(store, "search:a").values()) == [25.0, 50.0, 10.0, 100.0]
    assert store.series()[0].facts.scale == "another answer"


def test_a_ratio_that_the_scale_does_not_explain_is_revised(store: Store) -> None:
    save(store, *weeks(50.0, 100.0, 50.0), facts=RATIO)
    outcome = save(store, *weeks(25.0, 50.0, 100.0), facts=RATIO)
    assert outcome.revised == 3  # the sums agree by a factor in which none of the three does
    assert [r.value for r in store.revisions()] == [50.0, 100.0, 50.0]


def test_a_figure_that_is_gone_stays_on_the_new_scale(store: Store) -> None:
    save(store, *weeks(50.0, 100.0), facts=RATIO)
    assert save(store, *weeks(None, 50.0), facts=RATIO) == SeriesOutcome(same=1, kept=1)
    assert list(held(store, "search:a").values()) == [25.0, 50.0]


def test_an_answer_that_covers_less_is_refused_unless_it_is_meant(store: Store) -> None:
    save(store, *weeks(50.0, 100.0, 20.0), facts=RATIO)
    with pytest.raises(InputError, match="can't be mixed"):
        save(store, *weeks(100.0), facts=RATIO)
    assert list(held(store, "search:a").values()) == [50.0, 100.0, 20.0]
    save(store, *weeks(100.0), facts=RATIO, again=True)
    assert list(held(store, "search:a").values()) == [100.0]


figures = st.one_of(st.none(), st.floats(0, 1000, allow_nan=False))


@given(st.lists(st.lists(figures, min_size=1, max_size=6), min_size=1, max_size=4))
def test_however_often_it_is_fetched_a_day_has_its_latest_figure(fetches: list[list[float | None]]) -> None:
    latest: dict[str, float | None] = {}
    with Store.in_memory() as store:
        store.use_source("wikimedia-ko", "x", brings="series")
        for values in fetches:
            points = [views(f"2026-11-{n:02}", value) for n, value in enumerate(values, 1)]
            outcome = save(store, *points)
            assert outcome.new + outcome.filled + outcome.same + outcome.revised + outcome.kept == len(values)
            assert save(store, *points).new == 0
            latest |= {p.day: p.value for p in points if p.value is not None or latest.get(p.day) is None}
        assert held(store) == latest


def test_series_of_refuses_two_periods() -> None:
    with pytest.raises(ValueError, match="periods"):
        list(series_of([views("2026-11-20", 1.0), views("2026-11", 1.0, period="month")]))
