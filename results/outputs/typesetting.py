"""Typst: sets text as the scripts of the region need it, from data alone, in narra's own fonts."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any, Final, Literal

import typst

from results.outputs import fonts

EPOCH: Final = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
"""The moment files say they were made at, so that the same report gives the same bytes."""


def typeset(
    source: bytes, form: Literal["pdf", "png", "svg"], inputs: dict[str, str], ppi: float | None = None
) -> list[bytes]:
    """Set a document.

    Args:
        source: Typst markup of our own; text of documents comes in ``inputs`` alone, where none of it is markup.
        form: what to give.
        inputs: what the markup reads as ``sys.inputs``.
        ppi: pixels an inch, for PNG.

    Returns:
        one file, or of PNG and SVG one a page.
    """
    # Of one page it gives the page, of several a list, whatever its types say.
    made: Any = typst.compile(
        source, font_paths=_fonts(), ignore_system_fonts=True, format=form, sys_inputs=inputs, ppi=ppi, timestamp=EPOCH
    )
    pages = made if isinstance(made, list) else [made]
    return [bytes(page) for page in pages]


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts.folder())])
