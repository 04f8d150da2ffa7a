"""How outlets are averaged, and the interval of an average's replicates.

The replicates come from `results.jackknife`, which widens them for few outlets.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from scipy import special

from results.cells import Floats, Matrix

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


def interval(replicates: Floats, confidence: float) -> tuple[float, float] | None:
    """Give the percentile interval, or None where the replicates allow none.

    From the (1 - confidence) / 2 to the (1 + confidence) / 2 quantile. Ends are
    replicates themselves, the outer ones, so that nothing is interpolated.

    Args:
        replicates: may hold nan (undefined) and infinities (a share of zero under a logarithm).
        confidence: for example 0.95.
    """
    undefined = np.isnan(replicates)
    if undefined.mean() > MOST_UNDEFINED:
        return None
    level = (1 - confidence) / 2
    low = float(np.quantile(replicates[~undefined], level, method="lower"))
    high = float(np.quantile(replicates[~undefined], 1 - level, method="higher"))
    return (low, high) if math.isfinite(low) and math.isfinite(high) else None


def student_quantile(level: float, freedom: float) -> float:
    """Give the quantile of Student's t."""
    return float(special.stdtrit(freedom, level))


def effective_outlets(documents: Floats) -> float:
    """Give the effective number of outlets: 1 / sum of squared shares of the documents; 0 for none.

    Ten equal outlets are ten; ten of which one publishes nearly all are little more than one.
    """
    total = documents.sum()
    return float(total**2 / (documents**2).sum()) if total else 0.0
