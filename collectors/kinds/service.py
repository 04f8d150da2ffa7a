"""What the kinds that ask a service share: options, answers in JSON, dates, and what a visit wants."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from collectors.contract import Visit
from collectors.markup import title_text
from collectors.outcome import SourceError
from collectors.source import Source, SourceFileError
from corpus.calendar import UTC_OFFSETS, Published, parse_published
from corpus.errors import RecordError
from corpus.model import Refusal

_SHOWN: Final = 160
_DAY_IN_URL: Final = re.compile(r"(?<!\d)(20\d\d)([/-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])")
# A page is seen on its day or soon after; a number that only looks like a day seldom falls there.
_SEEN_AFTER: Final = timedelta(days=3)
_DAY: Final = timedelta(days=1)


class Options(BaseModel):
    """The options of a kind: a key that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


M = TypeVar("M", bound=BaseModel)


def read_options(source: Source, model: type[M]) -> M:
    """Read a source's options as its kind has them.

    Raises:
        SourceFileError: an option is unknown, missing or wrong.
    """
    try:
        return model.model_validate(source.options)
    except ValidationError as error:
        said = [f"options.{'.'.join(map(str, p['loc']))}: {p['msg']} (is {p['input']!r})" for p in error.errors()]
        raise SourceFileError(f"{source.slug}: " + "; ".join(said)) from None


def key_of(visit: Visit, name: str) -> str:
    """Give the value of one key.

    Raises:
        SourceError: ``auth``, where it is not set.
    """
    value = visit.keys.get(name, "").strip()
    if not value:
        raise SourceError("auth", f"the key {name} is not set; put it into the environment or the keyring")
    return value


def decoded(content: bytes) -> str:
    """Decode what is meant to be UTF-8; a broken byte becomes the replacement character."""
    return content.decode("utf-8", "replace").removeprefix("\ufeff")


def json_object(text: str, who: str) -> dict[str, Any]:
    """Read an answer that must be one JSON object.

    Raises:
        SourceError: ``wrong_content`` where a web page came, ``malformed`` where it is no such JSON.
    """
    if text.lstrip()[:1] == "<":
        raise SourceError("wrong_content", f"{who} answered with a web page: {shown(title_text(text))}")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError("malformed", f"{who} answered with broken JSON: {error}") from None
    if not isinstance(value, dict):
        raise SourceError("malformed", f"{who} answered with {shown(value)} and not with a JSON object")
    return value


def json_or_nothing(text: str) -> dict[str, Any]:
    """Read what may be a JSON object (the body of an error); anything else is an empty one."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def rows_of(answer: Mapping[str, Any], name: str, who: str) -> list[Any]:
    """Give a list that an answer must have.

    Raises:
        SourceError: ``malformed``, where it is missing or no list.
    """
    rows = answer.get(name)
    if not isinstance(rows, list):
        raise SourceError("malformed", f"{who} answered without the list `{name}`: its form has changed")
    return rows


def shown(value: object) -> str:
    """Write a value for a message on one line, cut where it is long."""
    said = " ".join(str(value).split())
    return said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"


def published_at(moment: datetime, country: str, how: str, original: str) -> Published:
    """Give a moment as a publication date.

    Args:
        moment: with its zone, or local time of the country.
        country: decides the local day.
        how: see `Published`.
        original: the text it was read from.

    Raises:
        RecordError: the year is impossible.
    """
    try:
        published = parse_published(moment.isoformat(timespec="seconds"), country, how)
    except OverflowError:
        raise RecordError("impossible date", shown(original)) from None
    return replace(published, original=original)


def published_on(day: str, country: str, how: str, original: str) -> Published:
    """Give an ISO day as a publication date, as `published_at`."""
    return replace(parse_published(day, country, how), original=original)


def day_in_url(url: str, seen: datetime, country: str) -> Published | None:
    """Read the publication day out of an address, such as ``/2026/09/18/``.

    Args:
        url: the address.
        seen: when the page was seen; a day that isn't shortly before is no publication day.
        country: of the outlet.
    """
    local = seen.astimezone(timezone(UTC_OFFSETS.get(country, timedelta(0)))).date()
    for match in _DAY_IN_URL.finditer(url):
        day = _date(match[1], match[3], match[4])
        if day and local - _SEEN_AFTER <= day <= local:
            return published_on(day.isoformat(), country, "url", match[0])
    return None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def is_wanted(published: Published | None, visit: Visit, country: str) -> bool:
    """Tell whether a document lies within what a visit asks for; an undated one may."""
    if published is None:
        return True
    first, last = _span(published, country)
    return first <= visit.until and (visit.since is None or last >= visit.since)


def _span(published: Published, country: str) -> tuple[datetime, datetime]:
    if published.at:
        moment = datetime.fromisoformat(published.at)
        return moment, moment
    zone = timezone(UTC_OFFSETS.get(country, timedelta(0)))
    start = datetime.fromisoformat((published.day + "-01-01")[: len("2023-01-01")]).replace(tzinfo=zone)
    length = {"day": _DAY, "month": 31 * _DAY}.get(published.precision, 366 * _DAY)
    return start, start + length - timedelta(seconds=1)


def local_date(moment: datetime, country: str) -> date:
    """Give the day a moment falls on in a country."""
    return moment.astimezone(timezone(UTC_OFFSETS.get(country, timedelta(0)))).date()


def resumed(visit: Visit, name: str) -> datetime | None:
    """Give where a visit in ascending order begins: after what a visit that was killed had covered.

    Only where it was asked for the same time: an ordinary visit overlaps the one before
    on purpose.
    """
    reached = _moment(visit.memory.get(f"reached:{name}"))
    return reached if reached and visit.memory.get(f"since:{name}") == _iso(visit.since) else visit.since


def covered(visit: Visit, name: str, end: datetime) -> dict[str, str]:
    """Give what to remember when a visit has covered its time up to ``end``; see `resumed`."""
    return {f"since:{name}": _iso(visit.since), f"reached:{name}": _iso(end)}


def finished(name: str) -> dict[str, str]:
    """Give what to remember when a visit has ended: the next one begins where it is asked to."""
    return {f"since:{name}": "", f"reached:{name}": ""}


def _iso(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat() if moment else "ever"


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def refusal(source: Source, place: int, error: RecordError) -> Refusal:
    """Write down that an item was not taken; ``place`` counts from 1 within its answer."""
    return Refusal(source.slug, place, error.reason, error.detail[:500])


def joined(parts: Sequence[str]) -> str:
    """Join words for the field of keywords, each once, in their order."""
    return ", ".join(dict.fromkeys(part for part in parts if part))
