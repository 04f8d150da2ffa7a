"""Search interest in Korea, from Naver DataLab, through the HUB or the older service.

A ratio is relative to the largest point of its own answer, and an answer has at most
five groups of keywords. So one group, the anchor, is in every request, and all
answers are brought to the scale on which the anchor's figures add up to the same;
then the largest point of all is 100 again. The note of a point says how far its
answer was stretched.

A period that an answer leaves out is taken for 0: below what Naver shows.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from collectors.contract import Fetch, Page
from collectors.kinds.naver import ANSWERED, choose_service, error_of
from collectors.kinds.service import decoded, json_object, rows_of
from collectors.outcome import SourceError
from corpus.errors import InputError
from corpus.series import Period, Point

Unit = Literal["date", "week", "month"]

URLS: Final = (
    "https://naverapihub.apigw.ntruss.com/search-trend/v1/search",
    "https://openapi.naver.com/v1/datalab/search",
)
UNIT: Final = "ratio (largest point is 100)"
SOURCE: Final = "Naver DataLab"
FIRST_DAY: Final = date(2016, 1, 1)
MOST_KEYWORDS: Final = 20
BESIDE_THE_ANCHOR: Final = 4
# Below this share of its answer's largest point, rounding of the anchor shows in what is chained by it.
WEAK: Final = 1.0
_DECEMBER: Final = 12
_PERIODS: Final[dict[Unit, Period]] = {"date": "day", "week": "week", "month": "month"}
_WHOLE: Final = 100.0
_ABSENT: Final = "not in the answer: too few searches to show"


@dataclass(frozen=True, slots=True)
class Group:
    """Keywords that are counted together."""

    name: str
    keywords: tuple[str, ...]


# What Koreans type for the organisation, the region and the members, each group named for its entity.
GROUPS: Final[tuple[Group, ...]] = (
    Group("ASEAN", ("아세안", "ASEAN", "동남아시아국가연합")),
    Group("SEA", ("동남아", "동남아시아")),
    Group("BN", ("브루나이",)),
    Group("ID", ("인도네시아", "인니")),
    Group("KH", ("캄보디아",)),
    Group("LA", ("라오스",)),
    Group("MM", ("미얀마",)),
    Group("MY", ("말레이시아",)),
    Group("PH", ("필리핀",)),
    Group("SG", ("싱가포르", "싱가폴")),
    Group("TH", ("태국", "타이")),
    Group("TL", ("동티모르",)),
)
# Searched for most of them all, and in every week: the others are measured by it.
ANCHOR: Final = Group("VN", ("베트남", "월남"))


@dataclass(frozen=True, slots=True)
class Asked:
    """Which search interest is wanted.

    Attributes:
        anchor: in every request; searched for often and evenly.
        groups: the others; their names are different.
        first: the first day, not before 2016.
        last: the last day.
        unit: how long a period is.
        urls: of the services; see `collectors.kinds.naver.choose_service`.
    """

    anchor: Group
    groups: tuple[Group, ...]
    first: date
    last: date
    unit: Unit = "week"
    urls: tuple[str, ...] = URLS


# Ratios by group and period.
Ratios = dict[str, dict[str, float]]


async def collect(asked: Asked, fetch: Fetch, keys: Mapping[str, str]) -> AsyncIterator[Point]:
    """Give the points of the anchor and of all groups (``datalab:<group>``), on one scale.

    Args:
        asked: what is wanted.
        fetch: the client.
        keys: by the names of `collectors.kinds.naver`.

    Raises:
        SourceError: an answer can't be had, or the anchor wasn't searched for in one of them.
        InputError: more, earlier or other things are asked for than DataLab takes.
    """
    check(asked)
    service = choose_service(asked.urls, keys)
    answers: list[Ratios] = []
    for body in bodies(asked):
        page = await fetch.post(service.url, json=body, headers=service.headers, allow=ANSWERED)
        answers.append(parse_answer(page))
    for point in chained(answers, asked):
        yield point


def check(asked: Asked) -> None:
    """Check a request.

    Raises:
        InputError: DataLab doesn't take it.
    """
    names = [group.name for group in (asked.anchor, *asked.groups)]
    if len(set(names)) < len(names):
        raise InputError("Two groups of keywords have one name. Give each its own.")
    for group in (asked.anchor, *asked.groups):
        if not 1 <= len(group.keywords) <= MOST_KEYWORDS:
            raise InputError(f"{group.name} has {len(group.keywords)} keywords; DataLab takes 1 to {MOST_KEYWORDS}.")
    if not FIRST_DAY <= asked.first <= asked.last:
        raise InputError(f"{asked.first} to {asked.last}: DataLab begins on {FIRST_DAY}, and the end is not before it.")


def bodies(asked: Asked) -> Iterator[dict[str, object]]:
    """Make the requests, the anchor in each; what is optional is left out, since null is refused."""
    for start in range(0, max(1, len(asked.groups)), BESIDE_THE_ANCHOR):
        groups = asked.groups[start : start + BESIDE_THE_ANCHOR]
        yield {
            "startDate": asked.first.isoformat(),
            "endDate": asked.last.isoformat(),
            "timeUnit": asked.unit,
            "keywordGroups": [
                {"groupName": group.name, "keywords": list(group.keywords)} for group in (asked.anchor, *groups)
            ],
        }


def parse_answer(page: Page) -> Ratios:
    """Read an answer.

    Raises:
        SourceError: it is an error, or has another form.
    """
    text = decoded(page.content)
    if page.status in ANSWERED:
        raise error_of(page.status, text, page.headers.get("retry-after"))
    answer = json_object(text, "Naver DataLab")
    try:
        return {row["title"]: _ratios(row["data"]) for row in rows_of(answer, "results", "Naver DataLab")}
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError("malformed", f"DataLab's ratios have another form: {error!r}") from None


def _ratios(data: list[Any]) -> dict[str, float]:
    found = {date.fromisoformat(row["period"]).isoformat(): float(row["ratio"]) for row in data}
    if not all(0 <= ratio <= _WHOLE for ratio in found.values()):
        raise ValueError("a ratio is beyond 0 to 100")
    return found


def chained(answers: Sequence[Ratios], asked: Asked) -> Iterator[Point]:
    """Bring answers to one scale.

    With a the anchor's figures in the first answer and b those in another, that one's
    are multiplied by sum(a) / sum(b); at last all are divided by the largest, times 100.

    Raises:
        SourceError: the anchor has no figures in one of them.
    """
    factors = [_factor(answers[0], answer, asked.anchor.name) for answer in answers]
    stretched = {
        name: ({period: ratio * factor for period, ratio in ratios.items()}, _note(answer, factor, asked.anchor.name))
        for answer, factor in zip(answers, factors, strict=True)
        for name, ratios in answer.items()
    }
    largest = max((ratio for ratios, _ in stretched.values() for ratio in ratios.values()), default=0.0)
    for group in (asked.anchor, *asked.groups):
        ratios, note = stretched.get(group.name, ({}, ""))
        for period in periods(asked.first, asked.last, asked.unit):
            value = _WHOLE * ratios.get(period, 0.0) / largest if largest else 0.0
            day = period[: len("2026-01")] if asked.unit == "month" else period
            said = note if period in ratios else "; ".join(filter(None, [note, _ABSENT]))
            yield Point(f"datalab:{group.name}", day, value, None, None, UNIT, SOURCE, said, _PERIODS[asked.unit])


def _factor(first: Ratios, other: Ratios, anchor: str) -> float:
    here, there = sum(first.get(anchor, {}).values()), sum(other.get(anchor, {}).values())
    if not here or not there:
        raise SourceError(
            "wrong_content",
            f"nobody searched for the anchor {anchor!r}, so that answers cannot be compared; choose another",
        )
    return here / there


def _note(answer: Ratios, factor: float, anchor: str) -> str:
    said = [] if factor == 1 else [f"answer stretched by {factor:.4g}"]
    if max(answer[anchor].values()) < WEAK:
        said.append("the anchor is weak beside this group: rounding shows")
    return "; ".join(said)


def periods(first: date, last: date, unit: Unit) -> Iterator[str]:
    """Give the first day of each period that touches the time asked for; weeks begin on Monday."""
    day = first
    if unit == "week":
        day -= timedelta(days=day.weekday())
    if unit == "month":
        day = day.replace(day=1)
    while day <= last:
        yield day.isoformat()
        day = _next(day, unit)


def _next(day: date, unit: Unit) -> date:
    if unit == "month":
        return date(day.year + day.month // _DECEMBER, day.month % _DECEMBER + 1, 1)
    return day + timedelta(days=7 if unit == "week" else 1)
