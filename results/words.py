"""Figures in words: sentences that never say more than the interval allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from corpus.model import ENTITY_NAMES, NARRATIVE_NAMES
from corpus.targets import TARGETS
from results.language import say
from results.measure import Change, Measure
from results.notes import Common

# U+2212, U+2013 and the thin space are what a printed report uses; CSV tables hold plain numbers.
_MINUS: Final = "\N{MINUS SIGN}"
_HALF: Final = 0.5
NO_CHANGE: Final = "no detectable change"
_TARGETS: Final = {
    "KR": "South Korea (named as such)",
    "KR|KOREA": "Korea",
    "ANY": "ASEAN, the region or a member",
    "ASEAN-SEA": "only ASEAN",
    "SEA-ASEAN": "only Southeast Asia",
    "ASEAN&MEMBER": "ASEAN",
    "ASEAN&SEA": "both",
    "MEMBER": "members",
}
_OTHERS: Final = {
    name: target.label
    for name, target in TARGETS.items()
    if name not in _TARGETS and name not in ENTITY_NAMES and not name.startswith("ASEAN&")
}
# Of documents whose surroundings of a target were framed so (`results.framing`).
LABELS: Final = {
    "summit": "summits and diplomacy",
    "security": "security",
    "trade": "trade and investment",
    "development": "development",
    "culture": "culture and Hallyu",
    "education": "education and youth",
    "tourism": "tourism",
    "migration": "migration and labour",
    "disaster": "disaster and climate",
    "health": "health",
    "sport": "sport",
    "none": "nothing that words decide",
    "pillar:political-security": "the political-security pillar",
    "pillar:economic": "the economic pillar",
    "pillar:socio-cultural": "the socio-cultural pillar",
    "exchange:mutual": "mutual exchange, rather than transactions",
    "people:people": "people, rather than the elite",
    "culture:korea": "Korea's culture, rather than ASEAN's",
    "education:to_korea": "students coming to Korea, rather than going to ASEAN",
    "tourism:to_asean": "visitors to ASEAN, rather than to Korea",
}
_NAMES: Final = {
    "frame": "what it is about",
    "pillar": "by ASEAN's pillars",
    "exchange": "mutual or transactional",
    "people": "people or elite",
    "topic": "by topics",
    "way": "direction",
    "summit-asean-region": "summits around ASEAN, against those around the region",
    "summit-asean-members": "summits around ASEAN, against those around members",
    "people-asean-region": "people around ASEAN, against those around the region",
    "people-asean-members": "people around ASEAN, against those around members",
    "culture-sides": "culture around Korea on ASEAN's side, against that around members in Korea",
    "education-sides": "education around Korea on ASEAN's side, against that around members in Korea",
    "tourism-sides": "tourism around members in Korea, against that around Korea on ASEAN's side",
    "attention": "attention share",
    "brand": "brand share",
    "brand-part": "brand share in parts",
    "institution": "institution share",
    "comention": "named with ASEAN",
    "symmetry": "symmetry",
    "symmetry-KR": "symmetry, South Korea named as such",
    "symmetry-member": "symmetry with a member",
    "profile": "share of what names any member",
    "reach": "reach against choice",
    "reprinted": "share that is reprinted",
}


def decimals(*shares: float | None) -> int:
    """Give how many decimals of a percentage keep these shares apart from zero and from each other (1 to 3)."""
    sizes = [abs(share) for share in shares if share]
    smallest = max(sizes, default=1.0)
    return 1 if smallest >= 0.01 else 2 if smallest >= 0.001 else 3  # noqa: PLR2004 one, a tenth of a percent


def percent(share: float, places: int = 1) -> str:
    """Write a share: ``36.5 %``, with a no-break space."""
    return say("{number}\N{NO-BREAK SPACE}%", number=f"{share * 100:.{places}f}".replace("-", _MINUS))


def signed(number: float, places: int = 1) -> str:
    """Write a number with its sign: ``+1.5``."""
    return f"{round(number, places) + 0.0:+.{places}f}".replace("-", _MINUS)  # + 0.0: no minus before a zero


def ratio(log2: float) -> str:
    """Write a symmetry index as a ratio: ``1.52``."""
    value = 2**log2
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"  # noqa: PLR2004 two figures are enough


def value(measure: Measure) -> str:
    """Write the value: a percentage, or the index with its sign; a dash where there is none."""
    if measure.value is None:
        return "\N{EM DASH}"
    if measure.scale == "log2":
        return signed(measure.value, 2)
    return percent(measure.value, decimals(measure.value, measure.low, measure.high))


def interval(measure: Measure) -> str:
    """Write the interval: ``28.0 to 43.6 %``, "" where there is none."""
    if measure.low is None or measure.high is None:
        return ""
    if measure.scale == "log2":
        return say("{low} to {high}", low=signed(measure.low, 2), high=signed(measure.high, 2))
    places = decimals(measure.value, measure.low, measure.high)
    return between(measure.low, measure.high, places)


def between(low: float, high: float, places: int) -> str:
    """Write the ends of an interval of shares: ``28.0 to 43.6 %``."""
    return say("{low} to {high}", low=f"{low * 100:.{places}f}", high=percent(high, places))


def sample(measure: Measure) -> str:
    """Write what it rests on: ``170 of 466 documents``; where two sides are compared, the side with fewer names."""
    rests = out_of(measure.numerator, measure.n, measure.unit)
    return say("the side with fewer names: {rests}", rests=rests) if measure.narrative == "both" else rests


def out_of(numerator: int, n: int, unit: str = "documents") -> str:
    """Write a part of a whole: ``170 of 466 documents``."""
    return say("{some:,} of {all:,} {units}", some=numerator, all=n, units=say(unit))


def as_ratio(measure: Measure) -> str:
    """Write a symmetry index as what it means, ``0.76 times (0.30 to 1.79)``; "" for anything else."""
    if measure.scale != "log2" or measure.value is None or measure.low is None or measure.high is None:
        return ""
    return times(ratio(measure.value), ratio(measure.low), ratio(measure.high))


def times(number: str, low: str, high: str) -> str:
    """Write a ratio with its interval: ``0.76 times (0.30 to 1.79)``."""
    return say("{number} times ({low} to {high})", number=number, low=low, high=high)


def change(measure: Measure, since: Change | None) -> str:
    """Write a change with its interval, or why there is none."""
    if since is None:
        return ""
    if since.value is None or since.low is None or since.high is None:
        return not_computable(since)
    if measure.scale == "log2":
        said = with_ends(signed(since.value, 2), signed(since.low, 2), signed(since.high, 2))
    else:
        places = decimals(since.value, since.low, since.high)
        said = points(*(signed(number * 100, places) for number in (since.value, since.low, since.high)))
    verdict = detectable(since, said)
    notes = [flag for flag in since.flags if isinstance(flag, Common)]
    return f"{verdict}; {notes[0]}" if notes else verdict


def not_computable(since: Change) -> str:
    """Say why there is no change."""
    return say("not computable: {reason}", reason=since.flags[0])


def detectable(since: Change, said: str) -> str:
    """Give what is said of a change, led by "no detectable change" where there is none."""
    return said if since.detectable else say("no detectable change: {change}", change=said)


def with_ends(number: str, low: str, high: str) -> str:
    """Write a number with its interval: ``+0.14 (-0.20 to +0.48)``."""
    return say("{number} ({low} to {high})", number=number, low=low, high=high)


def points(number: str, low: str, high: str) -> str:
    """Write a change of a share: ``+1.5 points (-0.2 to +3.2)``."""
    return say("{number} points ({low} to {high})", number=number, low=low, high=high)


def headline(measure: Measure) -> str:
    """Say a headline figure in one or two sentences.

    Raises:
        KeyError: it is no headline figure.
    """
    if measure.value is None:
        return say("{figure} can't be given honestly: {reason}.", figure=_subject(measure), reason=measure.reason)
    return _SENTENCES[measure.name, measure.narrative](measure)


def _subject(measure: Measure) -> str:
    if measure.name == "brand":
        return say("The brand share")
    if measure.name == "symmetry":
        return say("The symmetry of the two narratives")
    if measure.narrative == "korea":
        return say("The attention to {target} in Korea's narrative", target=target(measure.target))
    return say("The attention to {target} in ASEAN's narrative", target=target(measure.target))


def _brand(measure: Measure) -> str:
    assert measure.value is not None  # noqa: S101 `headline` has asked
    assert measure.low is not None  # noqa: S101 a value has an interval
    assert measure.high is not None  # noqa: S101 the same
    if measure.high < _HALF:
        verdict = say("Fewer than half of them name ASEAN at all; the others say only Southeast Asia.")
    elif measure.low > _HALF:
        verdict = say("More than half of them name ASEAN.")
    else:
        verdict = say("The interval holds one half, so it can't be told whether most of them name ASEAN.")
    said = say(
        "Of the {n:,} documents in Korea's narrative that name ASEAN or Southeast Asia, {value} name ASEAN ({ends}).",
        n=measure.n,
        value=value(measure),
        ends=interval(measure),
    )
    return f"{said} {verdict}"


def _attention_korea(measure: Measure) -> str:
    return say(
        "The average outlet in Korea names {target} in {value} of its documents ({ends}).",
        target=target(measure.target),
        value=value(measure),
        ends=interval(measure),
    )


def _attention_asean(measure: Measure) -> str:
    return say(
        "The average outlet on ASEAN's side names {target} in {value} of its documents ({ends}).",
        target=target(measure.target),
        value=value(measure),
        ends=interval(measure),
    )


def _symmetry(measure: Measure) -> str:
    assert measure.value is not None  # noqa: S101 `headline` has asked
    assert measure.low is not None  # noqa: S101 a value has an interval
    assert measure.high is not None  # noqa: S101 the same
    said = say(
        "ASEAN is {value} times as visible in Korea's narrative as Korea is in ASEAN's ({low} to {high}).",
        value=ratio(measure.value),
        low=ratio(measure.low),
        high=ratio(measure.high),
    )
    if measure.low > 0:
        verdict = say("ASEAN is the more visible of the two.")
    elif measure.high < 0:
        verdict = say("Korea is the more visible of the two.")
    else:
        verdict = say("The interval holds 1, so it can't be told which of the two is the more visible.")
    return f"{said} {verdict}"


_SENTENCES: Final[dict[tuple[str, str], Callable[[Measure], str]]] = {
    ("brand", "korea"): _brand,
    ("attention", "korea"): _attention_korea,
    ("attention", "asean"): _attention_asean,
    ("symmetry", "both"): _symmetry,
}


def target(name: str) -> str:
    """Name a target for the reader."""
    if "#" in name:
        whole, _, label = name.partition("#")
        return say("{target}, about {subject}", target=target(whole), subject=subject(label))
    if name in _TARGETS:
        return say(_TARGETS[name])
    if name.startswith("ASEAN&") and name[6:] in ENTITY_NAMES:
        return entity(name[6:])
    return entity(name) if name in ENTITY_NAMES else say(_OTHERS[name])


def subject(label: str) -> str:
    """Name what the talk is about, as `results.framing` labels it."""
    # Topic 7: what it is called stands in its table.
    return say(LABELS[label]) if label in LABELS else label.replace(":", " ")


def entity(code: str) -> str:
    """Name an entity."""
    return say(ENTITY_NAMES[code])


def side(narrative: str) -> str:
    """Name a narrative."""
    return say(NARRATIVE_NAMES[narrative])


def placed(name: str, narrative: str) -> str:
    """Name a target in a narrative, as a heading: ``Southeast Asia in Korea's narrative``."""
    said = target(name)
    return say("{target} in {narrative}", target=said[:1].upper() + said[1:], narrative=side(narrative))


def title(measure: Measure) -> str:
    """Name a figure for the reader: ``attention share of ASEAN, headlines``."""
    if measure.name.startswith("korea-in-"):
        return say("attention to Korea in the outlets of {member}", member=entity(measure.name[9:]))
    named = say(_NAMES[measure.name])
    if measure.name.endswith(("-region", "-members", "-sides")):  # it names both of what it compares
        return named
    if measure.unit == "documents":
        return say("{figure}: {target}", figure=named, target=target(measure.target))
    return say("{figure}: {target}, {unit}", figure=named, target=target(measure.target), unit=say(measure.unit))
