"""Words: how often which stand in the sentences that name a target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, NamedTuple

from corpus.store.base import Base
from corpus.store.evidence import WITHHELD, evidence_of
from corpus.store.rows import TEXT_COLUMNS, Evidence, TextRow

Near = Mapping[str, Mapping[str, int]]
"""For each target, how often each word stands in a document's sentences that name it."""

_TEXT: Final = tuple(TEXT_COLUMNS.split(", "))
_HOW: Final = "d.hash || ' ' || d.tagged_version || ' ' || :rule"
_MENTION: Final = "field, start, end, entity, form_class, sentence"


@dataclass(frozen=True, slots=True)
class NearText:
    """A text to read words from.

    Attributes:
        text: title and body.
        narrative: whose talk it is.
        mentions: (field, start, end, entity, form class, sentence) of every name in it.
    """

    text: TextRow
    narrative: str
    mentions: tuple[tuple[str, int, int, str, str, int], ...]


class WordCount(NamedTuple):
    """One word in one outlet's documents of a time, one document a story; `results.contrast` adds them up.

    With c how often the word stands near the target in a document, and n how many words do:

    Attributes:
        outlet: whose documents.
        word: the word, "" for all words together (c is n there).
        times: sum of c over the documents.
        documents: how many have it.
        squares: sum of c * c.
        cross: sum of c * n.
    """

    outlet: str
    word: str
    times: int
    documents: int
    squares: int
    cross: int


class Words(Base):
    """Verbs for words."""

    def unread(self, language: str, rule: str, after: int = 0, limit: int = 500) -> list[NearText]:
        """Give up to ``limit`` texts with names after row ``after`` whose words ``rule`` has not read as they are now.

        With them come texts that had names when they were read and have none now.
        """
        sql = f"""
            SELECT {", ".join(f"d.{column}" for column in _TEXT)}, d.narrative
            FROM documents d LEFT JOIN near_read r ON r.document = d.row
            WHERE d.language = :language AND d.narrative IS NOT NULL AND d.tagged_version IS NOT NULL
              AND r.how IS NOT {_HOW}
              AND (r.how IS NOT NULL OR EXISTS (SELECT 1 FROM mentions m WHERE m.document = d.row))
              AND d.row > :after
            ORDER BY d.row LIMIT :limit
        """
        rows = list(self._rows(sql, {"language": language, "rule": rule, "after": after, "limit": limit}))
        mentions = self._names_of([r["row"] for r in rows])
        return [NearText(_text(r), r["narrative"], mentions.get(r["row"], ())) for r in rows]

    def count_unread(self, language: str, rule: str) -> int:
        """Count the texts `unread` would give."""
        sql = f"""
            SELECT count(*) AS n FROM documents d LEFT JOIN near_read r ON r.document = d.row
            WHERE d.language = :language AND d.narrative IS NOT NULL AND d.tagged_version IS NOT NULL
              AND r.how IS NOT {_HOW}
              AND (r.how IS NOT NULL OR EXISTS (SELECT 1 FROM mentions m WHERE m.document = d.row))
        """
        return int(next(self._rows(sql, {"language": language, "rule": rule}))["n"])

    def _names_of(self, rows: Sequence[int]) -> dict[int, tuple[tuple[str, int, int, str, str, int], ...]]:
        if not rows:
            return {}
        sql = f"SELECT document, {_MENTION} FROM mentions WHERE document IN ({_marks(rows)}) ORDER BY 1, 2, 3"
        found = [tuple(r.values()) for r in self._rows(sql, list(rows))]
        return {document: tuple(r[1:] for r in own) for document, own in groupby(found, key=lambda r: r[0])}

    def save_near(self, batch: Sequence[tuple[NearText, Near]], rule: str) -> None:
        """Replace the words of the texts in ``batch``. One transaction."""
        with self._db.atomic():
            run = self._db.conn.executemany
            run("DELETE FROM near WHERE document = ?", [(near.text.row,) for near, _ in batch])
            ids = self._word_ids(
                {(near.text.language, word) for near, bags in batch for bag in bags.values() for word in bag}
            )
            run(
                "INSERT INTO near VALUES (?, ?, ?, ?)",
                [
                    (near.text.row, target, ids[near.text.language, word], times)
                    for near, bags in batch
                    for target, bag in bags.items()
                    for word, times in bag.items()
                ],
            )
            run(
                f"INSERT OR REPLACE INTO near_read SELECT d.row, {_HOW} FROM documents d WHERE d.row = :row",
                [{"row": near.text.row, "rule": rule} for near, _ in batch],
            )

    def _word_ids(self, words: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
        wanted = sorted(words)
        self._db.conn.executemany("INSERT OR IGNORE INTO words (language, word) VALUES (?, ?)", wanted)
        sql = "SELECT id FROM words WHERE language = ? AND word = ?"
        return {word: int(self._db.execute(sql, word).fetchone()[0]) for word in wanted}

    def near_languages(self, narrative: str, first: str, last: str) -> dict[str, int]:
        """Give the languages of a narrative's documents that have names, from ``first`` to ``last`` (ISO prefixes).

        Returns:
            how many of their documents have words that were read, by language, most first.
        """
        sql = """
            SELECT d.language, sum(r.how IS NOT NULL) AS n
            FROM documents d LEFT JOIN near_read r ON r.document = d.row
            WHERE d.narrative = ? AND d.day >= ? AND d.day <= ?
              AND EXISTS (SELECT 1 FROM mentions m WHERE m.document = d.row)
            GROUP BY d.language ORDER BY n DESC, d.language
        """
        return {r["language"]: int(r["n"]) for r in self._rows(sql, [narrative, first, f"{last}~"])}

    def near(  # noqa: PLR0913 a query has this many conditions
        self,
        *,
        narrative: str,
        language: str,
        target: str,
        months: Sequence[str],
        kinds: Sequence[str],
        outlets: Sequence[str],
    ) -> list[WordCount]:
        """Count the words around a target, one document a story, by outlet and word.

        Args:
            narrative: whose talk.
            language: of the documents.
            target: an entity.
            months: ISO month prefixes.
            kinds: news, official, or both.
            outlets: only these.
        """
        where, values = _chosen(narrative, language, months, kinds, outlets)
        sql = f"""
            WITH bag AS (
                SELECT d.outlet, n.document, n.word, n.times
                FROM documents d JOIN near n ON n.document = d.row
                WHERE {where} AND (d.story IS NULL OR d.story = d.row) AND n.target = ?
            ), size AS (SELECT document, outlet, sum(times) AS n FROM bag GROUP BY document)
            SELECT outlet, '' AS word, sum(n) AS times, count(*) AS documents, sum(n * n) AS squares,
                   sum(n * n) AS cross FROM size GROUP BY outlet
            UNION ALL
            SELECT bag.outlet, w.word, sum(times), count(*), sum(times * times), sum(times * size.n)
            FROM bag JOIN size USING (document) JOIN words w ON w.id = bag.word GROUP BY bag.outlet, bag.word
            ORDER BY 1, 2
        """
        return [WordCount(**r) for r in self._rows(sql, [*values, target])]

    def word_evidence(  # noqa: PLR0913 a query has this many conditions
        self,
        *,
        narrative: str,
        language: str,
        target: str,
        word: str,
        months: Sequence[str],
        kinds: Sequence[str],
        classes: Sequence[str],
        outlets: Sequence[str],
        limit: int,
    ) -> list[Evidence]:
        """List documents in which a word stands near a target, one a story, mixed over outlets, always the same.

        Args:
            narrative: whose talk.
            language: of the documents.
            target: an entity.
            word: the word, as `near` gives it.
            months: ISO month prefixes.
            kinds: news, official, or both.
            classes: of the target's names.
            outlets: only these.
            limit: at most so many documents.

        Returns:
            every mention of the target in these documents: in one of their sentences stands the word.
        """
        where, values = _chosen(narrative, language, months, kinds, outlets)
        sql = f"""
            WITH own AS (
                SELECT d.row, row_number() OVER (PARTITION BY d.outlet ORDER BY n.times DESC, d.id) AS turn
                FROM words w CROSS JOIN near n INDEXED BY near_word ON n.word = w.id AND n.target = ?
                CROSS JOIN documents d ON d.row = n.document
                WHERE w.language = ? AND w.word = ? AND {where} AND (d.story IS NULL OR d.story = d.row)
            ), some AS (
                SELECT own.row, own.turn FROM own JOIN documents d ON d.row = own.row
                ORDER BY own.turn, d.outlet, d.id LIMIT ?
            )
            SELECT d.id, d.outlet, d.language, d.kind, d.day, d.url, d.title, d.body, m.field, m.start, m.end,
                   m.entity, m.form_class, coalesce(s.documents, 1) AS copies, {WITHHELD} AS withheld
            FROM some JOIN documents d ON d.row = some.row
            JOIN mentions m ON m.document = d.row AND m.entity = ? AND m.form_class IN ({_marks(classes)})
            LEFT JOIN stories s ON s.id = d.story
            ORDER BY some.turn, d.outlet, d.id, m.field = 'title', m.start
        """
        return [evidence_of(r) for r in self._rows(sql, [target, language, word, *values, limit, target, *classes])]


def _text(r: dict[str, Any]) -> TextRow:
    return TextRow(**{column: r[column] for column in _TEXT})


def _chosen(
    narrative: str, language: str, months: Sequence[str], kinds: Sequence[str], outlets: Sequence[str]
) -> tuple[str, list[Any]]:
    conditions = [
        "d.narrative = ? AND d.day >= ? AND d.day <= ? AND d.language = ? AND d.excluded = '' AND d.sampled = 0",
        f"substr(d.day, 1, 7) IN ({_marks(months)})",
        f"d.kind IN ({_marks(kinds)})",
        f"d.outlet IN ({_marks(outlets)})",
    ]
    # "~" sorts after every digit and hyphen: the days of the last month lie before it.
    values = [narrative, min(months), f"{max(months)}~", language, *months, *kinds, *outlets]
    return " AND ".join(conditions), values


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
