"""For tests of kinds: a source, a visit, what it brings, and a clock that nobody waits for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.contract import Collect, Fetch, Visit
from collectors.http.pacing import Clock
from collectors.outcome import COVERED, PARTLY_COVERED, Batch, SourceError, Status
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


def make_visit(since: datetime | None = None, *, at: datetime = NOW, **changes: Any) -> Visit:
    said: dict[str, Any] = {"since": since, "until": at, "memory": {}, "keys": {}, "now": at}
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


@dataclass
class Collected:
    """A collection batch by batch, as whoever runs it sees it."""

    batches: list[Batch] = field(default_factory=list)
    error: SourceError | None = None

    @property
    def documents(self) -> list[Document]:
        return [document for batch in self.batches for document in batch.documents]

    @property
    def refusals(self) -> list[Refusal]:
        return [refusal for batch in self.batches for refusal in batch.refusals]

    @property
    def memory(self) -> dict[str, str]:
        return {key: value for batch in self.batches for key, value in batch.memory.items()}

    @property
    def titles(self) -> list[str]:
        return [document.title for document in self.documents]

    @property
    def status(self) -> str | None:
        return self.error.status if self.error else self.batches[-1].status


async def run(batches: AsyncIterator[Batch]) -> Collected:
    """Run a collection to its end, keeping what came before an error."""
    collected = Collected()
    try:
        async for batch in batches:
            collected.batches.append(batch)
    except SourceError as error:
        collected.error = error
    return collected


class QuickClock(Clock):
    """A clock on which waiting takes no time, and which remembers at what time each request went out."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds
