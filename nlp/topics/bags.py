"""Documents as bags of words, and bags as sparse matrices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from nlp.segment import segmenter
from nlp.topics.plain import Own, plain_text
from nlp.topics.records import Progress, Text, silent
from nlp.topics.stopwords import said

_REPORT_EVERY: Final = 200


@dataclass(frozen=True, slots=True)
class Bag:
    """One document, read.

    Attributes:
        row: the document.
        language: its language.
        words: in order, with repetitions, without stopwords.
        plain: its own text, for embeddings that read text themselves.
    """

    row: int
    language: str
    words: tuple[str, ...]
    plain: str


def bags_of(texts: Sequence[Text], reach: int, own: Own, progress: Progress = silent) -> list[Bag]:
    """Read documents.

    Args:
        texts: the documents.
        reach: characters of each body to read.
        own: what each outlet prints in many documents, which is left out.
        progress: told every few hundred documents.

    Raises:
        NoAnswerError, SettingsError: the words of a language cannot be found (`nlp.segment`).
    """
    bags: list[Bag] = []
    for text in texts:
        if len(bags) % _REPORT_EVERY == 0:
            progress("reading", len(bags), len(texts))
        plain = plain_text(text, reach, own)
        words = said(segmenter(text.language)(plain), text.language)
        # A space within a word (some morphemes have one) would make it two further on.
        joined = tuple("_".join(word.split()) for word in words)
        bags.append(Bag(text.row, text.language, joined, plain))
    progress("reading", len(texts), len(texts))
    return bags


def vocabulary_of(bags: Sequence[Bag], common: float) -> tuple[str, ...]:
    """Give the words worth counting, sorted: neither too rare for a pattern nor in too many documents.

    Args:
        bags: of a corpus.
        common: the largest share of documents a word may be in.
    """
    times = Counter(chain.from_iterable(set(bag.words) for bag in bags))
    fewest = min(5, max(2, len(bags) // 200))
    return tuple(sorted(word for word, n in times.items() if fewest <= n <= common * len(bags)))


def counted(bags: Sequence[Bag], index: Mapping[str, int]) -> sparse.csr_array:
    """Count words in documents.

    Args:
        bags: the documents.
        index: the column of each word; words that have none are left out.

    Returns:
        documents × words, sorted within each row.
    """
    bounds, columns, counts = [0], [], []
    for bag in bags:
        found = Counter(index[word] for word in bag.words if word in index)
        for column in sorted(found):
            columns.append(column)
            counts.append(found[column])
        bounds.append(len(columns))
    return sparse.csr_array(
        (np.array(counts, np.float64), np.array(columns, np.int64), np.array(bounds, np.int64)),
        shape=(len(bags), len(index)),
    )


def indexed(vocabulary: Sequence[str]) -> dict[str, int]:
    """Give the column of each word."""
    return {word: column for column, word in enumerate(vocabulary)}


def once(counts: sparse.csr_array) -> sparse.csr_array:
    """Give the same matrix with ones: whether a document has a word."""
    ones = counts.copy()
    ones.data = np.ones_like(ones.data)
    return ones


def random_bags(bags: Sequence[Bag], number: int, seed: int) -> list[Bag]:
    """Draw documents without a topic: as long as real ones, of words drawn from all of them.

    Args:
        bags: the corpus to draw lengths and words from; some of them with words.
        number: how many.
        seed: of the drawing.
    """
    random = np.random.default_rng(seed)
    words = list(chain.from_iterable(bag.words for bag in bags))
    lengths: NDArray[np.int64] = random.choice([len(bag.words) for bag in bags], size=number)
    drawn = [tuple(words[n] for n in random.integers(len(words), size=length)) for length in lengths]
    return [Bag(OF_NONE, bags[0].language, some, " ".join(some)) for some in drawn]


OF_NONE: Final = -1
"""The row of a document that was drawn and not written."""
