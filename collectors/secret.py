"""Keys: where they come from, and that they go nowhere."""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Final

from collectors.http.masking import Mask
from collectors.outcome import Batch
from corpus.model import Document, Refusal

# A shorter "key" is a placeholder, and would be found in any text.
_SHORTEST: Final = 6
_KEYRING_SERVICE: Final = "narra"

Keys = Callable[[str], str | None]


def from_environment(name: str) -> str | None:
    """Give a key's value from the environment, or from the system's keyring where that is installed; or None."""
    return os.environ.get(name) or _from_keyring(name)


def _from_keyring(name: str) -> str | None:
    if importlib.util.find_spec("keyring") is None:
        return None
    keyring = importlib.import_module("keyring")
    try:
        value = keyring.get_password(_KEYRING_SERVICE, name)
    except keyring.errors.KeyringError:  # it is locked, or there is none on this machine
        return None
    return str(value) if value else None


class Hider:
    """Takes the values of keys out of whatever is to be stored or shown."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._mask = Mask(value for value in keys.values() if len(value.strip()) >= _SHORTEST)

    def text(self, text: str) -> str:
        """Hide keys in a text."""
        return self._mask.clean(text)

    def batch(self, batch: Batch) -> Batch:
        """Hide keys in a batch; a document that holds one is refused, for its address would not work without."""
        held = [document for document in batch.documents if self._is_in(document)]
        told = [Refusal(document.source, 0, "holds a key", self.text(document.url or "")) for document in held]
        return replace(
            batch,
            documents=tuple(document for document in batch.documents if document not in held),
            refusals=(*map(self._refusal, batch.refusals), *told),
            memory={self.text(key): self.text(value) for key, value in batch.memory.items()},
            detail=self.text(batch.detail),
        )

    def _refusal(self, refusal: Refusal) -> Refusal:
        return replace(refusal, file=self.text(refusal.file), detail=self.text(refusal.detail))

    def _is_in(self, document: Document) -> bool:
        return any(self._mask.hides(str(getattr(document, f.name))) for f in fields(document))
