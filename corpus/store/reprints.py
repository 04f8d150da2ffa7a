"""Reprints: the stories that most outlets took over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.store.base import Base


@dataclass(frozen=True, slots=True)
class Reprint:
    """A story with copies.

    Attributes:
        document: id of the earliest of its documents that meet the conditions.
        outlet: who published that.
        day: when.
        language: of it.
        title: of it; may be empty.
        url: of it, or None.
        documents: how many of its documents meet the conditions.
        outlets: how many outlets published these.
    """

    document: str
    outlet: str
    day: str
    language: str
    title: str
    url: str | None
    documents: int
    outlets: int


class Reprints(Base):
    """Verbs for reprints."""

    def reprints(  # noqa: PLR0913 a query has this many conditions
        self,
        *,
        narrative: str,
        months: Sequence[str],
        entities: Sequence[str],
        classes: Sequence[str],
        kinds: Sequence[str],
        outlets: Sequence[str],
        limit: int,
    ) -> list[Reprint]:
        """List the stories of which most documents name any of ``entities``, most outlets first.

        Args:
            narrative: whose talk.
            months: ISO month prefixes.
            entities: it names any of these …
            classes: … by a form of any of these classes.
            kinds: news, official, or both.
            outlets: only these.
            limit: at most so many.
        """
        lists = {"months": months, "kinds": kinds, "outlets": outlets, "entities": entities, "classes": classes}
        marks = {name: ", ".join("?" * len(values)) for name, values in lists.items()}
        sql = f"""
            WITH own AS (
                SELECT d.id, d.outlet, d.day, d.language, d.title, d.url, d.story, count(*) OVER story AS documents,
                       row_number() OVER (PARTITION BY d.story ORDER BY d.day, d.row) AS nth
                FROM documents d
                WHERE d.narrative = ? AND d.excluded = '' AND d.sampled = 0 AND d.story IS NOT NULL
                  AND d.day >= ? AND d.day <= ? AND substr(d.day, 1, 7) IN ({marks["months"]})
                  AND d.kind IN ({marks["kinds"]}) AND d.outlet IN ({marks["outlets"]})
                  AND EXISTS (SELECT 1 FROM mentions m WHERE m.document = d.row
                              AND m.entity IN ({marks["entities"]}) AND m.form_class IN ({marks["classes"]}))
                WINDOW story AS (PARTITION BY d.story)
            ), outlets AS (SELECT story, count(DISTINCT outlet) AS outlets FROM own GROUP BY story)
            SELECT own.id AS document, own.outlet, own.day, own.language, own.title, own.url, own.documents,
                   outlets.outlets
            FROM own JOIN outlets USING (story) WHERE own.nth = 1 AND own.documents > 1
            ORDER BY outlets.outlets DESC, own.documents DESC, own.day, own.id LIMIT ?
        """
        span = [min(months), f"{max(months)}~"]
        given = [value for values in lists.values() for value in values]
        return [Reprint(**r) for r in self._rows(sql, [narrative, *span, *given, limit])]
