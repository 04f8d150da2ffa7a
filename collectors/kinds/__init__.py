"""The kinds of sources: one module each, all of them named here."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator
from functools import partial
from typing import Final, get_args

from collectors.contract import Collect, Fetch, Visit
from collectors.outcome import Batch
from collectors.source import SEARCHES, Source, SourceKind

NAMES: Final[tuple[SourceKind, ...]] = get_args(SourceKind)
# Of these only what is there now can be had …
SHOW_THE_PRESENT: Final[frozenset[SourceKind]] = frozenset({"feed", "mofa", "naver"})
# … these are asked for the past and show what they still list of it; every other kind shows all of it.
SHOW_A_LIST: Final[frozenset[SourceKind]] = frozenset({"sitemap", "listing"})


def is_sampled(source: Source) -> bool:
    """Tell whether a source gives only what matches a query: no share can be taken of such documents."""
    return source.collect in SEARCHES or source.sampled


def kinds() -> dict[str, Collect]:
    """Give the collector of each kind. Its module is imported when it is first used."""
    return {name: partial(_collect, name) for name in NAMES}


def _collect(name: str, source: Source, fetch: Fetch, visit: Visit) -> AsyncIterator[Batch]:
    # One kind's libraries are no reason for another not to start.
    collect: Collect = importlib.import_module(f"collectors.kinds.{name}").collect
    return collect(source, fetch, visit)
