"""Findings in words: sentences about series, pairs, leads, uptake and words, that never say more than they may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from corpus.model import ENTITY_NAMES
from results import words
from results.contrasts import WordContrast, WordFigure
from results.events import Event
from results.measure import Change
from results.moves import NEWS, Lead, Taken
from results.multiple import LEVEL
from results.pairs import Pairs, Step
from results.timeline import Asked, IndexSeries, Levels, Timeline
from results.trend import ChangePoint

LANGUAGE_NAMES: Final = {
    "ko": "Korean", "en": "English", "id": "Indonesian", "ms": "Malay", "th": "Thai", "vi": "Vietnamese",
    "fil": "Filipino", "my": "Burmese", "km": "Khmer", "lo": "Lao", "zh-Hans": "Chinese (simplified)",
    "zh-Hant": "Chinese (traditional)", "ta": "Tamil", "pt": "Portuguese", "tet": "Tetum", "jv": "Javanese",
}  # fmt: skip
_SUBJECTS: Final = {
    ("brand", "korea"): "the brand share",
    ("attention", "korea"): "attention to ASEAN in Korea's narrative",
    ("attention", "asean"): "attention to Korea in ASEAN's narrative",
}
_WAYS: Final = {"corrected": "Freed of the panel's changes", "balanced": "In the outlets there in every quarter"}
_KINDS: Final = {"official": "official statements", "news": "news"}
_TALK: Final = {"korea": "Korea's talk", "asean": "the talk of ASEAN's side"}


def subject(asked: Asked) -> str:
    """Name a series over time."""
    return _SUBJECTS[asked.name, asked.narrative]


def percent_change(change: Change) -> str:
    """Write a change in percent, or why there is none."""
    if change.value is None or change.low is None or change.high is None:
        return f"not computable: {change.flags[0]}"
    said = f"{_of_percent(change.value)} ({_of_percent(change.low)} to {_of_percent(change.high)})"
    return said if change.detectable else f"{words.NO_CHANGE}: {said}"


def _of_percent(value: float) -> str:
    return f"{words.signed(value, 0)}\N{NO-BREAK SPACE}%"


def index(series: IndexSeries, asked: Asked) -> str:
    """Say how an index has changed."""
    if series.refusals:
        return f"{_WAYS[series.way]}, {subject(asked)} can't be given: {series.refusals[0]}."
    return (
        f"{_WAYS[series.way]} ({series.outlets} outlets), {subject(asked)} since {series.previous.against}: "
        f"{percent_change(series.previous)}; since {series.year.against}: {percent_change(series.year)}."
    )


def indices(line: Timeline) -> list[str]:
    """Say how both indices of a series have changed, once where they are the same."""
    first = index(line.corrected, line.asked)
    if line.same:
        return [first, "These outlets are there in every quarter, so there is no other way to look at it."]
    return [first, index(line.balanced, line.asked)]


def level(found: Levels) -> list[str]:
    """Say when a weekly series changed its level, one sentence a change."""
    name = subject(found.asked)
    if found.refusals:
        return [f"When {name} changed its level can't be looked for: {found.refusals[0]}."]
    span = f"the {len(found.weeks)} weeks from {found.weeks[0]} to {found.weeks[-1]}"
    if not found.points:
        return [f"No change of level is detectable in {name} over {span}."]
    said = [_point(point, name, flags) for point, flags in zip(found.points, found.flags, strict=True)]
    return [f"Over {span}, {len(said)} {'change' if len(said) == 1 else 'changes'} of level.", *said]


def marks(events: Sequence[Event]) -> list[str]:
    """Say which events a chart is marked with; nothing where there are none."""
    said = (f"{number}: {_when(event)}, {event.en}" for number, event in enumerate(events, 1))
    return [f"Marked in the chart, without a claim that they are the reason: {'; '.join(said)}."] if events else []


def _when(event: Event) -> str:
    return str(event.day) if event.day == event.last else f"{event.day} to {event.last}"


def _point(point: ChangePoint, name: str, flags: tuple[str, ...]) -> str:
    way = "higher" if point.size > 0 else "lower"
    between = "" if point.earliest == point.latest else f" (between {point.earliest} and {point.latest})"
    ends = f"{words.signed(point.low, 0)} to {words.signed(point.high, 0)}"
    said = (
        f"From {point.week} on{between}, {name} is {way}: {words.signed(point.size, 0)} points of the index ({ends}), "
        f"from {point.before:.0f} to {point.after:.0f}"
    )
    return f"{said}. But {'; '.join(flags)}." if flags else f"{said}."


def pairs(found: Pairs) -> list[str]:
    """Say which members are out of step, and whether attention is returned."""
    if found.refusals:
        return [f"Members can't be read against chance: {found.refusals[0]}."]
    out = [step for step in found.steps if step.out]
    said = [_out(step) for step in out] or [
        f"Of {len(found.steps)} members, none is detectably out of step: what each differs by can be chance."
    ]
    returned = found.returned
    if returned is not None:
        verdict = "more than" if returned.rho > 0 else "less than"
        how = f"{verdict} by chance" if returned.p < LEVEL else "no more and no less than chance would have it"
        said.append(
            f"Attention is returned {how}: reciprocity {returned.value:.2f}, by chance {returned.expected:.2f} "
            f"({returned.low:.2f} to {returned.high:.2f})."
        )
    return said


def _out(step: Step) -> str:
    name = ENTITY_NAMES[step.member]
    ratio = words.ratio(abs(step.value))
    if step.value > 0:
        said = f"{name}'s part of Korea's attention to members is {ratio} times its part of members' attention to Korea"
    else:
        said = f"{name}'s part of members' attention to Korea is {ratio} times its part of Korea's attention to members"
    return f"{said}, which is more than chance gives (q = {step.q:.3f})."


def lead(found: Lead) -> str:
    """Say whether one kind of talk precedes another."""
    where = f"In {_TALK[found.narrative]} of {words.target(found.target)}"
    one, other = _KINDS[found.leader], _KINDS[found.follower]
    verb = "precedes" if found.leader == NEWS else "precede"
    if found.refusals or found.q is None or found.gain is None:
        return f"{where}, it can't be told whether {one} {verb} {other}: {found.refusals[0]}."
    if not found.precedes:
        return f"{where}, no sign that {one} {verb} {other} (q = {found.q:.2f})."
    also = "predicts" if found.leader == NEWS else "predict"
    days = "day" if found.days == 1 else f"{found.days} days"
    explained = f"the last {days} of the one explain {words.percent(found.gain)} of what the other's own past leaves"
    return f"{where}, {one} {verb} and {also} {other}: {explained} (q = {found.q:.3f})."


def taken(found: Taken) -> str:
    """Say whether the Secretariat's statements are taken up."""
    if found.refusals or found.effect is None or found.low is None or found.high is None:
        return f"Whether Korean news takes up the Secretariat's statements can't be told: {found.refusals[0]}."
    ends = f"{words.signed(100 * found.low)} to {words.signed(100 * found.high)}"
    said = (
        "From the four days before a statement of the Secretariat to the four from it on, the share of Korean news "
        f"that names ASEAN changes by {words.signed(100 * found.effect)} points ({ends})"
    )
    if found.low > 0:
        return f"{said}: it rises."
    if found.high < 0:
        return f"{said}: it falls."
    return f"{said}: no rise or fall is detectable."


def points(change: Change) -> str:
    """Write a change of a share in points, or why there is none."""
    if change.value is None or change.low is None or change.high is None:
        return f"not computable: {change.flags[0]}"
    numbers = [words.signed(100 * number) for number in (change.value, change.low, change.high)]
    said = f"{numbers[0]} points ({numbers[1]} to {numbers[2]})"
    return said if change.detectable else f"{words.NO_CHANGE}: {said}"


def contrast(found: WordContrast) -> str:
    """Say how many words tell two names apart."""
    names = f"{words.target(found.first)} and {words.target(found.second)}"
    rests = f"{found.texts[0]:,} documents around the one and {found.texts[1]:,} around the other"
    if found.refusals:
        return f"{names} can't be compared: {found.refusals[0]}."
    if not found.words:
        return (
            f"Of {found.compared:,} words ({rests}), none is detectably more around {names.replace(' and ', ' or ')}."
        )
    number = len(found.words) + found.more
    shown = f"; the {len(found.words)} surest are shown" if found.more else ""
    verb = "differs" if number == 1 else "differ"
    return f"Of {found.compared:,} words ({rests}), {number} {verb} detectably between {names}{shown}."


def odds(figure: WordFigure) -> str:
    """Write a word's odds ratio with its interval: how many times as likely near the name it goes with."""
    sign = 1 if figure.log_odds > 0 else -1
    low, high = sorted((sign * figure.low, sign * figure.high))
    return f"{_times(sign * figure.log_odds)} times ({_times(low)} to {_times(high)})"


def _times(log: float) -> str:
    return words.ratio(log / 0.6931471805599453)


def word_change(change: Change) -> str:
    """Write a change of log-odds, or why there is none."""
    if change.value is None or change.low is None or change.high is None:
        return f"not computable: {change.flags[0]}"
    said = f"{words.signed(change.value, 1)} ({words.signed(change.low, 1)} to {words.signed(change.high, 1)})"
    return said if change.detectable else f"{words.NO_CHANGE}: {said}"
