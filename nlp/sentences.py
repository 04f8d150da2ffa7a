"""Where sentences end, cheaply, and the same way everywhere.

A sentence ends at a line break, at ``. ! ?`` followed by white space (not after
Dr., No. and their like), and at the full stops of Chinese, Burmese and Khmer.
Thai and Lao have no full stop; there, a sentence is a line. The marks are put
into the automaton beside the names, so that one pass finds both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_SPACES: Final = (" ", "\n", "\r", "\u00a0")
ENDS: Final[tuple[str, ...]] = (
    *(mark + close + space for mark in ".!?" for close in ("", '"', "”", "’", ")", "'") for space in _SPACES),
    *"\n\r。！？။។",
)

_ABBREVIATED: Final = (
    "Mr", "Mrs", "Ms", "Dr", "Prof", "Gen", "Lt", "Col", "Sen", "Rep", "Gov", "St", "No", "Nos", "vs", "Jr", "Sr",
    "Inc", "Ltd", "Co", "Corp", "Rp", "Jl", "Tn", "Ny", "Sdr", "Ir", "Drs", "i.e", "e.g", "Sta", "Sto", "Gng",
    "Bp", "TP", "Tp", "TS", "ThS", "GS", "PGS", "Sra", "Exmo", "S", "N",
)  # fmt: skip
# A point after these ends no sentence: longer than the end they hide, so they win over it.
NO_ENDS: Final[tuple[str, ...]] = tuple(f"{before}{word}. " for word in _ABBREVIATED for before in " (\n")

_END: Final = re.compile("|".join(map(re.escape, sorted((*ENDS, *NO_ENDS), key=len, reverse=True))))


def around(text: str, start: int, end: int, reach: int) -> tuple[int, int]:
    """Give the sentence that holds ``text[start:end]``, cut to ``reach`` characters on either side.

    Returns:
        its first character and one past its last.
    """
    first = max(0, start - reach)
    for match in _END.finditer(text, first, start):
        if match[0] not in _NO_ENDS:
            first = match.end()
    for match in _END.finditer(text, end, min(len(text), end + reach)):
        if match[0] not in _NO_ENDS:
            return first, match.start() + 1
    return first, min(len(text), end + reach)


_NO_ENDS: Final = frozenset(NO_ENDS)


def sentence_ends(text: str, marks: Iterable[tuple[int, int]] | None = None) -> list[int]:
    """Give the position after each sentence, ascending; empty for a text of white space only.

    Sentences of nothing but white space do not count. The last sentence ends
    where the text does.

    Args:
        text: any string.
        marks: the spans of the ends in it, where a matcher has found them already.
    """
    if marks is None:
        marks = (match.span() for match in _END.finditer(text) if match[0] not in _NO_ENDS)
    ends: list[int] = []
    first = 0
    for start, end in marks:
        if not first and text[:start] in _ABBREVIATED:
            continue
        if not text[start].isspace() or (start > first and not text[first:start].isspace()):
            ends.append(end)
        first = end
    if text[first:].strip():
        ends.append(len(text))
    return ends
