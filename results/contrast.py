"""Which words go with one name rather than with another: "ASEAN" against "Southeast Asia".

Weighted log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn
2008, Political Analysis 16, 372-403, equations 15-22). For word w, with counts y in
the texts around either name, n their sums, and prior counts a (a0 their sum):

    delta_w = log((y1 + a) / (n1 + a0 - y1 - a)) - log((y2 + a) / (n2 + a0 - y2 - a))
    z_w     = delta_w / sqrt(1 / (y1 + a) + 1 / (y2 + a))

The prior is the frequency of w in both together, worth a0 words: it pulls rare words
toward no difference. z takes every word as independent, but a word comes again and
again in one document: whole documents are therefore drawn with replacement, and what
is claimed rests on the standard error so found, corrected for the thousands of words
looked at. A word that comes in few documents, or nearly always in one of them, has an
uncertain standard error: Student's t stands for the normal distribution, with as many
degrees of freedom as the word has effective documents (c_d of it in document d), less two:

    (sum of c_d)^2 / sum of c_d^2 - 2
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, special

from results.cells import Floats
from results.multiple import benjamini_hochberg

# Fewer documents with a word, on both sides together, and a bootstrap has nothing to draw from.
FEWEST_DOCUMENTS: Final = 5
# Fewer documents on a side, and its words are those of a few texts.
FEWEST_A_SIDE: Final = 20
_COLUMNS: Final = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Contrast:
    """Words compared, in the order given, less those in too few documents.

    Attributes:
        words: what was compared.
        first: (words,) counts on the first side.
        second: the same on the second.
        log_odds: (words,) delta: natural logarithms, above 0 for the first side.
        z: (words,) as published: too bold, see above.
        low: (words,) lower end of delta's interval: delta - t * its standard error over drawn documents.
        high: upper end.
        p: (words,) of delta over its bootstrap standard error.
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


def contrast(  # noqa: PLR0913 two sides, their words, and how sure to be
    words: Sequence[str],
    first: sparse.csr_array,
    second: sparse.csr_array,
    *,
    rng: np.random.Generator,
    prior: float = 500.0,
    replicates: int = 1000,
    confidence: float = 0.95,
) -> Contrast:
    """Compare the words of two sets of documents.

    Args:
        words: the vocabulary, (V,).
        first: (documents, V) how often each document has each word near the first name.
        second: the same near the second name. Give one document a story, or reprints
            are taken for independent texts.
        rng: a seeded generator.
        prior: a0, how many words the prior is worth.
        replicates: how often documents are drawn.
        confidence: of the intervals.
    """
    fewest = min(first.shape[0], second.shape[0])
    if fewest < FEWEST_A_SIDE:
        empty = np.empty(0)
        why = (f"too few documents on a side: {fewest}, and a contrast needs at least {FEWEST_A_SIDE}",)
        return Contrast((), empty, empty, empty, empty, empty, empty, empty, empty, why)
    sums = _sums(first), _sums(second)
    alpha = prior * (sums[0] + sums[1]) / (sums[0] + sums[1]).sum()
    kept = np.flatnonzero(_documents(first) + _documents(second) >= FEWEST_DOCUMENTS)
    delta = log_odds(*sums, alpha, kept)
    error = _errors((first, second), alpha, kept, rng, replicates)
    freedom = _freedom(first, second)[kept]
    p = 2 * special.stdtr(freedom, -np.abs(np.divide(delta, error, out=np.zeros_like(delta), where=error > 0)))
    half = special.stdtrit(freedom, (1 + confidence) / 2) * error
    z = delta / np.sqrt(1 / (sums[0] + alpha)[kept] + 1 / (sums[1] + alpha)[kept])
    named = tuple(words[int(number)] for number in kept)
    return Contrast(named, sums[0][kept], sums[1][kept], delta, z, delta - half, delta + half, p, benjamini_hochberg(p))


def corrected(contrasts: Sequence[Contrast]) -> list[Contrast]:
    """Correct over all words of several contrasts that are read together (ASEAN against each member)."""
    q = benjamini_hochberg(np.concatenate([np.empty(0), *(one.p for one in contrasts)]))
    ends = np.cumsum([len(one.words) for one in contrasts])[:-1]
    return [replace(one, q=part) for one, part in zip(contrasts, np.split(q, ends), strict=True)]


def log_odds(first: Floats, second: Floats, alpha: Floats, kept: NDArray[np.intp]) -> Floats:
    """Give delta of some words: counts (V,), prior counts (V,) and places of the words to (words,)."""
    sides = [_logit(side[kept], side.sum(), alpha[kept], alpha.sum()) for side in (first, second)]
    return sides[0] - sides[1]


def _logit(counts: Floats, total: Floats, alpha: Floats, alphas: float) -> Floats:
    odds: Floats = np.log(counts + alpha) - np.log(total + alphas - counts - alpha)
    return odds


def _errors(
    sides: tuple[sparse.csr_array, sparse.csr_array],
    alpha: Floats,
    kept: NDArray[np.intp],
    rng: np.random.Generator,
    replicates: int,
) -> Floats:
    """Give the standard error of delta over drawn documents, some thousand words at a time."""
    drawn = [_draw(side.shape[0], replicates, rng) for side in sides]
    totals = [weights @ np.asarray(side.sum(axis=1)).ravel() for weights, side in zip(drawn, sides, strict=True)]
    errors = np.empty(len(kept))
    for start in range(0, len(kept), _COLUMNS):
        some = kept[start : start + _COLUMNS]
        odds = [
            _logit((side[:, some].T @ weights.T).T, total[:, None], alpha[some], alpha.sum())
            for side, weights, total in zip(sides, drawn, totals, strict=True)
        ]
        errors[start : start + _COLUMNS] = (odds[0] - odds[1]).std(axis=0, ddof=1)
    return errors


def _freedom(first: sparse.csr_array, second: sparse.csr_array) -> Floats:
    """Give each word's effective documents less two, at least one: (V,)."""
    total, squares = _sums(first) + _sums(second), _sums(first**2) + _sums(second**2)
    effective = np.divide(total**2, squares, out=np.zeros_like(total), where=squares > 0)
    freedom: Floats = np.maximum(effective - 2, 1.0)
    return freedom


def _draw(documents: int, replicates: int, rng: np.random.Generator) -> Floats:
    return rng.multinomial(documents, np.full(documents, 1 / documents), size=replicates).astype(np.float64)


def _sums(side: sparse.csr_array) -> Floats:
    return np.asarray(side.sum(axis=0), dtype=np.float64).ravel()


def _documents(side: sparse.csr_array) -> Floats:
    return np.asarray((side > 0).sum(axis=0), dtype=np.float64).ravel()
