"""How many times as large one share is as another, on a doubling scale: log2(a / b)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from corpus.calendar import Quarter
from results.estimate import Estimate, Estimator, Question
from results.figures import change, enclose, not_given, query
from results.measure import Change, Measure, Side
from results.symmetry import index

_EVEN: Final = np.empty(0)


@dataclass(frozen=True, slots=True)
class Term:
    """One of the two shares.

    Attributes:
        question: what share.
        said: what it is, for the reader of a refusal.
    """

    question: Question
    said: str


def ratio(  # noqa: PLR0913 a comparison has this many sides
    estimator: Estimator, terms: tuple[Term, Term], quarter: Quarter, *, name: str, narrative: Side, definition: str
) -> Measure:
    """Give log2(first / second), with its changes since the quarter and the year before.

    Two shares of one narrative over the same outlets are drawn with the same
    multipliers, so that what moves both cancels; those of two narratives independently.
    Its n and numerator are those of the share with the fewer names, which limits it.
    """
    above, below = (estimator.estimate(term.question, quarter) for term in terms)
    both = combined(above, below, terms)
    found = enclose(both.value, both.replicates, both.refusals, estimator.settings.confidence)
    changes = [
        _change(estimator, terms, quarter, earlier) if found.value is not None else not_given(earlier)
        for earlier in (quarter.previous, quarter.year_before)
    ]
    return Measure(
        name=name,
        narrative=narrative,
        target=terms[0].question.target,
        quarter=quarter,
        unit=terms[0].question.unit,
        scale="log2",
        value=found.value,
        low=found.low,
        high=found.high,
        n=both.n,
        numerator=both.numerator,
        outlets=len(both.outlets),
        effective_outlets=both.effective,
        flags=found.reasons or both.notes,
        definition=definition,
        evidence=tuple(
            query(estimator.settings, term.question, quarter, answer.outlets)
            for term, answer in zip(terms, (above, below), strict=True)
        ),
        previous=changes[0],
        year=changes[1],
    )


def combined(above: Estimate, below: Estimate, terms: tuple[Term, Term]) -> Estimate:
    """Make one answer of two."""
    refusals = _said(above.refusals, below.refusals, terms)
    limiting = min(above, below, key=lambda side: side.numerator)
    return Estimate(
        value=float(index(np.asarray(above.value), np.asarray(below.value))),
        replicates=_EVEN if refusals else index(above.replicates, below.replicates),
        n=limiting.n,
        numerator=limiting.numerator,
        outlets=min(above.outlets, below.outlets, key=len),
        effective=min(above.effective, below.effective),
        refusals=refusals,
        notes=_said(above.notes, below.notes, terms),
    )


def _said(above: tuple[str, ...], below: tuple[str, ...], terms: tuple[Term, Term]) -> tuple[str, ...]:
    if above == below:
        return above
    return (*(f"{terms[0].said}: {said}" for said in above), *(f"{terms[1].said}: {said}" for said in below))


def _change(estimator: Estimator, terms: tuple[Term, Term], quarter: Quarter, earlier: Quarter) -> Change:
    above, below = (estimator.pair(term.question, quarter, earlier) for term in terms)
    now, then = combined(above[0], below[0], terms), combined(above[1], below[1], terms)
    return change(now, then, earlier, estimator.settings.confidence)
