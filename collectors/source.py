"""A source: where we collect an outlet, as one TOML file says it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from corpus.calendar import UTC_OFFSETS
from corpus.errors import NarraError
from corpus.language import normalise_language
from corpus.model import Kind, Outlet

SourceKind = Literal[
    "feed",
    "sitemap",
    "listing",
    "wordpress",
    "mofa",
    "briefing",
    "naver",
    "gdelt",
    "gkg",
    "mediacloud",
    "bigkinds",
    "ccnews",
]


# These give what matches a query, and nothing else.
SEARCHES: Final[frozenset[SourceKind]] = frozenset({"naver", "gdelt", "mediacloud", "bigkinds"})


class SourceFileError(NarraError):
    """A source file says something it may not; the message names file, key and what is allowed."""

    exit_code = 6


def _country(value: str) -> str:
    if value not in UTC_OFFSETS:
        raise ValueError(f"one of {', '.join(UTC_OFFSETS)}")
    return value


class Source(BaseModel):
    """One source.

    Attributes:
        slug: the file's name without ``.toml``; unique over all countries.
        outlet: who publishes.
        country: ISO alpha-2, or ``ASEAN``: decides the narrative and the local time.
        language: CLDR code.
        kind: news or official.
        owner: state, public or private.
        collect: how it is collected; each has a module of its name.
        urls: what is visited (feeds, sitemaps, list pages, an API's base).
        seen: where the address was seen, and when.
        confirmed: whether somebody is known to have had a live answer from it.
        enabled: whether `narra collect` visits it.
        key: names of the environment variables that hold its keys; none for open sources.
        expect: least and most documents a week.
        text: excerpt (what the source itself gives), full (each page is fetched), or
            titles (titles and links only, for its terms of use).
        sampled: whether it gives only what matches a query, as a feed of a search engine does; then its
            documents enter no count. Those of `SEARCHES` always do so.
        private: whether it may lie on a private address; for tests and intranets.
        options: for its kind; checked by it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    slug: str
    outlet: Annotated[str, Field(min_length=1)]
    country: Annotated[str, AfterValidator(_country)]
    language: Annotated[str, AfterValidator(normalise_language)]
    kind: Kind
    owner: Literal["state", "public", "private"]
    collect: SourceKind
    urls: Annotated[tuple[str, ...], Field(min_length=1)]
    seen: Annotated[str, Field(min_length=1)]
    confirmed: bool
    enabled: bool = True
    key: tuple[str, ...] = ()
    expect: Annotated[tuple[int, int], Field()] = (0, 10_000)
    text: Literal["excerpt", "full", "titles"] = "excerpt"
    sampled: bool = False
    private: bool = False
    options: dict[str, Any] = {}

    @property
    def publisher(self) -> Outlet:
        """Who publishes, as the documents have it."""
        return Outlet(self.outlet, self.country)


def read_source(path: Path) -> Source:
    """Read a source file.

    Raises:
        SourceFileError: it is no valid TOML, or a key is unknown, missing or wrong.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceFileError(f"{path}: not valid TOML: {error}") from None
    try:
        return Source.model_validate({"slug": path.stem, **raw})
    except ValidationError as error:
        said = [f"{'.'.join(map(str, p['loc']))}: {p['msg']} (is {p['input']!r})" for p in error.errors()]
        raise SourceFileError(f"{path}: " + "; ".join(said)) from None
