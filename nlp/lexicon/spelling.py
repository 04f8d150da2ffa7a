"""The ways in which one form may stand in a text."""

from __future__ import annotations

import itertools
from typing import Final

_MAX_FREE_WORDS: Final = 2
_LAST_LATIN: Final = "\u0250"
_ANYWHERE: Final = ("\n", "\u00a0", "  ")
_EVERYWHERE: Final = ("\n", "\u00a0", "  ", "\r\n", " \n")


def spellings(form: str, *, any_case: bool) -> set[str]:
    """Give every spelling of a form that the automaton should know.

    Case: as written, lower, upper, a capital on the first word or on each; short
    names with every word in any of these. White space: a line break or no-break
    space for any space, longer gaps for all of them; and, in scripts that break
    words anywhere, a line break between any two letters. Apostrophes: straight
    and curly.
    """
    cased = _cases(form) if any_case else {form}
    quoted = cased | {c.replace("'", "’") for c in cased if "'" in c}
    return {spelled for text in quoted for spelled in _spaced(text)}


def _cases(form: str) -> set[str]:
    lower = form.lower()
    if lower == form == form.upper():
        return {form}
    words = form.split(" ")
    titled = " ".join(_capital(w) for w in words)
    cased = {form, lower, form.upper(), titled, lower[:1].upper() + lower[1:]}
    if len(words) <= _MAX_FREE_WORDS:
        ways = [dict.fromkeys((w, w.lower(), _capital(w.lower()))) for w in words]
        cased |= {" ".join(choice) for choice in itertools.product(*ways)}
    return cased


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _spaced(form: str) -> set[str]:
    variants = {form}
    words = form.split(" ")
    if len(words) > 1:
        variants |= {
            " ".join(words[:place]) + gap + " ".join(words[place:])
            for gap in _ANYWHERE
            for place in range(1, len(words))
        }
        variants |= {gap.join(words) for gap in _EVERYWHERE}
    if form[0] >= _LAST_LATIN:
        variants |= {form[:place] + "\n" + form[place:] for place in range(1, len(form))}
    return variants
