"""The store: the only module that speaks SQL.

One SQLite file over sqlite-utils, in WAL mode, so that reports are read while a
run writes. Every verb that writes is one transaction: after an interrupt the
store is as it was before the verb or after it, and nothing between.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, Self

from filelock import FileLock, Timeout
from sqlite_utils import Database

from corpus.errors import BusyError, DamagedStoreError, NewerWorkspaceError, NoAnswerError, WorkspaceError
from corpus.migrations import migrations
from corpus.model import Count, Document, Refusal, StoredMention, narrative_of

Outcome = Literal["taken", "known", "changed"]
_MENTION_COLUMNS: Final = "document, field, start, end, entity, form_class, form, rule, sentence, lexicon"
_COUNT_FIELDS: Final = tuple(f.name for f in fields(Count))


@dataclass(frozen=True, slots=True)
class TextRow:
    """A stored text, as a stage that reads texts gets it.

    ``row`` is its number in the store; ``outlet`` and ``day`` as in `Document`.
    """

    row: int
    outlet: str
    language: str
    day: str | None
    title: str
    body: str
    hash: str


@dataclass(frozen=True, slots=True)
class Tagged:
    """What tagging a text gave: its number of sentences and its mentions."""

    text: TextRow
    sentences: int
    mentions: tuple[StoredMention, ...]


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What counting needs of one document: where it belongs, and what it names.

    ``names`` holds one (entity, class, field, sentence) for every mention.
    """

    narrative: str
    outlet: str
    language: str
    kind: str
    day: str
    represents_story: bool
    sentences: int
    has_title: bool
    names: tuple[tuple[str, str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document behind a figure, with the mention that puts it there.

    Offsets point into the text of ``field``.
    """

    document: str
    outlet: str
    language: str
    kind: str
    day: str
    url: str | None
    title: str
    text: str
    field: str
    start: int
    end: int
    entity: str
    form_class: str
    copies: int


def now() -> str:
    """Give the present time as the store writes it (UTC, to the second)."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Store:
    """A workspace's store. Use it as a context manager; it closes itself."""

    def __init__(self, db: Database, path: Path | None) -> None:
        self._db = db
        self.path = path

    # -- opening ---------------------------------------------------------

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the store at ``path``, making it where there is none, and bring its schema up to date.

        Raises:
            NewerWorkspaceError: a newer narra wrote it.
            DamagedStoreError: it is not a SQLite file, or a broken one.
            WorkspaceError: it cannot be read or written.
        """
        try:
            connection = sqlite3.connect(path, timeout=30)
        except sqlite3.Error as error:
            raise explain(error, path) from error
        store = cls(Database(connection), path)
        try:
            store._db.enable_wal()
            store._migrate()
        except (sqlite3.Error, WorkspaceError) as error:
            store.close()
            raise (explain(error, path) if isinstance(error, sqlite3.Error) else error) from error
        return store

    @classmethod
    def in_memory(cls) -> Self:
        """Make an empty store that is gone when closed: for tests."""
        store = cls(Database(memory=True), None)
        store._migrate()
        return store

    def _migrate(self) -> None:
        known = {m.name for m in migrations.pending(Database(memory=True))}
        newer = [m.name for m in migrations.applied(self._db) if m.name not in known]
        if newer:
            message = f"{self.path} was written by a newer narra (step {newer[0]}). Update narra to open it."
            raise NewerWorkspaceError(message)
        if migrations.pending(self._db):
            migrations.apply(self._db)
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.execute("PRAGMA synchronous = NORMAL")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close it. Anything not yet in a finished verb is undone."""
        self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the workspace for one writer.

        Raises:
            BusyError: another run holds it.
        """
        if self.path is None:
            yield
            return
        lock = FileLock(self.path.with_suffix(".lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            message = f"Another narra run is writing to {self.path.parent}. Wait until it has ended, then try again."
            raise BusyError(message) from None
        except OSError as error:
            raise WorkspaceError(f"{self.path.parent} cannot be written: {error.strerror}.") from None
        try:
            yield
        except sqlite3.Error as error:
            raise explain(error, self.path) from error
        finally:
            lock.release()

    def _rows(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> Iterator[dict[str, Any]]:
        yield from self._db.query(sql, parameters)

    def _touch(self) -> None:
        """Note that something counts depend on has changed. Call within the transaction."""
        self._db.execute(
            "INSERT INTO state VALUES ('changes', '1') "
            "ON CONFLICT(key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)"
        )

    # -- documents -------------------------------------------------------

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

    # -- stories ---------------------------------------------------------

    def texts(self, after: int = 0, limit: int = 1000) -> list[TextRow]:
        """Give up to ``limit`` texts that count (not set aside), by row, after row ``after``."""
        sql = f"SELECT {_TEXT_COLUMNS} FROM documents WHERE row > ? AND excluded = '' ORDER BY row LIMIT ?"
        return [TextRow(**r) for r in self._rows(sql, [after, limit])]

    def save_stories(self, story_of: dict[int, int]) -> int:
        """Replace all stories: ``story_of`` gives each document's row the row of its earliest copy. One transaction.

        Returns:
            the number of documents whose story changed.
        """
        with self._db.atomic():
            old = {r["row"]: r["story"] for r in self._rows("SELECT row, story FROM documents")}
            changed = [(story_of.get(row), row) for row in old if old[row] != story_of.get(row)]
            if not changed:
                return 0
            self._db.conn.executemany("UPDATE documents SET story = ? WHERE row = ?", changed)
            self._db.execute("DELETE FROM stories")
            self._db.execute(
                "INSERT INTO stories SELECT story, count(*), count(DISTINCT outlet), min(day) "
                "FROM documents WHERE story IS NOT NULL GROUP BY story"
            )
            self._touch()
        return len(changed)

    # -- mentions --------------------------------------------------------

    def untagged(self, version: str, after: int = 0, limit: int = 500) -> list[TextRow]:
        """Give up to ``limit`` texts after row ``after`` that lexicon ``version`` has not seen as they are now."""
        sql = (
            f"SELECT {_TEXT_COLUMNS} FROM documents "
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

    # -- counts ----------------------------------------------------------

    def facts(self) -> Iterator[DocumentFacts]:
        """Give what counting needs, document by document: tagged, dated, on a side, not set aside."""
        sql = """
            SELECT d.row, d.narrative, d.outlet, d.language, d.kind, d.day, d.sentences,
                   d.story IS NULL OR d.story = d.row AS represents_story, d.title <> '' AS has_title,
                   m.entity, m.form_class, m.field, m.sentence
            FROM documents d LEFT JOIN mentions m ON m.document = d.row
            WHERE d.narrative IS NOT NULL AND d.day IS NOT NULL AND d.excluded = '' AND d.tagged_version IS NOT NULL
            ORDER BY d.row
        """
        current: dict[str, Any] | None = None
        names: list[tuple[str, str, str, int]] = []
        for r in self._rows(sql):
            if current is not None and r["row"] != current["row"]:
                yield _facts(current, names)
                names = []
            current = r
            if r["entity"] is not None:
                names.append((r["entity"], r["form_class"], r["field"], r["sentence"]))
        if current is not None:
            yield _facts(current, names)

    def replace_counts(self, counts: Iterable[Count]) -> int:
        """Replace all counts. One transaction.

        Returns:
            how many rows were written.
        """
        names = ", ".join(_COUNT_FIELDS)
        marks = ", ".join("?" * len(_COUNT_FIELDS))
        with self._db.atomic():
            changes = self.state("changes") or "0"
            self._db.execute("DELETE FROM counts")
            self._db.conn.executemany(f"INSERT INTO counts ({names}) VALUES ({marks})", map(astuple, counts))
            self._db.execute("INSERT OR REPLACE INTO state VALUES ('counted', ?)", (changes,))
            return int(next(self._rows("SELECT count(*) AS n FROM counts"))["n"])

    def counts_are_current(self) -> bool:
        """Tell whether nothing that counts depend on has changed since they were made."""
        return self.state("counted") is not None and self.state("counted") == (self.state("changes") or "0")

    def counts(self, kinds: Sequence[str] = ("news", "official"), classes: Sequence[str] | None = None) -> list[Count]:
        """Give the counts of these kinds of document, and of these classes of form (None: all).

        Raises:
            NoAnswerError: the counts are older than the documents or mentions.
        """
        if not self.counts_are_current():
            raise NoAnswerError("The counts are not up to date with the documents. Run: narra run")
        names = ", ".join(_COUNT_FIELDS)
        marks = ", ".join("?" * len(kinds))
        values = list(kinds)
        chosen = f"kind IN ({marks})"
        if classes is not None:
            chosen += f" AND form_class IN ({', '.join('?' * len(classes))})"
            values += classes
        order = "narrative, target, form_class, frame, day, outlet, language, kind"
        sql = f"SELECT {names} FROM counts WHERE {chosen} ORDER BY {order}"
        return [Count(**r) for r in self._rows(sql, values)]

    # -- evidence --------------------------------------------------------

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

    # -- runs, issues, state ---------------------------------------------

    def start_run(self, stage: str) -> int:
        """Record that a stage has begun, and give the run's number."""
        with self._db.atomic():
            cursor = self._db.execute("INSERT INTO runs (stage, started) VALUES (?, ?)", (stage, now()))
        return int(cursor.lastrowid or 0)

    def end_run(self, run: int, status: str, summary: dict[str, Any]) -> None:
        """Record how a run ended."""
        with self._db.atomic():
            self._db.execute(
                "UPDATE runs SET ended = ?, status = ?, summary = ? WHERE id = ?",
                (now(), status, json.dumps(summary, ensure_ascii=False, sort_keys=True), run),
            )

    def add_issues(self, run: int, refusals: Sequence[Refusal]) -> None:
        """Record refused records."""
        with self._db.atomic():
            self._db.conn.executemany(
                "INSERT INTO issues (run, file, line, reason, detail) VALUES (?, ?, ?, ?, ?)",
                [(run, r.file, r.line, r.reason, r.detail) for r in refusals],
            )

    def state(self, key: str) -> str | None:
        """Give a remembered value, or None."""
        found = next(self._rows("SELECT value FROM state WHERE key = ?", [key]), None)
        return None if found is None else str(found["value"])

    # -- looking at the whole --------------------------------------------

    def overview(self) -> list[dict[str, Any]]:
        """Count documents by narrative, outlet, language, kind and quarter.

        Each row: narrative (None: neither side's), outlet, language, kind, quarter
        (``2023Q2``, ``2023`` where only the year is known, None undated), documents,
        named (of them naming anything), excluded.
        """
        sql = """
            SELECT narrative, outlet, language, kind,
                   CASE WHEN day IS NULL THEN NULL WHEN length(day) < 7 THEN day
                        ELSE substr(day, 1, 4) || 'Q' || ((CAST(substr(day, 6, 2) AS INTEGER) + 2) / 3) END AS quarter,
                   count(*) AS documents, sum(excluded <> '') AS excluded,
                   sum(EXISTS (SELECT 1 FROM mentions m WHERE m.document = d.row)) AS named
            FROM documents d GROUP BY 1, 2, 3, 4, 5 ORDER BY narrative, outlet, language, kind, quarter
        """
        return list(self._rows(sql))

    def totals(self) -> dict[str, int]:
        """Count documents, outlets, stories, mentions, count rows, versions and issues."""
        tables = ("documents", "outlets", "stories", "mentions", "counts", "versions", "issues")
        return {t: int(next(self._rows(f"SELECT count(*) AS n FROM {t}"))["n"]) for t in tables}

    def runs(self, limit: int = 10) -> list[dict[str, Any]]:
        """Give the latest runs, newest first."""
        return list(self._rows("SELECT * FROM runs ORDER BY id DESC LIMIT ?", [limit]))

    def issue_counts(self, run: int | None = None) -> list[dict[str, Any]]:
        """Count refused records by file and reason, of one run or of all."""
        where = "" if run is None else "WHERE run = ?"
        columns = "file, reason, count(*) AS n, min(line) AS first_line"
        sql = f"SELECT {columns} FROM issues {where} GROUP BY 1, 2 ORDER BY n DESC"
        return list(self._rows(sql, [] if run is None else [run]))

    def issues(self, limit: int = 200) -> list[dict[str, Any]]:
        """Give refused records, the latest runs first: file, line, reason, detail."""
        sql = "SELECT file, line, reason, detail FROM issues ORDER BY run DESC, file, line LIMIT ?"
        return list(self._rows(sql, [limit]))

    def check(self) -> str:
        """Ask SQLite whether the file is sound: ``ok``, or what is wrong."""
        return str(next(self._rows("PRAGMA quick_check"))["quick_check"])


_TEXT_COLUMNS: Final = "row, outlet, language, day, title, body, hash"


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


def _mention_tuple(stored: StoredMention, version: str) -> tuple[Any, ...]:
    m = stored.mention
    return (
        stored.document, stored.field, m.start, m.end, m.entity, m.form_class, m.form, m.rule, stored.sentence, version,
    )  # fmt: skip


def _facts(r: dict[str, Any], names: list[tuple[str, str, str, int]]) -> DocumentFacts:
    return DocumentFacts(
        narrative=r["narrative"],
        outlet=r["outlet"],
        language=r["language"],
        kind=r["kind"],
        day=r["day"],
        represents_story=bool(r["represents_story"]),
        sentences=r["sentences"],
        has_title=bool(r["has_title"]),
        names=tuple(names),
    )


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


def explain(error: sqlite3.Error, path: Path) -> WorkspaceError:
    """Turn what SQLite says into what happened and what to do."""
    said = str(error)
    if "not a database" in said or "malformed" in said:
        return DamagedStoreError(f"{path} is damaged or not a narra store ({said}). Restore it from a backup.")
    if "full" in said or "disk I/O" in said:
        return WorkspaceError(f"{path} cannot be written ({said}). Free some space, then run the command again.")
    if "readonly" in said or "unable to open" in said:
        return WorkspaceError(f"{path} cannot be written ({said}). Is the folder read-only, or the disk full?")
    if "locked" in said:
        return BusyError(f"{path} is in use by another program. Close it, then try again.")
    return WorkspaceError(f"{path}: {said}.")
