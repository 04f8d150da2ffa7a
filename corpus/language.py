"""Language codes, brought to the ones narra uses (`corpus.model.LANGUAGES`)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from corpus.errors import RecordError
from corpus.model import LANGUAGES

# A language (ISO 639), then perhaps a script, a region and variants: BCP 47 without
# its extensions, which no source we know of uses.
_TAG: Final = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|[0-9]{3}))?(?:-[a-z0-9]{5,8})*"
)

# Withdrawn codes, and ISO 639-2 and 639-3 codes where a two-letter one is in use.
# Indonesian and Malay share a macrolanguage, but are told apart here.
_ALIASES: Final[dict[str, str]] = {
    "tl": "fil",
    "tgl": "fil",
    "in": "id",
    "ind": "id",
    "jw": "jv",
    "jav": "jv",
    "kor": "ko",
    "eng": "en",
    "may": "ms",
    "msa": "ms",
    "zsm": "ms",
    "tha": "th",
    "vie": "vi",
    "bur": "my",
    "mya": "my",
    "khm": "km",
    "lao": "lo",
    "tam": "ta",
    "por": "pt",
    "chi": "zh",
    "zho": "zh",
    "cmn": "zh",
}
_TRADITIONAL: Final = frozenset({"tw", "hk", "mo"})


@lru_cache(maxsize=1024)
def normalise_language(code: str) -> str:
    """Bring a language code to narra's own.

    ``tl`` becomes ``fil``, ``kor`` and ``ko-KR`` become ``ko``, ``zh-TW`` becomes
    ``zh-Hant`` and ``zh`` alone ``zh-Hans``. A code of a language narra does not
    know stays as it is but for its letter case: its documents count, though
    nothing in them is named.

    Raises:
        RecordError: it does not look like a language code.
    """
    match = _TAG.fullmatch(code.strip().replace("_", "-").lower())
    if not match:
        raise RecordError("not a language code", f"{code[:40]!r}; write it as ko, id or zh-Hans")
    language = _ALIASES.get(match["language"], match["language"])
    if language == "zh":
        return _chinese(match["script"], match["region"])
    if language in LANGUAGES and not match["script"]:
        return language
    return _spelled(match[0], language)


def _chinese(script: str | None, region: str | None) -> str:
    if script == "hant" or (script != "hans" and region in _TRADITIONAL):
        return "zh-Hant"
    return "zh-Hans"


def _spelled(tag: str, language: str) -> str:
    """Write a tag as BCP 47 does: ``ms-Arab``, ``fr-CA``."""
    _, *parts = tag.split("-")
    return "-".join([language, *map(_spelled_part, parts)])


def _spelled_part(part: str) -> str:
    if len(part) == len("Arab"):
        return part.title()
    return part.upper() if len(part) == len("CA") else part
