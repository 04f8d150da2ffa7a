"""For tests of kinds: a source, a visit, and what it brings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from collectors.contract import Collect, Fetch, Visit
from collectors.outcome import COVERED, PARTLY_COVERED, Status
from collectors.source import Source
from corpus.model import Document, Refusal

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def make_source(collect: str, *urls: str, **changes: Any) -> Source:
    said = {
        "slug": "nuri",
        "outlet": "Nuri",
        "country": "KR",
        "language": "ko",
        "kind": "news",
        "owner": "private",
        "collect": collect,
        "urls": urls or ("https://nuri.example/",),
        "seen": "test",
        "confirmed": True,
        "private": True,
    }
    return Source.model_validate(said | changes)


def make_visit(**changes: Any) -> Visit:
    said: dict[str, Any] = {"since": None, "until": NOW, "memory": {}, "keys": {}, "now": NOW}
    return Visit(**(said | changes))


@dataclass
class Brought:
    documents: list[Document] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    memory: dict[str, str] = field(default_factory=dict)
    status: Status | None = None
    detail: str = ""

    @property
    def titles(self) -> list[str]:
        return [document.title for document in self.documents]

    @property
    def days(self) -> list[str | None]:
        return [document.published.day if document.published else None for document in self.documents]

    @property
    def reasons(self) -> list[str]:
        return [refusal.reason for refusal in self.refusals]


async def bring(collect: Collect, source: Source, fetch: Fetch, visit: Visit | None = None) -> Brought:
    """Visit to the end, as the runner does; what came before an error is lost with it."""
    brought = Brought()
    await bring_into(brought, collect, source, fetch, visit)
    return brought


async def bring_into(
    brought: Brought, collect: Collect, source: Source, fetch: Fetch, visit: Visit | None = None
) -> None:
    visit = visit or make_visit()
    brought.memory |= visit.memory
    async for batch in collect(source, fetch, visit):
        assert brought.status is None, "only the last batch has a status"
        brought.documents += batch.documents
        brought.refusals += batch.refusals
        brought.memory |= batch.memory
        brought.status, brought.detail = batch.status, batch.detail
        assert brought.status is None or brought.status in COVERED | PARTLY_COVERED


class Validators:
    """What a server gave to recognise a page by, in memory."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[str, str]] = {}

    def get(self, url: str) -> tuple[str, str] | None:
        return self.known.get(url)

    def put(self, url: str, etag: str, last_modified: str) -> None:
        self.known[url] = (etag, last_modified)
