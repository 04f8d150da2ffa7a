"""A text's words, for counting: each language by what sets its words apart.

* Korean glues particles and endings to its words: kiwipiepy's morphemes, of which
  nouns, names and foreign words are kept.
* Thai writes no spaces: PyThaiNLP's dictionary (newmm).
* Chinese, Khmer, Lao and Burmese write none either: ICU's dictionaries, one
  library for all four, seven million letters a second. What ICU does not know it cuts
  into single characters or syllables (东|盟, အာ|ဆီ|ယံ), often a name: neighbours of that
  kind are joined again.
* Vietnamese sets a space between syllables: the syllables, and each two that stand
  next to each other, as most of its words have two.
* All others by spaces and signs.

kiwipiepy, PyThaiNLP and ICU are the extra ``morphology``, and are imported only
when a text needs them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from itertools import pairwise
from types import ModuleType
from typing import Final

from corpus.errors import NoAnswerError, SettingsError
from corpus.model import LANGUAGES

Segmenter = Callable[[str], list[str]]
"""Gives the words of a text, folded to lower case, in order and with repetitions."""

BY_ICU: Final = {"zh-Hans": "zh", "zh-Hant": "zh", "km": "km", "lo": "lo", "my": "my"}
"""Languages ICU has a dictionary for, with ICU's name for them (Thai is left to PyThaiNLP)."""

_KOREAN: Final = frozenset({"NNG", "NNP", "SL"})  # common nouns, proper nouns, letters of other scripts
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’·][^\W\d_]+)*")
_SPACED: Final = re.compile(r"[^\W\d_]+")
_ZERO_WIDTH: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_LATIN_SHORTEST: Final = 2
_PAIR: Final = "_"
_SYLLABLE: Final = 6  # code points, with its marks
_LONGEST_RUN: Final = 5
# Single characters and syllables that are words by themselves, and of no name.
_PARTICLES: Final = {
    "zh": "的 了 和 是 在 有 与 與 及 也 都 就 还 還 又 不 将 將 会 會 能 要 "
    "被 把 对 對 从 從 到 向 于 於 由 为 為 以 之 其 该 該 "
    "此 每 各 个 個 这 這 那 "
    "我 他 她 它 你 或 但 而 并 並 等 所 称 稱 说 說 曾 已 让 讓 "
    "年 月 日 时 時 上 下 中 里 裡 后 後 前 最 很 更",
    "km": "ជា ដែល នៃ ពី ក៏ ទេ ថា គឺ ឬ នា ណា វា គេ បី តែ ទៅ មក នៅ",
    "lo": "ທີ່ ໃນ ແລະ ໄດ້ ມີ ຈະ ໃຫ້ ຢູ່ ກໍ ກໍ່ ບໍ່ ບໍ ໄປ ມາ ວ່າ ຕໍ່ ນີ້ ສູ່ ປີ ຜູ້ ຢ່າ ຂໍ",
    "my": "က ကို မှ မှာ ရဲ့ များ တွေ ပါ သည် မည် မယ် ရန် သော သည့် တဲ့ ပြီး ပြီ ဖြင့် တွင် သူ ထို ဤ ဒီ နေ ခဲ့ ဟု လည်း သာ "
    "၏ ၍ မ ရ ပေး ရာ နဲ့ လို့ တို့ တော့ နှစ် လ ရက် နေ့ ၌ လျှင် ရှိ ဆို လုပ် ပြု",
}


def segmenter(language: str) -> Segmenter:
    """Give what cuts texts of a language into words.

    Args:
        language: one of `corpus.model.LANGUAGES`.

    Raises:
        NoAnswerError: no way is known to find the words of this language.
        SettingsError: the library for it is not installed; the message says how to get it.
    """
    if language not in LANGUAGES:
        raise NoAnswerError(
            f"narra does not know how to find the words of a text in language {language!r}. "
            f"It does for {', '.join(LANGUAGES)}: give the documents their language, or leave them out."
        )
    return _segmenter(language)


@lru_cache(maxsize=len(LANGUAGES))
def _segmenter(language: str) -> Segmenter:
    if language == "ko":
        return _korean()
    if language == "th":
        return _thai()
    if language in BY_ICU:
        return _by_icu(BY_ICU[language])
    return _vietnamese if language == "vi" else _spaced


def segmented(texts: Iterable[tuple[str, str]]) -> Iterator[list[str]]:
    """Give the words of each text.

    Args:
        texts: pairs of language and text.

    Raises:
        NoAnswerError, SettingsError: as `segmenter`.
    """
    for language, text in texts:
        yield segmenter(language)(text)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_ZERO_WIDTH).casefold()


def _spaced(text: str) -> list[str]:
    return [word for word in _WORD.findall(_marked(_normal(text))) if len(word) >= _LATIN_SHORTEST]


def _vietnamese(text: str) -> list[str]:
    """Give the syllables and the pairs of neighbours. A sign between two keeps them apart."""
    words: list[str] = []
    for run in re.split(r"[^\w\s]|[\d_]", _normal(text)):
        syllables = _SPACED.findall(run)
        words += syllables
        words += [f"{first}{_PAIR}{second}" for first, second in pairwise(syllables)]
    return words


def _korean() -> Segmenter:
    kiwi = _library("kiwipiepy", "Korean").Kiwi(num_workers=1)

    def words(text: str) -> list[str]:
        tokens = kiwi.tokenize(unicodedata.normalize("NFC", text).translate(_ZERO_WIDTH))
        found = (token.form.casefold() for token in tokens if token.tag in _KOREAN)
        return [word for word in found if _is_word(word)]

    return words


def _thai() -> Segmenter:
    tokenize = _library("pythainlp.tokenize", "Thai").word_tokenize

    def words(text: str) -> list[str]:
        # It leaves the rarer spaces, such as U+0085, within a word.
        pieces = (part for piece in tokenize(_normal(text), engine="newmm") for part in piece.split())
        return [word for word in map(_trimmed, pieces) if _is_word(word)]

    return words


def _by_icu(locale: str) -> Segmenter:
    breaker = _library(
        "icu4py.breakers", {"zh": "Chinese", "km": "Khmer", "lo": "Lao"}.get(locale, "Burmese")
    ).WordBreaker

    particles = frozenset(_PARTICLES[locale].split())

    def words(text: str) -> list[str]:
        return [word for word in _joined(map(_trimmed, breaker(_normal(text), locale)), particles) if _is_word(word)]

    return words


def _joined(pieces: Iterable[str], particles: frozenset[str]) -> Iterator[str]:
    """Join single characters or syllables that follow each other, as long as the run is no longer than a name."""
    run: list[str] = []
    for piece in [*pieces, ""]:
        if piece and piece not in particles and _bases(piece) == 1 and len(piece) <= _SYLLABLE:
            run.append(piece)
            continue
        if 1 < len(run) <= _LONGEST_RUN:
            yield "".join(run)
        run = []
        yield piece


def _marked(text: str) -> str:
    """Write the hyphens and apostrophes that stand for others as the plain ones."""
    return text.replace("‐", "-").replace("‑", "-").replace("’", "'")


def _trimmed(word: str) -> str:
    return word.strip(" \t\r\n.,:;!?()[]{}\"'“”‘’«»…·-–—/ฯๆ។၊။")


def _is_word(word: str) -> bool:
    """Tell whether it is more than one sign, and of letters with their marks.

    A single Chinese character, Korean syllable or letter says too little alone.
    """
    return _bases(word) >= _LATIN_SHORTEST and not any(letter.isdigit() for letter in word)


def _bases(word: str) -> int:
    return sum(unicodedata.category(letter)[0] == "L" for letter in word)


def _library(module: str, language: str) -> ModuleType:
    try:
        return import_module(module)
    except ImportError as error:
        raise SettingsError(
            f"To find the words of {language} text, narra needs {module.partition('.')[0]}. "
            "Install it with: uv sync --extra morphology"
        ) from error
