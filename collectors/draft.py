"""Draft a source's file from an address: what answers there, and what is left to check."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from collectors.contract import Fetch
from collectors.outcome import SourceError
from collectors.source import SourceKind
from corpus.errors import InputError
from corpus.language import normalise_language
from corpus.model import Kind

_FEED: Final = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_SITEMAP: Final = re.compile(r"<(?:\w+:)?(?:urlset|sitemapindex)\b", re.IGNORECASE)
# A root element stands near the beginning; a page may quote one further down.
_BEGINNING: Final = 5_000
_SITEMAP_LINE: Final = re.compile(r"(?im)^\s*sitemap\s*:\s*(\S+)")
_NO_NAME: Final = frozenset({"www", "feed", "feeds", "rss", "news", "com", "co", "org", "net", "go", "gov", "or"})


@dataclass(frozen=True, slots=True)
class Guess:
    """What was found at an address.

    Attributes:
        collect: how the source can be collected.
        url: where: the address itself, or one the page points to.
        because: what the guess rests on.
        answered: whether it is the very address that answered as such.
        titled: whether it gives titles, so that its pages need not be fetched.
    """

    collect: SourceKind
    url: str
    because: str
    answered: bool
    titled: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """What the user says of a source.

    Attributes:
        outlet: who publishes.
        country: ISO alpha-2, or ``ASEAN``.
        language: CLDR code.
        kind: news or official.
        private: whether it lies in the user's own network.
    """

    outlet: str
    country: str
    language: str
    kind: Kind
    private: bool = False


async def guess(url: str, fetch: Fetch) -> Guess:
    """Find out how an address can be collected, by asking it: feed, sitemap, or a list of links.

    Raises:
        SourceError: it does not answer.
    """
    page = await fetch.get(url)
    beginning = page.text[:_BEGINNING]
    if _FEED.search(beginning):
        return Guess("feed", url, "It answers as a feed.", answered=True)
    if _SITEMAP.search(beginning):
        return Guess("sitemap", url, "It answers as a sitemap.", answered=True, titled="<news:title" in page.text)
    if feed := _linked_feed(page.text, page.url):
        return Guess("feed", feed, "The page names this feed.", answered=False)
    if sitemap := await _sitemap(page.url, fetch):
        titled = "news" in sitemap.lower()
        return Guess("sitemap", sitemap, "robots.txt names this sitemap.", answered=False, titled=titled)
    return Guess("listing", url, "It answers as a web page, and names neither a feed nor a sitemap.", answered=False)


def _linked_feed(html: str, base: str) -> str | None:
    for link in LexborHTMLParser(html).css("link[rel~=alternate][href]"):
        if link.attributes.get("type") in {"application/rss+xml", "application/atom+xml"}:
            return urljoin(base, link.attributes["href"] or "")
    return None


async def _sitemap(url: str, fetch: Fetch) -> str | None:
    try:
        robots = await fetch.get(urljoin(url, "/robots.txt"), robots=False, limit=1_000_000)
    except SourceError:  # a site without one is usual
        return None
    named: list[str] = _SITEMAP_LINE.findall(robots.text)
    # A sitemap for news has titles and dates, any other often neither.
    return next((name for name in named if "news" in name.lower()), named[0] if named else None)


def slug_of(url: str, taken: Collection[str]) -> str:
    """Make a source's name of its host, unlike every name that is taken.

    Raises:
        InputError: the address has no host.
    """
    host = (urlsplit(url).hostname or "").lower()
    words = [word for word in re.split(r"[^a-z0-9]+", host) if word]
    names = [word for word in words[:-1] if word not in _NO_NAME] or words[:1]
    if not names:
        raise InputError(f"{url!r} is no web address. Write it with https:// in front.")
    name = "-".join(names)
    return next(slug for slug in (name, *(f"{name}-{n}" for n in range(2, 1000))) if slug not in taken)


def write(found: Guess, facts: Facts, now: datetime) -> str:
    """Write a source's file.

    Args:
        found: how it is collected.
        facts: what the user says of it.
        now: when it answered.

    Raises:
        RecordError: the language is no language code.
    """
    seen = f"narra sources new, {now.date()}: {found.because}"
    lines = [
        "# Written by `narra sources new`. Check what it says: docs/add-a-source.md",
        "",
        f"outlet = {_quoted(facts.outlet)}",
        f"country = {_quoted(facts.country)}",
        f"language = {_quoted(normalise_language(facts.language))}",
        f"kind = {_quoted(facts.kind)}",
        'owner = "private"                # or "state", "public"',
        f"collect = {_quoted(found.collect)}",
        f"urls = [{_quoted(found.url)}]",
        f"seen = {_quoted(seen)}",
        f"confirmed = {'true' if found.answered else 'false'}",
        f"enabled = {'false' if found.collect == 'listing' else 'true'}",
        "expect = [1, 2000]               # least and most documents a week",
    ]
    lines += ["private = true"] if facts.private else []
    if not found.titled:
        lines += ["", "[options]", "pages = true                     # it gives addresses only: fetch each page"]
    return "\n".join(lines) + "\n"


def to_check(found: Guess) -> tuple[str, ...]:
    """Say what somebody has to check by hand."""
    always = (
        "owner: state, public or private",
        "expect: the least and most documents a week",
        'the site\'s terms of use: may its texts be stored? Else text = "titles"',
    )
    return (*_OF_KIND.get(found.collect, ()), *always)


_OF_KIND: Final[dict[SourceKind, tuple[str, ...]]] = {
    "feed": ("urls: is it the feed of the whole outlet, or of one section?",),
    "sitemap": ("urls: does the sitemap list new articles, with dates?",),
    "listing": (
        "collect: a list of links needs selectors under [options]; see docs/add-a-source.md",
        "enabled: it stays off until they are there",
    ),
}


def _quoted(text: str) -> str:
    # TOML's basic strings escape as JSON's do.
    return json.dumps(text, ensure_ascii=False)
