"""Finding forms in a text: one pass of an automaton, then edges, then the longest.

Forms are compared in small letters, with line breaks as spaces. In Latin script a
form is a whole word or phrase, unless a ``*`` leaves an end open (``export*``). In
Tamil, which writes case endings onto its words, a form begins a word and its end is
open. In Thai, Lao, Khmer and Burmese a form neither begins nor ends within a
syllable; there, and in Korean and Chinese, it may stand inside a longer run of
letters, as words do in these scripts: what only looks like it is excluded by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from nlp.frames.seeds import OPEN
from nlp.text import TRIGGERS, Normalised, normalise, without_surrogates

_LATIN: Final = re.compile("[0-9a-z\u00df-\u024f\u1e00-\u1eff]")
_TAMIL: Final = re.compile("[\u0b80-\u0bff]")
_SYLLABIC: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
# Signs that go on with the syllable before them, and those that lead on to the next letter.
_GOES_ON: Final = re.compile(
    "[\u0e30-\u0e3a\u0e45\u0e47-\u0e4e\u0eb0-\u0ebc\u0ec8-\u0ecd\u102b-\u1030\u1032-\u103e\u17b6-\u17d3]"
    "|[\u1000-\u1021]\u103a|[\u1780-\u17a2][\u17cb\u17cd]"
)
_LEADS_ON: Final = re.compile("[\u0e40-\u0e44\u0ec0-\u0ec4\u17d2\u1039]")
_SPACES: Final = "\n\r\t\u00a0\u3000"
_MUCH_TEXT: Final = 500_000  # characters


class Hit(NamedTuple):
    """A form found: its number, and its span in the text as given."""

    form: int
    start: int
    end: int


class Edge(Enum):
    """What may not stand beside a form."""

    FREE = 0
    LATIN = 1
    TAMIL = 2
    SYLLABLE = 3


@dataclass(frozen=True, slots=True)
class Spelling:
    """A form, ready for matching: the letters to look for, and what may not stand beside them."""

    text: str
    edges: tuple[Edge, Edge]


def spelling(form: str) -> Spelling:
    """Read a form's notation."""
    text = form.strip(OPEN)
    left = Edge.FREE if form.startswith(OPEN) else _edge(text[0])
    right = Edge.FREE if form.endswith(OPEN) else _edge(text[-1])
    return Spelling(text, (left, Edge.FREE if right is Edge.TAMIL else right))


def _edge(character: str) -> Edge:
    if _LATIN.match(character):
        return Edge.LATIN
    if _TAMIL.match(character):
        return Edge.TAMIL
    return Edge.SYLLABLE if _SYLLABIC.match(character) else Edge.FREE


def has_latin(form: str) -> bool:
    """Tell whether a form has a letter of the Latin script."""
    return any(c.isalpha() and _LATIN.match(c) for c in form)


def edges_free(text: str, start: int, end: int, edges: tuple[Edge, Edge]) -> bool:
    """Tell whether the letters around ``text[start:end]`` (folded text) leave it a form of its own."""
    left, right = edges
    if start and left is not Edge.FREE and _BEFORE[left].match(text[start - 1]):
        return False
    return right is Edge.FREE or end == len(text) or not _AFTER[right].match(text, end)


_BEFORE: Final = {Edge.LATIN: _LATIN, Edge.TAMIL: _TAMIL, Edge.SYLLABLE: _LEADS_ON}
_AFTER: Final = {Edge.LATIN: _LATIN, Edge.TAMIL: _TAMIL, Edge.SYLLABLE: _GOES_ON}


def fold(text: str) -> str:
    """Put a text in small letters and its line breaks as spaces; every position stays."""
    low = text.lower()
    if len(low) != len(text):  # İ becomes two characters
        low = "".join(small if len(small := c.lower()) == 1 else c for c in text)
    for space in _SPACES:  # five replacements are far quicker than one translation
        low = low.replace(space, " ")
    return low


class Finder:
    """All places in a text where one of some forms stands.

    Args:
        forms: in their notation; a hit gives a form's number in this sequence.
    """

    def __init__(self, forms: Sequence[str]) -> None:
        self._spellings = tuple(spelling(form) for form in forms)
        # One spelling may belong to several forms: export and export*.
        self._numbers: dict[str, list[int]] = {}
        for number, spelled in enumerate(self._spellings):
            self._numbers.setdefault(spelled.text, []).append(number)
        self._patterns = tuple(self._numbers)
        self._by_pattern = tuple(tuple(numbers) for numbers in self._numbers.values())
        # After the forms come what hides letters (see nlp.text): one pass finds both.
        self.patterns: tuple[str, ...] = (*self._patterns, *TRIGGERS)
        self._read = 0
        self._automaton = _automaton(self.patterns, Implementation.ContiguousNFA)

    def find(self, text: str) -> list[Hit]:
        """Give every hit whose edges are free, overlapping ones too, by start and then the longest first."""
        text = without_surrogates(text)
        folded = fold(text)
        found = self._search(folded)
        if any(pattern >= len(self._patterns) for pattern, _, _ in found):
            return self._find_normalised(normalise(text))
        return self._kept(folded, found)

    def _find_normalised(self, plain: Normalised) -> list[Hit]:
        folded = fold(plain.text)
        inner = self._kept(folded, self._search(folded))
        return [Hit(hit.form, *plain.original_span(hit.start, hit.end)) for hit in inner]

    def _search(self, folded: str) -> list[tuple[int, int, int]]:
        # The faster kind of automaton takes long to build: worth it only for much text.
        if self._read < _MUCH_TEXT <= self._read + len(folded):
            self._automaton = _automaton(self.patterns, Implementation.DFA)
        self._read += len(folded)
        found: list[tuple[int, int, int]] = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        return found

    def _kept(self, folded: str, found: Iterable[tuple[int, int, int]]) -> list[Hit]:
        kept = [
            Hit(number, start, end)
            for pattern, start, end in found
            if pattern < len(self._patterns)
            for number in self._by_pattern[pattern]
            if edges_free(folded, start, end, self._spellings[number].edges)
        ]
        kept.sort(key=lambda hit: (hit.start, -hit.end, hit.form))
        return kept


def _automaton(patterns: tuple[str, ...], kind: Implementation) -> AhoCorasick:
    return AhoCorasick(patterns, matchkind=MatchKind.Standard, store_patterns=False, implementation=kind)


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Keep the leftmost and longest hits, so that none overlap; several forms may share one span.

    Args:
        hits: by start and then the longest first, as `Finder.find` gives them.
    """
    kept: list[Hit] = []
    reached = 0
    for hit in hits:
        if hit.start >= reached:
            kept.append(hit)
            reached = hit.end
        elif kept and (hit.start, hit.end) == (kept[-1].start, kept[-1].end):
            kept.append(hit)
    return kept
