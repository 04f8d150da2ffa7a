"""Files that lie elsewhere: brought near before they are read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from corpus.errors import FileProblemError


@contextmanager
def brought_near(patterns: Sequence[str]) -> Iterator[list[str]]:
    """Bring what lies at addresses (``s3://bucket/folder``) into folders that are removed afterwards.

    A folder is brought with the files in it, a pattern with those it matches. What is no
    address stays as it is.

    Yields:
        the patterns, with the place of its files instead of each address.

    Raises:
        FileProblemError: nothing is there, or it cannot be reached.
    """
    if not any("://" in pattern for pattern in patterns):
        yield list(patterns)
        return
    with tempfile.TemporaryDirectory() as folder:
        yield [
            _bring(pattern, Path(folder, str(number))) if "://" in pattern else pattern
            for number, pattern in enumerate(patterns)
        ]


def _bring(address: str, folder: Path) -> str:
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 an extra
    except ModuleNotFoundError:
        raise FileProblemError(f"{address} is an address. To read from it: uv sync --extra scale") from None
    try:
        system, root = url_to_fs(address)
        paths = [path for found in system.expand_path(root) for path in system.find(found)]
        folder.mkdir()
        for path in sorted(set(paths)):
            system.get_file(path, str(folder / PurePosixPath(path).name))
    except (OSError, ValueError, ImportError) as error:  # the last two: an address of an unknown or uninstalled kind
        raise FileProblemError(f"{address} cannot be read: {error}.") from None
    if not paths:
        raise FileProblemError(f"Nothing lies at {address}. Check the address.")
    return str(folder / "*")
