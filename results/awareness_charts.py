"""Charts of awareness beside visibility: small multiples, one a pair, each series an index on one axis from zero.

In the same style as `results.charts`: intervals and bounds drawn, shape repeats what colour
says. An index is a figure divided by its average over the quarters that all series of the
chart have, so that no unit stands on another's axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import altair as alt

from corpus.calendar import Quarter
from results import words
from results.awareness import Awareness, Line, Pair
from results.awareness_words import amount, is_charted, pair_title, series_title
from results.charts import ASEAN, KOREA, QUIET, THIRD, Picture, Row, inline, picture_of, tooltip
from results.language import listed, say
from results.language import quarter as named
from results.measure import Measure

FEWEST: Final = 2  # quarters: below that there is no change to look at
_HEIGHT: Final = 220
_COLOURS: Final = (KOREA, ASEAN, THIRD, QUIET)
_SHAPES: Final = ("circle", "square", "diamond", "triangle-up")


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure to be drawn.

    Attributes:
        value: in its own unit.
        low: of its interval or bounds, or None.
        high: the same.
        said: the figure in words.
        interval: its interval in words, or that there is none.
        rests: what it rests on.
        single: whether its interval says less than it seems to.
    """

    value: float
    low: float | None
    high: float | None
    said: str
    interval: str
    rests: str
    single: bool = False


_Figures = dict[Quarter, _Figure]


def drawn(found: Awareness | None) -> dict[str, Picture]:
    """Draw every pair that has at least two quarters in common; no more series than colours."""
    pairs = found.pairs if found is not None else ()
    pictures = (chart(pair) for pair in pairs if is_charted(pair))
    return {picture.name: picture for picture in pictures if picture is not None}


def chart(pair: Pair) -> Picture | None:
    """Draw a pair; None where there is nothing to set beside each other."""
    visible = say("visibility")
    series: dict[str, _Figures] = {visible: {m.quarter: _seen(m) for m in pair.visible if m.value is not None}}
    shown, left_out = pair.lines[: len(_COLOURS) - 1], pair.lines[len(_COLOURS) - 1 :]
    series |= {series_title(line.facts): _looked_up(line) for line in shown}
    common = _common(series.values())
    if len(common) < FEWEST:
        return None
    quarters = [m.quarter for m in pair.visible]
    rows = [row for name, figures in series.items() for row in _rows(name, figures, common)]
    title = say(
        "{pair}: visibility and awareness, index (100 is the average of {quarters})",
        pair=pair_title(pair),
        quarters=listed([named(when) for when in common]) if common != quarters else _span(quarters),
    )
    picture = picture_of(pair.id, title, _layers(rows, list(series), list(map(named, quarters))), rows, [], _HEIGHT)
    missing = tuple(say("{series}: no place left in the chart", series=series_title(one.facts)) for one in left_out)
    return replace(picture, missing=(*missing, *_absent(pair))) if picture else None


def _span(quarters: Sequence[Quarter]) -> str:
    return say("{first} to {last}", first=named(quarters[0]), last=named(quarters[-1]))


def _common(series: Any) -> list[Quarter]:  # noqa: ANN401 a view of the figures
    held = [set(figures) for figures in series]
    return sorted(set.intersection(*held))


def _seen(measure: Measure) -> _Figure:
    assert measure.value is not None  # noqa: S101 `chart` has left the others out
    return _Figure(
        measure.value,
        measure.low,
        measure.high,
        words.value(measure),
        words.interval(measure),
        words.sample(measure),
        single=measure.outlets == 1,
    )


def _looked_up(line: Line) -> _Figures:
    return {
        level.quarter: _Figure(
            level.value,
            level.low,
            level.high,
            amount(line.facts, level.value),
            say("no interval")
            if level.low is None or level.high is None
            else say("bounds {low} to {high}", low=f"{level.low:,.1f}", high=f"{level.high:,.1f}"),
            say("{days} of {of} days", days=level.days, of=level.of),
            single=level.provisional or level.days < level.of,
        )
        for level in line.levels
        if level.value is not None
    }


def _rows(name: str, figures: _Figures, common: Sequence[Quarter]) -> list[Row]:
    base = sum(figures[when].value for when in common) / len(common)
    if base == 0:
        return []
    return [
        {
            "quarter": named(when),
            "group": name,
            "value": 100 * one.value / base,
            "low": 100 * (one.value if one.low is None else one.low) / base,
            "high": 100 * (one.value if one.high is None else one.high) / base,
            "single": one.single,
            "what": name,
            "said": one.said,
            "interval": one.interval,
            "rests": one.rests,
        }
        for when, one in sorted(figures.items())
    ]


def _layers(rows: list[Row], groups: list[str], quarters: list[str]) -> list[Any]:
    base = alt.Chart(inline(rows))
    x = alt.X("quarter:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True), scale=alt.Scale(domain=quarters))
    offset = alt.XOffset("group:N", sort=groups)
    legend = alt.Legend(title=None, orient="top", direction="vertical", symbolStrokeWidth=2)
    colours, shapes = list(_COLOURS[: len(groups)]), list(_SHAPES[: len(groups)])
    tone = alt.Color("group:N", scale=alt.Scale(domain=groups, range=colours), legend=legend)
    shape = alt.Shape("group:N", scale=alt.Scale(domain=groups, range=shapes), legend=legend)
    dash = alt.condition("datum.single", alt.value([3, 3]), alt.value([1, 0]))
    rules = base.mark_rule(strokeWidth=2).encode(
        x=x, xOffset=offset, y=_upright("low"), y2="high:Q", color=tone, strokeDash=dash
    )
    points = base.mark_point(size=50).encode(
        x=x, xOffset=offset, y=_upright("value"), color=tone, shape=shape, tooltip=tooltip()
    )
    return [rules, points]


def _upright(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", title=None, scale=alt.Scale(zero=True))


def _absent(pair: Pair) -> list[str]:
    """Say which figures are not drawn."""
    return [
        *(
            say("visibility, {quarter}: {reason}", quarter=named(m.quarter), reason=m.reason)
            for m in pair.visible
            if m.value is None
        ),
        *(
            say(
                "{series}, {quarter}: figures for {days} of {of} days only",
                series=series_title(line.facts),
                quarter=named(level.quarter),
                days=level.days,
                of=level.of,
            )
            for line in pair.lines
            for level in line.levels
            if level.value is None
        ),
    ]
