"""Results into a store: each to the document it was made of, as long as that still says the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from corpus.copies import Block, Compared, compared
from corpus.errors import InputError
from corpus.store import Store, Tagged, TextRow, Wanting
from corpus.store.framings import StoredFraming
from nlp.changes import code_version, lexicon_files
from nlp.engine.place import Place
from nlp.engine.results import READINGS, Reading, copies_name, read_copies, read_readings
from nlp.engine.tasks import Job, Missing
from nlp.engine.versions import Versions

_DAMAGED: Final = (pa.ArrowException, OSError, ValueError, KeyError)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of results.

    Attributes:
        tagged: documents that got mentions.
        framed: documents that got framings.
        missing: results that could not be read, and have been removed, so that they are made again.
    """

    tagged: int
    framed: int
    missing: tuple[Missing, ...]


def results_at(job: Job) -> list[str]:
    """Give the names of the results of reading there are.

    Raises:
        InputError: the place cannot be listed.
    """
    try:
        return [name for name in Place(job.results).names() if name.startswith(f"{READINGS}/")]
    except OSError as error:
        raise InputError(f"{job.results} cannot be read: {error}.") from None


def load_readings(
    store: Store, job: Job, names: Sequence[str], report: Callable[[str], None] = lambda _: None
) -> Loaded:
    """Give the documents of a store the mentions and framings that were found in them elsewhere.

    What is not stored, says something else by now, or has them already is passed over.
    After an interrupt the rest is left to do, and nothing is done twice.

    Args:
        store: open for writing.
        job: whose results; of these versions.
        names: of files of readings.
        report: told each file that is done.
    """
    store.keep_lexicon(job.versions.lexicon, code_version(), lexicon_files(None))
    place, tagged, framed = Place(job.results), 0, 0
    missing: list[Missing] = []
    for name in names:
        try:
            with place.open(name) as file:
                for batch in read_readings(file):
                    counts = _load(store, batch, job.versions)
                    tagged, framed = tagged + counts[0], framed + counts[1]
        except _DAMAGED as error:
            place.remove(name)
            missing.append(Missing(name, f"{error}".partition("\n")[0]))
        report(name)
    return Loaded(tagged, framed, tuple(missing))


def _load(store: Store, batch: Sequence[Reading], own: Versions) -> tuple[int, int]:
    identities = [(reading.id, reading.language, reading.hash, reading.day) for reading in batch]
    wanting = store.wanting(identities, own.lexicon, own.frames)
    wanted = {reading.id: (wanting[reading.id], reading) for reading in batch if reading.id in wanting}.values()
    tagged = [
        Tagged(_text(want, reading), reading.sentences, reading.mentions_of(want.row))
        for want, reading in wanted
        if want.untagged
    ]
    naming = [(want, reading) for want, reading in wanted if reading.mentions]
    framings: list[StoredFraming] = [f for want, reading in naming for f in reading.framings_of(want.row)]
    store.save_tagged(tagged, own.lexicon)
    store.save_framings([_text(*one) for one in naming], framings, own.frames)
    return len(tagged), len(naming)


def _text(want: Wanting, reading: Reading) -> TextRow:
    """Name a text to the store, which has it already."""
    return TextRow(want.row, want.outlet, reading.language, reading.day, "", "", reading.hash)


def compared_elsewhere(job: Job, told: Callable[[Block], None] = lambda _: None) -> Callable[[Store, Block], Compared]:
    """Give what `corpus.copies.group_store` compares a block with: the result made elsewhere, where there is one.

    A result serves only where it was made of exactly the texts that the store has; else
    the block is compared here.

    Args:
        job: whose results.
        told: is told of each block that had its result.
    """
    place = Place(job.results)

    def compare(store: Store, block: Block) -> Compared:
        members = store.members_between(block.language, block.first, block.last)
        name = copies_name(block, [(m.id, m.hash, m.outlet, m.day) for m in members])
        if not place.has(name):
            return compared(store, block)
        try:
            with place.open(name) as file:
                pairs = read_copies(file)
        except _DAMAGED:
            place.remove(name)
            return compared(store, block)
        told(block)
        row_of = {m.id: m.row for m in members}
        links = sorted((min(a, b), max(a, b)) for a, b in ((row_of[one], row_of[other]) for one, other in pairs))
        return [m.row for m in members], links

    return compare
