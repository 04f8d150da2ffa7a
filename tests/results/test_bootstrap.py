from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from results import bootstrap
from results.bootstrap import (
    draw_outlets,
    draw_weeks,
    effective_outlets,
    interval,
    mean_of_ratios,
    ratio_of_sums,
    resample,
    student_quantile,
)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_the_statistics_by_hand() -> None:
    above, below = np.array([1.0, 30.0]), np.array([10.0, 100.0])
    assert mean_of_ratios(above, below) == pytest.approx((0.1 + 0.3) / 2)
    assert ratio_of_sums(above, below) == pytest.approx(31 / 110)


def test_an_outlet_with_nothing_to_divide_by_is_left_out() -> None:
    assert mean_of_ratios(np.array([1.0, 0.0]), np.array([4.0, 0.0])) == pytest.approx(0.25)
    assert math.isnan(ratio_of_sums(np.zeros(2), np.zeros(2)))


def test_a_slot_draws_as_many_weeks_as_its_outlet_has_and_only_those() -> None:
    present = np.array([[True, True, False], [False, True, True]])
    draws = draw_weeks(draw_outlets(2, 50, rng()), present, rng(1))
    assert sum(map(len, draws.places)) == 100
    for weeks, row in zip(draws.weeks, present, strict=True):
        assert (weeks.sum(axis=1) == row.sum()).all()
        assert (weeks[:, ~row] == 0).all()


def test_resampling_by_hand() -> None:
    slots = np.array([[0, 0], [0, 1]])
    present = np.array([[True, False], [False, True]])  # one week each, so nothing is left to chance
    draws = draw_weeks(slots, present, rng())
    assert resample(np.array([[3.0, 0.0], [0.0, 5.0]]), draws).tolist() == [[3, 3], [3, 5]]


def test_one_outlet_draws_only_its_weeks() -> None:
    present = np.ones((1, 13), dtype=bool)
    draws = draw_weeks(draw_outlets(1, 200, rng()), present, rng(1))
    share = mean_of_ratios(resample(np.arange(13.0)[None, :], draws), resample(np.full((1, 13), 20.0), draws))
    assert share.std() > 0


@pytest.mark.parametrize(
    ("freedom", "level", "expected"), [(1, 0.975, 12.706), (2, 0.975, 4.303), (9, 0.975, 2.262), (29, 0.95, 1.699)]
)
def test_student_quantiles_are_those_of_the_tables(freedom: int, level: float, expected: float) -> None:
    assert student_quantile(level, freedom) == pytest.approx(expected, abs=5e-4)


def test_fewer_outlets_make_wider_intervals() -> None:
    replicates = rng().normal(size=5000)
    widths = [high - low for low, high in (interval(replicates, 0.95, k) or (0, 0) for k in (3, 5, 10, 100))]
    assert widths == sorted(widths, reverse=True)


def test_infinite_ends_and_undefined_replicates_give_no_interval() -> None:
    replicates = rng().normal(size=1000)
    replicates[:100] = -np.inf
    assert interval(replicates, 0.95) is None
    replicates[:100] = np.nan
    assert interval(replicates, 0.95) is None


def test_rare_infinite_replicates_are_kept_as_the_extremes_they_are() -> None:
    replicates = rng().normal(size=1000)
    replicates[:10] = -np.inf
    low, _ = interval(replicates, 0.95) or (math.nan, math.nan)
    assert low <= np.quantile(replicates[10:], 0.025)


def test_effective_outlets_by_hand() -> None:
    assert effective_outlets(np.full(10, 7.0)) == pytest.approx(10)
    assert effective_outlets(np.array([98.0, 1.0, 1.0])) == pytest.approx(1 / (0.98**2 + 2 * 0.01**2))
    assert effective_outlets(np.empty(0)) == 0


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=30))
def test_effective_outlets_lie_between_one_and_all(documents: list[int]) -> None:
    assert 1 - 1e-9 <= effective_outlets(np.array(documents, dtype=float)) <= len(documents) + 1e-9


def simulate(outlets: int, between: float, within: float, runs: int) -> tuple[float, float]:
    """Give how often the intervals of a share (truth 0.2) and of a change (truth 0) hold the truth."""
    random = rng(3)
    hits = np.zeros(2)
    present = np.ones((outlets, 13), dtype=bool)
    for _ in range(runs):
        habit = random.normal(0, between, outlets)
        slots = draw_outlets(outlets, 300, random)
        values = []
        for _quarter in range(2):
            chance = np.clip(0.2 + habit[:, None] + random.normal(0, within, present.shape), 0, 1)
            below = 1.0 + random.poisson(20, present.shape)
            above = random.binomial(below.astype(int), chance).astype(float)
            draws = draw_weeks(slots, present, random)
            values.append(mean_of_ratios(resample(above, draws), resample(below, draws)))
        share = interval(values[0], 0.95, outlets) or (math.nan, math.nan)
        change = interval(values[0] - values[1], 0.95) or (math.nan, math.nan)
        hits += [share[0] <= 0.2 <= share[1], change[0] <= 0 <= change[1]]
    return hits[0] / runs, hits[1] / runs


@pytest.mark.parametrize(("outlets", "between", "within"), [(5, 0.08, 0.02), (10, 0.08, 0.02), (10, 0.04, 0.04)])
def test_intervals_hold_a_known_truth_about_as_often_as_they_say(outlets: int, between: float, within: float) -> None:
    share, change = simulate(outlets, between, within, 80)
    assert share >= 0.88  # 0.95 less two and a half standard errors of 80 runs
    assert change >= 0.88


def test_the_same_seed_draws_the_same() -> None:
    present = np.ones((4, 5), dtype=bool)
    one, other = (draw_weeks(draw_outlets(4, 50, rng(9)), present, rng(8)) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one.weeks, other.weeks, strict=True))


def test_point_and_replicates_use_the_same_formula() -> None:
    from results.cells import Matrix  # noqa: PLC0415 only here

    ones = np.ones((1, 1))
    cells = Matrix(("a",), ("w",), ones, 4 * ones, ones > 0, np.array([4.0]))
    draws = draw_weeks(draw_outlets(1, 10, rng()), cells.present, rng())
    assert bootstrap.point(cells, mean_of_ratios) == 0.25
    assert (bootstrap.replicate(cells, mean_of_ratios, draws) == 0.25).all()
