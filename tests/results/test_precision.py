from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from results.precision import Stratum, precision, wilson


@given(st.integers(1, 400), st.data(), st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_as_statsmodels_has_it(n: int, data: st.DataObject, confidence: float) -> None:
    right = data.draw(st.integers(0, n))
    theirs = proportion_confint(right, n, alpha=1 - confidence, method="wilson")
    assert wilson(right / n, n, confidence) == pytest.approx(theirs, abs=1e-9)


def test_a_simple_sample_by_hand() -> None:
    """194 of 200: z = 1.96, middle 0.97 + 3.84/400, over 1.0192."""
    found = precision({"": Stratum(5000, 200, 194)})
    assert found.value == 0.97
    assert (found.low, found.high) == (pytest.approx(0.9361, abs=5e-5), pytest.approx(0.9862, abs=5e-5))
    assert found.effective == 200


def test_parts_weigh_as_they_are_and_not_as_they_were_drawn() -> None:
    """Nine tenths of the mentions are right in 50 of 50, a tenth in 25 of 50: 0.95, and not 75 of 100."""
    found = precision({"large": Stratum(900, 50, 50), "small": Stratum(100, 50, 25)})
    assert found.value == pytest.approx(0.95)
    assert found.effective == pytest.approx(1 / (0.82 / 50))


def test_a_part_nobody_coded_leaves_no_estimate() -> None:
    assert precision({"a": Stratum(10, 5, 5), "b": Stratum(10, 0, 0)}).value is None
    assert precision({}).value is None


@given(st.integers(1, 60), st.data())
def test_cutting_a_sample_into_like_parts_changes_nothing(n: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, n))
    whole = precision({"": Stratum(1000, 2 * n, 2 * right)})
    cut = precision({"a": Stratum(500, n, right), "b": Stratum(500, n, right)})
    assert (cut.value, cut.low, cut.high) == (
        pytest.approx(whole.value),
        pytest.approx(whole.low),
        pytest.approx(whole.high),
    )


@pytest.mark.parametrize(
    ("true", "weights", "drawn"),
    [
        ((0.97,), (1.0,), (200,)),
        ((0.99, 0.9, 0.8), (0.8, 0.15, 0.05), (67, 67, 66)),
        ((0.8, 1.0), (0.9, 0.1), (100, 100)),
        ((1.0, 0.95, 1.0, 0.99), (0.1, 0.6, 0.1, 0.2), (50, 50, 50, 50)),
    ],
)
def test_intervals_hold_the_truth(true: tuple[float, ...], weights: tuple[float, ...], drawn: tuple[int, ...]) -> None:
    rng = np.random.default_rng(5)
    truth = sum(w * p for w, p in zip(weights, true, strict=True))
    held = 0
    for _ in range(2000):
        strata = {
            str(n): Stratum(round(10_000 * w), size, int(rng.binomial(size, p)))
            for n, (p, w, size) in enumerate(zip(true, weights, drawn, strict=True))
        }
        found = precision(strata)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= truth <= found.high
    # Wilson's own goes up and down with n and p, since counts are whole (Brown, Cai and DasGupta 2001, figure 5).
    assert held / 2000 >= 0.90
