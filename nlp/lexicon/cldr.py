"""CLDR's names of our countries and of region 035, South-Eastern Asia, through Babel."""

from __future__ import annotations

import re
from typing import Final

from babel import Locale, UnknownLocaleError

from corpus.model import MEMBERS
from nlp.text import INVISIBLE

TERRITORIES: Final[dict[str, str]] = {"035": "SEA", "KR": "KR", "KP": "KP", **{code: code for code in MEMBERS}}

# Which CLDR locales a lexicon file covers.
LOCALES: Final[dict[str, tuple[str, ...]]] = {"zh": ("zh_Hans", "zh_Hant", "zh_Hans_SG", "zh_Hant_HK")}
_BRACKETED = re.compile(r"\s*[（(](.*?)[)）]\s*")
_HIDDEN: Final = dict.fromkeys(map(ord, INVISIBLE))


def cldr_names(language: str) -> dict[str, str]:
    """Give CLDR's names in a language, name to entity; empty where CLDR lacks it.

    "Myanmar (Burma)" gives two names. Zero-width characters are dropped, as they
    are from the texts.
    """
    names: dict[str, str] = {}
    for code in LOCALES.get(language, (language,)):
        try:
            territories = Locale.parse(code).territories
        except (UnknownLocaleError, ValueError):
            continue
        for territory, entity in TERRITORIES.items():
            for name in _parts(territories.get(territory, "")):
                names.setdefault(name, entity)
    return names


def _parts(name: str) -> list[str]:
    plain = name.translate(_HIDDEN)
    bracketed = _BRACKETED.findall(plain)
    whole = _BRACKETED.sub(" ", plain).strip()
    return [part for part in (whole, *bracketed) if part]
