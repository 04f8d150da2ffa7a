"""Many tests at once: of a hundred without an effect, five are "significant" by chance, unless corrected."""

from __future__ import annotations

from typing import Final

import numpy as np

from results.cells import Floats

# Below this, a corrected p is a finding.
LEVEL: Final = 0.05


def holm(probabilities: Floats) -> Floats:
    """Give Holm's (1979) adjusted p-values: below a level, the chance of any false finding is below it.

    In ascending order, (m - i) * p_i for i from 0, made non-decreasing, at most 1.
    Shape (tests,) to (tests,). Holds whatever the tests have in common.
    """
    order = np.argsort(probabilities, kind="stable")
    ranked = np.maximum.accumulate(probabilities[order] * np.arange(len(order), 0, -1))
    return _back(ranked, order)


def benjamini_hochberg(probabilities: Floats) -> Floats:
    """Give Benjamini and Hochberg's (1995) q-values: of the findings below a level, that share is false on average.

    In descending order, p_i * m / rank_i, made non-increasing. Shape (tests,) to
    (tests,). Holds for tests that are independent or positively related.
    """
    order = np.argsort(probabilities, kind="stable")
    ranked = probabilities[order] * len(order) / np.arange(1, len(order) + 1)
    return _back(np.minimum.accumulate(ranked[::-1])[::-1], order)


def _back(ranked: Floats, order: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Floats:
    adjusted = np.empty(len(order))
    adjusted[order] = np.minimum(ranked, 1.0)
    return adjusted
