"""How outlets are averaged, and the percentile interval of what is drawn from them.

How sure a quarter's share is, is in `results.jackknife`, whose replicates are
widened already. The draws of whole outlets here serve what has a single week
(`results.weekly`), where no weeks can be drawn.

With few outlets (fewer than about ten) a plain percentile interval is too narrow:
the variance between outlets is understated by (K - 1) / K and a normal quantile
stands where a t quantile should (MacKinnon and Webb 2017). `interval` is therefore
expanded as in Hesterberg (2015, The American Statistician 69, 371-386). With fewer
than five outlets it still is too narrow: it can't leave the outlets' own range.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import special

from results.cells import Floats, Matrix

Integers = NDArray[np.intp]

# Above so many undefined replicates the rest are no fair sample of what could have been.
MOST_UNDEFINED: Final = 0.01


class Statistic(Protocol):
    """A way to average outlets. Shapes: K outlets, B blocks (weeks), and any axes before."""

    def __call__(self, numerators: Floats, denominators: Floats) -> Floats:
        """Average: (..., K) to (...); nan where there is nothing to divide by."""
        ...

    def without_outlet(self, numerators: Floats, denominators: Floats) -> Floats:
        """Average all outlets but one, for each: (..., K) to (..., K)."""
        ...

    def without_cell(self, numerators: Floats, denominators: Floats) -> Floats:
        """Average as if one outlet had not published in one block, for each: (..., K, B) to (..., K, B)."""
        ...


@dataclass(frozen=True, slots=True)
class MeanOfRatios:
    """Average the outlets' ratios: every outlet counts alike, however much it publishes.

    (1 / K) * sum over k of (numerator_k / denominator_k); outlets with nothing to
    divide by are left out.
    """

    def __call__(self, numerators: Floats, denominators: Floats) -> Floats:
        """Average: (..., K) to (...)."""
        ratios, defined = _ratios(numerators, denominators)
        return divide(ratios.sum(axis=-1), defined.sum(axis=-1))

    def without_outlet(self, numerators: Floats, denominators: Floats) -> Floats:
        """Average all outlets but one, for each: (..., K) to (..., K)."""
        ratios, defined = _ratios(numerators, denominators)
        return divide(ratios.sum(axis=-1, keepdims=True) - ratios, defined.sum(axis=-1, keepdims=True) - defined)

    def without_cell(self, numerators: Floats, denominators: Floats) -> Floats:
        """Average without one outlet's block, for each: (..., K, B) to (..., K, B)."""
        ratios, defined = _ratios(numerators.sum(axis=-1), denominators.sum(axis=-1))
        less, less_defined = _ratios(
            numerators.sum(axis=-1, keepdims=True) - numerators, denominators.sum(axis=-1, keepdims=True) - denominators
        )
        above = (ratios.sum(axis=-1, keepdims=True) - ratios)[..., None] + less
        return divide(above, (defined.sum(axis=-1, keepdims=True) - defined)[..., None] + less_defined)


@dataclass(frozen=True, slots=True)
class RatioOfSums:
    """Divide the outlets' sums: every document counts alike. (sum of numerators) / (sum of denominators)."""

    def __call__(self, numerators: Floats, denominators: Floats) -> Floats:
        """Divide: (..., K) to (...)."""
        return divide(numerators.sum(axis=-1), denominators.sum(axis=-1))

    def without_outlet(self, numerators: Floats, denominators: Floats) -> Floats:
        """Divide without one outlet, for each: (..., K) to (..., K)."""
        above, below = (cells.sum(axis=-1, keepdims=True) - cells for cells in (numerators, denominators))
        return divide(above, below)

    def without_cell(self, numerators: Floats, denominators: Floats) -> Floats:
        """Divide without one outlet's block, for each: (..., K, B) to (..., K, B)."""
        above, below = (cells.sum(axis=(-2, -1), keepdims=True) - cells for cells in (numerators, denominators))
        return divide(above, below)


mean_of_ratios: Final = MeanOfRatios()
ratio_of_sums: Final = RatioOfSums()


def _ratios(numerators: Floats, denominators: Floats) -> tuple[Floats, Floats]:
    """Give the ratios, 0 where there is nothing to divide by, and 1.0 or 0.0 for whether there is."""
    defined = denominators > 0
    ratios = np.divide(numerators, denominators, out=np.zeros_like(numerators), where=defined)
    return ratios, defined.astype(np.float64)


def divide(above: Floats, below: Floats) -> Floats:
    """Divide; nan where there is nothing to divide by."""
    quotient: Floats = np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below > 0)
    return quotient


def point(matrix: Matrix, statistic: Statistic) -> float:
    """Give the statistic of the data as they are (nan: nothing to divide by)."""
    return float(statistic(matrix.numerators.sum(axis=1), matrix.denominators.sum(axis=1)))


def draw_outlets(outlets: int, replicates: int, rng: np.random.Generator) -> Integers:
    """Fill every slot with an outlet: (replicates, outlets). A single outlet is always itself."""
    slots: Integers = rng.integers(0, outlets, size=(replicates, outlets), dtype=np.intp)
    return slots


def interval(replicates: Floats, confidence: float, outlets: int | None = None) -> tuple[float, float] | None:
    """Give the percentile interval, or None where the replicates allow none.

    Expanded for K outlets: the lower end lies at Phi(-t * sqrt(K / (K - 1))), with t
    the (1 + confidence) / 2 quantile of Student's t with K - 1 degrees of freedom.
    Without a number of outlets, or with one (when replicates are widened already),
    at (1 - confidence) / 2. Ends are replicates themselves, the outer ones, so that
    nothing is interpolated.

    Args:
        replicates: may hold nan (undefined) and infinities (a share of zero under a logarithm).
        confidence: for example 0.95.
        outlets: K, of two sides the smaller; None or 1 for replicates of `results.jackknife`.
    """
    undefined = np.isnan(replicates)
    if undefined.mean() > MOST_UNDEFINED:
        return None
    level = tail(confidence, outlets)
    low = float(np.quantile(replicates[~undefined], level, method="lower"))
    high = float(np.quantile(replicates[~undefined], 1 - level, method="higher"))
    return (low, high) if math.isfinite(low) and math.isfinite(high) else None


def tail(confidence: float, outlets: int | None) -> float:
    """Give the share of replicates to leave out below (and above), see `interval`."""
    if outlets is None or outlets == 1:
        return (1 - confidence) / 2
    t = student_quantile((1 + confidence) / 2, outlets - 1)
    return NormalDist().cdf(-t * math.sqrt(outlets / (outlets - 1)))


def student_quantile(level: float, freedom: float) -> float:
    """Give the quantile of Student's t."""
    return float(special.stdtrit(freedom, level))


def effective_outlets(documents: Floats) -> float:
    """Give the effective number of outlets: 1 / sum of squared shares of the documents; 0 for none.

    Ten equal outlets are ten; ten of which one publishes nearly all are little more than one.
    """
    total = documents.sum()
    return float(total**2 / (documents**2).sum()) if total else 0.0
