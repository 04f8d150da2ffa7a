"""Is the store whole? What must always hold of it, and what does not."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Final

from corpus.model import Count, text_hash
from corpus.store.counts import Counts
from corpus.store.rows import COUNTS, DocumentFacts

CountFacts = Callable[[Iterable[DocumentFacts]], Iterable[Count]]
MakeStories = Callable[[Iterable[tuple[int, int]], dict[int, str | None]], dict[int, int]]
Report = Callable[[str], None]

_SHOWN: Final = 5  # examples of one kind of fault
_COUNT_FIELDS: Final = tuple(f.name for f in fields(Count))
_in_order: Final = attrgetter(*_COUNT_FIELDS)

# What must find nothing: a sentence that holds the number found, and the documents it is about.
_RULES: Final = (
    (
        "{n} documents have no key: they would be taken again",
        "SELECT id FROM documents d WHERE NOT EXISTS (SELECT 1 FROM keys k WHERE k.document = d.row)",
    ),
    (
        "{n} documents hold a text that is not among their versions",
        (
            "SELECT id FROM documents d WHERE NOT EXISTS "
            "(SELECT 1 FROM versions v WHERE v.document = d.row AND v.hash = d.hash)"
        ),
    ),
    (
        "{n} documents were brought by no source",
        "SELECT id FROM documents d WHERE NOT EXISTS (SELECT 1 FROM deliveries v WHERE v.document = d.row)",
    ),
    (
        "{n} documents count though only searches brought them, or the other way round",
        "SELECT id FROM documents d WHERE sampled <> (SELECT min(sampled) FROM deliveries v WHERE v.document = d.row)",
    ),
    (
        "{n} documents that were never tagged have mentions",
        (
            "SELECT id FROM documents d WHERE tagged_version IS NULL "
            "AND EXISTS (SELECT 1 FROM mentions m WHERE m.document = d.row)"
        ),
    ),
    (
        "{n} mentions lie outside their text",
        (
            "SELECT d.id FROM mentions m JOIN documents d ON d.row = m.document WHERE d.tagged_hash IS d.hash AND NOT "
            "(0 <= m.start AND m.start < m.end "
            "AND m.end <= length(CASE m.field WHEN 'title' THEN d.title ELSE d.body END))"
        ),
    ),
    (
        "{n} mentions overlap the one before them",
        (
            "SELECT id FROM (SELECT d.id, m.start, lag(m.end) OVER (PARTITION BY m.document, m.field ORDER BY m.start) "
            "AS before FROM mentions m JOIN documents d ON d.row = m.document) WHERE start < before"
        ),
    ),
)
_STORY_RULES: Final = (
    (
        "{n} stories are not what their documents make them",
        (
            "SELECT id FROM (SELECT id, documents, outlets, first_day FROM stories EXCEPT "
            "SELECT story, count(*), count(DISTINCT outlet), min(day) "
            "FROM documents WHERE story IS NOT NULL GROUP BY story)"
        ),
    ),
    (
        "{n} documents belong to a story that is not listed",
        "SELECT id FROM documents WHERE story IS NOT NULL AND story NOT IN (SELECT id FROM stories)",
    ),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not hold.

    Attributes:
        said: a sentence without its full stop.
        remedy: what to do.
    """

    said: str
    remedy: str = "Restore the store from a backup, or make a new workspace and import the files again."


ANEW: Final = "Run: narra count --anew"
_UNFINISHED: Final = (
    "SELECT EXISTS (SELECT 1 FROM documents WHERE "
    f"CASE WHEN {COUNTS} THEN linked IS NULL OR linked NOT LIKE hash || ' ' || coalesce(day, '') || ' %' "
    "ELSE linked IS NOT NULL END)"
)


class Check(Counts):
    """Verbs for checking."""

    def faults(self, count: CountFacts, make_stories: MakeStories, report: Report = lambda _: None) -> Iterator[Fault]:
        """Look at everything, and give what does not hold. Nothing is changed.

        Args:
            count: makes counts of documents.
            make_stories: makes stories of links and of the days of all rows.
            report: told what is looked at next.
        """
        report("the file")
        if broken := self._damage():
            yield Fault(f"SQLite finds the file damaged: {broken}")
            return  # whatever else is read from it says nothing
        report("references")
        yield from self._orphans()
        for said, sql in _RULES:
            report(said.removeprefix("{n} ").partition(":")[0])
            yield from self._broken_rule(said, sql)
        report("texts")
        yield from self._altered_texts()
        report("stories")
        yield from self._wrong_stories(make_stories)
        report("counts")
        yield from self._wrong_counts(count)

    def _damage(self) -> str:
        try:
            said = [str(message) for (message,) in self._db.conn.execute("PRAGMA integrity_check(5)")]
        except sqlite3.DatabaseError as error:
            return str(error)
        return "" if said == ["ok"] else "; ".join(said)

    def _orphans(self) -> Iterator[Fault]:
        found = list(
            self._db.conn.execute('SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2')
        )
        for table, parent, number in found:
            yield Fault(f"{number:,} rows of {table} belong to {parent} that are not there")

    def _broken_rule(self, said: str, sql: str) -> Iterator[Fault]:
        number = int(next(self._rows(f"SELECT count(*) AS n FROM ({sql})"))["n"])
        if number:
            shown = ", ".join(str(row[0]) for row in self._db.conn.execute(f"{sql} LIMIT {_SHOWN}"))
            yield Fault(f"{said.format(n=f'{number:,}')} ({shown}{' …' if number > _SHOWN else ''})")

    def _altered_texts(self) -> Iterator[Fault]:
        altered = [
            id_
            for id_, title, body, hash_ in self._db.conn.execute("SELECT id, title, body, hash FROM documents")
            if text_hash(title, body) != hash_
        ]
        if altered:
            shown = ", ".join(altered[:_SHOWN])
            yield Fault(f"{len(altered):,} texts are not what was stored: their hash differs ({shown})")

    def _wrong_stories(self, make_stories: MakeStories) -> Iterator[Fault]:
        if next(self._db.conn.execute(_UNFINISHED))[0]:
            return  # the next run looks for copies; what it will find is not known yet
        for said, sql in _STORY_RULES:
            yield from self._broken_rule(said, sql)
        linked = f"FROM documents WHERE {COUNTS}"
        days: dict[int, str | None] = dict(self._db.conn.execute(f"SELECT row, day {linked}"))
        links = self._db.conn.execute("SELECT document, copy FROM links")
        right = make_stories([(one, other) for one, other in links if one in days and other in days], days)
        wrong = sum(right[row] != story for row, story in self._db.conn.execute(f"SELECT row, story {linked}"))
        if wrong:
            yield Fault(f"{wrong:,} documents are in another story than their copies say", ANEW)

    def _wrong_counts(self, count: CountFacts) -> Iterator[Fault]:
        if not self.counts_are_current():
            return
        if self._number("stale"):
            yield Fault("The counts are said to be up to date, and some are not", ANEW)
        days = "SELECT narrative, day FROM documents WHERE narrative IS NOT NULL AND day IS NOT NULL"
        wrong = 0
        for narrative, day in self._db.conn.execute(f"{days} UNION SELECT narrative, day FROM counts").fetchall():
            stored = self._db.conn.execute(
                f"SELECT {', '.join(_COUNT_FIELDS)} FROM counts WHERE narrative = ? AND day = ?", (narrative, day)
            )
            wrong += len(set(stored) ^ set(map(_in_order, count(self.facts_of_day(narrative, day)))))
        if wrong:
            yield Fault(f"The counts are not what the mentions say ({wrong:,} rows differ)", ANEW)

    def _number(self, table: str) -> int:
        return int(next(self._rows(f"SELECT count(*) AS n FROM {table}"))["n"])

    def search_fault(self) -> str:
        """Ask the full-text index, where there is one, whether it is sound; "" where nothing is wrong.

        Its own check is a statement that writes, so this waits for a writer, and undoes it.
        """
        if not self._db.table("search").exists():
            return ""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("INSERT INTO search(search) VALUES ('integrity-check')")
        except sqlite3.DatabaseError as error:
            return str(error)
        finally:
            self._db.conn.rollback()
        return ""
