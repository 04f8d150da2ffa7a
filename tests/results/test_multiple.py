from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from results.multiple import benjamini_hochberg, holm

P = st.lists(st.floats(0, 1), min_size=1, max_size=40)


def test_holm_by_hand() -> None:
    assert holm(np.array([0.03, 0.01, 0.5])).tolist() == pytest.approx([0.06, 0.03, 0.5])


def test_benjamini_hochberg_by_hand() -> None:
    assert benjamini_hochberg(np.array([0.03, 0.01, 0.5])).tolist() == pytest.approx([0.045, 0.03, 0.5])


@given(P)
@hypothesis_settings(deadline=None, max_examples=25)
def test_both_are_those_of_statsmodels(p: list[float]) -> None:
    values = np.array(p)
    assert holm(values) == pytest.approx(multipletests(values, method="holm")[1])
    assert benjamini_hochberg(values) == pytest.approx(multipletests(values, method="fdr_bh")[1])
    assert benjamini_hochberg(values) == pytest.approx(stats.false_discovery_control(values))


@given(P)
def test_correction_never_makes_a_finding_stronger(p: list[float]) -> None:
    values = np.array(p)
    assert (values <= benjamini_hochberg(values) + 1e-12).all()
    assert (benjamini_hochberg(values) <= holm(values) + 1e-12).all()


def test_nothing_is_corrected_to_nothing() -> None:
    assert holm(np.empty(0)).shape == benjamini_hochberg(np.empty(0)).shape == (0,)
