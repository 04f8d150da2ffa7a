"""Which words go with one name rather than with another: "ASEAN" against "Southeast Asia".

Weighted log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn
2008, Political Analysis 16, 372-403, equations 15-22). For word w, with counts y in
the texts around either name, n their sums, and prior counts a (a0 their sum):

    delta_w = log((y1 + a) / (n1 + a0 - y1 - a)) - log((y2 + a) / (n2 + a0 - y2 - a))
    z_w     = delta_w / sqrt(1 / (y1 + a) + 1 / (y2 + a))

The prior is the frequency of w in both together, worth a0 words: it pulls rare words
toward no difference. z takes every word as independent, but a word comes again and
again in one document. What is claimed rests on the variance over whole documents drawn
with replacement, in the limit of many draws (the infinitesimal jackknife; Efron 1982,
The Jackknife, the Bootstrap and Other Resampling Plans, chapter 6). Document d, with c
times the word among its N, moves log((y + a) / (n + a0 - y - a)) by

    u c - v N,    v = 1 / (n + a0 - y - a),  u = 1 / (y + a) + v

and the variance is the sum over documents of the squares of that, less their mean. It
needs only sums over documents, so that counts by outlet and word are enough. A word that
one side hardly has varies little there by itself, so it is done twice: for the sides as they
are, and as they would be if the documents of both were one heap; the greater counts.

It is corrected for the thousands of words looked at. A word that comes in few documents,
or nearly always in one of them, has an uncertain standard error: Student's t stands for
the normal distribution, with as many degrees of freedom as the word has effective
documents, less two:

    (sum of c)^2 / sum of c^2 - 2
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, special

from corpus.store import WordCount
from results.cells import Floats
from results.language import say
from results.multiple import benjamini_hochberg

# Fewer documents with a word, on both sides together, and there is nothing to draw from.
FEWEST_DOCUMENTS: Final = 5
# Fewer documents on a side, and its words are those of a few texts.
FEWEST_A_SIDE: Final = 20


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """The words around one name, as sums over documents: c times a word of a document's N.

    Attributes:
        times: (V,) sum of c.
        documents: (V,) how many documents have the word.
        squares: (V,) sum of c * c.
        cross: (V,) sum of c * N.
        texts: how many documents there are.
        total: sum of N.
        total_squares: sum of N * N.
    """

    times: Floats
    documents: Floats
    squares: Floats
    cross: Floats
    texts: float
    total: float
    total_squares: float


@dataclass(frozen=True, slots=True, eq=False)
class Contrast:
    """Words compared, in the order given, less those in too few documents.

    Attributes:
        words: what was compared.
        first: (words,) counts on the first side.
        second: the same on the second.
        log_odds: (words,) delta: natural logarithms, above 0 for the first side.
        z: (words,) as published: too bold, see above.
        low: (words,) lower end of delta's interval: delta - t * its standard error over documents.
        high: upper end.
        p: (words,) of delta over that standard error.
        q: (words,) the same, corrected over all words (Benjamini and Hochberg).
        refusals: why nothing was compared; empty where it was.
    """

    words: tuple[str, ...]
    first: Floats
    second: Floats
    log_odds: Floats
    z: Floats
    low: Floats
    high: Floats
    p: Floats
    q: Floats
    refusals: tuple[str, ...] = ()


def side_of_documents(bags: sparse.csr_array) -> Side:
    """Sum up documents: (documents, V) how often each document has each word near the name.

    Give one document a story, or reprints are taken for independent texts.
    """
    sizes = np.asarray(bags.sum(axis=1), dtype=np.float64).ravel()
    there = bags[sizes > 0]
    return Side(
        times=_sums(bags),
        documents=_sums(bags > 0),
        squares=_sums(bags**2),
        cross=np.asarray(bags.T @ sizes, dtype=np.float64).ravel(),
        texts=int(there.shape[0]),
        total=float(sizes.sum()),
        total_squares=float((sizes**2).sum()),
    )


def side_of_counts(words: Sequence[str], counts: Iterable[WordCount]) -> Side:
    """Sum up counts by outlet and word, for a vocabulary that holds all of their words."""
    place = {word: number for number, word in enumerate(words)}
    sums, whole = np.zeros((4, len(words))), np.zeros(3)
    for row in counts:
        if row.word:
            sums[:, place[row.word]] += row.times, row.documents, row.squares, row.cross
        else:
            whole += row.documents, row.times, row.squares
    times, documents, squares, cross = sums
    texts, total, total_squares = map(float, whole)
    return Side(times, documents, squares, cross, texts, total, total_squares)


def contrast(
    words: Sequence[str], first: Side, second: Side, *, prior: float = 500.0, confidence: float = 0.95
) -> Contrast:
    """Compare the words around two names.

    Args:
        words: the vocabulary, (V,).
        first: around the first name.
        second: around the second.
        prior: a0, how many words the prior is worth.
        confidence: of the intervals.
    """
    fewest = min(first.texts, second.texts)
    if fewest < FEWEST_A_SIDE:
        empty = np.empty(0)
        why = say(
            "too few documents on a side: {n:.0f}, and a contrast needs at least {least}", n=fewest, least=FEWEST_A_SIDE
        )
        return Contrast((), empty, empty, empty, empty, empty, empty, empty, empty, (why,))
    both = first.times + second.times
    alpha = prior * both / both.sum()
    kept = np.flatnonzero(first.documents + second.documents >= FEWEST_DOCUMENTS)
    delta = log_odds(first.times, second.times, alpha, kept)
    error = _error(first, second, alpha, kept)
    freedom = _freedom(first, second)[kept]
    p = 2 * special.stdtr(freedom, -np.abs(np.divide(delta, error, out=np.zeros_like(delta), where=error > 0)))
    half = special.stdtrit(freedom, (1 + confidence) / 2) * error
    sums = [(side.times + alpha)[kept] for side in (first, second)]
    z = delta / np.sqrt(1 / sums[0] + 1 / sums[1])
    named = tuple(words[int(number)] for number in kept)
    counts = first.times[kept], second.times[kept]
    return Contrast(named, *counts, delta, z, delta - half, delta + half, p, benjamini_hochberg(p))


def corrected(contrasts: Sequence[Contrast]) -> list[Contrast]:
    """Correct over all words of several contrasts that are read together (ASEAN against each member)."""
    if not contrasts:
        return []
    q = benjamini_hochberg(np.concatenate([one.p for one in contrasts]))
    ends = np.cumsum([len(one.words) for one in contrasts])[:-1]
    return [replace(one, q=part) for one, part in zip(contrasts, np.split(q, ends), strict=True)]


def log_odds(first: Floats, second: Floats, alpha: Floats, kept: NDArray[np.intp]) -> Floats:
    """Give delta of some words: counts (V,), prior counts (V,) and places of the words to (words,)."""
    sides = [_logit(side[kept], side.sum(), alpha[kept], alpha.sum()) for side in (first, second)]
    return sides[0] - sides[1]


def _logit(counts: Floats, total: float, alpha: Floats, alphas: float) -> Floats:
    odds: Floats = np.log(counts + alpha) - np.log(total + alphas - counts - alpha)
    return odds


def _error(first: Side, second: Side, alpha: Floats, kept: NDArray[np.intp]) -> Floats:
    """Give delta's standard error: the greater of that of the sides as they are, and as they would be if alike."""
    alike = _parts_of_both(first, second)
    found = [_variance(one, alpha, kept) + _variance(other, alpha, kept) for one, other in ((first, second), alike)]
    error: Floats = np.sqrt(np.maximum(found[0], found[1]))
    return error


def _parts_of_both(first: Side, second: Side) -> tuple[Side, Side]:
    """Give the sides that the documents of both together would make on average."""
    texts = first.texts + second.texts
    return _part(first, second, first.texts / texts), _part(first, second, second.texts / texts)


def _part(first: Side, second: Side, part: float) -> Side:
    return Side(
        times=part * (first.times + second.times),
        documents=part * (first.documents + second.documents),
        squares=part * (first.squares + second.squares),
        cross=part * (first.cross + second.cross),
        texts=part * (first.texts + second.texts),
        total=part * (first.total + second.total),
        total_squares=part * (first.total_squares + second.total_squares),
    )


def _variance(side: Side, alpha: Floats, kept: NDArray[np.intp]) -> Floats:
    """Give the variance of a side's log odds over drawn documents: (words,)."""
    times = side.times[kept]
    v = 1 / (side.total + alpha.sum() - times - alpha[kept])
    u = 1 / (times + alpha[kept]) + v
    squares = u**2 * side.squares[kept] - 2 * u * v * side.cross[kept] + v**2 * side.total_squares
    mean = (u * times - v * side.total) / side.texts
    variance: Floats = (squares - side.texts * mean**2) * side.texts / (side.texts - 1)
    return np.maximum(variance, 0.0)  # rounding


def _freedom(first: Side, second: Side) -> Floats:
    """Give each word's effective documents less two, at least one: (V,)."""
    total, squares = first.times + second.times, first.squares + second.squares
    effective = np.divide(total**2, squares, out=np.zeros_like(total), where=squares > 0)
    freedom: Floats = np.maximum(effective - 2, 1.0)
    return freedom


def _sums(side: sparse.csr_array) -> Floats:
    return np.asarray(side.sum(axis=0), dtype=np.float64).ravel()
