"""Topics: which topic each document is of, and what is to be said of topics without loading a model."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from corpus.model import Narrative
from corpus.store.base import Base, now
from corpus.store.rows import COUNTS, TEXT_COLUMNS, TextRow
from corpus.targets import NAMED_CLASSES, TARGETS, members_on

_AT_ONCE: Final = 500  # values bound to one statement: below SQLite's least limit
_LAST: Final = "last_topic"
_members: Final = lru_cache(maxsize=4096)(members_on)


@dataclass(frozen=True, slots=True)
class Naming:
    """A document that counts and names a target.

    Attributes:
        row: its number.
        language: its language.
        day: of publication, as an ISO prefix.
        story: the number of its story, or its own where it has no copy.
    """

    row: int
    language: str
    day: str
    story: int


@dataclass(frozen=True, slots=True)
class StoredModel:
    """What is to be known of a model of topics.

    Attributes:
        scope: ``korea/ASEAN/ko``.
        narrative: whose talk …
        target: … around what, as in `corpus.targets` …
        language: … in which language; ``all`` where the model puts all into one space.
        version: of the model's file, by its content.
        documents: it was fitted on, without repetitions.
        outliers: how many of these are of no topic.
        about: settings, versions of libraries, and whatever else explains it (JSON).
        quality: of held-out documents, by name; None where it was not measured.
        fitted: when (UTC); the store sets it.
    """

    scope: str
    narrative: Narrative
    target: str
    language: str
    version: str
    documents: int
    outliers: int
    about: Mapping[str, Any]
    quality: Mapping[str, float] | None
    fitted: str = ""


@dataclass(frozen=True, slots=True)
class StoredTopic:
    """One topic.

    Attributes:
        id: never given twice, in no scope.
        words: which describe it with their weight and language, the first says most.
        size: documents of it, of those the model was fitted on.
        guides: names of the guides that led to it.
        rows: the documents most of it.
        name: by hand, or empty.
        counts_as: id of the topic its documents are counted for: its own, unless it was merged.
    """

    id: int
    words: tuple[tuple[str, float, str], ...]
    size: int
    guides: tuple[str, ...]
    rows: tuple[int, ...]
    name: str = ""
    counts_as: int = 0


@dataclass(frozen=True, slots=True)
class StoredAssignment:
    """Which topic a document is of: an id, or -1 for none; and how near it is, from 0 to 1."""

    document: int
    topic: int
    score: float


@dataclass(frozen=True, slots=True)
class Representative:
    """A document shown for a topic."""

    topic: int
    document: str
    title: str
    outlet: str
    day: str | None
    url: str | None


class Topics(Base):
    """Verbs for topics."""

    def naming(self, narrative: str, target: str) -> list[Naming]:
        """Give the documents of a narrative that count, are dated, and name a target as it was on their day, by row.

        A document that is not tagged as it is now is left out (`count_outdated_tags` counts these).
        """
        wanted = TARGETS[target]
        entities = (*wanted.entities, *wanted.also, *wanted.without)
        # CROSS JOIN and + keep the order: documents by the index alone, without a look at the texts, then their names.
        sql = f"""
            SELECT d.row, d.language, d.day, coalesce(d.story, d.row), group_concat(DISTINCT m.entity)
            FROM documents d INDEXED BY documents_naming CROSS JOIN mentions m ON m.document = d.row
            WHERE d.narrative = ? AND {COUNTS} AND d.day IS NOT NULL AND d.tagged_hash = d.hash
              AND +m.entity IN ({_marks(entities)}) AND +m.form_class IN ({_marks(NAMED_CLASSES)})
            GROUP BY d.row ORDER BY d.row
        """
        found = self._db.conn.execute(sql, [narrative, *entities, *sorted(NAMED_CLASSES)])
        return [
            Naming(row, language, day, story)
            for row, language, day, story, named in found
            if wanted.holds(frozenset(named.split(",")), _members(day))
        ]

    def count_outdated_tags(self) -> int:
        """Count the documents that count and are not tagged as they are now."""
        sql = f"SELECT count(*) AS n FROM documents WHERE {COUNTS} AND tagged_hash IS NOT hash"
        return int(next(self._rows(sql))["n"])

    def texts_of(self, rows: Sequence[int]) -> Iterator[TextRow]:
        """Give the texts with these numbers, by number."""
        wanted = sorted(rows)
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            sql = f"SELECT {TEXT_COLUMNS} FROM documents WHERE row IN ({_marks(some)}) ORDER BY row"
            yield from [TextRow(**r) for r in self._rows(sql, some)]

    def save_topics(
        self, model: StoredModel, topics: Sequence[StoredTopic], assignments: Iterable[StoredAssignment]
    ) -> None:
        """Put a model in the place of its scope's former one, with the documents it was fitted on. One transaction.

        All that the former model assigned is forgotten.

        Args:
            model: its record.
            topics: of the model, with their final ids.
            assignments: of the documents it was fitted on.
        """
        with self._db.atomic():
            run = self._db.conn.executemany
            self._forget(model.scope)
            self._db.execute(
                "INSERT INTO topic_models VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    model.scope,
                    model.narrative,
                    model.target,
                    model.language,
                    model.version,
                    now(),
                    model.documents,
                    model.outliers,
                    _json(model.about),
                    None if model.quality is None else _json(model.quality),
                ),
            )
            run(
                "INSERT INTO topics VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (t.id, model.scope, _json(t.words), t.size, _json(t.guides), t.name, t.counts_as or t.id)
                    for t in topics
                ],
            )
            run(
                "INSERT INTO topic_documents VALUES (?, ?, ?)",
                [(topic.id, place, row) for topic in topics for place, row in enumerate(topic.rows)],
            )
            self._assign(model.scope, model.version, assignments, fitted=True)
            last = max(self.last_topic(), *(topic.id for topic in topics))
            self._db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (_LAST, str(last)))
            self._touch()

    def _forget(self, scope: str) -> None:
        self._db.execute("DELETE FROM assignments WHERE scope = ?", (scope,))
        self._db.execute("DELETE FROM topic_documents WHERE topic IN (SELECT id FROM topics WHERE scope = ?)", (scope,))
        self._db.execute("DELETE FROM topics WHERE scope = ?", (scope,))
        self._db.execute("DELETE FROM topic_models WHERE scope = ?", (scope,))

    def save_assignments(self, scope: str, version: str, assignments: Sequence[StoredAssignment]) -> None:
        """Add the topics of documents that the model was not fitted on. One transaction.

        Args:
            scope: of a stored model.
            version: of the model that assigned them.
            assignments: one a document.
        """
        with self._db.atomic():
            self._assign(scope, version, assignments, fitted=False)
            if assignments:
                self._touch()

    def _assign(self, scope: str, version: str, assignments: Iterable[StoredAssignment], *, fitted: bool) -> None:
        self._db.conn.executemany(
            "INSERT OR REPLACE INTO assignments VALUES (?, ?, ?, ?, ?, ?)",
            [(a.document, scope, a.topic, a.score, version, int(fitted)) for a in assignments],
        )

    def drop_assignments(self, scope: str, rows: Sequence[int]) -> None:
        """Forget the topics of documents that are not of the scope any more. One transaction."""
        with self._db.atomic():
            run = self._db.conn.executemany
            run("DELETE FROM assignments WHERE document = ? AND scope = ?", [(row, scope) for row in rows])
            if rows:
                self._touch()

    def assigned_rows(self, scope: str) -> set[int]:
        """Give the numbers of the documents whose text, as it is now, the scope's model has assigned."""
        sql = "SELECT document FROM assignments WHERE scope = ?"
        return {int(row) for (row,) in self._db.conn.execute(sql, (scope,))}

    def set_topic_names(self, names: Mapping[int, tuple[str, int]]) -> None:
        """Take over names and merges made by hand: for each topic its name, and the id it counts as. One transaction.

        Topics that are in no present model are passed over.
        """
        with self._db.atomic():
            changed = 0
            for topic, (name, counts_as) in sorted(names.items()):
                self._db.execute("UPDATE topics SET name = ? WHERE id = ? AND name <> ?", (name, topic, name))
                merged = "UPDATE topics SET counts_as = ? WHERE id = ? AND counts_as <> ?"
                changed += self._db.execute(merged, (counts_as, topic, counts_as)).rowcount
            if changed:
                self._touch()

    def last_topic(self) -> int:
        """Give the greatest id a topic ever had, 0 where there was none."""
        found = next(self._rows("SELECT value FROM state WHERE key = ?", [_LAST]), None)
        return int(found["value"]) if found else 0

    def topic_models(self) -> list[StoredModel]:
        """Give the models of all scopes, by scope."""
        return [
            StoredModel(
                **{**r, "about": json.loads(r["about"]), "quality": json.loads(r["quality"]) if r["quality"] else None}
            )
            for r in self._rows("SELECT * FROM topic_models ORDER BY scope")
        ]

    def topics_of(self, scope: str) -> list[StoredTopic]:
        """Give the topics of a scope's model, the largest at fitting first."""
        rows: dict[int, list[int]] = {}
        sql = """
            SELECT r.topic, r.document FROM topic_documents r JOIN topics t ON t.id = r.topic
            WHERE t.scope = ? ORDER BY r.topic, r.place
        """
        for r in self._rows(sql, [scope]):
            rows.setdefault(int(r["topic"]), []).append(int(r["document"]))
        return [
            StoredTopic(
                r["id"],
                tuple((text, weight, language) for text, weight, language in json.loads(r["words"])),
                r["size"],
                tuple(json.loads(r["guides"])),
                tuple(rows.get(r["id"], ())),
                r["name"],
                r["counts_as"],
            )
            for r in self._rows("SELECT * FROM topics WHERE scope = ? ORDER BY size DESC, id", [scope])
        ]

    def topic_sizes(self, scope: str) -> dict[int, int]:
        """Give how many documents, copies included, are of each topic of a scope; -1 is of none."""
        sql = "SELECT topic, count(*) AS n FROM assignments WHERE scope = ? GROUP BY topic"
        return {int(r["topic"]): int(r["n"]) for r in self._rows(sql, [scope])}

    def topics_since(self, scope: str) -> tuple[int, int]:
        """Count the stories that the model was fitted on no copy of: those of no topic, and all.

        The earliest copy stands for its story.
        """
        sql = """
            SELECT coalesce(sum(topic = -1), 0) AS outside, count(*) AS n FROM (
                SELECT a.topic, a.fitted, row_number() OVER (
                    PARTITION BY coalesce(d.story, d.row) ORDER BY a.fitted DESC, d.day, d.row
                ) AS nth
                FROM assignments a JOIN documents d ON d.row = a.document WHERE a.scope = ?
            ) WHERE nth = 1 AND fitted = 0
        """
        found = next(self._rows(sql, [scope]))
        return int(found["outside"]), int(found["n"])

    def representatives(self, scope: str) -> list[Representative]:
        """Give the documents shown for each topic of a scope, those most of it first."""
        sql = """
            SELECT r.topic, d.id AS document, d.title, d.outlet, d.day, d.url
            FROM topic_documents r JOIN topics t ON t.id = r.topic JOIN documents d ON d.row = r.document
            WHERE t.scope = ? ORDER BY r.topic, r.place
        """
        return [Representative(**r) for r in self._rows(sql, [scope])]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _marks(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)
