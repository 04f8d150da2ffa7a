"""Page views of Wikipedia articles by day, a language edition at a time, and of each edition as a whole.

Articles are found by their Wikidata items when the series is made, never by a title
written down here; what an item is called on Wikidata is checked. Redirects have views
of their own, and are added up with their article. There are no views of an article by
country: the edition stands for the country, well for ko or th, badly for en and zh.

An edition without figures for a day has not published them yet, and neither have its
articles: the value is None. Where the edition has figures and an article has none,
nobody read it: the value is 0.

The service wants at most three requests at once, and none repeated: keep past days.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import quote

from collectors.contract import Fetch, Page
from collectors.kinds.service import json_object
from collectors.outcome import SourceError
from corpus.model import ENTITY_NAMES
from corpus.series import Point

AT_ONCE: Final = 3
IDS_A_CALL: Final = 50
UNIT: Final = "views a day"
FIRST_DAY: Final = date(2015, 7, 1)
VIEWS: Final = "https://wikimedia.org/api/rest_v1/metrics/pageviews"
WIKIDATA: Final = "https://www.wikidata.org/w/api.php"
WIKI: Final = "https://{edition}.wikipedia.org/w/api.php"
_NOT_FOUND: Final = 404

# From memory of Wikidata; each is checked against its label when it is used.
ITEMS: Final[dict[str, str]] = {
    "ASEAN": "Q7768", "SEA": "Q11708", "KR": "Q884", "ID": "Q252", "MY": "Q833", "SG": "Q334", "TH": "Q869",
    "VN": "Q881", "PH": "Q928", "KH": "Q424", "LA": "Q819", "MM": "Q836", "BN": "Q921", "TL": "Q574",
}  # fmt: skip
_ALSO_CALLED: Final[dict[str, tuple[str, ...]]] = {
    "ASEAN": ("Association of Southeast Asian Nations",),
    "TL": ("East Timor",),
    "MM": ("Burma",),
    "SEA": ("South-East Asia",),
    "KR": ("Republic of Korea",),
}
# Our languages, by the names of their editions; the two writings of Chinese share one.
EDITIONS: Final[dict[str, str]] = {
    "ko": "ko", "en": "en", "id": "id", "ms": "ms", "th": "th", "vi": "vi", "fil": "tl", "my": "my", "km": "km",
    "lo": "lo", "zh": "zh", "ta": "ta", "pt": "pt", "tet": "tet", "jv": "jv",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page views are wanted.

    Attributes:
        first: the first day (UTC), not before July 2015.
        last: the last day.
        items: Wikidata items by entity.
        editions: names of editions by language, as `EDITIONS`.
        most_redirects: more of one article are not asked for, and the points say so.
        views: the address of the page-view API.
        wikidata: of Wikidata's API.
        wiki: of an edition's API, with ``{edition}`` in it.
    """

    first: date
    last: date
    items: Mapping[str, str] = field(default_factory=lambda: dict(ITEMS))
    editions: Mapping[str, str] = field(default_factory=lambda: dict(EDITIONS))
    most_redirects: int = 100
    views: str = VIEWS
    wikidata: str = WIKIDATA
    wiki: str = WIKI


async def collect(asked: Asked, fetch: Fetch) -> AsyncIterator[Point]:
    """Give the points of each edition (``wikimedia:views:*:ko``), then of its articles (``wikimedia:views:ASEAN:ko``).

    Raises:
        SourceError: an answer that is needed can't be had, or an item is something else than it should be.
    """
    async for points in series(asked, fetch, await find_titles(asked, fetch)):
        for point in points:
            yield point


async def series(asked: Asked, fetch: Fetch, titles: Mapping[tuple[str, str], str]) -> AsyncIterator[list[Point]]:
    """Give the same, series by series, each as soon as it is whole.

    Args:
        asked: what is wanted.
        fetch: the client.
        titles: as `find_titles` gives them.

    Raises:
        SourceError: an answer that is needed can't be had.
    """
    narrow = asyncio.Semaphore(AT_ONCE)
    for language, edition in asked.editions.items():
        desk = _Desk(asked, fetch, narrow, language, edition)
        whole = await desk.whole()
        yield desk.points("*", whole, set(whole), "")
        for entity in asked.items:
            if title := titles.get((entity, edition)):
                yield await desk.article(entity, title, set(whole))


class _Desk:
    """One edition."""

    def __init__(self, asked: Asked, fetch: Fetch, narrow: asyncio.Semaphore, language: str, edition: str) -> None:
        self._asked, self._fetch, self._narrow = asked, fetch, narrow
        self._language, self._edition = language, edition

    async def whole(self) -> dict[str, int]:
        """Ask for the views of all its pages: the denominator."""
        return await self._views(f"aggregate/{self._edition}.wikipedia/all-access/user/daily")

    async def article(self, entity: str, title: str, published: set[str]) -> list[Point]:
        """Ask for an article's views, its redirects' included.

        Args:
            entity: what it is about.
            title: as the edition has it.
            published: the days for which the edition has figures.
        """
        names, note = await self._names(title)
        found = await asyncio.gather(*(self._views_of(name) for name in names))
        total: dict[str, int] = {}
        for views in found:
            for day, number in views.items():
                total[day] = total.get(day, 0) + number
        return self.points(entity, total, published, note)

    def points(self, entity: str, views: Mapping[str, int], published: Collection[str], note: str) -> list[Point]:
        """Give a point for every day that was asked for."""
        series = f"wikimedia:views:{entity}:{self._language}"
        source = f"Wikimedia page views, {self._edition}.wikipedia"
        made = []
        for day in days(self._asked.first, self._asked.last):
            value = float(views.get(day, 0)) if day in published else None
            said = note if value is not None else "not published (yet)"
            made.append(Point(series, day, value, None, None, UNIT, source, said))
        return made

    async def _names(self, title: str) -> tuple[list[str], str]:
        redirects = await self._redirects(title)
        kept = redirects[: self._asked.most_redirects]
        cut = len(redirects) - len(kept)
        return [title, *kept], f"without {cut:,} of {len(redirects):,} redirects" if cut else ""

    async def _redirects(self, title: str) -> list[str]:
        params = {
            "action": "query", "prop": "redirects", "titles": title, "rdlimit": "max", "rdnamespace": "0",
            "rdprop": "title", "format": "json", "formatversion": "2",
        }  # fmt: skip
        found: list[str] = []
        url = self._asked.wiki.format(edition=self._edition)
        while True:
            async with self._narrow:
                page = await self._fetch.get(url, params=params, robots=False)
            answer = api_answer(page)
            found += redirects_of(answer)
            more = answer.get("continue")
            if not isinstance(more, dict):
                return found
            params |= {str(name): str(value) for name, value in more.items()}

    async def _views_of(self, title: str) -> dict[str, int]:
        name = quote(title.replace(" ", "_"), safe="")
        return await self._views(f"per-article/{self._edition}.wikipedia/all-access/user/{name}/daily")

    async def _views(self, path: str) -> dict[str, int]:
        span = f"{self._asked.first:%Y%m%d}00/{self._asked.last:%Y%m%d}00"
        async with self._narrow:
            page = await self._fetch.get(
                f"{self._asked.views}/{path}/{span}", robots=False, allow=frozenset({_NOT_FOUND})
            )
        return views_of(page)


async def find_titles(asked: Asked, fetch: Fetch) -> dict[tuple[str, str], str]:
    """Ask Wikidata for the articles' titles, by entity and edition.

    Raises:
        SourceError: ``wrong_content``, where an item is missing or is called something else.
    """
    entities = {item: entity for entity, item in asked.items.items()}
    found: dict[tuple[str, str], str] = {}
    items = list(entities)
    for start in range(0, len(items), IDS_A_CALL):
        ids = items[start : start + IDS_A_CALL]
        params = {
            "action": "wbgetentities", "ids": "|".join(ids), "props": "sitelinks|labels", "languages": "en",
            "format": "json",
        }  # fmt: skip
        answer = api_answer(await fetch.get(asked.wikidata, params=params, robots=False))
        for item in ids:
            entity = entities[item]
            links = links_of(answer, item, entity)
            found |= {(entity, edition): title for edition, title in links.items()}
    return found


def api_answer(page: Page) -> dict[str, Any]:
    """Read an answer of MediaWiki's API.

    Raises:
        SourceError: it is none, or an error (which comes under 200).
    """
    answer = _object(page)
    error = answer.get("error")
    if isinstance(error, dict):
        code = str(error.get("code"))
        status: Any = "rate_limited" if code in {"ratelimited", "maxlag"} else "rejected_query"
        raise SourceError(status, f"MediaWiki said {code}: {str(error.get('info'))[:200]}")
    return answer


def links_of(answer: Mapping[str, Any], item: str, entity: str) -> dict[str, str]:
    """Give an item's titles by edition.

    Raises:
        SourceError: the item is missing, or something else than ``entity``.
    """
    found = answer.get("entities", {}).get(item, {})
    label = found.get("labels", {}).get("en", {}).get("value", "")
    names = {ENTITY_NAMES.get(entity, entity), *_ALSO_CALLED.get(entity, ())}
    if label.casefold() not in {name.casefold() for name in names}:
        raise SourceError("wrong_content", f"Wikidata calls {item} {label!r}, and not {' or '.join(sorted(names))}")
    links = found.get("sitelinks", {})
    return {site.removesuffix("wiki"): link["title"] for site, link in links.items() if site.endswith("wiki")}


def redirects_of(answer: Mapping[str, Any]) -> list[str]:
    """Give the titles that lead to a page."""
    pages = answer.get("query", {}).get("pages", [])
    return [redirect["title"] for page in pages for redirect in page.get("redirects", [])]


def views_of(page: Page) -> dict[str, int]:
    """Read views by day; where nothing matches (404), there are none.

    Raises:
        SourceError: the answer has another form.
    """
    if page.status == _NOT_FOUND:
        # The service's own 404 is a problem in JSON; any other says that the address is wrong.
        if "json" not in page.media_type:
            raise SourceError("gone", f"{page.url} does not exist: the address of the API has changed")
        return {}
    views: dict[str, int] = {}
    try:
        for item in _object(page)["items"]:
            stamp = item["timestamp"]
            views[f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}"] = int(item["views"])
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError("malformed", f"Wikimedia's page views have another form: {error!r}") from None
    return views


def _object(page: Page) -> dict[str, Any]:
    return json_object(page.content.decode("utf-8", "replace"), "Wikimedia")


def days(first: date, last: date) -> Iterable[str]:
    """Give each day as ISO, both ends included."""
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]
