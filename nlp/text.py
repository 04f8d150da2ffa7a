"""Text made comparable, with every offset kept.

Stored text is never changed. Where it holds characters that hide a name from the
matcher (zero-width spaces, full-width letters, decomposed accents, HTML
entities), a second text is made for matching, with a table that leads every
position back.
"""

from __future__ import annotations

import html
import html.entities
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

from nlp import zawgyi

# Characters that show nothing: zero-width (Khmer and Burmese web text is full of
# them), soft hyphen, byte order mark, marks of writing direction.
INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
FULL_WIDTH: Final = "".join(
    chr(c) for first, last in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A)) for c in range(first, last + 1)
)
# Hyphens that look like the plain one.
_HYPHENS: Final = "\u2010\u2011"
# Two ways of typing one letter, which look the same and which NFC leaves apart.
_FOLDS: Final = {"เเ": "แ", "ํา": "ำ", "ໍາ": "ຳ", "ເເ": "ແ"}
# Marks that NFC joins to the letter before them.
_LATIN_MARKS: Final = "\u0300\u0301\u0302\u0303\u0306\u0307\u0308\u0309\u030a\u030b\u030c\u031b\u0323\u0327\u0328\u0331"
_JAMO: Final = "".join(chr(c) for c in range(0x1100, 0x1200))
_SPLIT_VOWELS: Final = ("\u0bc6\u0bbe", "\u0bc7\u0bbe", "\u0bc6\u0bd7", "\u0b92\u0bd7", "\u1025\u102e")


def _entity_starts() -> tuple[str, ...]:
    """Give what HTML entities for letters, spaces and joiners begin with.

    Those for quotes and ampersands (&quot; &#39; &amp;) hide no name, and are far
    the most common; a text is not normalised for their sake.
    """
    named = [
        f"&{name}"
        for name, value in html.entities.html5.items()
        if name.endswith(";")
        and len(value) == 1
        and (value in "\u00a0\u00b7\u00ad" or value in INVISIBLE or _is_letter(value))
    ]
    numbers = [n for first, last in _LETTER_RANGES for n in range(first, last + 1)]
    prefixes = {f"&#{str(number)[:3]}" for number in numbers}
    return (*named, *sorted(prefixes), "&#x", "&#X", "&#32;", "&#45;")


def _is_letter(character: str) -> bool:
    return "\u00c0" <= character <= "\u024f" or "\u1e00" <= character <= "\u1eff"


_LETTER_RANGES: Final = (
    (160, 160), (173, 173), (183, 183), (192, 591), (0x300, 0x331), (0xB80, 0xBFF), (0xE00, 0xEFF), (0x1000, 0x10FF),
    (0x1100, 0x11FF), (0x1780, 0x17FF), (0x1E00, 0x1EFF), (0x200B, 0x200F), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3),
    (0xFEFF, 0xFF5A),
)  # fmt: skip

# A text that holds one of these must be normalised before names are looked for.
# They are put into the automaton beside the names, so that a text that needs
# nothing is found out in the same pass, at no cost.
TRIGGERS: Final[tuple[str, ...]] = (
    *INVISIBLE,
    *FULL_WIDTH,
    *_HYPHENS,
    *_FOLDS,
    *_LATIN_MARKS,
    *_JAMO,
    *_SPLIT_VOWELS,
    *_entity_starts(),
    *zawgyi.SIGNS,
)

_SEEN: Final = (
    f"&\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u0300-\u034e\u0350-\u036f\u0bbe\u0bd7\u102e\u1100-\u11ff{_HYPHENS}"
)
_WIDE: Final = "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
_MARKS: Final = "\u0300-\u034e\u0350-\u036f\u0bbe\u0bd7\u102e\u11a8-\u11c2"
# What may follow what is special, told by its first character.
_REST: Final = (
    r"(?:(?<=&)(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
    rf"|(?<=[{INVISIBLE}])[{INVISIBLE}]*"
    # A syllable at a time, so that a name leads back to its own syllables and not to the whole word.
    r"|(?<=[\u1100-\u1112])[\u1161-\u1175][\u11a8-\u11c2]?"
    rf"|(?<=[{_MARKS}])[{_MARKS}]*"
    rf"|(?<=[{_WIDE}{_HYPHENS}])"
    r"|(?<=เ)เ|(?<=ํ)า|(?<=ໍ)າ|(?<=ເ)ເ)"
)
# Begin with a set of characters, so that the search passes over all others quickly.
_SPECIAL: Final = re.compile(f"[{_SEEN}{INVISIBLE}]{_REST}")
_SPECIAL_OR_FOLD: Final = re.compile(f"[{_SEEN}{INVISIBLE}เํໍເ]{_REST}")  # letters as common as these take long
_SUSPECT_TO_SEE: Final = re.compile(f"[{_SEEN}]")
_MARK: Final = re.compile(f"[{_MARKS}]")
_HIDDEN: Final = re.compile(f"([{INVISIBLE}]+)")
# No line is typed in Zawgyi without one of these.
_ZAWGYI_ONLY_WITH: Final = "\u1031\u1039\u103b"
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text for matching, and the way back.

    Attributes:
        text: what the matcher reads.
        starts: positions in ``text`` at which the shift changes, ascending, beginning with 0;
            of equal ones the last counts.
        origins: for each, the position in the original.
        ends: for each, where its stretch of the original ends if it is one
            replaced piece, else -1 (the stretch is copied letter for letter).
        made_from: the text it was made from, where that was made from another.
    """

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]
    ends: tuple[int, ...]
    made_from: Normalised | None = None

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Give the span of the original text that ``text[start:end]`` stands for."""
        first, last = self._first(start), self._last(end - 1)
        return self.made_from.original_span(first, last) if self.made_from else (first, last)

    def _first(self, position: int) -> int:
        piece = bisect_right(self.starts, position) - 1
        if self.ends[piece] >= 0:
            return self.origins[piece]
        return self.origins[piece] + position - self.starts[piece]

    def _last(self, position: int) -> int:
        piece = bisect_right(self.starts, position) - 1
        if self.ends[piece] >= 0:
            return self.ends[piece]
        return self.origins[piece] + position - self.starts[piece] + 1


def normalise(text: str) -> Normalised:
    """Resolve entities, drop what shows nothing, narrow full-width letters, compose accents, convert Zawgyi.

    Returns:
        the text for matching; positions in it lead back through `Normalised.original_span`.
    """
    folds = any(map(text.__contains__, _FOLDS))
    if folds or _SUSPECT_TO_SEE.search(text):
        plain = _with_replaced(text, _replacements(text, _SPECIAL_OR_FOLD if folds else _SPECIAL))
    else:
        plain = _without_hidden(text)
    if not any(map(plain.text.__contains__, _ZAWGYI_ONLY_WITH)):
        return plain
    pieces = list(zawgyi.replacements(plain.text))
    return _with_replaced(plain.text, pieces, plain) if pieces else plain


def _with_replaced(
    text: str, pieces: Iterable[tuple[int, int, str]], made_from: Normalised | None = None
) -> Normalised:
    """Put other pieces into a text: (first character, one past the last, what to put), ascending."""
    out: list[str] = []
    starts, origins, ends = [0], [0], [-1]
    length = copied = 0
    for first, last, replaced in pieces:
        out += (text[copied:first], replaced)
        length += first - copied
        if replaced:
            starts += (length, length + len(replaced))
            origins += (first, last)
            ends += (last, -1)
            length += len(replaced)
        else:
            starts.append(length)
            origins.append(last)
            ends.append(-1)
        copied = last
    out.append(text[copied:])
    return Normalised("".join(out), tuple(starts), tuple(origins), tuple(ends), made_from)


def _without_hidden(text: str) -> Normalised:
    """Leave out what shows nothing, as when nothing else is special: some Khmer text has it after every word."""
    pieces = _HIDDEN.split(text)  # kept and left out in turn
    lengths = list(map(len, pieces))
    starts = (0, *accumulate(lengths[:-1:2]))
    origins = (0, *list(accumulate(lengths))[1::2])
    return Normalised("".join(pieces[::2]), starts, origins, (-1,) * len(starts))


def _replacements(text: str, special: re.Pattern[str]) -> Iterator[tuple[int, int, str]]:
    """Find what is special, and what it stands for."""
    copied = 0
    for match in special.finditer(text):
        first, last = match.span()
        found = match[0]
        if first > copied and _MARK.match(found):
            first -= 1  # a mark is joined to the letter before it
            found = text[first:last]
            replaced = unicodedata.normalize("NFC", found)
        else:
            replaced = _plain(found)
        if replaced != found:
            yield first, last, replaced
            copied = last


@lru_cache(maxsize=4096)
def _plain(special: str) -> str:
    """Give what something special stands for."""
    if special[0] == "&":
        resolved = html.unescape(special)
        return "" if resolved in INVISIBLE else unicodedata.normalize("NFC", resolved)
    if special[0] in INVISIBLE:
        return ""
    if special in _FOLDS:
        return _FOLDS[special]
    if special in _HYPHENS:
        return "-"
    return unicodedata.normalize("NFKC" if "\uff10" <= special <= "\uff5a" else "NFC", special)


def without_surrogates(text: str) -> str:
    """Put U+FFFD for each lone surrogate, so that the text can be encoded; lengths stay."""
    return _SURROGATE.sub("\ufffd", text)
