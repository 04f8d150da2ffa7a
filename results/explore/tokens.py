"""Text to search tokens, and what somebody typed to a full-text query over them.

SQLite's own tokenisers cut at spaces, so that 태국 is not found in 태국과, nor ไทย in
ประเทศไทยกล่าว. Here, scripts that write words together (Hangul with its particles,
Han, Kana, Thai, Lao, Khmer, Burmese) or glue endings to them (Tamil) give every pair
of neighbouring characters, and each run's last character alone; a word is then a
phrase of pairs and is found wherever it stands, inside a longer word too. Other
scripts give their words.

The index serves people who look for a text. It defines no mention: the tagger does.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

RULE: Final = "pairs-1"
"""Names this way of cutting. An index made by another is made anew."""

_GLUED: Final = (
    "\u0b80-\u0bff"  # Tamil
    "\u0e00-\u0e7f"  # Thai
    "\u0e80-\u0eff"  # Lao
    "\u1000-\u109f\uaa60-\uaa7f\ua9e0-\ua9ff"  # Burmese
    "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"  # Hangul
    "\u1780-\u17ff"  # Khmer
    "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han and Kana
)
# Marks that only sometimes stand between two words: they belong to neither.
_SIGNS_OF_GLUED: Final = "\u0e2f\u0e46\u0e4f\u0e5a\u0e5b\u0eaf\u0ec6\u104a-\u104f\u17d4-\u17da\u3006"
_RUN: Final = re.compile(
    f"(?P<glued>(?:(?![{_SIGNS_OF_GLUED}])[{_GLUED}])+)|(?P<word>(?:(?![{_GLUED}])[^\\W_]|[\u0300-\u036f])+)"
)
_ZERO_WIDTH: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_ASKED: Final = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<term>[^\s"]+))')


def tokens(text: str) -> str:
    """Give a text's search tokens, in order, with a space between."""
    return " ".join(token for run in _RUN.finditer(_normal(text)) for token in _pieces(run))


def query(asked: str) -> str:
    """Turn what somebody typed into an FTS5 query over `tokens`.

    Words are all to occur; words in double quotes stand together; ``-`` before a
    word leaves out the texts that hold it; ``*`` after a word stands for any ending.

    Returns:
        "" where nothing that could be searched for was typed.
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    for found in _ASKED.finditer(asked):
        phrase = found["phrase"] if found["phrase"] is not None else found["term"]
        if said := _phrase(phrase):
            (unwanted if found["minus"] else wanted).append(said)
    if not wanted:
        return ""
    whole = " AND ".join(wanted)
    return f"({whole}) NOT ({' OR '.join(unwanted)})" if unwanted else whole


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_ZERO_WIDTH).casefold()


@dataclass(frozen=True, slots=True)
class _Run:
    letters: str
    glued: bool


def _pieces(run: re.Match[str]) -> list[str]:
    glued = run["glued"]
    return [run[0]] if glued is None else _pairs(glued)


def _pairs(letters: str) -> list[str]:
    return [letters[at : at + 2] for at in range(len(letters))]


def _phrase(asked: str) -> str:
    """Give one word, or several that stand together, as a phrase of tokens."""
    normal = _normal(asked)
    runs = [_Run(run[0], run["glued"] is not None) for run in _RUN.finditer(normal)]
    if not runs:
        return ""
    parts = [piece for run in runs[:-1] for piece in (_pairs(run.letters) if run.glued else [run.letters])]
    last = runs[-1]
    if not last.glued:
        return _quoted([*parts, last.letters], any_ending=normal.rstrip().endswith("*"))
    # The text may go on within the run: its last character alone would say that it doesn't.
    pairs = _pairs(last.letters)
    return _quoted([*parts, *(pairs[:-1] or pairs)], any_ending=len(pairs) == 1)


def _quoted(parts: list[str], *, any_ending: bool) -> str:
    # No part holds a quotation mark: `_RUN` takes letters, marks and digits only.
    return f'"{" ".join(parts)}"{" *" if any_ending else ""}'
