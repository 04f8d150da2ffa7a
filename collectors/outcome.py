"""How a collection ends: one word of a fixed vocabulary, and what it means.

A run that got nothing because it was refused is never stored as zero coverage:
these series are the measurement.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from corpus.errors import NarraError
from corpus.model import Document, Refusal

Status = Literal[
    "ok",
    "ok_empty_confirmed",
    "not_modified",
    "malformed_recovered",
    "gap_suspected",
    "truncated_at_cap",
    "stale",
    "rejected_query",
    "auth",
    "quota",
    "rate_limited",
    "blocked",
    "disallowed",
    "gone",
    "unreachable",
    "wrong_content",
    "malformed",
    "interrupted",
]
STATUSES: Final[tuple[Status, ...]] = get_args(Status)

# After these the window counts as seen; after any other it is a gap.
COVERED: Final[frozenset[Status]] = frozenset({"ok", "ok_empty_confirmed", "not_modified", "malformed_recovered"})
# After these part of the window was seen.
PARTLY_COVERED: Final[frozenset[Status]] = frozenset({"gap_suspected", "truncated_at_cap", "stale"})

MEANINGS: Final[dict[Status, str]] = {
    "ok": "Documents came.",
    "ok_empty_confirmed": "The source answered properly, and has nothing for this time.",
    "not_modified": "Nothing has changed since the last visit.",
    "malformed_recovered": "The answer was broken in places; what could be read was taken.",
    "gap_suspected": "The oldest item is newer than the newest of the visit before: something may have been missed.",
    "truncated_at_cap": "The source gives only so many items, and there were more.",
    "stale": "The newest item is old: the source may be dead.",
    "rejected_query": "The source did not accept the question.",
    "auth": "A key is missing, wrong or expired.",
    "quota": "The allowance of the key is used up.",
    "rate_limited": "The source asked to be left alone for a while.",
    "blocked": "A wall, not the source, answered (or the connection was reset).",
    "disallowed": "robots.txt forbids the address.",
    "gone": "The address no longer exists.",
    "unreachable": "No answer: no such host, no route, a time-out, or an error of the server's.",
    "wrong_content": "Something else came than was asked for, such as a web page for a feed.",
    "malformed": "The answer could not be read.",
    "interrupted": "The run was stopped before its end.",
}


class SourceError(NarraError):
    """A source's visit ends here, with this status.

    Args:
        status: one of `STATUSES` that is neither covered nor partly covered.
        detail: what exactly, in a sentence; never holds a key.
        retry_after: seconds after which to come again, where the source said so.
    """

    exit_code = 8

    def __init__(self, status: Status, detail: str, retry_after: float | None = None) -> None:
        super().__init__(f"{status}: {detail}")
        self.status = status
        self.detail = detail
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Batch:
    """A piece of a collection, saved in one transaction.

    Attributes:
        documents: to be stored.
        refusals: items that could not be taken, each with its reason.
        memory: what the source wants to remember (a cursor, hashes of a feed's items),
            saved together with the documents; the next visit, or the rerun after a kill,
            is given it.
        status: set on the last batch where it is not plain ok: one of the covered or
            partly covered ones.
        detail: what exactly.
    """

    documents: tuple[Document, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    memory: dict[str, str] = field(default_factory=dict)
    status: Status | None = None
    detail: str = ""
