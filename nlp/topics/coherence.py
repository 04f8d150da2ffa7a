"""Whether the words of a topic come together: NPMI, and the share of words that only one topic has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from nlp.topics.bags import Bag, counted, indexed, once

Floats = NDArray[np.float64]

WINDOW: Final = 100
"""Words in a window: most news is one window, a long release is several."""


def windows(bags: Sequence[Bag]) -> Iterator[Bag]:
    """Cut documents into stretches in which words can be said to come together."""
    for bag in bags:
        for start in range(0, max(1, len(bag.words)), WINDOW):
            yield replace(bag, words=bag.words[start : start + WINDOW])


def occurrences(bags: Sequence[Bag], vocabulary: Sequence[str]) -> sparse.csc_array:
    """Tell which window has which word.

    Returns:
        windows × words, of ones.
    """
    return sparse.csc_array(once(counted(list(windows(bags)), indexed(vocabulary))))


def npmi(occurring: sparse.csc_array, columns: Sequence[int], *, cautious: bool = False) -> Floats:
    """Give the normalised pointwise mutual information of each pair of words.

    ``ln(p(a,b) / (p(a) p(b))) / −ln p(a,b)``: 1 where they only come together, 0 where by chance,
    −1 where never, and where one of them does not come at all.

    Args:
        occurring: windows × words, of ones.
        columns: the words.
        cautious: take from each count of two words together its standard error (the root of the
            count), so that words seen together once or twice are not taken to belong together.

    Returns:
        words × words.

    Source:
        Bouma 2009; Lau, Newman and Baldwin 2014.
    """
    some = occurring[:, list(columns)]
    counts = np.asarray((some.T @ some).todense())
    alone = np.diag(counts) / occurring.shape[0]
    together = (counts - np.sqrt(counts) if cautious else counts) / occurring.shape[0]
    expected = np.outer(alone, alone)
    values = np.full(together.shape, -1.0)
    met = together > 0
    always = together >= 1
    sure = met & ~always
    values[sure] = np.log(together[sure] / expected[sure]) / -np.log(together[sure])
    values[always] = 1.0
    return values


def coherence(occurring: sparse.csc_array, columns: Sequence[int]) -> float:
    """Give the mean NPMI of all pairs of a topic's words; nan for fewer than two words."""
    if len(columns) < 2:  # noqa: PLR2004 - a pair
        return float("nan")
    return float(npmi(occurring, columns)[np.triu_indices(len(columns), 1)].mean())


def diversity(topics: Sequence[Sequence[str]]) -> float:
    """Give the share of words that are different, of all words of all topics.

    Source:
        Dieng, Ruiz and Blei 2020.
    """
    words = [word for topic in topics for word in topic]
    return len(set(words)) / len(words) if words else float("nan")
