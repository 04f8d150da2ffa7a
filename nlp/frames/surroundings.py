"""Which part of a document is about a target: its title, and the sentences that name the target.

Not the whole document: a story on football that names ASEAN once, in a sentence on
the cup, is sport; a long speech that spends one sentence on ASEAN is about ASEAN
what that sentence says.

* The **title** is always read: it says what the story is about, whether it names
  the target or not.
* Of the **body** every sentence that names the target is read, each once, however
  often it names it. Sentences are those of `nlp.sentences`; where the language has
  no full stop (Thai, Lao), that is a line, and a line longer than `REACH` characters
  on either side of the name is cut there, at a space where one is near.
* Several mentions: the pieces' evidence is added up, so that a frame that is spoken
  of around many mentions outweighs one that is spoken of around a single one.
* A target that only the title names is framed by the title and the body's first
  sentence, which in news says the same at greater length.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable
from typing import Final

from corpus.model import StoredMention
from corpus.targets import NAMED_CLASSES
from nlp.frames.model import Piece
from nlp.sentences import sentence_ends

REACH: Final = 300
_NEAR: Final = 40


def surroundings(title: str, body: str, mentions: Iterable[StoredMention], entities: Collection[str]) -> list[Piece]:
    """Give the pieces of a document that surround the names of a target.

    Args:
        title: the stored title.
        body: the stored body.
        mentions: of this document, of any entity.
        entities: those of the target: one, or the members, or ASEAN and the region.

    Returns:
        the title (if there is one) and the sentences, in order and without overlap;
        nothing where the document does not name the target.
    """
    of_target = [m for m in mentions if m.mention.entity in entities and m.mention.form_class in NAMED_CLASSES]
    if not of_target:
        return []
    pieces = [Piece("title", 0, title)] if title.strip() else []
    in_body = [(m.mention.start, m.mention.end) for m in of_target if m.field == "body"]
    spans = sentences_around(body, in_body) if in_body else first_sentence(body)
    return pieces + [Piece("body", start, body[start:end]) for start, end in spans]


def sentences_around(text: str, places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the spans of the sentences that hold some places, each cut to `REACH`, joined where they overlap."""
    ends = sentence_ends(text)
    spans = []
    for start, end in sorted(places):
        number = bisect_right(ends, start)
        first = ends[number - 1] if number else 0
        last = ends[bisect_right(ends, end - 1)] if ends and end - 1 < ends[-1] else len(text)
        spans.append((_cut_before(text, first, start), _cut_after(text, end, last)))
    return _joined(spans)


def first_sentence(text: str) -> list[tuple[int, int]]:
    """Give the span of a text's first sentence, cut to `REACH`; nothing for a text without letters."""
    ends = sentence_ends(text)
    return [(0, _cut_after(text, 0, ends[0]))] if ends else []


def _cut_before(text: str, first: int, start: int) -> int:
    if start - first <= REACH:
        return first
    at = start - REACH
    space = text.find(" ", at, min(start, at + _NEAR))
    return at if space < 0 else space + 1


def _cut_after(text: str, end: int, last: int) -> int:
    if last - end <= REACH:
        return last
    at = end + REACH
    space = text.rfind(" ", max(end, at - _NEAR), at)
    return at if space < 0 else space


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (min(joined[-1][0], start), max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
