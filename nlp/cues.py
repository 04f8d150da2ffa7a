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

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

_REACH: Final = 64
GAP: Final = " \u00a0\n\r\t"


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
        while at > 0 and text[at - 1] in GAP:
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
        while at < size and text[at] in GAP:
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

    def may_end(self, piece: str) -> bool:
        """Tell whether a cue may end with this piece, which stands directly before a name.

        Args:
            piece: a word or two before the name, from a space (not included) or the
                beginning of the text on; not empty.

        Returns:
            False only where `before` finds nothing, whatever stands before the piece.
        """
        word = piece.rstrip(GAP)
        if not word or _touches(self.tight[1].get(piece[-1]), piece, str.endswith):
            return True
        glued = self.glued[1]
        if glued and (
            _touches(glued.get(word[-1]), word, str.endswith) or _touches(glued.get(piece[-1]), piece, str.endswith)
        ):
            return True
        if word[-1] not in self.edges[1]:
            return False
        last = word[max(word.rfind(" "), word.rfind("\n")) + 1 :].strip(_MARKS)
        phrases = self.phrases[1].get(last if self.exact else last.casefold())
        if phrases is None:
            return False
        near = word if self.exact else word.casefold()
        plain = " ".join(near.split()) == near
        return not plain or any(_may_meet(phrase, near) for phrase in phrases)

    def may_begin(self, piece: str) -> bool:
        """Tell whether a cue may begin with this piece, which stands directly after a name.

        Args:
            piece: what stands after the name, up to a space (not included) or the end of
                the text; not empty.

        Returns:
            False only where `after` finds nothing, whatever stands behind the piece.
        """
        word = piece.lstrip(GAP)
        if not word or word[0].isspace() or _touches(self.tight[0].get(piece[0]), piece, str.startswith):
            return True
        glued = self.glued[0]
        if glued and (
            _touches(glued.get(word[0]), word, str.startswith) or _touches(glued.get(piece[0]), piece, str.startswith)
        ):
            return True
        if word == piece and word[0] == "-":
            word = word[1:]
            if not word or word[0].isspace():
                return True
        if word[0] not in self.edges[0]:
            return False
        first = word.split(None, 1)[0].rstrip(_MARKS)
        return (first if self.exact else first.casefold()) in self.phrases[0]


def _touches(cues: tuple[str, ...] | None, piece: str, meets: Callable[[str, str], bool]) -> bool:
    """Tell whether any of the cues agrees with a piece as far as the shorter of the two goes."""
    return cues is not None and any(meets(cue, piece) or meets(piece, cue) for cue in cues)


def _may_meet(phrase: str, near: str) -> bool:
    """Tell whether a phrase ends with these words, or may do so with more before them."""
    if len(near) < len(phrase):
        return phrase.endswith(near)
    return near.endswith(phrase) and not _word_before(near, len(near) - len(phrase))


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


# By the word of a head that stands nearest to the name: the further ones of each, outwards.
_HeadWords = dict[str, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, slots=True)
class Heads:
    """Head nouns that a run of capitalised words joins to a name.

    "Malaysia Marine and Heavy Engineering Berhad": after the name, a few
    capitalised or small words, then the head. "Association of Rattan Weavers of
    Indonesia": the mirror.
    """

    after: re.Pattern[str] | None
    before: re.Pattern[str] | None
    first_words: _HeadWords
    last_words: _HeadWords

    @classmethod
    def of(cls, after: Iterable[str], before: Iterable[str]) -> Self:
        """Make them ready."""
        afters, befores = ([w for word in words if (w := word.strip())] for words in (after, before))
        return cls(
            _heads(afters),
            _heads(befores),
            _outwards(w.split() for w in afters),
            _outwards(w.split()[::-1] for w in befores),
        )

    def find_after(self, text: str, end: int) -> str | None:
        """Give the head that follows ``end``, or None."""
        if self.after is None or not text.startswith(_SPACES, end) or not text[end + 1 : end + 2].isupper():
            return None
        if not _may_lead(text[end : end + _REACH].split(), self.first_words, bool):
            return None
        for found in self.after.finditer(text, end, end + _REACH):
            if _one_name(text[end : found.start()], next_to_name=0):
                return found[0]
        return None

    def find_before(self, text: str, start: int) -> str | None:
        """Give the head that leads to ``start``, or None."""
        if self.before is None or not text.endswith(_SPACES, 0, start):
            return None
        if _rules_heads_out(text, start):
            return None
        if not _may_lead(text[max(0, start - _REACH) : start].split()[::-1], self.last_words, _hides_before):
            return None
        for found in self.before.finditer(text, max(0, start - _REACH), start):
            if _one_name(text[found.end() : start], next_to_name=-1):
                return found[0]
        return None

    def may_lead(self, piece: str) -> bool:
        """Tell whether a head may lead over this piece to the name directly after it.

        Args:
            piece: as `Cues.may_end` has it.

        Returns:
            False only where `find_before` finds nothing, whatever stands before the piece.
        """
        if self.before is None or not piece.endswith(_SPACES) or _rules_heads_out(piece, len(piece)):
            return False
        words = piece.split()[::-1]
        return _may_lead(words, self.last_words, _hides_before) or (
            len(words) <= _MOST_BETWEEN and all(map(_joins, words))
        )


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


def _outwards(heads: Iterable[list[str]]) -> _HeadWords:
    """Group heads, as their words from the name on outwards, by the first of these."""
    groups: dict[str, list[tuple[str, ...]]] = {}
    for words in heads:
        groups.setdefault(words[0], []).append(tuple(words[1:]))
    return {first: tuple(rest) for first, rest in groups.items()}


def _may_lead(words: list[str], heads: _HeadWords, hides: Callable[[str], bool]) -> bool:
    """Tell whether words, from the name on outwards, may lead to a head: it is quicker to see than to find.

    A word with a mark in it may hide a head (``hides`` tells whether this one may); so may
    what lies behind words of a proper name, and nothing else.
    """
    for place, word in enumerate(words[: _MOST_BETWEEN + 1]):
        if word in heads:
            further = words[place + 1 :]
            # A bracket or quote may stand at the far end of a head.
            if any(all(map(str.__contains__, further, rest)) for rest in heads[word]):
                return True
        if not word.isalpha():
            return hides(word)
        if not _joins(word):
            return False
    return False


def _hides_before(word: str) -> bool:
    """Tell whether a word with a mark in it, before a name, may hide a head: a mark at its end closes what it is in."""
    return word[-1].isalnum() or word[-1] == "&"


def _joins(word: str) -> bool:
    """Tell whether a word may stand between a name and a head."""
    return word in SMALL_WORDS or word[0].isupper()


def _rules_heads_out(text: str, start: int) -> bool:
    """Tell that the word before ``start``, where a space stands, lets no head lead to the name."""
    word = text[text.rfind(" ", max(0, start - _REACH), start - 1) + 1 : start - 1]
    return word.islower() and word not in SMALL_WORDS


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


def _dense(words: list[str]) -> AhoCorasick:
    return AhoCorasick(
        words, matchkind=MatchKind.LeftmostLongest, store_patterns=False, implementation=Implementation.DFA
    )


@dataclass(frozen=True, slots=True)
class Languages:
    """Tells the languages in a list by the word that opens it: "speaks Thai, Lao and Khmer".

    Attributes:
        openers: words that are followed by the name of a language.
        classes: classes of names that are names of languages too.
    """

    openers: Cues
    classes: frozenset[str]

    def find_before(self, text: str, start: int, end: int) -> str | None:
        """Give the opener of the list in which ``text[start:end]`` is not the first, or None.

        The items before it are single words; what follows it closes the list or goes on with it.
        """
        low = max(0, start - _REACH)
        nearest = text[low:start].rsplit(None, 1)
        if not nearest or not may_list(nearest[-1]) or not _LIST_GOES_ON.match(text, end):
            return None
        words = list(_WORD.finditer(text, low, start))
        first = start
        while words and may_list(words[-1][0]):
            word = words.pop()
            if word[0] in LIST_JOINERS and words:
                word = words.pop()
            first = word.start()
        return self.openers.before(text, first)


LIST_JOINERS: Final = frozenset({"and", "or", "dan", "atau", "serta", "e", "ou", "và", "at", "o", "&"})
_WORD: Final = re.compile(r"\S+")
_LIST_GOES_ON: Final = re.compile(rf"\s*(?:\Z|[.,;:)!?\"”’]|(?:{'|'.join(sorted(LIST_JOINERS))})\s)")


def may_list(word: str) -> bool:
    """Tell whether a word before a name may make it a further item of a list."""
    return word.endswith(",") or word in LIST_JOINERS


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
        self._words = list(sides)
        self._automaton: AhoCorasick | None = None

    def find(self, text: str) -> tuple[list[int], list[int]]:
        """Give the positions of the words for South and of those for North, each ascending."""
        found: tuple[list[int], list[int]] = ([], [])
        if self._automaton is None:  # made when it is first needed: most languages' texts seldom say a bare Korea
            self._automaton = _dense(self._words)
        for number, start, end in self._automaton.find_matches_as_indexes(text):
            if self._latin[number] and (
                (start and text[start - 1].isalnum() and is_latin(text[start - 1]))
                or (end < len(text) and text[end].isalnum() and is_latin(text[end]))
            ):
                continue
            found[0 if self._south[number] else 1].append(start)
        return found
