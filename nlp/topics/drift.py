"""Whether topics still fit what is written, or a refit is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scipy.stats import norm

from corpus.errors import NoAnswerError
from nlp.topics.model import Model
from nlp.topics.records import OUTLIER, Assignment, Quality

TOLERATED: Final = 0.05
"""So many more documents of a hundred may be of no topic before the topics are called out of date."""

_FEWEST: Final = 30
_TWO_SIDED_95: Final = 0.975


@dataclass(frozen=True, slots=True)
class Drift:
    """How many more documents are of no topic than when the topics were made.

    Attributes:
        before: their share among documents held out when the quality was measured.
        now: their share among the new documents.
        low, high: 95 % interval of ``now - before``.
        documents: new ones.
        due: whether even the low end is above what is tolerated.
    """

    before: float
    now: float
    low: float
    high: float
    documents: int
    due: bool


def drift(model: Model, assignments: Sequence[Assignment], tolerated: float = TOLERATED) -> Drift:
    """Compare new documents with those held out at fitting, which the topics had not seen either.

    The interval takes documents as independent: give one per story.

    Args:
        model: with its quality measured.
        assignments: of documents since.
        tolerated: rise of the share that does not matter.

    Raises:
        NoAnswerError: the quality was not measured, or the new documents are too few.
    """
    return drift_of(model.quality, sum(a.topic == OUTLIER for a in assignments), len(assignments), tolerated)


def drift_of(quality: Quality | None, outside: int, documents: int, tolerated: float = TOLERATED) -> Drift:
    """Do the same with counts alone.

    Args:
        quality: of the model, where it was measured.
        outside: new documents of no topic.
        documents: new documents.
        tolerated: rise of the share that does not matter.

    Raises:
        NoAnswerError: the quality was not measured, or the new documents are too few.
    """
    if quality is None:
        raise NoAnswerError(
            "The quality of these topics was not measured, so there is nothing to compare new ones with."
        )
    if documents < _FEWEST:
        raise NoAnswerError(f"{documents} new documents are too few to see a drift in; {_FEWEST} would do.")
    now, before = outside / documents, quality.outliers
    low, high = difference(before, quality.held_out, now, documents)
    return Drift(before, now, low, high, documents, low > tolerated)


def difference(before: float, of_before: int, now: float, of_now: int) -> tuple[float, float]:
    """Give the 95 % interval of a difference of two independent shares, ``now - before``.

    Source:
        Newcombe 1998, method 10: from the Wilson intervals of both.
    """
    low_before, high_before = wilson(before, of_before)
    low_now, high_now = wilson(now, of_now)
    rise = now - before
    low = rise - ((now - low_now) ** 2 + (high_before - before) ** 2) ** 0.5
    high = rise + ((high_now - now) ** 2 + (before - low_before) ** 2) ** 0.5
    return low, high


def wilson(share: float, of: int) -> tuple[float, float]:
    """Give the 95 % interval of a share.

    Source:
        Wilson 1927.
    """
    z = float(norm.ppf(_TWO_SIDED_95))
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * (share * (1 - share) / of + z * z / (4 * of * of)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)
