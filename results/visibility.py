"""How visible a target is: attention shares, the brand share, the institution among its members."""

from __future__ import annotations

from typing import Final

from corpus.calendar import Quarter
from corpus.model import MEMBERS, NARRATIVE_NAMES, Narrative
from corpus.targets import TARGETS, members_on
from results.cells import UNITS, Unit
from results.estimate import Estimator, Question
from results.figures import share
from results.language import say
from results.measure import Measure

# Korea in ASEAN's narrative: papers that write plain "Korea" nearly always mean the
# South. "KR" alone, the strict reading, is reported beside it.
KOREA: Final = "KR|KOREA"
ASEAN_TARGETS: Final = ("ASEAN", "SEA", "ASEAN|SEA", "ANY")
KOREA_TARGETS: Final = (KOREA, "KR")
BRAND_PARTS: Final = {"ASEAN-SEA": "only ASEAN", "ASEAN&SEA": "both", "SEA-ASEAN": "only Southeast Asia"}


def attention(estimator: Estimator, narrative: Narrative, target: str, quarter: Quarter, unit: Unit) -> Measure:
    """Give the attention share: what names the target / everything, per outlet, averaged over the panel.

    Formula: (1 / K) * sum over outlets k of (naming_k / all_k), K outlets, in
    ``unit`` (Kiousis 2004 for keeping documents, headlines and sentences apart).
    ``documents`` counts every copy (reach), ``stories`` one document a story
    (independent choice).
    """
    definition = say(
        "{units} of {narrative} that name {target}, divided by all its {units}: per outlet, then averaged over the "
        "panel",
        units=say(unit),
        narrative=say(NARRATIVE_NAMES[narrative]),
        target=say(TARGETS[target].label),
    )
    return share(estimator, "attention", Question(narrative, target, unit=unit), quarter, definition)


def attentions(estimator: Estimator, quarter: Quarter) -> list[Measure]:
    """Give all attention shares of both directions, in every unit."""
    wanted: list[tuple[Narrative, str]] = [("korea", target) for target in ASEAN_TARGETS]
    wanted += [("asean", target) for target in KOREA_TARGETS]
    return [attention(estimator, side, target, quarter, unit) for side, target in wanted for unit in UNITS]


def members(estimator: Estimator, quarter: Quarter) -> list[Measure]:
    """Give how visible each state that was a member is in Korea's narrative (documents)."""
    return [attention(estimator, "korea", code, quarter, "documents") for code in _members(quarter)]


def korea_in(estimator: Estimator, member: str, quarter: Quarter) -> Measure:
    """Give how visible Korea is in the outlets of one member (documents, averaged over its outlets)."""
    question = Question("asean", KOREA, country=member)
    definition = say(
        "documents of {member}'s outlets that name South Korea or plain Korea, per outlet, then averaged",
        member=say(TARGETS[member].label),
    )
    return share(estimator, f"korea-in-{member}", question, quarter, definition)


def brand(estimator: Estimator, quarter: Quarter) -> Measure:
    """Give the brand share: documents naming ASEAN / documents naming ASEAN or Southeast Asia.

    A ratio of sums over the panel: per outlet there are too few such documents.
    """
    question = Question("korea", "ASEAN", among="ASEAN|SEA", average="documents")
    definition = say(
        "of the documents of Korea's narrative that name ASEAN or Southeast Asia, the share that name ASEAN"
    )
    return share(estimator, "brand", question, quarter, definition)


def brand_parts(estimator: Estimator, quarter: Quarter) -> list[Measure]:
    """Give the parts of what names ASEAN or Southeast Asia: only the one, both, only the other. They add up to 1."""
    return [
        share(
            estimator,
            "brand-part",
            Question("korea", part, among="ASEAN|SEA", average="documents"),
            quarter,
            say(
                "of the documents of Korea's narrative that name ASEAN or Southeast Asia, the share that name {words}",
                words=say(words),
            ),
        )
        for part, words in BRAND_PARTS.items()
    ]


def institution(estimator: Estimator, quarter: Quarter) -> Measure:
    """Give the institution share: documents naming ASEAN / documents naming ASEAN, the region or any member."""
    question = Question("korea", "ASEAN", among="ANY", average="documents")
    definition = say(
        "of the documents of Korea's narrative that name ASEAN, the region or any member, the share that name ASEAN"
    )
    return share(estimator, "institution", question, quarter, definition)


def comentions(estimator: Estimator, quarter: Quarter) -> list[Measure]:
    """Give, for each member, the share of the documents naming it that also name ASEAN (ratio of sums)."""
    return [
        share(
            estimator,
            "comention",
            Question("korea", f"ASEAN&{code}", among=code, average="documents"),
            quarter,
            say(
                "of the documents of Korea's narrative that name {member}, the share that also name ASEAN",
                member=say(TARGETS[code].label),
            ),
        )
        for code in _members(quarter)
    ]


def profile(estimator: Estimator, quarter: Quarter) -> list[Measure]:
    """Give how Korea's attention to members is spread: of the documents naming any member, the share naming each.

    A document that names three members counts for each, so the shares add up to more
    than 1. Before them, the share that also names ASEAN: whether members are seen as members.
    A state that joined within the quarter is in no profile of it.
    """
    whole = set(members_on(quarter.first.isoformat())) & set(_members(quarter))
    asked = ["ASEAN&MEMBER", *(code for code in MEMBERS if code in whole)]
    return [
        share(
            estimator,
            "profile",
            Question("korea", target, among="MEMBER", average="documents"),
            quarter,
            _of_members(target),
        )
        for target in asked
    ]


def _of_members(target: str) -> str:
    if target == "ASEAN&MEMBER":
        return say("of the documents of Korea's narrative that name any member state, the share that also name ASEAN")
    return say(
        "of the documents of Korea's narrative that name any member state, the share that name {member}",
        member=say(TARGETS[target].label),
    )


def _members(quarter: Quarter) -> tuple[str, ...]:
    today = members_on(quarter.last.isoformat())
    return tuple(code for code in MEMBERS if code in today)
