"""From one record's fields to a document: the form that JSON Lines and CSV share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from babel import Locale

from corpus.calendar import Published, parse_published
from corpus.errors import RecordError
from corpus.identity import document_keys
from corpus.language import normalise_language
from corpus.model import KINDS, Document, Kind, Outlet

COLUMNS: Final = ("id", "url", "title", "body", "language", "published_at", "outlet", "country", "kind")
REQUIRED: Final = ("outlet", "country", "kind", "language")
# At least one of each pair.
REQUIRED_ANY: Final = (("title", "body"), ("id", "url"))

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_SHOWN: Final = 80


def document_of(record: Mapping[str, object], source: str) -> Document:
    """Make a document of one record.

    Args:
        record: the fields of `COLUMNS`, as text; one that is missing, None or blank counts
            as not given.
        source: kept with the document.

    Raises:
        RecordError: a field is unknown, is no text, is missing or cannot be understood.
    """
    refuse_unknown(record)
    text = {name: text_of(name, record.get(name)) for name in COLUMNS}
    for name in REQUIRED:
        required(name, text[name])
    for one, other in REQUIRED_ANY:
        required(f"{one} and {other}", text[one] or text[other])
    outlet = Outlet(text["outlet"].strip(), country_of(text["country"]))
    return Document(
        keys=_keys(outlet, text["id"].strip(), text["url"].strip()),
        source=source,
        outlet=outlet,
        kind=_kind_of(text["kind"]),
        language=normalise_language(text["language"]),
        title=text["title"],
        body=text["body"],
        url=text["url"].strip() or None,
        published=published_of(text["published_at"], outlet.country),
    )


def refuse_unknown(record: Mapping[str, object]) -> None:
    """Refuse a record that has a field beyond `COLUMNS`: it may be a misspelt one.

    Raises:
        RecordError: naming the field and those allowed.
    """
    for name in record:
        if name not in COLUMNS:
            raise RecordError("unknown field", unknown_field(name))


def unknown_field(name: str) -> str:
    """Say that a field or column is not known, and which are."""
    return f"{shown(name)} is not known; allowed are {', '.join(COLUMNS)}"


def text_of(name: str, value: object) -> str:
    """Give a field's text as it stands, or "" where it is None or blank.

    Raises:
        RecordError: it is no text, or holds what cannot be stored as text.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RecordError("wrong type", f"`{name}` is {shown(value)}, but must be text in quotes")
    if "\0" in value:
        raise RecordError("NUL character", f"in `{name}` at character {value.index(chr(0)) + 1}")
    if not value.isascii() and (match := _SURROGATE.search(value)):
        raise RecordError("lone surrogate", f"in `{name}` at character {match.start() + 1}")
    return "" if value.isspace() else value


def required(name: str, text: str) -> str:
    """Give back a text that must be there.

    Raises:
        RecordError: it is empty.
    """
    if not text:
        raise RecordError(f"missing {name}", "it is empty or not given")
    return text


def shown(value: object) -> str:
    """Write a value for a message, cut where it is long."""
    said = repr(value)
    return said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"


def country_of(text: str) -> str:
    """Give the country code in capitals.

    Raises:
        RecordError: it is no ISO 3166 alpha-2 code, and not ASEAN. A misspelt code
            would silently put the document on neither side.
    """
    code = text.strip().upper()
    if code not in _country_codes():
        raise RecordError("unknown country", f"{shown(text)}; write two letters such as KR, or ASEAN")
    return code


@cache
def _country_codes() -> frozenset[str]:
    territories = Locale("en").territories
    return frozenset({code for code in map(str, territories) if re.fullmatch("[A-Z]{2}", code)} | {"ASEAN"})


def published_of(text: str, country: str) -> Published | None:
    """Give the publication date, or None where none is given.

    Raises:
        RecordError: a date is given that cannot be read.
    """
    if not text:
        return None
    try:
        return parse_published(text, country)
    except OverflowError:  # the last hours of the year 9999 have no local time in the east
        raise RecordError("impossible date", shown(text)) from None


def _kind_of(text: str) -> Kind:
    kind = text.strip()
    if kind not in KINDS:
        raise RecordError("unknown kind", f"{shown(text)}, but must be news or official")
    return kind


def _keys(outlet: Outlet, archive_id: str, url: str) -> tuple[str, ...]:
    keys = document_keys(outlet.id, archive_id, url)
    if not keys:
        raise RecordError("missing id and url", f"the url is no web address: {shown(url)}")
    return keys
