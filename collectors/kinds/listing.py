"""List pages of official statements, read as the source's file says.

Options, the first three CSS selectors: ``item`` (one entry of the list), ``link`` and
``title`` within it (``link`` defaults to the first link, ``title`` to the link's text),
``date`` (where in the entry; anywhere in it where only a pattern is given), ``date_pattern``
(a regular expression that takes the date out of that text, its first group where it has one),
``order`` (``dmy`` or ``mdy``), ``zone`` (such as ``+00:00``, where the page's time isn't the
country's), ``page_parameter``, ``first_page`` and ``pages`` (at most so many), ``encoding``
(where the page lies about it).

Where no entry is found the page has changed: that is an error, never "no statements".
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pydantic import AfterValidator, Field
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from collectors.contract import Fetch, Page, Visit
from collectors.dates import LONGEST, Order, read_date
from collectors.kinds.items import Findings, Item, Seen, documents_of, each_address, in_window
from collectors.kinds.service import Options, read_options
from collectors.markup import codec_of, read_html, tidy_link, title_text
from collectors.outcome import Batch, SourceError
from collectors.source import Source
from corpus.calendar import Published

_MOST_ITEMS: Final = 1_000


def _selector(text: str) -> str:
    try:
        LexborHTMLParser("<p>").css(text)
    except SelectolaxError:
        raise ValueError("no CSS selector") from None
    return text


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from None
    return text


def _encoding(text: str) -> str:
    if text and not codec_of(text):
        raise ValueError("no encoding of text")
    return text


Selector = Annotated[str, AfterValidator(_selector)]


class ListingOptions(Options):
    """See the module."""

    item: Selector
    link: Selector = "a[href]"
    title: Selector | None = None
    date: Selector | None = None
    date_pattern: Annotated[str, AfterValidator(_pattern)] = ""
    order: Order = "dmy"
    zone: Annotated[str, Field(pattern=r"^([+-]\d{2}:\d{2})?$")] = ""
    page_parameter: str = ""
    first_page: int = 1
    pages: Annotated[int, Field(ge=1, le=500)] = 1
    encoding: Annotated[str, AfterValidator(_encoding)] = ""


async def collect(source: Source, fetch: Fetch, visit: Visit) -> AsyncIterator[Batch]:
    """Collect from list pages.

    Raises:
        SourceError: a page could not be had, or has another form than the options say.
        SourceFileError: an option is wrong.
    """
    lists = _ListVisit(source, fetch, visit, read_options(source, ListingOptions))
    async for batch in each_address(source, visit, lists.at):
        yield batch


@dataclass(frozen=True, slots=True)
class _ListVisit:
    source: Source
    fetch: Fetch
    visit: Visit
    options: ListingOptions

    async def at(self, url: str, memory: dict[str, str], findings: Findings) -> AsyncIterator[Batch]:
        """Visit a list, page after page until what the visit asks for is over."""
        seen = Seen(memory, url)
        last = 1 if not self.options.page_parameter else self.options.pages
        shown: set[str] = set()
        for number in range(last):
            address = page_address(url, self.options.page_parameter, self.options.first_page + number)
            items = await self._items(address, first=not number)
            new = [item for item in items if item.digest not in shown]
            shown |= {item.digest for item in new}
            documents, refusals = documents_of(in_window(new, self.visit, self.source.country), self.source, address)
            yield Batch(tuple(documents), tuple(refusals), dict(memory))
            # A page behind the last shows nothing, or the last page once more.
            if not new or self._is_over(new, seen):
                break
        else:
            if self.options.page_parameter:
                findings.note("truncated_at_cap", f"{url}: after {last} pages the list went on.")
        findings.note("ok")
        seen.add(sorted(shown), self.visit.now)
        memory |= seen.memory()
        yield Batch(memory=dict(memory))

    async def _items(self, address: str, *, first: bool) -> list[Item]:
        page = await self.fetch.get(address)
        items = await asyncio.to_thread(parse_list, _text(page, self.options), page.url, self.source, self.options)
        if not items and first:
            raise SourceError("wrong_content", missing(self.options))
        return items

    def _is_over(self, items: Sequence[Item], seen: Seen) -> bool:
        """Tell whether older pages hold nothing that is asked for."""
        if self.visit.since is None:
            return all(item.digest in seen.before for item in items)
        dated = [item.published for item in items if item.published]
        if not dated:  # all that can be known of undated entries is whether they were there
            return all(item.digest in seen.before for item in items)
        return all(_is_before(published, self.visit.since) for published in dated)


def _is_before(published: Published, since: datetime) -> bool:
    # A day's margin: a bare day is of the local time, and lists aren't sorted to the minute.
    moment = datetime.fromisoformat(published.at or f"{published.day}T00:00:00+00:00")
    return moment < since - timedelta(days=1)


def _text(page: Page, options: ListingOptions) -> str:
    return page.content.decode(codec_of(options.encoding), "replace") if options.encoding else page.text


def page_address(url: str, parameter: str, number: int) -> str:
    """Give the address of one page of a list."""
    if not parameter:
        return url
    parts = urlsplit(url)
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k != parameter]
    return urlunsplit(parts._replace(query=urlencode([*query, (parameter, str(number))])))


def missing(options: ListingOptions) -> str:
    """Say what was looked for and not found."""
    looked = [f"item = {options.item!r}", f"link = {options.link!r}"]
    looked += [f"title = {options.title!r}"] if options.title else []
    return f"The page has no entry with {', '.join(looked)}: its form has changed. Look at it, and correct the options."


def parse_list(text: str, base: str, source: Source, options: ListingOptions) -> list[Item]:
    """Read a list page.

    Args:
        text: the page, decoded.
        base: its address.
        source: whose.
        options: how it is built.

    Returns:
        its entries with a title and a link; empty where none was found.

    Raises:
        SourceError: ``wrong_content``, where the entries have no date though they should;
            ``malformed``, where the page is too large.
    """
    nodes = read_html(text).css(options.item)[:_MOST_ITEMS]
    found = (_item(place, node, base, source, options) for place, node in enumerate(nodes, start=1))
    items = [item for item in found if item.title and item.url]
    dated = options.date or options.date_pattern
    if items and dated and not any(item.published for item in items):
        looked = f"date = {options.date!r}, date_pattern = {options.date_pattern!r}"
        raise SourceError(
            "wrong_content",
            f"None of the {len(items)} entries has a date that can be read with {looked}: "
            "the page's form has changed. Look at it, and correct the options.",
        )
    return items


def _item(place: int, node: LexborNode, base: str, source: Source, options: ListingOptions) -> Item:
    link = _within(node, options.link)
    title = _within(node, options.title) if options.title else link
    href = (link.attributes.get("href") or "").strip() if link else ""
    return Item(
        place=place,
        title=title_text(title.text()) if title else "",
        url=tidy_link(href, base) if href and not href.startswith("#") else "",
        published=_date(node, source, options),
    )


def _within(node: LexborNode, selector: str) -> LexborNode | None:
    # The entry may itself be the link.
    return node if node.css_matches(selector) and node.tag == "a" else node.css_first(selector)


def _date(node: LexborNode, source: Source, options: ListingOptions) -> Published | None:
    if not options.date and not options.date_pattern:
        return None
    place = node.css_first(options.date) if options.date else node
    if place is None:
        return None
    text = " ".join((place.attributes.get("datetime") or place.text(separator=" ")).split())
    if options.date_pattern:
        match = re.search(options.date_pattern, text[: 10 * LONGEST])
        text = (match[1 if match.lastindex else 0] or "") if match else ""
    zoned = f"{text} {options.zone}" if options.zone else text
    return read_date(zoned, source.country, "page", order=options.order) or read_date(
        text, source.country, "page", order=options.order
    )
