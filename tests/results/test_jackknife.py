from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import special, stats

from results.bootstrap import Statistic, interval, mean_of_ratios, ratio_of_sums
from results.cells import Floats, Matrix
from results.jackknife import Draws, influence, multipliers, replicate, replicates

Pair = tuple[float, float]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def draws(k: int, b: int, number: int = 4000, seed: int = 0) -> Draws:
    return Draws(multipliers(k, number, rng(seed)), multipliers(b, number, rng(seed + 1)))


def ends(above: Floats, below: Floats, statistic: Statistic = mean_of_ratios) -> Pair:
    drawn = replicates(influence(above, below, statistic), draws(*above.shape))
    return interval(drawn, 0.95) or (math.nan, math.nan)


def test_two_outlets_by_hand() -> None:
    """Shares of 0.1 and 0.3, weeks alike: leaving one out gives the other, so V = (logit .3 - logit .1)^2 / 4."""
    above = np.array([[1.0, 1.0], [3.0, 3.0]])
    found = influence(above, np.full((2, 2), 10.0), mean_of_ratios)
    apart = special.logit(0.3) - special.logit(0.1)
    assert found.centre == pytest.approx(special.logit(0.2))
    assert (found.outlets**2).sum() == pytest.approx(apart**2 / 4)
    assert (found.blocks == 0).all()


def test_shared_weeks_by_hand() -> None:
    """Two equal outlets, of whose two weeks one has all the more: outlets don't differ, weeks do.

    V(weeks): without either week the share is 0.3 or 0.1. V(cells): without one cell of
    one outlet it is (0.2 + 0.3) / 2 or (0.2 + 0.1) / 2, for two outlets.
    """
    above = np.array([[1.0, 3.0], [1.0, 3.0]])
    found = influence(above, np.full((2, 2), 10.0), mean_of_ratios)
    weeks = (special.logit(0.3) - special.logit(0.1)) ** 2 / 4
    cells = 2 * (special.logit(0.25) - special.logit(0.15)) ** 2 / 4
    assert found.outlets == pytest.approx([0, 0])
    assert (found.blocks**2).sum() == pytest.approx(weeks - cells)


def test_equal_outlets_have_the_variance_of_a_mean() -> None:
    """For equal sizes and a small spread, V(outlets) is the textbook's s^2 / K, carried to logits."""
    shares = 0.2 + rng().normal(0, 0.002, 12)
    above, below = np.repeat(shares[:, None] * 1000, 4, axis=1), np.full((12, 4), 1000.0)
    found = influence(above, below, mean_of_ratios)
    variance = (found.outlets**2).sum() * (shares.mean() * (1 - shares.mean())) ** 2
    assert variance == pytest.approx(shares.var(ddof=1) / 12, rel=0.01)


def test_jackknife_of_outlets_is_the_published_formula() -> None:
    below = rng().poisson(30, (6, 13)) + 1.0
    above = rng(1).binomial(below.astype(int), 0.2).astype(float)
    found = influence(above, below, ratio_of_sums)
    left = [special.logit(np.delete(above, k, 0).sum() / np.delete(below, k, 0).sum()) for k in range(6)]
    assert (found.outlets**2).sum() == pytest.approx(5 / 6 * ((left - np.mean(left)) ** 2).sum())


@pytest.mark.parametrize("units", [2, 3, 6, 20])
def test_multipliers_make_students_t(units: int) -> None:
    weights = rng(4).normal(size=units)
    drawn = multipliers(units, 100_000, rng()) @ (weights / np.linalg.norm(weights))
    assert np.quantile(drawn, 0.975) == pytest.approx(stats.t.ppf(0.975, units - 1), rel=0.03)
    assert np.median(drawn) == pytest.approx(0, abs=0.02)


def test_one_outlet_varies_by_its_weeks_and_none_by_nothing() -> None:
    above = np.arange(1.0, 14.0)[None, :]
    low, high = ends(above, np.full((1, 13), 20.0))
    assert low < 7 / 20 < high
    assert math.isnan(ends(np.array([[3.0]]), np.array([[9.0]]))[0])


def test_names_in_one_outlet_only_reach_down_to_nothing() -> None:
    above = np.zeros((4, 13))
    above[0] = 3
    low, high = ends(above, np.full((4, 13), 20.0))
    assert low == 0
    assert 0.0375 < high < 1


def test_several_tables_at_once_are_each_alone() -> None:
    below = rng().poisson(30, (3, 6, 13)) + 1.0
    above = rng(1).binomial(below.astype(int), 0.2).astype(float)
    above[2, 1:] = 0  # on another scale than the others
    drawn = draws(6, 13, 50)
    for statistic in (mean_of_ratios, ratio_of_sums):
        together = replicates(influence(above, below, statistic), drawn)
        alone = [replicates(influence(a, b, statistic), drawn) for a, b in zip(above, below, strict=True)]
        assert np.allclose(together, np.stack(alone, axis=1))


def test_a_matrix_gives_the_same() -> None:
    above, below = np.array([[1.0, 2.0], [3.0, 3.0]]), np.full((2, 2), 10.0)
    cells = Matrix(("a", "b"), ("v", "w"), above, below, below > 0, below.sum(axis=1))
    drawn = draws(2, 2, 20)
    expected = replicates(influence(above, below, mean_of_ratios), drawn)
    assert np.array_equal(replicate(cells, mean_of_ratios, drawn), expected)


TABLES: Any = arrays.arrays(np.float64, (4, 5), elements=st.integers(1, 9).map(float))


@given(TABLES, st.integers(2, 9), st.sampled_from([mean_of_ratios, ratio_of_sums]))
@hypothesis_settings(deadline=None, max_examples=30)
def test_counting_everything_many_times_changes_nothing(above: Floats, times: int, statistic: Statistic) -> None:
    """The interval rests on outlets and weeks: copies of each document don't narrow it."""
    one, other = (ends(above * n, np.full((4, 5), 20.0 * n), statistic) for n in (1, times))
    assert one == pytest.approx(other)


@given(TABLES, st.permutations(range(4)))
@hypothesis_settings(deadline=None, max_examples=30)
def test_the_order_of_outlets_does_not_matter_to_the_variance(above: Floats, order: list[int]) -> None:
    below = np.full((4, 5), 20.0)
    one, other = influence(above, below, mean_of_ratios), influence(above[order], below, mean_of_ratios)
    assert (one.outlets**2).sum() == pytest.approx((other.outlets**2).sum())
    assert one.blocks == pytest.approx(other.blocks)


@given(TABLES)
@hypothesis_settings(deadline=None, max_examples=30)
def test_merging_outlets_keeps_a_ratio_of_sums_and_not_a_mean(above: Floats) -> None:
    below = np.full((4, 5), 20.0)
    merged = [np.vstack([table[:2].sum(axis=0), table[2:]]) for table in (above, below)]
    one, other = influence(above, below, ratio_of_sums), influence(*merged, ratio_of_sums)
    assert one.centre == pytest.approx(other.centre)


@given(TABLES)
@hypothesis_settings(deadline=None, max_examples=30)
def test_naming_and_not_naming_mirror_each_other(above: Floats) -> None:
    below = np.full((4, 5), 20.0)
    (low, high), (other_low, other_high) = ends(above, below), ends(below - above, below)
    assert (low, high) == pytest.approx((1 - other_high, 1 - other_low), abs=1e-9)


def simulate(outlets: int, between: float, shared: float, within: float, runs: int) -> tuple[float, float]:
    """Give how often the intervals of a share (truth 0.2) and of a change (truth 0) hold the truth."""
    random, hits = rng(3), np.zeros(2)
    for _ in range(runs):
        habit = random.normal(0, between, (outlets, 1))
        same, values = multipliers(outlets, 400, random), []
        for _quarter in range(2):
            chance = 0.2 + habit + random.normal(0, shared, 13) + random.normal(0, within, (outlets, 13))
            below = 1.0 + random.poisson(20, (outlets, 13))
            above = random.binomial(below.astype(int), np.clip(chance, 0, 1)).astype(float)
            drawn = Draws(same, multipliers(13, 400, random))
            values.append(replicates(influence(above, below, mean_of_ratios), drawn))
        share = interval(values[0], 0.95) or (math.nan, math.nan)
        change = interval(values[0] - values[1], 0.95) or (math.nan, math.nan)
        hits += [share[0] <= 0.2 <= share[1], change[0] <= 0 <= change[1]]
    return hits[0] / runs, hits[1] / runs


@pytest.mark.parametrize(
    ("outlets", "between", "shared", "within"),
    [(2, 0.05, 0.0, 0.02), (3, 0.06, 0.02, 0.02), (10, 0.05, 0.0, 0.02), (10, 0.01, 0.0, 0.06), (20, 0.03, 0.05, 0.03)],
)
def test_intervals_hold_a_known_truth_about_as_often_as_they_say(
    outlets: int, between: float, shared: float, within: float
) -> None:
    share, change = simulate(outlets, between, shared, within, 150)
    assert share >= 0.90  # 0.95 less three standard errors of 150 runs
    assert change >= 0.90
