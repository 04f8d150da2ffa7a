from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from scipy import stats

from results.cells import Floats
from results.null import Asymmetry, reciprocity, reciprocity_against_null, symmetry_against_null

MEMBERS = ("ID", "MY", "PH", "SG", "TH", "VN")
WEIGHTS = st.lists(st.integers(1, 500), min_size=6, max_size=6)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_reciprocity_by_hand() -> None:
    """Minima 1 + 2, both ways 6, of 12 in all."""
    assert reciprocity(np.array([1.0, 5]), np.array([4.0, 2])) == pytest.approx(6 / 12)


def test_reciprocity_is_squartinis_on_the_whole_matrix() -> None:
    there, back = np.array([3.0, 1, 7]), np.array([2.0, 2, 9])
    w = np.zeros((4, 4))
    w[0, 1:], w[1:, 0] = there, back
    assert reciprocity(there, back) == pytest.approx(np.minimum(w, w.T).sum() / w.sum())


def test_the_null_of_pairing_is_that_of_all_pairings() -> None:
    there, back = np.array([30.0, 5, 20, 8, 1]), np.array([12.0, 3, 11, 2, 2])
    one, other = there / there.sum(), back / back.sum()
    every = [reciprocity(one, np.array(order)) for order in permutations(other)]
    found = reciprocity_against_null(there, back, rng=rng())
    assert found.expected == pytest.approx(np.mean(every), abs=0.005)
    assert found.value == pytest.approx(reciprocity(one, other))
    assert found.rho == pytest.approx((found.value - found.expected) / (1 - found.expected))


def test_full_return_is_one() -> None:
    there = np.array([1.0, 2, 4, 8, 16, 32])
    found = reciprocity_against_null(there, 7 * there, rng=rng())
    assert (found.value, found.rho) == pytest.approx((1, 1))
    assert found.p < 0.05
    assert reciprocity_against_null(there, there[::-1].copy(), rng=rng()).rho < 0


@given(WEIGHTS, WEIGHTS, st.integers(2, 50))
@hypothesis_settings(deadline=None, max_examples=20)
def test_reciprocity_does_not_depend_on_size_or_side(there: list[int], back: list[int], times: int) -> None:
    one, other = np.array(there, dtype=float), np.array(back, dtype=float)
    found = [reciprocity_against_null(a, b, rng=rng(), draws=100) for a, b in ((one, other), (times * one, other))]
    assert found[0].value == pytest.approx(found[1].value)
    assert reciprocity_against_null(other, one, rng=rng(), draws=100).value == pytest.approx(found[0].value)


def drawn(shares: Floats, spread: float, seed: int = 0, replicates: int = 4000) -> Floats:
    """Give replicates that stray by so much on the logarithm."""
    return shares * np.exp(rng(seed).normal(0, spread, (replicates, len(shares))))


def against(there: Floats, back: Floats, spread: float = 0.1) -> Asymmetry:
    return symmetry_against_null(MEMBERS[: len(there)], there, back, drawn(there, spread), drawn(back, spread, 1))


def test_being_out_of_step_by_hand() -> None:
    """One member has 4 of 12 on one side and 1 of 5 on the other: log2(4/12 : 1/5) = log2(5/3)."""
    found = against(np.array([4.0, 2, 2, 2, 2]), np.ones(5))
    assert found.values[0] == pytest.approx(np.log2(5 / 3))
    assert found.values[1:] == pytest.approx(np.full(4, np.log2(2 / 12 * 5)))


def test_a_member_out_of_step_is_found_and_the_others_are_not() -> None:
    there = np.array([0.4, 0.1, 0.1, 0.1, 0.1, 0.1])
    found = against(there, np.full(6, 0.1))
    assert found.q[0] < 0.01
    assert found.values[0] > found.high[0]
    assert (found.values[1:] < 0).all()  # totals are kept: what one has more, the others have less


def test_the_nulls_spread_is_that_of_the_formula() -> None:
    """Independent noise s on each of 2 x 6 equal shares: variance 2 s^2 (1 - 1/6), in units of log 2."""
    found = against(np.full(6, 0.1), np.full(6, 0.2), 0.02)
    half = stats.norm.ppf(0.975) * 0.02 * np.sqrt(2 * 5 / 6) / np.log(2)
    assert found.high == pytest.approx(np.full(6, half), rel=0.07)


def test_unsure_shares_stray_further() -> None:
    there = np.array([0.15, 0.1, 0.1, 0.1, 0.1, 0.1])
    sure, unsure = (against(there, np.full(6, 0.1), spread) for spread in (0.05, 0.5))
    assert sure.p[0] < 0.01
    assert unsure.p[0] > 0.2


@given(WEIGHTS, WEIGHTS, st.integers(2, 50))
@hypothesis_settings(deadline=None, max_examples=20)
def test_swapping_changes_the_sign_and_scale_changes_nothing(there: list[int], back: list[int], times: int) -> None:
    one, other = np.array(there, dtype=float), np.array(back, dtype=float)
    noise = drawn(np.ones(6), 0.2, 0, 50), drawn(np.ones(6), 0.2, 1, 50)
    forth = symmetry_against_null(MEMBERS, one, other, one * noise[0], other * noise[1])
    again = symmetry_against_null(MEMBERS, other, one, other * noise[1], one * noise[0])
    assert forth.values == pytest.approx(-again.values)
    assert forth.p == pytest.approx(again.p)
    more = symmetry_against_null(MEMBERS, times * one, other, times * one * noise[0], other * noise[1])
    assert (more.values, more.low) == (pytest.approx(forth.values), pytest.approx(forth.low))


def test_shares_in_step_are_hardly_ever_found() -> None:
    p: list[float] = []
    for seed in range(60):
        sides = [np.full(6, 0.1) * np.exp(rng(seed + shift).normal(0, 0.2, 6)) for shift in (0, 1000)]
        p += against(sides[0], sides[1], 0.2).p.tolist()
    assert np.mean(np.array(p) < 0.05) < 0.09
    assert np.mean(np.array(p) < 0.05) > 0.01


def test_few_members_and_silent_sides_are_refused() -> None:
    assert "4 members" in reciprocity_against_null(np.ones(4), np.ones(4), rng=rng()).refusals[0]
    drawn_ = np.ones((10, 6))
    assert "names nobody" in symmetry_against_null(MEMBERS, np.ones(6), np.zeros(6), drawn_, drawn_).refusals[0]
