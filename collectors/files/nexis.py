"""Exports of Nexis as plain text: a cover, then documents that begin with ``1 of 10 DOCUMENTS``.

A document has its source, its date, its title, fields such as ``BYLINE:`` and
``LENGTH:``, its text, and further fields. Which country a source is of stands in the
file beside it, see `collectors.files.outlets`. Licences normally forbid passing the
text on.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, Final

from collectors.dates import read_date
from collectors.files.fields import required, shown, text_of
from collectors.files.form import Parse, Row
from collectors.files.lines import Cursor, Lines, Sample, printable
from collectors.files.outlets import Outlets, row_key
from collectors.names import language_named
from corpus.calendar import Published
from corpus.errors import FileProblemError, RecordError
from corpus.identity import document_keys
from corpus.model import Document

_START: Final = re.compile(rb"[ \t]*\d{1,6} of \d{1,6} DOCUMENTS?[ \t]*\r?\n?", re.ASCII)
_IN_SAMPLE: Final = re.compile(rb"^[ \t]*\d{1,6} of \d{1,6} DOCUMENTS?[ \t]*\r?$", re.ASCII | re.MULTILINE)
# Only these are fields: a paragraph may begin with WASHINGTON: or ANALYSIS: too.
_FIELD: Final = re.compile(
    r"(BYLINE|SECTION|LENGTH|DATELINE|HIGHLIGHT|GRAPHIC|SERIES|COLUMN|EDITION|LOAD-DATE|LANGUAGE|PUBLICATION-TYPE"
    r"|JOURNAL-CODE|SUBJECT|COUNTRY|STATE|CITY|COMPANY|ORGANIZATION|PERSON|GEOGRAPHIC|INDUSTRY|TICKER|URL|NOTES"
    r"|CORRECTION-DATE|DISTRIBUTION|DOCUMENT-TYPE|TYPE|CATEGORY|ACC-NO|PUB-TYPE):\s*(.*)",
    re.DOTALL,
)
_COPYRIGHT: Final = re.compile(r"copyright\b|all rights reserved|©", re.IGNORECASE)
_BLANK: Final = re.compile(r"\n[ \t]*\n")
_LONGEST: Final = 8_000_000


@dataclass(frozen=True, slots=True)
class Parts:
    """A document taken apart, each part on as few lines as it has paragraphs."""

    source: str
    date: str
    title: str
    body: str
    fields: dict[str, str]


def recognise(sample: Sample) -> Parse | None:
    """Give the parser where a line says ``1 of 10 DOCUMENTS``.

    Raises:
        FileProblemError: the file beside it says something it may not.
    """
    if not _IN_SAMPLE.search(sample.head.removeprefix(codecs.BOM_UTF8)):
        return None
    return partial(parse, outlets=Outlets(sample.path), source=printable(sample.path.name))


def parse(stream: BinaryIO, cursor: Cursor, *, outlets: Outlets, source: str) -> Iterator[Row]:
    """Read documents; see `collectors.files.table.parse`."""
    for line, raw in _documents(stream, cursor):
        if isinstance(raw, RecordError):
            yield line, raw
            continue
        try:
            yield line, document_of(take_apart(_decoded(raw)), outlets, source)
        except RecordError as error:
            yield line, error


def _documents(stream: BinaryIO, cursor: Cursor) -> Iterator[tuple[int, bytes | RecordError]]:
    begun = 0
    held: list[bytes] = []
    for line in _lines(stream, cursor):
        if _START.fullmatch(line.removeprefix(codecs.BOM_UTF8)):
            if begun:
                yield begun, _whole(held)
            begun, held = cursor.line, []
        elif begun:
            held.append(line)
    if begun:
        yield begun, _whole(held)


def _lines(stream: BinaryIO, cursor: Cursor) -> Iterator[bytes]:
    try:
        yield from Lines(stream, cursor)
    except RecordError as error:
        raise FileProblemError(f"line {cursor.line}: {error}") from None


def _whole(lines: list[bytes]) -> bytes | RecordError:
    if sum(map(len, lines)) > _LONGEST:
        return RecordError("document too long", f"more than {_LONGEST:,} bytes before the next one begins")
    return b"".join(lines)


def _decoded(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")  # what older exports are in
    return text.replace("\r\n", "\n")


def take_apart(text: str) -> Parts:
    """Take a document apart.

    Raises:
        RecordError: source, date or title aren't where they should be.
    """
    blocks = [block.strip() for block in _BLANK.split(text)]
    blocks = [block for block in blocks if block]
    while blocks and _COPYRIGHT.match(_line(blocks[0])):
        blocks.pop(0)
    if len(blocks) < 3:  # noqa: PLR2004 source, date, title
        raise RecordError("document of another form", "it has no source, date and title")
    source, date, *rest = blocks
    fields: dict[str, str] = {}
    while rest and (_is_copyright(rest[-1]) or _take_field(rest[-1], fields)):
        rest.pop()
    title: list[str] = []
    while rest and not _FIELD.match(rest[0]):
        title.append(_line(rest.pop(0)))
    while rest and _take_field(rest[0], fields):
        rest.pop(0)
    body = "\n".join(_line(block) for block in rest)
    if "LENGTH" not in fields:
        # Then nothing tells where the title ends and the text begins.
        raise RecordError("document of another form", f"no LENGTH after the title {shown(' '.join(title))}")
    return Parts(_line(source), date.splitlines()[0].strip(), " ".join(title), body, fields)


def _is_copyright(block: str) -> bool:
    return bool(_COPYRIGHT.search(_line(block))) and len(block) < 400  # noqa: PLR2004 a paragraph of text is longer


def _take_field(block: str, fields: dict[str, str]) -> bool:
    match = _FIELD.match(block)
    if match:
        fields.setdefault(match[1], _line(match[2]))
    return match is not None


def _line(block: str) -> str:
    # Lines are broken at 78 characters, also within a name.
    return " ".join(block.split())


def document_of(parts: Parts, outlets: Outlets, source: str) -> Document:
    """Make a document.

    Raises:
        RecordError: its country or language isn't known, or its date can't be read.
    """
    outlet = outlets.outlet(parts.source)
    stated = parts.fields.get("LANGUAGE", "").partition(";")[0]
    title = required("title", text_of("title", parts.title))
    published = _published(parts.date, outlet.country)
    url = parts.fields.get("URL", "").strip()
    return Document(
        keys=document_keys("nexis", None, url) or (row_key("nexis", outlet, published.day, title),),
        source=source,
        outlet=outlet,
        kind="news",
        language=outlets.language(parts.source, language_named(stated) if stated else ""),
        title=title,
        body=text_of("body", parts.body),
        url=url or None,
        published=published,
    )


def _published(text: str, country: str) -> Published:
    published = read_date(text, country, "stated")
    if published is None:
        raise RecordError("unreadable date", shown(text))
    return published
