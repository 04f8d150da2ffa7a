"""Searching: the full-text index, and what may not be shown.

The index holds tokens and no text (an FTS5 table without content), so that it costs
less than the texts do. It is made when somebody wants to search, and not while
documents are saved: collecting stays as fast as it was. It defines no mention.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection
from typing import Final

from corpus.errors import WorkspaceError
from corpus.store.base import Base

Tokens = Callable[[str], str]
"""Gives a text's tokens with spaces between; the same text always gives the same."""

_INDEX: Final = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(title, body, content='', columnsize=0, tokenize='ascii')"
)
# "ascii" cuts at ASCII signs only, so every token arrives as `Tokens` wrote it.
_PENDING: Final = (
    "SELECT row, title, body FROM documents "
    "WHERE row > coalesce((SELECT CAST(value AS INTEGER) FROM state WHERE key = 'search_row'), 0) ORDER BY row LIMIT ?"
)


class Searching(Base):
    """Verbs for the full-text index and for withheld sources."""

    def count_unsearchable(self, rule: str) -> int:
        """Count the documents that a search would not find as they are now.

        Args:
            rule: names how texts are cut into tokens; an index made by another is of no use.
        """
        if self._remembered("search_rule") != rule:
            return int(next(self._rows("SELECT count(*) AS n FROM documents"))["n"])
        last = int(self._remembered("search_row") or 0)
        sql = (
            "SELECT (SELECT count(*) FROM documents WHERE row > ?)"
            " + (SELECT count(*) FROM search_stale JOIN documents d ON d.row = document) AS n"
        )
        return int(next(self._rows(sql, [last]))["n"])

    def index_texts(self, rule: str, tokens: Tokens, limit: int = 2000) -> int:
        """Bring up to ``limit`` documents into the index: those that changed, then the next new ones. One transaction.

        Args:
            rule: names what ``tokens`` does. Where it is another than before, the index begins anew.
            tokens: cuts a text.
            limit: bounds the work between two commits.

        Returns:
            how many documents were brought in or taken out; 0 when none is left.

        Raises:
            WorkspaceError: this SQLite was built without FTS5.
        """
        with self._db.atomic():
            self._begin_index(rule)
            changed = self._mend_index(tokens, limit)
            return changed + self._extend_index(tokens, limit - changed)

    def _begin_index(self, rule: str) -> None:
        try:
            self._db.execute(_INDEX)
        except sqlite3.OperationalError as error:
            if "no such module" not in str(error):
                raise
            raise WorkspaceError(
                "Python's SQLite was built without full-text search (FTS5). Install another Python, or look without it."
            ) from None
        if self._remembered("search_rule") == rule:
            return
        self._db.execute("INSERT INTO search(search) VALUES ('delete-all')")
        self._db.execute("DELETE FROM search_stale")
        self._remember("search_row", "0")
        self._remember("search_rule", rule)

    def _mend_index(self, tokens: Tokens, limit: int) -> int:
        """Take out what changed or is gone, and bring in what stands there now."""
        sql = (
            "SELECT s.document, s.title AS old_title, s.body AS old_body, d.title, d.body "
            "FROM search_stale s LEFT JOIN documents d ON d.row = s.document ORDER BY s.document LIMIT ?"
        )
        stale = list(self._rows(sql, [limit]))
        run = self._db.conn.executemany
        run(
            "INSERT INTO search(search, rowid, title, body) VALUES ('delete', ?, ?, ?)",
            [(r["document"], tokens(r["old_title"]), tokens(r["old_body"])) for r in stale],
        )
        run(
            "INSERT INTO search(rowid, title, body) VALUES (?, ?, ?)",
            [(r["document"], tokens(r["title"]), tokens(r["body"])) for r in stale if r["title"] is not None],
        )
        run("DELETE FROM search_stale WHERE document = ?", [(r["document"],) for r in stale])
        return len(stale)

    def _extend_index(self, tokens: Tokens, limit: int) -> int:
        fresh = list(self._rows(_PENDING, [limit]))
        self._db.conn.executemany(
            "INSERT INTO search(rowid, title, body) VALUES (?, ?, ?)",
            [(r["row"], tokens(r["title"]), tokens(r["body"])) for r in fresh],
        )
        if fresh:
            self._remember("search_row", str(fresh[-1]["row"]))
        return len(fresh)

    def withhold(self, sources: Collection[str]) -> None:
        """Say of which sources only titles and links may be shown. Writes only what differs; one transaction."""
        if self.withheld() == frozenset(sources):
            return
        with self._db.atomic():
            self._db.execute("DELETE FROM withheld")
            self._db.conn.executemany("INSERT INTO withheld VALUES (?)", [(source,) for source in sorted(sources)])

    def with_texts(self, sources: Collection[str]) -> frozenset[str]:
        """Give those of ``sources`` that the store holds any text of, beyond titles."""
        sql = (
            "SELECT s.id FROM sources s WHERE s.id IN (SELECT value FROM json_each(?)) AND EXISTS ("
            "SELECT 1 FROM deliveries v JOIN documents d ON d.row = v.document "
            "WHERE v.source = s.id AND d.source = s.id AND d.body <> '')"
        )
        return frozenset(str(r["id"]) for r in self._rows(sql, [json.dumps(sorted(sources))]))

    def withheld(self) -> frozenset[str]:
        """Give the sources of which only titles and links may be shown."""
        return frozenset(str(r["source"]) for r in self._rows("SELECT source FROM withheld"))

    def _remembered(self, key: str) -> str | None:
        found = next(self._rows("SELECT value FROM state WHERE key = ?", [key]), None)
        return None if found is None else str(found["value"])

    def _remember(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", [key, value])
