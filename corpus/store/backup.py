"""A copy of the store, made while others read and write it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from corpus.errors import DamagedStoreError, WorkspaceError
from corpus.store.base import Base, explain

_PAGES: Final = 4096  # copied between two reports


class Backup(Base):
    """Verbs for copying the store, and for seeing it as it is at one moment."""

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read the store as it is now, whatever others write meanwhile; nothing may be written within.

        Raises:
            WorkspaceError: the store cannot be read.
        """
        try:
            self._db.execute("BEGIN")
            self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # the first read fixes the moment
            yield
        except sqlite3.Error as error:
            raise (explain(error, self.path) if self.path else error) from error
        finally:
            self._db.conn.rollback()

    def backup(self, target: Path, report: Callable[[int, int], None] = lambda *_: None) -> int:
        """Copy the store as it is now, check the copy, and only then give it its name.

        Writers are not held up, and what they write meanwhile is not in the copy.

        Args:
            target: a file that does not exist yet.
            report: told the pages copied so far, and how many there are.

        Returns:
            the bytes of the copy.

        Raises:
            WorkspaceError: the file exists, or cannot be written.
            DamagedStoreError: what was copied is not sound.
        """
        if target.exists():
            raise WorkspaceError(f"{target} exists already; nothing was written. Choose another name, or remove it.")
        partial = target.with_name(f"{target.name}.partial")
        try:
            self._require_space(target.absolute().parent)
            partial.unlink(missing_ok=True)  # of a backup that was interrupted
            self._copy(partial, report)
            _verify(partial)
            _flush(partial)
            partial.replace(target)
        except sqlite3.Error as error:
            raise explain(error, partial) from error
        except OSError as error:
            raise WorkspaceError(f"{target} cannot be written: {error.strerror or error}.") from None
        finally:
            for left in (partial, *(partial.with_name(partial.name + end) for end in ("-wal", "-shm", "-journal"))):
                left.unlink(missing_ok=True)
        return target.stat().st_size

    def _require_space(self, folder: Path) -> None:
        pages, size = (int(self._db.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size"))
        free = shutil.disk_usage(folder).free
        if free < pages * size:
            raise WorkspaceError(
                f"{folder} has {free / 1e9:,.1f} GB left, and the copy needs {pages * size / 1e9:,.1f}. "
                "Free some space, or choose another place."
            )

    def _copy(self, partial: Path, report: Callable[[int, int], None]) -> None:
        # Within a snapshot the copy need not begin anew each time somebody writes.
        with self.snapshot(), closing(sqlite3.connect(partial)) as copy:
            self._db.conn.backup(
                copy, pages=_PAGES, progress=lambda _, left, pages: report(pages - left, pages), sleep=0
            )


def _verify(path: Path) -> None:
    with closing(sqlite3.connect(path)) as copy:
        # One file, without a journal beside it, that can be copied as it is.
        copy.execute("PRAGMA journal_mode = DELETE")
        said = [str(message) for (message,) in copy.execute("PRAGMA integrity_check(5)")]
        said += [
            f"a row of {table} without its {parent}" for table, _, parent, _ in copy.execute("PRAGMA foreign_key_check")
        ]
    if said != ["ok"]:
        raise DamagedStoreError(
            f"The store is damaged, and so was the copy, which was removed: {'; '.join(said[:5])}. "
            "Restore the store from an older backup."
        )


def _flush(path: Path) -> None:
    """Bring the file to the disk before it gets its name."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
