"""The tagging stage: texts the lexicon has not seen as they are now, in batches, on all cores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from corpus.errors import WorkerError
from corpus.model import Field, StoredMention
from corpus.store import Store, Tagged, TextRow
from nlp.changes import Comparison, Finder, code_version, lexicon_files
from nlp.pool import in_order
from nlp.tagger import Tagger

BATCH: Final = 500
BATCH_CHARACTERS: Final = 2_000_000
# Fewer texts are tagged before a second process has started and compiled its lexicon.
ALONE: Final = 50_000

# A text, and the version that tagged it as it is now ("": none did).
Todo = tuple[TextRow, str]
# What each group of texts (language, version that tagged them) may be affected by.
Affected = dict[tuple[str, str], frozenset[str]]


def tag_text(tagger: Tagger, text: TextRow) -> Tagged:
    """Tag one stored text, title and body. Pure: the same text always gives the same."""
    sentences = 0
    mentions: list[StoredMention] = []
    matcher = tagger.matcher(text.language)
    day = text.day or ""
    fields: tuple[tuple[Field, str], ...] = (("title", text.title), ("body", text.body))
    for name, content in fields:
        if not content or content.isspace():
            continue
        read = matcher.read(content, day)
        sentences += read.sentences
        if read.mentions:
            mentions += [
                StoredMention(text.row, name, place, mention)
                for mention, place in zip(read.mentions, read.places, strict=True)
            ]
    return Tagged(text, sentences, tuple(mentions))


@dataclass(slots=True)
class BatchTagger:
    """Tags batches, and passes over texts that a changed lexicon cannot affect.

    Attributes:
        tagger: what tags.
        affected: by what texts tagged by an older lexicon may be affected; a group that is not in it is tagged.
    """

    tagger: Tagger
    affected: Affected
    _finders: dict[tuple[str, str], Finder] = field(default_factory=dict)

    def tag(self, batch: Sequence[Todo]) -> list[tuple[int, tuple[StoredMention, ...]] | None]:
        """Give for each text its sentences and mentions, or None where it keeps those it has.

        Texts are read language by language: each language's automaton is larger than a
        processor's cache, and reading them in turn takes half as long again.
        """
        results: list[tuple[int, tuple[StoredMention, ...]] | None] = [None] * len(batch)
        for place in sorted(range(len(batch)), key=lambda place: batch[place][0].language):
            results[place] = self._tag(*batch[place])
        return results

    def _tag(self, text: TextRow, by: str) -> tuple[int, tuple[StoredMention, ...]] | None:
        group = (text.language, by)
        if group in self.affected:
            if group not in self._finders:
                self._finders[group] = Finder(self.affected[group])
            finder = self._finders[group]
            if not finder.finds(text.title) and not finder.finds(text.body):
                return None
        tagged = tag_text(self.tagger, text)
        return tagged.sentences, tagged.mentions


def tag_store(store: Store, tagger: Tagger, report: Callable[[int], None] = lambda _: None, *, workers: int = 1) -> int:
    """Tag every text that this lexicon has not seen as it is now, and that it may tag otherwise than the last.

    Each batch is one transaction, written in the order of the documents: after an
    interrupt the rest is left to do, and nothing is done twice. What comes out is the same
    whatever the number of workers.

    Args:
        store: open for writing.
        tagger: whose version is recorded with every mention.
        report: told how many texts each batch held.
        workers: processes to tag with; 1: none but this one.

    Returns:
        how many texts were tagged.

    Raises:
        WorkerError: a worker died.
    """
    store.keep_lexicon(tagger.version, code_version(), lexicon_files(tagger.folder))
    affected = affected_by(store, tagger)
    store.vouch([group for group, spellings in affected.items() if not spellings], tagger.version)
    rows = store.untagged_rows(tagger.version)
    done = 0
    for batch, results in _results(BatchTagger(tagger, affected), _batches(store, rows), len(rows), workers):
        tagged = [Tagged(text, *result) for (text, _), result in zip(batch, results, strict=True) if result is not None]
        store.save_tagged(tagged, tagger.version)
        done += len(tagged)
        report(len(batch))
    store.vouch(affected, tagger.version)
    return done


def affected_by(store: Store, tagger: Tagger) -> Affected:
    """Compare the lexicon with those that texts are tagged by; a group that is not in it is to be tagged whole."""
    affected: Affected = {}
    for version, groups in store.outdated(tagger.version).items():
        files = store.kept_lexicon(version, code_version())
        if not files:
            continue
        with closing(Comparison(files, tagger.folder)) as comparison:
            for language, by in groups:
                spellings = comparison.changed(language)
                if spellings is not None:
                    affected[language, by] = spellings
    return affected


def _batches(store: Store, rows: Sequence[int]) -> Iterator[list[Todo]]:
    batch: list[Todo] = []
    characters = 0
    for text, by in store.texts_at(rows):
        batch.append((text, by))
        characters += len(text.title) + len(text.body)
        if len(batch) == BATCH or characters > BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


Result = list[tuple[int, tuple[StoredMention, ...]] | None]


def _results(
    tagger: BatchTagger, batches: Iterator[list[Todo]], texts: int, workers: int
) -> Iterator[tuple[list[Todo], Result]]:
    if workers == 1 or texts < ALONE:
        return ((batch, tagger.tag(batch)) for batch in batches)
    prepare = partial(_prepare, tagger.tagger.folder, tagger.tagger.version, tagger.affected)
    return in_order(_tag_in_worker, batches, workers, prepare)


_worker: list[BatchTagger] = []  # in a worker process, the one it tags with


def _prepare(folder: Path | None, version: str, affected: Affected) -> None:
    tagger = Tagger.load(folder)
    if tagger.version != version:
        raise WorkerError("The lexicon changed while texts were being tagged with it. Run the command again.")
    _worker[:] = [BatchTagger(tagger, affected)]


def _tag_in_worker(batch: list[Todo]) -> Result:
    return _worker[0].tag(batch)
