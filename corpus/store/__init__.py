"""The store: the only package that speaks SQL.

One SQLite file over sqlite-utils, in WAL mode, so that reports are read while a
run writes. Every verb that writes is one transaction: after an interrupt the
store is as it was before the verb or after it, and nothing between. One module
holds the verbs of one idea; `Store` is all of them.
"""

from __future__ import annotations

from corpus.store.base import explain, now
from corpus.store.collecting import Collecting
from corpus.store.counts import Counts
from corpus.store.evidence import Evidences
from corpus.store.mentions import Mentions
from corpus.store.rows import (
    DocumentFacts,
    Evidence,
    Gap,
    Health,
    Outcome,
    Recalled,
    Tagged,
    TextRow,
    VisitEnd,
    VisitPlan,
)
from corpus.store.stories import Stories


class Store(Collecting, Stories, Mentions, Counts, Evidences):
    """A workspace's store. Use it as a context manager; it closes itself."""


__all__ = [
    "DocumentFacts",
    "Evidence",
    "Gap",
    "Health",
    "Outcome",
    "Recalled",
    "Store",
    "Tagged",
    "TextRow",
    "VisitEnd",
    "VisitPlan",
    "explain",
    "now",
]
