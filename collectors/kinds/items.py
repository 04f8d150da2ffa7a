"""What the kinds that read pages and feeds share: items, what is remembered of them, and how a visit ends."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final, TypeVar

from collectors.contract import Visit
from collectors.kinds.service import is_wanted
from collectors.markup import title_text
from collectors.outcome import Batch, SourceError, Status
from collectors.source import Source
from corpus.calendar import Published
from corpus.errors import RecordError
from corpus.identity import canonical_url, document_keys
from corpus.model import Document, Refusal

T = TypeVar("T")

BATCH: Final = 500
# Remembered items of one address: above the longest feed known (1,000).
REMEMBERED: Final = 2_000
_LONGEST_ID: Final = 500
_SHOWN: Final = 120
# After these another address of the same source is not asked either.
_STOP: Final[frozenset[Status]] = frozenset({"auth", "quota", "rate_limited", "blocked", "interrupted"})
# From the one that says most to the one that says least; plain ok stands between.
_BEFORE_OK: Final[tuple[Status, ...]] = ("gap_suspected", "truncated_at_cap", "stale", "malformed_recovered", "ok")
_AFTER_OK: Final[tuple[Status, ...]] = ("ok_empty_confirmed", "not_modified")


@dataclass(frozen=True, slots=True)
class Item:
    """One text as a source lists it.

    Attributes:
        place: 1-based, within its answer.
        title: as one line of text.
        url: complete, or "".
        id: the source's own id; identifies it only where the address doesn't.
        body: what the source itself gives of the text.
        published: None where the source names no date.
        keywords: the source's own.
    """

    place: int
    title: str
    url: str
    id: str = ""
    body: str = ""
    published: Published | None = None
    keywords: str = ""

    @property
    def digest(self) -> str:
        """A short name by which it is recognised at the next visit."""
        return digest_of(self.url or self.id)


def digest_of(text: str) -> str:
    """Give twelve hexadecimal digits for an address or an id."""
    with suppress(ValueError):  # an id is no address
        text = canonical_url(text)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


# -- to documents --------------------------------------------------------


def documents_of(items: Sequence[Item], source: Source, where: str) -> tuple[list[Document], list[Refusal]]:
    """Make documents of items; what can't be one is refused with its place.

    Args:
        items: those of one answer.
        source: whose.
        where: the address of the answer, for the refusals.
    """
    times = Counter(item.digest for item in items if item.url)
    taken: dict[str, Document] = {}
    refusals = []
    for item in items:
        try:
            document = _document_of(item, source, by_id=times[item.digest] > 1)
        except RecordError as error:
            refusals.append(Refusal(where, item.place, error.reason, error.detail))
            continue
        if document.keys[0] in taken:
            refusals.append(Refusal(where, item.place, "repeated item", _shown(item)))
        else:
            taken[document.keys[0]] = document
    return list(taken.values()), refusals


def _document_of(item: Item, source: Source, *, by_id: bool) -> Document:
    """Make one document.

    The address identifies it, so that the same text from a feed and a sitemap is one;
    the id does where there is no address, or where others of the answer share it.
    """
    if not item.title and not item.body:
        raise RecordError("missing title and body", _shown(item))
    own_id = item.id[:_LONGEST_ID] if by_id or not item.url else ""
    keys = document_keys(source.publisher.id, own_id, item.url)
    if not keys:
        raise RecordError("missing id and url", _shown(item))
    return Document(
        keys=keys,
        source=source.slug,
        outlet=source.publisher,
        kind=source.kind,
        language=source.language,
        title=item.title,
        body=item.body,
        url=item.url or None,
        published=item.published,
        keywords=item.keywords,
    )


def _shown(item: Item) -> str:
    said = title_text(item.title) or item.url or item.id or "nothing but an empty entry"
    return said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"


def in_window(items: Iterable[Item], visit: Visit, country: str) -> list[Item]:
    """Give the items that a visit asks for; an undated one may be.

    The end counts only where it lies in the past: a clock that is ahead, or local time
    labelled GMT, is no reason to lose what has just appeared.
    """
    ahead = timedelta(days=1) if visit.now - visit.until < timedelta(days=1) else timedelta()
    asked = Visit(visit.since, visit.until + ahead, {}, {}, visit.now)
    return [item for item in items if is_wanted(item.published, asked, country)]


def pieces(items: Sequence[T], size: int = BATCH) -> Iterator[list[T]]:
    """Cut a sequence into batches; an empty one gives none."""
    rest = iter(items)
    while piece := list(islice(rest, size)):
        yield piece


# -- what is remembered --------------------------------------------------


class Seen:
    """The items an address has shown, with the moment each was first seen.

    An undated item has no other date; it is never taken for a publication date.
    """

    def __init__(self, memory: Mapping[str, str], url: str, most: int = REMEMBERED) -> None:
        self._name = f"seen:{url}"
        self._most = most
        self._first: dict[str, str] = _read(memory.get(self._name, ""))
        self.before = frozenset(self._first)

    def add(self, digests: Iterable[str], now: datetime) -> None:
        """Remember items; one that was known keeps its moment, and is forgotten last."""
        moment = now.astimezone(UTC).isoformat(timespec="minutes")
        for digest in digests:
            self._first[digest] = self._first.pop(digest, moment)

    def memory(self) -> dict[str, str]:
        """Give what to remember; the items not seen for longest are forgotten."""
        kept = list(self._first.items())[-self._most :]
        return {self._name: json.dumps(dict(kept), separators=(",", ":"))}


def _read(text: str) -> dict[str, str]:
    # A memory that was damaged is no memory; the store recognises what it has.
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else {}


# -- how a visit ends ----------------------------------------------------


@dataclass(slots=True)
class Findings:
    """What was found at a source's addresses, told at the end."""

    statuses: list[Status] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    failures: list[tuple[str, SourceError]] = field(default_factory=list)

    def note(self, status: Status, detail: str = "") -> None:
        """Note what an address gave."""
        self.statuses.append(status)
        if detail:
            self.details.append(detail)

    def fail(self, url: str, error: SourceError) -> None:
        """Note that an address failed; the source's others are still visited.

        Raises:
            SourceError: the same, where nobody at that source will answer now.
        """
        if error.status in _STOP:
            raise error
        self.failures.append((url, error))

    def closing(self, memory: Mapping[str, str]) -> Batch:
        """Give the last batch.

        Raises:
            SourceError: an address failed, so that the time was not seen as a whole.
        """
        if self.failures:
            first = self.failures[0][1]
            said = "; ".join(_of_address(url, error.detail) for url, error in self.failures)
            raise SourceError(first.status, said, first.retry_after)
        return Batch(memory=dict(memory), status=self._status(), detail=" ".join(self.details))

    def _status(self) -> Status | None:
        for status in _BEFORE_OK + _AFTER_OK:
            if status in self.statuses:
                return None if status == "ok" else status
        return None


def _of_address(url: str, detail: str) -> str:
    return detail if url in detail else f"{url}: {detail}"


One = Callable[[str, dict[str, str], Findings], AsyncIterator[Batch]]


async def each_address(source: Source, visit: Visit, one: One) -> AsyncIterator[Batch]:
    """Visit each address of a source; one that fails doesn't hide the others.

    Args:
        source: whose addresses.
        visit: what is asked.
        one: visits one address; is given what to remember, changes it, and notes what it found.

    Raises:
        SourceError: an address failed; what the others gave was yielded before.
    """
    memory = dict(visit.memory)
    findings = Findings()
    for url in source.urls:
        try:
            async for batch in one(url, memory, findings):
                yield batch
        except SourceError as error:
            findings.fail(url, error)
    yield findings.closing(memory)
