"""Whether attention is returned: the two directions compared on a doubling scale.

The index is log2(a / b): a, how visible ASEAN (or a member) is in Korea's
narrative; b, how visible Korea is in ASEAN's (or in that member's outlets). 0 is
even, +1 twice as visible in Korea, -1 half. The sides name different things
(one country; an organisation, a region, eleven states), so the index is given for
each definition of ASEAN's side, and none of them is "the" answer.

Where a side has no names there is no index: narra never writes infinity.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from corpus.calendar import Quarter
from corpus.model import ENTITY_NAMES, MEMBERS
from corpus.targets import TARGETS, members_on
from results.cells import Floats
from results.estimate import Estimate, Estimator, Question
from results.figures import change, enclose, not_given, query
from results.measure import Change, Measure
from results.visibility import KOREA

# The definitions of ASEAN's side, with Korea's side; the first heads the report.
DEFINITIONS: Final = (("ASEAN", KOREA), ("ASEAN|SEA", KOREA), ("ANY", KOREA), ("ASEAN", "KR"))


def index(above: Floats, below: Floats) -> Floats:
    """Give log2(above / below); a zero on one side is infinite (and refused later), on both undefined."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log2(above) - np.log2(below))


def combine(korea: Estimate, asean: Estimate, partner: str = "ASEAN") -> Estimate:
    """Make one answer of two sides, whose replicates are drawn independently of each other.

    Its n and numerator are those of the side with the fewer names, which limits it.
    """
    refusals = _said(korea.refusals, asean.refusals, partner)
    limiting = min(korea, asean, key=lambda side: side.numerator)
    return Estimate(
        value=float(index(np.float64(korea.value), np.float64(asean.value))),  # type: ignore[arg-type]
        replicates=np.empty(0) if refusals else index(korea.replicates, asean.replicates),
        n=limiting.n,
        numerator=limiting.numerator,
        outlets=min(korea.outlets, asean.outlets, key=len),
        effective=min(korea.effective, asean.effective),
        refusals=refusals,
        notes=_said(korea.notes, asean.notes, partner),
    )


def _said(korea: tuple[str, ...], asean: tuple[str, ...], partner: str) -> tuple[str, ...]:
    return (*(f"Korea's side: {said}" for said in korea), *(f"the side of {partner}: {said}" for said in asean))


def symmetry(estimator: Estimator, asean: str, korea: str, quarter: Quarter) -> Measure:
    """Give the index of the two narratives for one definition of either side (documents)."""
    definition = (
        f"log2 of (attention share of {TARGETS[asean].label} in Korea's narrative, divided by "
        f"that of {TARGETS[korea].label} in ASEAN's)"
    )
    measure = _compare(estimator, Question("korea", asean), Question("asean", korea), quarter, definition)
    return replace(measure, name="symmetry" if korea == KOREA else f"symmetry-{korea}")


def member_symmetry(estimator: Estimator, member: str, quarter: Quarter) -> Measure:
    """Give the index of Korea and one member: each in the other's outlets (documents)."""
    name = ENTITY_NAMES[member]
    definition = (
        f"log2 of (attention share of {name} in Korea's narrative, divided by that of Korea in the outlets of {name})"
    )
    questions = Question("korea", member), Question("asean", KOREA, country=member)
    return replace(_compare(estimator, *questions, quarter, definition), name="symmetry-member")


def symmetries(estimator: Estimator, quarter: Quarter) -> list[Measure]:
    """Give all indices of a quarter."""
    today = members_on(quarter.last.isoformat())
    return [
        *(symmetry(estimator, asean, korea, quarter) for asean, korea in DEFINITIONS),
        *(member_symmetry(estimator, code, quarter) for code in MEMBERS if code in today),
    ]


def _compare(estimator: Estimator, korea: Question, asean: Question, quarter: Quarter, definition: str) -> Measure:
    sides = estimator.estimate(korea, quarter), estimator.estimate(asean, quarter)
    both = combine(*sides, partner=_partner(asean))
    found = enclose(both.value, both.replicates, both.refusals, estimator.settings.confidence)
    changes = [
        _change(estimator, korea, asean, quarter, then) if found.value is not None else not_given(then)
        for then in (quarter.previous, quarter.year_before)
    ]
    return Measure(
        name="symmetry",
        narrative="both",
        target=korea.target,
        quarter=quarter,
        unit="documents",
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
        evidence=(
            query(estimator.settings, korea, quarter, sides[0].outlets),
            query(estimator.settings, asean, quarter, sides[1].outlets),
        ),
        previous=changes[0],
        year=changes[1],
    )


def _change(estimator: Estimator, korea: Question, asean: Question, quarter: Quarter, earlier: Quarter) -> Change:
    now, then = zip(estimator.pair(korea, quarter, earlier), estimator.pair(asean, quarter, earlier), strict=True)
    partner = _partner(asean)
    both = combine(*now, partner=partner), combine(*then, partner=partner)
    return change(*both, earlier, estimator.settings.confidence)


def _partner(asean: Question) -> str:
    return ENTITY_NAMES[asean.country] if asean.country else "ASEAN"
