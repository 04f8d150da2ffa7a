"""A sample of CC-NEWS, Common Crawl's archive of news pages.

There is no index, and a month is hundreds of files of a gigabyte, so days are drawn,
and files of each day: by a hash of the seed and their names, so that the same are
drawn again whoever draws, and whatever is added to the month later. A file is loaded
in pieces to a temporary one, and only pages of the outlets in ``[options.outlets]``
are read (a table from a domain to an outlet with its country and language).

A sample leaves most of its time unseen, and that is no gap: what was drawn was drawn by
chance and not by what it says, so that its shares are those of the time. A visit says how
much it drew; only files that were drawn and not read leave a gap. Files that were read are
remembered and not read again.

Options: ``outlets``, ``days_a_month``, ``files_a_day``, ``seed``, and ``megabytes``, so many
of each file from its beginning (0: all). ``urls[0]`` is ``https://data.commoncrawl.org/``.
Needs the extra ``archives``.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import importlib.util
import re
import tempfile
import zlib
from calendar import monthrange
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import IO, Annotated, Final, TypeAlias

from pydantic import Field

from collectors.body import Article, NoArticle, read_article
from collectors.contract import Fetch, Visit
from collectors.http.decode import decode
from collectors.kinds.outlets import OutletTable, host_of, outlet_for
from collectors.kinds.service import Options, day_in_url, is_wanted, read_options, refusal, shown
from collectors.outcome import Batch, SourceError, Status
from collectors.source import Source, SourceFileError
from corpus.errors import RecordError
from corpus.identity import document_keys
from corpus.model import Document, Outlet, Refusal

PIECE: Final = 32_000_000
LARGEST: Final = 4_000_000_000
LONGEST_PAGE: Final = 5_000_000
LONGEST_LIST: Final = 5_000_000
A_BATCH: Final = 50
_PARTIAL, _MISSING, _BEYOND = 206, 404, 416

_PATH: Final = re.compile(r"crawl-data/CC-NEWS/\d{4}/\d{2}/CC-NEWS-(\d{14})-\d+\.warc\.gz", re.ASCII)
_RANGE: Final = re.compile(r"bytes \d+-\d+/(\d+)", re.ASCII)
_BROKEN_OFF: Final = "file breaks off"
_GZIP: Final = b"\x1f\x8b"

ReadArticle: TypeAlias = Callable[[str, str, str], Article | NoArticle]


class CcNewsOptions(Options):
    """See the module."""

    outlets: Annotated[OutletTable, Field(min_length=1)]
    days_a_month: Annotated[int, Field(ge=1, le=31)] = 2
    files_a_day: Annotated[int, Field(ge=1)] = 1
    seed: int = 1
    megabytes: Annotated[int, Field(ge=0)] = 0


@dataclass(frozen=True, slots=True)
class Archived:
    """A page as it was crawled.

    Attributes:
        url: its address.
        crawled: when (UTC).
        content: its bytes, in the site's own encoding.
        content_type: as declared, with parameters.
    """

    url: str
    crawled: datetime
    content: bytes
    content_type: str


async def collect(
    source: Source, fetch: Fetch, visit: Visit, *, read: ReadArticle = read_article
) -> AsyncIterator[Batch]:
    """Collect the pages of the tracked outlets from the files that are drawn.

    Args:
        source: ``urls[0]`` is the archive.
        fetch: the client.
        visit: what is wanted; without ``since``, the month before.
        read: from a page, its address and its country to an article.

    Raises:
        SourceError: a list or file can't be had.
        SourceFileError: the options are wrong, or the extra is missing.
    """
    options = read_options(source, CcNewsOptions)
    if importlib.util.find_spec("warcio") is None:
        raise SourceFileError(f"{source.slug}: CC-NEWS needs the extra `archives`: run `uv sync --extra archives`.")
    desk = _Desk(source, fetch, visit, options, read)
    for month in months_of(visit.since or visit.until - timedelta(days=30), visit.until):
        async for batch in desk.month(month):
            yield batch
    yield desk.last()


def months_of(since: datetime, until: datetime) -> list[str]:
    """Give the months that the time touches, as ``2026/03``."""
    year, month = since.astimezone(UTC).year, since.astimezone(UTC).month
    last = until.astimezone(UTC)
    found = []
    while (year, month) <= (last.year, last.month):
        found.append(f"{year}/{month:02}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 a year's months
    return found


class _Desk:
    """One visit: what it drew, read and missed."""

    def __init__(self, source: Source, fetch: Fetch, visit: Visit, options: CcNewsOptions, read: ReadArticle) -> None:
        self._source, self._fetch, self._visit, self._options, self._read = source, fetch, visit, options, read
        self._base = source.urls[0].rstrip("/")
        self._found = self._drawn = self._listed = 0
        self._missed: list[str] = []

    async def month(self, month: str) -> AsyncIterator[Batch]:
        """Read the files that are drawn from a month."""
        paths = await self._paths(month)
        since = self._visit.since
        within = [path for path in paths if _is_within(path, since, self._visit.until)]
        chosen = drawn(within, month, self._options)
        self._listed += len(within)
        self._drawn += len(chosen)
        for path in chosen:
            if f"file:{path}" in self._visit.memory:
                self._found += 1
                continue
            async for batch in self._file(path):
                yield batch
            yield Batch(memory={f"file:{path}": self._visit.now.isoformat()})

    async def _paths(self, month: str) -> list[str]:
        url = f"{self._base}/crawl-data/CC-NEWS/{month}/warc.paths.gz"
        page = await self._fetch.get(url, robots=False, limit=LONGEST_LIST, allow=frozenset({_MISSING}))
        if page.status == _MISSING:  # not begun, or never crawled
            self._missed.append(f"{month}: there is no list")
            return []
        return paths_of(page.content)

    async def _file(self, path: str) -> AsyncIterator[Batch]:
        with tempfile.TemporaryFile() as held:
            await self._load(path, held)
            held.seek(0)
            pages = archived(held, self._is_tracked)
            documents: list[Document] = []
            refusals: list[Refusal] = []
            place = 0
            # Unpacking takes long, and others want their turn meanwhile.
            while (page := await asyncio.to_thread(next, pages, None)) is not None:
                place += 1
                try:
                    if isinstance(page, RecordError):
                        raise page
                    document = document_of(page, self._source, self._options, self._read)
                except RecordError as error:
                    refusals += self._refused(path, place, error)
                    continue
                if is_wanted(document.published, self._visit, document.outlet.country):
                    documents.append(document)
                if len(documents) >= A_BATCH:
                    self._found += len(documents)
                    yield Batch(tuple(documents), tuple(refusals))
                    documents, refusals = [], []
            self._found += len(documents)
            if documents or refusals:
                yield Batch(tuple(documents), tuple(refusals))

    def _refused(self, path: str, place: int, error: RecordError) -> list[Refusal]:
        if error.reason != _BROKEN_OFF:
            return [refusal(self._source, place, error)]
        if not self._options.megabytes:  # loaded in part, it always breaks off
            self._missed.append(f"{path}: {error}")
        return []

    async def _load(self, path: str, held: IO[bytes]) -> None:
        most = self._options.megabytes * 1_000_000 or LARGEST
        start = 0
        while start < most:
            end = min(start + PIECE, most) - 1
            page = await self._fetch.get(
                f"{self._base}/{path}",
                headers={"Range": f"bytes={start}-{end}"},
                robots=False,
                limit=PIECE,
                allow=frozenset({_PARTIAL, _BEYOND}),
            )
            if page.status == _BEYOND:
                return
            held.write(page.content)
            start += len(page.content)
            whole = _RANGE.fullmatch(page.headers.get("content-range", ""))
            if page.status != _PARTIAL or not page.content or (whole and start >= int(whole[1])):
                return

    def _is_tracked(self, url: str) -> bool:
        return outlet_for(host_of(url), self._options.outlets).tracked

    def last(self) -> Batch:
        """Give the batch that says how it ended."""
        if self._missed:
            return Batch(status="gap_suspected", detail="; ".join(self._missed))
        detail = f"A sample: {self._drawn:,} of {self._listed:,} files." if self._drawn < self._listed else ""
        status: Status | None = None if self._found else "ok_empty_confirmed"
        return Batch(status=status, detail=detail)


def paths_of(content: bytes) -> list[str]:
    """Read a month's list of files.

    Raises:
        SourceError: it is none.
    """
    try:
        # Whoever serves it may have unpacked it on the way.
        text = _unpacked(content).decode("ascii") if content.startswith(_GZIP) else content.decode("ascii")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise SourceError("malformed", f"the list of CC-NEWS' files can't be read: {error}") from None
    paths = [line.strip() for line in text.splitlines() if _PATH.fullmatch(line.strip())]
    if text.strip() and not paths:
        raise SourceError("wrong_content", f"the list of CC-NEWS' files names none: {shown(text)}")
    return paths


def _unpacked(content: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    text = unpacker.decompress(content, LONGEST_LIST)
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise gzip.BadGzipFile("cut off, or much larger than a list is")
    return text


def drawn(paths: Sequence[str], month: str, options: CcNewsOptions) -> list[str]:
    """Draw files: days of the whole month first, whether there are files for them yet or not."""
    year, number = map(int, month.split("/"))
    days = [f"{year}{number:02}{day:02}" for day in range(1, monthrange(year, number)[1] + 1)]
    chosen = sorted(days, key=lambda day: _lot(options.seed, day))[: options.days_a_month]
    found: list[str] = []
    for day in sorted(chosen):
        of_day = [path for path in paths if _stamp(path)[: len(day)] == day]
        found += sorted(sorted(of_day, key=lambda path: _lot(options.seed, path))[: options.files_a_day])
    return found


def _lot(seed: int, name: str) -> str:
    return hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()


def _stamp(path: str) -> str:
    match = _PATH.fullmatch(path)
    return match[1] if match else ""


def _is_within(path: str, since: datetime | None, until: datetime) -> bool:
    try:
        moment = datetime.strptime(_stamp(path), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return False
    return moment <= until and (since is None or moment >= since)


def archived(stream: IO[bytes], is_wanted: Callable[[str], bool]) -> Iterator[Archived | RecordError]:
    """Read the pages of an archive whose addresses are wanted; where it breaks off, that is the last.

    Args:
        stream: a WARC file, packed record by record.
        is_wanted: tells by the address, before anything is decoded.
    """
    from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]  # noqa: PLC0415 an extra
    from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]  # noqa: PLC0415 an extra

    try:
        for record in ArchiveIterator(stream):
            if record.rec_type != "response" or record.http_headers is None:
                continue
            url = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
            kind = str(record.http_headers.get_header("Content-Type") or "")
            if not is_wanted(url) or record.http_headers.get_statuscode() != "200" or "html" not in kind.lower():
                continue
            content = record.content_stream().read(LONGEST_PAGE + 1)
            record.raw_stream.read()
            if getattr(record.raw_stream, "limit", 0):
                # The library ends in silence with half a page.
                yield RecordError(_BROKEN_OFF, url)
                return
            yield _page(url, str(record.rec_headers.get_header("WARC-Date") or ""), content, kind)
    except (ArchiveLoadFailed, OSError, EOFError, zlib.error, ValueError) as error:
        yield RecordError(_BROKEN_OFF, str(error))


def _page(url: str, crawled: str, content: bytes, kind: str) -> Archived | RecordError:
    if len(content) > LONGEST_PAGE:
        return RecordError("page too long", f"{url}: more than {LONGEST_PAGE:,} bytes")
    try:
        moment = datetime.fromisoformat(crawled)
    except ValueError:
        return RecordError("unreadable date", f"WARC-Date is {crawled[:40]!r}")
    return Archived(url, moment if moment.tzinfo else moment.replace(tzinfo=UTC), content, kind)


def document_of(page: Archived, source: Source, options: CcNewsOptions, read: ReadArticle) -> Document:
    """Make a document of an archived page.

    Raises:
        RecordError: it has no article.
    """
    known = outlet_for(host_of(page.url), options.outlets)
    outlet = Outlet(known.name, known.country or source.country)
    language = known.language or source.language
    article = read(decode(page.content, page.content_type, language), page.url, outlet.country)
    if isinstance(article, NoArticle):
        raise RecordError("no article", f"{page.url}: {article.reason}")
    keys = document_keys("ccnews", None, page.url)
    if not keys:
        raise RecordError("missing url", shown(page.url))
    return Document(
        keys=keys,
        source=source.slug,
        outlet=outlet,
        kind=source.kind,
        language=language,
        title=article.title,
        body=article.text,
        url=page.url,
        published=article.published or day_in_url(page.url, page.crawled, outlet.country),
    )
