"""Counts: the hand-over between language and statistics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, fields
from typing import Any, Final

from corpus.errors import NoAnswerError
from corpus.model import Count
from corpus.store.records import Records
from corpus.store.rows import DocumentFacts

_COUNT_FIELDS: Final = tuple(f.name for f in fields(Count))


class Counts(Records):
    """Verbs for counts."""

    def facts(self) -> Iterator[DocumentFacts]:
        """Give what counting needs, document by document: tagged, dated, on a side, not set aside."""
        sql = """
            SELECT d.row, d.narrative, d.outlet, d.language, d.kind, d.day, d.sentences,
                   d.story IS NULL OR d.story = d.row AS represents_story, d.title <> '' AS has_title,
                   m.entity, m.form_class, m.field, m.sentence
            FROM documents d LEFT JOIN mentions m ON m.document = d.row
            WHERE d.narrative IS NOT NULL AND d.day IS NOT NULL AND d.excluded = '' AND d.tagged_version IS NOT NULL
            ORDER BY d.row
        """
        current: dict[str, Any] | None = None
        names: list[tuple[str, str, str, int]] = []
        for r in self._rows(sql):
            if current is not None and r["row"] != current["row"]:
                yield _facts(current, names)
                names = []
            current = r
            if r["entity"] is not None:
                names.append((r["entity"], r["form_class"], r["field"], r["sentence"]))
        if current is not None:
            yield _facts(current, names)

    def replace_counts(self, counts: Iterable[Count]) -> int:
        """Replace all counts. One transaction.

        Returns:
            how many rows were written.
        """
        names = ", ".join(_COUNT_FIELDS)
        marks = ", ".join("?" * len(_COUNT_FIELDS))
        with self._db.atomic():
            changes = self.state("changes") or "0"
            self._db.execute("DELETE FROM counts")
            self._db.conn.executemany(f"INSERT INTO counts ({names}) VALUES ({marks})", map(astuple, counts))
            self._db.execute("INSERT OR REPLACE INTO state VALUES ('counted', ?)", (changes,))
            return int(next(self._rows("SELECT count(*) AS n FROM counts"))["n"])

    def counts_are_current(self) -> bool:
        """Tell whether nothing that counts depend on has changed since they were made."""
        return self.state("counted") is not None and self.state("counted") == (self.state("changes") or "0")

    def counts(self, kinds: Sequence[str] = ("news", "official"), classes: Sequence[str] | None = None) -> list[Count]:
        """Give the counts of these kinds of document, and of these classes of form (None: all).

        Raises:
            NoAnswerError: the counts are older than the documents or mentions.
        """
        if not self.counts_are_current():
            raise NoAnswerError("The counts are not up to date with the documents. Run: narra run")
        names = ", ".join(_COUNT_FIELDS)
        marks = ", ".join("?" * len(kinds))
        values = list(kinds)
        chosen = f"kind IN ({marks})"
        if classes is not None:
            chosen += f" AND form_class IN ({', '.join('?' * len(classes))})"
            values += classes
        order = "narrative, target, form_class, frame, day, outlet, language, kind"
        sql = f"SELECT {names} FROM counts WHERE {chosen} ORDER BY {order}"
        return [Count(**r) for r in self._rows(sql, values)]


def _facts(r: dict[str, Any], names: list[tuple[str, str, str, int]]) -> DocumentFacts:
    return DocumentFacts(
        narrative=r["narrative"],
        outlet=r["outlet"],
        language=r["language"],
        kind=r["kind"],
        day=r["day"],
        represents_story=bool(r["represents_story"]),
        sentences=r["sentences"],
        has_title=bool(r["has_title"]),
        names=tuple(names),
    )
