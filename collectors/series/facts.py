"""What a series is of, whose interest it shows, and what its bounds mean: told from its name."""

from __future__ import annotations

from functools import cache
from typing import Final

from babel import Locale

from collectors.names import country_named
from collectors.series.datalab import GROUPS
from corpus.calendar import UTC_OFFSETS
from corpus.errors import InputError, RecordError
from corpus.model import ENTITIES, ENTITY_NAMES
from corpus.series import Point, SeriesFacts

# Whose language an edition is, where it is one country's. English, Chinese, Tamil and Portuguese are read
# all over the world: what Singapore or the Philippines read in them can't be told from what others do.
AUDIENCES: Final[dict[str, str]] = {
    "ko": "KR", "id": "ID", "ms": "MY", "th": "TH", "vi": "VN", "fil": "PH", "my": "MM", "km": "KH", "lo": "LA",
    "tet": "TL", "jv": "ID",
}  # fmt: skip
_VIEWS: Final = "counted views, robots left out as far as Wikimedia tells them; no bounds"
_SEARCHES: Final = "relative, on one scale by an anchor; Naver gives no bounds"
_TRENDS: Final = "bounds of rounding; Google's own sampling is not in them"
_SURVEY: Final = "95 % interval for the number of answers (Wilson), where it is printed"


def facts_of(point: Point, source: str, scale: str = "") -> SeriesFacts:
    """Describe the series a point is of.

    Args:
        point: any of its points.
        source: a file's name, or a source's slug.
        scale: see `SeriesFacts.scale`.

    Raises:
        InputError: the name is none that narra gives.
    """
    kind, _, rest = point.series.partition(":")
    if kind not in _READERS:
        raise InputError(f"{point.series!r} is no series of narra's: it begins with none of {', '.join(_READERS)}.")
    about, audience, language, uncertainty = _READERS[kind](rest)
    return SeriesFacts(point.series, point.unit, point.period, source, about, audience, language, uncertainty, scale)


_Told = tuple[str, str, str, str]


def _views(rest: str) -> _Told:
    _, entity, language = rest.split(":")
    return entity, AUDIENCES.get(language, ""), language, _VIEWS


def _searches(rest: str) -> _Told:
    return rest if rest in ENTITIES else "", "KR", "ko", _SEARCHES


def _trends(rest: str) -> _Told:
    term, _, place = rest.rpartition(":")
    return entity_of(term), country_of_place(place), "", _TRENDS


def _survey(rest: str) -> _Told:
    country = rest.rpartition(":")[2]
    return "", country, "", _SURVEY


_READERS: Final = {"wikimedia": _views, "datalab": _searches, "trends": _trends, "survey": _survey}


def entity_of(term: str) -> str:
    """Give the entity a search term is for, "" where it is none of ours."""
    return _terms().get(" ".join(term.split()).casefold(), "")


@cache
def _terms() -> dict[str, str]:
    english = {name.casefold(): entity for entity, name in ENTITY_NAMES.items()}
    korean = {word.casefold(): group.name for group in GROUPS for word in group.keywords}
    return english | korean


def country_of_place(place: str) -> str:
    """Give the code of a place as Google names it in English or Korean, "" where it is no country of ours."""
    named = {str(name): str(code) for code, name in Locale("ko").territories.items() if code in UTC_OFFSETS}
    if place.strip() in named:
        return named[place.strip()]
    try:
        return country_named(place)
    except RecordError:
        return ""
