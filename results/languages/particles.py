"""Korean particles that depend on the sound before them: 은/는, 이/가, 을/를, 과/와, 으로/로.

A catalogue writes both forms, as Korean forms do (``{name}은(는)``); once the name
stands there, the one that is right is chosen. Rules: National Institute of Korean
Language, Standard Korean, particles after a final consonant; 로 also after ㄹ.
"""

from __future__ import annotations

import re
from typing import Final

# Written so in a catalogue: (after a final consonant, after a vowel).
_FORMS: Final = {
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "과(와)": ("과", "와"),
    "(으)로": ("으로", "로"),
    "이(란)": ("이란", "란"),
    "(이)라": ("이라", "라"),
    "(이)며": ("이며", "며"),
    "(이)고": ("이고", "고"),
}
_FOUND: Final = re.compile("|".join(map(re.escape, _FORMS)))
_FIRST: Final = "가"
_LAST: Final = "힣"
_FINALS: Final = 28  # a syllable's place among those of its first letters says how it ends
_NONE: Final = 0
_RIEUL: Final = 8
# Digits and letters by the last sound of their Korean names: 일, 칠, 팔 and L, R end in ㄹ.
_ENDS_IN_RIEUL: Final = frozenset("178LRlr")
_ENDS_IN_OTHER: Final = frozenset("036MNmn")
_ENDS_IN_VOWEL: Final = frozenset("2459%ABCDEFGHIJKOPQSTUVWXYZabcdefghijkopqstuvwxyz")
# What is not read out, so that the sound before it counts.
_SILENT: Final = " )]}\"'”’」』>*,.\N{NO-BREAK SPACE}"


def resolved(text: str) -> str:
    """Choose the particles of a text that writes both forms; where no rule tells the sound, both stay."""
    return _FOUND.sub(lambda found: _chosen(text[: found.start()], found[0]), text)


def _chosen(before: str, written: str) -> str:
    end = _end(before)
    if end is None:
        return written
    after_consonant, after_vowel = _FORMS[written]
    plain = end == _NONE or (end == _RIEUL and written == "(으)로")
    return after_vowel if plain else after_consonant


def _end(before: str) -> int | None:
    """Give the final consonant of a text as its place among the 28, 0 for none; None where it can't be told."""
    heard = _without_brackets(before).rstrip(_SILENT)
    last = heard[-1:]
    if _FIRST <= last <= _LAST:
        return (ord(last) - ord(_FIRST)) % _FINALS
    if not last:
        return None
    if last in _ENDS_IN_RIEUL:
        return _RIEUL
    if last in _ENDS_IN_OTHER:
        return _RIEUL + 1
    return _NONE if last in _ENDS_IN_VOWEL else None


def _without_brackets(text: str) -> str:
    """Leave out a bracket at the end, which readers pass over: 라오스(LA)은(는) follows 라오스."""
    return re.sub(r"\s*\([^()]*\)$", "", text)
