"""Members read against chance: is attention returned, and which members are out of step (`results.null`)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corpus.calendar import Quarter
from corpus.model import ENTITY_NAMES, MEMBERS
from corpus.targets import members_on
from results.estimate import Estimate, Estimator, Question
from results.figures import enclose
from results.language import say
from results.multiple import LEVEL
from results.null import Asymmetry, Reciprocity, reciprocity_against_null, symmetry_against_null
from results.symmetry import combine
from results.visibility import KOREA


@dataclass(frozen=True, slots=True)
class Step:
    """One member against the profile common to both sides.

    Attributes:
        member: its code.
        value: log2 of (its part of Korea's attention to members / its part of members' attention to Korea).
        low: lower end of what chance gives.
        high: upper end.
        p: how often chance is as far out.
        q: p corrected over the members.
    """

    member: str
    value: float
    low: float
    high: float
    p: float
    q: float

    @property
    def out(self) -> bool:
        """Whether the member is out of step, after correction."""
        return self.q < LEVEL


@dataclass(frozen=True, slots=True)
class Returned:
    """How much attention is returned: see `results.null.Reciprocity`."""

    value: float
    expected: float
    low: float
    high: float
    rho: float
    p: float


@dataclass(frozen=True, slots=True)
class Pairs:
    """All members against chance, in one quarter.

    Attributes:
        quarter: when.
        steps: by value, highest first; empty where refused.
        returned: how much attention is returned; None where refused.
        refusals: why there is neither; empty where there is.
        left_out: members without a figure on a side, with the reason.
    """

    quarter: Quarter
    steps: tuple[Step, ...]
    returned: Returned | None
    refusals: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]


def pairs(estimator: Estimator, quarter: Quarter) -> Pairs:
    """Compare each member's part of Korea's attention with its part of the attention to Korea."""
    today = members_on(quarter.last.isoformat())
    asked = [(code, _sides(estimator, code, quarter)) for code in MEMBERS if code in today]
    left_out = tuple((code, reason) for code, sides in asked if (reason := _reason(estimator, code, sides)))
    kept = [(code, sides) for code, sides in asked if code not in dict(left_out)]
    there, back = (np.array([sides[side].value for _, sides in kept]) for side in (0, 1))
    if not kept:
        return Pairs(quarter, (), None, (say("no member has a figure on both sides"),), left_out)
    drawn = tuple(np.stack([sides[side].replicates for _, sides in kept], axis=1) for side in (0, 1))
    confidence = estimator.settings.confidence
    found = symmetry_against_null([code for code, _ in kept], there, back, drawn[0], drawn[1], confidence)
    rng = estimator.generator("pairs", str(quarter))
    returned = reciprocity_against_null(there, back, rng=rng, confidence=confidence)
    return Pairs(quarter, _steps(found), _returned(returned), found.refusals or returned.refusals, left_out)


def _sides(estimator: Estimator, code: str, quarter: Quarter) -> tuple[Estimate, Estimate]:
    there = estimator.estimate(Question("korea", code), quarter)
    return there, estimator.estimate(Question("asean", KOREA, country=code), quarter)


def _reason(estimator: Estimator, code: str, sides: tuple[Estimate, Estimate]) -> str:
    """Say why a member's two shares can't be compared, "" where they can: then its symmetry has an interval."""
    both = combine(*sides, partner=ENTITY_NAMES[code])
    found = enclose(both.value, both.replicates, both.refusals, estimator.settings.confidence)
    return found.reasons[0] if found.reasons else ""


def _steps(found: Asymmetry) -> tuple[Step, ...]:
    if found.refusals:
        return ()
    columns = zip(found.members, found.values, found.low, found.high, found.p, found.q, strict=True)
    steps = [Step(member, *map(float, numbers)) for member, *numbers in columns]
    return tuple(sorted(steps, key=lambda step: (-step.value, step.member)))


def _returned(found: Reciprocity) -> Returned | None:
    if found.refusals:
        return None
    return Returned(*map(float, (found.value, found.expected, found.low, found.high, found.rho, found.p)))
