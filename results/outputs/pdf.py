"""The report as PDF: set by Typst, which comes with narra, in narra's own fonts. No browser, no network.

The same page gives the same bytes on every machine: no font of the machine is used,
and the file says no time.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib.resources import files
from typing import Any, Final

from results.outputs import fonts
from results.outputs.blocks import Block, Cell, Chart, Content, Heading, Run, Table
from results.outputs.typesetting import typeset

_NARROWEST: Final = 6
_WIDEST: Final = 30
_WORD: Final = 1.7  # room for a word, so that none is cut or overlaps, by its letters
# Scripts whose signs stand above and below the height of Latin ones.
_TALL: Final = frozenset(
    {"Narra Sans Thai", "Narra Sans Lao", "Narra Sans Khmer", "Narra Sans Myanmar", "Narra Sans Tamil"}
)


def pdf(content: Content, pictures: Mapping[str, bytes], version: str) -> bytes:
    """Write a report as PDF, with page numbers, bookmarks, links and text alternatives.

    Args:
        content: what `read_page` has read.
        pictures: each chart as SVG, by its name; one that is not there is left out.
        version: narra's.
    """
    known = set(_first_places(content.blocks))
    left = set(known)
    given = {
        "title": fonts.shown(content.title),
        "footer": f"narra {version}",
        "version": version,
        "language": _language(content.language),
        "families": fonts.FAMILIES,
        "blocks": [_block(block, pictures, known, left) for block in content.blocks if _is_there(block, pictures)],
    }
    source = (files("results.outputs") / "report.typ").read_bytes()
    return typeset(source, "pdf", {"content": json.dumps(given, ensure_ascii=False)})[0]


def _is_there(block: Block, pictures: Mapping[str, bytes]) -> bool:
    return not isinstance(block, Chart) or block.name in pictures


def _first_places(blocks: Iterable[Block]) -> Iterable[str]:
    """Give every id that can be linked to."""
    for block in blocks:
        if isinstance(block, Table):
            yield from (name for row in block.ids for name in row)
        elif not isinstance(block, Chart):
            yield from block.ids


def _block(block: Block, pictures: Mapping[str, bytes], known: set[str], left: set[str]) -> dict[str, Any]:
    if isinstance(block, Chart):
        return {
            "type": "chart",
            "title": fonts.shown(block.title),
            "alternative": fonts.shown(block.alternative),
            "svg": pictures[block.name].decode(),
        }
    if isinstance(block, Table):
        rows = [*block.head, *block.body]
        columns = max((len(row) for row in rows), default=0)
        return {
            "type": "table",
            "caption": fonts.shown(block.caption),
            "head": [_row(row, columns, known) for row in block.head],
            "body": [_row(row, columns, known) for row in block.body],
            "ids": [_own(ids, left) for ids in block.ids],
            "widths": [_width(rows, column) for column in range(columns)],
        }
    common = {"runs": _runs(block.runs, known), "ids": _own(block.ids, left)}
    if isinstance(block, Heading):
        return {"type": "heading", "level": block.level, **common}
    return {"type": "paragraph", "kind": block.kind, **common}


def _own(ids: Iterable[str], left: set[str]) -> list[str]:
    """Give the ids that no block before has had: Typst takes no label twice."""
    own = [name for name in ids if name in left]
    left.difference_update(own)
    return own


def _row(row: tuple[Cell, ...], columns: int, known: set[str]) -> list[dict[str, Any]]:
    cells = [{"runs": _runs(cell.runs, known), "number": cell.number} for cell in row]
    return cells + [{"runs": [], "number": False}] * (columns - len(cells))


def _width(rows: list[tuple[Cell, ...]], column: int) -> int:
    """Weigh a column by its longest line, within bounds, and by its longest word."""
    lines = [
        line for row in rows if column < len(row) for line in "".join(r.text for r in row[column].runs).split("\n")
    ]
    words = [word for line in lines for word in line.split()]
    return min(_WIDEST, max([_NARROWEST, *map(_letters, lines), *(round(_WORD * _letters(word)) for word in words)]))


def _letters(text: str) -> int:
    """Give how many Latin letters a text is as wide as: signs of East Asia are as wide as two."""
    return sum(2 if unicodedata.east_asian_width(sign) in {"W", "F"} else 1 for sign in text)


def _runs(runs: Iterable[Run], known: set[str]) -> list[dict[str, Any]]:
    return [_run(run, known) for run in runs]


def _run(run: Run, known: set[str]) -> dict[str, Any]:
    leads = not run.link.startswith("#") or run.link[1:] in known
    shown = run.text if run.text == "\n" else fonts.shown(run.text)
    tall = any(family in _TALL for family, _ in fonts.runs(shown))
    return {
        **asdict(run),
        "tall": tall,
        "text": shown,
        "link": run.link if leads else "",
        "language": _language(run.language),
    }


def _language(code: str) -> str:
    """Give a language as Typst takes it: zh-Hant is ``zh``; "" for one that nobody knows."""
    first = code.partition("-")[0].lower()
    return first if first.isalpha() and first.isascii() and len(first) in {2, 3} and first != "und" else ""
