"""Topics of two languages beside each other, where no embedding puts both in one space.

What two languages share without a dictionary is who is named and which frame the talk is in.
The caller gives both as numbers for each document; a topic is the mean of its documents, as far
as it differs from its language's. Topics that differ in the same way are taken to be one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from corpus.errors import NoAnswerError
from nlp.topics.records import OUTLIER, Assignment
from nlp.topics.vectors import Floats, unit

ENOUGH: Final = 0.5
"""From this cosine on two topics are shown as one."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A topic of one language and a topic of another.

    Attributes:
        one: id in the first model.
        other: id in the second.
        likeness: cosine of what sets them apart in their languages, up to 1.
    """

    one: int
    other: int
    likeness: float


@dataclass(frozen=True, slots=True)
class Side:
    """One language's documents.

    Attributes:
        assignments: topic of each document.
        traits: of each document, by row: numbers that mean the same in both languages
            (1 for a frame it is in or an entity it names), all of the same length.
    """

    assignments: Sequence[Assignment]
    traits: Mapping[int, Sequence[float]]


def alignment(one: Side, other: Side, enough: float = ENOUGH) -> tuple[Pair, ...]:
    """Pair topics of two languages.

    Args:
        one: the documents of one language.
        other: those of another.
        enough: the likeness from which on two are a pair.

    Returns:
        pairs, each topic in one at most, the most alike first.

    Raises:
        NoAnswerError: no document of a side has both a topic and traits.
    """
    ids, profiles = _profiles(one)
    other_ids, other_profiles = _profiles(other)
    alike = profiles @ other_profiles.T
    pairs = [
        Pair(ids[a], other_ids[b], float(alike[a, b]))
        for a, b in zip(*linear_sum_assignment(-alike), strict=True)
        if alike[a, b] >= enough
    ]
    return tuple(sorted(pairs, key=lambda pair: (-pair.likeness, pair.one)))


def _profiles(side: Side) -> tuple[list[int], Floats]:
    """Give the topics of a side, and of each how its documents' traits differ from the side's mean."""
    kept = [a for a in side.assignments if a.topic != OUTLIER and a.row in side.traits]
    if not kept:
        raise NoAnswerError(
            "Topics of two languages can be put beside each other only by frames and names; none are given."
        )
    traits: NDArray[np.float64] = np.array([side.traits[a.row] for a in kept], dtype=np.float64)
    # A trait that nearly all documents have, and one that few have, weigh alike.
    differing = (traits - traits.mean(axis=0)) / np.maximum(traits.std(axis=0), 1e-12)
    topics = np.array([a.topic for a in kept])
    ids = sorted(set(topics.tolist()))
    return ids, unit(np.stack([differing[topics == topic].mean(axis=0) for topic in ids]))
