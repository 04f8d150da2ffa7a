"""One line of GDELT's Global Knowledge Graph 2.1: 27 columns, tabs between, no quotes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from collectors.markup import clean, title_text
from corpus.errors import RecordError
from corpus.language import normalise_language

COLUMNS: Final = 27
V1_FIELDS: Final = 7
V2_FIELDS: Final = 9
# Between a page's own time and the batch it is in; more is a wrong clock or an old page found anew.
OLDEST: Final = timedelta(days=30)
_AHEAD: Final = timedelta(hours=1)

_STAMP: Final = re.compile(r"\d{14}", re.ASCII)
_SOURCE_LANGUAGE: Final = re.compile(r"srclc:([A-Za-z]{2,3})")
_TITLE: Final = re.compile(r"<PAGE_TITLE>(.*?)</PAGE_TITLE>", re.DOTALL)
_PRECISE: Final = re.compile(r"<PAGE_PRECISEPUBTIMESTAMP>\s*(\d{14})\s*</PAGE_PRECISEPUBTIMESTAMP>", re.ASCII)
_RUN: Final = re.compile(r"(?:&#(?:[xX][0-9a-fA-F]{1,6}|[0-9]{1,7});)+", re.ASCII)
_NUMBER: Final = re.compile(r"&#([xX][0-9a-fA-F]{1,6}|[0-9]{1,7});", re.ASCII)


@dataclass(frozen=True, slots=True)
class Location:
    """A place named in a text.

    Attributes:
        type: 1 country, 2 US state, 3 US city, 4 city elsewhere, 5 state elsewhere.
        name: in English.
        country: FIPS 10-4 (KS is South Korea), not ISO.
        latitude: or None where it isn't given.
        longitude: the same.
        feature: GNIS or GNS number, or for countries the code.
        offset: character in GDELT's (translated) text, or None in the V1 column.
    """

    type: int
    name: str
    country: str
    latitude: float | None
    longitude: float | None
    feature: str
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What narra takes of a line.

    Attributes:
        id: GDELT's own.
        batch: when GDELT saw it (UTC); no publication date.
        outlet: the domain that published it.
        url: its address, where the collection is the web.
        web: whether it is; other collections (broadcast, archives) have no address.
        language: CLDR code of the original text.
        title: or "", which older files all have.
        precise: when the page says it was published, where that is possible.
        locations: each mention of a place.
        organisations: each once.
    """

    id: str
    batch: datetime
    outlet: str
    url: str
    web: bool
    language: str
    title: str
    precise: datetime | None
    locations: tuple[Location, ...]
    organisations: tuple[str, ...]


def outlet_of_line(line: bytes) -> str:
    """Give the domain in a line, before anything else of it is read; "" where there is none."""
    cells = line.split(b"\t", 4)
    return cells[3].decode("utf-8", "replace").strip().lower() if len(cells) > 3 else ""  # noqa: PLR2004 its column


def parse_line(line: bytes) -> Record:
    """Read a line.

    Raises:
        RecordError: it has not 27 columns, or one that is needed can't be read.
    """
    cells = clean(line.decode("utf-8", "replace").rstrip("\r\n")).split("\t")
    if len(cells) != COLUMNS:
        raise RecordError("wrong number of columns", f"{len(cells)} and not {COLUMNS}")
    batch = _stamp(cells[1])
    if batch is None:
        raise RecordError("unreadable date", f"DATE is {cells[1][:40]!r}")
    return Record(
        id=cells[0].strip(),
        batch=batch,
        outlet=cells[3].strip().lower(),
        url=cells[4].strip(),
        web=cells[2].strip() == "1",
        language=_language(cells[25]),
        title=_title(cells[26]),
        precise=_precise(cells[26], batch),
        locations=tuple(locations(cells[10], "V2") if cells[10].strip() else locations(cells[9], "V1")),
        organisations=_names(cells[13], cells[14]),
    )


def locations(cell: str, layout: Literal["V1", "V2"]) -> Iterator[Location]:
    """Read a column of places; one that hasn't the layout's number of fields is passed over.

    V1 has 7 fields, V2 has ADM2 as its fifth and an offset as its ninth: read with the
    other's layout, every place lies on the wrong spot, and nothing complains.
    """
    for block in cell.split(";"):
        fields = block.split("#")
        if layout == "V1" and len(fields) == V1_FIELDS:
            kind, name, country, _, latitude, longitude, feature = fields
            offset = ""
        elif layout == "V2" and len(fields) == V2_FIELDS:
            kind, name, country, _, _, latitude, longitude, feature, offset = fields
        else:
            continue
        if kind.isascii() and kind.isdigit():
            yield Location(
                int(kind[:4]), name, country, _degrees(latitude, 90), _degrees(longitude, 180), feature, _whole(offset)
            )


def _degrees(text: str, most: float) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if -most <= number <= most else None


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000000") else None


def _names(first: str, second: str) -> tuple[str, ...]:
    plain = (block for block in first.split(";"))
    placed = (block.rpartition(",")[0] for block in second.split(";"))
    names = (name.strip().lower() for part in (plain, placed) for name in part)
    return tuple(dict.fromkeys(name for name in names if name))


def _language(cell: str) -> str:
    """Give the language the text was written in; a text that was not translated is English."""
    if not cell.strip():
        return "en"
    match = _SOURCE_LANGUAGE.search(cell)
    if not match:
        raise RecordError("unknown language", f"TranslationInfo is {cell[:60]!r}")
    return normalise_language(match[1])


def _title(extras: str) -> str:
    match = _TITLE.search(extras)
    return title_text(unmangled(match[1])) if match else ""


def unmangled(text: str) -> str:
    """Resolve entities that stand for the bytes of UTF-8, such as ``&#xC5;&#x99;`` for ř.

    Where a run of them is no UTF-8, its entities are characters after all.
    """
    # Before html.unescape, which reads &#x99; as HTML does: as the trade mark sign.
    return html.unescape(_RUN.sub(_as_bytes, text))


def _as_bytes(match: re.Match[str]) -> str:
    numbers = [int(number[1:], 16) if number[0] in "xX" else int(number) for number in _NUMBER.findall(match[0])]
    try:
        return bytes(numbers).decode("utf-8")
    except ValueError:  # a number beyond 255, or no UTF-8
        return match[0]


def _precise(extras: str, batch: datetime) -> datetime | None:
    match = _PRECISE.search(extras)
    moment = _stamp(match[1]) if match else None
    return moment if moment and batch - OLDEST <= moment <= batch + _AHEAD else None


def _stamp(text: str) -> datetime | None:
    if not _STAMP.fullmatch(text.strip()):
        return None
    try:
        return datetime.strptime(text.strip(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
