"""How many times as large one share is as another, on a doubling scale: log2(a / b)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corpus.calendar import Quarter
from results.cells import Floats
from results.estimate import Estimate, Estimator, Question
from results.figures import change, measured, query
from results.language import say
from results.measure import Change, Measure, Side


@dataclass(frozen=True, slots=True)
class Term:
    """One of the two shares.

    Attributes:
        question: what share.
        said: what it is, for the reader of a refusal.
    """

    question: Question
    said: str


def index(above: Floats, below: Floats) -> Floats:
    """Give log2(above / below); a zero on one side is infinite (and refused later), on both undefined."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log2(above) - np.log2(below))


def ratio(  # noqa: PLR0913 a comparison has this many sides
    estimator: Estimator,
    terms: tuple[Term, Term],
    quarter: Quarter,
    *,
    name: str,
    narrative: Side,
    definition: str,
    once: bool = False,
) -> Measure:
    """Give log2(first / second), with its changes since the quarter and the year before.

    Two shares of one narrative over the same outlets are drawn with the same
    multipliers, so that what moves both cancels; those of two narratives independently.
    Its n and numerator are those of the share with the fewer names, which limits it.
    With ``once``, what both terms say alike is said once.
    """
    above, below = (estimator.estimate(term.question, quarter) for term in terms)
    said = (terms[0].said, terms[1].said)

    def since(earlier: Quarter) -> Change:
        first, second = (estimator.pair(term.question, quarter, earlier) for term in terms)
        now, then = (combined(*sides, said, once=once) for sides in zip(first, second, strict=True))
        return change(now, then, earlier, estimator.settings.confidence)

    return measured(
        combined(above, below, said, once=once),
        since,
        estimator.settings.confidence,
        name=name,
        narrative=narrative,
        target=terms[0].question.target,
        quarter=quarter,
        unit=terms[0].question.unit,
        scale="log2",
        definition=definition,
        evidence=tuple(
            query(estimator.settings, term.question, quarter, answer.outlets)
            for term, answer in zip(terms, (above, below), strict=True)
        ),
    )


def combined(above: Estimate, below: Estimate, said: tuple[str, str], *, once: bool = False) -> Estimate:
    """Make one answer of two, named as ``said``; with ``once``, what both say alike is said once."""
    refusals = _said(above.refusals, below.refusals, said, once=once)
    limiting = min(above, below, key=lambda side: side.numerator)
    return Estimate(
        value=float(index(np.asarray(above.value), np.asarray(below.value))),
        replicates=np.empty(0) if refusals else index(above.replicates, below.replicates),
        n=limiting.n,
        numerator=limiting.numerator,
        outlets=min(above.outlets, below.outlets, key=len),
        effective=min(above.effective, below.effective),
        refusals=refusals,
        notes=_said(above.notes, below.notes, said, once=once),
    )


def _said(above: tuple[str, ...], below: tuple[str, ...], said: tuple[str, str], *, once: bool) -> tuple[str, ...]:
    if once and above == below:
        return above
    sides = [(side, text) for side, texts in zip(said, (above, below), strict=True) for text in texts]
    return tuple(say("{side}: {said}", side=side, said=text) for side, text in sides)
