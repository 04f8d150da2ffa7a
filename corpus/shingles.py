"""Shingles: a text as the set of all runs of so many letters in it, as numbers.

Texts are compared by what they say, not how it is set: white space, punctuation
and letter case are left out first, so that spacing (which Korean outlets do not
agree on), line breaks and quotation marks make no difference and no word cutter
is needed. A shingle is about three words long, which depends on the script.

Everything works on many texts at once, in arrays laid end to end: ``values``, and
``bounds`` (one more than there are texts), so that text ``n`` has
``values[bounds[n]:bounds[n + 1]]``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.int64]
Bounds = NDArray[np.int64]

# About three words: 15 Latin letters, 7 Korean syllables, 12 Thai letters.
_LENGTHS: Final = {"ko": 7, "zh-Hans": 5, "zh-Hant": 5, "th": 12, "lo": 12, "km": 12, "my": 12, "vi": 11}
_USUAL_LENGTH: Final = 15
_CODE_POINTS: Final = 0x110000
_LAST_LETTER: Final = 0x30000  # beyond are no letters in use in any language of ours
_BASE: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = np.uint64(0xBF58476D1CE4E5B9)


def shingle_length(language: str) -> int:
    """Give how many letters a shingle has in a language."""
    return _LENGTHS.get(language, _USUAL_LENGTH)


@dataclass(frozen=True, slots=True)
class Rows:
    """Values of many texts, laid end to end."""

    values: Hashes
    bounds: Bounds

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def sizes(self) -> NDArray[np.int64]:
        """Give how many values each text has."""
        return np.diff(self.bounds)

    def owners(self) -> NDArray[np.int64]:
        """Give for each value the number of its text."""
        return np.repeat(np.arange(len(self)), self.sizes())


@lru_cache(maxsize=1)
def _letter_table() -> NDArray[np.uint32]:
    """Give for each code point its small letter, or 0 where it is no letter, digit or mark."""
    table = np.zeros(_CODE_POINTS, dtype=np.uint32)
    for code in range(_LAST_LETTER):
        character = chr(code)
        if unicodedata.category(character)[0] in "LMN":
            small = character.lower()
            table[code] = ord(small) if len(small) == 1 else code
    return table


def letters(text: str) -> NDArray[np.uint32]:
    """Give the letters, digits and marks of a text, small ones for capitals."""
    plain = text if text.isascii() else unicodedata.normalize("NFC", text)
    codes = np.frombuffer(plain.encode("utf-32-le", "replace"), dtype=np.uint32)
    small: NDArray[np.uint32] = _letter_table()[codes]
    kept: NDArray[np.uint32] = small[small != 0]
    return kept


def shingles(texts: Sequence[NDArray[np.uint32]], length: int) -> Rows:
    """Give the shingles of each text, in their order, as numbers of 62 bits.

    A text shorter than a shingle has none.
    """
    sizes = np.fromiter((len(t) for t in texts), dtype=np.int64, count=len(texts))
    ends = np.cumsum(sizes)
    if not ends.size or not ends[-1]:
        return Rows(np.empty(0, np.int64), np.zeros(len(texts) + 1, np.int64))
    codes = np.concatenate(texts).astype(np.uint64)
    hashes = _mixed(_rolling(codes, length))
    inside = np.arange(len(codes)) + length <= np.repeat(ends, sizes)
    return Rows(hashes[inside[: len(hashes)]], bounds(np.maximum(sizes - length + 1, 0)))


def bounds(sizes: NDArray[np.int64]) -> Bounds:
    """Give where each text begins, and the end."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])


def _rolling(codes: NDArray[np.uint64], length: int) -> NDArray[np.uint64]:
    """Give a polynomial hash of each run of ``length`` codes, by doubling: few steps over the whole array."""
    base = int(_BASE)
    whole: NDArray[np.uint64] | None = None
    part, part_length, done, rest = codes, 1, 0, length
    while rest:
        if rest & 1:
            whole = part if whole is None else _joined(whole, part, pow(base, part_length, 1 << 64), done)
            done += part_length
        rest >>= 1
        if rest:
            part = _joined(part, part, pow(base, part_length, 1 << 64), part_length)
            part_length *= 2
    assert whole is not None  # noqa: S101 a shingle has at least one letter
    return whole


def _joined(first: NDArray[np.uint64], second: NDArray[np.uint64], power: int, shift: int) -> NDArray[np.uint64]:
    """Give the hashes of runs of which the first part has ``shift`` codes."""
    after = second[shift:]
    count = min(len(first), len(after))
    return first[:count] * np.uint64(power) + after[:count]


def _mixed(hashes: NDArray[np.uint64]) -> Hashes:
    """Spread the bits, so that the least of some hashes is any of them; positive as a signed number."""
    hashes = (hashes ^ (hashes >> np.uint64(31))) * _MIX
    hashes ^= hashes >> np.uint64(29)
    return (hashes >> np.uint64(2)).view(np.int64)


def sketch(rows: Rows, window_log: int) -> Rows:
    """Choose some shingles of each text: the least of every ``2 ** window_log`` neighbours.

    Winnowing (Schleimer, Wilkerson and Aiken 2003). Wherever two texts share so
    many shingles in a row, they share one that is chosen; a text shorter than that
    has its least ones. Order is kept.
    """
    owners = rows.owners()
    least = rows.values.copy()
    for step in (1 << n for n in range(window_log)):
        same = owners[step:] == owners[:-step]
        least[:-step] = np.where(same, np.minimum(least[:-step], least[step:]), least[:-step])
    fresh = np.ones(len(least), dtype=bool)
    fresh[1:] = (least[1:] != least[:-1]) | (owners[1:] != owners[:-1])
    sizes = np.bincount(owners[fresh], minlength=len(rows)).astype(np.int64)
    return Rows(least[fresh], bounds(sizes))
