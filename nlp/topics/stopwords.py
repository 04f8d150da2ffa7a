"""Words of each language that say nothing about a topic: spaCy's lists, and our own beside them.

Ours (``stopword_lists/<language>.txt``) hold the languages spaCy has none for (Burmese,
Khmer, Lao, Tetum, Javanese, Chinese in its traditional script), and what news
says in each: said, told, reporter, this morning.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Final

from nlp.segment import segmenter

_SPACY: Final = {
    "ko": "ko",
    "en": "en",
    "id": "id",
    "ms": "ms",
    "th": "th",
    "vi": "vi",
    "fil": "tl",
    "zh-Hans": "zh",
    "ta": "ta",
    "pt": "pt",
}
_COMMENT: Final = "#"


@cache
def stopwords(language: str) -> frozenset[str]:
    """Give the words of a language to leave out, as `nlp.segment` writes words."""
    listed = {unicodedata.normalize("NFC", word).casefold() for word in _of_spacy(language) | _ours(language)}
    return frozenset(listed)


def said(words: list[str], language: str) -> list[str]:
    """Leave out the stopwords, and pairs of syllables with one in it (Vietnamese)."""
    empty = stopwords(language)
    return [word for word in words if word not in empty and not _paired_with(word, empty)]


def _paired_with(word: str, empty: frozenset[str]) -> bool:
    return "_" in word and any(part in empty for part in word.split("_"))


def _of_spacy(language: str) -> set[str]:
    if language not in _SPACY:
        return set()
    words: set[str] = import_module(f"spacy.lang.{_SPACY[language]}.stop_words").STOP_WORDS
    return set(words)


def _ours(language: str) -> set[str]:
    """Read our own list; a phrase is taken as the words it is cut into."""
    file = files("nlp.topics").joinpath("stopword_lists", f"{language}.txt")
    if not file.is_file():
        return set()
    lines = [line.partition(_COMMENT)[0].strip() for line in file.read_text(encoding="utf-8").splitlines()]
    given = {word for line in lines for word in line.split()}
    return given | {word for line in lines if line for word in segmenter(language)(line)}
