"""The fonts that printed pages and pictures are set in: cut from Noto, shipped, so that no machine lacks a script.

The user's own fonts are never used: two machines would give two results, and one
that has no Khmer would print boxes. What even these fonts lack is said in words.
"""

from __future__ import annotations

import json
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from results.language import plural

FAMILIES: Final = (
    "Narra Sans", "Narra Sans Korean", "Narra Sans Thai", "Narra Sans Lao", "Narra Sans Khmer", "Narra Sans Myanmar",
    "Narra Sans Tamil", "Narra Sans Han",
)  # fmt: skip
"""In the order in which a sign is looked for."""

_JOINERS: Final = "\u200b\u200c\u200d"
_UNSEEN: Final = frozenset(
    _JOINERS + "\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


def folder() -> Path:
    """Give the folder the fonts lie in."""
    with as_file(files("results.outputs") / "fonts") as path:  # narra is installed as files, never as an archive
        return path


@lru_cache(maxsize=1)
def _coverage() -> dict[str, tuple[list[int], list[int]]]:
    """Give, for each family, the first and the last sign of each range it holds."""
    ranges = json.loads((folder() / "coverage.json").read_text(encoding="utf-8"))
    return {family: ([a for a, _ in ranges[family]], [b for _, b in ranges[family]]) for family in FAMILIES}


@lru_cache(maxsize=4096)
def family_of(sign: str) -> str | None:
    """Give the first family that has a sign, or None."""
    for family, (firsts, lasts) in _coverage().items():
        at = bisect_right(firsts, ord(sign)) - 1
        if at >= 0 and ord(sign) <= lasts[at]:
            return family
    return None


def covers(sign: str) -> bool:
    """Tell whether one of the fonts has a sign, or needs none for it."""
    return sign in _UNSEEN or sign.isspace() or family_of(sign) is not None


def runs(text: str) -> Iterator[tuple[str, str]]:
    """Cut a text where its font changes: pairs of family and text.

    Spaces, joiners and marks stay with what is before them: a program that shapes
    a word part by part with different fonts sets its parts on top of each other.
    """
    family, begun = FAMILIES[0], 0
    for at, sign in enumerate(text):
        if sign.isspace() or sign in _UNSEEN or unicodedata.combining(sign):
            continue
        wanted = family_of(sign) or family
        if wanted != family:
            if at > begun:
                yield family, text[begun:at]
            family, begun = wanted, at
    if begun < len(text):
        yield family, text[begun:]


def shown(text: str) -> str:
    """Put a note in the place of signs that no font has: ``[no font for 3 signs]`` instead of three boxes.

    Bidirectional controls are dropped: in print nobody could see that they turn the words round them.
    """
    out: list[str] = []
    missing = 0
    for sign in text:
        if sign in _UNSEEN and sign not in _JOINERS:
            continue
        if covers(sign):
            if missing:
                out.append(_note(missing))
                missing = 0
            out.append(sign)
        else:
            missing += 1
    if missing:
        out.append(_note(missing))
    return "".join(out)


def _note(signs: int) -> str:
    return plural("[no font for {n} sign]", "[no font for {n} signs]", signs)
