"""GDELT's Global Knowledge Graph 2.1 in bulk: a file every 15 minutes, one feed for English and one for the rest.

Only records of the outlets in ``[options.outlets]`` are taken (a table from a domain
to an outlet with its country). Korean, Indonesian, Thai … articles are in the
translation feed only. A record has a title and no text; older ones have no title
either, and are refused. ``keywords`` holds the organisations and places that GDELT
found in the (translated) text.

A file that was read is remembered and not read again, until the outlets are others: a
day is a gigabyte. GDELT's own holes stay gaps, and are looked for again at every visit.

The time of a file is when GDELT saw an article. A document is dated by the time its
page names, where that lies in the 30 days before, or else by a day in its address.

Options: ``outlets``, ``feeds``, ``packed_limit`` and ``unpacked_limit`` in bytes.
``urls[0]`` is the folder with the lists: ``…/gdeltv2/``.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Literal

from pydantic import Field

from collectors.contract import Fetch, Page, Visit
from collectors.files.lines import Cursor, Lines
from collectors.kinds.gkgrecord import Record, outlet_of_line, parse_line
from collectors.kinds.outlets import OutletTable, host_of, outlet_for
from collectors.kinds.service import (
    Options,
    day_in_url,
    decoded,
    is_wanted,
    joined,
    published_at,
    read_options,
    refusal,
)
from collectors.outcome import Batch, SourceError, Status
from collectors.source import Source
from corpus.calendar import Published
from corpus.errors import RecordError
from corpus.identity import document_keys
from corpus.model import Document, Outlet, Refusal

Feed = Literal["english", "translation"]
_INFIX: Final[dict[Feed, str]] = {"english": "", "translation": "-translation"}

STEP: Final = timedelta(minutes=15)
# Three lines of a list for 15 minutes take about 330 bytes; the margin is for longer ones.
BYTES_A_STEP: Final = 450
LINE_LIMIT: Final = 4_000_000
_OK, _PARTIAL, _MISSING = 200, 206, 404
# Files of one missing quarter of an hour are usual; more are worth a word.
_SAID: Final = 5

_LINE: Final = re.compile(r"(\d{1,12}) ([0-9a-fA-F]{32}) (\S+)", re.ASCII)
_NAME: Final = re.compile(r"/(\d{14})(?:\.translation)?\.gkg\.csv\.zip$", re.ASCII)
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


class GkgOptions(Options):
    """See the module."""

    outlets: Annotated[OutletTable, Field(min_length=1)]
    feeds: Annotated[tuple[Feed, ...], Field(min_length=1)] = ("english", "translation")
    packed_limit: Annotated[int, Field(gt=0)] = 60_000_000
    unpacked_limit: Annotated[int, Field(gt=0)] = 400_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a list.

    Attributes:
        moment: the quarter of an hour it is of (UTC).
        size: bytes, packed.
        md5: of the packed file.
        url: as the list has it.
    """

    moment: datetime
    size: int
    md5: str
    url: str


async def collect(source: Source, fetch: Fetch, visit: Visit) -> AsyncIterator[Batch]:
    """Collect what the tracked outlets published, file by file in the order of time.

    A file that is missing, or isn't what its list says, is passed over, and the visit
    ends as ``gap_suspected``.

    Raises:
        SourceError: a list can't be had.
        SourceFileError: the options are wrong.
    """
    options = read_options(source, GkgOptions)
    desk = _Desk(source, fetch, visit, options)
    for feed in options.feeds:
        async for batch in desk.files(feed):
            yield batch
    yield desk.last()


class _Desk:
    """One visit: what it found, and what it missed."""

    def __init__(self, source: Source, fetch: Fetch, visit: Visit, options: GkgOptions) -> None:
        self._source, self._fetch, self._visit, self._options = source, fetch, visit, options
        self._read = _Read(visit.memory, options)
        self._found = 0
        self._missed: list[str] = []

    async def files(self, feed: Feed) -> AsyncIterator[Batch]:
        """Go through one feed's files."""
        since = self._visit.since
        entries = chosen(await self._list(feed, since), since, self._visit.until)
        self._missed += [f"{feed} {moment:%Y-%m-%d %H:%M}" for moment in holes(entries, since, self._visit.until)]
        for entry in entries:
            if self._read.has(feed, entry.moment):
                self._found += 1
                continue
            try:
                content = await self._file(entry)
                documents, refusals = self._taken(content, entry.url.rpartition("/")[2])
            except RecordError as error:
                self._missed.append(f"{feed} {entry.moment:%Y-%m-%d %H:%M} ({error})")
                continue
            self._found += len(documents)
            yield Batch(tuple(documents), tuple(refusals), self._read.add(feed, entry.moment))

    async def _list(self, feed: Feed, since: datetime | None) -> list[Entry]:
        if since is None or since >= self._visit.now - STEP:
            text = await self._text(f"lastupdate{_INFIX[feed]}.txt", 1_000_000)
            return parse_list(text)
        # The list of all files since 2015 is huge: only its end is asked for.
        steps = int((self._visit.now - since) / STEP) + 8
        tail = steps * BYTES_A_STEP
        name = f"masterfilelist{_INFIX[feed]}.txt"
        text = await self._text(name, max(2 * tail, 50_000), {"Range": f"bytes=-{tail}"})
        return parse_list(text)

    async def _text(self, name: str, limit: int, headers: dict[str, str] | None = None) -> str:
        url = f"{self._source.urls[0].rstrip('/')}/{name}"
        page = await self._fetch.get(url, headers=headers, robots=False, limit=limit, allow=frozenset({_PARTIAL}))
        text = decoded(page.content)
        if not any(_LINE.search(line) for line in text.splitlines()):
            raise SourceError("wrong_content", f"{name} holds no line of the form <size> <md5> <address>")
        return text

    async def _file(self, entry: Entry) -> bytes:
        if entry.size > self._options.packed_limit:
            raise RecordError("file too large", f"{entry.size:,} bytes")
        page = await self._fetch.get(
            self._address(entry), robots=False, limit=entry.size + 1, allow=frozenset({_MISSING})
        )
        check_file(page, entry)
        return page.content

    def _address(self, entry: Entry) -> str:
        # The lists name plain http on GDELT's own host; the same file is asked for beside its list.
        return f"{self._source.urls[0].rstrip('/')}/{entry.url.rpartition('/')[2]}"

    def _taken(self, content: bytes, name: str) -> tuple[list[Document], list[Refusal]]:
        documents: list[Document] = []
        refusals: list[Refusal] = []
        for place, line in lines_of(content, name.removesuffix(".zip"), self._options.unpacked_limit):
            try:
                document = self._document(line)
            except RecordError as error:
                refusals.append(refusal(self._source, place, error))
                continue
            if document and is_wanted(document.published, self._visit, document.outlet.country):
                documents.append(document)
        return documents, refusals

    def _document(self, line: bytes | RecordError) -> Document | None:
        if isinstance(line, RecordError):
            raise line
        domain = outlet_of_line(line)
        if domain and not outlet_for(domain, self._options.outlets).tracked:
            return None
        return document_of(parse_line(line), self._source, self._options)

    def last(self) -> Batch:
        """Give the batch that says how it ended."""
        status: Status | None = None if self._found else "ok_empty_confirmed"
        if self._missed:
            more = f" and {len(self._missed) - _SAID:,} more" if len(self._missed) > _SAID else ""
            return Batch(status="gap_suspected", detail=f"missing: {_some(self._missed)}{more}")
        return Batch(status=status)


class _Read:
    """Which files were read for these outlets: 96 bits a day and feed."""

    def __init__(self, memory: Mapping[str, str], options: GkgOptions) -> None:
        said = json.dumps(options.model_dump(mode="json")["outlets"], sort_keys=True)
        self._name = hashlib.sha256(said.encode()).hexdigest()[:8]
        self._memory = dict(memory)

    def has(self, feed: Feed, moment: datetime) -> bool:
        """Tell whether the file of a quarter of an hour was read."""
        return bool(self._bits(self._key(feed, moment)) >> _quarter(moment) & 1)

    def add(self, feed: Feed, moment: datetime) -> dict[str, str]:
        """Give what to remember once it is."""
        key = self._key(feed, moment)
        self._memory[key] = f"{self._bits(key) | 1 << _quarter(moment):x}"
        return {key: self._memory[key]}

    def _key(self, feed: Feed, moment: datetime) -> str:
        return f"read:{self._name}:{feed}:{moment:%Y-%m-%d}"

    def _bits(self, key: str) -> int:
        return int(self._memory.get(key, "0"), 16)


def _quarter(moment: datetime) -> int:
    return int((moment - moment.replace(hour=0, minute=0, second=0)) / STEP)


def _some(said: Sequence[str]) -> str:
    return "; ".join(said[:_SAID])


def parse_list(text: str) -> list[Entry]:
    """Read a list of files; other lines (also the fragment it may begin with) are passed over."""
    entries = []
    for line in text.splitlines():
        match = _LINE.fullmatch(line.strip())
        name = _NAME.search(match[3]) if match else None
        if match and name and (moment := _moment(name[1])):
            entries.append(Entry(moment, int(match[1]), match[2].lower(), match[3]))
    return entries


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def chosen(entries: Sequence[Entry], since: datetime | None, until: datetime) -> list[Entry]:
    """Choose the files after ``since`` and up to ``until``, the oldest first, each moment once."""
    by_moment = {entry.moment: entry for entry in entries if (since is None or entry.moment > since)}
    return [by_moment[moment] for moment in sorted(by_moment) if moment <= until]


def holes(entries: Sequence[Entry], since: datetime | None, until: datetime) -> list[datetime]:
    """Give the quarters of an hour for which a file should be there and isn't.

    The newest hour is left out: its files may still be coming.
    """
    if since is None:
        return []
    have = {entry.moment for entry in entries}
    steps = []
    moment = datetime.fromtimestamp((since.timestamp() // STEP.total_seconds() + 1) * STEP.total_seconds(), UTC)
    while moment <= until - 4 * STEP:
        steps.append(moment)
        moment += STEP
    return [moment for moment in steps if moment not in have]


def check_file(page: Page, entry: Entry) -> None:
    """Check that a file is the one its list names.

    Raises:
        RecordError: it is missing, or has another size or sum.
    """
    if page.status == _MISSING:
        raise RecordError("file missing", "the list names it, and the server hasn't got it")
    if len(page.content) != entry.size:
        raise RecordError("file has another size", f"{len(page.content):,} bytes, and not {entry.size:,}")
    if hashlib.md5(page.content, usedforsecurity=False).hexdigest() != entry.md5:
        raise RecordError("file has another checksum", "it was altered on its way")


def lines_of(content: bytes, member: str, limit: int) -> Iterator[tuple[int, bytes | RecordError]]:
    """Unpack a file line by line.

    Args:
        content: the zip file.
        member: the name of the only file in it.
        limit: most bytes it may unpack to.

    Yields:
        line numbers with lines; one that is too long comes as the error it is.

    Raises:
        RecordError: it is damaged, encrypted, or isn't one file of that name and no more than that size.
    """
    cursor = Cursor()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            info = _only_member(packed, member, limit)
            with packed.open(info) as stream:
                lines: Lines[bytes] = Lines(stream, cursor, LINE_LIMIT)
                yield from _each(lines, cursor)
    except _BROKEN as error:
        raise RecordError("file is damaged", f"after line {cursor.line:,}: {error}") from None


def _only_member(packed: zipfile.ZipFile, member: str, limit: int) -> zipfile.ZipInfo:
    found = packed.infolist()
    if [info.filename.lower() for info in found] != [member.lower()]:
        raise RecordError("unexpected content of a zip file", f"{[info.filename for info in found][:3]}")
    # What is unpacked never exceeds the size declared here.
    if found[0].file_size > limit:
        raise RecordError("file too large", f"{found[0].file_size:,} bytes unpacked")
    return found[0]


def _each(lines: Lines[bytes], cursor: Cursor) -> Iterator[tuple[int, bytes | RecordError]]:
    while True:
        try:
            line = next(lines)
        except StopIteration:
            return
        except RecordError as error:
            yield cursor.line, error
            continue
        if line.strip():
            yield cursor.line, line


def document_of(record: Record, source: Source, options: GkgOptions) -> Document:
    """Make a document of a record of a tracked outlet.

    Raises:
        RecordError: it is no web page, or has no title.
    """
    host = host_of(record.url) if record.web else ""
    if not host:
        raise RecordError("no web page", f"{record.id}: {record.url[:80]!r}")
    if not record.title:
        raise RecordError("missing title", record.url[:200])
    known = outlet_for(record.outlet or host, options.outlets)
    if not known.tracked:
        raise RecordError("outlet is not tracked", host)
    country = known.country or source.country
    places = [place.name for place in record.locations]
    return Document(
        keys=document_keys("gkg", None, record.url),
        source=source.slug,
        outlet=Outlet(known.name, country),
        kind=source.kind,
        language=record.language,
        title=record.title,
        body="",
        url=record.url,
        published=_published(record, country),
        keywords=joined([*record.organisations, *places]),
    )


def _published(record: Record, country: str) -> Published | None:
    if record.precise:
        return published_at(record.precise, country, "page", record.precise.strftime("%Y%m%d%H%M%S"))
    return day_in_url(record.url, record.batch, country)
