"""Years and longer: what lies in them, and what is said of months that are missing."""

from __future__ import annotations

import pytest
import synthetic

from corpus.calendar import Quarter
from corpus.errors import InputError
from corpus.model import Count
from corpus.settings import MeasureSettings
from results import visibility
from results.estimate import Question
from results.spans import Span, SpanEstimator, pool, read

Q = Quarter


def estimator(rows: list[Count], *spans: Span, **settings: float) -> SpanEstimator:
    pooled = pool(rows, "named", spans)
    return SpanEstimator(pooled.table, MeasureSettings(replicates=200, **settings), months=pooled.months)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "span", "said"),
    [
        ("2024", Span.of_year(2024), "2024"),
        ("1991-2024", Span.between(Q(1991, 1), Q(2024, 4)), "1991-2024"),
        ("1991–2024", Span.between(Q(1991, 1), Q(2024, 4)), "1991-2024"),
        ("2026Q3", Q(2026, 3), "2026Q3"),
    ],
)
def test_times_are_read_and_written(text: str, span: Quarter, said: str) -> None:
    assert read(text) == span
    assert str(span) == said


@pytest.mark.parametrize("text", ["2026-Q5", "lately", "2024-1991", "24"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read(text)


def test_a_span_stands_where_a_quarter_stands() -> None:
    half = Span.between(Q(2025, 4), Q(2026, 1))
    assert str(half) == "2025Q4-2026Q1"
    assert (half.first.isoformat(), half.last.isoformat()) == ("2025-10-01", "2026-03-31")
    assert half.previous == Span.between(Q(2025, 2), Q(2025, 3))
    assert half.next == Span.between(Q(2026, 2), Q(2026, 3))
    assert half.year_before == Span.between(Q(2024, 4), Q(2025, 1))
    assert half.months == ("2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03")
    assert Span.of_year(2024).months[-1] == "2024"
    assert Span.of_year(2024).previous == Span.of_year(2024).year_before == Span.of_year(2023)


@pytest.mark.parametrize(
    ("day", "inside"),
    [("2024-01-01", True), ("2024-12", True), ("2024", True), ("2025", False), ("2023-12-31", False)],
)
def test_days_months_and_years_lie_in_a_year(day: str, inside: bool) -> None:  # noqa: FBT001
    assert (day in Span.of_year(2024)) == inside


def test_what_is_dated_to_the_year_lies_in_no_part_of_one() -> None:
    assert "2024" not in Span.between(Q(2024, 1), Q(2024, 3))


def test_four_quarters_add_up_to_a_year() -> None:
    rows = [row for number in range(1, 5) for row in synthetic.quarter("KR:가", 10, 2, Q(2025, number))]
    answer = estimator(rows, Span.of_year(2025)).estimate(Question("korea", "ASEAN"), Span.of_year(2025))
    assert (answer.n, answer.numerator, answer.value) == (560, 112, pytest.approx(0.2))
    assert answer.notes == ("one outlet only (KR:가): the interval shows how its weeks vary, not how outlets differ",)


def speeches(year: int, naming: int, outlets: int = 12, month: str = "-09") -> list[Count]:
    """One speech a country of a hundred sentences, of which so many name Korea."""
    found = []
    for number in range(outlets):
        place = {"narrative": "asean", "language": "en"}
        found.append(synthetic.row(f"T{number}:UN", f"{year}{month}", "*", 1, sentences=100, **place))  # type: ignore[arg-type]
        named = naming + number % 3
        found.append(synthetic.row(f"T{number}:UN", f"{year}{month}", "KR|KOREA", 1, sentences=named, **place))  # type: ignore[arg-type]
    return found


def test_an_archive_that_speaks_once_a_year_is_measured_by_the_year_and_says_so() -> None:
    rows = [*speeches(2023, 2), *speeches(2024, 6)]
    years = (Span.of_year(2023), Span.of_year(2024))
    measure = visibility.attention(
        estimator(rows, *years, Span.of_year(2022), panel_minimum=1), "asean", "KR|KOREA", years[1], "sentences"
    )
    assert measure.value == pytest.approx(0.07)
    assert measure.low is not None
    assert measure.high is not None
    assert measure.low < 0.07 < measure.high
    assert measure.flags == ("documents of 1 of its 12 months (of the year: 09)",)
    assert measure.previous is not None
    assert measure.previous.value == pytest.approx(0.04)
    assert measure.previous.detectable


def test_a_year_of_fewer_months_is_not_compared() -> None:
    whole = [row for number in range(1, 5) for row in synthetic.quarter("KR:가", 10, 2, Q(2024, number))]
    half = [row for number in range(1, 3) for row in synthetic.quarter("KR:가", 10, 4, Q(2025, number))]
    years = (Span.of_year(2023), Span.of_year(2024), Span.of_year(2025))
    measure = visibility.attention(estimator(whole + half, *years), "korea", "ASEAN", years[2], "documents")
    assert measure.value == pytest.approx(0.4)
    assert any("documents of 6 of its 12 months" in flag for flag in measure.flags)
    assert measure.previous is not None
    assert measure.previous.value is None
    assert measure.previous.flags == ("2025 has documents of 6 months, 2024 of 12 months",)


def test_a_year_without_documents_has_no_figure() -> None:
    answer = estimator(speeches(2024, 6), Span.of_year(2020), Span.of_year(2024), panel_minimum=1).estimate(
        Question("korea", "ASEAN"), Span.of_year(2020)
    )
    assert answer.refusals


def test_within_many_years_the_blocks_are_quarters() -> None:
    rows = [row for year in (2020, 2021) for row in synthetic.quarter("KR:가", 10, 2, Q(year, 2))]
    both = Span.between(Q(2020, 1), Q(2021, 4))
    cells = pool(rows, "named", [both]).table.of("korea", both, "*")
    assert set(cells) == {("KR:가", "2020Q2"), ("KR:가", "2021Q2")}


def test_what_is_dated_to_the_year_counts_in_it() -> None:
    rows = speeches(2024, 6, month="")
    measure = visibility.attention(
        estimator(rows, Span.of_year(2024), Span.of_year(2023), panel_minimum=1),
        "asean",
        "KR|KOREA",
        Span.of_year(2024),
        "sentences",
    )
    assert measure.flags == ("its documents are dated to the year only",)
    assert measure.n == 1200
