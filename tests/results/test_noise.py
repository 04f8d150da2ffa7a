from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.diagnostic import acorr_ljungbox
from statsmodels.tsa.arima_process import arma_acovf

from results import noise as noises
from results.noise import block_variance, ljung_box, noise, simulate


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_block_variance_by_hand() -> None:
    """Blocks of two have means 1, 3, 5, 7; each is 4 below the one two weeks later: 2 / 2 * 16.

    All squares are alike, so trimming leaves 16, divided by the trimmed mean of chi2.
    """
    below = stats.chi2.ppf(0.7, 1)
    trimmed = stats.chi2.expect(lambda x: x, args=(1,), ub=below, conditional=True)
    assert block_variance(np.array([0.0, 2, 4, 6, 8]), 2) == pytest.approx(16 / trimmed)


def test_ljung_box_is_that_of_statsmodels() -> None:
    values = rng().normal(size=200)
    expected = acorr_ljungbox(values, lags=[13]).lb_stat.iloc[0]
    assert ljung_box(values, 13) == pytest.approx(expected)


@pytest.mark.parametrize("rho", [-0.3, 0.0, 0.5, 0.8])
def test_simulated_series_have_the_covariances_of_statsmodels(rho: float) -> None:
    series = simulate(rho, (2000, 120), rng())
    expected = arma_acovf([1, -rho], [1], nobs=4, sigma2=1 - rho**2)
    measured = [(series[:, lag:] * series[:, : 120 - lag]).mean() for lag in range(4)]
    assert measured == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize(("rho", "white"), [(0.0, 0.0), (0.5, 0.0), (0.8, 0.0), (0.7, 1.0)])
def test_noise_of_a_long_series_is_found(rho: float, white: float) -> None:
    values = simulate(rho, (1, 60_000), rng())[0] + np.sqrt(white) * rng(1).normal(size=60_000)
    found = noise(values)
    truth = (1 + rho) / (1 - rho) + white
    assert float(found.long_run) == pytest.approx(truth, rel=0.15)


def test_a_jump_hardly_disturbs_it() -> None:
    values = simulate(0.3, (200, 208), rng())
    jumped = values + 3.0 * (np.arange(208) >= 104)
    # A jump of three standard deviations multiplies the plain variance by 3.2.
    assert np.median(block_variance(jumped, noises.LONG) / block_variance(values, noises.LONG)) < 1.4


def test_scale_and_level_do_not_matter() -> None:
    values = simulate(0.4, (1, 200), rng())[0]
    one, other = noise(values), noise(5 + 10 * values)
    assert float(one.rho) == pytest.approx(float(other.rho))
    assert 100 * float(one.long_run) == pytest.approx(float(other.long_run))
