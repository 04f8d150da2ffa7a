"""Texts coded by hand, one a line; see docs/frames.md.

``half | frame | headline | sentences`` for frames, ``half | kind | way | sentence`` for directions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from corpus.errors import InputError
from nlp.frames.directions import KINDS, WAYS, Kind, Way
from nlp.frames.model import FRAMES, NONE, Piece

Half = Literal["dev", "test"]
HALVES: Final[tuple[Half, ...]] = ("dev", "test")
LABELS: Final[tuple[str, ...]] = (*FRAMES, NONE)
GOLD: Final = Path(__file__).parents[2] / "tests" / "gold" / "frames"
DIRECTIONS: Final = GOLD / "directions"
_PARTS: Final = 4


@dataclass(frozen=True, slots=True)
class CodedText:
    """A text and the frame a person gave it."""

    half: Half
    frame: str
    title: str
    body: str
    where: str

    @property
    def pieces(self) -> list[Piece]:
        """All of it: every sentence of these texts surrounds a name."""
        return [Piece("title", 0, self.title), Piece("body", 0, self.body)]


@dataclass(frozen=True, slots=True)
class CodedDirection:
    """A sentence and the direction a person read in it."""

    half: Half
    kind: Kind
    way: Way
    sentence: str
    where: str


def read_coded(path: Path) -> Iterator[CodedText]:
    """Read a file of texts coded with frames.

    Raises:
        InputError: a line that cannot be read, with file and line.
    """
    for (half, frame, title, body), where in _lines(path, "half | frame | headline | sentences"):
        if half not in HALVES or frame not in LABELS:
            raise InputError(f"{where}: unknown half {half!r} or frame {frame!r}.")
        yield CodedText(_half(half), frame, title, body, where)


def read_directions(path: Path) -> Iterator[CodedDirection]:
    """Read a file of sentences coded with directions.

    Raises:
        InputError: a line that cannot be read, with file and line.
    """
    for (half, kind, way, sentence), where in _lines(path, "half | kind | way | sentence"):
        known = next((k for k in KINDS if k == kind), None)
        ways: tuple[Way, ...] = (*WAYS[known], "both", "undecided") if known else ()
        read = next((w for w in ways if w == way), None)
        if half not in HALVES or known is None or read is None:
            raise InputError(f"{where}: unknown half {half!r}, kind {kind!r} or way {way!r}.")
        yield CodedDirection(_half(half), known, read, sentence, where)


def _lines(path: Path, form: str) -> Iterator[tuple[list[str], str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            parts = [part.strip() for part in line.split("|")]
            if len(parts) != _PARTS:
                raise InputError(f"{path.name}:{number}: {len(parts)} parts, but there are {_PARTS}: {form}.")
            yield parts, f"{path.name}:{number}"


def _half(written: str) -> Half:
    return "dev" if written == "dev" else "test"
