from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from synthetic import quarter, row

from corpus.calendar import Quarter
from results.cells import Floats, tabulate
from results.panel import Series, balanced, change, corrected, series, uncorrected

PERIODS = ("1", "2", "3", "4", "5", "6")


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def counts(shares: Floats, there: Floats | None = None, size: float = 1000.0) -> Series:
    below = np.full(shares.shape, size) if there is None else size * there
    outlets = tuple(f"KR:{number}" for number in range(len(shares)))
    return Series(outlets, PERIODS[: shares.shape[1]], shares * below, below)


MOVING = np.array(
    [[0.1, 0.2, 0.1, 0.2, 0.3, 0.1], [0.5, 0.9, 0.5, 0.9, 0.9, 0.5], [0.02, 0.04, 0.01, 0.05, 0.06, 0.02]]
)


def test_the_index_by_hand() -> None:
    """Base of four periods; 0.1 0.2 0.1 0.2 has sd 0.0577, 0.5 0.9 0.5 0.9 has 0.2309."""
    found = corrected(counts(MOVING[:2]), PERIODS[:4], rng=rng())
    sd = np.sqrt(np.array([0.01, 0.16]) / 3)
    z = (MOVING[0] / sd[0] + MOVING[1] / sd[1]) / 2
    assert found.values == pytest.approx(100 * z / z[:4].mean())
    assert found.values[:4].mean() == pytest.approx(100)


def test_an_outlet_that_enters_moves_the_plain_average_and_hardly_the_index() -> None:
    """Outlets move alike; one that says ten times as much is only there from the third period."""
    cycle = np.array([1.0, 1.2, 0.9, 1.1, 1.0, 1.2])
    shares = np.outer([0.01, 0.012, 0.1], cycle)
    there = np.ones((3, 6))
    there[2, :2] = 0
    made = counts(shares, there)
    plain = uncorrected(made)
    assert plain[2] / plain[1] > 2.5
    found = corrected(made, PERIODS, rng=rng())
    assert found.values[2] / found.values[1] == pytest.approx(0.75, rel=0.15)
    assert found.flags[2] == ("entered the panel: KR:2",)
    steady = balanced(made, PERIODS, rng=rng())
    assert steady.outlets == ("KR:0", "KR:1")
    assert steady.values == pytest.approx(100 * cycle / cycle.mean())


def test_leaving_is_flagged_and_many_are_cut_short() -> None:
    there = np.ones((8, 6))
    there[:7, 4:] = 0
    found = corrected(counts(np.tile(MOVING[0], (8, 1)), there), PERIODS[:4], rng=rng())
    assert found.flags[4] == ("left the panel: KR:0, KR:1, KR:2, KR:3, KR:4 and 2 more",)
    assert np.isnan(found.low[5])  # one outlet can't be compared
    assert np.isfinite(found.low[3])


@given(st.lists(st.floats(0.05, 1.0), min_size=3, max_size=3))
@hypothesis_settings(deadline=None, max_examples=30)
def test_how_much_each_outlet_says_does_not_matter(factors: list[float]) -> None:
    one = corrected(counts(MOVING), PERIODS[:4], rng=rng())
    other = corrected(counts(MOVING * np.array(factors)[:, None]), PERIODS[:4], rng=rng())
    assert one.values == pytest.approx(other.values)
    assert one.low == pytest.approx(other.low)


@given(st.integers(1, 50), st.integers(0, 2))
@hypothesis_settings(deadline=None, max_examples=30)
def test_copies_of_an_outlets_documents_do_not_matter(times: int, outlet: int) -> None:
    made = counts(MOVING)
    grown = Series(made.outlets, made.periods, made.numerators.copy(), made.denominators.copy())
    grown.numerators[outlet] *= times
    grown.denominators[outlet] *= times
    one, other = (corrected(s, PERIODS[:4], rng=rng()).values for s in (made, grown))
    assert one == pytest.approx(other)


def test_the_order_of_outlets_does_not_matter() -> None:
    one, other = (corrected(counts(shares), PERIODS, rng=rng()) for shares in (MOVING, MOVING[::-1]))
    assert one.values == pytest.approx(other.values)


def test_a_change_has_its_own_narrower_interval() -> None:
    """Outlets differ widely and rise alike."""
    shares = np.outer([0.01, 0.02, 0.05, 0.2], [1.0, 1.3, 0.8, 1.1, 1.5, 1.6]) + rng().normal(0, 0.001, (4, 6))
    found = corrected(counts(shares), PERIODS[:4], rng=rng())
    value, low, high = change(found, "5", "4") or (np.nan,) * 3
    assert value == pytest.approx(100 * (found.values[4] / found.values[3] - 1))
    assert low < value < high
    assert low < 36.4 < high  # 1.5 / 1.1


def test_an_outlet_without_a_base_is_left_out_and_said_so() -> None:
    there = np.ones((3, 6))
    there[2, :3] = 0
    found = corrected(counts(MOVING, there), PERIODS[:4], rng=rng())
    assert found.outlets == ("KR:0", "KR:1")
    assert "KR:2" in found.notes[0]


def test_what_can_not_be_told_is_refused() -> None:
    assert "base has 3" in corrected(counts(MOVING), PERIODS[:3], rng=rng()).refusals[0]
    assert "1 outlets" in corrected(counts(MOVING[:1]), PERIODS, rng=rng()).refusals[0]
    refused = corrected(counts(np.full((3, 6), 0.2)), PERIODS, rng=rng())
    assert "0 outlets" in refused.refusals[0]
    assert change(refused, "5", "4") is None


def test_series_are_laid_out_by_quarter_and_by_week() -> None:
    when = Quarter(2026, 3)
    rows = [*quarter("KR:a", 10, 2, when), *quarter("KR:a", 20, 3, when.next), *quarter("KR:b", 5, 1, when)]
    rows.append(row("KR:b", "2026-08", "*", 7))
    table = tabulate(rows, "named")
    by_quarter = series(table, "korea", "ASEAN", by="quarter")
    assert by_quarter.periods == ("2026Q3", "2026Q4")
    assert by_quarter.denominators.tolist() == [[140, 280], [77, 0]]
    assert by_quarter.numerators.tolist() == [[28, 42], [14, 0]]
    by_week = series(table, "korea", "ASEAN", by="week")
    assert all("W" in week for week in by_week.periods)
    assert by_week.denominators.sum() == 140 + 280 + 70
    assert by_week.denominators[0, by_week.periods.index("2026-W40")] == 10 + 20  # the week both quarters share
