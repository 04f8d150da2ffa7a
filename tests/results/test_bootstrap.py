from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from results import bootstrap
from results.bootstrap import (
    Statistic,
    effective_outlets,
    interval,
    mean_of_ratios,
    ratio_of_sums,
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


@pytest.mark.parametrize("statistic", [mean_of_ratios, ratio_of_sums])
def test_leaving_out_is_the_statistic_of_what_is_left(statistic: Statistic) -> None:
    below = rng().poisson(3, (5, 7)).astype(float)
    below[4, 1:] = 0  # an outlet with one week only
    above = rng(1).binomial(below.astype(int), 0.3).astype(float)
    sums = above.sum(axis=1), below.sum(axis=1)
    for outlet in range(5):
        others = np.arange(5) != outlet
        assert statistic.without_outlet(*sums)[outlet] == pytest.approx(statistic(sums[0][others], sums[1][others]))
        for week in range(7):
            holes = above.copy(), below.copy()
            for hole in holes:
                hole[outlet, week] = 0
            expected = statistic(holes[0].sum(axis=1), holes[1].sum(axis=1))
            assert statistic.without_cell(above, below)[outlet, week] == pytest.approx(expected)


@pytest.mark.parametrize(("freedom", "level"), [(1, 0.975), (2, 0.975), (9, 0.975), (29, 0.95), (6.5, 0.9)])
def test_student_quantiles_are_those_of_scipy(freedom: float, level: float) -> None:
    assert student_quantile(level, freedom) == pytest.approx(stats.t.ppf(level, freedom))


def test_an_interval_by_hand() -> None:
    """Of 1 to 1000, 95 % from the 25th to the 976th value: the outer ones, nothing interpolated."""
    assert interval(rng().permutation(np.arange(1.0, 1001.0)), 0.95) == (25.0, 976.0)


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


def test_the_point_is_the_statistic_of_the_sums() -> None:
    from results.cells import Matrix  # noqa: PLC0415 only here

    ones = np.ones((1, 1))
    cells = Matrix(("a",), ("w",), ones, 4 * ones, ones > 0, np.array([4.0]))
    assert bootstrap.point(cells, mean_of_ratios) == 0.25
