"""What the canned queries ask of Python: search words cut as the index is, names in their surroundings, figures."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from corpus.errors import NarraError
from results.excerpts import clean
from results.explore import figures
from results.explore.tokens import query

_ROOM: Final = 90  # characters shown on either side


def add_functions(connection: sqlite3.Connection, reports: Path) -> None:
    """Give a connection the functions of the canned queries, and have Datasette's search box use our index.

    ``narra_query(words)``, ``narra_found(title, text, words)``, ``narra_around(text, start, end)``,
    ``narra_figures(quarter)`` and ``narra_evidence(quarter, figure)``, the last two as JSON.
    """

    def all_figures(quarter: str) -> str:
        return _or_nothing(lambda: json.dumps(figures.read_figures(reports, quarter or ""), ensure_ascii=False), "{}")

    def evidence(quarter: str, figure: str) -> str:
        return _or_nothing(lambda: json.dumps(figures.figure_queries(reports, quarter or "", figure or "")), "[]")

    made = (
        ("narra_query", 1, searchable),
        ("escape_fts", 1, searchable),  # Datasette's own name for it, behind the search box of a list
        ("narra_found", 3, found_words),
        ("narra_around", 3, around),
        ("narra_figures", 1, all_figures),
        ("narra_evidence", 2, evidence),
    )
    for name, arguments, function in made:
        connection.create_function(name, arguments, function)


def searchable(asked: str | None) -> str:
    """Give an FTS5 query for what was typed; one that finds nothing where there is nothing to search for."""
    return query(asked or "") or '""'


def around(text: str | None, start: int, end: int) -> str:
    """Give the surroundings of a name, which stands between ``«`` and ``»``; "" where the text may not be shown."""
    if not text:
        return ""
    left, right = max(0, start - _ROOM), min(len(text), end + _ROOM)
    before = ("…" if left else "") + text[left:start]
    after = text[end:right] + ("…" if right < len(text) else "")
    return clean(f"{before}«{text[start:end]}»{after}")


def found_words(title: str, text: str, asked: str | None) -> str:
    """Give the surroundings of the first word asked for, or how the text begins."""
    for word in (asked or "").replace('"', " ").replace("*", " ").split():
        for content in (text, title):
            at = content.casefold().find(word.casefold())
            # Folding may change a text's length ("ß"), and then positions in it say nothing.
            if at >= 0 and len(content.casefold()) == len(content):
                return around(content, at, at + len(word))
    return clean(text[: 2 * _ROOM]) + ("…" if len(text) > 2 * _ROOM else "")


def _or_nothing(give: Callable[[], str], nothing: str) -> str:
    # Within SQL an exception loses its message; the page of the figure has said it already (see `plugin`).
    try:
        return give()
    except NarraError:
        return nothing
