"""How a weekly series wanders when nothing changes: its noise, measured so that jumps hardly disturb it.

News has memory: one week's story goes on in the next. The long-run variance (LRV,
n times the variance of a mean of n weeks, for large n) says how much a level
wanders by itself. It is measured from neighbouring blocks of L weeks, so that a
jump enters only where it lies (Wu and Zhao 2007, JRSS B 69, 391-410), and the
largest differences, where jumps are, are left out:

    V(L) = (L / 2) * trimmed mean over i of (mean of weeks i + L .. i + 2L - 1  -  mean of weeks i .. i + L - 1)^2

over the smallest 70 % of the squares, divided by what that gives of a normal
distribution's variance (0.31).

How fast V grows from short to long blocks gives the correlation rho of the AR(1)
process with the same growth; noise without memory (few documents a week) is let
through and doesn't hide the memory behind it, as it would in a lag-one correlation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from scipy import special

from results.cells import Floats

# Of 6, 8, 10 and 13 weeks, and with or without trimming, these kept the rate of false change points near
# the nominal one under all memories tried, and still found two jumps in two years.
LONG: Final = 10
SHORT: Final = 2
_KEPT: Final = 0.7
# The mean of a chi2 with one degree of freedom below its 70 % quantile.
_TRIMMED: Final = float(special.chdtr(3, special.chdtri(1, 1 - _KEPT))) / _KEPT
_GRID: Final = np.arange(-0.30, 0.901, 0.01)
_BURN_IN: Final = 60


@dataclass(frozen=True, slots=True, eq=False)
class Noise:
    """AR(1) noise with white noise on top; for one series, or arrays for several.

    Attributes:
        rho: correlation from week to week of the part with memory.
        variance: of the part with memory.
        white: variance of the part without.
    """

    rho: Floats
    variance: Floats
    white: Floats

    @property
    def long_run(self) -> Floats:
        """The long-run variance."""
        return self.variance * (1 + self.rho) / (1 - self.rho) + self.white


def block_variance(values: Floats, length: int) -> Floats:
    """Give V(length), see above: (..., n) to (...)."""
    sums = np.concatenate([np.zeros((*values.shape[:-1], 1)), values.cumsum(axis=-1)], axis=-1)
    means = (sums[..., length:] - sums[..., :-length]) / length
    steps = means[..., length:] - means[..., :-length]
    squares = np.sort(steps**2, axis=-1)[..., : max(1, int(_KEPT * steps.shape[-1]))]
    variance: Floats = squares.mean(axis=-1) / _TRIMMED * length / 2
    return variance


def noise(values: Floats) -> Noise:
    """Measure the noise of series: (..., n), n at least 2 * 10 + 1."""
    long, short, single = (block_variance(values, length) for length in (LONG, SHORT, 1))
    growth = np.divide(long, short, out=np.ones_like(long), where=short > 0)
    rho = np.interp(growth, _growths(), _GRID)
    variance = long / np.interp(rho, _GRID, _theory(LONG))
    white = np.clip(single - variance * np.interp(rho, _GRID, _theory(1)), 0.0, None)
    return Noise(rho, variance, white)


def simulate(rho: float, shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Draw Gaussian AR(1) series of variance 1: (series, weeks)."""
    series = rng.normal(size=(shape[0], shape[1] + _BURN_IN))
    for week in range(1, series.shape[1]):
        series[:, week] = rho * series[:, week - 1] + np.sqrt(1 - rho**2) * series[:, week]
    return series[:, _BURN_IN:]


def ljung_box(residuals: Floats, lags: int) -> float:
    """Give Ljung and Box's Q (1978): n (n + 2) * sum over lags of r_k^2 / (n - k); chi2 with ``lags`` degrees."""
    n, centred = len(residuals), residuals - residuals.mean()
    r = np.array([centred[lag:] @ centred[:-lag] for lag in range(1, lags + 1)]) / (centred @ centred)
    return float(n * (n + 2) * (r**2 / (n - np.arange(1, lags + 1))).sum())


@lru_cache(maxsize=8)
def _theory(length: int) -> Floats:
    """Give V(length) of an AR(1) of variance 1 for each rho of the grid."""
    contrast = np.repeat([1.0, -1.0], length) / length
    apart = np.abs(np.subtract.outer(np.arange(2 * length), np.arange(2 * length)))
    return np.array([contrast @ (rho**apart) @ contrast * length / 2 for rho in _GRID])


@lru_cache(maxsize=1)
def _growths() -> Floats:
    growths: Floats = np.maximum.accumulate(_theory(LONG) / _theory(SHORT))
    return growths
