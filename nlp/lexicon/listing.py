"""The lexicon, listed and checked for people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corpus.errors import InputError
from corpus.model import ENTITIES
from nlp.lexicon.build import build, lexicon_folder, read_all
from nlp.lexicon.cldr import cldr_names
from nlp.lexicon.schema import FormEntry


def names_of(entity: str, language: str | None = None) -> Iterator[tuple[str, str, str, str, str]]:
    """List the names of an entity: language, class, name, when it counts, source.

    Raises:
        InputError: no such entity, or no lexicon for the language.
    """
    files = read_all(lexicon_folder())
    if entity not in ENTITIES:
        raise InputError(f"{entity!r} is none of ours. Known: {', '.join(ENTITIES)}.")
    if language is not None and language not in files:
        raise InputError(f"There is no lexicon for {language!r}. There are: {', '.join(files)}.")
    for code in [language] if language else files:
        listed = {text for entry in files[code].form for text in entry.text}
        forms = [entry for entry in files[code].form if entry.entity == entity]
        yield from ((code, e.form_class, text, _when(e), e.source) for e in forms for text in e.text)
        insides = [inside for inside in files[code].inside if inside.entity == entity]
        yield from ((code, "inside", text, "kept apart", inside.reason) for inside in insides for text in inside.text)
        passed = listed | set(files[code].cldr_drop)
        names = [name for name, whose in cldr_names(code).items() if whose == entity and name not in passed]
        yield from ((code, "common", name, "always", "CLDR") for name in names)


def _when(entry: FormEntry) -> str:
    parts = []
    if entry.name:
        parts.append(f"only its part {entry.name}")
    if entry.pair:
        parts.append("joined to another name")
    if entry.cue_before or entry.cue_after or entry.cue_near:
        parts.append("with a cue")
    if entry.veto_before or entry.veto_after or entry.veto_near:
        parts.append("without a veto")
    if entry.since:
        parts.append(f"from {entry.since}")
    if entry.until:
        parts.append(f"until {entry.until}")
    return ", ".join(parts) or "always"


def check(folder: Path | None = None) -> Iterator[tuple[str, int]]:
    """Check every file by compiling it: give each language and its number of spellings.

    Raises:
        LexiconError: names every problem with file and line.
    """
    where = folder or lexicon_folder()
    for language in read_all(where):
        yield language, len(build(language, where).spellings)
