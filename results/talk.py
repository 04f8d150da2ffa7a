"""What the talk is about, for the page: a chart of frames for either side, and the tables of figures."""

from __future__ import annotations

from typing import Final

import altair as alt

from corpus.model import NARRATIVES, Narrative
from nlp.frames.model import NONE
from results import words
from results.charts import (
    ASEAN,
    KOREA,
    THIRD,
    Picture,
    Row,
    across,
    by_colour,
    by_shape,
    picture_of,
    rows_of,
)
from results.framing import COMPARISONS, SUBJECTS
from results.language import quarter, say
from results.measure import Measure
from results.quarterly import QuarterResults

_COLOURS: Final = (ASEAN, THIRD, KOREA)
_ROW: Final = 16  # pixels for one interval

Table = tuple[str, list[tuple[Measure, str]]]
"""A caption, and figures with their labels."""


def drawn(results: QuarterResults) -> dict[str, Picture]:
    """Draw the frames of both narratives; a chart that would be empty is left out."""
    pictures = (_frames(results, narrative) for narrative in NARRATIVES)
    return {picture.name: picture for picture in pictures if picture is not None}


def _frames(results: QuarterResults, narrative: Narrative) -> Picture | None:
    groups = [words.target(target) for side, target in SUBJECTS if side == narrative]
    measures = [m for m in _now(results, "frame") if m.narrative == narrative]
    rows: list[Row] = [
        {**row, "group": words.target(whole(m)), "frame": words.subject(label(m))}
        for m, row in zip((m for m in measures if m.value is not None), rows_of(measures, whole), strict=True)
    ]
    order = list(dict.fromkeys(row["frame"] for row in sorted(rows, key=lambda row: -row["value"])))
    y = alt.Y("frame:N", title=None, sort=order)
    layers = across(
        rows,
        y,
        alt.YOffset("group:N", sort=groups),
        by_colour("group:N", alt.Scale(domain=groups, range=list(_COLOURS[: len(groups)]))),
        by_shape("group:N", groups),
    )
    title = say(
        "What the talk is about, {narrative}, four quarters up to {quarter}",
        narrative=words.side(narrative),
        quarter=quarter(results.quarter),
    )
    return picture_of(
        f"frames-{narrative}", title, layers, rows, measures, max(1, len(order)) * (10 + _ROW * len(groups))
    )


def tables(results: QuarterResults) -> list[Table]:
    """Give the figures their places, the frames of each subject by size."""
    listed: list[Table] = [
        (say("The essay's claims on what the talk is about, as ratios"), _comparisons(results)),
        (say("Two scales: of the documents that speak of either end"), _labelled(results, "exchange", "people")),
        (say("Who goes where, and whose culture it is: of the documents that tell"), _labelled(results, "way")),
    ]
    for narrative, target in SUBJECTS:
        own = [m for m in _now(results, "frame") if m.narrative == narrative and whole(m) == target]
        own.sort(key=lambda m: (label(m) == NONE, -(m.value or 0.0), label(m)))
        pillars = [m for m in _now(results, "pillar") if m.narrative == narrative and whole(m) == target]
        listed.append((words.placed(target, narrative), [(m, words.subject(label(m))) for m in (*own, *pillars)]))
    return listed


def topic_tables(results: QuarterResults) -> list[tuple[str, list[tuple[Measure, str]], str]]:
    """Give the shares of topics, scope by scope, the largest first, each scope with how good its model is."""
    listed = []
    for scope, measures in results.topics:
        called = dict(scope.topics)
        caption = say(
            "{subject}, documents in {language}",
            subject=words.placed(scope.target, scope.narrative),
            language=scope.language,
        )
        ordered = sorted(measures, key=lambda m: (-(m.value or 0.0), label(m)))
        labelled = [(m, f"{_number(m)}: {called[_number(m)]}") for m in ordered]
        listed.append((caption, labelled, scope.quality))
    return listed


def _number(measure: Measure) -> int:
    return int(label(measure).partition(":")[2])


def _comparisons(results: QuarterResults) -> list[tuple[Measure, str]]:
    found = [(c, m) for c in COMPARISONS for m in _now(results, c.name)]
    return [(m, say("Claim {n}: {figure}", n=c.claim, figure=words.title(m))) for c, m in found]


def _labelled(results: QuarterResults, *names: str) -> list[tuple[Measure, str]]:
    return [
        (m, say("{target}, in {narrative}", target=words.target(m.target), narrative=words.side(m.narrative)))
        for name in names
        for m in _now(results, name)
        if m.narrative != "both"
    ]


def _now(results: QuarterResults, name: str) -> list[Measure]:
    return [m for m in results.talk if m.name == name]


def whole(measure: Measure) -> str:
    """Give the target whose surroundings were framed."""
    return measure.target.partition("#")[0]


def label(measure: Measure) -> str:
    """Give the label the surroundings are counted under."""
    return measure.target.partition("#")[2]
