"""Versions: what decides the results, so that those of two kinds never meet."""

from __future__ import annotations

import hashlib
import socket
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import corpus
import nlp
from corpus.copies import RULE
from corpus.errors import WorkerError
from nlp.frames.framer import Framer
from nlp.frames.learned import from_json
from nlp.lexicon.build import version as lexicon_version


@dataclass(frozen=True, slots=True)
class Versions:
    """All that decides what is found in a text, and which texts are copies.

    Attributes:
        lexicon: of `nlp.tagger.Tagger`.
        frames: of `nlp.frames.framer.Framer`, learned words included.
        copies: `corpus.copies.RULE`.
        code: a hash of the source of corpus and nlp.
    """

    lexicon: str
    frames: str
    copies: str
    code: str

    @property
    def key(self) -> str:
        """A short name for all of them (12 hexadecimal digits)."""
        return hashlib.sha256(" ".join(asdict(self).values()).encode()).hexdigest()[:12]


def versions(framer: Framer) -> Versions:
    """Give the versions of this machine, with this framer."""
    return Versions(lexicon_version(), framer.version, RULE, _code())


def make_framer(learned: str) -> Framer:
    """Make a framer.

    Args:
        learned: the learned words as JSON, or "".
    """
    return Framer.load(learned=from_json(learned) if learned else None)


def require(wanted: Versions, found: Versions) -> None:
    """See that this machine gives what is wanted.

    Raises:
        WorkerError: it has another version of something.
    """
    other = [
        f"{name} {getattr(found, name)} and not {value}"
        for name, value in asdict(wanted).items()
        if getattr(found, name) != value
    ]
    if other:
        raise WorkerError(
            f"The worker on {socket.gethostname()} has another narra than the machine that asks: {', '.join(other)}. "
            "Install the same narra on both, then run the command again."
        )


@cache
def _code() -> str:
    digest = hashlib.sha256()
    for package in (corpus, nlp):
        folder = Path(package.__file__ or "").parent
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
