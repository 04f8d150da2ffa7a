"""From a page to its text: what trafilatura finds, or the reason why there is none.

The date of a page is only ever what its metadata declare (a ``meta`` tag, JSON-LD).
A day that stands somewhere in the text is none: it may be any day.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import trafilatura
from lxml.etree import LxmlError  # type: ignore[import-untyped]  # publishes no types
from selectolax.lexbor import LexborHTMLParser

from collectors.contract import Page
from collectors.dates import read_date
from collectors.markup import clean, read_html, title_text
from collectors.outcome import SourceError
from corpus.calendar import Published

# Fewer characters are a caption or a notice about cookies.
SHORTEST: Final = 80
_LONGEST: Final = 5_000_000
_DEEPEST: Final = 20
# The words by which pages declare when they were published; when they were changed is another matter.
_DATE_METAS: Final = (
    'meta[property="article:published_time"]',
    'meta[name="article:published_time"]',
    'meta[property="og:article:published_time"]',
    'meta[itemprop="datePublished"]',
    'meta[name="datePublished"]',
    'meta[name="pubdate"]',
    'meta[name="publishdate"]',
    'meta[name="dc.date.issued"]',
    'meta[name="DC.date.issued"]',
    'meta[name="dcterms.issued"]',
    'meta[name="parsely-pub-date"]',
)
_TITLE_METAS: Final = ('meta[property="og:title"]', 'meta[name="title"]')
_ARTICLES: Final = frozenset({"Article", "NewsArticle", "ReportageNewsArticle", "BlogPosting", "Report", "WebPage"})


@dataclass(frozen=True, slots=True)
class Article:
    """The text of a page.

    Attributes:
        title: as the page declares it, or "".
        text: a line a paragraph.
        published: as its metadata declare it, or None.
        raw: the page itself where it was asked for, else None.
    """

    title: str
    text: str
    published: Published | None
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class NoArticle:
    """Why a page has no text for us."""

    reason: str


def read_article(html: str, url: str, country: str, *, keep_raw: bool = False) -> Article | NoArticle:
    """Read the article on a page.

    Args:
        html: the page, decoded.
        url: where it was.
        country: of the outlet; its local time counts where a date names no zone.
        keep_raw: give the page back too.
    """
    if not html.strip():
        return NoArticle("the page is empty")
    if len(html) > _LONGEST:
        return NoArticle(f"the page is longer than {_LONGEST:,} characters")
    try:
        page = read_html(html)
    except SourceError as error:
        return NoArticle(error.detail)
    text = _text_of(html, url)
    if len(text) < SHORTEST:
        return NoArticle(f"the page has no article: {len(text)} characters of text were found")
    return Article(page_title(page), text, page_date(page, country), html if keep_raw else None)


def page_text(page: Page) -> str:
    """Give the text of a fetched page, for sources with ``text = "full"``.

    Raises:
        SourceError: ``wrong_content``, where it has no article.
    """
    return article_of(page, "").text


def article_of(page: Page, country: str) -> Article:
    """Give the article on a fetched page.

    Raises:
        SourceError: ``wrong_content``, where it is no web page or has no article.
    """
    if page.media_type and "html" not in page.media_type and "xml" not in page.media_type:
        raise SourceError("wrong_content", f"{page.url} is {page.media_type}, no web page")
    article = read_article(page.text, page.url, country)
    if isinstance(article, NoArticle):
        raise SourceError("wrong_content", f"{page.url}: {article.reason}")
    return article


def _text_of(html: str, url: str) -> str:
    try:
        found = trafilatura.extract(html, url=url, include_comments=False, include_tables=True, with_metadata=False)
    except (LxmlError, ValueError, AttributeError, TypeError, RecursionError):
        # trafilatura reads what browsers do; what breaks it is no article.
        return ""
    return "\n".join(line for line in (" ".join(clean(line).split()) for line in (found or "").splitlines()) if line)


def page_title(page: LexborHTMLParser) -> str:
    """Give the title that a page declares, or ""."""
    for selector in _TITLE_METAS:
        if title := title_text(_content(page, selector)):
            return title
    headings = page.css("h1")
    if len(headings) == 1 and (title := title_text(headings[0].text())):
        return title
    node = page.css_first("head title")
    return title_text(node.text()) if node else ""


def page_date(page: LexborHTMLParser, country: str) -> Published | None:
    """Give the date of publication that a page declares, or None."""
    declared = (_content(page, selector) for selector in _DATE_METAS)
    for text in (*declared, *_json_dates(page)):
        if text and (published := read_date(text, country, "page")):
            return published
    return None


def _content(page: LexborHTMLParser, selector: str) -> str:
    node = page.css_first(selector)
    return (node.attributes.get("content") or "").strip() if node else ""


def _json_dates(page: LexborHTMLParser) -> Iterator[str]:
    """Give the datePublished of the page's own article in JSON-LD; related articles have theirs too."""
    for script in page.css('script[type="application/ld+json"]'):
        try:
            value = json.loads(script.text(), strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in _things(value):
            date = thing.get("datePublished")
            if isinstance(date, str):
                yield date
                return


def _things(value: object, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for part in value:
            yield from _things(part, depth + 1)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        if _ARTICLES & {kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)}:
            yield value
        yield from _things(value.get("@graph"), depth + 1)
