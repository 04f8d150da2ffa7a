"""Copies and stories."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from corpus.store.base import Base
from corpus.store.rows import TEXT_COLUMNS, TextRow

_LINKED: Final = "hash || ' ' || coalesce(day, '') || ' ' || :rule"


class Stories(Base):
    """Verbs for copies: which documents are, and the stories they make."""

    def texts(self, after: int = 0, limit: int = 1000) -> list[TextRow]:
        """Give up to ``limit`` texts that count (not set aside), by row, after row ``after``."""
        sql = f"SELECT {TEXT_COLUMNS} FROM documents WHERE row > ? AND excluded = '' ORDER BY row LIMIT ?"
        return [TextRow(**r) for r in self._rows(sql, [after, limit])]

    def unlinked(self, rule: str, limit: int = 200_000) -> list[TextRow]:
        """Give up to ``limit`` texts that ``rule`` has not compared as they are now, by language and day.

        With them come texts set aside since (their links must go), and texts linked to any of these (a chain of
        copies may lead through the one that changed).
        """
        sql = f"""
            WITH changed AS (
                SELECT row FROM documents
                WHERE CASE WHEN excluded = '' THEN linked IS NOT {_LINKED} ELSE linked IS NOT NULL END
                ORDER BY language, day, row LIMIT :limit
            )
            SELECT {TEXT_COLUMNS} FROM documents WHERE row IN (
                SELECT row FROM changed
                UNION SELECT copy FROM links WHERE document IN (SELECT row FROM changed)
                UNION SELECT document FROM links WHERE copy IN (SELECT row FROM changed)
            )
        """
        return [TextRow(**r) for r in self._rows(sql, {"rule": rule, "limit": limit})]

    def set_aside(self) -> set[int]:
        """Give the rows that the archive has set aside since they were linked."""
        return {r["row"] for r in self._rows("SELECT row FROM documents WHERE excluded <> '' AND linked IS NOT NULL")}

    def linked_between(self, language: str, first: str, last: str, rule: str) -> Iterator[TextRow]:
        """Give the texts of a language and of these days that ``rule`` has compared as they are now.

        ``first`` and ``last`` may be the same vague date, or '' for no date.
        """
        sql = f"""
            SELECT {TEXT_COLUMNS} FROM documents
            WHERE language = :language AND coalesce(day, '') BETWEEN :first AND :last
              AND length(coalesce(day, '')) = length(:first) AND excluded = '' AND linked IS {_LINKED}
        """
        values = {"language": language, "first": first, "last": last, "rule": rule}
        return (TextRow(**r) for r in self._rows(sql, values))

    def save_links(
        self,
        rows: Iterable[int],
        links: Iterable[tuple[int, int]],
        rule: str,
        group: Callable[[list[tuple[int, int]], dict[int, str | None]], dict[int, int]],
    ) -> int:
        """Replace the links of ``rows``, and make again the stories these rows are or were in. One transaction.

        Args:
            rows: the rows compared; those set aside lose their links and their story.
            links: pairs that are copies.
            rule: what compared them.
            group: makes stories of links and days.

        Returns:
            the number of documents whose story changed.
        """
        with self._db.atomic():
            run = self._db.conn.executemany
            self._db.execute("CREATE TEMP TABLE touched (row INTEGER PRIMARY KEY)")
            try:
                run("INSERT OR IGNORE INTO touched VALUES (?)", [(row,) for row in rows])
                before = self._around()
                self._db.execute("DELETE FROM links WHERE document IN touched OR copy IN touched")
                run("INSERT OR IGNORE INTO links VALUES (?, ?)", list(links))
                self._db.execute(
                    f"UPDATE documents SET linked = CASE WHEN excluded = '' THEN {_LINKED} END WHERE row IN touched",
                    {"rule": rule},
                )
                run("INSERT OR IGNORE INTO touched VALUES (?)", [(row,) for row in before])
                run("INSERT OR IGNORE INTO touched VALUES (?)", [(row,) for row in self._around()])
                kept = list(
                    self._rows("SELECT row, day, story, excluded = '' AS counts FROM documents WHERE row IN touched")
                )
                days = {r["row"]: r["day"] for r in kept if r["counts"]}
                pairs = [
                    (r["document"], r["copy"])
                    for r in self._rows("SELECT * FROM links WHERE document IN touched")
                    if r["document"] in days and r["copy"] in days  # one may have been set aside, and come later
                ]
                story_of = group(pairs, days)
                changed = [(story_of.get(r["row"]), r["row"]) for r in kept if r["story"] != story_of.get(r["row"])]
                stale = {r["story"] for r in kept if r["story"]} | {story for story, _ in changed if story}
                run("UPDATE documents SET story = ? WHERE row = ?", changed)
                run("DELETE FROM stories WHERE id = ?", [(story,) for story in stale])
                run(
                    "INSERT INTO stories SELECT story, count(*), count(DISTINCT outlet), min(day) "
                    "FROM documents WHERE story = ? GROUP BY story",
                    [(story,) for story in sorted(stale)],
                )
                if changed:
                    self._touch()
            finally:
                self._db.execute("DROP TABLE touched")
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

    def save_stories(self, story_of: dict[int, int]) -> int:
        """Replace all stories: ``story_of`` gives each document's row the row of its earliest copy. One transaction.

        Returns:
            the number of documents whose story changed.
        """
        with self._db.atomic():
            old = {r["row"]: r["story"] for r in self._rows("SELECT row, story FROM documents")}
            changed = [(story_of.get(row), row) for row in old if old[row] != story_of.get(row)]
            if not changed:
                return 0
            self._db.conn.executemany("UPDATE documents SET story = ? WHERE row = ?", changed)
            self._db.execute("DELETE FROM stories")
            self._db.execute(
                "INSERT INTO stories SELECT story, count(*), count(DISTINCT outlet), min(day) "
                "FROM documents WHERE story IS NOT NULL GROUP BY story"
            )
            self._touch()
        return len(changed)
