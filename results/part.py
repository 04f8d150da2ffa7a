"""What a section of findings is made of, ready for the template."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a plain table: its head, its cells, notes, and links (address, text)."""

    head: str
    cells: tuple[str, ...]
    id: str = ""
    notes: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a section: what is said, a chart, and a table.

    Attributes:
        title: heads it.
        said: sentences.
        chart: name of the picture, "" for none.
        columns: heads of the table.
        rows: of the table.
        folded: what opens the table, "" where it lies open.
    """

    title: str
    said: tuple[str, ...] = ()
    chart: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    folded: str = ""
