from __future__ import annotations

import pytest

from corpus.calendar import Quarter
from corpus.errors import NoAnswerError
from corpus.settings import Settings
from corpus.store import Store
from results.quarterly import QuarterResults, compute, latest_quarter


def test_a_quarter_is_computed_with_those_it_is_compared_to(results: QuarterResults) -> None:
    quarters = {str(m.quarter) for m in results.measures}
    assert quarters == {"2026Q3", "2026Q2", "2025Q3"}
    brand = results.one("brand", "ASEAN")
    assert brand.value is not None
    assert brand.previous is not None
    assert brand.previous.against == Quarter(2026, 2)
    assert brand.year is not None
    assert brand.year.against == Quarter(2025, 3)


def test_the_series_holds_the_quarters_up_to_it_in_order(results: QuarterResults) -> None:
    brands = [str(m.quarter) for m in results.series if m.name == "brand"]
    assert brands == ["2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3"]


def test_the_made_up_habits_are_found(results: QuarterResults) -> None:
    """Vietnam is named most (12 % of documents), and Korea most in Vietnam's outlets."""
    members = {m.target: m.value or 0 for m in results.now("attention") if len(m.target) == 2}
    assert max(members, key=lambda code: members[code]) == "VN"
    assert members["VN"] == pytest.approx(0.12 * 1.3, abs=0.06)


def test_weeks_lie_within_the_quarter(results: QuarterResults) -> None:
    weeks = {point.week for point in results.weeks}
    assert min(weeks) == "2026-W27"
    assert max(weeks) == "2026-W40"


def test_a_quarter_without_documents_is_no_report(store: Store, settings: Settings) -> None:
    with pytest.raises(NoAnswerError, match="2025Q3 to 2026Q3"):
        compute(store, settings, Quarter(2031, 1))


def test_the_latest_quarter_is_the_latest_covered(store: Store, results: QuarterResults) -> None:
    assert latest_quarter(store) == Quarter(2026, 3)
    assert results.incomplete == ()


def test_an_empty_store_says_so(settings: Settings) -> None:
    with Store.in_memory() as empty:
        empty.replace_counts([])
        with pytest.raises(NoAnswerError, match="no dated documents"):
            compute(empty, settings, Quarter(2026, 3))


def test_the_same_store_gives_the_same_results(store: Store, settings: Settings, results: QuarterResults) -> None:
    assert compute(store, settings, Quarter(2026, 3)) == results
