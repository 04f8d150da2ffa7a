"""A model of topics as one file: arrays and JSON in a zip (numpy's .npz). Reading it executes nothing.

The same model gives the same bytes. It is written beside its place and moved there whole, so that
an interrupted run leaves the former model, or none.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from corpus.errors import FileProblemError
from nlp.topics.model import Embedding, Model
from nlp.topics.pretrained import Pretrained
from nlp.topics.records import LEXICAL, Quality, Settings, Topic, Word
from nlp.topics.vectors import Lexical

FORMAT: Final = 1
"""Raised whenever an older narra could not read what a newer one writes."""

_FACTS: Final = "facts"
_EMBEDDING: Final = "embedding_"


def save(model: Model, file: Path) -> None:
    """Write a model.

    Args:
        model: fitted.
        file: where to; a former one is replaced.

    Raises:
        OSError: the folder cannot be written to.
    """
    arrays: dict[str, NDArray[Any]] = {
        _FACTS: np.frombuffer(json.dumps(_facts(model), ensure_ascii=False).encode(), dtype=np.uint8),
        "centres": model.centres,
        "vocabulary": np.array(model.vocabulary),
        "weights": model.weights,
        **{_EMBEDDING + name: array for name, array in model.embedding.arrays().items()},
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.", delete=False) as beside:
        try:
            np.savez_compressed(beside, allow_pickle=False, **arrays)
            beside.flush()
            os.fsync(beside.fileno())
        except BaseException:  # also a keyboard interrupt leaves no half file
            beside.close()
            Path(beside.name).unlink()
            raise
    Path(beside.name).replace(file)


def load(file: Path) -> Model:
    """Read a model. A trained model that its embedding needs is loaded when it is first used.

    Raises:
        FileProblemError: there is none, it is damaged, or a newer narra made it.
    """
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
        facts = json.loads(arrays[_FACTS].tobytes())
        if facts["format"] != FORMAT:
            raise FileProblemError(
                f"{file} has format {facts['format']}, this narra reads {FORMAT}. Update narra, or fit again."
            )
        return _model(facts, arrays)
    except FileNotFoundError as error:
        raise FileProblemError(f"There are no topics at {file}. Fit them first: narra topics fit") from error
    except (OSError, ValueError, KeyError, TypeError, IndexError, EOFError, zipfile.BadZipFile) as error:
        raise FileProblemError(f"{file} is not a model of topics that can be read ({error}). Fit it again.") from error


def _facts(model: Model) -> dict[str, object]:
    return {
        "format": FORMAT,
        "scope": model.scope,
        "settings": asdict(model.settings),
        "languages": model.languages,
        "floor": model.floor,
        "topics": [asdict(topic) for topic in model.topics],
        "documents": model.documents,
        "outliers": model.outliers,
        "unguided": model.unguided,
        "own": {outlet: sorted(lines) for outlet, lines in sorted(model.own.items())},
        "versions": dict(model.versions),
        "quality": asdict(model.quality) if model.quality else None,
    }


def _model(facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Model:
    guides = tuple((name, tuple(words)) for name, words in facts["settings"]["guides"])
    settings = Settings(**{**facts["settings"], "guides": guides})
    topics = tuple(map(_topic, facts["topics"]))
    centres, weights = arrays["centres"].astype(np.float64), arrays["weights"].astype(np.float32)
    if len(centres) != len(topics) or weights.shape != (len(topics), len(arrays["vocabulary"])):
        raise FileProblemError("The model of topics is damaged: its topics and their weights differ in number.")
    return Model(
        facts["scope"],
        settings,
        tuple(facts["languages"]),
        _embedding(settings.embedding, arrays),
        centres,
        float(facts["floor"]),
        tuple(map(str, arrays["vocabulary"])),
        weights,
        topics,
        facts["documents"],
        facts["outliers"],
        tuple(facts["unguided"]),
        {outlet: frozenset(lines) for outlet, lines in facts["own"].items()},
        tuple(facts["versions"].items()),
        Quality(**facts["quality"]) if facts["quality"] else None,
    )


def _topic(kept: Mapping[str, Any]) -> Topic:
    words = tuple(Word(**word) for word in kept["words"])
    return Topic(kept["id"], words, kept["size"], tuple(kept["rows"]), tuple(kept["guides"]))


def _embedding(name: str, arrays: Mapping[str, NDArray[Any]]) -> Embedding:
    own = {key.removeprefix(_EMBEDDING): array for key, array in arrays.items() if key.startswith(_EMBEDDING)}
    return Lexical.from_arrays(name, own) if name in LEXICAL else Pretrained.from_arrays(name, own)
