"""Evidence: the documents behind a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from corpus.store.base import Base
from corpus.store.rows import Evidence


class Evidences(Base):
    """Verbs for evidence."""

    def evidence(  # noqa: PLR0913 a query has this many conditions
        self,
        *,
        narrative: str,
        months: Sequence[str],
        entities: Sequence[str],
        classes: Sequence[str],
        kinds: Sequence[str],
        without: Sequence[str] = (),
        also: Sequence[str] = (),
        outlets: Sequence[str] | None = None,
        field: str | None = None,
        limit: int,
    ) -> list[Evidence]:
        """List documents behind a figure, one a story, mixed over outlets, always the same for the same store.

        Of a story's copies the earliest that meets the conditions stands for it.

        Args:
            narrative: whose talk.
            months: ISO month prefixes; a document counts when its day lies in one.
            entities: it names any of these.
            classes: by a form of any of these classes.
            kinds: news, official, or both.
            without: and names none of these.
            also: and names at least one of these too.
            outlets: only these; None for any.
            field: the name stands in this field (title or body); None for either.
            limit: at most so many.
        """
        named = ", ".join("?" * len(classes))

        def names_any(targets: Sequence[str]) -> str:
            marks = ", ".join("?" * len(targets))
            return (
                "EXISTS (SELECT 1 FROM mentions x WHERE x.document = d.row "
                f"AND x.entity IN ({marks}) AND x.form_class IN ({named}))"
            )

        conditions = [
            "d.narrative = ?",
            "d.excluded = ''",
            f"substr(d.day, 1, 7) IN ({', '.join('?' * len(months))})",
            f"d.kind IN ({', '.join('?' * len(kinds))})",
        ]
        values: list[Any] = [narrative, *months, *kinds]
        if field is not None:
            conditions.append("m.field = ?")
            values.append(field)
        if outlets is not None:
            conditions.append(f"d.outlet IN ({', '.join('?' * len(outlets))})")
            values += outlets
        if without:
            conditions.append(f"NOT {names_any(without)}")
            values += [*without, *classes]
        if also:
            conditions.append(names_any(also))
            values += [*also, *classes]
        sql = f"""
            WITH first AS (
                SELECT d.row, d.id, d.outlet, d.language, d.kind, d.day, d.url, d.title, d.body, d.story,
                       m.field, m.start, m.end, m.entity, m.form_class,
                       row_number() OVER (
                           PARTITION BY coalesce(d.story, d.row) ORDER BY d.day, d.row, m.field = 'title', m.start
                       ) AS nth
                FROM documents d JOIN mentions m ON m.document = d.row
                WHERE m.entity IN ({", ".join("?" * len(entities))}) AND m.form_class IN ({named})
                  AND {" AND ".join(conditions)}
            ), mixed AS (
                SELECT *, row_number() OVER (PARTITION BY outlet ORDER BY id) AS turn FROM first WHERE nth = 1
            )
            SELECT mixed.*, coalesce(s.documents, 1) AS copies FROM mixed LEFT JOIN stories s ON s.id = mixed.story
            ORDER BY turn, outlet, id LIMIT ?
        """
        rows = self._rows(sql, [*entities, *classes, *values, limit])
        return [_evidence(r) for r in rows]


def _evidence(r: dict[str, Any]) -> Evidence:
    return Evidence(
        document=r["id"],
        outlet=r["outlet"],
        language=r["language"],
        kind=r["kind"],
        day=r["day"],
        url=r["url"],
        title=r["title"],
        text=r["title"] if r["field"] == "title" else r["body"],
        field=r["field"],
        start=r["start"],
        end=r["end"],
        entity=r["entity"],
        form_class=r["form_class"],
        copies=r["copies"],
    )
