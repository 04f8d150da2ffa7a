"""Topics that stay themselves: a refit gives a topic the id it had before.

A new topic is an old one when they share documents (the model before assigns the new model's
documents too) and words. Each old one is given to one new one at most, so that the sum over all is
largest; what is left is new and gets an id that was never used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from nlp.topics.model import Model
from nlp.topics.records import OUTLIER, Assignment
from nlp.topics.vectors import Floats, unit

ENOUGH: Final = 0.3
"""From this likeness on a topic is taken to be the old one; docs/topics.md says what it rests on."""


@dataclass(frozen=True, slots=True)
class Match:
    """A new topic that is an old one.

    Attributes:
        old: its id, which the new one takes.
        likeness: of the two, from 0 to 1.
    """

    old: int
    likeness: float


def continued(
    model: Model,
    before: Model,
    by_both: tuple[Sequence[Assignment], Sequence[Assignment]],
    used: Iterable[int] = (),
    enough: float = ENOUGH,
) -> tuple[Model, tuple[Match, ...]]:
    """Give a refitted model the ids of the model before it.

    Args:
        model: just fitted.
        before: the model it follows, of the same scope.
        by_both: the same documents, as ``model`` and as ``before`` assign them.
        used: all ids ever used in this scope, of topics that ended too: none is given again.
        enough: the likeness from which on two are the same.

    Returns:
        the model with its ids, and which topics were known again.
    """
    alike = likeness(model, before, by_both)
    pairs = [(new, old) for new, old in zip(*linear_sum_assignment(-alike), strict=True) if alike[new, old] >= enough]
    known = {int(new): Match(before.topics[old].id, float(alike[new, old])) for new, old in pairs}
    following = max((*used, *(topic.id for topic in before.topics)), default=0) + 1
    ids = []
    for number in range(len(model.topics)):
        if number in known:
            ids.append(known[number].old)
        else:
            ids.append(following)
            following += 1
    return with_ids(model, ids), tuple(known[number] for number in sorted(known))


def begun(model: Model, used: Iterable[int] = ()) -> Model:
    """Give the first model of a scope ids that were never used.

    Args:
        model: just fitted.
        used: all ids ever used.
    """
    first = max(used, default=0) + 1
    return with_ids(model, list(range(first, first + len(model.topics))))


def with_ids(model: Model, ids: Sequence[int]) -> Model:
    """Give the topics these ids."""
    return replace(
        model, topics=tuple(replace(topic, id=number) for topic, number in zip(model.topics, ids, strict=True))
    )


def likeness(new: Model, old: Model, by_both: tuple[Sequence[Assignment], Sequence[Assignment]]) -> Floats:
    """Tell how alike the topics of two models are.

    Args:
        new: the one model.
        old: the other.
        by_both: the same documents, as each assigns them.

    Returns:
        new × old: the mean of the shared documents (in both, of those in either) and the
        cosine of their words' weights. Without documents in common, the cosine alone.
    """
    words = _words(new, old)
    by_old = {assignment.row: assignment.topic for assignment in by_both[1]}
    shared = [(a.topic, by_old[a.row]) for a in by_both[0] if a.row in by_old]
    return (_documents(new, old, shared) + words) / 2 if shared else words


def _documents(new: Model, old: Model, shared: Sequence[tuple[int, int]]) -> Floats:
    """Give the share of documents that two topics both have, of those that either has."""
    rows = {topic.id: number for number, topic in enumerate(new.topics)}
    columns = {topic.id: number for number, topic in enumerate(old.topics)}
    both = np.zeros((len(rows), len(columns)))
    of_new, of_old = np.zeros(len(rows)), np.zeros(len(columns))
    for one, other in shared:
        if one != OUTLIER:
            of_new[rows[one]] += 1
        if other != OUTLIER:
            of_old[columns[other]] += 1
        if OUTLIER not in {one, other}:
            both[rows[one], columns[other]] += 1
    either = of_new[:, None] + of_old[None, :] - both
    return both / np.maximum(either, 1)


def _words(new: Model, old: Model) -> Floats:
    """Give the cosines of the weights that two models give to words."""
    vocabulary = {word: n for n, word in enumerate(sorted({*new.vocabulary, *old.vocabulary}))}
    placed = []
    for model in (new, old):
        weights = np.zeros((len(model.topics), len(vocabulary)))
        weights[:, [vocabulary[word] for word in model.vocabulary]] = model.weights
        placed.append(unit(weights))
    cosines: Floats = placed[0] @ placed[1].T
    return cosines
