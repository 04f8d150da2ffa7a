from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special, stats
from synthetic import estimator, quarter

from corpus.calendar import Quarter
from results.weekly import week_interval, weekly

Q = Quarter(2026, 3)


def test_a_week_by_hand() -> None:
    rows = [*quarter("KR:a", 20, 4), *quarter("KR:b", 30, 6), *quarter("KR:c", 50, 5)]
    point = weekly(estimator(rows), Q)[0]
    assert (point.week, point.numerator, point.n, point.value) == ("2026-W27", 15, 100, 0.15)
    assert point.low is not None
    assert point.high is not None
    assert 0 < point.low <= 0.15 <= point.high < 1


def test_a_weeks_variance_is_that_of_leaving_out_outlets() -> None:
    """Three outlets, t with two degrees of freedom on the logit scale, by hand."""
    above, below = np.array([4.0, 6.0, 5.0]), np.array([20.0, 30.0, 50.0])
    without = special.logit((above.sum() - above) / (below.sum() - below))
    half = stats.t.ppf(0.975, 2) * math.sqrt(2 / 3 * ((without - without.mean()) ** 2).sum())
    low, high = week_interval(above, below, np.random.default_rng(0), 20_000, 0.95) or (0, 0)
    assert special.logit(low) == pytest.approx(special.logit(0.15) - half, abs=0.05)
    assert special.logit(high) == pytest.approx(special.logit(0.15) + half, abs=0.05)


def test_an_outlet_that_was_silent_in_the_week_changes_nothing() -> None:
    above, below = np.array([4.0, 6.0, 5.0]), np.array([20.0, 30.0, 50.0])
    found = [
        week_interval(*cells, np.random.default_rng(0), 1000, 0.95)
        for cells in ((above, below), (np.append(above, 0.0), np.append(below, 0.0)))
    ]
    assert found[0] == found[1]


def test_a_single_outlet_in_a_week_has_no_interval() -> None:
    assert week_interval(np.array([5.0]), np.array([40.0]), np.random.default_rng(0), 1000, 0.95) is None


def test_a_thin_week_has_no_value() -> None:
    assert all(point.value is None for point in weekly(estimator(quarter("KR:a", 3, 1)), Q))


def test_months_are_not_weeks() -> None:
    rows = [*quarter("KR:a", 20, 4), *quarter("KR:b", 20, 4)]
    assert all("W" in point.week for point in weekly(estimator(rows), Q))
