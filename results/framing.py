"""What the talk is about: shares of frames and pillars among the documents that name a target, and two scales.

They answer five of the essay's claims (docs/methods.md): whether ASEAN is an elite word
(2), whose culture flows where (4), who studies where (5), who travels where (6), and
how transactional the talk is (8).

A share of a frame is taken of the documents that were framed for the target, ``none``
among them: so the shares of all frames and ``none`` add up to one. A scale's figure is
taken of the documents that say anything on that scale.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from corpus.calendar import Quarter
from corpus.model import NARRATIVE_NAMES, Narrative
from nlp.frames.model import FRAMES, LANGUAGES, NONE, PILLARS
from nlp.frames.reliability import reliability
from results.cells import framed
from results.estimate import Estimator, Question
from results.figures import share
from results.language import listed, say
from results.measure import Measure, Side
from results.notes import Unreliable
from results.ratio import Term, ratio
from results.visibility import KOREA

FRAMED: Final = "framed"
SUBJECTS: Final[tuple[tuple[Narrative, str], ...]] = (
    ("korea", "ASEAN"),
    ("korea", "SEA"),
    ("korea", "MEMBER"),
    ("asean", KOREA),
)
"""Whose talk, of what: Korea's of the organisation, the region and the members, and ASEAN's of Korea."""


WAY_SUBJECTS: Final[tuple[tuple[Narrative, str], ...]] = (("korea", "MEMBER"), ("asean", KOREA))


@dataclass(frozen=True, slots=True)
class Label:
    """What is counted under a framing.

    Attributes:
        name: of the measure.
        numerator: the label counted.
        denominator: the label it is a share of.
        definition: the formula in words.
    """

    name: str
    numerator: str
    denominator: str
    definition: str


_OF_FRAMED: Final = "documents in which the sentences that name it, and the headline, are mostly about this"
LABELS: Final[tuple[Label, ...]] = (
    *(Label("frame", f, FRAMED, f"{_OF_FRAMED} / all documents that name it") for f in (*FRAMES, NONE)),
    *(
        Label("pillar", f"pillar:{p}", FRAMED, f"{_OF_FRAMED} pillar's frames / all documents that name it")
        for p in PILLARS
    ),
    Label(
        "exchange",
        "exchange:mutual",
        "exchange",
        "documents whose words around it lean to mutual exchange / those with words of exchange or of transactions",
    ),
    Label(
        "people",
        "people:people",
        "people",
        "documents whose words around it lean to people / those with words of either end, people or elite",
    ),
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two shares set against each other.

    Attributes:
        claim: the number of the essay's claim it speaks to.
        name: of the measure.
        label: what is counted.
        above: whose talk of what …
        below: … against whose of what.
    """

    claim: int
    name: str
    label: Label
    above: tuple[Narrative, str]
    below: tuple[Narrative, str]


_WORDS: Final = {
    "ASEAN": "ASEAN",
    "SEA": "Southeast Asia",
    "MEMBER": "member states",
    KOREA: "Korea",
}
_BY_NAME: Final = {label.numerator: label for label in LABELS}
COMPARISONS: Final[tuple[Comparison, ...]] = (
    Comparison(2, "summit-asean-region", _BY_NAME["summit"], ("korea", "ASEAN"), ("korea", "SEA")),
    Comparison(2, "summit-asean-members", _BY_NAME["summit"], ("korea", "ASEAN"), ("korea", "MEMBER")),
    Comparison(2, "people-asean-region", _BY_NAME["people:people"], ("korea", "ASEAN"), ("korea", "SEA")),
    Comparison(2, "people-asean-members", _BY_NAME["people:people"], ("korea", "ASEAN"), ("korea", "MEMBER")),
    Comparison(4, "culture-sides", _BY_NAME["culture"], ("asean", KOREA), ("korea", "MEMBER")),
    Comparison(5, "education-sides", _BY_NAME["education"], ("asean", KOREA), ("korea", "MEMBER")),
    Comparison(6, "tourism-sides", _BY_NAME["tourism"], ("korea", "MEMBER"), ("asean", KOREA)),
)


@dataclass(frozen=True, slots=True)
class Way:
    """A direction that documents of a frame speak of.

    Attributes:
        claim: the number of the essay's claim.
        frame: the frame in which it is asked.
        way: the direction counted …
        other: … and its opposite: the share is of documents that speak of one of the two alone.
        words: in words.
    """

    claim: int
    frame: str
    way: str
    other: str
    words: str


WAYS: Final[tuple[Way, ...]] = (
    Way(4, "culture", "korea", "asean", "of Korea's culture, and not of ASEAN's"),
    Way(5, "education", "to_korea", "to_asean", "of students who come to Korea, and not of those who go to ASEAN"),
    Way(6, "tourism", "to_asean", "to_korea", "of visitors to ASEAN, and not of visitors to Korea"),
)


def framings(estimator: Estimator, quarter: Quarter) -> Iterator[Measure]:
    """Measure every label for every subject in a quarter, then the comparisons and the ways."""
    for narrative, target in SUBJECTS:
        for label in LABELS:
            yield framing(estimator, narrative, target, label, quarter)
    for comparison in COMPARISONS:
        yield compared(estimator, comparison, quarter)
    for narrative, target in WAY_SUBJECTS:
        for way in WAYS:
            yield directed(estimator, narrative, target, way, quarter)


def framing(estimator: Estimator, narrative: Narrative, target: str, label: Label, quarter: Quarter) -> Measure:
    """Measure one label for one target: a ratio of sums over the panel, every document alike.

    Where the frame can't be told reliably in a language of the narrative, a flag says so.
    """
    measure = share(estimator, label.name, _asked(narrative, target, label), quarter, say(label.definition))
    return _flagged(measure, label.numerator, (narrative,))


def _flagged(measure: Measure, frame: str, sides: Iterable[Narrative]) -> Measure:
    """Add where a frame can't be told reliably, to a measure that has a value."""
    unsure = [_unreliable(bad) for side in sorted(set(sides)) if (bad := unreliable(frame, side))]
    return replace(measure, flags=(*measure.flags, *unsure)) if measure.value is not None else measure


def _unreliable(languages: tuple[str, ...]) -> Unreliable:
    said = say("unreliable: in texts of {languages} this frame is told too seldom rightly", languages=listed(languages))
    return Unreliable(said)


@cache
def unreliable(frame: str, narrative: Narrative) -> tuple[str, ...]:
    """Give the languages of a narrative in which a frame is told too seldom rightly (docs/frames.md)."""
    if frame not in {*FRAMES, NONE}:
        return ()
    spoken = ("ko",) if narrative == "korea" else tuple(code for code in LANGUAGES if code != "ko")
    return tuple(code for code in spoken if not reliability(frame, code).reliable)


def compared(estimator: Estimator, comparison: Comparison, quarter: Quarter) -> Measure:
    """Give log2 of one share over another, such as summits around ASEAN over summits around the region."""
    above, below = (
        Term(
            _asked(narrative, target, comparison.label),
            say("{target} in {side}", target=say(_WORDS[target]), side=say(NARRATIVE_NAMES[narrative])),
        )
        for narrative, target in (comparison.above, comparison.below)
    )
    sides = {comparison.above[0], comparison.below[0]}
    narrative: Side = comparison.above[0] if len(sides) == 1 else "both"
    what = comparison.label.numerator
    definition = say(
        "log2 of (share of {frame} around {above}, divided by that around {below})",
        frame=say(what),
        above=above.said,
        below=below.said,
    )
    measure = ratio(
        estimator,
        (above, below),
        quarter,
        name=comparison.name,
        narrative=narrative,
        definition=definition,
        once=True,
    )
    return _flagged(measure, what, sides)


def directed(estimator: Estimator, narrative: Narrative, target: str, way: Way, quarter: Quarter) -> Measure:
    """Measure a direction: documents that speak of one way alone, of those that speak of one way or of the other."""
    question = Question(
        narrative,
        framed(target, f"{way.frame}:{way.way}"),
        among=framed(target, f"{way.frame}:either"),
        average="documents",
    )
    definition = say(
        "of the documents about {frame} around {target} in {side} that tell a direction, the share that speak {words}",
        frame=say(way.frame),
        target=say(_WORDS[target]),
        side=say(NARRATIVE_NAMES[narrative]),
        words=say(way.words),
    )
    return _flagged(share(estimator, "way", question, quarter, definition), way.frame, (narrative,))


def _asked(narrative: Narrative, target: str, label: Label) -> Question:
    return Question(
        narrative,
        framed(target, label.numerator),
        among=framed(target, label.denominator),
        average="documents",
    )
