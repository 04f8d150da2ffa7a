"""Mentions: what tagging found."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from corpus.model import Mention, StoredMention
from corpus.store.base import Base
from corpus.store.rows import TEXT_COLUMNS, Tagged, TextRow

_MENTION_COLUMNS: Final = "document, field, start, end, entity, form_class, form, rule, sentence, lexicon"
_AT_ONCE: Final = 100  # texts
# As which version a text is tagged: as that it carries, or as a later one known to find the same in it.
TAGGED_AS: Final = (
    "coalesce((SELECT x.same_as FROM lexicons x WHERE x.version = d.tagged_version AND x.language = d.language), "
    "d.tagged_version)"
)
_TAGGINGS: Final = "SELECT DISTINCT tagged_version, language FROM documents WHERE tagged_version IS NOT NULL"
_OUTDATED: Final = f"(tagged_hash IS NOT hash OR {TAGGED_AS} IS NOT :version)"


class Mentions(Base):
    """Verbs for mentions."""

    def untagged(self, version: str, after: int = 0, limit: int = 500) -> list[TextRow]:
        """Give up to ``limit`` texts after row ``after`` that lexicon ``version`` has not seen as they are now."""
        sql = f"SELECT {TEXT_COLUMNS} FROM documents d WHERE row > :after AND {_OUTDATED} ORDER BY row LIMIT :limit"
        return [TextRow(**r) for r in self._rows(sql, {"after": after, "version": version, "limit": limit})]

    def untagged_rows(self, version: str) -> Sequence[int]:
        """Give the rows of all texts `untagged` would give, ascending (8 bytes each)."""
        # The index is read, and no text.
        sql = f"SELECT row FROM documents d INDEXED BY documents_tagged WHERE {_OUTDATED} ORDER BY row"
        return array("q", (row for (row,) in self._db.conn.execute(sql, {"version": version})))

    def texts_at(self, rows: Sequence[int]) -> Iterator[tuple[TextRow, str]]:
        """Give texts by row, each with the version that tagged it as it is now ("" where none did).

        Read a few at a time, so that what is given may be written in between.
        """
        sql = (
            f"SELECT {TEXT_COLUMNS}, CASE WHEN tagged_hash IS hash THEN tagged_version ELSE '' END AS by "
            "FROM documents WHERE row IN (SELECT value FROM json_each(?)) ORDER BY row"
        )
        for first in range(0, len(rows), _AT_ONCE):
            asked = json.dumps(list(rows[first : first + _AT_ONCE]))
            for r in list(self._rows(sql, [asked])):
                by = r.pop("by")
                yield TextRow(**r), by

    def count_untagged(self, version: str) -> int:
        """Count the texts `untagged` would give."""
        sql = f"SELECT count(*) AS n FROM documents d INDEXED BY documents_tagged WHERE {_OUTDATED}"
        return int(next(self._rows(sql, {"version": version}))["n"])

    def lexicons(self) -> list[str]:
        """Give the versions of the lexicon that texts are tagged with: one, unless tagging was interrupted.

        A text that a later version tags alike counts as tagged with that one.
        """
        sql = f"SELECT DISTINCT {TAGGED_AS} AS v FROM ({_TAGGINGS}) d ORDER BY v"
        return [str(r["v"]) for r in self._rows(sql)]

    def mentions_of_all(self) -> Iterator[StoredMention]:
        """Give every mention, by document, field and position."""
        for row in self._db.conn.execute(f"SELECT {_MENTION_COLUMNS} FROM mentions ORDER BY document, field, start"):
            document, field, start, end, entity, form_class, form, rule, sentence, _ = row
            yield StoredMention(document, field, sentence, Mention(start, end, entity, form_class, form, rule))

    def forget_tagging(self) -> None:
        """Note every text as not tagged; its mentions stay until it is. One transaction."""
        with self._db.atomic():
            self._db.execute("UPDATE documents SET tagged_hash = NULL WHERE tagged_hash IS NOT NULL")

    # -- lexicons that find the same ---------------------------------------

    def keep_lexicon(self, version: str, code: str, files: Mapping[str, str]) -> None:
        """Keep the files of a lexicon before it tags, so that a later one can be compared with it. One transaction.

        Texts that carry this version count as tagged by it again, whatever was noted of another.

        Args:
            version: of files and code together.
            code: version of all but the files.
            files: by name.
        """
        with self._db.atomic():
            self._db.execute("DELETE FROM lexicons WHERE version = ?", [version])
            self._db.execute("INSERT OR IGNORE INTO lexicon_code VALUES (?, ?)", (version, code))
            self._db.conn.executemany(
                "INSERT OR IGNORE INTO lexicon_files VALUES (?, ?, ?)", [(version, *file) for file in files.items()]
            )

    def kept_lexicon(self, version: str, code: str) -> dict[str, str]:
        """Give the files of a lexicon by name; empty where they are not known, or it was of other code."""
        sql = (
            "SELECT name, content FROM lexicon_files JOIN lexicon_code USING (version) "
            "WHERE version = ? AND code = ? ORDER BY name"
        )
        return {str(r["name"]): str(r["content"]) for r in self._rows(sql, [version, code])}

    def outdated(self, version: str) -> dict[str, list[tuple[str, str]]]:
        """Give which other lexicons texts are tagged as, each with its groups of texts.

        Returns:
            by the version that finds what those texts hold: (language, version the texts carry).
        """
        sql = (
            f"SELECT tagged_version, language, {TAGGED_AS} AS tagged_as FROM ({_TAGGINGS}) d "
            "WHERE tagged_as IS NOT ? ORDER BY 1, 2"
        )
        found: dict[str, list[tuple[str, str]]] = {}
        for r in self._rows(sql, [version]):
            found.setdefault(r["tagged_as"], []).append((r["language"], r["tagged_version"]))
        return found

    def vouch(self, groups: Iterable[tuple[str, str]], version: str) -> None:
        """Note that ``version`` finds the same in all texts of some groups as they are tagged now. One transaction.

        Args:
            groups: (language, version the texts carry).
            version: of the lexicon that tags now.
        """
        noted = [(by, language, version) for language, by in groups]
        if not noted:
            return
        with self._db.atomic():
            self._db.conn.executemany("INSERT OR REPLACE INTO lexicons VALUES (?, ?, ?)", noted)
            for table in ("lexicon_files", "lexicon_code"):
                self._db.execute(
                    f"DELETE FROM {table} WHERE version <> ? AND version NOT IN "
                    f"(SELECT {TAGGED_AS} FROM ({_TAGGINGS}) d)",
                    [version],
                )

    def save_tagged(self, batch: Sequence[Tagged], version: str) -> None:
        """Replace the mentions of the texts in ``batch``. One transaction."""
        with self._db.atomic():
            connection = self._db.conn
            connection.executemany("DELETE FROM mentions WHERE document = ?", [(t.text.row,) for t in batch])
            connection.executemany(
                f"INSERT INTO mentions ({_MENTION_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)",
                [_mention_tuple(stored, version) for tagged in batch for stored in tagged.mentions],
            )
            connection.executemany(
                "UPDATE documents SET tagged_hash = ?, tagged_version = ?, sentences = ? WHERE row = ?",
                [(t.text.hash, version, t.sentences, t.text.row) for t in batch],
            )
            if batch:
                self._touch()


def _mention_tuple(stored: StoredMention, version: str) -> tuple[Any, ...]:
    m = stored.mention
    return (
        stored.document, stored.field, m.start, m.end, m.entity, m.form_class, m.form, m.rule, stored.sentence, version,
    )  # fmt: skip
