"""Warn of sources that look like the result of a search: shares of such documents say what was asked."""

from __future__ import annotations

from typing import Final

from corpus.model import MEMBERS
from corpus.store import Store
from results.language import say

# Of all that an outlet prints, few documents name the other side; of what a search found, most do.
OTHER_SIDE: Final = {"korea": ("ASEAN", "SEA", *MEMBERS), "asean": ("KR", "KOREA")}
# Fewer documents say nothing.
LEAST: Final = 20
MOST: Final = 0.5
_NAMES: Final = {"korea": "ASEAN, Southeast Asia or a member", "asean": "Korea"}


def suspicions(store: Store) -> list[str]:
    """Give a sentence for each source whose news documents name the other side implausibly often.

    Only of documents that are tagged and count; official bodies of ASEAN and of Korea may well
    speak of nothing else, so they are not looked at.
    """
    return [
        say(
            "{source} looks like what a search found: {share:.0%} of its {documents:,} news documents name {others}. "
            "If it is, their shares say what was searched for: import it again with --sampled.",
            source=s.source,
            share=s.named / s.documents,
            documents=s.documents,
            others=say(_NAMES[s.narrative]),
        )
        for s in store.suspects(OTHER_SIDE, LEAST, MOST)
    ]
