from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
import ruptures
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from results.cells import Floats
from results.noise import simulate
from results.trend import LEAST_LEVEL, change_points, consecutive, critical, gain, segment


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def weeks(number: int) -> list[str]:
    days = [date(2018, 1, 1) + timedelta(days=7 * week) for week in range(number)]
    return [f"{day.isocalendar().year}-W{day.isocalendar().week:02}" for day in days]


def stepped(size: float, rho: float = 0.3, at: int = 70, number: int = 156, seed: int = 2) -> Floats:
    return simulate(rho, (1, number), rng(seed))[0] + size * (np.arange(number) >= at)


def test_a_jump_is_found_with_its_date_and_size() -> None:
    found = change_points(weeks(156), stepped(4.0))
    (point,) = found.points
    assert found.refusals == ()
    assert point.earliest <= weeks(156)[70] <= point.latest
    assert point.low < 4 < point.high
    assert point.size == pytest.approx(point.after - point.before)


def test_two_jumps_and_back_are_two() -> None:
    """In nearly all series: further false ones come at the nominal rate."""
    found = []
    for seed in range(20):
        values = stepped(5.0, at=50, seed=seed) - 5.0 * (np.arange(156) >= 100)
        found.append([point.size > 0 for point in change_points(weeks(156), values).points])
    assert sum(signs == [True, False] for signs in found) >= 16


def test_a_short_burst_is_an_event_and_no_change() -> None:
    values = simulate(0.0, (1, 156), rng(3))[0]
    values[80:83] += 4
    assert change_points(weeks(156), values).points == ()


@pytest.mark.parametrize(("rho", "naive"), [(0.0, 0.0), (0.5, 0.4)])
def test_without_a_change_there_is_one_at_the_nominal_rate(rho: float, naive: float) -> None:
    """The textbook's penalty, 2 * variance * log(n), finds changes where there is only memory."""
    series = simulate(rho, (200, 104), rng(8))
    ours = np.mean([bool(change_points(weeks(104), values).points) for values in series])
    usual = np.mean([len(segment(values, 2 * values.var() * np.log(104))) > 2 for values in series])
    assert ours <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)
    assert usual >= naive


@pytest.mark.parametrize("penalty", [2.0, 10.0, 40.0])
def test_segments_are_those_of_pelt_written_out(penalty: float) -> None:
    values = stepped(3.0)
    other = ruptures.Pelt(model="l2", min_size=LEAST_LEVEL, jump=1).fit(values[:, None]).predict(pen=penalty)
    assert segment(values, penalty) == (0, *other)


def test_the_gain_is_the_least_penalty_without_a_change() -> None:
    """Three changes at once can do a little better than one or two; sometimes."""
    series = simulate(0.5, (100, 60), rng(5))
    least = gain(series)
    above = [segment(values, limit * 1.0001) == (0, 60) for values, limit in zip(series, least, strict=True)]
    below = [len(segment(values, limit * 0.9999)) > 2 for values, limit in zip(series, least, strict=True)]
    assert all(below)
    assert np.mean(above) >= 0.75


def test_memory_asks_for_more() -> None:
    assert critical(104, 0.8, 0.05) > critical(104, 0.0, 0.05)
    assert critical(104, 0.0, 0.01) > critical(104, 0.0, 0.05)


@given(st.floats(0.001, 1000), st.floats(-100, 100))
@hypothesis_settings(deadline=None, max_examples=20)
def test_scale_and_level_move_sizes_and_not_dates(scale: float, level: float) -> None:
    one = change_points(weeks(156), stepped(4.0)).points
    other = change_points(weeks(156), level + scale * stepped(4.0)).points
    assert [(p.week, p.earliest, p.latest) for p in one] == [(p.week, p.earliest, p.latest) for p in other]
    assert [p.size * scale for p in one] == pytest.approx([p.size for p in other], rel=1e-6)


def test_upside_down_changes_the_sign() -> None:
    one, other = change_points(weeks(156), stepped(4.0)).points, change_points(weeks(156), -stepped(4.0)).points
    assert [(p.week, p.size) for p in one] == [(p.week, -p.size) for p in other]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (np.ones(51), "too short"),
        (np.ones(60), "constant"),
        (np.where(np.arange(60) == 3, np.nan, 1.0), "without a value"),
    ],
)
def test_what_can_not_be_told_is_refused(values: Floats, said: str) -> None:
    found = change_points(weeks(len(values)), values)
    assert said in found.refusals[0]
    assert found.points == ()


def test_a_gap_is_refused() -> None:
    assert not consecutive(["2020-W52", "2021-W01"])  # 2020 has a week 53
    assert consecutive(["2020-W53", "2021-W01"])
    assert change_points(weeks(61)[:30] + weeks(61)[31:], stepped(1.0, number=60)).refusals
