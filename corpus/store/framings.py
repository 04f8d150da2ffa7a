"""Framings: what the talk around a target is about, document by document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from corpus.model import Mention, StoredMention
from corpus.store.base import Base
from corpus.store.rows import TEXT_COLUMNS, TextRow

# What a framing rests on: the frames' own version, the text, its day (who was a member) and the lexicon.
_SEEN: Final = ":version || ' ' || d.hash || ' ' || coalesce(d.day, '') || ' ' || d.tagged_version"


@dataclass(frozen=True, slots=True)
class NamingText:
    """A text that names something, with its mentions."""

    text: TextRow
    mentions: tuple[StoredMention, ...]


@dataclass(frozen=True, slots=True)
class StoredFraming:
    """The frame of a target's surroundings in one document.

    Attributes:
        document: its row.
        target: as in `corpus.targets`.
        frame: its name, or ``none``.
        pillar: the frame's, or None for ``none``.
        score: the summed weight of what spoke for it.
        exchange: from -1 (transactional) to 1 (mutual exchange), or None where nothing spoke.
        people: from -1 (elite) to 1 (people), or None.
        way: who goes where, or whose culture it is (`nlp.frames.directions`); None in other frames.
    """

    document: int
    target: str
    frame: str
    pillar: str | None
    score: float
    exchange: float | None
    people: float | None
    way: str | None = None


class Framings(Base):
    """Verbs for framings."""

    def unframed(self, version: str, after: int = 0, limit: int = 500) -> list[NamingText]:
        """Give up to ``limit`` tagged texts after row ``after`` that name something and are not framed by ``version``.

        A text counts as framed only by this version, as it is now, and with its present mentions.
        """
        columns = ", ".join(f"d.{name.strip()}" for name in TEXT_COLUMNS.split(","))
        sql = f"""
            SELECT {columns} FROM documents d
            WHERE d.row > :after AND d.tagged_hash IS d.hash AND d.framed IS NOT {_SEEN}
                  AND EXISTS (SELECT 1 FROM mentions m WHERE m.document = d.row)
            ORDER BY d.row LIMIT :limit
        """
        texts = [TextRow(**r) for r in self._rows(sql, {"version": version, "after": after, "limit": limit})]
        return [NamingText(text, self._mentions_of(text.row)) for text in texts]

    def count_unframed(self, version: str) -> int:
        """Count the texts `unframed` would give."""
        sql = f"""
            SELECT count(*) AS n FROM documents d
            WHERE d.tagged_hash IS d.hash AND d.framed IS NOT {_SEEN}
                  AND EXISTS (SELECT 1 FROM mentions m WHERE m.document = d.row)
        """
        return int(next(self._rows(sql, {"version": version}))["n"])

    def save_framings(self, texts: Sequence[TextRow], framings: Sequence[StoredFraming], version: str) -> None:
        """Replace the framings of ``texts``. One transaction.

        Args:
            texts: all that were read, also those that got no framing.
            framings: of these texts.
            version: of the frames.
        """
        with self._db.atomic():
            run = self._db.conn.executemany
            run("DELETE FROM framings WHERE document = ?", [(text.row,) for text in texts])
            run(
                "INSERT INTO framings VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(f.document, f.target, f.frame, f.pillar, f.score, f.exchange, f.people, f.way) for f in framings],
            )
            run(
                f"UPDATE documents AS d SET framed = {_SEEN} WHERE d.row = :row",
                [{"version": version, "row": text.row} for text in texts],
            )
            if texts:
                self._touch()

    def drop_stale_framings(self) -> int:
        """Delete the framings of texts that name nothing any more. One transaction.

        Returns:
            how many documents lost theirs.
        """
        unnamed = (
            "SELECT row FROM documents d WHERE d.framed IS NOT NULL "
            "AND NOT EXISTS (SELECT 1 FROM mentions m WHERE m.document = d.row)"
        )
        with self._db.atomic():
            self._db.execute(f"DELETE FROM framings WHERE document IN ({unnamed})")
            lost = self._db.execute(f"UPDATE documents SET framed = NULL WHERE row IN ({unnamed})").rowcount
            if lost:
                self._touch()
            return int(lost)

    def frame_versions(self) -> list[str]:
        """Give the versions of the frames that texts are framed with: one, unless framing was interrupted."""
        sql = "SELECT DISTINCT substr(framed, 1, instr(framed, ' ') - 1) AS v FROM documents WHERE framed IS NOT NULL"
        return sorted(str(r["v"]) for r in self._rows(sql))

    def _mentions_of(self, row: int) -> tuple[StoredMention, ...]:
        sql = "SELECT * FROM mentions WHERE document = ? ORDER BY field DESC, start"
        return tuple(map(_mention, self._rows(sql, [row])))


def _mention(r: dict[str, Any]) -> StoredMention:
    mention = Mention(r["start"], r["end"], r["entity"], r["form_class"], r["form"], r["rule"])
    return StoredMention(r["document"], r["field"], r["sentence"], mention)
