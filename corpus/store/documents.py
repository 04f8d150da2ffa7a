"""Documents: new, known or changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from corpus.model import Document, narrative_of
from corpus.store.base import Base, now
from corpus.store.rows import Outcome


class Documents(Base):
    """Verbs for documents."""

    def use_source(self, source: str, kind: str) -> None:
        """Record that documents come from ``source``."""
        moment = now()
        with self._db.atomic():
            self._db.execute(
                "INSERT INTO sources VALUES (?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET last_used = excluded.last_used",
                (source, kind, moment, moment),
            )

    def save_documents(self, documents: Sequence[Document]) -> list[Outcome]:
        """Save documents, each new, known or changed. One transaction.

        A text that was there before under one of its keys is not saved again; one
        that says something else now replaces it, and both hashes are kept.

        Returns:
            one outcome a document, in order.
        """
        with self._db.atomic():
            outcomes = [self._save_document(document) for document in documents]
            if any(outcome != "known" for outcome in outcomes):
                self._touch()
        return outcomes

    def _save_document(self, document: Document) -> Outcome:
        row = self._find(document.keys)
        if row is None:
            self._insert_document(document)
            return "taken"
        self._add_keys(document.keys, row)
        change = self._difference(row, document)
        self._add_version(row, document.hash)
        if not change:
            return "known"
        self._db.table("documents").update(row, change)
        return "changed"

    def _difference(self, row: int, document: Document) -> dict[str, Any]:
        """Give the columns in which a record says more than, or something else than, what is stored."""
        old = next(self._rows("SELECT title, body, day, keywords, excluded FROM documents WHERE row = ?", [row]))
        seen = {r["hash"] for r in self._rows("SELECT hash FROM versions WHERE document = ?", [row])}
        change: dict[str, Any] = {}
        if document.hash not in seen and not _is_excerpt(document, old["title"], old["body"]):
            change |= {"title": document.title, "body": document.body, "hash": document.hash}
        if document.published and (change or old["day"] is None):
            change |= _date_columns(document)
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

    def _insert_document(self, document: Document) -> None:
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
            **_date_columns(document),
        }
        names = ", ".join(record)
        marks = ", ".join("?" * len(record))
        cursor = self._db.execute(f"INSERT INTO documents ({names}) VALUES ({marks})", list(record.values()))
        row = int(cursor.lastrowid or 0)
        self._add_keys(document.keys, row)
        self._add_version(row, document.hash)

    def _add_keys(self, keys: Sequence[str], row: int) -> None:
        for key in keys:
            self._db.execute("INSERT OR IGNORE INTO keys VALUES (?, ?)", (key, row))

    def _add_version(self, row: int, hash_: str) -> None:
        self._db.execute("INSERT OR IGNORE INTO versions VALUES (?, ?, ?)", (row, hash_, now()))


def _is_excerpt(document: Document, title: str, body: str) -> bool:
    """Tell whether a record is the beginning of what is stored: an archive's 200 characters of a whole article."""
    beginning = document.body.rstrip(" .…")
    return document.title == title and len(document.body) < len(body) and body.startswith(beginning)


def _date_columns(document: Document) -> dict[str, Any]:
    published = document.published
    if published is None:
        return {"narrative": narrative_of(document.outlet.country, None)}
    return {
        "narrative": narrative_of(document.outlet.country, published.day),
        "day": published.day,
        "precision": published.precision,
        "published_at": published.at,
        "published_how": published.how,
        "published_original": published.original,
    }
