"""News search of Naver, through NAVER API HUB or the older Developers Center (its keys die on 2027-06-30).

The service gives the newest 1,000 items of a query and knows no dates, so a source
of this kind is visited every few hours. Where the last of them is still newer than
the visit before, the visit ends as ``truncated_at_cap``. Its ``total`` is an
estimate that drifts, and is used for nothing.

Addresses: one that ends in ``.json`` is the older service, any other the HUB.
Keys: ``NAVER_HUB_ID`` and ``NAVER_HUB_SECRET``; ``NAVER_CLIENT_ID`` and
``NAVER_CLIENT_SECRET``. Options: ``queries`` (by default ASEAN,
the region and the members), ``transport`` and ``outlets``, a table
from a domain (or ``naver:001``, the number of a press) to an outlet; an outlet that
isn't in it is known by its host.

Naver's terms may forbid keeping descriptions: with ``text = "titles"`` only titles,
addresses and dates are kept. ``keywords`` holds the query that found a document.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median_low
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from collectors.contract import Fetch, Page, Visit
from collectors.dates import read_date
from collectors.files.fields import required, text_of
from collectors.kinds.outlets import OutletTable, host_of, outlet_for
from collectors.kinds.service import (
    Options,
    decoded,
    is_wanted,
    json_object,
    json_or_nothing,
    read_options,
    refusal,
    rows_of,
    shown,
)
from collectors.markup import title_text
from collectors.outcome import Batch, SourceError, Status
from collectors.source import Source, SourceFileError
from corpus.calendar import Published
from corpus.errors import RecordError
from corpus.identity import document_keys
from corpus.model import Document, Outlet, Refusal

WINDOW: Final = 100
LAST_START: Final = 901
HUB_KEYS: Final = ("NAVER_HUB_ID", "NAVER_HUB_SECRET")
LEGACY_KEYS: Final = ("NAVER_CLIENT_ID", "NAVER_CLIENT_SECRET")
HUB_HEADERS: Final = ("X-NCP-APIGW-API-KEY-ID", "X-NCP-APIGW-API-KEY")
LEGACY_HEADERS: Final = ("X-Naver-Client-Id", "X-Naver-Client-Secret")

# The organisation, the region, and the members: each finds its own newest 1,000.
QUERIES: Final = (
    "아세안", "동남아", "동남아시아", "브루나이", "캄보디아", "인도네시아", "라오스", "말레이시아",
    "미얀마", "필리핀", "싱가포르", "태국", "베트남", "동티모르",
)  # fmt: skip

# Its own meaning is in the body of these.
ANSWERED: Final = frozenset({400, 401, 403, 404, 405, 429})
# Codes of the older service.
_MEANING: Final[dict[str, Status]] = {"010": "quota", "024": "auth", "028": "auth", "SE99": "unreachable"}
# Codes of the gateway before the HUB, within `error`; they are not HTTP's.
_OF_GATEWAY: Final[dict[str, Status]] = {
    "200": "auth",
    "210": "auth",
    "400": "quota",
    "410": "rate_limited",
    "420": "rate_limited",
}
_BY_STATUS: Final[dict[int, Status]] = {
    400: "rejected_query",
    401: "auth",
    403: "auth",
    404: "gone",
    405: "rejected_query",
    429: "rate_limited",
}
_NAVER_ID: Final = re.compile(r"^https?://(?:[a-z.]+\.)?naver\.com/.*?article/(\d{3})/(\d+)")


class NaverOptions(Options):
    """See the module."""

    queries: Annotated[tuple[str, ...], Field(min_length=1)] = QUERIES
    transport: Literal["auto", "hub", "legacy"] = "auto"
    outlets: OutletTable = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Service:
    """One of Naver's two doors: where it is, and the headers that open it."""

    url: str
    headers: Mapping[str, str]


def choose_service(
    urls: Iterable[str], keys: Mapping[str, str], transport: Literal["auto", "hub", "legacy"] = "auto"
) -> Service:
    """Choose the door for which there are an address and both keys, the HUB first.

    Args:
        urls: one that ends in ``.json`` or ``/v1/datalab/search`` is the older service.
        keys: by the names of `HUB_KEYS` and `LEGACY_KEYS`.
        transport: which one to choose.

    Raises:
        SourceError: ``auth``, where there is none.
    """
    addresses: dict[str, str] = {}
    for url in urls:
        addresses.setdefault("legacy" if _is_legacy(url) else "hub", url)
    doors = (("hub", HUB_KEYS, HUB_HEADERS), ("legacy", LEGACY_KEYS, LEGACY_HEADERS))
    for door, names, headers in doors:
        values = [keys.get(name, "").strip() for name in names]
        if transport in {"auto", door} and door in addresses and all(values):
            return Service(addresses[door], dict(zip(headers, values, strict=True)))
    wanted = [" and ".join(names) for door, names, _ in doors if transport in {"auto", door} and door in addresses]
    if not wanted:
        raise SourceFileError(f"urls holds no address for transport {transport!r}")
    raise SourceError("auth", f"set {', or '.join(wanted)} in the environment or the keyring")


def _is_legacy(url: str) -> bool:
    return url.endswith((".json", "/v1/datalab/search")) or "//openapi.naver.com/" in url


async def collect(source: Source, fetch: Fetch, visit: Visit) -> AsyncIterator[Batch]:
    """Collect what the queries find, the newest first.

    A query that is rejected doesn't keep the others from being asked, but the visit
    then ends as ``rejected_query``.

    Raises:
        SourceError: the visit can't go on.
        SourceFileError: the options are wrong.
    """
    options = read_options(source, NaverOptions)
    service = choose_service(source.urls, visit.keys, options.transport)
    desk = _Desk(source, visit, options)
    for query in options.queries:
        try:
            async for items in _windows(fetch, service, query, desk):
                yield desk.batch(items, query)
        except SourceError as error:
            if error.status != "rejected_query":
                raise
            desk.rejected.append(f"{query}: {error.detail}")
    if desk.rejected:
        raise SourceError("rejected_query", "; ".join(desk.rejected))
    yield desk.last()


async def _windows(fetch: Fetch, service: Service, query: str, desk: _Desk) -> AsyncIterator[list[Any]]:
    for start in range(1, LAST_START + 1, WINDOW):
        params = {"query": query, "display": str(WINDOW), "start": str(start), "sort": "date"}
        page = await fetch.get(
            service.url, params=params, headers=service.headers, robots=False, limit=5_000_000, allow=ANSWERED
        )
        items = parse_answer(page)
        yield items
        if len(items) < WINDOW or desk.is_before(items):
            return
    desk.capped.append(query)


def parse_answer(page: Page) -> list[Any]:
    """Give the items of an answer.

    Raises:
        SourceError: the answer is an error, or of another form.
    """
    text = decoded(page.content)
    if page.status in ANSWERED:
        raise error_of(page.status, text, page.headers.get("retry-after"))
    answer = json_object(text, "Naver")
    if "items" not in answer and _said(answer):  # an error under 200
        raise error_of(400, text)
    return rows_of(answer, "items", "Naver")


def error_of(status: int, text: str, retry_after: str | None = None) -> SourceError:
    """Tell what an error of Naver's means; its bodies have several forms."""
    answer = json_or_nothing(text)
    nested = answer.get("error")
    error = nested if isinstance(nested, dict) else answer
    code = str(error.get("errorCode") or error.get("code") or "")
    if not answer and text.lstrip()[:1] == "<":
        return SourceError("blocked", f"Naver answered {status} with a web page: {shown(title_text(text))}")
    codes = _OF_GATEWAY if error is nested else _MEANING
    meaning = codes.get(code) or _BY_STATUS.get(status, "unreachable")
    said = f"Naver answered {status} {code}".rstrip() + f": {_said(answer) or shown(text) or 'nothing more'}"
    seconds = float(retry_after) if retry_after and retry_after.isdecimal() else None
    return SourceError(meaning, said, seconds)


def _said(answer: Mapping[str, Any]) -> str:
    nested = answer.get("error")
    error = nested if isinstance(nested, dict) else {}
    parts = (answer.get("errorMessage"), answer.get("message"), error.get("message"), error.get("details"))
    return shown("; ".join(str(part) for part in parts if part))


def document_of(item: object, source: Source, options: NaverOptions, query: str) -> Document:
    """Make a document of one item.

    Raises:
        RecordError: it can't be taken.
    """
    if not isinstance(item, dict):
        raise RecordError("wrong type", f"an item is {shown(repr(item))}")
    link = text_of("link", item.get("link")).strip()
    url = text_of("originallink", item.get("originallink")).strip() or link
    known = outlet_for(required("link", host_of(url)), options.outlets)
    outlet = Outlet(known.name, known.country or source.country)
    hosted = _NAVER_ID.match(link)
    description = "" if source.text == "titles" else title_text(text_of("description", item.get("description")))
    return Document(
        keys=document_keys("naver", "/".join(hosted.groups()) if hosted else None, url),
        source=source.slug,
        outlet=outlet,
        kind=source.kind,
        language=known.language or source.language,
        title=required("title", title_text(text_of("title", item.get("title")))),
        body=description,
        url=url,
        published=_published(text_of("pubDate", item.get("pubDate")), outlet.country),
        keywords=query,
    )


def _published(text: str, country: str) -> Published | None:
    if not text:
        return None
    published = read_date(text, country, "stated")
    if published is None:
        raise RecordError("unreadable date", shown(repr(text)))
    return published


class _Desk:
    """What a visit knows of itself: which documents it has had, and how its queries ended."""

    def __init__(self, source: Source, visit: Visit, options: NaverOptions) -> None:
        self.capped: list[str] = []
        self.rejected: list[str] = []
        self._source = source
        self._visit = visit
        self._options = options
        self._had: set[str] = set()
        self._memory = dict(visit.memory)

    def batch(self, items: list[Any], query: str) -> Batch:
        """Make a batch of a window; what moved from one window to the next is taken once."""
        documents: list[Document] = []
        refusals: list[Refusal] = []
        for place, item in enumerate(items, start=1):
            try:
                document = document_of(item, self._source, self._options, query)
            except RecordError as error:
                refusals.append(refusal(self._source, place, error))
                continue
            if document.keys[-1] not in self._had and is_wanted(document.published, self._visit, self._source.country):
                self._had.add(document.keys[-1])
                documents.append(document)
        if dates := _dates(items):
            self._memory[f"oldest:{query}"] = min(dates).isoformat()
        return Batch(tuple(documents), tuple(refusals), dict(self._memory))

    def is_before(self, items: list[Any]) -> bool:
        """Tell whether a window reaches back before the visit; one odd date doesn't decide."""
        dates = _dates(items)
        return self._visit.since is not None and bool(dates) and median_low(dates) < self._visit.since

    def last(self) -> Batch:
        """Give the batch that says how it ended."""
        if self.capped:
            detail = f"{', '.join(self.capped)}: the 1,000 items that Naver gives do not reach back to the last visit"
            return Batch(memory=dict(self._memory), status="truncated_at_cap", detail=detail)
        return Batch(memory=dict(self._memory), status=None if self._had else "ok_empty_confirmed")


def _dates(items: list[Any]) -> list[datetime]:
    said = (read_date(str(item.get("pubDate")), "KR", "stated") for item in items if isinstance(item, dict))
    return [datetime.fromisoformat(published.at) for published in said if published and published.at]
