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

from corpus.calendar import Quarter
from corpus.model import ENTITY_NAMES, MEMBERS
from corpus.targets import TARGETS, members_on
from results.estimate import Estimate, Estimator, Question
from results.language import say
from results.measure import Measure
from results.ratio import Term, combined, ratio
from results.visibility import KOREA

# The definitions of ASEAN's side, with Korea's side; the first heads the report.
DEFINITIONS: Final = (("ASEAN", KOREA), ("ASEAN|SEA", KOREA), ("ANY", KOREA), ("ASEAN", "KR"))


def combine(korea: Estimate, asean: Estimate, partner: str = "ASEAN") -> Estimate:
    """Make one answer of two sides, whose replicates are drawn independently of each other.

    Its n and numerator are those of the side with the fewer names, which limits it.
    """
    return combined(korea, asean, _sides(partner))


def _sides(partner: str) -> tuple[str, str]:
    return (say("Korea's side"), say("the side of {partner}", partner=say(partner)))


def symmetry(estimator: Estimator, asean: str, korea: str, quarter: Quarter) -> Measure:
    """Give the index of the two narratives for one definition of either side (documents)."""
    definition = say(
        "log2 of (attention share of {asean} in Korea's narrative, divided by that of {korea} in ASEAN's)",
        asean=say(TARGETS[asean].label),
        korea=say(TARGETS[korea].label),
    )
    measure = _compare(estimator, Question("korea", asean), Question("asean", korea), quarter, definition)
    return replace(measure, name="symmetry" if korea == KOREA else f"symmetry-{korea}")


def member_symmetry(estimator: Estimator, member: str, quarter: Quarter) -> Measure:
    """Give the index of Korea and one member: each in the other's outlets (documents)."""
    definition = say(
        "log2 of (attention share of {member} in Korea's narrative, divided by that of Korea in the outlets of "
        "{member})",
        member=say(ENTITY_NAMES[member]),
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
    here, there = _sides(_partner(asean))
    return ratio(
        estimator,
        (Term(korea, here), Term(asean, there)),
        quarter,
        name="symmetry",
        narrative="both",
        definition=definition,
    )


def _partner(asean: Question) -> str:
    return ENTITY_NAMES[asean.country] if asean.country else "ASEAN"
