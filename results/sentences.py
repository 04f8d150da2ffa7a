"""Findings in words: sentences about series, pairs, leads, uptake and words, that never say more than they may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from results import words
from results.contrasts import WordContrast, WordFigure
from results.events import Event
from results.language import day, plural, quarter, say, spoken, week
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
    "und": "not told",
}  # fmt: skip
_SUBJECTS: Final = {
    ("brand", "korea"): "the brand share",
    ("attention", "korea"): "attention to ASEAN in Korea's narrative",
    ("attention", "asean"): "attention to Korea in ASEAN's narrative",
}
_WAYS: Final = {"corrected": "Freed of the panel's changes", "balanced": "In the outlets there in every quarter"}
_TALK: Final = {"korea": "In Korea's talk of {target}", "asean": "In the talk of ASEAN's side of {target}"}


def subject(asked: Asked) -> str:
    """Name a series over time."""
    return say(_SUBJECTS[asked.name, asked.narrative])


def language_name(code: str) -> str:
    """Name a language."""
    return say(LANGUAGE_NAMES[code]) if code in LANGUAGE_NAMES else code


def percent_change(change: Change) -> str:
    """Write a change in percent, or why there is none."""
    if change.value is None or change.low is None or change.high is None:
        return words.not_computable(change)
    said = words.with_ends(_of_percent(change.value), _of_percent(change.low), _of_percent(change.high))
    return words.detectable(change, said)


def _of_percent(value: float) -> str:
    return say("{number}\N{NO-BREAK SPACE}%", number=words.signed(value, 0))


def index(series: IndexSeries, asked: Asked) -> str:
    """Say how an index has changed."""
    if series.refusals:
        return say(
            "{way}, {series} can't be given: {reason}.",
            way=say(_WAYS[series.way]),
            series=subject(asked),
            reason=series.refusals[0],
        )
    return say(
        "{way} ({outlets} outlets), {series} since {before}: {change}; since {year_before}: {year_change}.",
        way=say(_WAYS[series.way]),
        outlets=series.outlets,
        series=subject(asked),
        before=quarter(series.previous.against),
        change=percent_change(series.previous),
        year_before=quarter(series.year.against),
        year_change=percent_change(series.year),
    )


def indices(line: Timeline) -> list[str]:
    """Say how both indices of a series have changed, once where they are the same."""
    first = index(line.corrected, line.asked)
    if line.same:
        return [first, say("These outlets are there in every quarter, so there is no other way to look at it.")]
    return [first, index(line.balanced, line.asked)]


def level(found: Levels) -> list[str]:
    """Say when a weekly series changed its level, one sentence a change."""
    name = subject(found.asked)
    if found.refusals:
        return [
            say("When {series} changed its level can't be looked for: {reason}.", series=name, reason=found.refusals[0])
        ]
    span = {"n": len(found.weeks), "first": week(found.weeks[0]), "last": week(found.weeks[-1])}
    if not found.points:
        return [
            say(
                "No change of level is detectable in {series} over the {n} weeks from {first} to {last}.",
                series=name,
                **span,
            )
        ]
    said = [_point(point, name, flags) for point, flags in zip(found.points, found.flags, strict=True)]
    if len(said) == 1:
        return [say("Over the {n} weeks from {first} to {last}, 1 change of level.", **span), *said]
    return [
        say("Over the {n} weeks from {first} to {last}, {changes} changes of level.", changes=len(said), **span),
        *said,
    ]


def marks(events: Sequence[Event]) -> list[str]:
    """Say which events a chart is marked with; nothing where there are none."""
    said = (
        say("{number}: {day}, {event}", number=number, day=_when(event), event=event_name(event))
        for number, event in enumerate(events, 1)
    )
    marked = say("; ").join(said)
    return [say("Marked in the chart, without a claim that they are the reason: {events}.", events=marked)] * bool(
        events
    )


def event_name(event: Event) -> str:
    """Name an event."""
    return event.ko if spoken() == "ko" else event.en


def _when(event: Event) -> str:
    if event.day == event.last:
        return day(event.day)
    return say("{first} to {last}", first=day(event.day), last=day(event.last))


def _point(point: ChangePoint, name: str, flags: tuple[str, ...]) -> str:
    values = {
        "week": week(point.week),
        "series": name,
        "size": words.signed(point.size, 0),
        "ends": say("{low} to {high}", low=words.signed(point.low, 0), high=words.signed(point.high, 0)),
        "before": f"{point.before:.0f}",
        "after": f"{point.after:.0f}",
    }
    between = {"earliest": week(point.earliest), "latest": week(point.latest)}
    if point.size > 0 and point.earliest == point.latest:
        said = say(
            "From {week} on, {series} is higher: {size} points of the index ({ends}), from {before} to {after}",
            **values,
        )
    elif point.size > 0:
        said = say(
            "From {week} on (between {earliest} and {latest}), {series} is higher: {size} points of the index "
            "({ends}), from {before} to {after}",
            **values,
            **between,
        )
    elif point.earliest == point.latest:
        said = say(
            "From {week} on, {series} is lower: {size} points of the index ({ends}), from {before} to {after}", **values
        )
    else:
        said = say(
            "From {week} on (between {earliest} and {latest}), {series} is lower: {size} points of the index "
            "({ends}), from {before} to {after}",
            **values,
            **between,
        )
    if flags:
        return say("{sentence}. But {notes}.", sentence=said, notes=say("; ").join(flags))
    return f"{said}."


def pairs(found: Pairs) -> list[str]:
    """Say which members are out of step, and whether attention is returned."""
    if found.refusals:
        return [say("Members can't be read against chance: {reason}.", reason=found.refusals[0])]
    said = [_out(step) for step in found.steps if step.out] or [
        say("Of {n} members, none is detectably out of step: what each differs by can be chance.", n=len(found.steps))
    ]
    returned = found.returned
    if returned is not None:
        numbers = say(
            "reciprocity {value:.2f}, by chance {expected:.2f} ({low:.2f} to {high:.2f})",
            value=returned.value,
            expected=returned.expected,
            low=returned.low,
            high=returned.high,
        )
        if returned.p >= LEVEL:
            verdict = say(
                "Attention is returned no more and no less than chance would have it: {numbers}.", numbers=numbers
            )
        elif returned.rho > 0:
            verdict = say("Attention is returned more than by chance: {numbers}.", numbers=numbers)
        else:
            verdict = say("Attention is returned less than by chance: {numbers}.", numbers=numbers)
        said.append(verdict)
    return said


def _out(step: Step) -> str:
    values = {
        "member": words.entity(step.member),
        "ratio": words.ratio(abs(step.value)),
        "q": f"{step.q:.3f}",
    }
    if step.value > 0:
        return say(
            "{member}'s part of Korea's attention to members is {ratio} times its part of members' attention to Korea, "
            "which is more than chance gives (q = {q}).",
            **values,
        )
    return say(
        "{member}'s part of members' attention to Korea is {ratio} times its part of Korea's attention to members, "
        "which is more than chance gives (q = {q}).",
        **values,
    )


def lead(found: Lead) -> str:
    """Say whether one kind of talk precedes another."""
    where = say(_TALK[found.narrative], target=words.target(found.target))
    news = found.leader == NEWS
    if found.refusals or found.q is None or found.gain is None:
        return say(
            "{where}, it can't be told whether news precedes official statements: {reason}."
            if news
            else "{where}, it can't be told whether official statements precede news: {reason}.",
            where=where,
            reason=found.refusals[0],
        )
    if not found.precedes:
        return say(
            "{where}, no sign that news precedes official statements (q = {q:.2f})."
            if news
            else "{where}, no sign that official statements precede news (q = {q:.2f}).",
            where=where,
            q=found.q,
        )
    explained = plural(
        "the last day of the one explain {share} of what the other's own past leaves",
        "the last {n} days of the one explain {share} of what the other's own past leaves",
        found.days,
        share=words.percent(found.gain),
    )
    return say(
        "{where}, news precedes and predicts official statements: {explained} (q = {q:.3f})."
        if news
        else "{where}, official statements precede and predict news: {explained} (q = {q:.3f}).",
        where=where,
        explained=explained,
        q=found.q,
    )


def taken(found: Taken) -> str:
    """Say whether the Secretariat's statements are taken up."""
    if found.refusals or found.effect is None or found.low is None or found.high is None:
        return say(
            "Whether Korean news takes up the Secretariat's statements can't be told: {reason}.",
            reason=found.refusals[0],
        )
    said = say(
        "From the four days before a statement of the Secretariat to the four from it on, the share of Korean news "
        "that names ASEAN changes by {change}",
        change=words.points(*(words.signed(100 * number) for number in (found.effect, found.low, found.high))),
    )
    if found.low > 0:
        return say("{sentence}: it rises.", sentence=said)
    if found.high < 0:
        return say("{sentence}: it falls.", sentence=said)
    return say("{sentence}: no rise or fall is detectable.", sentence=said)


def points(change: Change) -> str:
    """Write a change of a share in points, or why there is none."""
    if change.value is None or change.low is None or change.high is None:
        return words.not_computable(change)
    said = words.points(*(words.signed(100 * number) for number in (change.value, change.low, change.high)))
    return words.detectable(change, said)


def contrast(found: WordContrast) -> str:
    """Say how many words tell two names apart."""
    one, other = words.target(found.first), words.target(found.second)
    if found.refusals:
        return say("{one} and {other} can't be compared: {reason}.", one=one, other=other, reason=found.refusals[0])
    compared = say(
        "{compared:,} words ({one:,} documents around the one and {other:,} around the other)",
        compared=found.compared,
        one=found.texts[0],
        other=found.texts[1],
    )
    if not found.words:
        return say("Of {words}, none is detectably more around {one} or {other}.", words=compared, one=one, other=other)
    if found.more:
        return say(
            "Of {words}, {n} differ detectably between {one} and {other}; the {shown} surest are shown.",
            n=len(found.words) + found.more,
            shown=len(found.words),
            words=compared,
            one=one,
            other=other,
        )
    return plural(
        "Of {words}, {n} differs detectably between {one} and {other}.",
        "Of {words}, {n} differ detectably between {one} and {other}.",
        len(found.words),
        words=compared,
        one=one,
        other=other,
    )


def odds(figure: WordFigure) -> str:
    """Write a word's odds ratio with its interval: how many times as likely near the name it goes with."""
    sign = 1 if figure.log_odds > 0 else -1
    low, high = sorted((sign * figure.low, sign * figure.high))
    return words.times(_times(sign * figure.log_odds), _times(low), _times(high))


def _times(log: float) -> str:
    return words.ratio(log / 0.6931471805599453)


def word_change(change: Change) -> str:
    """Write a change of log-odds, or why there is none."""
    if change.value is None or change.low is None or change.high is None:
        return words.not_computable(change)
    return words.detectable(
        change, words.with_ends(*(words.signed(n, 1) for n in (change.value, change.low, change.high)))
    )
