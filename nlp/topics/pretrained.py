"""Embeddings somebody trained before: model2vec and sentence-transformers, by name or folder.

Both put texts of the languages they were trained on into one space, so that topics are shared
by languages. Both libraries are extras, and imported only when one is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from corpus.errors import FileProblemError, SettingsError
from nlp.topics.bags import Bag
from nlp.topics.vectors import Arrays, Floats, unit

Encode = Callable[[Sequence[str]], NDArray[np.generic]]

_PROBED: Final = 100
_ALIKE: Final = 0.999
_INSTALL: Final = {
    "model2vec": "uv sync --extra embeddings",
    "sentence-transformers": "uv pip install sentence-transformers (with torch, several gigabytes)",
}


@dataclass(frozen=True, slots=True)
class Pretrained:
    """An embedding by a trained model, which lies outside narra.

    Attributes:
        name: ``model2vec:<name or folder>`` or ``sentence-transformers:<name or folder>``.
        asked: words of the corpus it was first used on, and
        probe: what the model made of them: to know it again by.
    """

    name: str
    asked: str
    probe: Floats

    aligns = True

    def vectors(self, bags: Sequence[Bag]) -> Floats:
        """Give the direction of each document, of length 1.

        Raises:
            SettingsError: the library or the model is not there, or is another than at fitting.
        """
        encode = encoder(self.name)
        if not _same(_encoded(encode, [self.asked])[0], self.probe):
            raise SettingsError(
                f"{self.name} is not the model these topics were fitted with. Put that one back, or fit again."
            )
        return _encoded(encode, [bag.plain for bag in bags])

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Give what is to be kept of it: the model itself stays where it is."""
        return {"asked": np.array(self.asked), "probe": self.probe}

    @classmethod
    def from_arrays(cls, name: str, arrays: Arrays) -> Self:
        """Make it from what was kept. The trained model is looked for when it is first needed.

        Raises:
            FileProblemError: what was kept is not of this form.
        """
        if arrays["probe"].ndim != 1 or arrays["asked"].ndim != 0:
            raise FileProblemError("The model of topics is damaged: its embedding cannot be known again.")
        return cls(name, str(arrays["asked"]), arrays["probe"].astype(np.float64))


def pretrained(name: str, vocabulary: Sequence[str]) -> Pretrained:
    """Find a trained model.

    Args:
        name: of kind and model.
        vocabulary: of the corpus: its words evenly spread are what the model is known again by.

    Raises:
        SettingsError: the library or the model is not there.
    """
    asked = " ".join(vocabulary[:: max(1, len(vocabulary) // _PROBED)])
    return Pretrained(name, asked, _encoded(encoder(name), [asked])[0])


@lru_cache(maxsize=2)
def encoder(name: str) -> Encode:
    """Load a trained model, and give what turns texts into vectors.

    Raises:
        SettingsError: the library or the model is not there; the message says what to do.
    """
    kind, _, place = name.partition(":")
    load = {"model2vec": _model2vec, "sentence-transformers": _sentence_transformers}[kind]
    try:
        return load(place)
    except ImportError as error:
        raise SettingsError(f"{name} needs the library {kind}. Install it with: {_INSTALL[kind]}") from error
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise SettingsError(
            f"{kind} cannot load {place!r} ({type(error).__name__}: {str(error)[:200]}). "
            "Give the folder of a model, or a name it can download."
        ) from error


def _model2vec(place: str) -> Encode:
    # Its default downloads a model again each time.
    model = import_module("model2vec").StaticModel.from_pretrained(place, force_download=False)

    def encode(texts: Sequence[str]) -> NDArray[np.generic]:
        found: NDArray[np.generic] = model.encode(list(texts), use_multiprocessing=False)
        return found

    return encode


def _sentence_transformers(place: str) -> Encode:
    model = import_module("sentence_transformers").SentenceTransformer(place, device="cpu", trust_remote_code=False)

    def encode(texts: Sequence[str]) -> NDArray[np.generic]:
        found: NDArray[np.generic] = model.encode(list(texts), convert_to_numpy=True, show_progress_bar=False)
        return found

    return encode


def _encoded(encode: Encode, texts: Sequence[str]) -> Floats:
    return unit(np.nan_to_num(np.asarray(encode(texts), dtype=np.float64)))


def _same(one: Floats, other: Floats) -> bool:
    return one.shape == other.shape and float(one @ other) >= _ALIKE
