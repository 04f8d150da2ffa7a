"""Article lists of GDELT's DOC 2.0 API.

It gives at most 250 articles an answer and has no pages, so time is cut into slices,
and a slice that comes back full is cut in two. Errors come as web pages or plain text
under status 200. The service goes back about three months, and turns even patient
visitors away: 5.5 seconds lie between two requests, and after the first refusal the
visit ends.

``seendate`` is when GDELT saw an article, in steps of 15 minutes, and never a
publication date. A document is dated only where its address holds a day that is the
day it was seen or one of the three before.

Options: ``queries`` (at most 250 characters each; countries in FIPS, such as
``sourcecountry:KS``), ``slice_days``, ``spacing`` in seconds, and ``outlets``, a table
from a domain to an outlet; one that isn't in it is known by its domain.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import Field

from collectors.contract import Fetch, Page, Visit
from collectors.files.fields import required, text_of
from collectors.kinds.outlets import OutletTable, host_of, outlet_for
from collectors.kinds.service import (
    Options,
    covered,
    day_in_url,
    decoded,
    finished,
    is_wanted,
    read_options,
    refusal,
    resumed,
    shown,
)
from collectors.markup import title_text
from collectors.names import country_named, language_named
from collectors.outcome import Batch, SourceError, Status
from collectors.source import Source
from corpus.errors import RecordError
from corpus.identity import document_keys
from corpus.model import Document, Outlet, Refusal

CAP: Final = 250
LONGEST_QUERY: Final = 250
# About three months, and never less than the longest time a visit asks for.
DEPTH: Final = timedelta(days=91)
FINEST: Final = timedelta(minutes=15)
RATE_LIMITED: Final = 429

# What it says of a query it doesn't accept; more may exist, and are then shown as they stand.
_REJECTED: Final = re.compile(
    r"too short|too long|unsupported country|queries containing or|parentheses may only|must be within the last"
    r"|illegal character|not a valid|invalid (?:mode|query|format|date|sort|language|theme|time)",
    re.IGNORECASE,
)
_SLOW_DOWN: Final = re.compile(r"limit requests|too many requests|rate limit", re.IGNORECASE)
_WALL: Final = re.compile(r"captcha|cloudflare|attention required|access denied|forbidden|just a moment", re.IGNORECASE)
# A pair of backslashes is an escape of its own, and is passed over as one.
_ESCAPES: Final = re.compile(r'\\\\|\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
_SEEN: Final = "%Y%m%dT%H%M%SZ"
_ASKED: Final = "%Y%m%d%H%M%S"


class GdeltOptions(Options):
    """See the module."""

    queries: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=LONGEST_QUERY)], ...], Field(min_length=1)]
    slice_days: Annotated[int, Field(ge=1, le=90)] = 7
    spacing: Annotated[float, Field(ge=0)] = 5.5
    outlets: OutletTable = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Slice:
    """A piece of time; ``end`` is no part of it."""

    start: datetime
    end: datetime

    def halves(self) -> tuple[Slice, Slice]:
        """Cut it in two, at a whole second."""
        middle = (self.start + (self.end - self.start) / 2).replace(microsecond=0)
        return Slice(self.start, middle), Slice(middle, self.end)


@dataclass(frozen=True, slots=True)
class Listed:
    """The articles of an answer, and whether it had to be mended."""

    articles: tuple[Any, ...]
    recovered: bool = False


async def collect(source: Source, fetch: Fetch, visit: Visit) -> AsyncIterator[Batch]:
    """Collect the articles that GDELT saw between ``visit.since`` and ``visit.until``.

    Args:
        source: ``urls[0]`` is the API.
        fetch: the client.
        visit: what is wanted; without ``since``, the last three months.

    Raises:
        SourceError: the visit can't go on; slices that were saved stay so.
        SourceFileError: the options are wrong.
    """
    options = read_options(source, GdeltOptions)
    # The service counts who asks, and not which of our sources does.
    fetch.space(source.urls[0], options.spacing)
    desk = _Desk(source, fetch, visit, options)
    for query in options.queries:
        async for batch in desk.slices(query):
            yield batch
    yield desk.last()


class _Desk:
    """One visit: asks, and remembers how it went."""

    def __init__(self, source: Source, fetch: Fetch, visit: Visit, options: GdeltOptions) -> None:
        self._source, self._fetch, self._visit, self._options = source, fetch, visit, options
        self._found = 0
        self._recovered = 0
        self._capped: list[str] = []

    async def slices(self, query: str) -> AsyncIterator[Batch]:
        """Ask for one query, slice by slice in the order of time."""
        todo = first_slices(resumed(self._visit, query), self._visit.until, self._options.slice_days)
        todo.reverse()
        while todo:
            piece = todo.pop()
            listed = await self._ask(query, piece)
            if len(listed.articles) >= CAP and piece.end - piece.start > FINEST:
                todo.extend(reversed(piece.halves()))
                continue
            if len(listed.articles) >= CAP:
                self._capped.append(f"{query}: {CAP} articles from {piece.start:%Y-%m-%d %H:%M} on")
            self._recovered += listed.recovered
            yield self._batch(listed, covered(self._visit, query, piece.end))

    async def _ask(self, query: str, piece: Slice) -> Listed:
        params = {
            "query": query,
            "mode": "artlist",
            "format": "json",
            "maxrecords": str(CAP),
            "sort": "datedesc",
            "startdatetime": piece.start.astimezone(UTC).strftime(_ASKED),
            "enddatetime": (piece.end - timedelta(seconds=1)).astimezone(UTC).strftime(_ASKED),
        }
        # Asked again at once it only refuses longer: no second attempt.
        page = await self._fetch.get(
            self._source.urls[0], params=params, robots=False, limit=5_000_000, allow=frozenset({RATE_LIMITED})
        )
        return parse_answer(page)

    def _batch(self, listed: Listed, memory: dict[str, str]) -> Batch:
        documents: list[Document] = []
        refusals: list[Refusal] = []
        for place, article in enumerate(listed.articles, start=1):
            try:
                document = document_of(article, self._source, self._options)
            except RecordError as error:
                refusals.append(refusal(self._source, place, error))
                continue
            if is_wanted(document.published, self._visit, document.outlet.country):
                documents.append(document)
        self._found += len(listed.articles)
        return Batch(tuple(documents), tuple(refusals), memory)

    def last(self) -> Batch:
        """Give the batch that says how it ended."""
        memory: dict[str, str] = {}
        for query in self._options.queries:
            memory |= finished(query)
        status, detail = self._status()
        return Batch(memory=memory, status=status, detail=detail)

    def _status(self) -> tuple[Status | None, str]:
        since = self._visit.since
        if self._capped:
            return "truncated_at_cap", "; ".join(self._capped)
        if since is not None and since < self._visit.until - DEPTH:
            return "truncated_at_cap", f"GDELT is asked for {DEPTH.days} days at most; earlier days were not looked at"
        if self._recovered:
            return "malformed_recovered", f"{self._recovered} answers were broken JSON and were mended"
        return (None if self._found else "ok_empty_confirmed"), ""


def first_slices(since: datetime | None, until: datetime, days: int) -> list[Slice]:
    """Cut the time that is asked for, and that GDELT goes back, into slices of so many days."""
    start = max(since or until - DEPTH, until - DEPTH)
    pieces = []
    while start < until:
        end = min(start + timedelta(days=days), until)
        pieces.append(Slice(start, end))
        start = end
    return pieces


def parse_answer(page: Page) -> Listed:
    """Read an answer.

    Raises:
        SourceError: it is an error, whatever its status says, or can't be read.
    """
    text = decoded(page.content)
    if page.status == RATE_LIMITED:
        raise SourceError("rate_limited", f"GDELT asks to be left alone: {shown(text)}", _seconds(page))
    if not text.lstrip().startswith("{"):
        raise error_of(text)
    answer, recovered = load(text)
    # Nothing found is {}: there is no other sign of it.
    articles = answer.get("articles", [])
    if not isinstance(articles, list):
        raise SourceError("malformed", "GDELT answered with `articles` that is no list: its form has changed")
    return Listed(tuple(articles), recovered)


def _seconds(page: Page) -> float | None:
    said = page.headers.get("retry-after", "")
    return float(said) if said.isdecimal() else None


def error_of(text: str) -> SourceError:
    """Tell by its text what an answer means that is no JSON."""
    said = shown(title_text(text))
    if not said:
        return SourceError("malformed", "GDELT answered with nothing at all")
    if _SLOW_DOWN.search(said):
        return SourceError("rate_limited", f"GDELT asks to be left alone: {said}")
    if _REJECTED.search(said):
        return SourceError("rejected_query", f"GDELT said: {said}")
    if _WALL.search(text):
        return SourceError("blocked", f"a wall answered: {said}")
    return SourceError("wrong_content", f"GDELT answered with something else than JSON: {said}")


def load(text: str) -> tuple[dict[str, Any], bool]:
    r"""Read JSON in which titles may hold control characters and stray backslashes.

    Returns:
        the object, and whether it had to be mended: then a control character stands as it
        is, and a backslash that escapes nothing (``\d``) as a backslash.

    Raises:
        SourceError: it can't be read even so; it may be cut off.
    """
    try:
        return _object(json.loads(text)), False
    except (ValueError, RecursionError):
        pass
    try:
        return _object(json.loads(_ESCAPES.sub(r"\\\\", text), strict=False)), True
    except (ValueError, RecursionError) as error:
        raise SourceError("malformed", f"GDELT answered with JSON that is broken or cut off: {error}") from None


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("no JSON object")  # noqa: TRY004 caught above with the other ways of not being one
    return value


def document_of(article: object, source: Source, options: GdeltOptions) -> Document:
    """Make a document of one article.

    Raises:
        RecordError: it can't be taken.
    """
    if not isinstance(article, dict):
        raise RecordError("wrong type", f"an article is {shown(repr(article))}")
    url = required("url", text_of("url", article.get("url")).strip())
    known = outlet_for(required("url", host_of(url)), options.outlets)
    country = known.country or country_named(text_of("sourcecountry", article.get("sourcecountry")))
    return Document(
        keys=document_keys("gdelt", None, url),
        source=source.slug,
        outlet=Outlet(known.name, country),
        kind=source.kind,
        language=known.language or language_named(text_of("language", article.get("language"))),
        title=required("title", title_text(text_of("title", article.get("title")))),
        body="",
        url=url,
        published=day_in_url(url, seen_at(text_of("seendate", article.get("seendate"))), country),
    )


def seen_at(text: str) -> datetime:
    """Read when GDELT saw an article.

    Raises:
        RecordError: it is no such time.
    """
    try:
        return datetime.strptime(text.strip(), _SEEN).replace(tzinfo=UTC)
    except ValueError:
        raise RecordError("unreadable date", shown(repr(text))) from None
