from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from results.cells import Floats
from results.jackknife import Bools
from results.noise import simulate
from results.uptake import Uptake, lift, uptake, usual

DAYS = 364


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def news(effect: float = 0.0, seed: int = 0, chance: float = 0.1) -> tuple[Bools, Floats, Floats]:
    """Give statement days, and news that names ASEAN more on these and the three days after."""
    random = rng(seed)
    statements = random.random(DAYS) < chance
    everything = random.poisson(np.where(np.arange(DAYS) % 7 >= 5, 150, 400)).astype(float)
    share = 0.05 * np.exp(0.15 * simulate(0.6, (1, DAYS), random)[0]) * np.where(np.arange(DAYS) % 7 >= 5, 0.6, 1.0)
    raised = sum(np.roll(statements, day) for day in range(4)) > 0
    naming = random.binomial(everything.astype(int), np.clip(share + effect * raised, 0, 1)).astype(float)
    return statements, naming, everything


def test_lift_by_hand() -> None:
    """Every weekday alike but one burst of 10 more of 100 a day on four days: +0.1 against the days before."""
    everything, naming = np.full(70, 100.0), np.full(70, 5.0)
    naming[30:34] += 10
    by_hand = naming - usual(naming, everything) * 100
    expected = (by_hand[30:34].sum() - by_hand[26:30].sum()) / 400
    assert lift(naming, everything)[30] == pytest.approx(expected)
    assert expected == pytest.approx(0.1, abs=0.01)


def test_uptake_is_found_where_it_is() -> None:
    found = uptake(*news(effect=0.03, chance=0.05))
    assert found.low > 0
    assert found.p < 0.01
    assert found.lifted > found.usual + 0.2


def test_without_uptake_it_is_found_at_the_nominal_rate() -> None:
    found = [uptake(*news(seed=seed)) for seed in range(150)]
    assert np.mean([one.p < 0.05 for one in found]) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 150)
    assert np.mean([one.low <= 0 <= one.high for one in found]) >= 0.89


@given(st.lists(st.floats(0.2, 2.0), min_size=7, max_size=7))
@hypothesis_settings(deadline=None, max_examples=20)
def test_a_weekly_cycle_alone_is_no_uptake(cycle: list[float]) -> None:
    everything = np.full(DAYS, 1000.0)
    naming = 50 * np.tile(cycle, DAYS // 7)
    statements = np.arange(DAYS) % 7 == 2  # always on a Wednesday
    assert uptake(statements, naming, everything).effect == pytest.approx(0, abs=1e-12)


@given(st.integers(2, 50))
@hypothesis_settings(deadline=None, max_examples=10)
def test_more_of_the_same_changes_nothing(times: int) -> None:
    statements, naming, everything = news(0.02)
    one, other = uptake(statements, naming, everything), uptake(statements, times * naming, times * everything)
    assert (one.effect, one.low, one.high, one.p) == pytest.approx((other.effect, other.low, other.high, other.p))


def refused(statements: Bools) -> Uptake:
    return uptake(statements, np.ones(len(statements)), np.full(len(statements), 9.0))


def test_what_can_not_be_told_is_refused() -> None:
    assert "too short" in refused(np.ones(100, dtype=bool)).refusals[0]
    assert "too few" in refused(np.arange(DAYS) < 9).refusals[0]
    assert "no ordinary days" in refused(np.ones(DAYS, dtype=bool)).refusals[0]
    nothing = uptake(np.arange(DAYS) % 9 == 0, np.zeros(DAYS), np.zeros(DAYS))
    assert nothing.refusals == ("no news documents",)
