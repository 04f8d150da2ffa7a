"""From counts to matrices: what each outlet said in each week, and of how much.

A matrix has one row an outlet of the panel and one column a week. Its numerators
are what names the target; its denominators are everything (target ``*``), or what
names a wider target where a share is taken among those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from corpus.calendar import Quarter, week_of
from corpus.errors import NoAnswerError
from corpus.model import Count, Narrative
from corpus.targets import EVERYTHING

Unit = Literal["documents", "stories", "headlines", "sentences"]
UNITS: Final[tuple[Unit, ...]] = ("documents", "stories", "headlines", "sentences")

_WHOLE_DAY: Final = len("2026-07-31")

Floats = NDArray[np.float64]
_Place = tuple[str, str]  # outlet, block

_quarter_of = lru_cache(maxsize=None)(Quarter.of)
_week_of = lru_cache(maxsize=None)(week_of)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Counts of one form class, by narrative, quarter and target, then outlet and week.

    Attributes:
        cells: for each (narrative, quarter, target), for each (outlet, block), an
            amount for each of `UNITS`.
        days: for each (narrative, quarter), the days with documents, ascending;
            dates known only to the month are not among them.
        last: a narrative's latest day or month in any quarter (ISO prefix).
    """

    cells: dict[tuple[Narrative, Quarter, str], dict[_Place, tuple[int, ...]]]
    days: dict[tuple[Narrative, Quarter], tuple[str, ...]]
    last: dict[Narrative, str]

    def of(self, narrative: Narrative, quarter: Quarter, target: str) -> dict[_Place, tuple[int, ...]]:
        """Give the amounts of one target, empty where it is never named."""
        return self.cells.get((narrative, quarter, target), {})

    def quarters(self) -> tuple[Quarter, ...]:
        """Give all quarters with documents, earliest first."""
        return tuple(sorted({quarter for _, quarter, target in self.cells if target == EVERYTHING}))


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Outlets by weeks.

    Attributes:
        outlets: the rows.
        blocks: the columns: ISO weeks, and months where the day is not known.
        numerators: (outlets, blocks), in the unit of the measure.
        denominators: the same shape and unit.
        present: the same shape: the outlet published something in the block, so
            that the block is one of those it can be resampled from.
        documents: (outlets,) all documents, copies included, of any content.
    """

    outlets: tuple[str, ...]
    blocks: tuple[str, ...]
    numerators: Floats
    denominators: Floats
    present: NDArray[np.bool_]
    documents: Floats


def framed(target: str, label: str) -> str:
    """Name the documents whose surroundings of a target were framed so: ``ASEAN#sport``."""
    return f"{target}#{label}"


def tabulate(counts: Iterable[Count], form_class: str) -> Table:
    """Index counts.

    Args:
        counts: rows of any frame and class; those of one label are kept under `framed` targets.
        form_class: ``named``, or ``named+capital``; the denominators' class is ``*``.

    Documents dated only to the year are in no quarter and are left out here.
    """
    cells: dict[tuple[Narrative, Quarter, str], dict[_Place, tuple[int, ...]]] = defaultdict(dict)
    days: dict[tuple[Narrative, Quarter], set[str]] = defaultdict(set)
    last: dict[Narrative, str] = {}
    for row in counts:
        wanted = EVERYTHING if row.target == EVERYTHING else form_class
        quarter = _quarter_of(row.day)
        if row.form_class != wanted or quarter is None:
            continue
        target = row.target if row.frame == EVERYTHING else framed(row.target, row.frame)
        amounts = (row.documents, row.stories, row.headlines, row.sentences)
        place = (row.outlet, _week_of(row.day))
        cell = cells[row.narrative, quarter, target]
        cell[place] = tuple(map(sum, zip(cell[place], amounts, strict=True))) if place in cell else amounts
        if row.target == EVERYTHING and row.documents:
            last[row.narrative] = max(last.get(row.narrative, row.day), row.day)
            if len(row.day) == _WHOLE_DAY:
                days[row.narrative, quarter].add(row.day)
    return Table(dict(cells), {key: tuple(sorted(found)) for key, found in days.items()}, last)


def panel(  # noqa: PLR0913 a cell of the counts has this many coordinates
    table: Table, narrative: Narrative, quarter: Quarter, *, unit: Unit = "documents", minimum: int, country: str = ""
) -> tuple[str, ...]:
    """Give the outlets a figure rests on: those with enough in the quarter, by name.

    An outlet is in with at least ``minimum`` documents, and as many stories or
    headlines where these are what is counted: one story must not decide an
    outlet's whole share. ``country`` keeps only the outlets of one.
    """
    totals = _by_outlet(table.of(narrative, quarter, EVERYTHING))
    at = UNITS.index(unit)
    prefix = f"{country}:" if country else ""
    return tuple(
        sorted(
            outlet
            for outlet, amounts in totals.items()
            if min(amounts[0], amounts[at]) >= minimum and outlet.startswith(prefix)
        )
    )


def _by_outlet(cell: dict[_Place, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    totals: dict[str, tuple[int, ...]] = {}
    for (outlet, _), amounts in cell.items():
        before = totals.get(outlet, (0,) * len(UNITS))
        totals[outlet] = tuple(map(sum, zip(before, amounts, strict=True)))
    return totals


def matrix(  # noqa: PLR0913 a cell of the counts has this many coordinates
    table: Table,
    narrative: Narrative,
    quarter: Quarter,
    target: str,
    *,
    among: str = EVERYTHING,
    unit: Unit = "documents",
    outlets: tuple[str, ...],
) -> Matrix:
    """Lay out numerators (``target``) and denominators (``among``) by outlet and week.

    Raises:
        NoAnswerError: more names the target than there is to name it, so the
            counts contradict themselves.
    """
    everything = table.of(narrative, quarter, EVERYTHING)
    blocks = tuple(sorted({block for outlet, block in everything if outlet in set(outlets)}))
    fill = _Filler(outlets, blocks)
    documents = fill(everything, "documents")
    numerators = fill(table.of(narrative, quarter, target), unit)
    denominators = fill(table.of(narrative, quarter, among), unit)
    if (numerators > denominators).any():
        raise NoAnswerError(
            f"The counts of {target} in {quarter} exceed those of {among} ({unit}, {narrative}). Run: narra run"
        )
    return Matrix(outlets, blocks, numerators, denominators, documents > 0, documents.sum(axis=1))


@dataclass(frozen=True, slots=True)
class _Filler:
    outlets: tuple[str, ...]
    blocks: tuple[str, ...]

    def __call__(self, cell: dict[_Place, tuple[int, ...]], unit: Unit) -> Floats:
        rows = {outlet: number for number, outlet in enumerate(self.outlets)}
        columns = {block: number for number, block in enumerate(self.blocks)}
        at = UNITS.index(unit)
        filled = np.zeros((len(rows), len(columns)))
        for (outlet, block), amounts in cell.items():
            if outlet in rows and block in columns:
                filled[rows[outlet], columns[block]] = amounts[at]
        return filled
