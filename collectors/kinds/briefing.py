"""Korea's policy briefings: press releases and policy news by data.go.kr 1371000.

``urls`` are services (``https://apis.data.go.kr/1371000/pressReleaseService/pressReleaseList``,
``…/policyNewsService/policyNewsList``), the first of ``key`` names the service key; either
form the portal shows, encoded or decoded, will do. Options: ``ministries`` (names to keep;
all where none is given) and ``rows`` (a page).

The service takes at most three days at once; narra asks day by day, Korean time.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from pydantic import Field

from collectors.contract import Fetch, Page, Visit
from collectors.dates import read_date
from collectors.kinds.items import Findings, Item, documents_of, each_address, in_window
from collectors.kinds.service import Options, key_of, local_date, read_options
from collectors.markup import body_text, decode, read_xml, refuse_html, tidy_link, title_text
from collectors.outcome import Batch, SourceError, Status
from collectors.source import Source, SourceFileError

_KOREA: Final = "KR"
_MOST_PAGES: Final = 100
_ENCODED: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_ERROR_STATUSES: Final = frozenset({400, 401, 403})
_FIRST_LOOK: Final = timedelta(days=1)

# The gateway's codes, and the service's own.
_CODES: Final[dict[int, Status]] = {
    10: "rejected_query",
    11: "rejected_query",
    12: "gone",
    20: "auth",
    21: "auth",
    22: "quota",
    23: "rate_limited",
    30: "auth",
    31: "auth",
    32: "auth",
    33: "auth",
    98: "rejected_query",
}
_NO_DATA: Final = 3
_NAMES: Final[dict[str, Status]] = {
    "LIMITED_NUMBER_OF_SERVICE_REQUESTS_PER_SECOND": "rate_limited",
    "LIMITED_NUMBER_OF_SERVICE_REQUESTS": "quota",
    "SERVICE_KEY_IS_NOT_REGISTERED": "auth",
    "SERVICE_ACCESS_DENIED": "auth",
    "DEADLINE_HAS_EXPIRED": "auth",
    "UNREGISTERED_IP": "auth",
    "THREE_DAYS_OVER": "rejected_query",
    "NO_OPENAPI_SERVICE": "gone",
}


class BriefingOptions(Options):
    """See the module."""

    ministries: tuple[str, ...] = ()
    rows: Annotated[int, Field(ge=1, le=1_000)] = 100


async def collect(source: Source, fetch: Fetch, visit: Visit) -> AsyncIterator[Batch]:
    """Collect from the service, day by day.

    Raises:
        SourceError: the service refused, or answered with another form.
        SourceFileError: an option is wrong, or no key is named.
    """
    options = read_options(source, BriefingOptions)
    if not source.key:
        raise SourceFileError(
            f"{source.slug}: key: name the environment variable that holds the service key of data.go.kr"
        )
    days = _DayVisit(source, fetch, visit, options, decoded_key(key_of(visit, source.key[0])))
    async for batch in each_address(source, visit, days.at):
        yield batch


def decoded_key(key: str) -> str:
    """Give the key as it is to be encoded once; the portal shows it encoded too."""
    return unquote(key) if _ENCODED.search(key) else key


@dataclass(frozen=True, slots=True)
class _DayVisit:
    source: Source
    fetch: Fetch
    visit: Visit
    options: BriefingOptions
    key: str

    async def at(self, url: str, memory: dict[str, str], findings: Findings) -> AsyncIterator[Batch]:
        """Visit one service; each day that is over is remembered until the visit is."""
        since = self.visit.since or self.visit.until - _FIRST_LOOK
        done = _Done(memory, url, since)
        for day in _days(done.next_day(local_date(since, _KOREA)), local_date(self.visit.until, _KOREA)):
            async for items in self._pages(url, day, findings):
                kept = [item for item in items if self._is_of_ministry(item)]
                documents, refusals = documents_of(in_window(kept, self.visit, _KOREA), self.source, f"{url} {day}")
                yield Batch(tuple(documents), tuple(refusals), dict(memory))
            memory |= done.after(day)
            yield Batch(memory=dict(memory))
        memory |= done.over()
        findings.note("ok")

    async def _pages(self, url: str, day: date, findings: Findings) -> AsyncIterator[list[Item]]:
        """Give the pages of a day; the service may repeat one instead of ending."""
        first_ids: set[str] = set()
        for number in range(1, _MOST_PAGES + 1):
            items = await self._page(url, day, number)
            if not items or items[0].id in first_ids:
                return
            yield items
            if len(items) < self.options.rows:
                return
            first_ids.add(items[0].id)
        findings.note("truncated_at_cap", f"{day}: after {_MOST_PAGES} pages there were more.")

    async def _page(self, url: str, day: date, number: int) -> list[Item]:
        params = {
            "serviceKey": self.key,
            "startDate": day.strftime("%Y%m%d"),
            "endDate": day.strftime("%Y%m%d"),
            "numOfRows": str(self.options.rows),
            "pageNo": str(number),
        }
        page = await self.fetch.get(url, params=params, robots=False, allow=_ERROR_STATUSES)
        return await asyncio.to_thread(parse_briefings, page)

    def _is_of_ministry(self, item: Item) -> bool:
        return not self.options.ministries or item.keywords in self.options.ministries


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


@dataclass(frozen=True, slots=True)
class _Done:
    """Where a visit that was cut off goes on: only one that asks for the same beginning."""

    memory: Mapping[str, str]
    url: str
    since: datetime

    def next_day(self, first: date) -> date:
        begun, _, day = self.memory.get(self._name, "").partition(" ")
        if begun != self._since:
            return first
        try:
            return max(first, date.fromisoformat(day) + timedelta(days=1))
        except ValueError:
            return first

    def after(self, day: date) -> dict[str, str]:
        return {self._name: f"{self._since} {day.isoformat()}"}

    def over(self) -> dict[str, str]:
        return {self._name: ""}

    @property
    def _name(self) -> str:
        return f"done:{self.url}"

    @property
    def _since(self) -> str:
        return self.since.astimezone(UTC).isoformat(timespec="seconds")


# -- answers to items ----------------------------------------------------


def parse_briefings(page: Page) -> list[Item]:
    """Read an answer of the service.

    Raises:
        SourceError: what the service or the gateway before it says, in any of its three
            shapes (XML, JSON, plain text), or an answer of another form.
    """
    text = decode(page.content).text.strip()
    refuse_html(text, "the service's XML")
    if text.startswith("{"):
        raise _refusal(_flat(_json(text)), page.status)
    if not text.startswith("<"):
        # A key it doesn't take is at times answered with no more than "Forbidden".
        refused = page.status >= HTTPStatus.BAD_REQUEST and "unexpected" not in text.lower()
        raise SourceError(
            "auth" if refused else "unreachable", f"The gateway answered HTTP {page.status}: {text[:200]}"
        )
    root = read_xml(text)
    if root.tag != "response" or root.find(".//body") is None:
        said = {_name(element): (element.text or "").strip() for element in root.iter()}
        code = _code(said)
        if code == _NO_DATA:
            return []
        raise _refusal(said, page.status)
    code = _code({_name(e): (e.text or "").strip() for e in root.iterfind(".//header/*")})
    if code not in {0, _NO_DATA}:
        raise _refusal({_name(e): (e.text or "").strip() for e in root.iterfind(".//header/*")}, page.status)
    return [_item(place, element) for place, element in enumerate(root.iter("NewsItem"), start=1)]


def _refusal(said: Mapping[str, str], http: int) -> SourceError:
    """Make an error of what the gateway says; the names of its fields are swapped at times."""
    message = " ".join(dict.fromkeys(v for k, v in said.items() if k.lower() in _MESSAGES and v)) or "no reason given"
    code = _code(said)
    status = next((status for name, status in _NAMES.items() if name in message.upper().replace(" ", "_")), None)
    status = status or (_CODES.get(code) if code is not None else None)
    if status is None:
        status = "malformed" if code is None and not said else "unreachable"
    return SourceError(status, f"data.go.kr answered HTTP {http}, code {code}: {message[:200]}")


_MESSAGES: Final = frozenset({"errmsg", "returnauthmsg", "resultmsg", "message"})
_CODE_NAMES: Final = frozenset({"returnreasoncode", "resultcode"})


def _code(said: Mapping[str, str]) -> int | None:
    texts = [v for k, v in said.items() if k.lower() in _CODE_NAMES]
    return next((int(text) for text in texts if text.isascii() and text.isdecimal()), None)


def _json(text: str) -> object:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        raise SourceError("malformed", "The service answered with broken JSON.") from None


def _flat(value: object, depth: int = 0) -> dict[str, str]:
    found: dict[str, str] = {}
    if isinstance(value, dict) and depth < 10:  # noqa: PLR2004 the known answers are three deep
        for name, part in value.items():
            found |= _flat(part, depth + 1) if isinstance(part, dict) else {str(name): str(part).strip()}
    return found


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _item(place: int, element: Element) -> Item:
    def text(name: str) -> str:
        part = element.find(name)
        return (part.text or "").strip() if part is not None else ""

    subtitles = [title_text(text(f"SubTitle{n}")) for n in (1, 2, 3)]
    link = text("OriginalUrl")
    return Item(
        place=place,
        title=title_text(text("Title")),
        url=tidy_link(link) if link else "",
        id=text("NewsItemId"),
        body="\n".join(part for part in (*subtitles, body_text(text("DataContents"))) if part),
        # ModifyDate is when it was changed: no date of publication.
        published=read_date(text("ApproveDate"), _KOREA, "stated", order="mdy"),
        keywords=text("MinisterCode"),
    )
