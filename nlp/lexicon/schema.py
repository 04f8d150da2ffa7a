"""What a lexicon file may say, and reading one with errors that name file and line."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import LexiconError
from corpus.model import ENTITIES

_TABLE = re.compile(r"^\s*\[\[?\s*(form|inside|decoy|korea)\s*\]?\]", re.MULTILINE)


def _known_entity(value: str) -> str:
    if value not in ENTITIES:
        raise ValueError(f"one of {', '.join(ENTITIES)}")
    return value


Entity = Annotated[str, AfterValidator(_known_entity)]
Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[tuple[Text, ...], Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FormEntry(_Strict):
    """A ``[[form]]``: spellings of one name, and when they count. See docs/lexicon.md."""

    entity: Entity
    form_class: Annotated[
        Literal["official", "common", "demonym", "capital", "abbreviation", "body", "event"], Field(alias="class")
    ]
    text: Texts
    name: str = ""
    source: Text
    case: Literal["any", "exact"] = "any"
    boundary: Literal["auto", "start", "none"] = "auto"
    shared: bool = False
    pair: bool = False
    fixed: bool = False
    cue_before: tuple[Text, ...] = ()
    cue_after: tuple[Text, ...] = ()
    cue_near: tuple[Text, ...] = ()
    veto_before: tuple[Text, ...] = ()
    veto_after: tuple[Text, ...] = ()
    veto_near: tuple[Text, ...] = ()
    since: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None
    needs_date: bool = False
    note: str = ""

    @property
    def conditional(self) -> bool:
        """Whether context or date decides if it counts."""
        cues = self.cue_before or self.cue_after or self.cue_near
        vetoes = self.veto_before or self.veto_after or self.veto_near
        return bool(self.pair or cues or vetoes or self.since or self.until)


class InsideEntry(_Strict):
    """An ``[[inside]]``: proper names of other things that hold one of our names."""

    entity: Entity
    name: Text
    text: Texts
    reason: Text
    case: Literal["any", "exact"] = "exact"
    veto_after: tuple[Text, ...] = ()


class DecoyEntry(_Strict):
    """A ``[[decoy]]``: what looks like a name and is none."""

    hides: Entity
    text: Texts
    reason: Text
    case: Literal["any", "exact"] = "exact"
    veto_after: tuple[Text, ...] = ()


class KoreaCues(_Strict):
    """The ``[korea]`` table: words that tell South from North."""

    south: tuple[Text, ...] = ()
    north: tuple[Text, ...] = ()


class LexiconFile(_Strict):
    """A whole file."""

    language: Text
    name: Text
    cldr_drop: tuple[str, ...] = ()
    prefixes: tuple[Text, ...] = ()
    inside_before: tuple[Text, ...] = ()
    inside_after: tuple[Text, ...] = ()
    inside_suffix: tuple[Text, ...] = ()
    inside_run_before: tuple[Text, ...] = ()
    inside_after_not: tuple[Text, ...] = ()
    inside_head_before: tuple[Text, ...] = ()
    inside_head_after: tuple[Text, ...] = ()
    language_before: tuple[Text, ...] = ()
    language_classes: tuple[Literal["common", "demonym"], ...] = ("demonym",)
    pair_joiners: str = ""
    pair_partners: tuple[Text, ...] = ()
    korea: KoreaCues = KoreaCues()
    form: tuple[FormEntry, ...] = ()
    inside: tuple[InsideEntry, ...] = ()
    decoy: tuple[DecoyEntry, ...] = ()


def read_lexicon(path: Path) -> LexiconFile:
    """Read one lexicon file and check it.

    Raises:
        LexiconError: bad TOML, an unknown key or value, a duplicate form, a form
            claimed by two entities, an inside that does not hold its name. Every
            problem is listed, with file and line.
    """
    source = path.read_text(encoding="utf-8")
    try:
        raw = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{path.name}: not valid TOML: {error}") from None
    lines = table_lines(source)
    try:
        parsed = LexiconFile.model_validate(raw)
    except ValidationError as error:
        problems = [_explain(path, lines, dict(problem)) for problem in error.errors()]
        raise LexiconError("\n".join(problems)) from None
    problems = [*_claimed_twice(path, lines, parsed), *_not_inside(path, lines, parsed)]
    if problems:
        raise LexiconError("\n".join(problems))
    return parsed


def table_lines(source: str) -> dict[str, list[int]]:
    """Give, for each kind of table, the 1-based lines on which its tables begin."""
    lines: dict[str, list[int]] = {}
    for match in _TABLE.finditer(source):
        lines.setdefault(match[1], []).append(source.count("\n", 0, match.end()) + 1)
    return lines


def _explain(path: Path, lines: dict[str, list[int]], problem: dict[str, Any]) -> str:
    where: tuple[Any, ...] = problem["loc"]
    line = 1
    if len(where) > 1 and where[0] in lines and isinstance(where[1], int):
        line = lines[where[0]][where[1]]
    key = ".".join(str(part) for part in where)
    if problem["type"] == "extra_forbidden":
        return f"{path.name}:{line}: the key `{where[-1]}` is not known here."
    if problem["type"] == "missing":
        return f"{path.name}:{line}: the key `{where[-1]}` is missing."
    said = str(problem["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    return f"{path.name}:{line}: `{key}` is {problem['input']!r}, but must be {said}."


def _claimed_twice(path: Path, lines: dict[str, list[int]], parsed: LexiconFile) -> list[str]:
    # A text of which each entry names another part (泰 and 缅 in 泰缅) is claimed by neither whole.
    seen: dict[tuple[str, str], tuple[FormEntry, int]] = {}
    problems = []
    for number, form in enumerate(parsed.form):
        line = lines["form"][number]
        for text in form.text:
            before = seen.get((text, form.name))
            if before and not (form.conditional or before[0].conditional):
                other, first = before
                what = "listed twice" if other.entity == form.entity else f"claimed by {other.entity} and {form.entity}"
                problems.append(f"{path.name}:{line}: the form {text!r} is {what} (first on line {first}).")
            seen.setdefault((text, form.name), (form, line))
    return problems


def _not_inside(path: Path, lines: dict[str, list[int]], parsed: LexiconFile) -> list[str]:
    tables: tuple[tuple[str, tuple[FormEntry | InsideEntry, ...]], ...] = (
        ("form", parsed.form),
        ("inside", parsed.inside),
    )
    return [
        f"{path.name}:{lines[table][number]}: {text!r} does not hold the name {entry.name!r}."
        for table, entries in tables
        for number, entry in enumerate(entries)
        for text in entry.text
        if entry.name not in text
    ]
