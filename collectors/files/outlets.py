"""Who is meant by a source's name in an export: the file ``FILE.sources.toml`` beside it.

An export of Nexis or Factiva names its sources, and says nothing of their country::

    ["The Korea Herald"]
    country = "KR"

    ["Kompas Daily"]
    outlet = "Kompas"
    country = "ID"
    language = "id"

``outlet`` and ``language`` are needed only where the record has others or none.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from collectors.files.fields import country_of, shown
from corpus.errors import FileProblemError, RecordError
from corpus.language import normalise_language
from corpus.model import Outlet

_KEYS: Final = frozenset({"outlet", "country", "language"})


@dataclass(frozen=True, slots=True)
class Named:
    """What the file says of one source; "" where it says nothing."""

    outlet: str
    country: str
    language: str


class Outlets:
    """The file beside an export.

    Args:
        path: of the export.

    Raises:
        FileProblemError: the file beside it can't be read, or says something it may not.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(f"{path.name}.sources.toml")
        self._names = {_bare(name): _named(self.path, name, entry) for name, entry in _read(self.path).items()}

    def outlet(self, source: str) -> Outlet:
        """Give the outlet of a source.

        Raises:
            RecordError: the file doesn't know its country.
        """
        named = self._names.get(_bare(source))
        if named is None or not named.country:
            raise RecordError(
                "missing country", f'the export does not say where {source!r} is; write ["{source}"] and its country '
                f"into {self.path.name}"
            )  # fmt: skip
        return Outlet(named.outlet or source, named.country)

    def language(self, source: str, stated: str) -> str:
        """Give the language of a source's record.

        Args:
            source: its name.
            stated: the code of the language that the record states, or "".

        Raises:
            RecordError: neither the file nor the record says it.
        """
        named = self._names.get(_bare(source))
        found = (named.language if named else "") or stated
        if not found:
            raise RecordError("missing language", f"write the language of {source!r} into {self.path.name}")
        return found


def row_key(archive: str, outlet: Outlet, day: str, title: str) -> str:
    """Give the key of a record that has neither id nor address: it is known by outlet, day and title."""
    said = f"{outlet.name}\x1f{day}\x1f{title}"
    return f"id:{archive}-row:{hashlib.sha256(said.encode()).hexdigest()[:32]}"


def _bare(name: str) -> str:
    return " ".join(name.split()).casefold()


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise FileProblemError(f"{path} cannot be read: {error}.") from None


def _named(path: Path, name: str, entry: object) -> Named:
    if not isinstance(entry, dict) or not _KEYS.issuperset(entry):
        raise FileProblemError(f"{path}: {shown(name)} must be a table of outlet, country and language only.")
    if not all(isinstance(value, str) for value in entry.values()):
        raise FileProblemError(f"{path}: the values of {shown(name)} must be text in quotes.")
    try:
        country = country_of(entry["country"]) if "country" in entry else ""
        language = normalise_language(entry["language"]) if "language" in entry else ""
    except RecordError as error:
        raise FileProblemError(f"{path}: {shown(name)}: {error}.") from None
    return Named(entry.get("outlet", "").strip(), country, language)
