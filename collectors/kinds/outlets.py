"""Which outlet an address belongs to: the table ``[options.outlets]`` of a source over many outlets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from collectors.kinds.service import Options
from corpus.calendar import UTC_OFFSETS
from corpus.language import normalise_language

# Naver's own pages carry the number of the press: /mnews/article/001/0000000001.
_NAVER: Final = re.compile(r"/article/(\d{3})/\d+")
_NAVER_HOSTS: Final = frozenset({"n.news.naver.com", "news.naver.com", "m.news.naver.com", "m.sports.naver.com"})


def _country(value: str) -> str:
    if value not in UTC_OFFSETS:
        raise ValueError(f"one of {', '.join(UTC_OFFSETS)}")
    return value


class OutletEntry(Options):
    """One outlet of the table.

    Attributes:
        name: as the documents have it.
        country: where it differs from the source's or isn't known from the answer.
        language: the same.
    """

    name: Annotated[str, Field(min_length=1)]
    country: Annotated[str, AfterValidator(_country)] | None = None
    language: Annotated[str, AfterValidator(normalise_language)] | None = None


OutletTable = dict[str, str | OutletEntry]


@dataclass(frozen=True, slots=True)
class Known:
    """What the table says about an address; ``tracked`` tells whether it says anything."""

    name: str
    country: str | None
    language: str | None
    tracked: bool


def outlet_for(host: str, table: Mapping[str, str | OutletEntry]) -> Known:
    """Find the outlet of a host: the table's longest domain that the host ends with, or the host itself."""
    entry = table.get(host)
    rest = host
    while entry is None and "." in rest:
        rest = rest.partition(".")[2]
        entry = table.get(rest)
    if entry is None:
        return Known(host, None, None, tracked=False)
    if isinstance(entry, str):
        return Known(entry, None, None, tracked=True)
    return Known(entry.name, entry.country, entry.language, tracked=True)


def host_of(url: str) -> str:
    """Give an address's host in lower case, without ``www.``; "" where it has none.

    A page of Naver's own is told by the number of its press: ``naver:001``.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower().removeprefix("www.").rstrip(".")
    except ValueError:
        return ""
    if host in _NAVER_HOSTS and (press := _NAVER.search(parts.path)):
        return f"naver:{press[1]}"
    return host
