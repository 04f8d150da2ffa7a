"""Codes for what services and archives name in English: languages and countries."""

from __future__ import annotations

from functools import cache
from typing import Final

from babel import Locale

from corpus.calendar import UTC_OFFSETS
from corpus.errors import RecordError
from corpus.language import normalise_language

# Where others write another name than CLDR.
_COUNTRIES: Final = {
    "burma": "MM",
    "myanmar": "MM",
    "east timor": "TL",
    "timor-leste": "TL",
    "viet nam": "VN",
    "republic of korea": "KR",
}
_LANGUAGES: Final = {
    "chinese": "zh-Hans",
    "chineset": "zh-Hant",
    "tagalog": "fil",
    "malay": "ms",
    "bahasa malaysia": "ms",
    "bahasa indonesia": "id",
    "burmese": "my",
}
_SHOWN: Final = 60


def country_named(name: str) -> str:
    """Give the code of a country of ours by its English name.

    Raises:
        RecordError: it is none of ours; its document would stand on neither side.
    """
    known = name.strip().casefold()
    code = _COUNTRIES.get(known) or _country_names().get(known, "")
    if code not in UTC_OFFSETS:
        raise RecordError("outlet of another country", name.strip()[:_SHOWN] or "none is named")
    return code


def language_named(name: str) -> str:
    """Give the code of a language by its English name.

    Raises:
        RecordError: it isn't known.
    """
    known = name.strip().casefold()
    code = _LANGUAGES.get(known) or _language_names().get(known)
    if not code:
        raise RecordError("unknown language", name.strip()[:_SHOWN] or "none is named")
    return normalise_language(code)


@cache
def _country_names() -> dict[str, str]:
    return {name.casefold(): str(code) for code, name in Locale("en").territories.items()}


@cache
def _language_names() -> dict[str, str]:
    # The shorter code where two have one name, so that no alias wins.
    pairs = sorted(Locale("en").languages.items(), key=lambda pair: -len(pair[0]))
    return {name.casefold(): str(code) for code, name in pairs}
