"""Documents as vectors by the words they share: TF-IDF, and NMF or SVD of it. Works offline, within one language."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn import decomposition
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.extmath import safe_sparse_dot

from corpus.errors import FileProblemError
from nlp.topics.bags import Bag, counted, indexed, once
from nlp.topics.records import NMF

Floats = NDArray[np.float64]
Arrays = Mapping[str, NDArray[np.generic]]

_DIMENSIONS: Final = 100
_SWEEPS: Final = 60
_PULL: Final = 0.5
_TINY: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Lexical:
    """An embedding by shared words.

    Attributes:
        name: ``tfidf-nmf`` or ``tfidf-svd``.
        vocabulary: the words it knows, sorted.
        idf: of each word.
        components: dimensions × words. Of NMF the rows have length 1 and each is a topic.
    """

    name: str
    vocabulary: tuple[str, ...]
    idf: Floats
    components: Floats

    aligns = False

    def vectors(self, bags: Sequence[Bag]) -> Floats:
        """Give a vector for each document: one without a known word is all zeros.

        Of NMF: how much of each topic is in the document, in lengths of the document's TF-IDF row.
        Of SVD: its direction, of length 1. A document's vector does not depend on what stands beside it.
        """
        rows = _weighted(counted(bags, indexed(self.vocabulary)), self.idf)
        projected: Floats = np.asarray(safe_sparse_dot(rows, self.components.T))
        return _unmixed(projected, self.components) if self.name == NMF else unit(projected)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Give what is to be kept of it."""
        return {"words": np.array(self.vocabulary), "idf": self.idf, "components": self.components}

    @classmethod
    def from_arrays(cls, name: str, arrays: Arrays) -> Self:
        """Make it from what was kept.

        Raises:
            FileProblemError: the arrays do not fit together.
        """
        words, idf, components = arrays["words"], arrays["idf"], arrays["components"]
        if idf.shape != words.shape or components.ndim != 2 or components.shape[1:] != words.shape:  # noqa: PLR2004
            raise FileProblemError("The model of topics is damaged: its words and their weights differ in number.")
        return cls(name, tuple(map(str, words)), idf.astype(np.float64), components.astype(np.float64))


def lexical(  # noqa: PLR0913 - each is needed, and all but two are of the caller
    name: str, bags: Sequence[Bag], vocabulary: tuple[str, ...], guides: Sequence[Bag], *, topics: int, seed: int
) -> Lexical:
    """Learn an embedding from a corpus.

    Args:
        name: ``tfidf-nmf`` or ``tfidf-svd``.
        bags: the corpus.
        vocabulary: the words to use, each in at least one document.
        guides: the words a topic each is drawn to. Each acts as documents of nothing but
            these words, half as many as an average topic has, so that following it saves
            more than ignoring it.
        topics: of NMF, how many; SVD takes a hundred dimensions, or as many as there are.
        seed: of the randomised decomposition.

    Source:
        TF-IDF as scikit-learn's: (1 + ln tf) · (ln((1 + n) / (1 + df)) + 1), rows of length 1.
        NMF: Lee and Seung 2001, by coordinate descent from NNDSVD (Boutsidis and Gallopoulos 2008).
    """
    counts = counted(bags, indexed(vocabulary))
    idf = _idf(counts)
    rows = _weighted(counts, idf)
    if name != NMF:
        dimensions = min(_DIMENSIONS, min(rows.shape) - 1)
        svd = decomposition.TruncatedSVD(dimensions, random_state=seed).fit(rows)
        return Lexical(name, vocabulary, idf, svd.components_.astype(np.float64))
    pulling = _weighted(counted(guides, indexed(vocabulary)), idf) * np.sqrt(_PULL * len(bags) / topics)
    learnt = sparse.vstack([rows, pulling], format="csr")
    factors = decomposition.NMF(topics, init="nndsvd", random_state=seed, tol=1e-3, max_iter=500)
    with warnings.catch_warnings():
        # A corpus that the topics rebuild to the last digit never comes to rest; real ones do in about a hundred.
        warnings.simplefilter("ignore", ConvergenceWarning)
        factors.fit(learnt)
    return Lexical(name, vocabulary, idf, unit(factors.components_.astype(np.float64)))


def unit(rows: Floats) -> Floats:
    """Give rows the length 1; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    whole: Floats = rows / np.maximum(lengths, _TINY)
    return whole


def _idf(counts: sparse.csr_array) -> Floats:
    documents = np.asarray(once(counts).sum(axis=0)).ravel()
    idf: Floats = np.log((1 + counts.shape[0]) / (1 + documents)) + 1
    return idf


def _weighted(counts: sparse.csr_array, idf: Floats) -> sparse.csr_array:
    rows = counts.copy()
    rows.data = (1 + np.log(rows.data)) * idf[rows.indices]
    squares = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
    rows.data /= np.repeat(np.sqrt(np.maximum(squares, _TINY)), np.diff(rows.indptr))
    return rows


def _unmixed(projected: Floats, components: Floats) -> Floats:
    """Give the non-negative weights with which the components rebuild each row best.

    Least squares by coordinate descent, every document by itself from zero and with a fixed number of
    sweeps: scikit-learn's own stops by how far the whole batch has come, so that a document would get
    another topic in other company.

    Args:
        projected: documents × topics, the rows times the components.
        components: topics × words, of length 1.
    """
    alike = components @ components.T
    weights = np.zeros_like(projected.T)
    wanted = np.ascontiguousarray(projected.T)
    for _ in range(_SWEEPS):
        for topic in range(len(weights)):
            step = wanted[topic] - alike[topic] @ weights
            weights[topic] = np.maximum(0.0, weights[topic] + step / max(alike[topic, topic], _TINY))
    return np.ascontiguousarray(weights.T)
