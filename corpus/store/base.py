"""Opening a store, holding it for one writer, and saying what went wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from filelock import FileLock, Timeout
from sqlite_utils import Database

from corpus.errors import BusyError, DamagedStoreError, NewerWorkspaceError, WorkspaceError
from corpus.migrations import migrations


def now() -> str:
    """Give the present time as the store writes it (UTC, to the second)."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Base:
    """The file itself. Use it as a context manager; it closes itself."""

    def __init__(self, db: Database, path: Path | None) -> None:
        self._db = db
        self.path = path

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
        # SQLite's defaults are for small files: 2 MB of cache, and a flush to disk every 4 MB written.
        self._db.execute("PRAGMA cache_size = -65536")  # KB
        self._db.execute("PRAGMA wal_autocheckpoint = 16384")  # pages: 64 MB

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
            if _interrupted(error):  # between a statement and its savepoint, so that taking it back failed too
                raise KeyboardInterrupt from error
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


def _interrupted(error: BaseException) -> bool:
    """Tell whether an error came while an interrupt was being handled."""
    before = error.__context__
    return before is not None and (isinstance(before, KeyboardInterrupt) or _interrupted(before))


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
