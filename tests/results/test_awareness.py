"""Awareness beside visibility: quarters on one calendar, no unit mixed, no word more than the figures allow."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import synthetic
import vl_convert

from collectors.series.facts import facts_of
from collectors.series.sample import save_sample
from collectors.series.tables import survey_point
from corpus.calendar import Quarter
from corpus.model import KINDS
from corpus.sample import series_files
from corpus.series import Point
from corpus.settings import MeasureSettings
from corpus.store import Store
from corpus.targets import EVERYTHING, NAMED
from results import awareness_words as said
from results.awareness import TOGETHER, WHOLE, Awareness, Level, Line, Pair, Shift, awareness, shift
from results.awareness_charts import chart, drawn
from results.cells import tabulate
from results.charts import Picture
from results.estimate import Estimator
from results.part import Part

QUARTERS = [Quarter(2025, 3), Quarter(2025, 4), Quarter(2026, 1), Quarter(2026, 2), Quarter(2026, 3)]
NOW, YEAR_BEFORE, BEFORE = QUARTERS[-1], QUARTERS[0], QUARTERS[-2]
Find = Callable[[Store], Awareness]
VIEWS = "wikimedia:views:ASEAN:ko"
TODAY = "2026-10-05"


@pytest.fixture(scope="module")
def counted() -> Iterator[tuple[Store, Estimator]]:
    documents, copies = synthetic.corpus(QUARTERS[0], NOW, scale=0.2)
    with Store.in_memory() as made:
        synthetic.fill(made, documents, copies)
        made.use_source("s.csv", "series", brings="series")
        table = tabulate(made.counts(KINDS, (EVERYTHING, NAMED)), NAMED)
        yield made, Estimator(table, MeasureSettings(replicates=100))


@pytest.fixture
def store(counted: tuple[Store, Estimator]) -> Iterator[Store]:
    yield counted[0]
    for one in counted[0].series():
        counted[0].forget_series(one.facts.name)


@pytest.fixture
def found_in(counted: tuple[Store, Estimator]) -> Find:
    return lambda store: awareness(store, counted[1], NOW, QUARTERS)


def days(
    name: str, value: dict[Quarter, float], unit: str = "views a day", *, without: tuple[str, ...] = ()
) -> list[Point]:
    points = []
    for when, figure in value.items():
        day = when.first
        while day <= when.last:
            given = None if day.isoformat() in without else figure
            points.append(Point(name, day.isoformat(), given, None, None, unit, "there"))
            day += timedelta(1)
    return points


def save(store: Store, *points: Point, today: str = TODAY, scale: str = "") -> None:
    facts = {p.series: facts_of(p, "s.csv", scale) for p in points}
    store.save_series(facts, points, today)


def line_of(found: Awareness, name: str = VIEWS) -> Line:
    return next(line for pair in found.pairs for line in pair.lines if line.facts.name == name)


def words_of(parts: list[Part]) -> str:
    rows = [" ".join((row.head, *row.cells, *row.notes)) for part in parts for row in part.rows]
    return "\n".join([*(sentence for part in parts for sentence in (part.title, *part.said)), *rows])


def values_of(picture: Picture) -> list[dict[str, Any]]:
    (rows,) = picture.spec["datasets"].values()
    return list(rows)


# -- the figures -----------------------------------------------------------


def test_a_series_stands_beside_the_visibility_of_its_entity_on_the_side_of_its_audience(
    store: Store, found_in: Find
) -> None:
    level = dict.fromkeys(QUARTERS, 100.0)
    save(store, *days(VIEWS, level), *days("wikimedia:views:KR:id", level), *days("wikimedia:views:KR:en", level))
    found = found_in(store)
    places = [(p.narrative, p.audience, p.entity, [line.facts.name for line in p.lines]) for p in found.pairs]
    assert places == [
        ("korea", "KR", "ASEAN", [VIEWS]),
        ("asean", "ID", "KR", ["wikimedia:views:KR:id"]),
    ]
    assert found.left_out == ("wikimedia:views:KR:en",)
    korea, indonesia = found.pairs
    assert {m.id for m in korea.visible} == {"attention-korea-ASEAN-documents"}
    assert {m.name for m in indonesia.visible} == {"korea-in-ID"}
    assert [m.quarter for m in korea.visible] == QUARTERS == [level.quarter for level in korea.lines[0].levels]


def test_a_quarter_is_the_mean_of_its_days_and_a_change_is_relative_to_it(store: Store, found_in: Find) -> None:
    save(store, *days(VIEWS, {YEAR_BEFORE: 100.0, BEFORE: 160.0, NOW: 120.0}))
    line = line_of(found_in(store))
    assert line.now == Level(NOW, 120.0, None, None, 92, 92, provisional=False)
    assert (line.year.ratio, line.previous.ratio) == (pytest.approx(0.2), pytest.approx(-0.25))


def test_a_quarter_with_too_few_days_is_not_given_and_says_so(store: Store, found_in: Find) -> None:
    gone = tuple((NOW.first + timedelta(n)).isoformat() for n in range(20))
    save(store, *days(VIEWS, {YEAR_BEFORE: 100.0, BEFORE: 100.0, NOW: 50.0}, without=gone))
    found = found_in(store)
    line = line_of(found)
    assert (line.now.value, line.now.days, line.now.of, line.year.why) == (None, 72, 92, "days")
    assert "2026Q3 has figures for 72 of its 92 days" in words_of(said.parts(found))


def test_days_that_lack_a_figure_are_left_out_and_never_nought(store: Store, found_in: Find) -> None:
    gone = ("2026-07-01", "2026-07-02")
    save(store, *days(VIEWS, {NOW: 50.0}, without=gone))
    found = found_in(store)
    assert (line_of(found).now.value, line_of(found).now.days) == (50.0, 90)
    assert "90 of 92 days have a figure" in words_of(said.parts(found))


def test_what_may_still_change_and_what_was_changed_is_said(store: Store, found_in: Find) -> None:
    save(store, *days(VIEWS, {NOW: 50.0}), today="2026-09-15")
    assert "provisional" in words_of(said.parts(found_in(store)))
    save(store, *days(VIEWS, {NOW: 55.0}))
    found = found_in(store)
    assert line_of(found).revised == 76
    text = words_of(said.parts(found))
    assert "its source changed 76 figures" in text
    assert "provisional" not in text


def test_page_views_are_given_as_part_of_their_edition_too(store: Store, found_in: Find) -> None:
    save(store, *days(VIEWS, {NOW: 50.0}), *days("wikimedia:views:*:ko", {NOW: 2_000_000.0}))
    found = found_in(store)
    assert line_of(found).now.part == pytest.approx(25.0)
    assert "25.0 of a million views of its edition" in words_of(said.parts(found))


def test_editions_are_added_up_over_days_that_all_have(store: Store, found_in: Find) -> None:
    gone = tuple((BEFORE.first + timedelta(n)).isoformat() for n in range(30))
    level = {YEAR_BEFORE: 100.0, BEFORE: 100.0, NOW: 100.0}
    save(store, *days("wikimedia:views:KR:id", level), *days("wikimedia:views:KR:th", level, without=gone))
    pair = next(p for p in found_in(store).pairs if p.audience == WHOLE)
    (line,) = pair.lines
    assert line.facts.name == TOGETHER
    assert {level.quarter: level.value for level in line.levels if level.days} == {
        YEAR_BEFORE: 200.0, BEFORE: None, NOW: 200.0,
    }  # fmt: skip
    assert {m.narrative for m in pair.visible} == {"asean"}


def test_bounds_that_can_explain_a_change_are_said_to(store: Store, found_in: Find) -> None:
    def of(when: Quarter, value: float) -> Level:
        return Level(when, value, value - 0.5, value + 0.5, 92, 92, provisional=False)

    small, large = shift(of(BEFORE, 20.0), of(NOW, 20.8)), shift(of(BEFORE, 20.0), of(NOW, 24.0))
    assert (small.within_bounds, large.within_bounds) == (True, False)
    assert large.low == pytest.approx(23.5 / 20.5 - 1)
    save(store, *days("trends:ASEAN:South Korea", {NOW: 20.0}, "ratio (largest point is 100)"))
    facts = line_of(found_in(store), "trends:ASEAN:South Korea").facts
    line = Line(facts, (of(NOW, 20.8),), small, large, 0)
    assert "rounding alone can explain" in said.changed(line, small)
    assert "up from" in said.changed(replace(line, levels=(of(NOW, 24.0),)), large)


def test_nothing_can_be_said_against_nought() -> None:
    nought = Level(BEFORE, 0.0, None, None, 92, 92, provisional=False)
    assert shift(nought, replace(nought, quarter=NOW, value=5.0)) == Shift(nought, None, None, None, "nought")


def test_waves_of_a_survey_change_detectably_only_beyond_their_interval(store: Store, found_in: Find) -> None:
    def wave(year: str, share: str, n: str) -> Point:
        row = {"year": year, "question_id": "q", "option": "yes", "country": "KR", "share": share, "n": n}
        return survey_point({**row, "page": "1", "url": ""})

    save(store, wave("2024", "31.2", "1000"), wave("2025", "32.0", "1000"), wave("2027", "90", "1000"))
    (found,) = found_in(store).surveys
    assert [w.first_day[:4] for w in found.waves] == ["2024", "2025"]  # the report's year is 2026
    assert "no detectable change since 2024" in words_of(said.parts(found_in(store)))
    save(store, wave("2026", "40.0", "1000"))
    (found,) = found_in(store).surveys
    assert found.change is not None
    value, low, high = found.change
    # Newcombe's method 10 for 400 and 320 of 1000 gives 3.8 to 12.1; a little wider, for the printed rounding.
    assert (value, low, high) == (pytest.approx(8.0), pytest.approx(3.7, abs=0.1), pytest.approx(12.2, abs=0.1))


def test_without_series_it_says_how_to_get_them(store: Store, found_in: Find) -> None:
    (part,) = said.parts(found_in(store))
    assert "narra awareness collect" in part.said[0]
    assert "narra awareness import" in part.said[0]
    assert drawn(found_in(store)) == {}


def test_it_claims_no_link_and_compares_no_levels_of_two_requests(store: Store, found_in: Find) -> None:
    save(store, *days("datalab:ASEAN", {NOW: 20.0}, "ratio (largest point is 100)"), scale="one")
    text = words_of(said.parts(found_in(store)))
    assert "No correlation and no lag" in text
    assert "never between two services or two files" in text


# -- the sample ------------------------------------------------------------


@pytest.fixture
def sample(store: Store, found_in: Find) -> Awareness:
    first = save_sample(store, series_files())
    again = save_sample(store, series_files())
    assert first.new > 1000
    assert (again.new, again.revised, again.filled) == (0, 0, 0)
    return found_in(store)


def test_the_sample_says_that_it_is_invented(sample: Awareness) -> None:
    lines = [line for pair in sample.pairs for line in pair.lines]
    assert all("invented" in line.facts.source for line in lines)
    assert words_of(said.parts(sample)).count("from invented-") >= len(lines)


def test_every_chart_is_an_index_from_zero_with_its_intervals_and_a_text(sample: Awareness) -> None:
    pictures = drawn(sample)
    assert {"awareness-korea-KR-ASEAN", "awareness-korea-KR-SEA", "awareness-asean-ASEAN-KR"} <= set(pictures)
    for picture in pictures.values():
        rules, points = picture.spec["layer"]
        assert (rules["mark"]["type"], points["mark"]["type"]) == ("rule", "point")
        for layer, channel in ((rules, "y"), (points, "y")):
            assert layer["encoding"][channel]["scale"]["zero"] is True
        assert "shape" in points["encoding"]
        assert "http" not in json.dumps(picture.spec)
        assert vl_convert.vegalite_to_svg(picture.spec).count("<path") > 3
        assert "index (100 is the average of" in picture.title


def test_an_index_is_100_on_average_over_the_quarters_that_all_have(sample: Awareness) -> None:
    pair = next(p for p in sample.pairs if p.entity == "SEA")
    picture = chart(pair)
    assert picture is not None
    groups: dict[str, list[float]] = {}
    for row in values_of(picture):
        groups.setdefault(row["group"], []).append(row["value"])
    assert len(groups) == 4
    assert [sum(values) / len(values) for values in groups.values()] == pytest.approx([100.0] * 4)
    wide = [row for row in values_of(picture) if row["high"] > row["low"]]
    assert {row["group"] for row in wide} == {"visibility", "Searches on Google for “Southeast Asia” (South Korea)"}


def test_what_has_no_two_quarters_in_common_is_not_drawn(sample: Awareness) -> None:
    pair = next(p for p in sample.pairs if p.entity == "SEA")
    assert chart(Pair(pair.narrative, pair.entity, pair.audience, pair.visible[-1:], ())) is None


def test_tables_have_a_row_a_series_and_quarter(sample: Awareness) -> None:
    rows = list(said.rows(sample))
    assert all(len(row) == len(said.COLUMNS) for row in rows)
    assert len(rows) == len(QUARTERS) * sum(len(pair.lines) for pair in sample.pairs)
    assert all(len(row) == len(said.WAVES) for row in said.wave_rows(sample))
    assert len(list(said.wave_rows(sample))) == 5
