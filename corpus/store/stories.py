"""Copies and stories."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from corpus.store.base import Base
from corpus.store.rows import COUNTS, TEXT_COLUMNS, TextRow

Group = Callable[[list[tuple[int, int]], dict[int, str | None]], dict[int, int]]

# Hash, day and rule.
_LINKED: Final = "hash || ' ' || coalesce(day, '') || ' ' || :rule"


@dataclass(frozen=True, slots=True)
class Stale:
    """A document that is not, or not as it is now, among the links.

    Attributes:
        row: its number.
        language: its language.
        day: as an ISO prefix, "" where there is none.
        counts: whether it counts (see `COUNTS`).
        linked_day: the day it had when it was last linked; None: it never was.
        relink: whether its links no longer are where those of its day are, so that they must go first.
    """

    row: int
    language: str
    day: str
    counts: bool
    linked_day: str | None
    relink: bool

    @property
    def days(self) -> set[str]:
        """The days on which it makes a difference: now, and when it was linked."""
        now = {self.day} if self.counts else set()
        return now if self.linked_day is None else now | {self.linked_day}


class Stories(Base):
    """Verbs for copies: which documents are, and the stories they make."""

    def texts(self, after: int = 0, limit: int = 1000) -> list[TextRow]:
        """Give up to ``limit`` texts that count (see `COUNTS`), by row, after row ``after``."""
        sql = f"SELECT {TEXT_COLUMNS} FROM documents WHERE row > ? AND {COUNTS} ORDER BY row LIMIT ?"
        return [TextRow(**r) for r in self._rows(sql, [after, limit])]

    def unlinked(self, rule: str) -> list[Stale]:
        """Give the documents that ``rule`` has not compared as they are now, without their texts.

        With them come those that it, or another rule, has compared and that count no more.
        """
        sql = f"""
            SELECT row, language, coalesce(day, '') AS day, {COUNTS} AS counts, linked FROM documents
            WHERE CASE WHEN {COUNTS} THEN linked IS NOT {_LINKED} ELSE linked IS NOT NULL END ORDER BY row
        """
        found = []
        for r in self._rows(sql, {"rule": rule}):
            parts = str(r["linked"]).split(" ") if r["linked"] is not None else None
            was = parts[1] if parts else None
            relink = parts is not None and (was != r["day"] or parts[2] != rule or not r["counts"])
            found.append(Stale(r["row"], r["language"], r["day"], bool(r["counts"]), was, relink))
        return found

    def texts_between(self, language: str, first: str, last: str) -> list[TextRow]:
        """Give the texts that count of a language and of these days; of one vague date, or '', where both are that."""
        when, values = spanning(first, last)
        sql = f"SELECT {TEXT_COLUMNS} FROM documents WHERE language = ? AND {when} AND {COUNTS} ORDER BY row"
        return [TextRow(**r) for r in self._rows(sql, [language, *values])]

    def forget_links(self, rows: Sequence[int], group: Group) -> int:
        """Take documents out of all links, and make the stories they were in again. One transaction.

        Returns:
            the number of documents whose story changed.
        """
        if not rows:
            return 0
        with self._touching(rows):
            before = self._around()
            self._db.execute("DELETE FROM links WHERE document IN touched OR copy IN touched")
            return self._regroup(before, group)

    def save_links(self, rows: Sequence[int], links: Iterable[tuple[int, int]], from_day: str, group: Group) -> int:
        """Replace the links between ``rows``, and make again the stories these are or were in. One transaction.

        Args:
            rows: the rows compared with each other.
            links: pairs of them that are copies.
            from_day: links of two documents of days before this are left as they are.
            group: makes stories of links and days.

        Returns:
            the number of documents whose story changed.
        """
        with self._touching(rows):
            before = self._around()
            self._db.execute(
                "DELETE FROM links WHERE document IN touched AND copy IN touched AND ("
                "SELECT max(coalesce(day, '')) FROM documents WHERE row IN (links.document, links.copy)) >= ?",
                [from_day],
            )
            self._db.conn.executemany("INSERT OR IGNORE INTO links VALUES (?, ?)", list(links))
            return self._regroup(before, group)

    def mark_linked(self, rows: Sequence[int], rule: str) -> None:
        """Note that documents have been compared as they are now by ``rule``; those that don't count, by none."""
        with self._db.atomic():
            self._db.conn.executemany(
                f"UPDATE documents SET linked = CASE WHEN {COUNTS} THEN {_LINKED} END WHERE row = :row",
                [{"rule": rule, "row": row} for row in rows],
            )

    @contextmanager
    def _touching(self, rows: Iterable[int]) -> Iterator[None]:
        """Hold rows in the table ``touched``, within one transaction."""
        with self._db.atomic():
            self._db.execute("CREATE TEMP TABLE touched (row INTEGER PRIMARY KEY)")
            try:
                self._touch_rows(rows)
                yield
            finally:
                self._db.execute("DROP TABLE touched")

    def _touch_rows(self, rows: Iterable[int]) -> None:
        self._db.conn.executemany("INSERT OR IGNORE INTO touched VALUES (?)", [(row,) for row in rows])

    def _regroup(self, before: Iterable[int], group: Group) -> int:
        """Make the stories of what is touched, was linked to it ``before``, or is now."""
        run = self._db.conn.executemany
        self._touch_rows(before)
        self._touch_rows(self._around())
        kept = list(self._rows(f"SELECT row, day, story, {COUNTS} AS counts FROM documents WHERE row IN touched"))
        days = {r["row"]: r["day"] for r in kept if r["counts"]}
        pairs = [
            (r["document"], r["copy"])
            for r in self._rows("SELECT * FROM links WHERE document IN touched")
            if r["document"] in days and r["copy"] in days
        ]
        story_of = group(pairs, days)
        changed = [(story_of.get(r["row"]), r["row"]) for r in kept if r["story"] != story_of.get(r["row"])]
        run("UPDATE documents SET story = ? WHERE row = ?", changed)
        # All of them, not only those of documents that moved: a day may have changed within a story.
        run("DELETE FROM stories WHERE id = ?", [(r["story"],) for r in kept if r["story"]])
        self._db.execute(
            "INSERT OR REPLACE INTO stories SELECT story, count(*), count(DISTINCT outlet), min(day) FROM documents "
            "WHERE story IN (SELECT story FROM documents WHERE row IN touched) GROUP BY story"
        )
        if changed:
            self._touch()
        return len(changed)

    def _around(self) -> list[int]:
        """Give all rows that links lead to from those in ``touched``."""
        sql = """
            WITH RECURSIVE reached(row) AS (
                SELECT row FROM touched
                UNION SELECT l.copy FROM links l JOIN reached r ON l.document = r.row
                UNION SELECT l.document FROM links l JOIN reached r ON l.copy = r.row
            )
            SELECT row FROM reached
        """
        return [r["row"] for r in self._rows(sql)]


def spanning(first: str, last: str) -> tuple[str, list[str | int]]:
    """Give the condition that a day lies between two; or is one vague date, or unknown, where both are that."""
    # One condition each, so that the index on language and day serves both.
    return ("day BETWEEN ? AND ? AND length(day) = ?", [first, last, len(first)]) if first else ("day IS NULL", [])
