"""Burmese typed in Zawgyi: told from Unicode, and turned into it.

Zawgyi, the font most of Myanmar typed with until 2019, puts other letters under the
code points of the Burmese block: what Unicode stacks with, Zawgyi shows as the mark
that kills a vowel; vowel and medial signs that look as if they stood before a letter
are typed before it. So the two differ in which sequences can occur at all, and a few
such sequences tell which one a line is in.

Facts from the published layout of Zawgyi-One (Unicode Technical Note 11 describes the
order of signs in Unicode). Shan, Mon and Karen use many of the same code points in
Unicode, but not these sequences.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_RA: Final = "\u103b\u107e\u107f\u1080\u1081\u1082\u1083\u1084"  # one sign in eight widths
_BEFORE: Final = f"\u1031{_RA}"
_BASES: Final = "\u1000-\u1021\u1023-\u102a\u103f\u104e\u106a\u106b\u106e\u106f\u1086\u108f-\u1092\u1097"
_AFTER: Final = (
    "\u102b-\u1030\u1032-\u103a\u103c-\u103e\u105a\u1060-\u1069\u106c\u106d\u1070-\u107d\u1085\u1087-\u108e"
    "\u1093-\u1096"
)
_CLUSTER: Final = re.compile(f"([{_BEFORE}]*)([{_BASES}])([{_AFTER}]*)")

# Impossible in Unicode: a stacker with nothing under it; a vowel or medial with nothing
# before it; the vowel e before a medial that belongs before it.
_ZAWGYI: Final = re.compile(
    "\u1039(?![\u1000-\u1021\u1025\u103f\u1050-\u108f])"
    "|(?<![\u1000-\u109f\u200b-\u200d])[\u1031\u103b]|[\u1031\u1037\u1038]\u103b|[\u1037\u1038]\u1031"
)
# Unheard of in Zawgyi: its medial ya (Unicode's vowel killer) with a tone mark or the end of a word after it.
_UNICODE: Final = re.compile("\u103a(?=[\u1037\u1038\u104a\u104b \n]|\\Z)|\u103a\u1039")
_BURMESE: Final = re.compile("[\u1000-\u109f]")
# One of these stands in every text of some length in Zawgyi, and in none in Unicode.
SIGNS: Final = (*(f"\u1039{after}" for after in "\u1037\u1038\u104a\u104b \n"), "\u1031\u103b")

_KINZI: Final = "\u1004\u103a\u1039"
_LETTERS: Final[dict[str, str]] = {
    "\u1033": "\u102f",
    "\u1034": "\u1030",
    "\u1039": "\u103a",
    "\u103a": "\u103b",
    "\u103c": "\u103d",
    "\u103d": "\u103e",
    "\u105a": "\u102b\u103a",
    "\u1064": _KINZI,
    "\u106a": "\u1009",
    "\u106b": "\u100a",
    "\u106e": "\u100d\u1039\u100d",
    "\u106f": "\u100d\u1039\u100e",
    "\u107d": "\u103b",
    "\u1086": "\u103f",
    "\u1087": "\u103e",
    "\u1088": "\u103e\u102f",
    "\u1089": "\u103e\u1030",
    "\u108a": "\u103d\u103e",
    "\u108b": f"{_KINZI}\u102d",
    "\u108c": f"{_KINZI}\u102e",
    "\u108d": f"{_KINZI}\u1036",
    "\u108e": "\u102d\u1036",
    "\u108f": "\u1014",
    "\u1090": "\u101b",
    "\u1091": "\u100f\u1039\u100d",
    "\u1092": "\u100b\u1039\u100c",
    "\u1094": "\u1037",
    "\u1095": "\u1037",
    "\u1096": "\u1039\u1010\u103d",
    "\u1097": "\u100b\u1039\u100b",
    **dict.fromkeys(_RA, "\u103c"),
}
# Letters stacked under another, each with its own code point.
_STACKED: Final[dict[str, str]] = {
    under: f"\u1039{letter}"
    for under, letter in zip(
        "\u1060\u1061\u1062\u1063\u1065\u1066\u1067\u1068\u1069\u106c\u106d\u1070\u1071\u1072\u1073\u1074\u1075\u1076"
        "\u1077\u1078\u1079\u107a\u107b\u1093\u107c\u1085",
        "\u1000\u1001\u1002\u1003\u1005\u1006\u1006\u1007\u1008\u100b\u100c\u100f\u1010\u1010\u1011\u1011\u1012\u1013"
        "\u1014\u1015\u1016\u1017\u1018\u1018\u1019\u101c",
        strict=True,
    )
}
_TABLE: Final = str.maketrans(_LETTERS | _STACKED)
# The order of signs after a letter in Unicode: medials, e, i, u, aa, anusvara, dot, killer, visarga.
_SIGNS_IN_ORDER: Final = (
    *("\u103b", "\u103c", "\u103d", "\u103e", "\u1031", "\u102d\u102e\u1032", "\u102f\u1030", "\u102b\u102c"),
    *("\u1036", "\u1037", "\u103a", "\u1038"),
)
_ORDER: Final = {sign: place for place, signs in enumerate(_SIGNS_IN_ORDER) for sign in signs}
_PARTS: Final = re.compile(f"(?P<kinzi>{_KINZI})|(?P<stack>\u1039[\u1000-\u1021])|(?P<sign>.)", re.DOTALL)


def is_zawgyi(line: str) -> bool:
    """Tell whether a line is typed in Zawgyi; False where nothing tells."""
    return len(_ZAWGYI.findall(line)) > len(_UNICODE.findall(line))


def replacements(text: str) -> Iterator[tuple[int, int, str]]:
    """Give what to put for each syllable of the lines in Zawgyi.

    Args:
        text: any text, of any scripts.

    Yields:
        first character, one past the last, and the syllable in Unicode (NFC); ascending.
        Syllables that are the same in both are left out.
    """
    if not _BURMESE.search(text):
        return
    first = 0
    for line in text.splitlines(keepends=True):
        if is_zawgyi(line):
            for match in _CLUSTER.finditer(text, first, first + len(line)):
                plain = _in_unicode(*match.groups())
                if plain != match[0]:
                    yield match.start(), match.end(), plain
        first += len(line)


def _in_unicode(before: str, base: str, after: str) -> str:
    """Give one syllable in Unicode.

    Args:
        before: the signs typed before its letter.
        base: its letter.
        after: the signs typed after it.
    """
    kinzi = stack = ""
    signs: list[str] = []
    for part in _PARTS.finditer((before + after).translate(_TABLE)):
        if part.lastgroup == "kinzi":
            kinzi = part[0]
        elif part.lastgroup == "stack":
            stack += part[0]
        elif part[0] not in signs:
            signs.append(part[0])
    letter = base.translate(_TABLE)
    if letter == "\u1025" and "\u103a" in signs:
        letter = "\u1009"  # the letter u and the letter nya look alike
    signs.sort(key=lambda sign: _ORDER.get(sign, len(_ORDER)))
    return unicodedata.normalize("NFC", kinzi + letter + stack + "".join(signs))
