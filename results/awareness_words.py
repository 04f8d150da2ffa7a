"""Awareness in words: sentences, tables and rows that never say more than the figures allow."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from babel import Locale

from corpus.model import ENTITY_NAMES
from corpus.series import SeriesFacts, StoredPoint
from corpus.store import Gap
from results import words
from results.awareness import TOGETHER, WHOLE, Awareness, Level, Line, Pair, Shift, Waves
from results.language import listed, plural, say, spoken, told
from results.language import quarter as named
from results.measure import Measure
from results.part import Part, Row
from results.tables import Cell

COLUMNS: Final = (
    "narrative", "audience", "about", "series", "unit", "scale", "quarter", "value", "low", "high", "days", "of_days",
    "provisional", "per_million_of_edition", "source", "uncertainty", "visibility", "visibility_value",
    "visibility_low", "visibility_high", "visibility_flags",
)  # fmt: skip
WAVES: Final = ("series", "audience", "year", "share", "low", "high", "answers", "printed", "note")
_VIEWS: Final = "views a day"
_RATIO: Final = "ratio"
_SMALL: Final = 10
_HARDLY: Final = 0.005  # a change of less than half a percent, which would be written as none
_SHOWN: Final = 12  # names or gaps in a sentence


def parts(found: Awareness) -> list[Part]:
    """Give the parts of the section."""
    if not found.stored:
        return [Part("", (_nothing(),))]
    charted = [pair for pair in found.pairs if is_charted(pair)]
    members = [pair for pair in found.pairs if not is_charted(pair)]
    return [
        Part("", tuple(_about())),
        *(_pair(pair) for pair in charted),
        *([_members(members)] if members else []),
        *([_surveys(found.surveys)] if found.surveys else []),
        Part(say("What this does not say"), tuple(_limits(found))),
    ]


def is_charted(pair: Pair) -> bool:
    """Tell whether a pair has a part and a chart of its own; members in Korea share a table."""
    return pair.narrative == "asean" or pair.entity in {"ASEAN", "SEA"}


# -- sentences -------------------------------------------------------------


def _nothing() -> str:
    return say(
        "This workspace holds no series of awareness, so nothing stands beside visibility. Page views of Wikipedia "
        "need no key and Naver's searches need one (narra awareness collect); surveys and exports of Google Trends "
        "come as files (narra awareness import)."
    )


def _about() -> Iterator[str]:
    yield say(
        "Visibility is what is published; awareness is what people look up or answer. Each series keeps its own unit. "
        "Where they share a chart, each is an index: 100 is its average over the quarters that all of the chart have."
    )
    yield say(
        "Searches and page views follow holidays and school terms, so a quarter is best read against the same quarter "
        "of the year before. Counts have no interval: whether a change is more than their ordinary ups and downs "
        "is not told."
    )


def _limits(found: Awareness) -> Iterator[str]:
    yield say(
        "No correlation and no lag between awareness and visibility is given: quarters are few, both follow the same "
        "events, and the methods of this report define none."
    )
    if any(line.facts.scale for pair in found.pairs for line in pair.lines):
        yield say(
            "Ratios of searches are relative to the largest point of one request, which is 100: their levels can be "
            "compared within one request only, never between two services or two files."
        )
    if found.left_out:
        names = listed(found.left_out[:_SHOWN])
        yield plural(
            "{n} series stands beside nothing, since its audience is no single country or it is of nothing that is "
            "measured here: {names}.",
            "{n} series stand beside nothing, since their audience is no single country or they are of nothing that "
            "is measured here: {names}.",
            len(found.left_out),
            names=names if len(found.left_out) <= _SHOWN else say("{names} and more", names=names),
        )
    yield from (_gap(gap) for gap in found.gaps[:_SHOWN])
    if len(found.gaps) > _SHOWN:
        more = len(found.gaps) - _SHOWN
        yield plural("{n} more gap is recorded.", "{n} more gaps are recorded.", more)


def _gap(gap: Gap) -> str:
    return say(
        "Not answered from {first} to {last}: {source} ({status}). Days without an answer are left out of every mean.",
        first=gap.first_day,
        last=gap.last_day,
        source=gap.source,
        status=gap.status,
    )


def series_title(facts: SeriesFacts) -> str:
    """Name a series for the reader."""
    kind, _, rest = facts.name.partition(":")
    if facts.name == TOGETHER:
        return say("Views of the article in {n} editions of Wikipedia", n=len(_languages(facts)))
    if kind == "wikimedia":
        return say("Views of the article, Wikipedia in {language}", language=_language(facts.language))
    if kind == "datalab":
        return say("Searches on Naver")
    if kind == "trends":
        term, _, place = rest.rpartition(":")
        return say("Searches on Google for “{term}” ({place})", term=term, place=place)
    return facts.name


def _languages(facts: SeriesFacts) -> list[str]:
    """Give the languages whose editions were added up."""
    return [_language(code) for code in facts.language.split(", ")]


def _language(code: str) -> str:
    try:
        return Locale.parse(code, sep="-").get_display_name(spoken()) or code
    except ValueError:
        return code


def pair_title(pair: Pair) -> str:
    """Name what stands beside each other."""
    if pair.audience == WHOLE:
        return say("Korea, on ASEAN's side as a whole")
    if pair.narrative == "asean":
        return say("Korea, in {country}", country=words.entity(pair.audience))
    return say("{entity}, in Korea", entity=words.entity(pair.entity))


def visible_title(pair: Pair) -> str:
    """Name the visibility of a pair."""
    if pair.audience == WHOLE:
        return say("Visibility: documents of ASEAN's narrative that name Korea")
    if pair.narrative == "asean":
        country = words.entity(pair.audience)
        return say("Visibility: documents of outlets of {country} that name Korea", country=country)
    return say("Visibility: documents of Korea's narrative that name {entity}", entity=words.entity(pair.entity))


def amount(facts: SeriesFacts, value: float) -> str:
    """Write a figure with its unit."""
    n = f"{value:,.0f}" if facts.unit == _VIEWS and value >= _SMALL else f"{value:,.1f}"
    if facts.unit == _VIEWS:
        return say("{n} views a day", n=n)
    if facts.unit.startswith(_RATIO):
        return say("{n} of 100", n=n)
    return say("{n} {unit}", n=n, unit=facts.unit)


def changed(line: Line, since: Shift) -> str:
    """Say how a series changed, or why that can't be said."""
    now, before = line.now, since.before
    called = series_title(line.facts)
    then, when = named(before.quarter), named(now.quarter)
    if since.why or now.value is None or before.value is None:
        return say(
            "{series}: no change since {then} can be given: {why}.", series=called, then=then, why=_why(line, since)
        )
    said = {
        "series": called,
        "before": amount(line.facts, before.value),
        "after": amount(line.facts, now.value),
        "then": then,
        "now": when,
        "percent": percent(since.ratio),
    }
    if said["before"] == said["after"]:
        return say("{series}: {after} in {now} as in {then}.", **said)
    if since.ratio is not None and abs(since.ratio) < _HARDLY:
        return say("{series}: {after} in {now}, nearly as in {then} ({before}).", **said)
    if since.within_bounds:
        return say(
            "{series}: {before} in {then} and {after} in {now}; rounding alone can explain the difference.", **said
        )
    if now.value > before.value:
        return say("{series}: up from {before} in {then} to {after} in {now} ({percent}).", **said)
    return say("{series}: down from {before} in {then} to {after} in {now} ({percent}).", **said)


def percent(ratio: float | None) -> str:
    """Write a relative change: ``+12 %``."""
    if ratio is None:
        return "\N{EM DASH}"
    if math.isinf(ratio):
        return say("without bound")
    return say("{number}\N{NO-BREAK SPACE}%", number=words.signed(100 * ratio, 0))


def _why(line: Line, since: Shift) -> str:
    if since.why == "nought":
        return say("it was 0 in {quarter}", quarter=named(since.before.quarter))
    short = since.before if since.why == "days-before" else line.now
    return _too_few(short)


def _too_few(level: Level) -> str:
    return say(
        "{quarter} has figures for {days} of its {of} days",
        quarter=named(level.quarter),
        days=level.days,
        of=level.of,
    )


# -- tables ----------------------------------------------------------------


def _pair(pair: Pair) -> Part:
    visible = pair.visible[-1]
    if visible.value is None:
        said = say("How visible it is can't be given: {reason}.", reason=visible.reason)
    else:
        then = named(visible.quarter.year_before)
        said = say("Visibility since {then}: {change}.", then=then, change=words.change(visible, visible.year))
    lines = [changed(line, line.previous if line.year.why else line.year) for line in pair.lines]
    rows = (_visible_row(pair), *(_line_row(line) for line in pair.lines))
    return Part(pair_title(pair), (said, *lines), pair.id, _columns(pair), rows)


def _columns(pair: Pair) -> tuple[str, ...]:
    now = pair.visible[-1].quarter
    return (
        say("Series"),
        named(now),
        say("Since {quarter}", quarter=named(now.previous)),
        say("Since {quarter}", quarter=named(now.year_before)),
        "",
    )


def _visible_row(pair: Pair) -> Row:
    visible = pair.visible[-1]
    head = visible_title(pair)
    if visible.value is None:
        return Row(head, (say("Not given"), "\N{EM DASH}", "\N{EM DASH}"), notes=visible.flags)
    value = say("{value} ({interval})", value=words.value(visible), interval=words.interval(visible))
    cells = (value, words.change(visible, visible.previous), words.change(visible, visible.year))
    return Row(head, cells, notes=(words.sample(visible), *visible.flags))


def _line_row(line: Line, head: str = "") -> Row:
    now = line.now
    cells = (_value(line.facts, now), _shift(line, line.previous), _shift(line, line.year))
    return Row(head or series_title(line.facts), cells, notes=tuple(_notes(line)))


def _value(facts: SeriesFacts, level: Level) -> str:
    if level.value is None:
        return say("Not given")
    value = amount(facts, level.value)
    if level.low is None or level.high is None:
        return value
    return say("{value}; bounds {low} to {high}", value=value, low=f"{level.low:,.1f}", high=f"{level.high:,.1f}")


def _shift(line: Line, since: Shift) -> str:
    if since.why:
        return say("not computable: {why}", why=_why(line, since))
    if since.low is None or since.high is None:
        return percent(since.ratio)
    said = say(
        "{percent} ({low} to {high})", percent=percent(since.ratio), low=percent(since.low), high=percent(since.high)
    )
    return say("can be rounding: {change}", change=said) if since.within_bounds else said


def _notes(line: Line) -> Iterator[str]:
    now = line.now
    if now.value is None:
        yield _too_few(now)
    elif now.days < now.of:
        yield say("{days} of {of} days have a figure", days=now.days, of=now.of)
    if now.provisional:
        yield say("provisional: its source may still change it")
    if line.facts.name == TOGETHER:
        yield say(
            "added up over days that all have: {languages}; the largest weigh most",
            languages=listed(_languages(line.facts)),
        )
    if now.part is not None:
        yield _edition(line)
    if line.revised:
        yield plural(
            "its source changed {n} figure of these quarters later; the new one is used",
            "its source changed {n} figures of these quarters later; the new ones are used",
            line.revised,
        )
    yield say("from {source}: {uncertainty}", source=line.facts.source, uncertainty=told(line.facts.uncertainty))


def _edition(line: Line) -> str:
    part, before = line.now.part, line.year.before.part
    now = f"{part:,.1f}"
    if before is None:
        return say("{n} of a million views of its edition", n=now)
    return say(
        "{n} of a million views of its edition ({before} in {then})",
        n=now,
        before=f"{before:,.1f}",
        then=named(line.year.before.quarter),
    )


def _members(pairs: Sequence[Pair]) -> Part:
    rows = []
    for pair in pairs:
        rows.append(_visible_row(pair))
        rows += [
            _line_row(
                line, say("{entity}: {series}", entity=words.entity(pair.entity), series=series_title(line.facts))
            )
            for line in pair.lines
        ]
    return Part(say("Members, in Korea"), columns=_columns(pairs[0]), rows=tuple(rows), folded=say("Member by member"))


def _surveys(surveys: Sequence[Waves]) -> Part:
    rows = tuple(_waves_row(one) for one in surveys)
    columns = (say("Question and answer"), say("Latest wave"), say("Since the wave before"), "")
    said = say(
        "A wave of a survey is of a year and of whoever was asked; it stands beside visibility and is no figure of "
        "a quarter."
    )
    return Part(say("Surveys"), (said,), columns=columns, rows=rows)


def _waves_row(one: Waves) -> Row:
    last = one.waves[-1]
    asked, _, country = one.facts.name.partition(":")[2].rpartition(":")
    question, _, answer = asked.rpartition(":")
    place = words.entity(country) if country in ENTITY_NAMES else country
    head = say("{question}: “{answer}”, {country}", question=question, answer=answer, country=place)
    return Row(head, (_wave(last), _wave_change(one)), notes=tuple(filter(None, (last.note, last.origin))))


def _wave(point: StoredPoint) -> str:
    year = point.first_day[:4]
    share = say("{number}\N{NO-BREAK SPACE}%", number=f"{point.value:.1f}")
    if point.low is None or point.high is None:
        return say("{year}: {share}, without an interval", year=year, share=share)
    high = say("{number}\N{NO-BREAK SPACE}%", number=f"{point.high:.1f}")
    return say("{year}: {share} ({low} to {high})", year=year, share=share, low=f"{point.low:.1f}", high=high)


def _wave_change(one: Waves) -> str:
    if one.change is None:
        return say("there is no wave before")
    value, low, high = one.change
    year = one.waves[-2].first_day[:4]
    if low is None or high is None:
        return say("{points} points since {year}, without an interval", points=words.signed(value), year=year)
    said = {"points": words.signed(value), "low": words.signed(low), "high": words.signed(high), "year": year}
    if low <= 0 <= high:
        return say("no detectable change since {year}: {points} points ({low} to {high})", **said)
    return say("{points} points since {year} ({low} to {high})", **said)


# -- files -----------------------------------------------------------------


def rows(found: Awareness) -> Iterator[list[Cell]]:
    """Give a row a series and quarter, under `COLUMNS`, with the visibility it stands beside."""
    for pair in found.pairs:
        for line in pair.lines:
            for one, visible in zip(line.levels, pair.visible, strict=True):
                yield [*_of(pair, line.facts), *_figures(one), *_from(line.facts), *_beside(visible)]


def _of(pair: Pair, facts: SeriesFacts) -> list[Cell]:
    return [pair.narrative, pair.audience, facts.about, facts.name, facts.unit, facts.scale]


def _figures(one: Level) -> list[Cell]:
    provisional = "yes" if one.provisional else "no"
    return [str(one.quarter), one.value, one.low, one.high, one.days, one.of, provisional, one.part]


def _from(facts: SeriesFacts) -> list[Cell]:
    return [facts.source, facts.uncertainty]


def _beside(visible: Measure) -> list[Cell]:
    return [visible.id, visible.value, visible.low, visible.high, "; ".join(visible.flags)]


def wave_rows(found: Awareness) -> Iterator[list[Cell]]:
    """Give a row a wave, under `WAVES`."""
    for one in found.surveys:
        for p in one.waves:
            yield [one.facts.name, one.facts.audience, p.first_day[:4], p.value, p.low, p.high, p.n, p.origin, p.note]
