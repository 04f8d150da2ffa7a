"""A place for partitions: a folder, or whatever fsspec reaches. Files are complete before they get their names."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final

import fsspec

_PARTIAL: Final = ".partial-"
_SUFFIX: Final = ".parquet"


class Place:
    """A folder of files, by names relative to it.

    Args:
        url: a folder, or an address that fsspec knows.

    Raises:
        ValueError, ImportError: the address is of a kind that is not known, or not installed.
    """

    def __init__(self, url: str) -> None:
        self.url = absolute(url)
        self._system, self._root = fsspec.core.url_to_fs(self.url)

    def names(self) -> list[str]:
        """Give the names of all Parquet files, sorted."""
        self._system.invalidate_cache()  # others write here
        if not self._system.exists(self._root):
            return []
        found = [str(path)[len(self._root.rstrip("/")) + 1 :] for path in self._system.find(self._root)]
        return sorted(name for name in found if name.endswith(_SUFFIX) and _PARTIAL not in name)

    def has(self, name: str) -> bool:
        """Tell whether there is a file."""
        self._system.invalidate_cache()
        return bool(self._system.exists(self._path(name)))

    def fetch(self, name: str) -> bytes:
        """Give all of a file."""
        return bytes(self._system.cat_file(self._path(name)))

    def open(self, name: str) -> IO[bytes]:
        """Open a file for reading."""
        opened: IO[bytes] = self._system.open(self._path(name), "rb")
        return opened

    def put(self, name: str, write: Callable[[IO[bytes]], Any]) -> None:
        """Write a file; whoever else writes the same one meanwhile does no harm."""
        path = self._path(name)
        self._system.makedirs(path.rpartition("/")[0], exist_ok=True)
        partial = f"{path}{_PARTIAL}{uuid.uuid4().hex[:8]}"
        with self._system.open(partial, "wb") as file:
            write(file)
        self._system.mv(partial, path)

    def remove(self, name: str) -> None:
        """Remove a file, where it is there."""
        if self.has(name):
            self._system.rm_file(self._path(name))

    def sweep(self) -> None:
        """Remove what was being written when a worker was killed. No job may be at work."""
        for path in self._system.find(self._root) if self._system.exists(self._root) else ():
            if _PARTIAL in str(path):
                self._system.rm_file(path)

    def clear(self) -> None:
        """Remove the folder with all that is in it."""
        if self._system.exists(self._root):
            self._system.rm(self._root, recursive=True)

    def _path(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"


def absolute(url: str) -> str:
    """Give an address that means the same wherever a process was started."""
    return url if "://" in url else str(Path(url).resolve())


def fingerprint(*parts: bytes) -> str:
    """Give a hash of some bytes (16 hexadecimal digits)."""
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
