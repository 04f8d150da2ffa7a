"""What is worked out elsewhere: which texts want it, and whether a result is of the text as it is now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from corpus.store.base import Base
from corpus.store.mentions import TAGGED_AS
from corpus.store.rows import COUNTS
from corpus.store.stories import spanning

_UNTAGGED: Final = f"(d.tagged_hash IS NOT d.hash OR {TAGGED_AS} IS NOT :lexicon)"
_UNFRAMED: Final = (
    "(d.framed IS NOT :frames || ' ' || d.hash || ' ' || coalesce(d.day, '') || ' ' || d.tagged_version "
    "AND EXISTS (SELECT 1 FROM mentions m WHERE m.document = d.row))"
)


class Member(NamedTuple):
    """A document that is compared in a block, without its text."""

    row: int
    id: str
    hash: str
    outlet: str
    day: str | None


@dataclass(frozen=True, slots=True)
class Wanting:
    """A document that wants to be read.

    Attributes:
        row: its number.
        outlet: as `Outlet.id`.
        untagged: whether it wants mentions, and framings with them; else framings alone.
    """

    row: int
    outlet: str
    untagged: bool


class Elsewhere(Base):
    """Verbs for work that is done elsewhere."""

    def to_read(self, lexicon: str, frames: str) -> Iterator[tuple[int, str, str]]:
        """Give the texts that this lexicon has not tagged as they are now, or these frames not framed.

        Returns:
            (row, language, version that tagged it as it is now; "" where none did).
        """
        sql = (
            "SELECT d.row, d.language, CASE WHEN d.tagged_hash IS d.hash THEN d.tagged_version ELSE '' END "
            f"FROM documents d WHERE {_UNTAGGED} OR {_UNFRAMED}"
        )
        yield from self._db.conn.execute(sql, {"lexicon": lexicon, "frames": frames})

    def wanting(
        self, read: Sequence[tuple[str, str, str, str | None]], lexicon: str, frames: str
    ) -> dict[str, Wanting]:
        """Tell which of some documents want to be read, and are what was read.

        Args:
            read: (id, language, hash, day) of each as it was read.
            lexicon: the version that tagged them.
            frames: the version that framed them.

        Returns:
            by id; what is not stored, or says something else by now, is not among them.
        """
        sql = f"""
            SELECT d.id, d.language, d.hash, d.day, d.row, d.outlet, {_UNTAGGED}
            FROM documents d WHERE d.id IN (SELECT value FROM json_each(:ids)) AND ({_UNTAGGED} OR {_UNFRAMED})
        """
        asked = json.dumps([identity[0] for identity in read])
        found = self._db.conn.execute(sql, {"ids": asked, "lexicon": lexicon, "frames": frames})
        same = frozenset(read)
        return {r[0]: Wanting(r[4], r[5], bool(r[6])) for r in found if tuple(r[:4]) in same}

    def members_between(self, language: str, first: str, last: str) -> list[Member]:
        """Give the documents whose texts `texts_between` would give."""
        when, values = spanning(first, last)
        sql = (
            f"SELECT row, id, hash, outlet, day FROM documents WHERE language = ? AND {when} AND {COUNTS} ORDER BY row"
        )
        return [Member(*r) for r in self._db.conn.execute(sql, [language, *values])]
