"""Mentions: what tagging found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from corpus.model import StoredMention
from corpus.store.base import Base
from corpus.store.rows import TEXT_COLUMNS, Tagged, TextRow

_MENTION_COLUMNS: Final = "document, field, start, end, entity, form_class, form, rule, sentence, lexicon"


class Mentions(Base):
    """Verbs for mentions."""

    def untagged(self, version: str, after: int = 0, limit: int = 500) -> list[TextRow]:
        """Give up to ``limit`` texts after row ``after`` that lexicon ``version`` has not seen as they are now."""
        sql = (
            f"SELECT {TEXT_COLUMNS} FROM documents "
            "WHERE row > ? AND (tagged_version IS NOT ? OR tagged_hash IS NOT hash) ORDER BY row LIMIT ?"
        )
        return [TextRow(**r) for r in self._rows(sql, [after, version, limit])]

    def count_untagged(self, version: str) -> int:
        """Count the texts `untagged` would give."""
        sql = "SELECT count(*) AS n FROM documents WHERE tagged_version IS NOT ? OR tagged_hash IS NOT hash"
        return int(next(self._rows(sql, [version]))["n"])

    def lexicons(self) -> list[str]:
        """Give the versions of the lexicon that texts are tagged with: one, unless tagging was interrupted."""
        sql = "SELECT DISTINCT tagged_version AS v FROM documents WHERE tagged_version IS NOT NULL ORDER BY v"
        return [str(r["v"]) for r in self._rows(sql)]

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
