"""Where sentences end, cheaply, and the same way everywhere.

A sentence ends at a line break, at ``. ! ?`` followed by white space, and at the
full stops of Chinese, Burmese and Khmer. Thai and Lao have no full stop; there,
a sentence is a line. The marks are put into the automaton beside the names, so
that one pass finds both.
"""

from __future__ import annotations

import re
from typing import Final

_SPACES: Final = (" ", "\n", "\r", "\u00a0")
_LATIN_ENDS: Final = tuple(
    mark + close + space for mark in ".!?" for close in ("", '"', "”", "’", ")", "'") for space in _SPACES
)
ENDS: Final[tuple[str, ...]] = (*_LATIN_ENDS, "\n", "\r", "。", "！", "？", "။", "។")

# A point after these ends no sentence.
ABBREVIATIONS: Final[tuple[str, ...]] = tuple(
    f"{before}{word}. "
    for word in (
        "Mr", "Mrs", "Ms", "Dr", "Prof", "Gen", "Lt", "Col", "Sen", "Rep", "Gov", "St", "No", "Nos", "vs", "Jr", "Sr",
        "Inc", "Ltd", "Co", "Corp", "Rp", "Jl", "Tn", "Ny", "Sdr", "Ir", "Drs", "U.S", "U.K", "U.N", "a.m", "p.m",
        "i.e", "e.g", "Sta", "Sto", "G", "Gng", "Bp", "TP", "Tp", "TS", "ThS", "GS", "PGS", "Sr", "Sra", "Exmo",
    )
    for before in (" ", "(", "\n")
)  # fmt: skip

_END: Final = re.compile("|".join(map(re.escape, sorted(ENDS, key=len, reverse=True))))


def around(text: str, start: int, end: int, reach: int) -> tuple[int, int]:
    """Give the sentence that holds ``text[start:end]``, cut to ``reach`` characters on either side.

    Returns:
        its first character and one past its last.
    """
    first = max(0, start - reach)
    for match in _END.finditer(text, first, start):
        first = match.end()
    following = _END.search(text, end, min(len(text), end + reach))
    last = following.start() + 1 if following else min(len(text), end + reach)
    return first, last


def sentence_ends(text: str) -> list[int]:
    """Give the position after each sentence, ascending; empty for a text of white space only.

    Sentences of nothing but white space do not count. The last sentence ends
    where the text does.
    """
    ends: list[int] = []
    first = 0
    for match in _END.finditer(text):
        if not text[first : match.end()].isspace():
            ends.append(match.end())
            first = match.end()
    if text[first:].strip():
        ends.append(len(text))
    return ends
