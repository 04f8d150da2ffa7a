"""Words before, after and near a name.

In scripts that set words apart by spaces (Latin), a cue is a whole word or
phrase, in any case unless asked otherwise. In the others it stands glued to the
name, or a space away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from ahocorasick_rs import AhoCorasick, MatchKind

_REACH: Final = 64
_GAP: Final = " \u00a0\n\r\t"
# A word keeps its points and its hyphens: S. Korea, Post-election.
_WORDS: Final = re.compile(r"[\w'’.]+(?:-[\w'’.]+)*")


def is_latin(character: str) -> bool:
    """Tell whether a character belongs to the Latin script (letters with any accents, and digits)."""
    return character < "\u0250" or "\u1e00" <= character <= "\u1eff"


@dataclass(frozen=True, slots=True)
class Cues:
    """A set of cues, ready to be looked for.

    Attributes:
        glued: for scripts without word spaces: compared letter for letter.
        tight: the same, and with no space between (written with a + in the file).
        words: for Latin script: phrases of whole words, folded unless ``exact``.
        first: the first word of each phrase, so that most neighbours are ruled out at a glance …
        last: … and the last.
        initials: the characters phrases begin with …
        finals: … and end with.
        longest: words in the longest phrase.
        exact: whether case matters.
    """

    glued: tuple[str, ...]
    tight: tuple[str, ...]
    words: frozenset[str]
    first: frozenset[str]
    last: frozenset[str]
    initials: frozenset[str]
    finals: frozenset[str]
    longest: int
    exact: bool

    @classmethod
    def of(cls, cues: Iterable[str], *, exact: bool = False) -> Self | None:
        """Make them ready; None where there are none."""
        listed = [cue.strip() for cue in cues if cue.strip()]
        if not listed:
            return None
        latin = [
            cue for cue in listed if all(is_latin(c) for c in cue) and cue[0].isalnum() and cue[-1] not in "()-+,:"
        ]
        words = frozenset(cue if exact else cue.casefold() for cue in latin)
        if exact:
            words |= {cue.upper() for cue in latin}
        others = [cue for cue in listed if cue not in latin]
        return cls(
            tuple(cue for cue in others if not cue.startswith(_TIGHT)),
            tuple(cue.removeprefix(_TIGHT) for cue in others if cue.startswith(_TIGHT) and cue != _TIGHT),
            words,
            frozenset(cue.split()[0].rstrip(_STOPS) for cue in words),
            frozenset(cue.split()[-1].rstrip(_STOPS) for cue in words),
            frozenset(c for cue in words for c in (cue[0], cue[0].upper())),
            frozenset(c for cue in words for c in (cue[-1], cue[-1].upper())),
            max((len(cue.split()) for cue in latin), default=0),
            exact,
        )

    def before(self, text: str, start: int) -> str | None:
        """Give the cue that stands directly before ``start``, or None."""
        if self.tight and text.endswith(self.tight, 0, start):
            return next(cue for cue in self.tight if text.endswith(cue, 0, start))
        at = start
        while at > 0 and text[at - 1] in _GAP:
            at -= 1
        if self.glued and (text.endswith(self.glued, 0, at) or text.endswith(self.glued, 0, start)):
            return next(cue for cue in self.glued if text.endswith(cue, 0, at) or text.endswith(cue, 0, start))
        if not self.words or at == 0 or text[at - 1] not in self.finals:
            return None
        low = max(0, at - _REACH)
        word = text[max(text.rfind(" ", low, at), text.rfind("\n", low, at), low - 1) + 1 : at].strip(_MARKS)
        if (word if self.exact else word.casefold()) not in self.last:
            return None
        found = _WORDS.findall(text[low:at])
        if not found or not text.endswith(found[-1], 0, at):
            return None
        return self._match(found[-n:] for n in range(min(self.longest, len(found)), 0, -1))

    def after(self, text: str, end: int) -> str | None:
        """Give the cue that stands directly after ``end``, or None."""
        if self.tight and text.startswith(self.tight, end):
            return next(cue for cue in self.tight if text.startswith(cue, end))
        at, size = end, len(text)
        while at < size and text[at] in _GAP:
            at += 1
        if self.glued and (text.startswith(self.glued, at) or text.startswith(self.glued, end)):
            return next(cue for cue in self.glued if text.startswith(cue, at) or text.startswith(cue, end))
        if not self.words or at == size:
            return None
        if at == end and text[end] == "-":
            at += 1
        if at == size or text[at] not in self.initials:
            return None
        word = next(iter(text[at : at + _REACH].split(None, 1)), "").rstrip(_MARKS)
        if (word if self.exact else word.casefold()) not in self.first:
            return None
        found = _WORDS.findall(text[at : at + _REACH])
        ways = range(min(self.longest, len(found)), 0, -1)
        return self._match(found[:n] for n in ways) or self._match(_without_stop(found[:n]) for n in ways)

    def _match(self, phrases: Iterable[list[str]]) -> str | None:
        for phrase in phrases:
            said = " ".join(phrase)
            if (said if self.exact else said.casefold()) in self.words:
                return said
        return None


_TIGHT: Final = "+"
_STOPS: Final = "."
_MARKS: Final = ".,;:!?()[]{}\"'“”‘’«»…"


def _without_stop(phrase: list[str]) -> list[str]:
    """A full stop after the last word is the sentence's, not the word's."""
    return [*phrase[:-1], phrase[-1].rstrip(".")]


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
        if word.islower() and word not in _SMALL:
            return None
        for found in self.before.finditer(text, max(0, start - _REACH), start):
            if _one_name(text[found.end() : start], next_to_name=-1):
                return found[0]
        return None


_SPACES: Final = (" ", "\n")
_SMALL: Final = frozenset({"of", "for", "the", "de", "da", "do", "dos", "e", "ng", "mga", "sa", "and", "dan", "&"})
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
    return all(w in _SMALL or ((w[0].isupper() or w[0].isdigit()) and w[-1].isalnum()) for w in words)


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
