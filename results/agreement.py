"""Do two coders agree: Krippendorff's alpha for nominal values.

With o_ck how often values c and k were given to one unit (each pair of a unit's m
values counted with weight 1 / (m - 1)), n_c their sums and n the sum of all:

    alpha = 1 - (n - 1) * sum over c != k of o_ck / sum over c != k of n_c * n_k

(Krippendorff 2011, *Computing Krippendorff's Alpha-Reliability*; Hayes and Krippendorff
2007, Communication Methods and Measures 1, 77-89). 1 is agreement, 0 what chance gives.
Units with fewer than two values say nothing of agreement and are left out. Where all
values are the same there is nothing that chance could have got wrong, and no alpha.

The interval comes from drawing units anew. Where one value is rare (a tagger that is
nearly always right), alpha hangs on a handful of units and its interval is wide: that
is so, and no fault of the coders.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from results.cells import Floats

REPLICATES: Final = 2000
# Above so many replicates without an alpha the others are no fair sample.
_MOST_UNDEFINED: Final = 0.05

Unit = Sequence[Hashable | None]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far coders agree.

    Attributes:
        alpha: None where it is undefined.
        low: lower end of its interval, or None.
        high: upper end.
        units: units with two values or more.
        same: of these, those on which all agree.
    """

    alpha: float | None
    low: float | None
    high: float | None
    units: int
    same: int


def agreement(units: Sequence[Unit], rng: np.random.Generator, confidence: float = 0.95) -> Agreement:
    """Measure agreement.

    Args:
        units: for each unit the value each coder gave it, None where a coder gave none.
        rng: a seeded generator.
        confidence: of the interval.
    """
    kept = [given for unit in units if len(given := [value for value in unit if value is not None]) > 1]
    same = sum(len(set(given)) == 1 for given in kept)
    if not kept:
        return Agreement(None, None, None, 0, 0)
    observed, counts = _tallied(kept)
    value = float(_alpha(observed.sum(axis=0), counts.sum(axis=0)))
    if np.isnan(value):
        return Agreement(None, None, None, len(kept), same)
    weights = rng.multinomial(len(kept), np.full(len(kept), 1 / len(kept)), size=REPLICATES).astype(np.float64)
    replicates = _alpha(weights @ observed, weights @ counts)
    undefined = np.isnan(replicates)
    if undefined.mean() > _MOST_UNDEFINED:
        return Agreement(value, None, None, len(kept), same)
    low, high = np.quantile(replicates[~undefined], [(1 - confidence) / 2, (1 + confidence) / 2])
    return Agreement(value, float(low), float(high), len(kept), same)


def _tallied(units: Sequence[Sequence[Hashable]]) -> tuple[Floats, Floats]:
    """Give what each unit adds: (U, 1) pairs that differ, and (U, values) how often each value was given."""
    places = {value: n for n, value in enumerate(sorted({v for unit in units for v in unit}, key=repr))}
    differing, counts = np.zeros((len(units), 1)), np.zeros((len(units), len(places)))
    for row, unit in enumerate(units):
        m, given = len(unit), Counter(unit)
        differing[row] = (m * m - sum(n * n for n in given.values())) / (m - 1)
        for value, n in given.items():
            counts[row, places[value]] = n
    return differing, counts


def _alpha(differing: Floats, counts: Floats) -> Floats:
    """Give alpha: (..., 1) and (..., values) to (...); nan where only one value was ever given."""
    n = counts.sum(axis=-1)
    expected = n**2 - (counts**2).sum(axis=-1)
    ratio = np.divide((n - 1) * differing[..., 0], expected, out=np.full(np.shape(n), np.nan), where=expected > 0)
    return np.asarray(1 - ratio)
