"""The store: the only package that speaks SQL.

One SQLite file over sqlite-utils, in WAL mode, so that reports are read while a
run writes. Every verb that writes is one transaction: after an interrupt the
store is as it was before the verb or after it, and nothing between. One module
holds the verbs of one idea; `Store` is all of them.
"""

from __future__ import annotations

from corpus.store.backup import Backup
from corpus.store.base import explain, now
from corpus.store.check import Check, Fault
from corpus.store.collecting import Collecting
from corpus.store.elsewhere import Elsewhere, Member, Wanting
from corpus.store.evidence import Evidences
from corpus.store.framings import Framings
from corpus.store.mentions import Mentions
from corpus.store.reprints import Reprint, Reprints
from corpus.store.rows import (
    DocumentFacts,
    Evidence,
    Gap,
    Health,
    Outcome,
    Partition,
    Recalled,
    Suspect,
    Tagged,
    TextRow,
    VisitEnd,
    VisitPlan,
    Watched,
)
from corpus.store.search import Searching, Tokens
from corpus.store.series import AwarenessSeries, SeriesOutcome
from corpus.store.stories import Stories
from corpus.store.topics import Topics
from corpus.store.words import NearText, WordCount, Words


class Store(
    Collecting,
    Stories,
    Framings,
    Topics,
    Mentions,
    Elsewhere,
    Check,
    Words,
    Reprints,
    Evidences,
    AwarenessSeries,
    Searching,
    Backup,
):
    """A workspace's store. Use it as a context manager; it closes itself."""


__all__ = [
    "DocumentFacts",
    "Evidence",
    "Fault",
    "Gap",
    "Health",
    "Member",
    "NearText",
    "Outcome",
    "Partition",
    "Recalled",
    "Reprint",
    "SeriesOutcome",
    "Store",
    "Suspect",
    "Tagged",
    "TextRow",
    "Tokens",
    "VisitEnd",
    "VisitPlan",
    "Wanting",
    "Watched",
    "WordCount",
    "explain",
    "now",
]
