"""Documents: new, known or changed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from corpus.calendar import Published
from corpus.model import Document, Outlet, document_id, narrative_of
from corpus.store.base import Base, now
from corpus.store.rows import Outcome, Partition

_AT_ONCE: Final = 100  # texts


class Documents(Base):
    """Verbs for documents."""

    def use_source(self, source: str, kind: str, *, sampled: bool = False, brings: str = "documents") -> None:
        """Record that something comes from ``source``.

        Args:
            source: a file's name, or a source's slug.
            kind: its format, or how it is collected.
            sampled: whether it gives only what matches a query: see docs/decisions/0006-searches.md.
            brings: ``documents`` or ``series``.
        """
        moment = now()
        with self._db.atomic():
            self._db.execute(
                "INSERT INTO sources (id, kind, first_used, last_used, sampled, brings) VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT(id) DO UPDATE SET last_used = excluded.last_used, sampled = excluded.sampled",
                (source, kind, moment, moment, int(sampled), brings),
            )

    def save_documents(self, documents: Sequence[Document], *, sampled: bool = False) -> list[Outcome]:
        """Save documents, each new, known or changed. One transaction.

        A text that was there before under one of its keys is not saved again; one
        that says something else now replaces it, and both hashes are kept.

        Args:
            documents: each brought by its own ``source``.
            sampled: whether they came because they match a query. What nothing else has
                brought counts nowhere, until a source brings it that gives everything.

        Returns:
            one outcome a document, in order.
        """
        with self._db.atomic():
            return self._deliver([(document, document.source) for document in documents], sampled=sampled)

    def _deliver(self, brought: Sequence[tuple[Document, str]], *, sampled: bool) -> list[Outcome]:
        """Save documents with the source that brought each. Call within a transaction."""
        outcomes: list[Outcome] = []
        weighs_otherwise = False
        for document, source in brought:
            outcome, row = self._save_document(document)
            outcomes.append(outcome)
            weighs_otherwise |= self._note_delivery(row, source, sampled=sampled)
        if weighs_otherwise or any(outcome != "known" for outcome in outcomes):
            self._touch()
        return outcomes

    def _note_delivery(self, row: int, source: str, *, sampled: bool) -> bool:
        """Note who brought a document; tell whether it begins or ceases to count by that."""
        self._db.execute(
            "INSERT INTO deliveries (source, document, first_seen, sampled) VALUES (?, ?, ?, ?) "
            "ON CONFLICT(source, document) DO UPDATE SET sampled = excluded.sampled",
            (source, row, now(), int(sampled)),
        )
        cursor = self._db.execute(
            "UPDATE documents SET sampled = 1 - sampled "
            "WHERE row = :row AND sampled <> (SELECT min(sampled) FROM deliveries WHERE document = :row)",
            {"row": row},
        )
        return bool(cursor.rowcount)

    def partitions(self) -> list[Partition]:
        """Give how documents are parted for exporting: by side, month and whether only searches brought them."""
        sql = "SELECT narrative, substr(day, 1, 7) AS month, sampled FROM documents GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        return [Partition(r["narrative"], r["month"], bool(r["sampled"])) for r in self._rows(sql)]

    def documents_of(self, partition: Partition) -> Iterator[Document]:
        """Give the documents of one part, as they were brought, in the order in which they were stored."""
        sql = """
            SELECT d.*, o.name, o.country FROM documents d JOIN outlets o ON o.id = d.outlet WHERE d.row IN (
                SELECT row FROM documents WHERE narrative IS ? AND substr(day, 1, 7) IS ? AND sampled = ?
            ) ORDER BY d.row
        """
        for r in self._rows(sql, [partition.narrative, partition.month, int(partition.sampled)]):
            yield _document(r, self._keys_of(r["row"]))

    def parts_of(self, rows: Collection[int]) -> dict[Partition, list[int]]:
        """Part some documents as `partitions` does; each part's rows by language, in the order they were stored."""
        wanted = frozenset(rows)
        # The index is read, and no text.
        sql = "SELECT row, narrative, day, sampled, language FROM documents INDEXED BY documents_cell"
        parts: dict[tuple[str, str, bool], list[tuple[str, int]]] = {}
        for row, narrative, day, sampled, language in self._db.conn.execute(sql):
            if row in wanted:
                part = (narrative or "", (day or "")[:7], bool(sampled))
                parts.setdefault(part, []).append((language, row))
        return {
            Partition(narrative or None, month or None, sampled): [row for _, row in sorted(found)]
            for (narrative, month, sampled), found in sorted(parts.items())
        }

    def documents_at(self, rows: Sequence[int]) -> Iterator[Document]:
        """Give documents by row, as they were brought, in the order asked for."""
        sql = (
            "SELECT d.*, o.name, o.country FROM json_each(?) j CROSS JOIN documents d ON d.row = j.value "
            "JOIN outlets o ON o.id = d.outlet ORDER BY j.key"
        )
        for first in range(0, len(rows), _AT_ONCE):
            for r in list(self._rows(sql, [json.dumps(list(rows[first : first + _AT_ONCE]))])):
                yield _document(r, self._keys_of(r["row"]))

    def _keys_of(self, row: int) -> list[str]:
        return [r["key"] for r in self._rows("SELECT key FROM keys WHERE document = ? ORDER BY key", [row])]

    def _save_document(self, document: Document) -> tuple[Outcome, int]:
        row = self._find(document.keys)
        if row is None:
            return "taken", self._insert_document(document)
        self._add_keys(document.keys, row)
        change = self._difference(row, document)
        self._add_version(row, document.hash)
        if not change:
            return "known", row
        self._db.table("documents").update(row, change)
        return "changed", row

    def _difference(self, row: int, document: Document) -> dict[str, Any]:
        """Give the columns in which a record says more than, or something else than, what is stored."""
        sql = (
            "SELECT title, body, day, keywords, excluded, country FROM documents d JOIN outlets o ON o.id = d.outlet "
            "WHERE row = ?"
        )
        old = next(self._rows(sql, [row]))
        seen = {r["hash"] for r in self._rows("SELECT hash FROM versions WHERE document = ?", [row])}
        change: dict[str, Any] = {}
        if document.hash not in seen and not _is_excerpt(document, old["title"], old["body"]):
            change |= {"title": document.title, "body": document.body, "hash": document.hash}
        if document.published and (change or old["day"] is None):
            change |= _date_columns(document, old["country"])  # the outlet stays, and so does its side
        for column, value in (("keywords", document.keywords), ("excluded", document.excluded)):
            if value and not old[column]:
                change[column] = value
        return change

    def _find(self, keys: Sequence[str]) -> int | None:
        for number, key in enumerate(keys):
            found = next(self._rows("SELECT document FROM keys WHERE key = ?", [key]), None)
            if found is None:
                continue
            row = int(found["document"])
            stronger = [k for k in keys[:number] if k.startswith("id:")]
            if any(self._has_other_id(row, k) for k in stronger):
                continue  # same address, other archive id: the address is a home page
            return row
        return None

    def _has_other_id(self, row: int, key: str) -> bool:
        archive = key.split(":", 2)[1]
        pattern = f"id:{archive}:"
        sql = "SELECT 1 FROM keys WHERE document = ? AND substr(key, 1, ?) = ? LIMIT 1"
        return next(self._rows(sql, [row, len(pattern), pattern]), None) is not None

    def _insert_document(self, document: Document) -> int:
        self._db.execute(
            "INSERT OR IGNORE INTO outlets VALUES (?, ?, ?)",
            (document.outlet.id, document.outlet.name, document.outlet.country),
        )
        record = {
            "id": document.id,
            "source": document.source,
            "outlet": document.outlet.id,
            "kind": document.kind,
            "language": document.language,
            "url": document.url,
            "title": document.title,
            "body": document.body,
            "keywords": document.keywords,
            "excluded": document.excluded,
            "first_seen": now(),
            "hash": document.hash,
            **_date_columns(document, document.outlet.country),
        }
        names = ", ".join(record)
        marks = ", ".join("?" * len(record))
        cursor = self._db.execute(f"INSERT INTO documents ({names}) VALUES ({marks})", list(record.values()))
        row = int(cursor.lastrowid or 0)
        self._add_keys(document.keys, row)
        self._add_version(row, document.hash)
        return row

    def _add_keys(self, keys: Sequence[str], row: int) -> None:
        for key in keys:
            self._db.execute("INSERT OR IGNORE INTO keys VALUES (?, ?)", (key, row))

    def _add_version(self, row: int, hash_: str) -> None:
        self._db.execute("INSERT OR IGNORE INTO versions VALUES (?, ?, ?)", (row, hash_, now()))


def _is_excerpt(document: Document, title: str, body: str) -> bool:
    """Tell whether a record is the beginning of what is stored: an archive's 200 characters of a whole article."""
    beginning = document.body.rstrip(" .…")
    return document.title == title and len(document.body) < len(body) and body.startswith(beginning)


def _date_columns(document: Document, country: str) -> dict[str, Any]:
    published = document.published
    if published is None:
        return {"narrative": narrative_of(country, None)}
    return {
        "narrative": narrative_of(country, published.day),
        "day": published.day,
        "precision": published.precision,
        "published_at": published.at,
        "published_how": published.how,
        "published_original": published.original,
    }


def _document(r: dict[str, Any], keys: list[str]) -> Document:
    """Make the document of a stored row; its id tells which of its keys is the strongest."""
    published = None
    if r["day"] is not None:
        published = Published(r["day"], r["precision"], r["published_at"], r["published_how"], r["published_original"])
    document = Document(
        keys=tuple(keys),
        source=r["source"],
        outlet=Outlet(r["name"], r["country"]),
        kind=r["kind"],
        language=r["language"],
        title=r["title"],
        body=r["body"],
        url=r["url"],
        published=published,
        keywords=r["keywords"],
        excluded=r["excluded"],
    )
    first = [key for key in keys if document_id(key) == r["id"]]
    return replace(document, keys=(*first, *(key for key in keys if key not in first)))
