"""What the store gives and takes, beside the shared words of `corpus.model`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from corpus.model import StoredMention

Outcome = Literal["taken", "known", "changed"]

TEXT_COLUMNS: Final = "row, outlet, language, day, title, body, hash"
# Of a document: it counts. Not what its archive sets aside, and not what nothing but a search has brought.
COUNTS: Final = "excluded = '' AND sampled = 0"


@dataclass(frozen=True, slots=True)
class TextRow:
    """A stored text, as a stage that reads texts gets it.

    ``row`` is its number in the store; ``outlet`` and ``day`` as in `Document`.
    """

    row: int
    outlet: str
    language: str
    day: str | None
    title: str
    body: str
    hash: str


@dataclass(frozen=True, slots=True)
class Partition:
    """A part of the documents, for exporting.

    Attributes:
        narrative: whose; None: neither side's.
        month: ``2025-07``; ``2025`` where only the year is known; None: undated.
        sampled: whether only searches brought them.
    """

    narrative: str | None
    month: str | None
    sampled: bool


@dataclass(frozen=True, slots=True)
class Tagged:
    """What tagging a text gave: its number of sentences and its mentions."""

    text: TextRow
    sentences: int
    mentions: tuple[StoredMention, ...]


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What counting needs of one document: where it belongs, and what it names.

    ``names`` holds one (entity, class, field, sentence) for every mention; ``framings``
    one (target, frame, pillar, exchange, people, way) for every target that was framed,
    the last four None where there is none; ``topics`` one (target, scope, topic) for every
    model of topics that has assigned the document, the topic being -1 where it is of none.
    """

    narrative: str
    outlet: str
    language: str
    kind: str
    day: str
    represents_story: bool
    sentences: int
    has_title: bool
    names: tuple[tuple[str, str, str, int], ...]
    framings: tuple[tuple[str, str, str | None, float | None, float | None, str | None], ...] = ()
    topics: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document behind a figure, with the mention that puts it there.

    Offsets point into the text of ``field``. Where that is the body and it is ``withheld`` (its
    source allows titles and links only), the text is "" and the offsets are 0.
    """

    document: str
    outlet: str
    language: str
    kind: str
    day: str
    url: str | None
    title: str
    text: str
    field: str
    start: int
    end: int
    entity: str
    form_class: str
    copies: int
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """What a visit to a source sets out to see.

    Attributes:
        run: the run it belongs to.
        source: the source's slug.
        collect: how it is collected.
        outlet: who publishes, as `Outlet.id`.
        country: the source's.
        since: begin of the window (UTC, ISO), or None: whatever the source has.
        until: its end (UTC, ISO).
        first_day: the same window in the source's local days …
        last_day: … both of them within it.
        sampled: whether the source gives only what matches a query.
        brings: ``documents`` or ``series``.
    """

    run: int
    source: str
    collect: str
    outlet: str
    country: str
    since: str | None
    until: str
    first_day: str
    last_day: str
    sampled: bool = False
    brings: str = "documents"


@dataclass(frozen=True, slots=True)
class VisitEnd:
    """How a visit ended, and what follows for what is known to be missing.

    Attributes:
        status: one word of the collectors' vocabulary.
        detail: what exactly; holds no key.
        answered: whether the source answered to the end, so that the next window begins where this one ended.
        missing: first and last local day that were not (wholly) seen, or None: the window is covered.
        lost: whether items are known to have been missed, so that seeing the next ones mends nothing.
        looks_back: whether the source shows any past window it is asked for; a feed does not.
        joined: whether what it showed joined on to what the last visit that was answered had seen.
        days: local days of the documents it brought: how far back a source reaches that cannot be asked.
        retry_at: the source asked not to be visited before (UTC, ISO).
        validators: ETag and Last-Modified by address, to be sent next time.
    """

    status: str
    detail: str = ""
    answered: bool = False
    missing: tuple[str, str] | None = None
    lost: bool = False
    looks_back: bool = False
    joined: bool = False
    days: frozenset[str] = frozenset()
    retry_at: str | None = None
    validators: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recalled:
    """What is known of a source before it is visited.

    Attributes:
        answered_until: end of the latest window it answered to the end (UTC, ISO), or None.
        first_visit: when it was first visited (UTC, ISO), or None.
        gap_from: first local day of the earliest open gap that another visit may close, or None.
        newest: local day of its newest document, or None; of undated ones, the day they came.
        retry_at: it asked not to be visited before (UTC, ISO), or None.
        memory: what it remembered at its last saved batch.
    """

    answered_until: str | None
    first_visit: str | None
    gap_from: str | None
    newest: str | None
    retry_at: str | None
    memory: dict[str, str]


@dataclass(frozen=True, slots=True)
class Health:
    """How a source is doing.

    Attributes:
        source: its slug.
        visited: when its latest visit began (UTC, ISO).
        status: how that ended; ``interrupted`` for one that never did.
        detail: what exactly.
        succeeded: when a visit was last answered to the end, or None.
        week: documents it first brought in the last seven days.
        gaps: how many gaps are open.
    """

    source: str
    visited: str
    status: str
    detail: str
    succeeded: str | None
    week: int
    gaps: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Days of which a source is known not to have been (wholly) seen.

    On them its documents are a lower bound, and their absence says nothing.

    Attributes:
        source: its slug.
        outlet: who publishes, as `Outlet.id`.
        country: the source's.
        first_day: local ISO day.
        last_day: the same; within the gap.
        status: why.
        detail: what exactly.
        sampled: whether the source gives only what matches a query; then no count misses anything by it.
        outlets: whose documents it has brought; before it brought any, the publisher's.
    """

    source: str
    outlet: str
    country: str
    first_day: str
    last_day: str
    status: str
    detail: str
    sampled: bool = False
    outlets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Watched:
    """From when to when a source was visited.

    Attributes:
        source: its slug.
        outlets: as `Gap.outlets`.
        first_day: local ISO day with which its first visit's window begins.
        last_day: local ISO day with which its latest window ends.
    """

    source: str
    outlets: tuple[str, ...]
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """A source of news whose documents name what is measured so often that a search must have chosen them.

    Attributes:
        source: a file's name, or a source's slug.
        kind: its format, or how it is collected.
        narrative: whose.
        documents: those that count.
        named: of them, those that name the other side.
    """

    source: str
    kind: str
    narrative: str
    documents: int
    named: int
