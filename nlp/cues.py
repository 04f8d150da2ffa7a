"""Words before, after and near a name.

In scripts that set words apart by spaces (Latin), a cue is a whole word or
phrase, in any case unless asked otherwise. In the others it stands glued to the
name, or a space away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Self

from ahocorasick_rs import AhoCorasick, MatchKind

_REACH: Final = 64
_GAP: Final = " \u00a0\n\r\t"


Grouped = dict[str, tuple[str, ...]]


def is_latin(character: str) -> bool:
    """Tell whether a character belongs to the Latin script (letters with any accents, and digits)."""
    return character < "\u0250" or "\u1e00" <= character <= "\u1eff"


@dataclass(frozen=True, slots=True)
class Cues:
    """A set of cues, ready to be looked for.

    Everything is grouped by the character or word next to the name, so that most
    neighbours are ruled out at a glance.

    Attributes:
        glued: for scripts without word spaces, compared letter for letter: by the
            first letter of the cue, and by its last.
        tight: the same, for cues with no space between (written with a + in the file).
        phrases: for Latin script, phrases of whole words, longest first, folded unless
            ``exact``: by the first word, and by the last.
        edges: the characters phrases begin with, and those they end with.
        exact: whether case matters.
    """

    glued: tuple[Grouped, Grouped]
    tight: tuple[Grouped, Grouped]
    phrases: tuple[Grouped, Grouped]
    edges: tuple[frozenset[str], frozenset[str]]
    exact: bool

    @classmethod
    def of(cls, cues: Iterable[str], *, exact: bool = False) -> Self | None:
        """Make them ready; None where there are none."""
        listed = [cue.strip() for cue in cues if cue.strip()]
        if not listed:
            return None
        latin = {cue for cue in listed if all(is_latin(c) for c in cue) and cue[0].isalnum() and cue[-1] not in "()-,:"}
        others = [cue for cue in listed if cue not in latin]
        phrases = {cue if exact else cue.casefold() for cue in latin}
        if exact:
            phrases |= {cue.upper() for cue in latin}
        glued = [cue for cue in others if not cue.startswith(_TIGHT)]
        tight = [cue.removeprefix(_TIGHT) for cue in others if cue.startswith(_TIGHT) and cue != _TIGHT]
        return cls(
            (_grouped(glued, lambda c: c[0]), _grouped(glued, lambda c: c[-1])),
            (_grouped(tight, lambda c: c[0]), _grouped(tight, lambda c: c[-1])),
            (_grouped(phrases, lambda c: _word(c, 0)), _grouped(phrases, lambda c: _word(c, -1))),
            (
                frozenset(c for cue in phrases for c in (cue[0], cue[0].upper())),
                frozenset(c for cue in phrases for c in (cue[-1], cue[-1].upper())),
            ),
            exact,
        )

    def before(self, text: str, start: int) -> str | None:
        """Give the cue that stands directly before ``start``, or None."""
        if not start:
            return None
        if self.tight[1] and (found := _ending(self.tight[1], text, start)):
            return found
        at = start
        while at > 0 and text[at - 1] in _GAP:
            at -= 1
        if not at:
            return None
        if self.glued[1] and (found := _ending(self.glued[1], text, at) or _ending(self.glued[1], text, start)):
            return found
        return self._phrase_before(text, at) if text[at - 1] in self.edges[1] else None

    def _phrase_before(self, text: str, at: int) -> str | None:
        low = max(0, at - _REACH)
        word = text[max(text.rfind(" ", low, at), text.rfind("\n", low, at), low - 1) + 1 : at].strip(_MARKS)
        phrases = self.phrases[1].get(word if self.exact else word.casefold())
        if phrases is None:
            return None
        near = _one_line(text[low:at])
        folded = near if self.exact else near.casefold()
        matching = (p for p in phrases if folded.endswith(p) and not _word_before(folded, len(folded) - len(p)))
        return next((near[len(near) - len(p) :] for p in matching), None)

    def after(self, text: str, end: int) -> str | None:
        """Give the cue that stands directly after ``end``, or None."""
        at, size = end, len(text)
        if at == size:
            return None
        if self.tight[0] and (found := _beginning(self.tight[0], text, end)):
            return found
        while at < size and text[at] in _GAP:
            at += 1
        if at == size:
            return None
        if self.glued[0] and (found := _beginning(self.glued[0], text, at) or _beginning(self.glued[0], text, end)):
            return found
        if at == end and text[at] == "-":
            at += 1
        return self._phrase_after(text, at) if at < size and text[at] in self.edges[0] else None

    def _phrase_after(self, text: str, at: int) -> str | None:
        ahead = text[at : at + _REACH]
        word = ahead.split(None, 1)[0].rstrip(_MARKS)
        phrases = self.phrases[0].get(word if self.exact else word.casefold())
        if phrases is None:
            return None
        near = _one_line(ahead)
        folded = near if self.exact else near.casefold()
        matching = (p for p in phrases if folded.startswith(p) and not _word_after(folded, len(p)))
        return next((near[: len(p)] for p in matching), None)


def _grouped(cues: Iterable[str], key: Callable[[str], str]) -> Grouped:
    groups: dict[str, list[str]] = {}
    for cue in sorted(set(cues), key=lambda c: (-len(c), c)):
        groups.setdefault(key(cue), []).append(cue)
    return {by: tuple(group) for by, group in groups.items()}


def _word(phrase: str, place: int) -> str:
    return phrase.split()[place].strip(_MARKS)


def _ending(groups: Grouped, text: str, end: int) -> str | None:
    group = groups.get(text[end - 1])
    if group is None or not text.endswith(group, 0, end):
        return None
    return next(cue for cue in group if text.endswith(cue, 0, end))


def _beginning(groups: Grouped, text: str, start: int) -> str | None:
    group = groups.get(text[start])
    if group is None or not text.startswith(group, start):
        return None
    return next(cue for cue in group if text.startswith(cue, start))


def _one_line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text or "  " in text else text


def _word_before(text: str, at: int) -> bool:
    return at > 0 and (text[at - 1].isalnum() or text[at - 1] in "-'’")


def _word_after(text: str, at: int) -> bool:
    """Tell whether the word goes on: Post-election is not Post."""
    following = text[at : at + 2]
    return bool(following) and (following[0].isalnum() or (following[0] == "-" and following[1:].isalpha()))


_TIGHT: Final = "+"
_MARKS: Final = ".,;:!?()[]{}\"'“”‘’«»…"


@dataclass(frozen=True, slots=True)
class Heads:
    """Head nouns that a run of capitalised words joins to a name.

    "Malaysia Marine and Heavy Engineering Berhad": after the name, a few
    capitalised or small words, then the head. "Association of Rattan Weavers of
    Indonesia": the mirror.
    """

    after: re.Pattern[str] | None
    before: re.Pattern[str] | None

    @classmethod
    def of(cls, after: Iterable[str], before: Iterable[str]) -> Self:
        """Make them ready."""
        return cls(_heads(after), _heads(before))

    def find_after(self, text: str, end: int) -> str | None:
        """Give the head that follows ``end``, or None."""
        if self.after is None or not text.startswith(_SPACES, end) or not text[end + 1 : end + 2].isupper():
            return None
        for found in self.after.finditer(text, end, end + _REACH):
            if _one_name(text[end : found.start()], next_to_name=0):
                return found[0]
        return None

    def find_before(self, text: str, start: int) -> str | None:
        """Give the head that leads to ``start``, or None."""
        if self.before is None or not text.endswith(_SPACES, 0, start):
            return None
        word = text[text.rfind(" ", max(0, start - _REACH), start - 1) + 1 : start - 1]
        if word.islower() and word not in SMALL_WORDS:
            return None
        for found in self.before.finditer(text, max(0, start - _REACH), start):
            if _one_name(text[found.end() : start], next_to_name=-1):
                return found[0]
        return None


_SPACES: Final = (" ", "\n")
SMALL_WORDS: Final = frozenset(
    {"of", "for", "the", "de", "da", "do", "dos", "e", "ng", "mga", "sa", "et", "y", "di", "and", "dan", "&"}
)
_JOIN_THINGS: Final = frozenset({"and", "dan", "e", "&"})
_MOST_BETWEEN: Final = 5


def _heads(words: Iterable[str]) -> re.Pattern[str] | None:
    listed = sorted({w.strip() for w in words if w.strip()}, key=len, reverse=True)
    if not listed:
        return None
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, listed)) + r")(?![\w-])")


def _one_name(between: str, *, next_to_name: int) -> bool:
    """Tell whether the words between a name and a head make one proper name with them.

    "European Union and Indonesia": an "and" next to the name joins two things.
    """
    words = between.split()
    if len(words) > _MOST_BETWEEN or (words and words[next_to_name] in _JOIN_THINGS):
        return False
    return all(w in SMALL_WORDS or ((w[0].isupper() or w[0].isdigit()) and w[-1].isalnum()) for w in words)


@dataclass(frozen=True, slots=True)
class Near:
    """Cues that may stand anywhere in a stretch of text."""

    pattern: re.Pattern[str]

    @classmethod
    def of(cls, cues: Iterable[str]) -> Self | None:
        """Make them ready; None where there are none."""
        listed = sorted({cue.strip() for cue in cues if cue.strip()}, key=len, reverse=True)
        if not listed:
            return None
        parts = [
            rf"(?<!\w){re.escape(cue)}(?!\w)" if all(is_latin(c) for c in cue) else re.escape(cue) for cue in listed
        ]
        return cls(re.compile("|".join(parts), re.IGNORECASE))

    def find(self, text: str, start: int, end: int) -> str | None:
        """Give the first cue within ``text[start:end]``, or None."""
        found = self.pattern.search(text, start, end)
        return found[0] if found else None


class Sides:
    """Words that speak for one side or the other, wherever they stand in a text.

    One pass finds them all; a text of megabytes costs no more than reading it.
    """

    def __init__(self, south: Iterable[str], north: Iterable[str]) -> None:
        sides: dict[str, bool] = {}
        for words, is_south in ((north, False), (south, True)):
            for word in words:
                sides |= dict.fromkeys((word, word.lower(), word.upper(), word.capitalize()), is_south)
        self._south = tuple(sides.values())
        self._latin = tuple(all(is_latin(c) for c in word) for word in sides)
        self._automaton = AhoCorasick(list(sides), matchkind=MatchKind.LeftmostLongest, store_patterns=False)

    def find(self, text: str) -> tuple[list[int], list[int]]:
        """Give the positions of the words for South and of those for North, each ascending."""
        found: tuple[list[int], list[int]] = ([], [])
        for number, start, end in self._automaton.find_matches_as_indexes(text):
            if self._latin[number] and (
                (start and text[start - 1].isalnum() and is_latin(text[start - 1]))
                or (end < len(text) and text[end].isalnum() and is_latin(text[end]))
            ):
                continue
            found[0 if self._south[number] else 1].append(start)
        return found
