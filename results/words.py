"""Figures in words: sentences that never say more than the interval allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from corpus.model import ENTITY_NAMES
from corpus.targets import TARGETS
from results.measure import Change, Measure

NO_CHANGE: Final = "no detectable change"
# U+2212, U+2013 and the thin space are what a printed report uses; CSV tables hold plain numbers.
_MINUS: Final = "\N{MINUS SIGN}"
_HALF: Final = 0.5
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
    return f"{share * 100:.{places}f}\N{NO-BREAK SPACE}%".replace("-", _MINUS)


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
        return f"{signed(measure.low, 2)} to {signed(measure.high, 2)}"
    places = decimals(measure.value, measure.low, measure.high)
    return f"{measure.low * 100:.{places}f} to {percent(measure.high, places)}"


def sample(measure: Measure) -> str:
    """Write what it rests on: ``170 of 466 documents``; where two sides are compared, the side with fewer names."""
    fewer = "the side with fewer names: " if measure.narrative == "both" else ""
    return f"{fewer}{measure.numerator:,} of {measure.n:,} {measure.unit}"


def as_ratio(measure: Measure) -> str:
    """Write a symmetry index as what it means, ``0.76 times (0.30 to 1.79)``; "" for anything else."""
    if measure.scale != "log2" or measure.value is None or measure.low is None or measure.high is None:
        return ""
    return f"{ratio(measure.value)} times ({ratio(measure.low)} to {ratio(measure.high)})"


def change(measure: Measure, since: Change | None) -> str:
    """Write a change with its interval, or why there is none."""
    if since is None:
        return ""
    if since.value is None or since.low is None or since.high is None:
        return f"not computable: {since.flags[0]}"
    if measure.scale == "log2":
        said = f"{signed(since.value, 2)} ({signed(since.low, 2)} to {signed(since.high, 2)})"
    else:
        places = decimals(since.value, since.low, since.high)
        numbers = [signed(number * 100, places) for number in (since.value, since.low, since.high)]
        said = f"{numbers[0]} points ({numbers[1]} to {numbers[2]})"
    verdict = said if since.detectable else f"{NO_CHANGE}: {said}"
    notes = [flag for flag in since.flags if flag.startswith("measured")]
    return f"{verdict}; {notes[0]}" if notes else verdict


def headline(measure: Measure) -> str:
    """Say a headline figure in one or two sentences.

    Raises:
        KeyError: it is no headline figure.
    """
    if measure.value is None:
        return f"{_subject(measure)} can't be given honestly: {measure.reason}."
    return _SENTENCES[measure.name, measure.narrative](measure)


def _subject(measure: Measure) -> str:
    said = {"brand": "The brand share", "symmetry": "The symmetry of the two narratives"}
    side = "Korea's" if measure.narrative == "korea" else "ASEAN's"
    return said.get(measure.name, f"The attention to {target(measure.target)} in {side} narrative")


def _brand(measure: Measure) -> str:
    assert measure.value is not None  # noqa: S101 `headline` has asked
    assert measure.low is not None  # noqa: S101 a value has an interval
    assert measure.high is not None  # noqa: S101 the same
    if measure.high < _HALF:
        verdict = "Fewer than half of them name ASEAN at all; the others say only Southeast Asia."
    elif measure.low > _HALF:
        verdict = "More than half of them name ASEAN."
    else:
        verdict = "The interval holds one half, so it can't be told whether most of them name ASEAN."
    return (
        f"Of the {measure.n:,} documents in Korea's narrative that name ASEAN or Southeast Asia, "
        f"{value(measure)} name ASEAN ({interval(measure)}). {verdict}"
    )


def _attention(where: str) -> Callable[[Measure], str]:
    def say(measure: Measure) -> str:
        return (
            f"The average outlet {where} names {target(measure.target)} in {value(measure)} of its documents "
            f"({interval(measure)})."
        )

    return say


def _symmetry(measure: Measure) -> str:
    assert measure.value is not None  # noqa: S101 `headline` has asked
    assert measure.low is not None  # noqa: S101 a value has an interval
    assert measure.high is not None  # noqa: S101 the same
    said = (
        f"ASEAN is {ratio(measure.value)} times as visible in Korea's narrative as Korea is in ASEAN's "
        f"({ratio(measure.low)} to {ratio(measure.high)})."
    )
    if measure.low > 0:
        return f"{said} ASEAN is the more visible of the two."
    if measure.high < 0:
        return f"{said} Korea is the more visible of the two."
    return f"{said} The interval holds 1, so it can't be told which of the two is the more visible."


_SENTENCES: Final[dict[tuple[str, str], Callable[[Measure], str]]] = {
    ("brand", "korea"): _brand,
    ("attention", "korea"): _attention("in Korea"),
    ("attention", "asean"): _attention("on ASEAN's side"),
    ("symmetry", "both"): _symmetry,
}


def target(name: str) -> str:
    """Name a target for the reader."""
    if "#" in name:
        whole, _, label = name.partition("#")
        about = LABELS.get(label) or label.replace(":", " ")  # topic 7: what it is called stands in its table
        return f"{target(whole)}, about {about}"
    if name in _TARGETS:
        return _TARGETS[name]
    if name in ENTITY_NAMES:
        return ENTITY_NAMES[name]
    if name.startswith("ASEAN&") and name[6:] in ENTITY_NAMES:
        return ENTITY_NAMES[name[6:]]
    return TARGETS[name].label


def title(measure: Measure) -> str:
    """Name a figure for the reader: ``attention share of ASEAN, headlines``."""
    if measure.name.startswith("korea-in-"):
        return f"attention to Korea in the outlets of {ENTITY_NAMES[measure.name[9:]]}"
    if measure.name.endswith(("-region", "-members", "-sides")):  # it names both of what it compares
        return _NAMES[measure.name]
    unit = "" if measure.unit == "documents" else f", {measure.unit}"
    return f"{_NAMES[measure.name]}: {target(measure.target)}{unit}"
