"""The tagging stage: texts the lexicon has not seen as they are now, in batches."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import Final

from corpus.model import Field, StoredMention
from corpus.store import Store, Tagged, TextRow
from nlp.tagger import Tagger

BATCH: Final = 500


def tag_text(tagger: Tagger, text: TextRow) -> Tagged:
    """Tag one stored text, title and body. Pure: the same text always gives the same."""
    sentences = 0
    mentions: list[StoredMention] = []
    fields: tuple[tuple[Field, str], ...] = (("title", text.title), ("body", text.body))
    for field, content in fields:
        if not content.strip():
            continue
        found, ends = tagger.matcher(text.language).read(content, text.day or "")
        sentences += len(ends)
        mentions += [StoredMention(text.row, field, min(bisect_right(ends, m.start), len(ends) - 1), m) for m in found]
    return Tagged(text, sentences, tuple(mentions))


def tag_store(store: Store, tagger: Tagger, report: Callable[[int], None] = lambda _: None) -> int:
    """Tag every text that this lexicon has not seen as it is now.

    Each batch is one transaction: after an interrupt the rest is left to do, and
    nothing is done twice.

    Args:
        store: open for writing.
        tagger: whose version is recorded with every mention.
        report: told how many texts each batch tagged.

    Returns:
        how many texts were tagged.
    """
    done = last = 0
    while batch := store.untagged(tagger.version, after=last, limit=BATCH):
        store.save_tagged([tag_text(tagger, text) for text in batch], tagger.version)
        last = batch[-1].row
        done += len(batch)
        report(len(batch))
    return done
