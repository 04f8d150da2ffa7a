from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from statsmodels.tsa.stattools import ccovf, grangercausalitytests

from results.cells import Floats
from results.lag import (
    at_lag,
    cross_correlation,
    days_of_memory,
    granger,
    precedence,
    refusals,
    standardised,
    without_week,
)
from results.noise import simulate


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def led(lag: int = 2, days: int = 365, strength: float = 0.8, seed: int = 1) -> tuple[Floats, Floats]:
    """Give a series and one that follows it some days later; both with weekends."""
    first, noise = simulate(0.3, (2, days), rng(seed))
    second = strength * np.roll(first, lag) + noise
    weekend = 3.0 * (np.arange(days) % 7 >= 5)
    return first - weekend, second - weekend


def test_the_weekly_cycle_goes_by_hand() -> None:
    values = np.array([1.0, 0, 0, 0, 0, 0, 0, 3.0, 0, 0, 0, 0, 0, 2.0])
    assert without_week(values).tolist() == [-1, 0, 0, 0, 0, 0, -1, 1, 0, 0, 0, 0, 0, 1]


@given(st.lists(st.floats(-100, 100), min_size=7, max_size=7))
def test_any_weekly_cycle_goes(cycle: list[float]) -> None:
    values = rng().normal(size=70)
    assert without_week(values + np.tile(cycle, 10)) == pytest.approx(without_week(values), abs=1e-9)


@pytest.mark.parametrize("days", [1, 3, 7])
def test_granger_is_that_of_statsmodels(days: int) -> None:
    first, second = led()
    f, p, _ = granger(first, second, days)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = grangercausalitytests(np.column_stack([second, first]), [days])[days][0]["ssr_ftest"]
    assert (f, p) == pytest.approx(expected[:2])


def test_cross_correlation_is_that_of_statsmodels_where_there_is_no_memory() -> None:
    one, other = (standardised(values) for values in rng().normal(size=(2, 300)))
    expected = ccovf(other, one, adjusted=False, demean=True)[:8]
    assert [at_lag(one, other, lag) for lag in range(8)] == pytest.approx(expected)


def test_the_lag_is_found_where_it_is() -> None:
    found = cross_correlation(*led(lag=2))
    assert found.lags[int(np.argmax(found.values))] == 2
    assert [lag for lag, p in zip(found.lags, found.adjusted, strict=True) if p < 0.01] == [2]


def test_swapping_the_series_turns_the_lags_round() -> None:
    first, second = led()
    one, other = cross_correlation(first, second), cross_correlation(second, first)
    assert one.values == pytest.approx(other.values[::-1])


def test_who_leads_is_told_and_only_one_way() -> None:
    forth, back = precedence([("official", led()[0], "news", led()[1])])
    assert (forth.leader, forth.follower) == ("official", "news")
    assert forth.precedes()
    assert not back.precedes()
    assert forth.gain > 0.2


def test_days_of_memory_reach_the_lag() -> None:
    first, second = (without_week(values) for values in led(lag=4))
    assert days_of_memory(first, second) >= 4


@given(st.floats(0.01, 100), st.floats(-50, 50))
@hypothesis_settings(deadline=None, max_examples=20)
def test_scale_and_level_do_not_matter(scale: float, level: float) -> None:
    first, second = led()
    one, other = granger(first, second, 2), granger(first, level + scale * second, 2)
    assert one == pytest.approx(other, rel=1e-6)


def test_many_pairs_without_a_relation_hardly_ever_lead() -> None:
    pairs = [("a", *simulate(0.4, (2, 365), rng(seed))) for seed in range(40)]
    found = precedence([(name, one, "b", other) for name, one, other in pairs])
    assert sum(one.precedes() for one in found) <= 2
    assert np.mean([one.p < 0.05 for one in found]) < 0.12


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (np.arange(100.0), np.arange(100.0), "too short"),
        (np.arange(200.0), np.arange(201.0), "200 and 201 days"),
        (np.ones(200), np.arange(200.0), "constant"),
        (np.tile(np.arange(7.0), 30), np.arange(210.0), "constant"),
        (np.where(np.arange(200) == 3, np.nan, 1.0), np.arange(200.0), "without a value"),
    ],
)
def test_what_can_not_be_compared_is_refused(first: Floats, second: Floats, said: str) -> None:
    assert said in refusals(first, second)[0]
    found = precedence([("a", first, "b", second)])
    assert [one.refusals for one in found] == [refusals(first, second)] * 2
    assert not any(one.precedes() for one in found)
