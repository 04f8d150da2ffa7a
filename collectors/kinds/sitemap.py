"""Sitemaps: lists of addresses, indexes of them, and news sitemaps with titles and dates.

``lastmod`` is when a page was changed, no publication date: an address without
``news:publication_date`` is undated, but one not changed since the visit's beginning
is passed over, as it can't have been published since.

Options: ``pages`` (fetch each address for its title, text and declared date; for sitemaps
without news titles), ``most`` (so many pages a visit), ``match`` (a regular expression an
address must hold), ``maps`` (so many files of an index).
"""

from __future__ import annotations

import asyncio
import io
import re
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Final, Literal
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]  # publishes no types
from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]  # publishes no types
from pydantic import AfterValidator, Field

from collectors.body import article_of
from collectors.contract import Fetch, Page, Visit
from collectors.dates import read_date
from collectors.kinds.items import Findings, Item, Seen, digest_of, documents_of, each_address, in_window, pieces
from collectors.kinds.service import Options, is_wanted, read_options
from collectors.markup import decode, refuse_html, repair_xml, tidy_link, title_text, without_declaration
from collectors.outcome import Batch, SourceError
from collectors.source import Source, SourceFileError
from corpus.calendar import Published
from corpus.model import Refusal

# The standard's own limits.
LIMIT: Final = 50 * 1024 * 1024
MOST_ADDRESSES: Final = 50_000
_PAGES_AT_ONCE: Final = 20
_REMEMBERED: Final = 20_000
_CHUNK: Final = 1 << 16
_GZIP: Final = b"\x1f\x8b"
# Of a page after which the source's other pages are still asked for.
_ONE_PAGE_ONLY: Final = frozenset({"gone", "wrong_content", "malformed", "disallowed"})


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from None
    return text


class SitemapOptions(Options):
    """See the module."""

    pages: bool = False
    most: Annotated[int, Field(ge=1, le=10_000)] = 500
    maps: Annotated[int, Field(ge=1, le=1_000)] = 50
    match: Annotated[str, AfterValidator(_pattern)] = ""


@dataclass(frozen=True, slots=True)
class Address:
    """One entry of a sitemap or an index; texts as they stand, "" where there is none."""

    loc: str
    lastmod: str = ""
    title: str = ""
    published: str = ""
    keywords: str = ""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap as read.

    Attributes:
        form: whether it lists pages or other sitemaps.
        addresses: at most as many as the standard allows.
        more: whether there were more.
        mended: what had to be mended, or "".
    """

    form: Literal["urlset", "index"]
    addresses: tuple[Address, ...]
    more: bool = False
    mended: str = ""


async def collect(source: Source, fetch: Fetch, visit: Visit) -> AsyncIterator[Batch]:
    """Collect from sitemaps.

    Raises:
        SourceError: a sitemap could not be had, was none, or was empty.
        SourceFileError: an option is wrong, or pages would be fetched twice.
    """
    options = read_options(source, SitemapOptions)
    if options.pages and source.text == "full":
        raise SourceFileError(f'{source.slug}: with options.pages the texts come along; write text = "excerpt"')
    sitemaps = _SitemapVisit(source, fetch, visit, options)
    async for batch in each_address(source, visit, sitemaps.at):
        yield batch


@dataclass(frozen=True, slots=True)
class _SitemapVisit:
    source: Source
    fetch: Fetch
    visit: Visit
    options: SitemapOptions

    async def at(self, url: str, memory: dict[str, str], findings: Findings) -> AsyncIterator[Batch]:
        """Visit a sitemap, and those it lists where it is an index."""
        first = await self._read(url, conditional=self._was_seen_from(memory.get(f"since:{url}")))
        if first is None:
            findings.note("not_modified")
            return
        if not first.addresses:
            raise SourceError("wrong_content", "The sitemap lists nothing: its form has changed.")
        left = self.options.most
        async for where, sitemap in self._maps(url, first, findings):
            if sitemap.more:
                findings.note("truncated_at_cap", f"{where} lists more than {MOST_ADDRESSES:,} addresses.")
            findings.note("malformed_recovered" if sitemap.mended else "ok", sitemap.mended)
            items = self._items(where, sitemap)
            if not self.options.pages:
                for batch in self._batches(where, items, memory):
                    yield batch
                continue
            seen = Seen(memory, url, _REMEMBERED)
            fresh = [item for item in items if item.digest not in seen.before]
            if len(fresh) > left:
                findings.note("truncated_at_cap", f"{where} has {len(fresh)} new pages; {left} were fetched.")
            async for batch in self._paged(where, fresh[:left], seen, memory):
                yield batch
            left -= min(left, len(fresh))
        memory[f"since:{url}"] = self.visit.since.isoformat() if self.visit.since else ""

    def _was_seen_from(self, since: str | None) -> bool:
        """Tell whether an unchanged sitemap has nothing more to give than at the last visit.

        An earlier beginning wants more of it, and pages may be left over. At a first visit
        (``since`` is None) there is nothing to compare with; asking begins it.
        """
        if self.options.pages:
            return False
        return not since or (self.visit.since is not None and datetime.fromisoformat(since) <= self.visit.since)

    async def _read(self, url: str, *, conditional: bool = False) -> Sitemap | None:
        page = await self.fetch.get(url, conditional=conditional, limit=LIMIT)
        if page.not_modified:
            return None
        return await asyncio.to_thread(parse_sitemap, page.content)

    async def _maps(self, url: str, first: Sitemap, findings: Findings) -> AsyncIterator[tuple[str, Sitemap]]:
        """Give the sitemaps to look at: the first itself, or those an index lists, the latest changed first."""
        if first.form == "urlset":
            yield url, first
            return
        listed = sorted(first.addresses, key=lambda address: address.lastmod, reverse=True)
        # The latest is read in any case: an index whose dates are not kept up would hide all.
        listed = [a for place, a in enumerate(listed) if not place or self._may_be_new(a)]
        if len(listed) > self.options.maps:
            said = f"{url} lists {len(listed)} sitemaps that may hold something new; {self.options.maps} were read."
            findings.note("truncated_at_cap", said)
        for address in listed[: self.options.maps]:
            where = tidy_link(address.loc, url)
            try:
                sitemap = await self._read(where) if where else None
            except SourceError as error:
                findings.fail(where, error)
                continue
            if sitemap and sitemap.form == "index":
                findings.fail(
                    where, SourceError("wrong_content", "It is an index within an index, which is not allowed.")
                )
            elif sitemap:
                yield where, sitemap

    def _may_be_new(self, address: Address) -> bool:
        changed = read_date(address.lastmod, self.source.country, "page")
        ever = replace(self.visit, until=datetime.max.replace(tzinfo=self.visit.now.tzinfo))
        return is_wanted(changed, ever, self.source.country)

    def _items(self, where: str, sitemap: Sitemap) -> list[Item]:
        """Give the items of a sitemap that the visit asks for, the latest changed first."""
        match = re.compile(self.options.match)
        chosen = [(place, a) for place, a in enumerate(sitemap.addresses, start=1) if match.search(a.loc)]
        fresh = [(place, a) for place, a in chosen if self._may_be_new(a)]
        fresh.sort(key=lambda pair: pair[1].lastmod, reverse=True)
        items = [_item(place, address, where, self.source.country) for place, address in fresh]
        return in_window(items, self.visit, self.source.country)

    def _batches(self, where: str, items: list[Item], memory: dict[str, str]) -> Iterator[Batch]:
        documents, refusals = documents_of(items, self.source, where)
        if items and not documents and all(refusal.reason == "missing title and body" for refusal in refusals):
            raise SourceError(
                "wrong_content",
                f"{where} has addresses but no titles: it is no news sitemap. "
                "To fetch each page, write pages = true under [options].",
            )
        yield Batch(refusals=tuple(refusals), memory=dict(memory))
        for piece in pieces(documents):
            yield Batch(documents=tuple(piece), memory=dict(memory))

    async def _paged(self, where: str, items: list[Item], seen: Seen, memory: dict[str, str]) -> AsyncIterator[Batch]:
        for piece in pieces(items, _PAGES_AT_ONCE):
            read, failed = [], []
            for item in piece:
                try:
                    read.append(await self._completed(item))
                except SourceError as error:
                    if error.status not in _ONE_PAGE_ONLY:
                        raise
                    failed.append(Refusal(where, item.place, f"page {error.status}", error.detail[:500]))
            documents, refusals = documents_of(in_window(read, self.visit, self.source.country), self.source, where)
            seen.add((digest_of(item.url) for item in piece), self.visit.now)
            memory |= seen.memory()
            yield Batch(tuple(documents), (*refusals, *failed), dict(memory))

    async def _completed(self, item: Item) -> Item:
        page = await self.fetch.get(item.url)
        return await asyncio.to_thread(_with_page, item, page, self.source.country)


def _with_page(item: Item, page: Page, country: str) -> Item:
    article = article_of(page, country)
    published: Published | None = item.published or article.published
    return replace(item, title=item.title or article.title, body=article.text, published=published)


def _item(place: int, address: Address, where: str, country: str) -> Item:
    return Item(
        place=place,
        title=title_text(address.title),
        url=tidy_link(address.loc, where),
        published=read_date(address.published, country, "stated"),
        keywords=title_text(address.keywords),
    )


# -- bytes to addresses --------------------------------------------------


def parse_sitemap(content: bytes, limit: int = LIMIT) -> Sitemap:
    """Read a sitemap or an index, packed or not.

    Args:
        content: the bytes; a ``.gz`` may have been unpacked on the way.
        limit: most bytes after unpacking.

    Raises:
        SourceError: ``wrong_content`` where it is no sitemap (``blocked`` where a wall's page
            came), ``malformed`` where it can't or mustn't be read.
    """
    decoded = decode(unpacked(content, limit))
    refuse_html(decoded.text, "a sitemap")
    try:
        return replace(_parse(decoded.text), mended=decoded.odd)
    except ParseError as error:
        said = str(error)
    try:
        return replace(_parse(repair_xml(decoded.text)), mended=f"Mended: {said}.")
    except ParseError:
        raise SourceError("malformed", f"The sitemap is no XML that can be read: {said}.") from None


def unpacked(content: bytes, limit: int = LIMIT) -> bytes:
    """Unpack gzip, at most to the limit; what isn't packed stays.

    Raises:
        SourceError: ``malformed``, where it is damaged or would be too large.
    """
    if not content.startswith(_GZIP):
        return content
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        whole = unpacker.decompress(content, limit + 1)
    except zlib.error as error:
        raise SourceError("malformed", f"The packed sitemap is damaged: {error}.") from None
    if len(whole) > limit:
        raise SourceError("malformed", f"The sitemap is larger than {limit:,} bytes unpacked, which is not allowed.")
    if not unpacker.eof:
        raise SourceError("malformed", "The packed sitemap is cut off.")
    return whole


def _parse(text: str) -> Sitemap:
    stream = io.BytesIO(without_declaration(text).encode("utf-8", "replace"))
    events = iterparse(stream, events=("start", "end"), forbid_dtd=False, forbid_entities=True, forbid_external=True)
    try:
        root = next((element for _, element in events), None)
        if root is None or (form := _FORMS.get(_name(root))) is None:
            raise SourceError("wrong_content", "The answer is XML, but no sitemap.")
        found = list(_addresses(events, root))
    except DefusedXmlException:
        raise SourceError(
            "malformed", "The XML declares entities or refers to other files; such XML is not read."
        ) from None
    return Sitemap(form, tuple(found[:MOST_ADDRESSES]), more=len(found) > MOST_ADDRESSES)


_FORMS: Final[dict[str, Literal["urlset", "index"]]] = {"urlset": "urlset", "sitemapindex": "index"}


def _addresses(events: Iterator[tuple[str, Element]], root: Element) -> Iterator[Address]:
    count = 0
    for event, element in events:
        if event != "end" or _name(element) not in {"url", "sitemap"}:
            continue
        address = _address(element)
        root.clear()  # what was read is not held: a sitemap may have 50 MB
        if address.loc:
            yield address
            count += 1
        if count > MOST_ADDRESSES:
            return


def _address(element: Element) -> Address:
    said: dict[str, str] = {}
    for part in element.iter():
        # The image and video extensions have titles and addresses too, of pictures.
        if _space(part) in _SPACES and part.text:
            said.setdefault(_name(part), part.text.strip())
    return Address(
        loc=said.get("loc", ""),
        lastmod=said.get("lastmod", ""),
        title=said.get("title", ""),
        published=said.get("publication_date", ""),
        keywords=said.get("keywords", ""),
    )


_NEWS: Final = "google.com/schemas/sitemap-news"
_SITEMAP: Final = ("sitemaps.org/schemas/sitemap", "google.com/schemas/sitemap/")


class _Spaces:
    """The namespaces that are read, whatever version or scheme they are written with."""

    def __contains__(self, space: str) -> bool:
        return not space or _NEWS in space or any(known in space for known in _SITEMAP)


_SPACES: Final = _Spaces()


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _space(element: Element) -> str:
    return str(element.tag).rpartition("}")[0].removeprefix("{")
