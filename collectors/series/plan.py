"""What series are gathered: narra's own choice, or what the workspace's ``awareness.toml`` says.

Everything in that file is optional::

    since = 2024-01-01               # the first day; by default, two years before the first gathering

    [wikimedia]
    languages = ["ko", "id"]         # editions, of those narra knows; by default all

    [wikimedia.items]                # further articles, by their Wikidata items; label checked against name
    ASEAN = "Q7768"

    [datalab]
    unit = "week"                    # date, week or month
    anchor = { name = "VN", keywords = ["베트남"] }
    groups = [{ name = "ASEAN", keywords = ["아세안"] }]
"""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from collectors.series import datalab as naver
from collectors.series import wikimedia as wiki
from corpus.errors import SettingsError

FILE: Final = "awareness.toml"
# Two years: enough to see a season twice.
FIRST_LOOK: Final = timedelta(days=731)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WikimediaPlan(_Strict):
    """Which articles, in which editions, and where they are asked for."""

    languages: tuple[str, ...] = tuple(wiki.EDITIONS)
    items: dict[str, str] = Field(default_factory=lambda: dict(wiki.ITEMS))
    views: str = wiki.VIEWS
    wikidata: str = wiki.WIKIDATA
    wiki: str = wiki.WIKI


class GroupPlan(_Strict):
    """Keywords that are counted together."""

    name: Annotated[str, Field(min_length=1, pattern="^[^:]+$")]
    keywords: Annotated[tuple[str, ...], Field(min_length=1, max_length=naver.MOST_KEYWORDS)]


class DatalabPlan(_Strict):
    """Which keywords, by what time, and where they are asked for."""

    unit: Literal["date", "week", "month"] = "week"
    anchor: GroupPlan = GroupPlan(name=naver.ANCHOR.name, keywords=naver.ANCHOR.keywords)
    groups: Annotated[tuple[GroupPlan, ...], Field(min_length=1)] = tuple(
        GroupPlan(name=group.name, keywords=group.keywords) for group in naver.GROUPS
    )
    urls: Annotated[tuple[str, ...], Field(min_length=1)] = naver.URLS


class Plan(_Strict):
    """All of it.

    Attributes:
        since: the first day, or None: two years before today.
        private: whether the addresses may lie in one's own network; for tests and mirrors.
    """

    since: date | None = None
    private: bool = False
    wikimedia: WikimediaPlan = WikimediaPlan()
    datalab: DatalabPlan = DatalabPlan()

    def first(self, today: date) -> date:
        """Give the first day that is wanted."""
        return self.since or today - FIRST_LOOK

    def views(self, languages: tuple[str, ...], today: date) -> wiki.Asked:
        """Give which page views are wanted, of these languages (of none given: of all)."""
        wanted = languages or self.wikimedia.languages
        unknown = sorted(set(wanted) - set(wiki.EDITIONS))
        if unknown:
            raise SettingsError(
                f"narra knows no edition of Wikipedia in {', '.join(unknown)}. It knows: {', '.join(wiki.EDITIONS)}."
            )
        return wiki.Asked(
            first=today,
            last=today,
            items=self.wikimedia.items,
            editions={language: wiki.EDITIONS[language] for language in wanted},
            views=self.wikimedia.views,
            wikidata=self.wikimedia.wikidata,
            wiki=self.wikimedia.wiki,
        )

    def searches(self, today: date) -> naver.Asked:
        """Give which search interest is wanted."""
        own = self.datalab
        asked = naver.Asked(
            anchor=naver.Group(own.anchor.name, own.anchor.keywords),
            groups=tuple(naver.Group(group.name, group.keywords) for group in own.groups),
            first=today,
            last=today,
            unit=own.unit,
            urls=own.urls,
        )
        naver.check(asked)
        return asked


def read_plan(workspace: Path) -> Plan:
    """Read a workspace's plan; narra's own where it has none.

    Raises:
        SettingsError: the file can't be read, or says something it may not.
    """
    path = workspace / FILE
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Plan()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{path} cannot be read: {error}.") from None
    try:
        return Plan.model_validate(raw)
    except ValidationError as error:
        said = [f"{'.'.join(map(str, p['loc']))}: {p['msg']} (is {p['input']!r})" for p in error.errors()]
        raise SettingsError(f"{path}: " + "; ".join(said)) from None
