"""Counts: the hand-over between language and statistics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Final

from corpus.errors import NoAnswerError
from corpus.model import NARRATIVES, Count
from corpus.store.records import Records
from corpus.store.rows import COUNTS, DocumentFacts
from corpus.targets import COUNTED_BY, NAMED

_COUNT_FIELDS: Final = tuple(f.name for f in fields(Count))
_WORDS: Final = 8  # of these fields the first are words, the others numbers
_in_order: Final = attrgetter(*_COUNT_FIELDS)

_FACTS: Final = """
    d.row, d.narrative, d.outlet, d.language, d.kind, d.day, d.sentences,
    d.story IS NULL OR d.story = d.row, d.titled, m.entity, m.form_class, m.field, m.sentence
"""
_COUNTED: Final = f"d.narrative IS NOT NULL AND d.day IS NOT NULL AND {COUNTS} AND d.tagged_version IS NOT NULL"
_CELL: Final = "narrative, day, outlet"
_TOPICS: Final = """
    SELECT s.target, a.scope, CASE WHEN a.topic = -1 THEN -1 ELSE t.counts_as END
    FROM assignments a JOIN topic_models s ON s.scope = a.scope LEFT JOIN topics t ON t.id = a.topic
    WHERE a.document = ? ORDER BY a.scope
"""
_FRAMINGS: Final = (
    "SELECT target, frame, pillar, exchange, people, way FROM framings WHERE document = ? ORDER BY target"
)


class Counts(Records):
    """Verbs for counts."""

    def facts(self) -> Iterator[DocumentFacts]:
        """Give what counting needs, document by document: tagged, dated, on a side, and none of those left out."""
        return self._facts(
            f"SELECT {_FACTS} FROM documents d LEFT JOIN mentions m ON m.document = d.row "
            f"WHERE {_COUNTED} ORDER BY d.row"
        )

    def facts_of_day(self, narrative: str, day: str) -> Iterator[DocumentFacts]:
        """Give what counting needs of one day (an ISO prefix as stored) of one side."""
        sql = (
            f"SELECT {_FACTS} FROM documents d LEFT JOIN mentions m ON m.document = d.row "
            f"WHERE d.narrative = ? AND d.day = ? AND {_COUNTED} ORDER BY d.row"
        )
        return self._facts(sql, (narrative, day))

    def forget_counts(self) -> None:
        """Forget stories and links, and note all counts as out of date, so that all are made anew. One transaction."""
        with self._db.atomic():
            self._db.execute(
                "UPDATE documents SET linked = NULL, story = NULL WHERE coalesce(linked, story) IS NOT NULL"
            )
            self._db.execute("DELETE FROM links")
            self._db.execute("DELETE FROM stories")
            self._touch()
            self._db.execute("DELETE FROM state WHERE key IN ('counted', 'counted_by')")

    def replace_counts(self, counts: Iterable[Count]) -> int:
        """Replace all counts. One transaction.

        Returns:
            how many rows were written.
        """
        with self._db.atomic():
            self._db.execute("DELETE FROM counts")
            self._insert_counts(counts)
            self._db.execute("DELETE FROM stale")
            self._note_counted()
            return self.number_of_counts()

    def number_of_counts(self) -> int:
        """Give how many rows the counts have."""
        return int(next(self._rows("SELECT count(*) AS n FROM counts"))["n"])

    def begin_counting(self) -> int:
        """Note every cell as out of date where the counts were made by other rules, or never.

        Returns:
            how many cells are out of date.
        """
        if self.state("counted") is None or self.state("counted_by") != COUNTED_BY:
            with self._db.atomic():
                self._db.execute("DELETE FROM counts")
                self._db.execute("DELETE FROM stale")
                self._db.execute(f"INSERT INTO stale SELECT DISTINCT {_CELL} FROM documents d WHERE {_COUNTED}")
                self._db.execute("INSERT OR REPLACE INTO state VALUES ('counted', '')")  # begun, and not current
                self._db.execute("INSERT OR REPLACE INTO state VALUES ('counted_by', ?)", (COUNTED_BY,))
        return int(next(self._rows("SELECT count(*) AS n FROM stale"))["n"])

    def recount(self, cells: int, count: Callable[[Iterable[DocumentFacts]], Iterable[Count]]) -> int:
        """Count the next cells that are out of date. One transaction.

        Args:
            cells: how many at most; memory goes by them.
            count: makes counts of documents; all documents of a cell are among them.

        Returns:
            how many cells were counted: 0 when all are up to date, and then that is noted.
        """
        chosen = f"SELECT {_CELL} FROM stale ORDER BY {_CELL} LIMIT :cells"
        with self._db.atomic():
            self._db.execute(f"CREATE TEMP TABLE chosen AS {chosen}", {"cells": cells})
            done = int(next(self._rows("SELECT count(*) AS n FROM chosen"))["n"])
            for table in ("counts", "stale"):
                self._db.execute(f"DELETE FROM {table} WHERE ({_CELL}) IN (SELECT {_CELL} FROM chosen)")
            # CROSS JOIN keeps the order: cell by cell, each by the index, without a look at the texts.
            facts = self._facts(
                f"SELECT {_FACTS} FROM chosen c CROSS JOIN documents d INDEXED BY documents_cell "
                "ON d.narrative = c.narrative AND d.day = c.day AND d.outlet = c.outlet "
                f"LEFT JOIN mentions m ON m.document = d.row WHERE {_COUNTED}"
            )
            self._insert_counts(count(facts))
            self._db.execute("DROP TABLE chosen")  # after a failure the rollback drops it
            if not done:
                self._note_counted()
        return done

    def _facts(self, sql: str, values: Sequence[str] = ()) -> Iterator[DocumentFacts]:
        # Tuples and not dicts: this is read for every mention of the store.
        has_topics = next(self._rows("SELECT EXISTS (SELECT 1 FROM topic_models) AS n"))["n"]
        for document, rows in groupby(self._db.conn.execute(sql, values), key=itemgetter(slice(9))):
            names = tuple(found[9:] for found in rows)
            row, narrative, outlet, language, kind, day, sentences, stands_for_story, titled = document
            named = names[0][0] is not None
            yield DocumentFacts(
                narrative=narrative,
                outlet=outlet,
                language=language,
                kind=kind,
                day=day,
                represents_story=bool(stands_for_story),
                sentences=sentences,
                has_title=bool(titled),
                names=names if named else (),
                framings=tuple(self._db.conn.execute(_FRAMINGS, (row,))) if named else (),
                topics=tuple(self._db.conn.execute(_TOPICS, (row,))) if named and has_topics else (),
            )

    def _insert_counts(self, counts: Iterable[Count]) -> None:
        names = ", ".join(_COUNT_FIELDS)
        marks = ", ".join("?" * len(_COUNT_FIELDS))
        self._db.conn.executemany(f"INSERT INTO counts ({names}) VALUES ({marks})", map(_in_order, counts))

    def _note_counted(self) -> None:
        changes = self.state("changes") or "0"
        self._db.execute("INSERT OR REPLACE INTO state VALUES ('counted', ?)", (changes,))
        self._db.execute("INSERT OR REPLACE INTO state VALUES ('counted_by', ?)", (COUNTED_BY,))

    def counts_are_current(self) -> bool:
        """Tell whether nothing that counts depend on has changed since they were made."""
        by_these_rules = self.state("counted_by") == COUNTED_BY
        return by_these_rules and self.state("counted") == (self.state("changes") or "0")

    def counts(self, kinds: Sequence[str] = ("news", "official"), classes: Sequence[str] | None = None) -> list[Count]:
        """Give the counts of these kinds of document, and of these classes of form (None: all).

        Raises:
            NoAnswerError: the counts are older than the documents or mentions.
        """
        self._require_current()
        marks = ", ".join("?" * len(kinds))
        values = list(kinds)
        chosen = f"kind IN ({marks})"
        if classes is not None:
            chosen += f" AND form_class IN ({', '.join('?' * len(classes))})"
            values += classes
        order = "narrative, target, form_class, frame, day, outlet, language, kind"
        return list(self._counts(f"WHERE {chosen} ORDER BY {order}", values))

    def counts_of(self, form_class: str, kinds: Sequence[str] = ("news", "official")) -> list[Count]:
        """Give the counts of one class of form with the denominators, whatever the frame, in no order.

        Raises:
            NoAnswerError: as `counts`.
        """
        self._require_current()
        # Written out, so that SQLite sees that the index on them serves.
        classes = "'*', 'named'" if form_class == NAMED else "'*', ?"
        marks = ", ".join("?" * len(kinds))
        where = f"WHERE frame = '*' AND form_class IN ({classes}) AND kind IN ({marks})"
        return list(self._counts(where, [*([] if form_class == NAMED else [form_class]), *kinds]))

    def framed_counts(self, form_class: str, kinds: Sequence[str], first: str, last: str) -> Iterator[Count]:
        """Give the counts of one class of form by label of their frame, one after another: they are many.

        Args:
            form_class: ``named`` or ``named+capital``.
            kinds: of document.
            first: ISO prefix of the first day.
            last: the same of the last; days within it are.

        Raises:
            NoAnswerError: as `counts`.
        """
        self._require_current()
        marks = ", ".join("?" * len(kinds))
        where = (
            f"WHERE narrative IN {NARRATIVES} AND day >= ? AND day <= ? "
            f"AND frame <> '*' AND form_class = ? AND kind IN ({marks})"
        )
        return self._counts(where, [first, f"{last}~", form_class, *kinds])

    def denominators(self) -> list[Count]:
        """Give the counts of all documents, whatever they name.

        Raises:
            NoAnswerError: as `counts`.
        """
        self._require_current()
        return list(self._counts("WHERE target = '*' AND frame = '*' AND form_class IN ('*', 'named')", []))

    def _require_current(self) -> None:
        if not self.counts_are_current():
            raise NoAnswerError("The counts are not up to date with the documents. Run: narra run")

    def _counts(self, where: str, values: Sequence[str]) -> Iterator[Count]:
        # The same few words stand in millions of rows: each is kept once.
        kept: dict[str, str] = {}
        for row in self._db.conn.execute(f"SELECT {', '.join(_COUNT_FIELDS)} FROM counts {where}", values):
            words = [kept.setdefault(word, word) for word in row[:_WORDS]]
            yield Count(*words, *row[_WORDS:])  # type: ignore[arg-type]
