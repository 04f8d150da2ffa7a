"""The words that describe a topic: those that set it apart and also come together.

c-TF-IDF alone ranks words that one long document repeats, and names that happen to be
here only. So each document counts a word once, and of the thirty words that set a topic
apart those are taken, one after another, that come together best with those already
taken. benchmarks/topics.py shows what that is worth on text neither has seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from nlp.topics.coherence import npmi
from nlp.topics.records import Word

Floats = NDArray[np.float64]

_CANDIDATES: Final = 30
_MOSTLY: Final = 0.5


def chosen(weights: Floats, occurring: sparse.csc_array, number: int) -> list[int]:
    """Choose words for a topic.

    The first is the word with the largest weight. Each further one has the largest sum of two: its mean
    NPMI with those chosen before (cautious, as rare words come together by chance), and its weight as a
    share of the first one's.

    Args:
        weights: c-TF-IDF of each word in the topic; words with none are not chosen.
        occurring: windows × words, of ones.
        number: how many.

    Returns:
        columns, in the order chosen; fewer where the topic has fewer.
    """
    candidates = [int(n) for n in np.argsort(-weights, kind="stable")[:_CANDIDATES] if weights[n] > 0]
    if not candidates:
        return []
    shares = weights[candidates] / weights[candidates[0]]
    together = npmi(occurring, candidates, cautious=True)
    taken = [0]
    while len(taken) < min(number, len(candidates)):
        worth = together[:, taken].mean(axis=1) + shares
        worth[taken] = -np.inf
        taken.append(int(worth.argmax()))
    return [candidates[n] for n in taken]


def worded(
    weights: Floats, vocabulary: Sequence[str], languages: dict[str, sparse.csc_array], number: int
) -> tuple[Word, ...]:
    """Describe a topic in each language of its model.

    Args:
        weights: c-TF-IDF of each word in the topic.
        vocabulary: the words.
        languages: of each language, windows × words of its documents.
        number: of words for each language.
    """
    totals = np.sum([np.asarray(some.sum(axis=0)).ravel() for some in languages.values()], axis=0)
    words: list[Word] = []
    for language, occurring in languages.items():
        own = np.asarray(occurring.sum(axis=0)).ravel() > _MOSTLY * totals
        columns = chosen(np.where(own, weights, 0.0), occurring, number)
        words += [Word(vocabulary[n], float(weights[n]), language) for n in columns]
    return tuple(words)
