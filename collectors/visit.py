"""Visit sources: all of them side by side, each ended with one status, and nothing lost or doubled by a kill.

The single boundary at which a source's error is caught. What a visit brings is
saved batch by batch, together with what the source wants to remember; that the
visit is over, which gap it left or closed, and what to send as validators next
time is saved at its end, in one piece.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import compress
from typing import Any, Final, TypeVar, cast

from collectors.contract import Collect, Fetch, Page, Visit
from collectors.kinds import SHOW_THE_PRESENT, is_sampled
from collectors.kinds import kinds as all_kinds
from collectors.outcome import COVERED, PARTLY_COVERED, Batch, SourceError, Status
from collectors.secret import Hider, Keys
from collectors.source import Source, SourceFileError
from collectors.window import (
    LOSING,
    Window,
    days_after,
    falls_short,
    last_full_week,
    local_day,
    looks_back,
    missing_of,
    silent_since,
    window_of,
)
from corpus.model import Document, Refusal
from corpus.store import Recalled, Store, VisitEnd, VisitPlan

T = TypeVar("T")

AT_ONCE: Final = 16
REFUSALS_KEPT: Final = 200
# After these a page's host is left alone for the rest of the visit.
_HOST_SAYS_NO: Final[frozenset[Status]] = frozenset({"blocked", "rate_limited", "quota", "unreachable"})
_GRAVER: Final[tuple[Status | None, ...]] = (
    None,
    "ok",
    "ok_empty_confirmed",
    "not_modified",
    "malformed_recovered",
    "stale",
    "truncated_at_cap",
    "gap_suspected",
)


class Validators:
    """The ETag and Last-Modified of addresses, as one visit sees them.

    What is new is kept apart until the visit is over: saved earlier, a kill would
    leave documents behind that the server then says are nothing new.
    """

    def __init__(self, store: Store) -> None:
        self.new: dict[str, tuple[str, str]] = {}
        self._store = store

    def get(self, url: str) -> tuple[str, str] | None:
        """Give what is to be sent for an address ("" for a header it has not), or None."""
        return self.new.get(url) or self._store.validator(url)

    def put(self, url: str, etag: str, last_modified: str) -> None:
        """Take what an address's answer said ("" for a header it has not)."""
        self.new[url] = (etag, last_modified)


ClientFactory = Callable[[Source, Mapping[str, str], Validators], Fetch]
PageText = Callable[[Page], str]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a visit has come.

    Attributes:
        source: whose.
        status: how it ended, or None: it is under way.
        detail: what exactly.
        documents: new or changed ones so far.
        refused: items that could not be taken.
    """

    source: Source
    status: Status | None = None
    detail: str = ""
    documents: int = 0
    refused: int = 0


Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class _Order:
    """What one collection is asked for, the same for all its visits."""

    store: Store
    run: int
    client_factory: ClientFactory
    since: date | None
    until: datetime
    keys: Keys
    report: Report
    now: datetime
    kinds: Mapping[str, Collect]
    page_text: PageText | None


async def collect(  # noqa: PLR0913 each is handed in so that a test can hand in another
    store: Store,
    sources: Sequence[Source],
    client_factory: ClientFactory,
    *,
    since: date | None,
    until: datetime | None,
    keys: Keys,
    report: Report,
    now: datetime,
    kinds: Mapping[str, Collect] | None = None,
    page_text: PageText | None = None,
) -> list[Progress]:
    """Visit sources and save what they bring. Whoever calls holds `Store.writing`.

    Cancelled, it ends every visit that is under way as ``interrupted``. Killed, the
    next collection does so before it begins, and goes on from the last saved batch.

    Args:
        store: where everything goes.
        sources: which; each once.
        client_factory: gives a source's view of the one client.
        since: a day to go back to at least, where a source can; None: to its last visit.
        until: nothing newer is wanted; None: now.
        keys: gives the value of a key by its name, or None.
        report: is called when a visit begins, after each batch, and when it ends.
        now: the present moment (UTC).
        kinds: the collector of each kind; None: narra's own.
        page_text: turns a page into text, for sources with ``text = "full"``.

    Returns:
        how each visit ended, in the order of ``sources``.
    """
    store.end_abandoned()
    run = store.start_run("collect")
    given = kinds or all_kinds()
    order = _Order(store, run, client_factory, since, until or now, keys, report, now, given, page_text)
    room = asyncio.Semaphore(AT_ONCE)
    ended: list[Progress | BaseException] = []
    status = "interrupted"
    try:
        # One visit's bug, too, is no reason to lose the others: it is raised when they are over.
        ended = await asyncio.gather(*(_visit(order, source, room) for source in sources), return_exceptions=True)
        status = _run_status(ended)
    finally:
        store.end_run(run, status, _summary(ended))
    for bug in ended:
        if isinstance(bug, BaseException):
            raise bug
    return [progress for progress in ended if isinstance(progress, Progress)]


def _run_status(ended: Sequence[Progress | BaseException]) -> str:
    good = [isinstance(e, Progress) and e.status in COVERED | PARTLY_COVERED for e in ended]
    if all(good):
        return "ok"
    return "partial" if any(good) else "failed"


def _summary(ended: Sequence[Progress | BaseException]) -> dict[str, dict[str, object]]:
    return {
        e.source.slug: {"status": e.status, "documents": e.documents, "refused": e.refused}
        for e in ended
        if isinstance(e, Progress)
    }


async def _visit(order: _Order, source: Source, room: asyncio.Semaphore) -> Progress:
    async with room:
        visiting = _Visiting(order, source)
        return await visiting.go()


class _Visiting:
    """One visit to one source."""

    def __init__(self, order: _Order, source: Source) -> None:
        self.order = order
        self.source = source
        self.recalled = order.store.recall(source.slug)
        self.window = window_of(source, self.recalled, order.since, order.until)
        self.status: Status | None = None
        self.details: list[str] = []
        self.delivered = self.documents = self.refused = 0
        self.days: set[str] = set()
        self.validators = Validators(order.store)
        keys = {name: value for name in source.key if (value := order.keys(name))}
        self.hider = Hider(keys)
        self.pages = _Pages(order.page_text) if source.text == "full" else None
        self.visit = Visit(self.window.since, order.until, self.recalled.memory, keys, order.now)

    async def go(self) -> Progress:
        """Visit, and record how it ended, however it does."""
        number = self.order.store.start_visit(_plan(self.order.run, self.source, self.window))
        end = self._ended("interrupted", "The run was stopped before its end.")
        try:
            self._report(None, "")
            end = await self._outcome(number)
        finally:
            self.order.store.end_visit(number, end)
        return self._report(cast("Status", end.status), end.detail)

    async def _outcome(self, number: int) -> VisitEnd:
        fetch = self.order.client_factory(self.source, self.visit.keys, self.validators)
        try:
            self._check_may_go()
            async for batch in self.order.kinds[self.source.collect](self.source, fetch, self.visit):
                await self._take(number, batch, fetch)
        except SourceError as error:
            return self._failed(error)
        except SourceFileError as error:
            return self._ended("rejected_query", f"The source's file is wrong: {error}")
        return self._answered()

    def _check_may_go(self) -> None:
        wait = _seconds_to(self.recalled.retry_at, self.order.now)
        if wait > 0:
            raise SourceError("rate_limited", f"It asked not to be visited before {self.recalled.retry_at}.", wait)
        if self.source.key and not self.visit.keys:
            names = ", ".join(self.source.key)
            raise SourceError("auth", f"No key. Set in the environment (or in the keyring, under narra): {names}")

    async def _take(self, number: int, batch: Batch, fetch: Fetch) -> None:
        self.delivered += len(batch.documents)
        self.days |= {d.published.day for d in batch.documents if d.published and d.published.precision in _EXACT}
        if self.source.text == "titles":
            batch = replace(batch, documents=tuple(map(_title_only, batch.documents)))
        if self.pages:
            batch = await self.pages.complete(batch, fetch, self.order.store)
        batch = self.hider.batch(batch)
        kept = batch.refusals[: max(0, REFUSALS_KEPT - self.refused)]
        outcomes = self.order.store.save_batch(
            number, self.source.slug, batch.documents, kept, batch.memory, sampled=is_sampled(self.source)
        )
        self.documents += sum(outcome != "known" for outcome in outcomes)
        self.refused += len(batch.refusals)
        self.status = max(self.status, batch.status, key=_graveness)
        if batch.detail:
            self.details.append(batch.detail)
        self._report(None, "")

    def _failed(self, error: SourceError) -> VisitEnd:
        retry_at = None
        if error.retry_after is not None:
            retry_at = (self.order.now + timedelta(seconds=error.retry_after)).isoformat(timespec="seconds")
        return replace(self._ended(error.status, error.detail), retry_at=retry_at)

    def _answered(self) -> VisitEnd:
        status: Status = self.status or ("ok" if self.delivered else "ok_empty_confirmed")
        if status in {"not_modified", "ok_empty_confirmed"} and self.delivered:
            status = "ok"  # one of its addresses had something
        if status in COVERED and falls_short(self.source, self.recalled, self.window, frozenset(self.days)):
            status = "gap_suspected"
            self.details.append(f"It lists nothing of before {min(self.days)}; the last visit was before that.")
        recalled = self.order.store.recall(self.source.slug)
        silent = silent_since(self.source, recalled, self.window, self.order.now)
        if silent and status in COVERED:
            status = "stale"
            self.details.append(f"Nothing of after {days_after(silent, -1)} has come.")
        self.details += _unexpected(self.order.store, self.source, self.recalled, self.order.now)
        end = replace(
            self._ended(status, " ".join(self.details)),
            answered=status in COVERED | PARTLY_COVERED,
            lost=status in LOSING,
            joined=_joins_on(self.source, status),
            validators=dict(self.validators.new),
        )
        return replace(end, missing=(silent, self.window.last_day)) if silent and status == "stale" else end

    def _ended(self, status: Status, detail: str) -> VisitEnd:
        days = frozenset(self.days)
        missing = missing_of(status, self.window, self.source, days)
        said = self.hider.text(detail)
        return VisitEnd(status, said, missing=missing, looks_back=looks_back(self.source), days=days)

    def _report(self, status: Status | None, detail: str) -> Progress:
        progress = Progress(self.source, status, detail, self.documents, self.refused)
        self.order.report(progress)
        return progress


def _joins_on(source: Source, status: Status) -> bool:
    """Tell whether a status says that what was shown joined on to what had been seen; of a list it says nothing."""
    return source.collect in SHOW_THE_PRESENT and status in COVERED and status != "ok_empty_confirmed"


_EXACT: Final = frozenset({"day", "minute"})


def _plan(run: int, source: Source, window: Window) -> VisitPlan:
    return VisitPlan(
        run=run,
        source=source.slug,
        collect=source.collect,
        outlet=source.publisher.id,
        country=source.country,
        since=window.since.isoformat(timespec="seconds") if window.since else None,
        until=window.until.isoformat(timespec="seconds"),
        first_day=window.first_day,
        last_day=window.last_day,
        sampled=is_sampled(source),
    )


def _graveness(status: Status | None) -> int:
    return _GRAVER.index(status) if status in _GRAVER else len(_GRAVER)


def _seconds_to(moment: str | None, now: datetime) -> float:
    return (datetime.fromisoformat(moment) - now).total_seconds() if moment else 0.0


def _title_only(document: Document) -> Document:
    return replace(document, body="", keywords="")


def _unexpected(store: Store, source: Source, recalled: Recalled, now: datetime) -> list[str]:
    """Say where the last full week brought fewer or more documents than expected."""
    monday, sunday = last_full_week(now, source.country)
    first = recalled.first_visit
    if first is None or local_day(datetime.fromisoformat(first), source.country) >= monday:
        return []  # that week was not watched from its beginning
    number = store.delivered(source.slug, monday, sunday)
    least, most = source.expect
    if number < least:
        return [f"{number:,} documents in the week of {monday}; at least {least:,} are expected."]
    if number > most:
        return [f"{number:,} documents in the week of {monday}; at most {most:,} are expected."]
    return []


# -- whole texts ---------------------------------------------------------


class _Pages:
    """Replaces excerpts by the texts of their pages."""

    def __init__(self, page_text: PageText | None) -> None:
        self._page_text = page_text
        self._refused_by = ""

    async def complete(self, batch: Batch, fetch: Fetch, store: Store) -> Batch:
        """Give a batch with whole texts, without the documents that are stored: an excerpt must not replace one."""
        new = list(compress(batch.documents, (not stored for stored in store.are_stored(batch.documents))))
        documents, refusals = [], list(batch.refusals)
        for document in new:
            try:
                documents.append(await self._completed(document, fetch))
            except SourceError as error:
                refusals.append(Refusal(document.source, 0, f"page {error.status}", f"{document.url}: {error.detail}"))
                documents.append(document)
        return replace(batch, documents=tuple(documents), refusals=tuple(refusals))

    async def _completed(self, document: Document, fetch: Fetch) -> Document:
        if self._page_text is None or not document.url:
            return document
        if self._refused_by:
            raise SourceError("blocked", f"not asked for, after {self._refused_by}")
        try:
            body = await asyncio.to_thread(self._page_text, await fetch.get(document.url))
        except SourceError as error:
            if error.status in _HOST_SAYS_NO:
                self._refused_by = error.status
            raise
        return replace(document, body=body) if len(body) > len(document.body) else document


# -- one look, and the way it all stops ----------------------------------


@dataclass(frozen=True, slots=True)
class Look:
    """What a source shows when it is looked at without storing anything."""

    status: Status
    detail: str
    documents: tuple[Document, ...]
    refusals: tuple[Refusal, ...]


async def look(  # noqa: PLR0913 as `collect`
    source: Source,
    client_factory: ClientFactory,
    *,
    keys: Keys,
    now: datetime,
    enough: int = 20,
    kinds: Mapping[str, Collect] | None = None,
) -> Look:
    """Visit one source without storing anything, until it has brought enough documents."""
    values = {name: value for name in source.key if (value := keys(name))}
    hider = Hider(values)
    documents: list[Document] = []
    refusals: list[Refusal] = []
    visit = Visit(None if source.collect in SHOW_THE_PRESENT else now - timedelta(days=2), now, {}, values, now)
    said: Batch = Batch()
    with Store.in_memory() as store:
        fetch = client_factory(source, values, Validators(store))
        try:
            async for batch in (kinds or all_kinds())[source.collect](source, fetch, visit):
                said = hider.batch(batch)
                documents += said.documents
                refusals += said.refusals
                if len(documents) >= enough:
                    break
        except SourceError as error:
            return Look(error.status, hider.text(error.detail), tuple(documents), tuple(refusals))
    status: Status = said.status or ("ok" if documents else "ok_empty_confirmed")
    return Look(status, said.detail, tuple(documents), tuple(refusals))


def run_to_end(work: Coroutine[Any, Any, T]) -> T:
    """Run a collection; a signal to stop (SIGINT, SIGTERM) cancels it, so that its visits are ended properly.

    Raises:
        KeyboardInterrupt: it was stopped.
    """
    try:
        return asyncio.run(_stoppable(work))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _stoppable(work: Coroutine[Any, Any, T]) -> T:
    # asyncio.run turns SIGINT into a cancellation by itself, but not SIGTERM.
    if threading.current_thread() is not threading.main_thread():
        return await work
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    before = signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(task.cancel))
    try:
        return await task
    finally:
        signal.signal(signal.SIGTERM, before)


def present() -> datetime:
    """Give the present moment (UTC)."""
    return datetime.now(UTC)
