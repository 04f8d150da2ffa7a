"""The words around a name: short, cut where a sentence or a word ends, never inside a letter."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from corpus.store import Evidence
from results.language import say

WINDOW: Final = 240
# In the place of a sentence, wherever one would be shown.
TITLES_ONLY: Final = "[The sentence is not shown: its source allows titles and links only.]"
_ENDS: Final = frozenset("\n.!?。！？…។။།")
# Controls that show nothing and that HTML or a terminal may act on; tabs and line ends become spaces.
_UNSEEN: Final = frozenset({"Cc", "Cs"})


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A name with its surroundings, ``…`` marking where the text goes on."""

    before: str
    name: str
    after: str


def excerpt(evidence: Evidence, window: int = WINDOW) -> Excerpt:
    """Cut the surroundings of a mention out of its text, at most ``window`` characters in all.

    Where the text is withheld, the reason stands before an empty name.
    """
    if evidence.withheld:
        return Excerpt(say(TITLES_ONLY), "", "")
    text, start, end = evidence.text, evidence.start, evidence.end
    room = max(0, window - (end - start)) // 2
    left = _left(text, start, max(0, start - room))
    right = _right(text, end, min(len(text), end + room))
    before = ("…" if _goes_on(text, left) else "") + clean(text[left:start]).lstrip()
    after = clean(text[end:right]).rstrip() + ("…" if right < len(text) and not _ends(text, right) else "")
    return Excerpt(before, clean(text[start:end]), after)


def _left(text: str, start: int, at: int) -> int:
    # From the start of the name's own sentence, if that is within the window.
    sentence = max((position + 1 for position in range(at, start) if _ends(text, position + 1)), default=None)
    if sentence is not None:
        return sentence
    if at == 0:
        return 0
    space = text.find(" ", at, start)
    return space + 1 if space >= 0 else _whole(text, at)


def _right(text: str, end: int, at: int) -> int:
    if at == len(text):
        return at
    sentence = next((position for position in range(at, end, -1) if _ends(text, position)), None)
    if sentence is not None:
        return sentence
    space = text.rfind(" ", end, at)
    return space if space > end else _whole(text, at)


def _ends(text: str, position: int) -> bool:
    # "3.5" and "U.S." hold full stops that end nothing: what follows must be a space, or a script without spaces.
    if position == 0 or text[position - 1] not in _ENDS:
        return False
    return position == len(text) or text[position - 1] not in ".!?" or text[position].isspace()


def _goes_on(text: str, left: int) -> bool:
    return left > 0 and not _ends(text, left)


def _whole(text: str, at: int) -> int:
    """Move back to where a letter begins, so that no vowel sign loses its consonant."""
    while at > 0 and (unicodedata.category(text[at]).startswith("M") or text[at] in "\u200c\u200d"):
        at -= 1
    return at


def clean(text: str) -> str:
    """Turn line ends and tabs into spaces and drop other control characters."""
    spaced = "".join(" " if c in "\t\n\r\v\f\x85\u2028\u2029" else c for c in text)
    return "".join(c for c in spaced if unicodedata.category(c) not in _UNSEEN)


def safe_link(url: str | None) -> str | None:
    """Give an address that may be a link: http(s) with a host, else None."""
    if not url or any(c.isspace() or unicodedata.category(c) == "Cc" for c in url.strip()):
        return None
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname
    except ValueError:
        return None
    return url.strip() if parts.scheme.lower() in {"http", "https"} and host else None
