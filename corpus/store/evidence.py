"""Evidence: the documents behind a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from corpus.store.base import Base
from corpus.store.rows import Evidence

# Of sources whose terms allow titles and links only nothing else is given, whatever was stored before: here, in
# `corpus.store.words` and in the view `texts`.
WITHHELD: Final = "(d.source IN (SELECT source FROM withheld))"
# The days by the index, and then the names of each document: a quarter's documents are fewer than the names
# of one entity in all times, and what the index holds is not looked for behind the texts.
_NAMING: Final = "documents d INDEXED BY documents_cell CROSS JOIN mentions m ON m.document = d.row"
_AT_ONCE: Final = 500  # values bound to one statement: below SQLite's least limit


@dataclass(frozen=True, slots=True)
class Named:
    """A mention behind a figure, without its text.

    Attributes:
        document: the document's id.
        outlet: who published it.
        language: its language.
        day: its date, as an ISO prefix.
        hash: of what it says: another hash is another text.
        field: title or body.
        start: first character of the name in the field.
        end: one past its last.
        entity: whose name it is.
        form_class: of which class.
        lexicon: the version that found it.
        withheld: whether its sentence may not be shown: it is in the body, and its source allows titles only.
    """

    document: str
    outlet: str
    language: str
    day: str
    hash: str
    field: str
    start: int
    end: int
    entity: str
    form_class: str
    lexicon: str
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """What a document says now, as far as it may be shown: see `WITHHELD`."""

    title: str
    body: str
    url: str | None
    hash: str


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
        framed: tuple[str, str] | None = None,
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
            framed: a target, and a label its surroundings or its topic are counted under (`nlp.count`); None for any.
            limit: at most so many.
        """
        where, values = _conditions(
            narrative, months, entities, classes, kinds, without=without, also=also, outlets=outlets, field=field,
            framed=framed,
        )  # fmt: skip
        sql = f"""
            WITH first AS (
                SELECT d.row, d.id, d.outlet, m.field, m.start,
                       row_number() OVER (
                           PARTITION BY coalesce(d.story, d.row)
                           ORDER BY d.day, d.row, (m.field = 'title') <> {WITHHELD}, m.start
                       ) AS nth
                FROM {_NAMING} WHERE {where}
            ), mixed AS (
                SELECT *, row_number() OVER (PARTITION BY outlet ORDER BY id) AS turn FROM first WHERE nth = 1
            ), some AS (SELECT * FROM mixed ORDER BY turn, outlet, id LIMIT ?)
            SELECT d.id, d.outlet, d.language, d.kind, d.day, d.url, d.title, d.body, m.field, m.start, m.end,
                   m.entity, m.form_class, {WITHHELD} AS withheld, coalesce(s.documents, 1) AS copies
            FROM some JOIN documents d ON d.row = some.row
            JOIN mentions m ON m.document = some.row AND m.field = some.field AND m.start = some.start
            LEFT JOIN stories s ON s.id = d.story
            ORDER BY some.turn, some.outlet, some.id
        """
        return [evidence_of(r) for r in self._rows(sql, [*values, limit])]

    def named(  # noqa: PLR0913 a query has this many conditions
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
        framed: tuple[str, str] | None = None,
    ) -> list[Named]:
        """List every mention behind a figure, without its text, in the order of documents' ids and of the text.

        Of a story's copies the earliest that meets the conditions stands for it, as in `evidence`: the same
        sentence is one mention, however often it was reprinted. Arguments as for `evidence`.
        """
        where, values = _conditions(
            narrative, months, entities, classes, kinds, without=without, also=also, outlets=outlets, field=field,
            framed=framed,
        )  # fmt: skip
        sql = f"""
            WITH meeting AS (
                SELECT d.row, d.id, d.outlet, d.language, d.day, d.hash, coalesce(d.story, d.row) AS of_story,
                       m.field, m.start, m.end, m.entity, m.form_class, m.lexicon,
                       m.field = 'body' AND {WITHHELD} AS withheld
                FROM {_NAMING} WHERE {where}
            ), ranked AS (
                SELECT *, dense_rank() OVER (PARTITION BY of_story ORDER BY day, row) AS nth FROM meeting
            )
            SELECT id AS document, outlet, language, day, hash, field, start, end, entity, form_class, lexicon, withheld
            FROM ranked WHERE nth = 1 ORDER BY id, field DESC, start
        """
        return [Named(**r | {"withheld": bool(r["withheld"])}) for r in self._rows(sql, values)]

    def printed(self, documents: Sequence[str]) -> dict[str, Printed]:
        """Give what documents say now, by id; unknown ids are left out."""
        found: dict[str, Printed] = {}
        for start in range(0, len(documents), _AT_ONCE):
            some = documents[start : start + _AT_ONCE]
            sql = f"""
                SELECT d.id, d.title, CASE WHEN {WITHHELD} THEN '' ELSE d.body END AS body, d.url, d.hash
                FROM documents d WHERE d.id IN ({_marks(some)})
            """
            found |= {r["id"]: Printed(r["title"], r["body"], r["url"], r["hash"]) for r in self._rows(sql, some)}
        return found

    def tagged_as(self, documents: Sequence[str]) -> dict[tuple[str, str, int], str]:
        """Give whose name stands where in documents, by id, field and first character."""
        found: dict[tuple[str, str, int], str] = {}
        for start in range(0, len(documents), _AT_ONCE):
            some = documents[start : start + _AT_ONCE]
            sql = f"""
                SELECT d.id, m.field, m.start, m.entity FROM documents d JOIN mentions m ON m.document = d.row
                WHERE d.id IN ({_marks(some)})
            """
            found |= {(r["id"], r["field"], r["start"]): r["entity"] for r in self._rows(sql, some)}
        return found


def _conditions(  # noqa: PLR0913 a query has this many conditions
    narrative: str,
    months: Sequence[str],
    entities: Sequence[str],
    classes: Sequence[str],
    kinds: Sequence[str],
    *,
    without: Sequence[str],
    also: Sequence[str],
    outlets: Sequence[str] | None,
    field: str | None,
    framed: tuple[str, str] | None,
) -> tuple[str, list[Any]]:
    """Give the conditions on a document ``d`` and its mention ``m``, and their values."""
    named = _marks(classes)

    def names_any(targets: Sequence[str]) -> str:
        return (
            "EXISTS (SELECT 1 FROM mentions x WHERE x.document = d.row "
            f"AND +x.entity IN ({_marks(targets)}) AND +x.form_class IN ({named}))"
        )

    conditions = [
        # "+": no index on these, which would be asked for every pair of them in every document.
        f"+m.entity IN ({_marks(entities)})",
        f"+m.form_class IN ({named})",
        "d.narrative = ? AND d.day >= ? AND d.day <= ?",
        "d.excluded = ''",
        "d.sampled = 0",
        f"substr(d.day, 1, 7) IN ({_marks(months)})",
        f"d.kind IN ({_marks(kinds)})",
    ]
    # "~" sorts after every digit and hyphen: the days of the last month lie before it.
    values: list[Any] = [*entities, *classes, narrative, min(months), f"{max(months)}~", *months, *kinds]
    if field is not None:
        conditions.append("m.field = ?")
        values.append(field)
    if outlets is not None:
        conditions.append(f"d.outlet IN ({_marks(outlets)})")
        values += outlets
    if without:
        conditions.append(f"NOT {names_any(without)}")
        values += [*without, *classes]
    if also:
        conditions.append(names_any(also))
        values += [*also, *classes]
    if framed is not None:
        condition, bound = _framed(*framed)
        conditions.append(condition)
        values += bound
    return " AND ".join(conditions), values


_LEANING: Final = {
    "exchange": "f.exchange IS NOT NULL",
    "exchange:mutual": "f.exchange > 0",
    "exchange:transactional": "f.exchange < 0",
    "people": "f.people IS NOT NULL",
    "people:people": "f.people > 0",
    "people:elite": "f.people < 0",
    "framed": "1",
}


_ASSIGNED: Final = """
    SELECT 1 FROM assignments a JOIN topic_models s ON s.scope = a.scope LEFT JOIN topics t ON t.id = a.topic
    WHERE a.document = d.row AND s.target = ?
"""
_OF_TOPIC: Final = {"topics": "a.scope = ?", "topic": "t.counts_as = CAST(? AS INTEGER)"}


def _framed(target: str, label: str) -> tuple[str, list[str]]:
    """Give the condition that a document's surroundings of a target are counted under a label."""
    values = [target]
    head, _, tail = label.partition(":")
    if head in _OF_TOPIC:
        return f"EXISTS ({_ASSIGNED} AND {_OF_TOPIC[head]})", [target, tail]
    if label in _LEANING:
        said = _LEANING[label]
    elif head == "pillar":
        said, values = "f.pillar = ?", [target, tail]
    elif tail == "either":
        said, values = "f.frame = ? AND f.way NOT IN ('both', 'undecided')", [target, head]
    elif tail:
        said, values = "f.frame = ? AND f.way = ?", [target, head, tail]
    else:
        said, values = "f.frame = ?", [target, label]
    return f"EXISTS (SELECT 1 FROM framings f WHERE f.document = d.row AND f.target = ? AND {said})", values


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def evidence_of(r: dict[str, Any]) -> Evidence:
    """Make evidence of a row: a document's columns and its mention's, the body left out where it is withheld."""
    hidden = bool(r["withheld"]) and r["field"] == "body"
    return Evidence(
        document=r["id"],
        outlet=r["outlet"],
        language=r["language"],
        kind=r["kind"],
        day=r["day"],
        url=r["url"],
        title=r["title"],
        text="" if hidden else r["title"] if r["field"] == "title" else r["body"],
        field=r["field"],
        start=0 if hidden else r["start"],
        end=0 if hidden else r["end"],
        entity=r["entity"],
        form_class=r["form_class"],
        copies=r["copies"],
        withheld=hidden,
    )
