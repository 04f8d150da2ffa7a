"""What was learned from a corpus, as data: words with weights, apart from the seeds."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from corpus.errors import FileProblemError
from nlp.frames.model import LANGUAGES

FORMAT: Final = 1


class LearnedWord(NamedTuple):
    """A word that goes with a frame, or with an end of a scale.

    Attributes:
        form: as a seed would be written.
        label: the frame, or the end of the scale.
        weight: what a hit counts; a seed counts 1.
        documents: how many documents of the corpus hold it.
    """

    form: str
    label: str
    weight: float
    documents: int


@dataclass(frozen=True, slots=True)
class Learned:
    """A learned model.

    Attributes:
        words: by language; sorted by label, then the heaviest first, then the form.
        corpus: by language, how many documents were read and how many the seeds labelled.
        seeds: version of the seeds it was learned with.
        settings: what `nlp.frames.learn` was told.
    """

    words: dict[str, tuple[LearnedWord, ...]]
    corpus: dict[str, dict[str, int]]
    seeds: str
    settings: dict[str, float]

    @property
    def version(self) -> str:
        """A hash of everything in it (12 hexadecimal digits)."""
        return hashlib.sha256(to_json(self).encode("utf-8")).hexdigest()[:12]


def to_json(model: Learned) -> str:
    """Write a model as JSON; equal models give equal text."""
    return json.dumps({"format": FORMAT, **asdict(model)}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def from_json(text: str, name: str = "model") -> Learned:
    """Read a model.

    Raises:
        FileProblemError: it is not JSON, of another format, or holds what a model does not.
    """
    try:
        raw = json.loads(text)
        if raw["format"] != FORMAT:
            raise FileProblemError(
                f"{name}: a learned model of format {raw['format']!r}; this narra reads {FORMAT}. Learn it anew."
            )
        return Learned(
            {_language(code): tuple(map(_word, words)) for code, words in raw["words"].items()},
            {code: {key: int(n) for key, n in counts.items()} for code, counts in raw["corpus"].items()},
            str(raw["seeds"]),
            {key: float(value) for key, value in raw["settings"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FileProblemError(f"{name}: not a learned model of frames ({error}). Learn it anew.") from None


def _language(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError(f"unknown language {code!r}")
    return code


def _word(raw: list[Any]) -> LearnedWord:
    form, label, weight, documents = raw
    return LearnedWord(str(form), str(label), float(weight), int(documents))


def save(model: Learned, path: Path) -> None:
    """Write a model to a file: whole or not at all, also when narra is stopped meanwhile."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(to_json(model))
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load(path: Path) -> Learned:
    """Read a model from a file.

    Raises:
        FileProblemError: there is no such file, or it is no model.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileProblemError(f"{path}: cannot be read: {error}") from None
    return from_json(text, path.name)
