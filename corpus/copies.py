"""Copies: documents that print the same text are one story.

What is compared is the body without white space, punctuation, byline and
copyright line; a short body is compared together with its title. Copies belong
to the story of the earliest of them. (Edited copies are the next step; this
finds verbatim ones, and those that differ in byline and layout.)
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final

from corpus.store import Store, TextRow

_BYLINE: Final = re.compile(
    r"^\s*[\[(【〈<][^\])】〉>\n]{1,40}[\])】〉>]\s*"  # [누리통신], (Seoul=Nuri)
    r"|^\s*[^\n.]{0,30}?[가-힣]{2,4}\s*(?:기자|특파원|인턴기자)\s*[=ㅣ|:]?\s*"  # 김나래 기자 =
    r"|\s*[가-힣]{2,4}\s*기자\s*[\w.+-]*@?[\w.-]*\s*$"
    r"|(?:ⓒ|©|저작권자|Copyright|무단\s?전재)[^\n]*$",
    re.IGNORECASE,
)
_LETTERS: Final = re.compile(r"[\W_]+")
_LONG_ENOUGH: Final = 60
_DRESS: Final = 200  # how far from an end a byline may reach
_WINDOW_DAYS: Final = 14
_FULL_DATE: Final = len("2026-09-30")


def story_key(title: str, body: str) -> str:
    """Give the key that copies share: a hash of what the text says, without how it is dressed."""
    plain = _undressed(body)
    letters = _LETTERS.sub("", plain).casefold()
    if len(letters) < _LONG_ENOUGH:
        letters = _LETTERS.sub("", title).casefold() + "\x1f" + letters
    return hashlib.sha256(letters.encode("utf-8")).hexdigest()


def _undressed(body: str) -> str:
    """Take off bylines and copyright lines, which stand at the ends of a text only."""
    if len(body) <= 2 * _DRESS:
        return _BYLINE.sub("", _BYLINE.sub("", body))
    first, last = _BYLINE.sub("", _BYLINE.sub("", body[:_DRESS])), _BYLINE.sub("", body[-_DRESS:])
    return first + body[_DRESS:-_DRESS] + last


def stories(texts: Iterable[TextRow]) -> dict[int, int]:
    """Give each document's row the row of the earliest copy of it.

    Two documents are copies when they share a key and a language and lie no more
    than two weeks apart: a weekly notice in the same words is a new story each
    week. Of copies of one day, the one stored first is the earliest. Documents
    whose day is not known stand apart from those whose day is.
    """
    groups: dict[tuple[str, str, str], list[tuple[str, int]]] = {}
    for text in texts:
        day = text.day or ""
        vague = "" if len(day) == _FULL_DATE else day or "undated"
        key = (text.language, vague, story_key(text.title, text.body))
        groups.setdefault(key, []).append((day, text.row))
    return {row: story for group in groups.values() for row, story in _in_window(sorted(group))}


def _in_window(group: list[tuple[str, int]]) -> Iterator[tuple[int, int]]:
    first_day, story = group[0]
    for day, row in group:
        if _days_between(first_day, day) > _WINDOW_DAYS:
            first_day, story = day, row
        yield row, story


def _days_between(first: str, second: str) -> int:
    if first == second:
        return 0
    if len(first) < _FULL_DATE or len(second) < _FULL_DATE:
        return _WINDOW_DAYS + 1
    return (date.fromisoformat(second) - date.fromisoformat(first)).days


def group_store(store: Store, report: Callable[[int], None] = lambda _: None) -> int:
    """Find the stories of a whole store.

    Args:
        store: open for writing.
        report: told how many texts have been read.

    Returns:
        how many documents changed their story.
    """

    def read() -> Iterable[TextRow]:
        last = 0
        while batch := store.texts(after=last):
            yield from batch
            last = batch[-1].row
            report(len(batch))

    return store.save_stories(stories(read()))
