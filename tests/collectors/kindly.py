"""What the tests of services share: a source, a visit, and a collection run to its end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from collectors.contract import Visit
from collectors.outcome import Batch, SourceError
from collectors.source import Source
from corpus.model import Document, Refusal

NOW = datetime(2026, 9, 20, 12, 0, tzinfo=UTC)


def source(collect: str, *urls: str, **more: Any) -> Source:
    said = {
        "slug": "test",
        "outlet": "Test",
        "country": "KR",
        "language": "ko",
        "kind": "news",
        "owner": "private",
        "collect": collect,
        "urls": urls,
        "seen": "written by hand",
        "confirmed": False,
        "private": True,
    }
    return Source.model_validate(said | more)


def visit(
    since: datetime | None = None,
    until: datetime = NOW,
    keys: Mapping[str, str] | None = None,
    memory: Mapping[str, str] | None = None,
) -> Visit:
    return Visit(since, until, memory or {}, keys or {}, NOW)


@dataclass
class Collected:
    """A collection as whoever runs it sees it."""

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
    collected = Collected()
    try:
        async for batch in batches:
            collected.batches.append(batch)
    except SourceError as error:
        collected.error = error
    return collected


class Sleeper:
    """Sleeps at once, and remembers for how long it should have."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
