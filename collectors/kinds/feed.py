"""Feeds: RSS 2.0, RSS 1.0 (RDF) and Atom.

Options: ``clock`` (``local``: the feed writes local time and calls it GMT; ``day``: its
hours mean nothing), ``may_be_empty`` (a feed without items is no error) and
``stale_days`` (so old may the newest item be).

A feed is checked by defusedxml before feedparser sees it: one that declares entities
or refers to other files is refused. One that is broken is mended where possible, and
says so.
"""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import feedparser  # type: ignore[import-untyped]  # publishes no types

from collectors.contract import Fetch, Page, Visit
from collectors.dates import Clock, read_date
from collectors.kinds.items import Findings, Item, Seen, documents_of, each_address, in_window, pieces
from collectors.kinds.service import Options, read_options
from collectors.markup import (
    body_text,
    check_xml,
    clean,
    decode,
    refuse_html,
    repair_xml,
    tidy_link,
    title_text,
    without_declaration,
)
from collectors.outcome import Batch, SourceError, Status
from collectors.source import Source

LIMIT: Final = 20_000_000
STALE_DAYS: Final = 30
# Further broken than this, feedparser's forgiving parser would be slow.
_BROKEN_LIMIT: Final = 5_000_000
_MOST_ITEMS: Final = 10_000
# Items that all carry the minute of the fetch carry no date.
_FETCH_TIME: Final = timedelta(minutes=2)
# So many items at the same second of the day are no coincidence.
_ONE_HOUR: Final = 3
_AHEAD: Final = timedelta(hours=36)
# A feed that shows half as many items as it did once has not pushed any out.
_FULL: Final = 0.5
# What feedparser's forgiving parser was seen, or may be expected, to trip over in broken feeds.
_TRIPS: Final = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
_ROOT: Final = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
ACCEPT: Final = {
    "Accept": "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"
}


class FeedOptions(Options):
    """See the module."""

    clock: Clock = "stated"
    may_be_empty: bool = False
    stale_days: int = STALE_DAYS


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed, in the feed's own words."""

    title: str
    link: str
    id: str
    body: str
    date: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as read: its entries, and what had to be mended (or "")."""

    entries: tuple[Entry, ...]
    mended: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The items of a feed.

    Attributes:
        items: in the feed's order.
        said: what is to be said of their dates.
        mended: what had to be mended, or "".
    """

    items: list[Item]
    said: str = ""
    mended: str = ""


async def collect(source: Source, fetch: Fetch, visit: Visit) -> AsyncIterator[Batch]:
    """Collect from feeds.

    Raises:
        SourceError: a feed could not be had, was no feed, or had no items.
        SourceFileError: an option is wrong.
    """
    feeds = FeedVisit(source, fetch, visit, read_options(source, FeedOptions))
    async for batch in each_address(source, visit, feeds.at):
        yield batch


@dataclass(frozen=True, slots=True)
class FeedVisit:
    """A visit to the feeds of a source; shared with the kinds that are feeds with habits of their own."""

    source: Source
    fetch: Fetch
    visit: Visit
    options: FeedOptions

    async def at(self, url: str, memory: dict[str, str], findings: Findings) -> AsyncIterator[Batch]:
        """Visit one feed.

        Raises:
            SourceError: see `collect`.
        """
        page = await self.fetch.get(url, headers=ACCEPT, conditional=True, limit=LIMIT)
        if page.not_modified:
            findings.note("not_modified")
            return
        reading = await asyncio.to_thread(read_page, page, self.source.country, self.options.clock, self.visit.now)
        if not reading.items:
            _refuse_empty(self.options)
            findings.note("ok_empty_confirmed", reading.said)
            return
        seen = Seen(memory, url)
        status, detail = assess(reading, seen, _most(memory, url), self.visit.now, self.options.stale_days)
        findings.note(status, detail)
        for batch in _batches(self.source, self.visit, page.url, reading.items):
            # Only the last batch remembers, so that a kill in between finds the rest again.
            yield replace(batch, memory=dict(memory))
        seen.add((item.digest for item in reversed(reading.items)), self.visit.now)
        memory |= seen.memory() | {_most_name(url): str(max(len(reading.items), _most(memory, url)))}
        yield Batch(memory=dict(memory))


def _batches(source: Source, visit: Visit, where: str, items: Sequence[Item]) -> list[Batch]:
    documents, refusals = documents_of(in_window(items, visit, source.country), source, where)
    batches = [Batch(documents=tuple(piece)) for piece in pieces(documents)] or [Batch()]
    return [replace(batches[0], refusals=tuple(refusals)), *batches[1:]]


def read_page(page: Page, country: str, clock: Clock, now: datetime) -> Reading:
    """Read a feed as it was answered.

    Raises:
        SourceError: see `parse_feed`.
    """
    feed = parse_feed(page.content, charset_of(page.headers))
    reading = read_entries(feed.entries, page.url, country, clock, now)
    return replace(reading, mended=feed.mended)


def charset_of(headers: Mapping[str, str]) -> str:
    """Give the charset that an answer declares, or ""."""
    match = re.search(r"charset=[\"']?([\w.:-]{1,40})", headers.get("content-type", ""), re.IGNORECASE)
    return match[1] if match else ""


def _refuse_empty(options: FeedOptions) -> None:
    if not options.may_be_empty:
        raise SourceError(
            "wrong_content",
            "The feed has no items, though it is read as a feed: its form has changed, or it is dead. "
            "A feed that may be empty says so with may_be_empty = true under [options].",
        )


def _most_name(url: str) -> str:
    return f"most:{url}"


def _most(memory: Mapping[str, str], url: str) -> int:
    text = memory.get(_most_name(url), "0")
    return int(text) if text.isdecimal() else 0


# -- bytes to entries ----------------------------------------------------


def parse_feed(content: bytes, charset: str = "") -> Feed:
    """Read a feed.

    Args:
        content: the bytes as they came.
        charset: that of the HTTP header, or "".

    Raises:
        SourceError: ``wrong_content`` where it is no feed (``blocked`` where a wall's page
            came), ``malformed`` where it can't or mustn't be read.
    """
    decoded = decode(content, charset)
    refuse_html(decoded.text, "a feed")
    if not _ROOT.search(decoded.text):
        raise SourceError("wrong_content", "The answer is neither RSS nor Atom.")
    text, wrong = _mended(decoded.text)
    if wrong and len(text) > _BROKEN_LIMIT:
        raise SourceError("malformed", f"The feed is broken ({wrong}), and too long to be mended.")
    entries = _entries(text)
    if wrong and not entries:
        raise SourceError("malformed", f"The feed is broken ({wrong}), and no item of it can be read.")
    return Feed(entries, "; ".join(part for part in (decoded.odd, wrong) if part))


def _mended(text: str) -> tuple[str, str]:
    """Give the text, mended where it is no XML, and what was wrong with it."""
    wrong = check_xml(text)
    if not wrong:
        return text, ""
    mended = repair_xml(text)
    check_xml(mended)  # what was mended is checked for entities once more; feedparser forgives the rest
    return mended, wrong


def _entries(text: str) -> tuple[Entry, ...]:
    # Bytes in a buffer: feedparser would open a text that looks like an address or a file.
    buffer = io.BytesIO(without_declaration(text).encode("utf-8", "replace"))
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        parsed = feedparser.parse(buffer, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except _TRIPS as error:
        raise SourceError("malformed", f"The feed can't be read: {type(error).__name__}.") from None
    if not parsed.get("version") and not parsed["entries"]:
        raise SourceError("wrong_content", "The answer is neither RSS nor Atom.")
    return tuple(map(_entry, parsed["entries"][:_MOST_ITEMS]))


def _entry(raw: Mapping[str, Any]) -> Entry:
    return Entry(
        title=_text(raw, "title"),
        link=_text(raw, "link"),
        id=_text(raw, "id"),
        body=_longest(raw),
        # dc:date and Atom's updated, where no date of publication is given.
        date=_text(raw, "published") or _text(raw, "updated"),
    )


def _text(raw: Mapping[str, Any], name: str) -> str:
    # feedparser's own lookup gives one date for another, and warns of it.
    value = dict.get(raw, name, "") if isinstance(raw, dict) else ""
    return value if isinstance(value, str) else ""


def _longest(raw: Mapping[str, Any]) -> str:
    """Give the fullest text: content:encoded, Atom's content, or the description."""
    contents = dict.get(raw, "content") if isinstance(raw, dict) else None
    texts = [_text(content, "value") for content in contents or ()]
    return max([_text(raw, "summary"), *texts], key=len)


# -- entries to items ----------------------------------------------------


def read_entries(entries: Sequence[Entry], base: str, country: str, clock: Clock, now: datetime) -> Reading:
    """Turn entries into items, with dates only where the feed has them."""
    items = [_item(place, entry, base, country, clock) for place, entry in enumerate(entries, start=1)]
    said = []
    unread = sum(
        bool(entry.date.strip()) and item.published is None for entry, item in zip(entries, items, strict=True)
    )
    if unread:
        said.append(f"{unread} dates can't be read; those items are undated.")
    if is_fetch_time(items, now):
        items = [replace(item, published=None) for item in items]
        said.append("All items carry the time of the visit as their date; they are undated.")
    elif clock == "stated" and has_one_hour(items):
        items = [_of_day_only(item) for item in items]
        said.append("All items carry the same time of day; only their days are taken.")
    ahead = [item for item in items if _moment(item) > now + _AHEAD]
    if ahead:
        far = {item.place for item in ahead}
        items = [replace(item, published=None) if item.place in far else item for item in items]
        said.append(f"{len(ahead)} dates lie in the future; those items are undated.")
    return Reading(items, " ".join(said))


def _item(place: int, entry: Entry, base: str, country: str, clock: Clock) -> Item:
    return Item(
        place=place,
        title=title_text(entry.title),
        url=tidy_link(entry.link, base) if entry.link.strip() else "",
        id=" ".join(clean(entry.id).split()),
        body=body_text(entry.body),
        published=read_date(entry.date, country, "feed", clock=clock),
    )


def is_fetch_time(items: Sequence[Item], now: datetime) -> bool:
    """Tell whether the dates are the server's clock: all of one minute, and that of the fetch."""
    moments = {item.published.at for item in items if item.published and item.published.at}
    if len(items) < 2 or not all(item.published and item.published.at for item in items):  # noqa: PLR2004 one item may well be new
        return False
    times = [datetime.fromisoformat(moment) for moment in moments]
    return max(times) - min(times) < timedelta(minutes=1) and all(abs(time - now) <= _FETCH_TIME for time in times)


def has_one_hour(items: Sequence[Item]) -> bool:
    """Tell whether the hours mean nothing: the same second of the day on different days."""
    moments = [item.published.at for item in items if item.published and item.published.at]
    days, hours = {at[:10] for at in moments}, {at[10:] for at in moments}
    return len(moments) >= _ONE_HOUR and len(days) > 1 and len(hours) == 1


def _of_day_only(item: Item) -> Item:
    if item.published is None or item.published.at is None:
        return item
    return replace(item, published=replace(item.published, precision="day", at=None))


def _moment(item: Item) -> datetime:
    """Give the earliest moment an item can be of; the dawn of time for an undated one."""
    if item.published is None:
        return datetime.min.replace(tzinfo=UTC)
    return datetime.fromisoformat(item.published.at or f"{item.published.day}T00:00:00+00:00")


# -- items to a status ---------------------------------------------------


def assess(reading: Reading, seen: Seen, most: int, now: datetime, stale_days: int) -> tuple[Status, str]:
    """Say whether a feed may have left something out, is dead, or was broken.

    Args:
        reading: what it shows.
        seen: the items it has shown before.
        most: how many it has shown at most.
        now: the present moment.
        stale_days: so old may the newest item be.
    """
    items = reading.items
    newest = max(map(_moment, items))
    said = [f"Mended: {reading.mended}."] if reading.mended else []
    said += [reading.said] if reading.said else []
    status: Status = "malformed_recovered" if reading.mended else "ok"
    if seen.before and len(items) >= _FULL * most and not any(item.digest in seen.before for item in items):
        status = "gap_suspected"
        said.append(
            f"None of the {len(items)} items was there at the last visit: what came and went between is missing."
        )
    elif newest.year > 1 and newest < now - timedelta(days=stale_days):
        status = "stale"
        said.append(f"The newest item is of {newest.date()}, more than {stale_days} days ago.")
    return status, " ".join(said)
