from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from scipy import stats

from results.null import reciprocity, reciprocity_against_null, symmetry_against_null

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


def test_a_member_out_of_step_is_found_and_the_others_are_not() -> None:
    there = np.array([400.0, 200, 200, 200, 200, 200])
    found = symmetry_against_null(MEMBERS, there, np.full(6, 200.0), rng=rng())
    assert found.values[0] > 0.5
    assert found.q[0] < 0.01
    assert (found.values[1:] < 0).all()  # totals are kept: what one has more, the others have less


def test_a_single_members_null_is_the_hypergeometric() -> None:
    there, back = np.array([40.0, 20, 20, 20, 20]), np.array([20.0, 20, 20, 20, 30])
    exact = stats.hypergeom(int((there + back).sum()), 60, int(there.sum()))
    p = min(1, 2 * min(exact.sf(39), exact.cdf(40)))
    found = symmetry_against_null(MEMBERS[:5], there, back, rng=rng(), draws=40_000)
    assert found.p[0] == pytest.approx(p, rel=0.1)


def test_clustered_documents_are_worth_less() -> None:
    there, back = np.array([60.0, 40, 40, 40, 40, 40]), np.full(6, 40.0)
    one, other = (symmetry_against_null(MEMBERS, there, back, rng=rng(), design=design) for design in (1.0, 5.0))
    assert one.p[0] < other.p[0]
    assert other.high[0] > one.high[0]


@given(WEIGHTS, WEIGHTS)
@hypothesis_settings(deadline=None, max_examples=20)
def test_swapping_the_sides_changes_the_sign(there: list[int], back: list[int]) -> None:
    one, other = np.array(there, dtype=float), np.array(back, dtype=float)
    forth = symmetry_against_null(MEMBERS, one, other, rng=rng(), draws=50)
    again = symmetry_against_null(MEMBERS, other, one, rng=rng(), draws=50)
    assert forth.values == pytest.approx(-again.values)


def test_tables_without_structure_are_hardly_ever_found() -> None:
    random, p = rng(1), []
    for _ in range(60):
        there, back = (random.multinomial(600, np.full(6, 1 / 6)).astype(float) for _ in range(2))
        p += symmetry_against_null(MEMBERS, there, back, rng=random, draws=300).p.tolist()
    assert np.mean(np.array(p) < 0.05) < 0.08


def test_few_members_and_silent_sides_are_refused() -> None:
    assert "4 members" in reciprocity_against_null(np.ones(4), np.ones(4), rng=rng()).refusals[0]
    assert "names nobody" in symmetry_against_null(MEMBERS, np.ones(6), np.zeros(6), rng=rng()).refusals[0]
