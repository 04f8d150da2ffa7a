"""The report's charts of findings: indices over years, levels by week, members in step, leads, and words.

In the same style as `results.charts`: intervals drawn, colours and shapes as there.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import altair as alt

from corpus.calendar import Quarter
from results import sentences, words
from results.charts import (
    ASEAN,
    INK,
    KOREA,
    QUIET,
    Picture,
    Row,
    by_colour,
    by_shape,
    doublings,
    inline,
    picture_of,
    tooltip,
)
from results.contrasts import WordContrast
from results.events import Event, between
from results.language import day, plural, quarter, say, week
from results.moves import Lags
from results.pairs import Pairs
from results.quarterly import QuarterResults
from results.timeline import IndexPoint, Levels, Timeline, spans

_WAYS: Final = {"corrected": "freed of the panel's changes", "balanced": "outlets there in every quarter"}
_TITLES: Final = {
    ("brand", "korea"): "Brand share",
    ("attention", "korea"): "ASEAN in Korea's narrative",
    ("attention", "asean"): "Korea in ASEAN's narrative",
}


def drawings(results: QuarterResults) -> dict[str, Picture]:
    """Draw all findings; what would be empty is left out."""
    drawn = (
        *(timeline(line) for line in results.timelines),
        *(levels(found, results.events) for found in results.levels),
        steps(results.pairs) if results.pairs else None,
        *(lags(found) for found in results.lags),
        *(contrast(found) for found in results.contrasts),
    )
    return {picture.name: picture for picture in drawn if picture is not None}


def timeline(line: Timeline) -> Picture | None:
    """Draw an index over the quarters, both ways; a triangle marks a changed panel."""
    series = (line.corrected,) if line.same else (line.corrected, line.balanced)
    rows = [_index_row(say(_WAYS[way.way]), point) for way in series for point in way.points if point.value is not None]
    flagged = [
        {
            "quarter": quarter(point.quarter),
            "zero": 0,
            "what": say("Panel changed, {quarter}", quarter=quarter(point.quarter)),
            "said": say("; ").join(point.flags),
        }
        for point in line.corrected.points
        if point.flags
    ]
    groups = [say(_WAYS[way.way]) for way in series]
    quarters = _all_quarters([point.quarter for way in series for point in way.points])
    x = alt.X("quarter:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True), scale=alt.Scale(domain=quarters))
    offset = alt.XOffset("group:N", sort=groups)
    tone = by_colour("group:N", alt.Scale(domain=groups, range=[KOREA, QUIET]))
    base = alt.Chart(inline(rows))
    changed = alt.Chart(inline(flagged)).mark_point(shape="triangle-up", size=45, color=ASEAN, filled=True)
    told = [alt.Tooltip("what:N"), alt.Tooltip("said:N")]
    layers = [
        # A layer without data has no extent, and Vega complains of it.
        *([changed.encode(x=x, y="zero:Q", tooltip=told)] if flagged else []),
        base.mark_rule(strokeWidth=2).encode(x=x, xOffset=offset, y=_upright("low"), y2="high:Q", color=tone),
        base.mark_point(size=50).encode(
            x=x, xOffset=offset, y=_upright("value"), color=tone, shape=by_shape("group:N", groups), tooltip=tooltip()
        ),
    ]
    title = say(
        "{series}, index (100 is the average of these quarters)",
        series=say(_TITLES[line.asked.name, line.asked.narrative]),
    )
    name = f"timeline-{line.asked.name}-{line.asked.narrative}"
    refused = tuple(
        say("{what}: {reason}", what=say(_WAYS[way.way]), reason=reason)
        for way in (line.corrected, line.balanced)
        for reason in way.refusals
    )
    picture = picture_of(name, title, layers, rows, [], 220)
    return replace(picture, missing=(*refused, *line.skipped)) if picture else None


def _all_quarters(held: list[Quarter]) -> list[str]:
    """Give every quarter from the first to the last: one that is missing leaves its place empty."""
    found = sorted(held)[:1]
    while found and found[-1] < max(held):
        found.append(found[-1].next)
    return [quarter(when) for when in found]


def _upright(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", title=None, scale=alt.Scale(zero=True))


def _index_row(group: str, point: IndexPoint) -> Row:
    assert point.value is not None  # noqa: S101 `timeline` has left the others out
    if point.low is None or point.high is None:
        ends = say("no interval: fewer than two outlets")
    else:
        ends = say("{low} to {high}", low=f"{point.low:.0f}", high=f"{point.high:.0f}")
    return {
        "quarter": quarter(point.quarter),
        "group": group,
        "value": point.value,
        # One outlet has no interval: its point stands alone.
        "low": point.value if point.low is None else point.low,
        "high": point.value if point.high is None else point.high,
        "what": group,
        "said": f"{point.value:.0f}",
        "interval": ends,
        "rests": plural("{n} outlet", "{n} outlets", point.outlets),
    }


def levels(found: Levels, happened: tuple[Event, ...] = ()) -> Picture | None:
    """Draw a weekly index with its levels; a band marks when each change lies, a numbered line an event."""
    weeks = [
        {"day": _monday(when), "value": value, "what": week(when), "said": f"{value:.0f}"}
        for when, value in zip(found.weeks, found.values, strict=False)
    ]
    if not weeks or found.refusals:
        return None
    steps_ = [
        {
            "day": _monday(first),
            "until": _monday(last, 7),
            "value": mean,
            "what": say("{first} to {last}", first=week(first), last=week(last)),
            "said": f"{mean:.0f}",
        }
        for first, last, mean in spans(found)
    ]
    bands = [
        {
            "day": _monday(point.earliest),
            "until": _monday(point.latest, 7),
            "what": week(point.week),
            "said": f"{point.size:+.0f}",
        }
        for point in found.points
    ]
    # Vega writes months in English; another language writes them as numbers.
    months = alt.Axis(format=say("%b %Y"), labelOverlap=True, tickCount=6)
    x = alt.X("day:T", title=None, axis=months, scale=alt.Scale(type="utc"))
    shown = [alt.Tooltip("what:N", title=say("Week")), alt.Tooltip("said:N", title=say("Index"))]
    layers = [
        *(
            [alt.Chart(inline(bands)).mark_rect(color=ASEAN, opacity=0.18).encode(x=x, x2="until:T", tooltip=shown)]
            if bands
            else []
        ),
        alt.Chart(inline(weeks)).mark_point(size=22, color=QUIET, filled=True).encode(
            x=x, y=_upright("value"), tooltip=shown
        ),
        alt.Chart(inline(steps_)).mark_rule(color=KOREA, strokeWidth=3).encode(
            x=x, x2="until:T", y=_upright("value"), tooltip=shown
        ),
    ]  # fmt: skip
    marks = [
        {
            "day": event.day.isoformat(),
            "number": str(number),
            "what": day(event.day),
            "said": sentences.event_name(event),
        }
        for number, event in enumerate(marked(found, happened), 1)
    ]
    if marks:
        told = [alt.Tooltip("what:N", title=say("Day")), alt.Tooltip("said:N", title=say("Event"))]
        base = alt.Chart(inline(marks)).encode(x=x, tooltip=told)
        layers += [
            base.mark_rule(color=INK, strokeDash=[2, 3], opacity=0.7),
            base.mark_text(color=INK, align="left", dx=3, fontSize=11).encode(y=alt.value(8), text="number:N"),
        ]
    title = say(
        "{series} by week: its levels (100 is the average)",
        series=say(_TITLES[found.asked.name, found.asked.narrative]),
    )
    said = " ".join([*sentences.level(found), *sentences.marks(marked(found, happened))])
    return picture_of(f"levels-{found.asked.narrative}", title, layers, [], [], 200, said)


def marked(found: Levels, happened: tuple[Event, ...]) -> tuple[Event, ...]:
    """Give the events within the weeks of a series."""
    if not found.weeks:
        return ()
    first, last = date.fromisoformat(_monday(found.weeks[0])), date.fromisoformat(_monday(found.weeks[-1], 6))
    return between(happened, first, last)


def _monday(week: str, days: int = 0) -> str:
    return (date.fromisocalendar(int(week[:4]), int(week[6:]), 1) + timedelta(days)).isoformat()


def steps(found: Pairs) -> Picture | None:
    """Draw each member against what chance gives, in step at zero."""
    groups = [say("out of step"), say("can be chance")]
    rows: list[Row] = [
        {
            "member": words.entity(step.member),
            "group": groups[0] if step.out else groups[1],
            "value": step.value,
            "low": step.low,
            "high": step.high,
            "quarter": quarter(found.quarter),
            "what": words.entity(step.member),
            "said": words.signed(step.value, 2),
            "interval": say(
                "chance gives {low} to {high}", low=words.signed(step.low, 2), high=words.signed(step.high, 2)
            ),
            "rests": f"q = {step.q:.3f}",
        }
        for step in found.steps
    ]
    y = alt.Y("member:N", title=None, sort=[row["member"] for row in rows])
    towards = say("← its outlets name Korea more · Korea names it more →")
    x = alt.X("low:Q", title=towards, axis=doublings(say("in step")))
    tone = by_colour("group:N", alt.Scale(domain=groups, range=[ASEAN, KOREA]))
    base = alt.Chart(inline(rows))
    layers = [
        alt.Chart(inline([{"zero": 0}])).mark_rule(color=INK, strokeWidth=1).encode(x="zero:Q"),
        base.mark_rule(color=QUIET, strokeWidth=8, opacity=0.3).encode(y=y, x=x, x2="high:Q"),
        base.mark_point(size=60).encode(
            y=y, x="value:Q", color=tone, shape=by_shape("group:N", groups), tooltip=tooltip()
        ),
    ]
    title = say("Members against chance, {quarter}", quarter=quarter(found.quarter))
    return picture_of("steps", title, layers, rows, [], 24 * len(rows) + 20)


def lags(found: Lags) -> Picture | None:
    """Draw how official statements and news go together at each lag; beyond the lines a single one is no chance."""
    rows: list[Row] = [
        {
            "lag": lag,
            "zero": 0,
            "value": value,
            "what": _apart(lag),
            "quarter": "",
            "group": "",
            "said": f"{value:+.2f}",
            "interval": say("chance: up to ±{bound:.2f}", bound=found.bound),
            "rests": say("p over all lags = {p:.3f}", p=p),
        }
        for lag, value, p in zip(found.lags, found.values, found.adjusted, strict=True)
    ]
    x = alt.X("lag:O", title=say("Days by which news is later"), axis=alt.Axis(labelAngle=0))
    y = alt.Y("value:Q", title=None, scale=alt.Scale(domain=[-1, 1]))
    base = alt.Chart(inline(rows))
    bounds = alt.Chart(inline([{"value": found.bound}, {"value": -found.bound}]))
    layers = [
        bounds.mark_rule(color=QUIET, strokeDash=[4, 3]).encode(y=y),
        base.mark_rule(color=KOREA, strokeWidth=2).encode(x=x, y=y, y2="zero:Q"),
        base.mark_point(color=KOREA, size=40, filled=True).encode(x=x, y=y, tooltip=tooltip()),
    ]
    if found.narrative == "korea":
        title = say("Official statements and news, Korea")
    else:
        title = say("Official statements and news, ASEAN's side")
    return picture_of(f"lags-{found.narrative}", title, layers, rows, [], 160)


def _apart(lag: int) -> str:
    if not lag:
        return say("the same day")
    return say("news {n} days later", n=lag) if lag > 0 else say("news {n} days earlier", n=-lag)


def contrast(found: WordContrast) -> Picture | None:
    """Draw the words that tell two names apart, with their intervals."""
    names = {True: words.target(found.first), False: words.target(found.second)}
    rows: list[Row] = [
        {
            "word": figure.word.replace("_", " "),
            "group": names[figure.log_odds > 0],
            "value": figure.log_odds,
            "low": figure.low,
            "high": figure.high,
            "quarter": "",
            "what": figure.word.replace("_", " "),
            "said": say("{name}, {value}", name=names[figure.log_odds > 0], value=sentences.odds(figure)),
            "interval": f"q = {figure.q:.3f}",
            "rests": say(
                "{documents} documents of {outlets} outlets", documents=figure.documents, outlets=figure.outlets
            ),
        }
        for figure in found.words
    ]
    groups = [names[True], names[False]]
    order = [row["word"] for row in sorted(rows, key=lambda r: -r["value"])]
    y = alt.Y("word:N", title=None, sort=order)
    towards = say("← more with {other} · more with {one} →  (log-odds)", one=groups[0], other=groups[1])
    x = alt.X("low:Q", title=towards)
    tone = by_colour("group:N", alt.Scale(domain=groups, range=[KOREA, ASEAN]))
    base = alt.Chart(inline(rows))
    layers = [
        alt.Chart(inline([{"zero": 0}])).mark_rule(color=INK, strokeWidth=1).encode(x="zero:Q"),
        base.mark_rule(strokeWidth=2).encode(y=y, x=x, x2="high:Q", color=tone),
        base.mark_point(size=50).encode(
            y=y, x="value:Q", color=tone, shape=by_shape("group:N", groups), tooltip=tooltip()
        ),
    ]
    title = say(
        "Words around {one} and around {other}, {language}",
        one=groups[0],
        other=groups[1],
        language=sentences.language_name(found.language),
    )
    return picture_of(found.id, title, layers, rows, [], 22 * len(set(order)) + 20)
