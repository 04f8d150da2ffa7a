"""A workspace's own work, spread: what is new goes out as partitions, and comes back as results."""

from __future__ import annotations

from collections.abc import Callable

from corpus.copies import RULE, Block, blocks_to_compare
from corpus.parquet import export
from corpus.store import Store
from nlp.engine.place import Place
from nlp.engine.results import copies_name
from nlp.engine.tasks import Job
from nlp.run import affected_by
from nlp.tagger import Tagger


def to_spread(store: Store, job: Job) -> tuple[frozenset[int], frozenset[Block]]:
    """Give the rows of all documents that a job is to have, and the blocks it is to compare.

    Blocks whose result lies there already are left out. So are texts that the present lexicon may tag as the
    last one did: `nlp.run.tag_store` looks through them faster than they could be sent.
    """
    affected, results = affected_by(store, Tagger.load()), Place(job.results)
    rows = {
        row
        for row, language, by in store.to_read(job.versions.lexicon, job.versions.frames)
        if (language, by) not in affected
    }
    blocks = set()
    for block in blocks_to_compare(store.unlinked(RULE)):
        members = store.members_between(block.language, block.first, block.last)
        if members and not results.has(copies_name(block, [(m.id, m.hash, m.outlet, m.day) for m in members])):
            rows.update(member.row for member in members)
            blocks.add(block)
    return frozenset(rows), frozenset(blocks)


def send(store: Store, job: Job, rows: frozenset[int], report: Callable[[int], None] = lambda _: None) -> int:
    """Write documents where the job reads them; what lay there before is replaced."""
    return export(store, job.documents, report, rows=rows)
