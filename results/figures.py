"""From an answer to a measure: interval, refusal, change and evidence put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from corpus.calendar import Quarter
from corpus.model import MEMBERS
from corpus.settings import MeasureSettings
from corpus.targets import NAMED_CLASSES, TARGETS, WITH_CAPITALS, members_on
from results import bootstrap
from results.cells import Floats, Unit
from results.estimate import Estimate, Estimator, Question
from results.language import quarter as named
from results.language import say
from results.measure import Change, EvidenceQuery, Measure, Scale, Side
from results.notes import Common, Single


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and its interval, or neither and the reason."""

    value: float | None
    low: float | None
    high: float | None
    reasons: tuple[str, ...] = ()


def share(estimator: Estimator, name: str, question: Question, quarter: Quarter, definition: str) -> Measure:
    """Measure a share in a quarter, with its changes since the quarter and the year before."""
    answer = estimator.estimate(question, quarter)
    return measured(
        answer,
        lambda earlier: _change(estimator, question, quarter, earlier),
        estimator.settings.confidence,
        name=name,
        narrative=question.narrative,
        target=question.target,
        quarter=quarter,
        unit=question.unit,
        scale="share",
        definition=definition,
        evidence=(query(estimator.settings, question, quarter, answer.outlets),),
    )


def measured(  # noqa: PLR0913 a figure has this many sides
    answer: Estimate,
    since: Callable[[Quarter], Change],
    confidence: float,
    *,
    name: str,
    narrative: Side,
    target: str,
    quarter: Quarter,
    unit: Unit,
    scale: Scale,
    definition: str,
    evidence: tuple[EvidenceQuery, ...],
) -> Measure:
    """Make a measure of an answer, with its interval and its changes, or with the reason why there is none.

    ``answer`` is the value with its replicates and what it rests on, ``confidence`` the width of
    the interval, the rest as in `Measure`. ``since`` gives the change since an earlier time; it is
    asked once where the quarter and the year before are one, as of four quarters.
    """
    found = enclose(answer.value, answer.replicates, answer.refusals, confidence)
    give = not_given if found.value is None else since
    changes = {earlier: give(earlier) for earlier in {quarter.previous, quarter.year_before}}
    return Measure(
        name=name,
        narrative=narrative,
        target=target,
        quarter=quarter,
        unit=unit,
        scale=scale,
        value=found.value,
        low=found.low,
        high=found.high,
        n=answer.n,
        numerator=answer.numerator,
        outlets=len(answer.outlets),
        effective_outlets=answer.effective,
        flags=found.reasons or answer.notes,
        definition=definition,
        evidence=evidence,
        previous=changes[quarter.previous],
        year=changes[quarter.year_before],
    )


def enclose(value: float, replicates: Floats, refusals: tuple[str, ...], confidence: float) -> Interval:
    """Give a value with its interval, or refuse both."""
    if refusals:
        return Interval(None, None, None, refusals)
    found = bootstrap.interval(replicates, confidence)
    if found is None or not np.isfinite(value):
        few = say("it rests on so few outlets or weeks that some replicates hold none of it, so it has no interval")
        return Interval(None, None, None, (few,))
    return Interval(value, *found)


def change(later: Estimate, earlier: Estimate, against: Quarter, confidence: float) -> Change:
    """Take the difference of two answers that `Estimator.pair` gave."""
    refusals = refusals_of_pair(later, earlier, against)
    outlets = len(later.outlets)
    if refusals:
        return Change(against, None, None, None, outlets, refusals)
    with np.errstate(invalid="ignore"):  # infinity less infinity is undefined, and counted as such
        replicates = later.replicates - earlier.replicates
    found = enclose(later.value - earlier.value, replicates, (), confidence)
    flags = found.reasons or tuple(note for note in later.notes if isinstance(note, Common | Single))
    return Change(against, found.value, found.low, found.high, outlets, flags)


def not_given(against: Quarter) -> Change:
    """Give no change: where there is no value there is nothing that changed."""
    return Change(against, None, None, None, 0, (say("the figure itself is not given"),))


def refusals_of_pair(later: Estimate, earlier: Estimate, against: Quarter) -> tuple[str, ...]:
    """Say why two quarters can't be compared, naming the quarter where it is the earlier one's fault."""
    if later.refusals == earlier.refusals:
        return later.refusals
    return (*later.refusals, *(say("{quarter}: {reason}", quarter=named(against), reason=r) for r in earlier.refusals))


def _change(estimator: Estimator, question: Question, quarter: Quarter, earlier: Quarter) -> Change:
    return change(*estimator.pair(question, quarter, earlier), earlier, estimator.settings.confidence)


def query(settings: MeasureSettings, question: Question, quarter: Quarter, outlets: tuple[str, ...]) -> EvidenceQuery:
    """Say which documents are behind a share's numerator."""
    name, _, label = question.target.partition("#")
    target = TARGETS[name]
    today = members_on(quarter.last.isoformat())
    listed = target.entities
    if set(MEMBERS) <= set(listed):  # any member: those that were members then
        listed = tuple(code for code in listed if code not in MEMBERS or code in today)
    classes = WITH_CAPITALS if settings.count_capitals else NAMED_CLASSES
    return EvidenceQuery(
        narrative=question.narrative,
        months=quarter.months,
        entities=listed,
        classes=tuple(sorted(classes)),
        kinds=tuple(sorted(settings.kinds)),
        without=target.without,
        also=target.also,
        outlets=outlets,
        field="title" if question.unit == "headlines" else None,
        framed=(name, label) if label else None,
    )
