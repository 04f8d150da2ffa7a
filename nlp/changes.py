"""Which texts a changed lexicon can affect: only they are tagged again.

What is found in a text follows from the code, from what the lexicon says of the spellings
that stand in the text, and from a few things that hold for a whole language (joiners of
pairs, words that speak for North or South). So where code and those are the same, a
text in which no spelling stands that was added, removed or given another meaning is
tagged by the new lexicon as by the old one. Where they are not, or the old lexicon is
not known, nothing is concluded and every text of the language is tagged again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Final

from ahocorasick_rs import AhoCorasick

from nlp.lexicon.build import ALL, Entry, Lexicon, build, file_language, lexicon_folder, read_all, version
from nlp.text import TRIGGERS, normalise, without_surrogates

_KOREAS: Final = frozenset({"KR", "KP"})


def lexicon_files(folder: Path | None) -> dict[str, str]:
    """Give the lexicon's files by name, from ``folder`` or the project's own."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((folder or lexicon_folder()).glob("*.toml"))}


def code_version() -> str:
    """Give the version of all that decides what is found but the lexicon's files."""
    with tempfile.TemporaryDirectory() as empty:
        return version(Path(empty))


class Comparison:
    """What a lexicon says otherwise than another, of the same code.

    Args:
        old: the files of the one that tagged.
        new: the folder of the one that is to tag; None: the project's own.
    """

    def __init__(self, old: Mapping[str, str], new: Path | None) -> None:
        self._new = new or lexicon_folder()
        self._known: dict[str, frozenset[str] | None] = {}
        self._old = tempfile.TemporaryDirectory()
        for name, content in old.items():
            Path(self._old.name, name).write_text(content, encoding="utf-8")

    def close(self) -> None:
        """Remove what was put on disk."""
        self._old.cleanup()

    def changed(self, language: str) -> frozenset[str] | None:
        """Give the spellings by which a text of a language may be affected; None: any text may be.

        Args:
            language: of the documents; of one that has no lexicon, all names are looked for.
        """
        old, new = (file_language(language, folder) or ALL for folder in (Path(self._old.name), self._new))
        if old != new:
            return None  # a lexicon for this language was added, or removed
        if new not in self._known:
            self._known[new] = self._compare(new)
        return self._known[new]

    def _compare(self, code: str) -> frozenset[str] | None:
        folders = (Path(self._old.name), self._new)
        if _korean_sides(code, folders[0]) != _korean_sides(code, folders[1]):
            return None
        return changed_spellings(build(code, folders[0]), build(code, folders[1]))


def _korean_sides(code: str, folder: Path) -> list[object]:
    """Give what `nlp.cues.Sides` is made of: the cues, and the names that by themselves tell which Korea is meant."""
    files = read_all(folder)
    own = list(files.values()) if code == ALL else [files[code]]
    cued = [*own, *(file for file in files.values() if file.language == "en")]
    names = [entry for file in own for entry in file.form if entry.entity in _KOREAS]
    return [[file.korea for file in cued], names]


def changed_spellings(old: Lexicon, new: Lexicon) -> frozenset[str] | None:
    """Give the spellings that one of two lexicons lacks, or to which it gives another meaning.

    Returns:
        None where they differ in what holds for a whole language.
    """
    same = _Same()
    if old.longest != new.longest or not same(old.pairs, new.pairs):
        return None
    before, after = _meanings(old), _meanings(new)
    kept = before.keys() & after.keys()
    return frozenset(before.keys() ^ after.keys()) | {
        spelling for spelling in kept if not _same_meaning(same, before[spelling], after[spelling])
    }


_Meaning = tuple[Entry, tuple[str, ...]]


def _meanings(lexicon: Lexicon) -> dict[str, _Meaning]:
    """Give each spelling its entry, and the shorter spellings it falls back on."""
    return {
        spelling: (entry, tuple(lexicon.spellings[number] for number in entry.shorter))
        for spelling, entry in zip(lexicon.spellings, lexicon.entries, strict=True)
    }


def _same_meaning(same: _Same, one: _Meaning, other: _Meaning) -> bool:
    if one[1] != other[1]:
        return False
    own = (f.name for f in fields(Entry) if f.name != "shorter")  # numbers, which are the lexicon's own
    return all(same(getattr(one[0], name), getattr(other[0], name)) for name in own)


class _Same:
    """Compares by value, and each two objects once: thousands of spellings share a few contexts."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bool] = {}

    def __call__(self, one: object, other: object) -> bool:
        if one is other:
            return True
        if type(one) is not type(other):
            return False
        if not isinstance(one, tuple | dict) and not is_dataclass(one):
            return one == other
        key = (id(one), id(other))
        if key not in self._known:
            self._known[key] = self._compare(one, other)
        return self._known[key]

    def _compare(self, one: object, other: object) -> bool:
        if isinstance(one, tuple) and isinstance(other, tuple):
            return len(one) == len(other) and all(map(self, one, other))
        if isinstance(one, dict) and isinstance(other, dict):
            return one.keys() == other.keys() and all(self(one[key], other[key]) for key in one)
        assert is_dataclass(one)  # noqa: S101 the caller has looked; mypy has not seen it
        return all(self(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))


class Finder:
    """Tells the texts in which any of some spellings stands."""

    def __init__(self, spellings: Iterable[str]) -> None:
        self._spellings = AhoCorasick(sorted(spellings), store_patterns=False)
        self._triggers = AhoCorasick(list(TRIGGERS), store_patterns=False)

    def finds(self, text: str) -> bool:
        """Tell whether one stands in a text, as it is or as it is matched."""
        plain = without_surrogates(text)
        if self._spellings.find_matches_as_indexes(plain):
            return True
        if not self._triggers.find_matches_as_indexes(plain):
            return False
        return bool(self._spellings.find_matches_as_indexes(normalise(plain).text))
