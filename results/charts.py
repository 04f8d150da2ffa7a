"""The report's charts, as Vega-Lite specifications.

Every chart draws its intervals; shares begin at zero; colours are Okabe and Ito's
(2008), which colour-blind readers tell apart, and shape repeats what colour says.
A colour is written as a CSS variable, so that one picture serves light, dark and
paper: the report draws SVG, where the browser fills it in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import altair as alt

from corpus.model import ENTITY_NAMES
from results import words
from results.language import quarter, say, week
from results.measure import Measure
from results.quarterly import QuarterResults
from results.visibility import BRAND_PARTS
from results.weekly import WeekPoint

KOREA: Final = "var(--korea)"
ASEAN: Final = "var(--asean)"
THIRD: Final = "var(--third)"
INK: Final = "var(--ink)"
QUIET: Final = "var(--quiet)"
RULE: Final = "var(--rule)"
_ROW: Final = 30  # pixels for a row with two intervals
_IN_KOREA: Final = "the member in Korea's narrative"
_IN_MEMBER: Final = "Korea in the member's outlets"
DIRECTIONS: Final = {"korea": "ASEAN in Korea's narrative", "asean": "Korea in ASEAN's narrative"}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart ready to be embedded.

    Attributes:
        name: fit for an address.
        title: what it shows.
        alternative: the same in words, for those who don't see it.
        spec: Vega-Lite, with its data.
        missing: what could not be drawn, and why.
    """

    name: str
    title: str
    alternative: str
    spec: dict[str, Any]
    missing: tuple[str, ...]


def pictures(results: QuarterResults) -> dict[str, Picture]:
    """Draw all charts of a report; one that would be empty is left out."""
    drawn = (
        brand_series(results),
        composition(results),
        attention_series(results),
        weeks(results),
        members(results),
        symmetry(results),
    )
    return {picture.name: picture for picture in drawn if picture is not None}


def brand_series(results: QuarterResults) -> Picture | None:
    """Draw the brand share over the quarters."""
    measures = [m for m in results.series if m.name == "brand"]
    rows = rows_of(measures, lambda _: say("brand share"))
    base = alt.Chart(inline(rows))
    x = alt.X("quarter:O", title=None, axis=alt.Axis(labelAngle=0), scale=alt.Scale(domain=_quarters(measures)))
    return picture_of(
        "brand-series",
        say("Brand share by quarter"),
        [base.mark_rule(color=KOREA, strokeWidth=2).encode(x=x, y=from_zero("low"), y2="high:Q"),
         base.mark_point(color=KOREA, fill=KOREA, size=60).encode(x=x, y=from_zero("value"), tooltip=tooltip())],
        rows, measures, height=220,
    )  # fmt: skip


def attention_series(results: QuarterResults) -> Picture | None:
    """Draw both directions of attention over the quarters."""
    measures = [m for m in results.series if m.name == "attention"]
    rows = rows_of(measures, lambda m: say(DIRECTIONS[m.narrative]))
    return picture_of(
        "attention-series",
        say("Attention by quarter"),
        _dodged(rows, "quarter:O", None, _quarters(measures)),
        rows,
        measures,
        220,
    )


def weeks(results: QuarterResults) -> Picture | None:
    """Draw both directions of attention over the weeks of the quarter, as points."""
    shown = [point for point in results.weeks if point.value is not None]
    rows = [_week(point) for point in shown]
    hidden = len(results.weeks) - len(shown)
    reason = say("{n} weeks with fewer than 20 documents or nothing named", n=hidden)
    labels = [_week_of_year(one) for one in sorted({point.week for point in results.weeks}, key=_number)]
    layers = _dodged(rows, "week:O", say("Week of the year"), labels)
    title = say("Attention by week, {quarter}", quarter=quarter(results.quarter))
    picture = picture_of("weeks", title, layers, rows, [], 220)
    if picture is None or not hidden:
        return picture
    return Picture(picture.name, picture.title, picture.alternative, picture.spec, (reason,))


def composition(results: QuarterResults) -> Picture | None:
    """Draw the three parts of the brand share, for the quarter and those it is compared with."""
    measures = [m for m in results.measures if m.name == "brand-part"]
    rows = rows_of(measures, lambda m: say(BRAND_PARTS[m.target]))
    order = [say(part) for part in BRAND_PARTS.values()]
    quarters = _quarters(measures)
    y = alt.Y("group:N", title=None, sort=order)
    offset = alt.YOffset("quarter:N", sort=quarters)
    scale = alt.Scale(domain=quarters, range=[QUIET, ASEAN, KOREA][-len(quarters) :])
    layers = across(rows, y, offset, by_colour("quarter:N", scale), by_shape("quarter:N", quarters))
    return picture_of("composition", say("Which name stands alone"), layers, rows, measures, 3 * 54)


def members(results: QuarterResults) -> Picture | None:
    """Draw each member's two directions as a pair of dots."""
    there = results.now("attention")
    measures = [m for m in there if m.target in ENTITY_NAMES and m.target not in {"ASEAN", "SEA", "KR"}]
    measures += [m for m in results.measures if m.quarter == results.quarter and m.name.startswith("korea-in-")]
    groups = [say(_IN_KOREA), say(_IN_MEMBER)]
    rows = rows_of(measures, lambda m: groups[0] if m.narrative == "korea" else groups[1])
    order = [row["member"] for row in sorted(rows, key=lambda r: -r["value"]) if row["group"] == groups[0]]
    order += sorted({row["member"] for row in rows} - set(order))
    y = alt.Y("member:N", title=None, sort=order)
    scale = alt.Scale(domain=groups, range=[KOREA, ASEAN])
    layers = across(
        rows, y, alt.YOffset("group:N", sort=groups), by_colour("group:N", scale), by_shape("group:N", groups)
    )
    title = say("Members, both directions, {quarter}", quarter=quarter(results.quarter))
    return picture_of("members", title, layers, rows, measures, _ROW * len(order))


def symmetry(results: QuarterResults) -> Picture | None:
    """Draw the symmetry index of each member, even at zero."""
    measures = results.now("symmetry-member")
    rows = rows_of(measures, lambda _: say("symmetry"))
    base = alt.Chart(inline(rows))
    order = [row["member"] for row in sorted(rows, key=lambda r: -r["value"])]
    y = alt.Y("member:N", title=None, sort=order)
    towards = say("← Korea more visible there · the member more visible in Korea →")
    x = alt.X("low:Q", title=towards, axis=doublings(say("even")))
    even = alt.Chart(inline([{"zero": 0}])).mark_rule(color=INK, strokeWidth=1).encode(x="zero:Q")
    layers = [
        even,
        base.mark_rule(color=KOREA, strokeWidth=2).encode(y=y, x=x, x2="high:Q", strokeDash=_dash()),
        base.mark_point(size=60, color=KOREA).encode(y=y, x="value:Q", tooltip=tooltip()),
    ]
    title = say("Symmetry by member, {quarter}", quarter=quarter(results.quarter))
    return picture_of("symmetry", title, layers, rows, measures, 24 * len(order))


# -- rows ----------------------------------------------------------------


def rows_of(measures: Iterable[Measure], group: Any) -> list[Row]:  # noqa: ANN401 a function of a measure
    """Give a row for each measure that has a value."""
    return [
        {
            "quarter": quarter(m.quarter),
            "group": group(m),
            "member": _member(m),
            "value": m.value,
            "low": m.low,
            "high": m.high,
            "single": m.outlets == 1,
            "what": words.title(m),
            "said": words.value(m),
            "interval": words.interval(m),
            "rests": words.sample(m),
        }
        for m in measures
        if m.value is not None
    ]


def _quarters(measures: Iterable[Measure]) -> list[str]:
    return [quarter(when) for when in sorted({measure.quarter for measure in measures})]


def _member(measure: Measure) -> str:
    if measure.name.startswith("korea-in-"):
        return words.entity(measure.name.removeprefix("korea-in-"))
    return words.entity(measure.target) if measure.target in ENTITY_NAMES else measure.target


def _number(of_week: str) -> str:
    return of_week.partition("-W")[2]


def _week_of_year(of_week: str) -> str:
    return say("W{number:02}", number=int(_number(of_week)))


def _week(point: WeekPoint) -> Row:
    assert point.value is not None  # noqa: S101 `weeks` has left the others out
    assert point.low is not None  # noqa: S101 a value has an interval
    assert point.high is not None  # noqa: S101 the same
    places = words.decimals(point.value, point.low, point.high)
    return {
        "week": _week_of_year(point.week),
        "group": say(DIRECTIONS[point.narrative]),
        "value": point.value,
        "low": point.low,
        "high": point.high,
        "single": False,
        "what": say("{series}, {week}", series=say(DIRECTIONS[point.narrative]), week=week(point.week)),
        "said": words.percent(point.value, places),
        "interval": words.between(point.low, point.high, places),
        "rests": words.out_of(point.numerator, point.n),
    }


# -- parts of a chart ----------------------------------------------------


def inline(rows: list[Row]) -> alt.InlineData:
    """Give rows to a chart, written into it."""
    return alt.InlineData(values=rows)


def tooltip() -> list[alt.Tooltip]:
    """Say what is shown of a point."""
    shown = (("what", say("Figure")), ("said", say("Value")), ("interval", say("Interval")), ("rests", say("Rests on")))
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in shown]


def from_zero(field: str) -> alt.Y:
    """Scale a share upright, from zero."""
    return alt.Y(f"{field}:Q", title=None, axis=alt.Axis(format="~%"), scale=alt.Scale(zero=True))


def doublings(even: str) -> alt.Axis:
    """Label a scale to base 2 by ratios, ``even`` at zero."""
    label = (
        f"datum.value == 0 ? '{_escaped(even)}' : "
        "datum.value > 0 ? '×' + pow(2, datum.value) : '×1/' + pow(2, -datum.value)"
    )
    return alt.Axis(labelExpr=label, tickMinStep=1, values=list(range(-12, 13)), labelOverlap=True)


def _escaped(text: str) -> str:
    """Make a text fit to stand between quotes in an expression of Vega."""
    return text.replace("\\", "\\\\").replace("'", "\\'")


def by_colour(field: str, scale: alt.Scale) -> alt.Color:
    """Tell groups by colour."""
    legend = alt.Legend(title=None, orient="top", direction="vertical", symbolStrokeWidth=2)
    return alt.Color(field, scale=scale, legend=legend)


def by_shape(field: str, domain: list[str]) -> alt.Shape:
    """Tell groups by shape too."""
    shapes = ["circle", "square", "diamond"][: len(domain)]
    legend = alt.Legend(title=None, orient="top", direction="vertical")
    return alt.Shape(field, scale=alt.Scale(domain=domain, range=shapes), legend=legend)


def _dash() -> Any:  # noqa: ANN401 altair's conditions have no common type
    # One outlet: the interval says less than it seems to, so it is drawn broken.
    return alt.condition("datum.single", alt.value([3, 3]), alt.value([1, 0]))


def _dodged(rows: list[Row], across: str, title: str | None, domain: list[str]) -> list[Any]:
    """Both directions side by side over time, upright intervals; what is not given leaves its place empty."""
    groups = [say(side) for side in DIRECTIONS.values()]
    base = alt.Chart(inline(rows))
    axis = alt.Axis(labelAngle=0, labelOverlap=True)
    x = alt.X(across, title=title, axis=axis, scale=alt.Scale(domain=domain))
    offset = alt.XOffset("group:N", sort=groups)
    colour = by_colour("group:N", alt.Scale(domain=groups, range=[KOREA, ASEAN]))
    rules = base.mark_rule(strokeWidth=2).encode(x=x, xOffset=offset, y=from_zero("low"), y2="high:Q", color=colour)
    points = base.mark_point(size=50).encode(
        x=x,
        xOffset=offset,
        y=from_zero("value"),
        color=colour,
        shape=by_shape("group:N", groups),
        tooltip=tooltip(),
    )
    return [rules, points]


def across(rows: list[Row], y: alt.Y, offset: alt.YOffset, colour: alt.Color, shape: alt.Shape) -> list[Any]:
    """Groups below each other, lying intervals."""
    base = alt.Chart(inline(rows))
    axis = alt.Axis(format="~%")
    low = alt.X("low:Q", title=None, axis=axis, scale=alt.Scale(zero=True))
    value = alt.X("value:Q", title=None, axis=axis, scale=alt.Scale(zero=True))
    rules = base.mark_rule(strokeWidth=2).encode(
        y=y, yOffset=offset, x=low, x2="high:Q", color=colour, strokeDash=_dash()
    )
    points = base.mark_point(size=50).encode(y=y, yOffset=offset, x=value, color=colour, shape=shape, tooltip=tooltip())
    return [rules, points]


def picture_of(  # noqa: PLR0913, PLR0917 a picture is put together here and nowhere else
    name: str,
    title: str,
    layers: list[Any],
    rows: list[Row],
    measures: list[Measure],
    height: int,
    said: str = "",
) -> Picture | None:
    """Put a picture together; None where there is nothing to draw.

    Its text alternative is made of the rows, unless something else is ``said``.
    """
    if not rows and not said:
        return None
    chart = alt.layer(*layers).properties(width="container", height=height, description=title)
    spec: dict[str, Any] = {**chart.to_dict(), "config": _CONFIG}
    spec.pop("$schema")  # an address, though never loaded
    refused = [m for m in measures if m.value is None]
    alternative = say("{title}. {sentences}", title=title, sentences=said) if said else _alternative(title, rows)
    return Picture(name, title, alternative, spec, tuple(_missing(m) for m in refused))


def _missing(measure: Measure) -> str:
    return say(
        "{figure}, {quarter}: {reason}",
        figure=words.title(measure),
        quarter=quarter(measure.quarter),
        reason=measure.reason,
    )


def _alternative(title: str, rows: list[Row]) -> str:
    return say("{title}. {rows}.", title=title, rows=say("; ").join(map(_told, rows)))


def _told(row: Row) -> str:
    values = {"value": row["said"], "interval": row["interval"]}
    if "week" in row:
        return say("{week}, {series} {value} ({interval})", week=row["week"], series=row["group"], **values)
    if row["quarter"]:
        return say("{figure}, {quarter}: {value} ({interval})", figure=row["what"], quarter=row["quarter"], **values)
    return say("{figure}: {value} ({interval})", figure=row["what"], **values)


# Vega measures its labels with this font, so it must be named: "inherit" would be measured as another.
_FONT: Final = '"Noto Sans", "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
# Set in the specification itself: altair's configure methods have no type that says what they return.
_CONFIG: Final[dict[str, Any]] = {
    "background": "transparent",
    "font": _FONT,
    "autosize": {"type": "fit-x", "contains": "padding"},
    "view": {"stroke": None},
    "point": {"opacity": 1, "strokeWidth": 2},
    "axisX": {"tickCount": 6},
    "axis": {
        "labelColor": QUIET,
        "titleColor": QUIET,
        "gridColor": RULE,
        "domainColor": RULE,
        "tickColor": RULE,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 220,
    },
    "legend": {"labelColor": INK, "labelFontSize": 12, "labelLimit": 320},
}
