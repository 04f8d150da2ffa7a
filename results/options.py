"""What commands share: reading one of several words, and writing a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from corpus.errors import InputError, WorkspaceError

T = TypeVar("T", bound=str)


def one_of(option: str, given: str, allowed: Sequence[T]) -> T:
    """Give the word that an option names, whatever its capitals.

    Raises:
        InputError: it names none; the message lists them.
    """
    for one in allowed:
        if one.lower() == given.lower():
            return one
    raise InputError(f"{option} {given!r} is not known. It may be: {', '.join(allowed)}.")


def write_file(path: Path, data: bytes) -> None:
    """Write a file.

    Raises:
        WorkspaceError: it can't be written.
    """
    try:
        path.write_bytes(data)
    except OSError as error:
        raise WorkspaceError(f"Cannot write {path}: {error.strerror}. Choose another place.") from error
