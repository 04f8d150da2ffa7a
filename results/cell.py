"""Which documents a cell of the tables stands for, by the figure's name or by what it counts."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from corpus.calendar import Quarter
from corpus.errors import InputError, NoAnswerError
from corpus.model import Field, Narrative
from corpus.settings import MeasureSettings, Settings
from corpus.store import Store
from results import catalogue, quarterly
from results.catalogue import Asked
from results.estimate import Question
from results.figures import query
from results.measure import EvidenceQuery, Measure
from results.measuring import Wanted, measured
from results.spans import Span


@dataclass(frozen=True, slots=True)
class Cell:
    """Documents of one side that name something at a time.

    Attributes:
        query: which; its outlets are a figure's panel.
        anyone: whether documents of any outlet count, and ``query.outlets`` says nothing.
    """

    query: EvidenceQuery
    anyone: bool = False

    def conditions(self) -> Mapping[str, Any]:
        """Give the arguments of `Store.evidence` and `Store.named`."""
        q = self.query
        return {
            "narrative": q.narrative,
            "months": q.months,
            "entities": q.entities,
            "classes": q.classes,
            "kinds": q.kinds,
            "without": q.without,
            "also": q.also,
            "framed": q.framed,
            "outlets": None if self.anyone else q.outlets,
            "field": q.field,
        }


def counted(  # noqa: PLR0913, PLR0917 a cell has as many coordinates
    settings: MeasureSettings,
    narrative: Narrative,
    target: str,
    when: Quarter,
    outlet: str | None = None,
    field: Field | None = None,
) -> Cell:
    """Give the cell of what names a target."""
    asked = query(settings, Question(narrative, target), when, (outlet,) if outlet else ())
    return Cell(replace(asked, field=field), anyone=outlet is None)


def behind(store: Store, settings: Settings, figure: str, when: Quarter, outlet: str | None = None) -> list[Cell]:
    """Give the cells of a figure of a table, one a side.

    Args:
        store: open for reading.
        settings: as the figure was computed with.
        figure: its ``id`` in figures.csv, or in what ``narra measure`` wrote.
        when: its quarter or span.
        outlet: of its panel, only this one.

    Raises:
        InputError: there is no such figure; the message names those most like it.
        NoAnswerError: it rests on no document.
    """
    known: list[str] = []
    for measure in _figures(store, settings, when):
        if measure.id == figure:
            return _cells(measure, outlet)
        known.append(measure.id)
    like = difflib.get_close_matches(figure, known, 3, 0.5) or sorted(set(known))[:3]
    raise InputError(f"There is no figure {figure!r} in {when}. Like it: {', '.join(like)}.")


def _cells(measure: Measure, outlet: str | None) -> list[Cell]:
    queries = [q for q in measure.evidence if outlet is None or outlet in q.outlets]
    if outlet is not None and not queries:
        raise InputError(f"{outlet} is not in the panel of {measure.id} in {measure.quarter}.")
    cells = [Cell(q if outlet is None else replace(q, outlets=(outlet,))) for q in queries if q.outlets]
    if not cells:
        raise NoAnswerError(f"{measure.id} rests on no document in {measure.quarter}: {'; '.join(measure.flags)}.")
    return cells


def _figures(store: Store, settings: Settings, when: Quarter) -> Iterator[Measure]:
    """Give the figures of a time, the cheaper ones first."""
    entries = catalogue.find("all")
    span = isinstance(when, Span)
    first, last = (when.start, when.end) if isinstance(when, Span) else (when, when)
    for by in (None, "member"):
        wanted = Wanted(entries, Asked(), by, "whole" if span else "quarter", first, last)
        yield from (row.measure for row in measured(store, settings.measure, wanted))
    if not span:
        yield from (m for m in quarterly.compute(store, settings, when).measures if m.quarter == when)
