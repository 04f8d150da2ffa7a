"""The open API of BigKinds, the archive of the Korea Press Foundation, behind a key.

It is asked day by day, each day in pages. Its end of time is exclusive, an error
comes under status 200 with ``result`` other than 0, and the hour of ``published_at`` is
always midnight: only the day counts. ``keywords`` holds the archive's categories and
is no part of the text.

Options: ``queries``, ``providers`` and ``categories`` (names and codes of the archive's own;
none: all), ``order`` (``date``, or ``_score``, which is sometimes refused and then
becomes ``date``) and ``most_pages`` a day. Key: ``BIGKINDS_KEY``. ``urls[0]`` is the API,
``https://tools.kinds.or.kr/search/news``.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from collectors.contract import Fetch, Page, Visit
from collectors.files.fields import required, text_of
from collectors.kinds.service import (
    Options,
    covered,
    decoded,
    finished,
    json_object,
    json_or_nothing,
    key_of,
    local_date,
    published_on,
    read_options,
    refusal,
    resumed,
    rows_of,
    shown,
)
from collectors.markup import body_text, title_text
from collectors.outcome import Batch, SourceError, Status
from collectors.source import Source
from corpus.calendar import UTC_OFFSETS, Published
from corpus.errors import RecordError
from corpus.identity import document_keys
from corpus.model import Document, Outlet, Refusal

KEY: Final = "BIGKINDS_KEY"
PAGE_SIZE: Final = 100
ANSWERED: Final = frozenset({400, 401, 403, 404, 429})
FIRST_LOOK: Final = timedelta(days=7)
FIELDS: Final = (
    "title", "content", "byline", "category", "category_incident", "provider", "provider_link_page", "published_at",
)  # fmt: skip

_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:$|[T ])", re.ASCII)
_KEY_WORDS: Final = re.compile(r"access.?key|auth|인증|권한|key is", re.IGNORECASE)
_QUOTA_WORDS: Final = re.compile(r"quota|exceed|limit|초과|한도", re.IGNORECASE)
_SORT_WORDS: Final = re.compile(r"sort|_score|정렬", re.IGNORECASE)


class BigKindsOptions(Options):
    """See the module."""

    queries: Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]
    providers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    order: Literal["date", "_score"] = "date"
    most_pages: Annotated[int, Field(ge=1)] = 100


@dataclass(frozen=True, slots=True)
class Found:
    """A page of an answer: the archive's number of all hits, and the documents of this page."""

    hits: int
    documents: tuple[Any, ...]


async def collect(source: Source, fetch: Fetch, visit: Visit) -> AsyncIterator[Batch]:
    """Collect what the queries find, day by day from the oldest.

    Raises:
        SourceError: the visit can't go on; days that were saved stay so.
        SourceFileError: the options are wrong.
    """
    desk = _Desk(source, fetch, visit, read_options(source, BigKindsOptions))
    for query in desk.options.queries:
        for day in days_of(resumed(visit, query), visit.until):
            async for batch in desk.day(query, day):
                yield batch
            yield Batch(memory=covered(visit, query, _midnight(day + timedelta(days=1))))
    yield desk.last()


def days_of(since: datetime | None, until: datetime) -> Iterator[date]:
    """Give the days in Korea from ``since`` (or a week ago) to ``until``, both included."""
    day, last = local_date(since or until - FIRST_LOOK, "KR"), local_date(until, "KR")
    while day <= last:
        yield day
        day += timedelta(days=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone(UTC_OFFSETS["KR"]))


class _Desk:
    """One visit: asks, and remembers how it went."""

    def __init__(self, source: Source, fetch: Fetch, visit: Visit, options: BigKindsOptions) -> None:
        self.options = options
        self._source, self._fetch = source, fetch
        self._key = key_of(visit, KEY)
        self._order: str = options.order
        self._found = False
        self._capped: list[str] = []
        self._finished = {name: value for query in options.queries for name, value in finished(query).items()}

    async def day(self, query: str, day: date) -> AsyncIterator[Batch]:
        """Go through the pages of one day; they end with the number of hits, or where one repeats."""
        had: set[str] = set()
        for number in range(self.options.most_pages):
            page = await self._page(query, day, number * PAGE_SIZE)
            documents, refusals = self._taken(page)
            fresh = [document for document in documents if document.keys[0] not in had]
            had |= {document.keys[0] for document in documents}
            self._found = self._found or bool(fresh)
            if fresh or refusals:
                yield Batch(tuple(fresh), tuple(refusals))
            if (number + 1) * PAGE_SIZE >= page.hits:
                return
            if not fresh and not refusals:
                break
        self._capped.append(f"{query} on {day}")

    async def _page(self, query: str, day: date, start: int) -> Found:
        try:
            return await self._ask(query, day, start)
        except SourceError as error:
            if self._order != "_score" or error.status != "rejected_query" or not _SORT_WORDS.search(error.detail):
                raise
        self._order = "date"
        return await self._ask(query, day, start)

    async def _ask(self, query: str, day: date, start: int) -> Found:
        body = {"access_key": self._key, "argument": argument(query, day, start, self._order, self.options)}
        page = await self._fetch.post(self._source.urls[0], json=body, allow=ANSWERED)
        return parse_answer(page)

    def _taken(self, page: Found) -> tuple[list[Document], list[Refusal]]:
        documents: list[Document] = []
        refusals: list[Refusal] = []
        for place, row in enumerate(page.documents, start=1):
            try:
                documents.append(document_of(row, self._source))
            except RecordError as error:
                refusals.append(refusal(self._source, place, error))
        return documents, refusals

    def last(self) -> Batch:
        """Give the batch that says how it ended."""
        status: Status | None = None if self._found else "ok_empty_confirmed"
        if self._capped:
            detail = f"more hits than the archive gives: {'; '.join(self._capped)}"
            return Batch(memory=self._finished, status="truncated_at_cap", detail=detail)
        return Batch(memory=self._finished, status=status)


def argument(query: str, day: date, start: int, order: str, options: BigKindsOptions) -> dict[str, object]:
    """Make the question: one day, whose end is the day after."""
    return {
        "query": query,
        "published_at": {"from": day.isoformat(), "until": (day + timedelta(days=1)).isoformat()},
        "provider": list(options.providers),
        "category": list(options.categories),
        "category_incident": [],
        "byline": "",
        "provider_subject": [],
        "subject_info": [],
        "sort": {order: "desc"},
        "hilight": 200,
        "return_from": start,
        "return_size": PAGE_SIZE,
        "fields": list(FIELDS),
    }


def parse_answer(page: Page) -> Found:
    """Read an answer.

    Raises:
        SourceError: it is an error, whatever its status, or has another form (also the flat
            one with ``docs``, of which nobody knows what it means).
    """
    text = decoded(page.content)
    if page.status in ANSWERED:
        raise error_of(page.status, str(json_or_nothing(text).get("reason") or title_text(text)))
    answer = json_object(text, "BigKinds")
    if answer.get("result") != 0:
        raise error_of(page.status, str(answer.get("reason") or f"result {answer.get('result')}"))
    inner = answer.get("return_object")
    if not isinstance(inner, dict) or type(inner.get("total_hits")) is not int:
        raise SourceError("malformed", "BigKinds answered without `return_object`: its form has changed")
    return Found(inner["total_hits"], tuple(rows_of(inner, "documents", "BigKinds")))


def error_of(status: int, reason: str) -> SourceError:
    """Tell what an error means: by its status, or under 200 by its reason."""
    said = f"BigKinds answered {status}: {shown(reason) or 'nothing more'}"
    by_status: dict[int, Status] = {401: "auth", 403: "auth", 404: "gone", 429: "rate_limited"}
    if _QUOTA_WORDS.search(reason):
        return SourceError("quota", said)
    if _KEY_WORDS.search(reason):
        return SourceError("auth", said)
    return SourceError(by_status.get(status, "rejected_query"), said)


def document_of(row: object, source: Source) -> Document:
    """Make a document of one row.

    Raises:
        RecordError: it can't be taken.
    """
    if not isinstance(row, dict):
        raise RecordError("wrong type", f"a document is {shown(repr(row))}")
    url = text_of("provider_link_page", row.get("provider_link_page")).strip()
    news_id = required("news_id", text_of("news_id", row.get("news_id")).strip())
    return Document(
        keys=document_keys("bigkinds", news_id, url),
        source=source.slug,
        outlet=Outlet(required("provider", text_of("provider", row.get("provider")).strip()), "KR"),
        kind=source.kind,
        language="ko",
        title=required("title", title_text(text_of("title", row.get("title")))),
        body=body_text(text_of("content", row.get("content"))),
        url=url or None,
        published=_published(text_of("published_at", row.get("published_at"))),
        keywords=", ".join([*_words(row.get("category")), *_words(row.get("category_incident"))]),
    )


def _published(text: str) -> Published | None:
    if not text:
        return None
    match = _DAY.match(text.strip())
    if not match:
        raise RecordError("unreadable date", shown(repr(text)))
    return published_on(match[1], "KR", "stated", text)


def _words(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [word.strip() for word in values if isinstance(word, str) and word.strip()]
