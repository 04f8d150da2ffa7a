"""The essay's ten claims, each answered by a figure of the report, or by the reason why it can't be.

A claim is *supported* or *contradicted* only where a whole interval lies on one side of
what would be even. Anything else *can't be told*; and where a figure is refused there is
*no answer*. One verdict rests on the figures it names, and they are linked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from results import sentences, words
from results.language import quarter, say
from results.measure import Measure
from results.moves import OFFICIAL
from results.notes import Unreliable
from results.quarterly import QuarterResults
from results.visibility import KOREA

Verdict = Literal["supported", "contradicted", "can't be told", "no answer"]
_SHOWN: Final[dict[Verdict, str]] = {
    "supported": "supported",
    "contradicted": "contradicted",
    "can't be told": "can't be told",
    "no answer": "no answer",
}
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim and its answer.

    Attributes:
        number: in the essay (docs/methods.md).
        text: the claim.
        verdict: see the module; a key, which `shown` says.
        said: what the figures say, a sentence each.
        figures: ids of the figures it rests on; empty where it rests on a section.
        section: the part of the page to read on in.
        changes: of its first figure, since the time before and since a year before.
    """

    number: int
    text: str
    verdict: Verdict
    said: tuple[str, ...]
    figures: tuple[str, ...]
    section: str
    changes: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The verdict in words."""
        return say(_SHOWN[self.verdict])


def scorecard(results: QuarterResults) -> tuple[Claim, ...]:
    """Answer the ten claims."""
    now, talk = results.now, _talk(results)
    return (
        _measured(1, say("Korean media say “Southeast Asia” more than “ASEAN”."), now("brand"), _below, "brand"),
        _measured(
            2,
            say(
                "ASEAN is an elite word: it comes with summits and diplomacy, more than the region and its members do."
            ),
            [*talk("summit-asean-region"), *talk("summit-asean-members")],
            _above_zero,
            "frames",
        ),
        _measured(
            3,
            say("Members are more visible than the organisation: most of what names either does not name ASEAN."),
            now("institution"),
            _below,
            "brand",
        ),
        _measured(
            4,
            say(
                "Culture flows one way: talk of Korea on ASEAN's side is about culture more than "
                "Korea's talk of members."
            ),
            talk("culture-sides"),
            _above_zero,
            "frames",
        ),
        _measured(
            5,
            say(
                "Education: talk of Korea on ASEAN's side is about education and youth more than "
                "Korea's talk of members."
            ),
            talk("education-sides"),
            _above_zero,
            "frames",
        ),
        _measured(
            6,
            say(
                "Tourism is where Korea looks toward ASEAN: its talk of members is about tourism more than "
                "ASEAN's talk of Korea."
            ),
            talk("tourism-sides"),
            _above_zero,
            "frames",
        ),
        _led(results),
        _measured(
            8,
            say(
                "Diplomacy is transactional: of the talk that leans, most leans to transactions, "
                "not to mutual exchange."
            ),
            [m for m in talk("exchange") if m.target.startswith((f"{KOREA}#", "ASEAN#"))],
            _below,
            "frames",
        ),
        _taken_up(results),
        _measured(
            10,
            say("The whole relation: Korea is more visible in ASEAN's narrative than ASEAN is in Korea's."),
            [m for m in now("symmetry") if m.target == "ASEAN"],
            lambda measure: _flipped(_above_zero(measure)),
            "symmetry",
        ),
    )


def _talk(results: QuarterResults) -> Callable[[str], list[Measure]]:
    return lambda name: [m for m in results.talk if m.name == name]


def _measured(
    number: int, text: str, measures: Sequence[Measure], judge: Callable[[Measure], Verdict], section: str
) -> Claim:
    verdict = joined([judge(m) for m in measures])
    said = tuple(_said(m) for m in measures)
    changes = _changes(measures[0]) if measures else ()
    return Claim(number, text, verdict, said, tuple(f"figure-{m.id}" for m in measures), section, changes)


def joined(verdicts: Sequence[Verdict]) -> Verdict:
    """Give one verdict for several figures: theirs where all agree, else it can't be told."""
    told = set(verdicts)
    if not told:
        return "no answer"
    return told.pop() if len(told) == 1 else "can't be told"


def _below(measure: Measure) -> Verdict:
    """Judge a claim that a share is below one half."""
    if measure.low is None or measure.high is None:
        return "no answer"
    return "supported" if measure.high < _HALF else "contradicted" if measure.low > _HALF else "can't be told"


def _above_zero(measure: Measure) -> Verdict:
    """Judge a claim that the first of two shares is the larger."""
    if measure.low is None or measure.high is None:
        return "no answer"
    return "supported" if measure.low > 0 else "contradicted" if measure.high < 0 else "can't be told"


def _flipped(verdict: Verdict) -> Verdict:
    return {"supported": "contradicted", "contradicted": "supported"}.get(verdict, verdict)  # type: ignore[return-value]


def _said(measure: Measure) -> str:
    title = words.title(measure)
    title = title[:1].upper() + title[1:]
    if measure.value is None:
        return say("{figure}: not given, {reason}.", figure=title, reason=measure.reason)
    given = words.as_ratio(measure) or say(
        "{value} ({interval})", value=words.value(measure), interval=words.interval(measure)
    )
    said = say("{figure}: {value}, {rests}.", figure=title, value=given, rests=words.sample(measure))
    return " ".join(
        [said, *(f"{flag[:1].upper()}{flag[1:]}." for flag in measure.flags if isinstance(flag, Unreliable))]
    )


def _changes(measure: Measure) -> tuple[str, ...]:
    if measure.value is None:
        return ()
    found = {c.against: words.change(measure, c) for c in (measure.previous, measure.year) if c is not None}
    return tuple(say("since {quarter}: {change}", quarter=quarter(when), change=said) for when, said in found.items())


def _led(results: QuarterResults) -> Claim:
    text = say("The state leads: official statements precede news.")
    own = [lead for lead in results.leads if lead.leader == OFFICIAL]
    given = [lead for lead in own if not lead.refusals]
    verdict: Verdict = "no answer" if not given else "can't be told"
    if any(lead.precedes for lead in given):
        verdict = "supported"
    return Claim(7, text, verdict, tuple(sentences.lead(lead) for lead in own), (), "first")


def _taken_up(results: QuarterResults) -> Claim:
    text = say("ASEAN projects itself: Korean news takes up the Secretariat's statements.")
    found = results.taken
    if found is None:
        return Claim(9, text, "no answer", (say("It was not looked at."),), (), "first")
    verdict: Verdict = "no answer"
    if found.low is not None and found.high is not None:
        verdict = "supported" if found.low > 0 else "contradicted" if found.high < 0 else "can't be told"
    return Claim(9, text, verdict, (sentences.taken(found),), (), "first")
