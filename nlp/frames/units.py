"""The units from which words are learned: what may become a form, by language.

* Korean: nouns and foreign words, by kiwipiepy. A noun found so is a good form, since
  Korean forms may stand inside longer runs of letters.
* Thai: words, by PyThaiNLP.
* Vietnamese: two syllables that stand side by side, since most of its words have two
  and single syllables mean too much.
* Chinese: runs of two and three characters. Khmer, Lao, Burmese: runs of two and three
  syllables, cut at their signs, since there is no segmenter among our libraries.
* All others set words apart by spaces.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from typing import Any, Final, NamedTuple

from corpus.errors import InputError
from nlp.frames.forms import fold


class Unit(NamedTuple):
    """A unit of a text: its form in small letters, and where it stands."""

    form: str
    start: int
    end: int


_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_TAMIL: Final = re.compile("[\u0b80-\u0bff]+")
_HAN: Final = re.compile("[\u4e00-\u9fff]+")
_SYLLABLES: Final[dict[str, re.Pattern[str]]] = {
    "km": re.compile("[\u1780-\u17b3](?:\u17d2[\u1780-\u17a2]|[\u17b4-\u17d1\u17dd])*"),
    "lo": re.compile("[\u0ec0-\u0ec4]?[\u0e81-\u0eae\u0edc\u0edd][\u0eb0-\u0ebd\u0ec8-\u0ecd]*"),
    "my": re.compile(
        "[\u1000-\u102a\u103f](?:\u1039[\u1000-\u1021]|[\u102b-\u1038\u103b-\u103e])*(?:[\u1000-\u1021]\u103a[\u1037\u1038]?)*"
    ),
}
_LENGTHS: Final = (2, 3)
_KOREAN_TAGS: Final = frozenset({"NNG", "NNP", "SL"})
_SHORTEST: Final = 3
_SHORTEST_DENSE: Final = 2  # in Korean, where a letter is a syllable
_LONGEST: Final = 24


def units(text: str, language: str) -> Iterator[Unit]:
    """Give a text's units by position (runs overlap).

    Args:
        text: any text.
        language: one of `nlp.frames.model.LANGUAGES`.

    Raises:
        InputError: the language needs the extra ``morphology``, which is not installed.
    """
    folded = fold(text)
    shortest = _SHORTEST_DENSE if language in {"ko", "zh"} else _SHORTEST
    for unit in _CUTTERS.get(language, _words)(folded):
        if shortest <= len(unit.form) <= _LONGEST and not unit.form.isdigit():
            yield unit


def _words(text: str) -> Iterator[Unit]:
    return (Unit(m[0], m.start(), m.end()) for m in _WORD.finditer(text))


def _tamil(text: str) -> Iterator[Unit]:
    return (Unit(m[0], m.start(), m.end()) for m in _TAMIL.finditer(text))


def _vietnamese(text: str) -> Iterator[Unit]:
    for one, two in pairwise(_words(text)):
        if text[one.end : two.start] == " ":
            yield Unit(text[one.start : two.end], one.start, two.end)


def _chinese(text: str) -> Iterator[Unit]:
    for run in _HAN.finditer(text):
        yield from _runs(text, [(at, at + 1) for at in range(run.start(), run.end())])


def _syllabic(language: str) -> Callable[[str], Iterator[Unit]]:
    def cut(text: str) -> Iterator[Unit]:
        return _runs(text, [m.span() for m in _SYLLABLES[language].finditer(text)])

    return cut


def _runs(text: str, spans: list[tuple[int, int]]) -> Iterator[Unit]:
    for first, (start, _) in enumerate(spans):
        for length in _LENGTHS:
            chain = spans[first : first + length]
            if len(chain) == length and all(a[1] == b[0] for a, b in pairwise(chain)):
                yield Unit(text[start : chain[-1][1]], start, chain[-1][1])


def _korean(text: str) -> Iterator[Unit]:
    for token in _kiwi().tokenize(text):
        if token.tag in _KOREAN_TAGS:
            yield Unit(text[token.start : token.start + token.len], token.start, token.start + token.len)


def _thai(text: str) -> Iterator[Unit]:
    at = 0
    for word in _newmm()(text, engine="newmm", keep_whitespace=True, join_broken_num=False):
        if _THAI.match(word):
            yield Unit(word, at, at + len(word))
        at += len(word)


_THAI: Final = re.compile("[\u0e01-\u0e2e\u0e40-\u0e44]")


@cache
def _kiwi() -> Any:  # noqa: ANN401 whatever the library's class is
    return _library("kiwipiepy", "Korean").Kiwi()


@cache
def _newmm() -> Any:  # noqa: ANN401 the library's function
    return _library("pythainlp.tokenize", "Thai").word_tokenize


def _library(module: str, language: str) -> Any:  # noqa: ANN401 whatever the library's module holds
    try:
        return importlib.import_module(module)
    except ImportError:
        raise InputError(
            f"Learning words of frames in {language} needs {module.partition('.')[0]}, which is not installed. "
            "Install narra with the extra `morphology`: uv sync --extra morphology. Framing itself does not need it."
        ) from None


_CUTTERS: Final[dict[str, Callable[[str], Iterator[Unit]]]] = {
    "ko": _korean,
    "th": _thai,
    "vi": _vietnamese,
    "zh": _chinese,
    "ta": _tamil,
    **{language: _syllabic(language) for language in _SYLLABLES},
}
