"""WordPress: its REST interface, and the feed where that is closed.

``urls`` are sites (``https://asean.org/``). Options: ``categories`` (numbers of categories),
``per_page`` and ``pages`` (at most so many of each), ``feed`` (the path of the feed to fall
back on; "" for none).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from urllib.parse import urljoin

from pydantic import Field

from collectors.contract import Fetch, Page, Visit
from collectors.dates import read_date
from collectors.kinds.feed import ACCEPT, read_page
from collectors.kinds.items import Findings, Item, documents_of, each_address, in_window
from collectors.kinds.listing import page_address
from collectors.kinds.service import Options, read_options
from collectors.markup import body_text, tidy_link, title_text
from collectors.outcome import Batch, SourceError
from collectors.source import Source
from corpus.calendar import Published

_POSTS: Final = "wp-json/wp/v2/posts"
_FIELDS: Final = "id,date,date_gmt,link,title,content,excerpt"
_END: Final = "rest_post_invalid_page_number"
_CLOSED: Final = frozenset({401, 403, 404, 410})
# A firewall or robots.txt often stands before the interface, and not before the feed.
_TRY_FEED: Final = frozenset({"blocked", "disallowed", "gone", "auth"})
_BAD_REQUEST: Final = 400
# `after` and `before` are compared with the site's local time.
_MARGIN: Final = timedelta(days=1)


class WordpressOptions(Options):
    """See the module."""

    categories: tuple[int, ...] = ()
    per_page: Annotated[int, Field(ge=1, le=100)] = 100
    pages: Annotated[int, Field(ge=1, le=1_000)] = 50
    feed: str = "feed/"


class _ClosedError(Exception):
    """The REST interface is closed; the feed may be open."""


@dataclass(frozen=True, slots=True)
class Posts:
    """A page of posts.

    Attributes:
        items: in the order given, newest first.
        pages: how many pages there are, or None where the answer doesn't say.
    """

    items: list[Item]
    pages: int | None


async def collect(source: Source, fetch: Fetch, visit: Visit) -> AsyncIterator[Batch]:
    """Collect from WordPress sites.

    Raises:
        SourceError: neither the interface nor the feed answered properly.
        SourceFileError: an option is wrong.
    """
    sites = _SiteVisit(source, fetch, visit, read_options(source, WordpressOptions))
    async for batch in each_address(source, visit, sites.at):
        yield batch


@dataclass(frozen=True, slots=True)
class _SiteVisit:
    source: Source
    fetch: Fetch
    visit: Visit
    options: WordpressOptions

    async def at(self, url: str, memory: dict[str, str], findings: Findings) -> AsyncIterator[Batch]:
        """Visit one site."""
        site = url if url.endswith("/") else f"{url}/"
        said = ""
        try:
            async for batch in self._posts(site, memory, findings):
                yield batch
        except _ClosedError as closed:
            said = f"The REST interface is closed ({closed})"
        except SourceError as error:
            if error.status not in _TRY_FEED:
                raise
            said = f"The REST interface can't be had ({error})"
        if not said:
            return
        if not self.options.feed:
            raise SourceError("blocked", f"{said}, and no feed is given.")
        async for batch in self._feed(urljoin(site, self.options.feed), memory, findings):
            yield batch
        findings.note("ok", f"{said}; the feed was read.")

    async def _posts(self, site: str, memory: dict[str, str], findings: Findings) -> AsyncIterator[Batch]:
        address = urljoin(site, _POSTS)
        for number in range(1, self.options.pages + 1):
            page = await self.fetch.get(address, params=self._params(number), allow=_CLOSED | {_BAD_REQUEST})
            posts = await asyncio.to_thread(parse_posts, page, self.source.country, number)
            documents, refusals = documents_of(
                in_window(posts.items, self.visit, self.source.country), self.source, address
            )
            yield Batch(tuple(documents), tuple(refusals), dict(memory))
            if not posts.items or (posts.pages is not None and number >= posts.pages):
                findings.note("ok")
                return
        findings.note("truncated_at_cap", f"{site}: after {self.options.pages} pages there were more posts.")

    def _params(self, number: int) -> dict[str, str]:
        params = {
            "per_page": str(self.options.per_page),
            "page": str(number),
            "orderby": "date",
            "order": "desc",
            "before": _wordpress_time(self.visit.until + _MARGIN),
            "_fields": _FIELDS,
        }
        if self.visit.since:
            params["after"] = _wordpress_time(self.visit.since - _MARGIN)
        if self.options.categories:
            params["categories"] = ",".join(map(str, self.options.categories))
        return params

    async def _feed(self, url: str, memory: dict[str, str], findings: Findings) -> AsyncIterator[Batch]:
        shown: set[str] = set()
        for number in range(1, self.options.pages + 1):
            # The first page is the feed's own address, which caches know.
            address = page_address(url, "paged" if number > 1 else "", number)
            page = await self.fetch.get(address, headers=ACCEPT, allow=frozenset({404}) if number > 1 else frozenset())
            if page.status >= _BAD_REQUEST:  # WordPress says so behind the last page
                return
            reading = await asyncio.to_thread(read_page, page, self.source.country, "stated", self.visit.now)
            if not reading.items and number == 1:
                raise SourceError("wrong_content", f"{address}: the feed has no items.")
            new = [item for item in reading.items if item.digest not in shown]
            shown |= {item.digest for item in new}
            documents, refusals = documents_of(in_window(new, self.visit, self.source.country), self.source, address)
            yield Batch(tuple(documents), tuple(refusals), dict(memory))
            if reading.mended:
                findings.note("malformed_recovered", f"Mended: {reading.mended}.")
            if not new or self._is_over(new):
                return
        findings.note("truncated_at_cap", f"{url}: after {self.options.pages} pages the feed went on.")

    def _is_over(self, items: list[Item]) -> bool:
        since = self.visit.since
        if since is None:  # nobody asked for the past: the first page is what is new
            return True
        dated = [item.published for item in items if item.published]
        return not dated or all(_moment(published) < since - _MARGIN for published in dated)


def _moment(published: Published) -> datetime:
    return datetime.fromisoformat(published.at or f"{published.day}T00:00:00+00:00")


def _wordpress_time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


# -- answers to items ----------------------------------------------------


def parse_posts(page: Page, country: str, number: int = 1) -> Posts:
    """Read a page of posts.

    Args:
        page: the answer.
        country: of the outlet.
        number: of the page that was asked for.

    Raises:
        SourceError: the question was refused, or the answer has another form.
        _ClosedError: the interface is closed.
    """
    value = _json(page)
    if page.status == _BAD_REQUEST:
        code, message = _said(value)
        if code == _END or (number > 1 and not code):
            return Posts([], number - 1)
        raise SourceError("rejected_query", f"WordPress refused the question: {code or message or 'without a reason'}")
    if page.status in _CLOSED:
        raise _ClosedError(_said(value)[0] or f"HTTP {page.status}")
    if not isinstance(value, list):
        raise _ClosedError("the answer is no list of posts")
    items = [
        _item(place, post, page.url, country) for place, post in enumerate(value, start=1) if isinstance(post, dict)
    ]
    if value and not items:
        raise SourceError("malformed", "WordPress answered with a list of something else than posts.")
    return Posts(items, _number(page.headers.get("x-wp-totalpages")))


def _json(page: Page) -> object:
    try:
        return json.loads(page.content.decode("utf-8-sig", "replace"), strict=False)
    except (ValueError, RecursionError):
        return None


def _said(value: object) -> tuple[str, str]:
    given = value if isinstance(value, dict) else {}
    code, message = given.get("code"), given.get("message")
    return (code if isinstance(code, str) else "", title_text(message) if isinstance(message, str) else "")


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() else None


def _item(place: int, post: Mapping[str, Any], base: str, country: str) -> Item:
    link = _string(post.get("link"))
    return Item(
        place=place,
        title=title_text(_rendered(post, "title")),
        url=tidy_link(link, base) if link else "",
        id=str(post.get("id") or ""),
        body=body_text(_rendered(post, "content") or _rendered(post, "excerpt")),
        published=_date(post, country),
    )


def _date(post: Mapping[str, Any], country: str) -> Published | None:
    utc = _string(post.get("date_gmt"))
    published = read_date(f"{utc}Z", country, "stated") if utc else None
    return published or read_date(_string(post.get("date")), country, "stated")


def _rendered(post: Mapping[str, Any], name: str) -> str:
    part = post.get(name)
    return _string(part.get("rendered") if isinstance(part, dict) else part)


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
