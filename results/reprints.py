"""Reach against choice: what reprints add to a target's visibility, and which stories were reprinted.

Every share is given twice, over documents (each copy: what readers meet) and over
stories (one document each: what editors chose). Here the two are compared:

* reach: log2 of (share of documents / share of stories), over the same outlets and
  with the same multipliers, so that most of what makes either unsure cancels. 0: reprints
  change nothing; +1: they double it. Wire copy lifts it where the wire writes
  about the target more than the papers do themselves.
* reprinted: of the documents that name the target, the share that reprint an earlier one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from corpus.calendar import Quarter
from corpus.model import NARRATIVE_NAMES, Narrative
from corpus.store import Reprint, Store
from corpus.targets import TARGETS
from results.estimate import Estimate, Estimator, Question
from results.figures import change, measured, query, share
from results.language import say
from results.measure import Change, Measure
from results.ratio import index
from results.weekly import DIRECTIONS

MOST_STORIES: Final = 10


@dataclass(frozen=True, slots=True)
class Reprinted:
    """The stories of a narrative that name a target and were reprinted most.

    Attributes:
        narrative: whose talk.
        target: what they name.
        stories: most outlets first.
    """

    narrative: Narrative
    target: str
    stories: tuple[Reprint, ...]


def reach(estimator: Estimator, narrative: Narrative, target: str, quarter: Quarter) -> Measure:
    """Give log2 of (attention share in documents / in stories) over the outlets with enough stories."""
    question = Question(narrative, target, unit="stories")
    both = _compared(estimator, question, quarter, estimator.panel(question, quarter))
    return measured(
        both,
        lambda earlier: _change(estimator, question, quarter, earlier),
        estimator.settings.confidence,
        name="reach",
        narrative=narrative,
        target=target,
        quarter=quarter,
        unit="documents",
        scale="log2",
        definition=say(
            "log2 of (share of {narrative}'s documents that name {target}, every copy counted, divided by the same "
            "share of its stories, one document each): per outlet, then averaged",
            narrative=say(NARRATIVE_NAMES[narrative]),
            target=say(TARGETS[target].label),
        ),
        evidence=(query(estimator.settings, question, quarter, both.outlets),),
    )


def _compared(estimator: Estimator, question: Question, quarter: Quarter, outlets: tuple[str, ...]) -> Estimate:
    """Compare documents with stories; both draw the same multipliers, since they have the same outlets."""
    stories = estimator.estimate(question, quarter, outlets)
    documents = estimator.estimate(replace(question, unit="documents"), quarter, outlets)
    refusals = stories.refusals or documents.refusals
    ratio = np.empty(0) if refusals else index(documents.replicates, stories.replicates)
    value = float(index(np.asarray(documents.value), np.asarray(stories.value)))
    return replace(documents, value=value, replicates=ratio, refusals=refusals)


def _change(estimator: Estimator, question: Question, quarter: Quarter, earlier: Quarter) -> Change:
    # `pair` says which outlets are in both, and whether they are enough.
    later, earlier_ = estimator.pair(question, quarter, earlier)
    now, then = (
        _as_paired(_compared(estimator, question, when, stories.outlets), stories)
        for when, stories in ((quarter, later), (earlier, earlier_))
    )
    return change(now, then, earlier, estimator.settings.confidence)


def _as_paired(compared: Estimate, stories: Estimate) -> Estimate:
    return replace(compared, refusals=stories.refusals or compared.refusals, notes=stories.notes)


def reprinted(estimator: Estimator, narrative: Narrative, target: str, quarter: Quarter) -> Measure:
    """Give, of the documents that name a target, the share that reprint an earlier one (ratio of sums)."""
    question = Question(narrative, target, among=target, average="documents", copies=True)
    definition = say(
        "of the documents of {narrative} that name {target}, the share that are copies of an earlier document",
        narrative=say(NARRATIVE_NAMES[narrative]),
        target=say(TARGETS[target].label),
    )
    return share(estimator, "reprinted", question, quarter, definition)


def copies(estimator: Estimator, quarter: Quarter) -> list[Measure]:
    """Give what reprints add, in both directions."""
    return [way(estimator, side, target, quarter) for side, target in DIRECTIONS for way in (reach, reprinted)]


def most_reprinted(store: Store, estimator: Estimator, quarter: Quarter) -> tuple[Reprinted, ...]:
    """List the stories of the quarter's panel that were reprinted most, in both directions."""
    found = []
    for narrative, target in DIRECTIONS:
        question = Question(narrative, target)
        asked = query(estimator.settings, question, quarter, estimator.panel(question, quarter))
        stories = store.reprints(
            narrative=narrative,
            months=asked.months,
            entities=asked.entities,
            classes=asked.classes,
            kinds=asked.kinds,
            outlets=asked.outlets,
            limit=MOST_STORIES,
        )
        found.append(Reprinted(narrative, target, tuple(stories)))
    return tuple(found)
