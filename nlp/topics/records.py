"""What topics are made from, and what they give: frozen records without behaviour of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from corpus.errors import SettingsError

OUTLIER: Final = -1
"""The topic of a document that is of no topic."""

NMF: Final = "tfidf-nmf"
SVD: Final = "tfidf-svd"
LEXICAL: Final = (NMF, SVD)
PRETRAINED: Final = ("model2vec", "sentence-transformers")

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many steps of it are done, and of how many."""


def silent(_stage: str, _done: int, _of: int) -> None:
    """Report nothing."""


@dataclass(frozen=True, slots=True)
class Text:
    """One document, as topics need it.

    Attributes:
        row: the store's number of the document, unique.
        language: one of `corpus.model.LANGUAGES`.
        title: may be empty, as may ``body``.
        body: as stored.
        day: of publication, or None where unknown.
        outlet: who published it, by name: its own lines and its name are left out.
    """

    row: int
    language: str
    title: str
    body: str
    day: date | None = None
    outlet: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """How topics are found. All of it is kept with the model.

    Attributes:
        embedding: ``tfidf-nmf``, ``tfidf-svd``, ``model2vec:<name or folder>`` or
            ``sentence-transformers:<name or folder>``.
        topics: how many to find; None for the root of half the documents, from 5 to 100.
        guides: names (of frames, say) with words that a topic is drawn to.
        seed: of everything random.
        words: how many words describe a topic.
        common: words in a larger share of the documents say nothing.
        reach: so many characters of a body are read: news says first what it is about.
        fewest: with fewer usable documents there are no topics.
    """

    embedding: str = NMF
    topics: int | None = None
    guides: tuple[tuple[str, tuple[str, ...]], ...] = ()
    seed: int = 0
    words: int = 10
    common: float = 0.3
    reach: int = 3000
    fewest: int = 100

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            SettingsError: a value is out of its range; the message says which, and what is allowed.
        """
        kind, _, name = self.embedding.partition(":")
        if not (self.embedding in LEXICAL or (kind in PRETRAINED and name)):
            raise SettingsError(
                f"{self.embedding!r} is no embedding narra knows. Allowed are {NMF}, {SVD}, "
                "model2vec:<name or folder> and sentence-transformers:<name or folder>."
            )
        _in_range("topics", self.topics if self.topics is not None else _FEWEST_TOPICS, _FEWEST_TOPICS, 1000)
        _in_range("words", self.words, 3, 30)
        _in_range("common", self.common, 0.01, 1)
        _in_range("reach", self.reach, 1, 10**9)
        _in_range("fewest", self.fewest, 10, 10**9)
        _in_range("seed", self.seed, 0, 2**32 - 1)
        if len({guide for guide, _ in self.guides}) < len(self.guides):
            raise SettingsError("Two guides of the topics have the same name; give each its own.")


_FEWEST_TOPICS: Final = 2


def _in_range(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise SettingsError(f"The topics' setting {name} is {value}; it must be from {low} to {high}.")


@dataclass(frozen=True, slots=True)
class Word:
    """A word that describes a topic.

    Attributes:
        text: as counted: lower case, a morpheme in Korean.
        weight: c-TF-IDF, comparable within a model.
        language: whose word it is.
    """

    text: str
    weight: float
    language: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of a model.

    Attributes:
        id: stays the same from fit to fit, see `nlp.topics.identity`.
        words: which describe it, the first says most; in a model of several languages by language.
        size: documents of it, of those the model was fitted on.
        rows: the documents most of it, no two with the same words.
        guides: the names of the guides that led to it.
    """

    id: int
    words: tuple[Word, ...]
    size: int
    rows: tuple[int, ...]
    guides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which topic a document is of.

    Attributes:
        row: the document.
        topic: an id, or -1 where it is of none.
        score: how near it is, from 0 (not at all) to 1 (as the topic itself).
    """

    row: int
    topic: int
    score: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How good topics are, on text they were not fitted on: means over several fits.

    Each fit has another seed and another third of the documents held out, so that the fits differ as
    they would with other documents, and not only as the parts' own randomness makes them.

    Attributes:
        coherence: mean NPMI of a topic's words in held-out documents, from -1 to 1; 0 is chance.
        coherence_low, coherence_high: the smallest and largest of the fits.
        diversity: share of different words among the words of all topics.
        stability: mean adjusted Rand index of two fits' topics of the same documents; 0 is chance, 1 the same.
        outliers: share of held-out documents of no topic.
        largest: share of held-out documents in the largest topic.
        held_out: documents held out in one fit.
        topics: found, mean.
        fits: so many.
    """

    coherence: float
    coherence_low: float
    coherence_high: float
    diversity: float
    stability: float
    outliers: float
    largest: float
    held_out: int
    topics: float
    fits: int

    @classmethod
    def read(cls, stored: Mapping[str, float]) -> Self:
        """Make it of what was stored."""
        whole = {"held_out", "fits"}
        return cls(**{k: int(v) if k in whole else float(v) for k, v in stored.items()})  # type: ignore[arg-type]

    @property
    def said(self) -> str:
        """All of it, in a sentence."""
        return (
            f"On held-out documents: coherence (NPMI) {self.coherence:.2f} "
            f"({self.coherence_low:.2f} to {self.coherence_high:.2f}), diversity {self.diversity:.2f}, "
            f"stability {self.stability:.2f}, of no topic {self.outliers:.1%}, largest topic {self.largest:.1%}; "
            f"{self.fits} fits, {self.held_out:,} documents held out in each."
        )
