"""Media Cloud: how many stories a collection of outlets published a day, and how many of them match.

The counts are denominators, and no documents: until the store keeps series, each
day comes through `Batch.memory` under ``count:<collection>:<day>`` as JSON
``{"count": matching, "total": all}`` (with several queries under
``count:<collection>:<query>:<day>``). Read them back with `points_of`.

With ``stories = true`` the matching stories come as documents with title and address
only, which is all that normal users are given.

Two requests a minute and 4,000 hits a week are allowed, so 30 seconds lie between
two requests. What an error means is decided by ``temporary`` and its note: 400 stands
for bad questions, used-up allowances and passing trouble alike.

Options: ``collections`` (numbers; by default the national one of the source's
country), ``queries``, ``counts``, ``stories``, ``most_pages``, ``spacing`` in seconds,
and ``outlets``, a table from a domain to an outlet. Key: ``MEDIACLOUD_KEY``.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import Field

from collectors.contract import Fetch, Page, Visit
from collectors.files.fields import required, text_of
from collectors.kinds.outlets import OutletTable, host_of, outlet_for
from collectors.kinds.service import (
    Options,
    decoded,
    json_object,
    json_or_nothing,
    key_of,
    published_on,
    read_options,
    refusal,
    rows_of,
    shown,
)
from collectors.markup import title_text
from collectors.outcome import Batch, SourceError, Status
from collectors.source import Source, SourceFileError
from corpus.errors import RecordError
from corpus.identity import document_keys
from corpus.language import normalise_language
from corpus.model import Document, Outlet, Refusal

KEY: Final = "MEDIACLOUD_KEY"
PAGE_SIZE: Final = 1000
LONGEST_QUERY: Final = 16_384
ANSWERED: Final = frozenset({400, 401, 403, 404, 422, 429})
# Collections by country, from the server's own country-collections.json.
NATIONAL: Final[dict[str, int]] = {
    "KR": 34412127, "BN": 34412241, "KH": 34411590, "ID": 34412392, "LA": 34412160, "MY": 34412243,
    "MM": 34412468, "PH": 34412313, "SG": 34412474, "TH": 34412328, "TL": 34412431, "VN": 34412246,
    "KP": 34412434,
}  # fmt: skip
_COUNTRIES: Final = {number: country for country, number in NATIONAL.items()}


class MediaCloudOptions(Options):
    """See the module."""

    queries: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=LONGEST_QUERY)], ...], Field(min_length=1)]
    collections: tuple[Annotated[int, Field(gt=0)], ...] = ()
    counts: bool = True
    stories: bool = False
    most_pages: Annotated[int, Field(ge=1)] = 50
    spacing: Annotated[float, Field(ge=0)] = 30.0
    outlets: OutletTable = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DayCount:
    """One day of one collection.

    Attributes:
        collection: its number.
        query: "" where the source asks only one.
        day: ISO, by date of publication.
        count: stories that match.
        total: all stories.
    """

    collection: int
    query: str
    day: str
    count: int
    total: int

    @property
    def key(self) -> str:
        """Its name in the memory."""
        middle = f"{self.query}:" if self.query else ""
        return f"count:{self.collection}:{middle}{self.day}"

    @property
    def value(self) -> str:
        """What the memory holds under it."""
        return json.dumps({"count": self.count, "total": self.total})


def points_of(memory: Mapping[str, str]) -> Iterator[DayCount]:
    """Read back the counts that a source remembers."""
    for key, value in memory.items():
        if not key.startswith("count:"):
            continue
        _, collection, rest = key.split(":", 2)
        query, _, day = rest.rpartition(":")
        said = json.loads(value)
        yield DayCount(int(collection), query, day, said["count"], said["total"])


async def collect(source: Source, fetch: Fetch, visit: Visit) -> AsyncIterator[Batch]:
    """Collect counts, stories, or both, up to the day before the visit ends.

    Args:
        source: ``urls[0]`` is the API, ``…/api/``.
        fetch: the client.
        visit: what is wanted; without ``since``, the last 30 days.

    Raises:
        SourceError: the visit can't go on.
        SourceFileError: the options are wrong.
    """
    options = read_options(source, MediaCloudOptions)
    # The allowance is the key's: one for all collections, however many sources ask for them.
    fetch.space(source.urls[0], options.spacing)
    desk = _Desk(source, fetch, visit, options)
    for query in options.queries:
        for collection in desk.collections:
            if options.counts:
                yield await desk.counted(query, collection)
            if options.stories:
                async for batch in desk.stories(query, collection):
                    yield batch
    yield desk.last()


class _Desk:
    """One visit: asks in its turn, and remembers how it went."""

    def __init__(self, source: Source, fetch: Fetch, visit: Visit, options: MediaCloudOptions) -> None:
        self._source, self._fetch, self._options = source, fetch, options
        self._headers = {"Authorization": f"Token {key_of(visit, KEY)}", "Accept": "application/json"}
        self._found = False
        self._capped: list[str] = []
        self._first, self._last = days_asked(visit)
        self.collections = options.collections or _national(source)

    async def counted(self, query: str, collection: int) -> Batch:
        """Ask how many stories there were each day."""
        answer = await self._ask("search/count-over-time", self._params(query, collection))
        named = query if len(self._options.queries) > 1 else ""
        points = parse_counts(answer, collection, named)
        self._found = self._found or any(point.total for point in points)
        return Batch(memory={point.key: point.value for point in points})

    async def stories(self, query: str, collection: int) -> AsyncIterator[Batch]:
        """Ask for the stories themselves, page by page."""
        params = self._params(query, collection) | {"page_size": str(PAGE_SIZE)}
        for _ in range(self._options.most_pages):
            answer = await self._ask("search/story-list", params)
            documents, refusals = self._taken(rows_of(answer, "stories", "Media Cloud"), collection)
            self._found = self._found or bool(documents)
            yield Batch(tuple(documents), tuple(refusals))
            token = answer.get("pagination_token")
            if not token:
                return
            params["pagination_token"] = str(token)
        self._capped.append(f"{query} in collection {collection}: more than {self._options.most_pages} pages")

    def _params(self, query: str, collection: int) -> dict[str, str]:
        return {"q": query, "start": self._first.isoformat(), "end": self._last.isoformat(), "cs": str(collection)}

    async def _ask(self, path: str, params: Mapping[str, str]) -> dict[str, Any]:
        url = f"{self._source.urls[0].rstrip('/')}/{path}"
        page = await self._fetch.get(url, params=params, headers=self._headers, robots=False, allow=ANSWERED)
        return parse_answer(page)

    def _taken(self, stories: list[Any], collection: int) -> tuple[list[Document], list[Refusal]]:
        documents: list[Document] = []
        refusals: list[Refusal] = []
        country = _COUNTRIES.get(collection, self._source.country)
        for place, story in enumerate(stories, start=1):
            try:
                documents.append(document_of(story, country, self._source, self._options))
            except RecordError as error:
                refusals.append(refusal(self._source, place, error))
        return documents, refusals

    def last(self) -> Batch:
        """Give the batch that says how it ended."""
        if self._capped:
            return Batch(status="truncated_at_cap", detail="; ".join(self._capped))
        status: Status | None = None if self._found else "ok_empty_confirmed"
        return Batch(status=status)


def _national(source: Source) -> tuple[int, ...]:
    if source.country not in NATIONAL:
        raise SourceFileError(f"{source.slug}: options.collections: name one; {source.country} has no national one")
    return (NATIONAL[source.country],)


def days_asked(visit: Visit) -> tuple[date, date]:
    """Give the first and last day to ask for: what Media Cloud has ends about yesterday."""
    last = min(visit.until, visit.now - timedelta(days=1)).astimezone(UTC).date()
    first = (visit.since or visit.until - timedelta(days=30)).astimezone(UTC).date()
    return min(first, last), last


def parse_answer(page: Page) -> dict[str, Any]:
    """Read an answer.

    Raises:
        SourceError: it is an error, whatever its status.
    """
    text = decoded(page.content)
    if page.status in ANSWERED:
        raise error_of(page.status, text)
    answer = json_object(text, "Media Cloud")
    if answer.get("status") == "error":
        raise error_of(400, text)
    return answer


def error_of(status: int, text: str) -> SourceError:
    """Tell what an error means: by its note and ``temporary`` first, by its status last."""
    answer = json_or_nothing(text)
    note = f"{answer.get('note') or ''} {answer.get('exception') or ''} {answer.get('detail') or ''}".strip()
    said = f"Media Cloud answered {status}: {shown(note or title_text(text)) or 'nothing more'}"
    squeezed = note.lower().replace(" ", "").replace("_", "")
    if "overquota" in squeezed or "quotaexceeded" in squeezed:
        return SourceError("quota", said)
    if "ratelimit" in squeezed or status == 429:  # noqa: PLR2004 older servers answer it with an empty body
        return SourceError("rate_limited", said, 60.0)
    if answer.get("temporary") is True:
        return SourceError("unreachable", said, 60.0)
    by_status: dict[int, Status] = {401: "auth", 403: "auth", 404: "gone"}
    return SourceError(by_status.get(status, "rejected_query"), said)


def parse_counts(answer: Mapping[str, Any], collection: int, query: str) -> list[DayCount]:
    """Read the counts of each day.

    Raises:
        SourceError: ``malformed``, where they have another form: a wrong denominator is worse than none.
    """
    inner = answer.get("count_over_time")
    if not isinstance(inner, dict):
        raise SourceError("malformed", "Media Cloud answered without `count_over_time`: its form has changed")
    return [_day_count(row, collection, query) for row in rows_of(inner, "counts", "Media Cloud")]


def _day_count(row: object, collection: int, query: str) -> DayCount:
    try:
        if not isinstance(row, dict):
            raise ValueError("no object")  # noqa: TRY004, TRY301 every way of being wrong is one here
        day = date.fromisoformat(str(row["date"])[: len("2026-01-01")]).isoformat()
        count, total = row["count"], row["total_count"]
        if type(count) is not int or type(total) is not int or not 0 <= count <= total:
            raise ValueError("no counts")  # noqa: TRY301 as above
    except (KeyError, ValueError) as error:
        raise SourceError("malformed", f"Media Cloud gave a day as {shown(row)}: {error}") from None
    return DayCount(collection, query, day, count, total)


def document_of(story: object, country: str, source: Source, options: MediaCloudOptions) -> Document:
    """Make a document of a story: title and address only.

    Raises:
        RecordError: it can't be taken.
    """
    if not isinstance(story, dict):
        raise RecordError("wrong type", f"a story is {shown(repr(story))}")
    url = required("url", text_of("url", story.get("url")).strip())
    host = text_of("media_name", story.get("media_name")).strip().lower() or host_of(url)
    known = outlet_for(required("url", host), options.outlets)
    day = text_of("publish_date", story.get("publish_date"))
    outlet = Outlet(known.name, known.country or country)
    return Document(
        keys=document_keys("mediacloud", text_of("id", story.get("id")).strip(), url),
        source=source.slug,
        outlet=outlet,
        kind=source.kind,
        language=known.language or _language(text_of("language", story.get("language"))),
        title=required("title", title_text(text_of("title", story.get("title")))),
        body="",
        url=url,
        published=published_on(_day(day), outlet.country, "stated", day) if day else None,
    )


def _language(code: str) -> str:
    return normalise_language(required("language", code))


def _day(text: str) -> str:
    try:
        return datetime.fromisoformat(text.strip()).date().isoformat()
    except ValueError:
        raise RecordError("unreadable date", shown(repr(text))) from None
