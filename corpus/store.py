"""The store: the only module that speaks SQL.

One SQLite file over sqlite-utils, in WAL mode, so that reports are read while a
run writes. Every verb that writes is one transaction: after an interrupt the
store is as it was before the verb or after it, and nothing between.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal, Self

from filelock import FileLock, Timeout
from sqlite_utils import Database

from corpus.errors import BusyError, DamagedStoreError, NewerWorkspaceError, NoAnswerError, WorkspaceError
from corpus.migrations import migrations
from corpus.model import Count, Document, Narrative, Refusal, StoredMention, narrative_of

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


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """What a visit to a source sets out to see.

    Attributes:
        run: the run it belongs to.
        source: the source's slug.
        collect: how it is collected.
        outlet: who publishes, as `Outlet.id`.
        country: the source's.
        since: begin of the window (UTC, ISO), or None: whatever the source has.
        until: its end (UTC, ISO).
        first_day: the same window in the source's local days …
        last_day: … both of them within it.
    """

    run: int
    source: str
    collect: str
    outlet: str
    country: str
    since: str | None
    until: str
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True)
class VisitEnd:
    """How a visit ended, and what follows for what is known to be missing.

    Attributes:
        status: one word of the collectors' vocabulary.
        detail: what exactly; holds no key.
        answered: whether the source answered to the end, so that the next window begins where this one ended.
        missing: first and last local day that were not (wholly) seen, or None: the window is covered.
        lost: whether items are known to have been missed, so that seeing the next ones mends nothing.
        looks_back: whether the source shows any past window it is asked for; a feed does not.
        joined: whether what it showed joined on to what the last visit that was answered had seen.
        days: local days of the documents it brought: how far back a source reaches that cannot be asked.
        retry_at: the source asked not to be visited before (UTC, ISO).
        validators: ETag and Last-Modified by address, to be sent next time.
    """

    status: str
    detail: str = ""
    answered: bool = False
    missing: tuple[str, str] | None = None
    lost: bool = False
    looks_back: bool = False
    joined: bool = False
    days: frozenset[str] = frozenset()
    retry_at: str | None = None
    validators: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recalled:
    """What is known of a source before it is visited.

    Attributes:
        answered_until: end of the latest window it answered to the end (UTC, ISO), or None.
        first_visit: when it was first visited (UTC, ISO), or None.
        gap_from: first local day of the earliest open gap that another visit may close, or None.
        newest: local day of its newest document, or None; of undated ones, the day they came.
        retry_at: it asked not to be visited before (UTC, ISO), or None.
        memory: what it remembered at its last saved batch.
    """

    answered_until: str | None
    first_visit: str | None
    gap_from: str | None
    newest: str | None
    retry_at: str | None
    memory: dict[str, str]


@dataclass(frozen=True, slots=True)
class Health:
    """How a source is doing.

    Attributes:
        source: its slug.
        visited: when its latest visit began (UTC, ISO).
        status: how that ended; ``interrupted`` for one that never did.
        detail: what exactly.
        succeeded: when a visit was last answered to the end, or None.
        week: documents it first brought in the last seven days.
        gaps: how many gaps are open.
    """

    source: str
    visited: str
    status: str
    detail: str
    succeeded: str | None
    week: int
    gaps: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Days of which a source is known not to have been (wholly) seen.

    On them its documents are a lower bound, and their absence says nothing.

    Attributes:
        source: its slug.
        outlet: who publishes, as `Outlet.id`.
        country: the source's.
        first_day: local ISO day.
        last_day: the same; within the gap.
        status: why.
        detail: what exactly.
    """

    source: str
    outlet: str
    country: str
    first_day: str
    last_day: str
    status: str
    detail: str


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

    def languages(self) -> dict[str, int]:
        """Count documents by language."""
        sql = "SELECT language, count(*) AS n FROM documents GROUP BY language ORDER BY language"
        return {str(r["language"]): int(r["n"]) for r in self._rows(sql)}

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

    # -- collecting: visits, gaps, and what sources remember --------------

    def start_visit(self, plan: VisitPlan) -> int:
        """Record that a visit has begun, and give its number."""
        self.use_source(plan.source, plan.collect)
        columns = ("run", "source", "outlet", "country", "since", "until", "first_day", "last_day")
        values = [getattr(plan, column) for column in columns]
        with self._db.atomic():
            cursor = self._db.execute(
                f"INSERT INTO visits ({', '.join(columns)}, started) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [*values, now()],
            )
        return int(cursor.lastrowid or 0)

    def save_batch(
        self,
        visit: int,
        source: str,
        documents: Sequence[Document],
        refusals: Sequence[Refusal],
        memory: Mapping[str, str],
    ) -> list[Outcome]:
        """Save a batch of a visit: documents, refusals and what the source wants to remember. One transaction.

        After a kill either all of it is there or nothing, so that the next visit,
        which begins with that memory, neither misses nor doubles anything.

        Returns:
            one outcome a document, in order, as `save_documents`.
        """
        with self._db.atomic():
            outcomes = [self._deliver(document, source) for document in documents]
            if any(outcome != "known" for outcome in outcomes):
                self._touch()
            self._db.conn.executemany(
                "INSERT INTO issues (run, file, line, reason, detail) SELECT run, ?, ?, ?, ? FROM visits WHERE id = ?",
                [(r.file, r.line, r.reason, r.detail, visit) for r in refusals],
            )
            self._db.conn.executemany(
                "INSERT OR REPLACE INTO memory VALUES (?, ?, ?)", [(source, k, v) for k, v in memory.items()]
            )
            self._db.execute(
                "UPDATE visits SET documents = documents + ?, refused = refused + ? WHERE id = ?",
                [sum(outcome != "known" for outcome in outcomes), len(refusals), visit],
            )
        return outcomes

    def _deliver(self, document: Document, source: str) -> Outcome:
        outcome = self._save_document(document)
        row = self._find(document.keys)
        self._db.execute("INSERT OR IGNORE INTO deliveries VALUES (?, ?, ?)", (source, row, now()))
        return outcome

    def are_stored(self, documents: Sequence[Document]) -> list[bool]:
        """Tell of each document whether it is stored already, under any of its keys."""
        return [self._find(document.keys) is not None for document in documents]

    def end_visit(self, visit: int, end: VisitEnd) -> None:
        """Record how a visit ended, and open, widen or close gaps accordingly. One transaction."""
        with self._db.atomic():
            self._db.execute(
                "UPDATE visits SET ended = ?, status = ?, detail = ?, answered = ?, retry_at = ? WHERE id = ?",
                [now(), end.status, end.detail, int(end.answered), end.retry_at, visit],
            )
            if end.missing is not None:
                self._open_gap(visit, end, end.missing)
            elif end.answered:
                self._close_gaps(visit, end)
            self._db.conn.executemany(
                "INSERT OR REPLACE INTO validators VALUES (?, ?, ?)",
                [(url, etag, modified) for url, (etag, modified) in end.validators.items()],
            )

    def end_abandoned(self) -> int:
        """End the visits that a kill left open as interrupted, with their gaps. One transaction.

        Whoever calls holds `writing`: no visit is running.

        Returns:
            how many there were.
        """
        detail = "The run was killed, or the machine went down."
        left = list(self._rows("SELECT id, first_day, last_day FROM visits WHERE ended IS NULL ORDER BY id"))
        with self._db.atomic():
            for r in left:
                missing = (r["first_day"], r["last_day"])
                self.end_visit(r["id"], VisitEnd("interrupted", detail, missing=missing))
        return len(left)

    def _open_gap(self, visit: int, end: VisitEnd, missing: tuple[str, str]) -> None:
        """Add a gap, as one with the source's open gaps that it overlaps or touches."""
        source = next(self._rows("SELECT source FROM visits WHERE id = ?", [visit]))["source"]
        touching = list(
            self._rows(
                "SELECT id, first_day, last_day, first_visit, lost FROM gaps WHERE source = ? AND closed_by IS NULL "
                "AND first_day <= ? AND last_day >= ? ORDER BY id",
                [source, _days_on(missing[1], 1), _days_on(missing[0], -1)],
            )
        )
        first_day = min([missing[0], *(g["first_day"] for g in touching)])
        last_day = max([missing[1], *(g["last_day"] for g in touching)])
        first_visit = min([visit, *(g["first_visit"] for g in touching)])
        lost = max([int(end.lost), *(g["lost"] for g in touching)])
        self._db.conn.executemany("DELETE FROM gaps WHERE id = ?", [(g["id"],) for g in touching])
        self._db.execute(
            "INSERT INTO gaps (source, first_day, last_day, status, detail, lost, first_visit, visit) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (source, first_day, last_day, end.status, end.detail, lost, first_visit, visit),
        )

    def _close_gaps(self, visit: int, end: VisitEnd) -> None:
        plan = next(self._rows("SELECT source, first_day, last_day FROM visits WHERE id = ?", [visit]))
        for gap in list(self._rows(_OPEN_GAPS, [plan["source"]])):
            within = plan["first_day"] <= gap["first_day"] and gap["last_day"] <= plan["last_day"]
            if within if end.looks_back else _bridged(gap, end):
                self._db.execute("UPDATE gaps SET closed_by = ? WHERE id = ?", (visit, gap["id"]))

    def recall(self, source: str) -> Recalled:
        """Give what is known of a source before it is visited."""
        visits = next(
            self._rows(
                "SELECT min(started) AS first_visit, max(CASE WHEN answered THEN until END) AS answered_until, "
                "(SELECT retry_at FROM visits WHERE source = :source ORDER BY id DESC LIMIT 1) AS retry_at "
                "FROM visits WHERE source = :source",
                {"source": source},
            )
        )
        gaps = [g["first_day"] for g in self._rows(_OPEN_GAPS, [source]) if not g["lost"]]
        newest = next(self._rows(f"SELECT max({_DELIVERED_DAY}) AS day {_DELIVERIES}", [source]))["day"]
        memory = {r["key"]: r["value"] for r in self._rows("SELECT key, value FROM memory WHERE source = ?", [source])}
        return Recalled(**visits, gap_from=min(gaps, default=None), newest=newest, memory=memory)

    def delivered(self, source: str, first_day: str, last_day: str) -> int:
        """Count the documents of these days that a source has brought; undated ones by the day they came."""
        sql = f"SELECT count(*) AS n {_DELIVERIES} AND {_DELIVERED_DAY} BETWEEN ? AND ?"
        return int(next(self._rows(sql, [source, first_day, last_day]))["n"])

    def validator(self, url: str) -> tuple[str, str] | None:
        """Give the ETag and Last-Modified stored for an address ("" for one it has not), or None."""
        found = next(self._rows("SELECT etag, last_modified FROM validators WHERE url = ?", [url]), None)
        return None if found is None else (found["etag"], found["last_modified"])

    def health(self, week_from: str) -> list[Health]:
        """Give the health of every source that was ever visited.

        Args:
            week_from: the moment (UTC, ISO) from which documents count as this week's.
        """
        sql = """
            SELECT v.source, v.started AS visited, coalesce(v.status, 'interrupted') AS status,
                   CASE WHEN v.ended IS NULL THEN 'It is running, or was killed.' ELSE v.detail END AS detail,
                   (SELECT max(ended) FROM visits s WHERE s.source = v.source AND s.answered) AS succeeded,
                   (SELECT count(*) FROM deliveries d WHERE d.source = v.source AND d.first_seen >= ?) AS week,
                   (SELECT count(*) FROM gaps g WHERE g.source = v.source AND g.closed_by IS NULL) AS gaps
            FROM visits v WHERE v.id IN (SELECT max(id) FROM visits GROUP BY source) ORDER BY v.source
        """
        return [Health(**r) for r in self._rows(sql, [week_from])]

    def gaps(self, narrative: Narrative | None = None, first: str = "0000", last: str = "9999") -> list[Gap]:
        """Give the open gaps that touch the days from ``first`` to ``last``.

        Args:
            narrative: whose sources; None for all.
            first: local ISO day.
            last: the same; within.
        """
        sql = """
            SELECT g.source, v.outlet, v.country, g.first_day, g.last_day, g.status, g.detail
            FROM gaps g JOIN visits v ON v.id = g.visit
            WHERE g.closed_by IS NULL AND g.last_day >= ? AND g.first_day <= ?
            ORDER BY g.first_day, g.source, g.id
        """
        found = [Gap(**r) for r in self._rows(sql, [first, last])]
        return [gap for gap in found if narrative in {None, narrative_of(gap.country, gap.last_day)}]


_TEXT_COLUMNS: Final = "row, outlet, language, day, title, body, hash"

_OPEN_GAPS: Final = (
    "SELECT g.id, g.first_day, g.last_day, g.lost, EXISTS (SELECT 1 FROM visits e "
    "WHERE e.source = g.source AND e.answered AND e.id <= g.first_visit) AS seen_before "
    "FROM gaps g WHERE g.source = ? AND g.closed_by IS NULL ORDER BY g.id"
)
# A feed may keep an old item at its top for ever: what is older than this says nothing of how far back it reaches.
_REACH_DAYS: Final = 7
_DELIVERIES: Final = "FROM deliveries v JOIN documents d ON d.row = v.document WHERE v.source = ?"
_DELIVERED_DAY: Final = "CASE WHEN length(d.day) = 10 THEN d.day ELSE substr(v.first_seen, 1, 10) END"


def _bridged(gap: Mapping[str, Any], end: VisitEnd) -> bool:
    """Tell whether a source that cannot be asked for the past showed what a gap had hidden.

    Not where items were lost. Else it did where it joined on to what had been seen
    before the gap, or reached back behind it.
    """
    if gap["lost"]:
        return False
    if end.joined and gap["seen_before"]:
        return True
    return any(_days_on(gap["first_day"], -_REACH_DAYS) <= day < gap["first_day"] for day in end.days)


def _days_on(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


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
