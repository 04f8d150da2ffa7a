"""Where sentences end, cheaply, and the same way everywhere.

A sentence ends at a line break, at ``. ! ?`` followed by white space (not after
Dr., No. and their like), and at the full stops of Chinese, Burmese and Khmer.
Thai and Lao have no full stop; there, a sentence is a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_ABBREVIATED: Final = (
    "Mr", "Mrs", "Ms", "Dr", "Prof", "Gen", "Lt", "Col", "Sen", "Rep", "Gov", "St", "No", "Nos", "vs", "Jr", "Sr",
    "Inc", "Ltd", "Co", "Corp", "Rp", "Jl", "Tn", "Ny", "Sdr", "Ir", "Drs", "i.e", "e.g", "Sta", "Sto", "Gng",
    "Bp", "TP", "Tp", "TS", "ThS", "GS", "PGS", "Sra", "Exmo", "S", "N",
)  # fmt: skip
_STOPS: Final = "\n\r。！？။។"  # end a sentence whatever follows
MARKS: Final = ".!?" + _STOPS


def _no_end() -> str:
    """Give lookbehinds for an abbreviation's point and a space; one a length, as each must have one width."""
    lengths = sorted({len(word) for word in _ABBREVIATED})
    groups = ["|".join(re.escape(word) for word in _ABBREVIATED if len(word) == length) for length in lengths]
    return "".join(rf"(?<![ (\n](?:{group})\. )(?<!\A(?:{group})\. )" for group in groups)


# Begins with a set of characters, so that the search passes over all others quickly.
_MARK: Final = rf"[{MARKS}](?:(?<=[{_STOPS}])|[\"”’)']?[ \n\r\u00a0]{_no_end()})"
_END: Final = re.compile(_MARK)
_END_AND_SPACE: Final = re.compile(rf"{_MARK}\s*")


def around(text: str, start: int, end: int, reach: int) -> tuple[int, int]:
    """Give the sentence that holds ``text[start:end]``, cut to ``reach`` characters on either side.

    Returns:
        its first character and one past its last.
    """
    first = max(0, start - reach)
    for match in _END.finditer(text, first, start):
        first = match.end()
    ending = _END.search(text, end, min(len(text), end + reach))
    return first, ending.start() + 1 if ending else min(len(text), end + reach)


def count_sentences(text: str) -> int:
    """Count the sentences of a text, as `sentence_ends` finds them."""
    text = text.strip()
    return len(_END_AND_SPACE.findall(text)) + (text[-1] not in _STOPS if text else 0)


def sentence_ends(text: str, whole: Iterable[tuple[int, int]] = ()) -> list[int]:
    """Give the position after each sentence and the white space behind it, ascending.

    Sentences of nothing but white space do not count; a text of nothing else has none.

    Args:
        text: any string.
        whole: spans within which no sentence ends (names with a point or a line break
            in them), ascending and apart.
    """
    ends: list[int] = []
    at = len(text) - len(text.lstrip())
    for start, end in whole:
        while (match := _END_AND_SPACE.search(text, at)) and match.start() <= start:
            at = match.end()
            ends.append(at)
        at = max(at, end)
    ends += [match.end() for match in _END_AND_SPACE.finditer(text, at)]
    if text[ends[-1] if ends else 0 :].strip():
        ends.append(len(text))
    return ends
