"""Seeds as data: one TOML file a frame, one an end of a scale, read with errors that name file and line."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from nlp.frames.model import FRAMES, LANGUAGES, SCALES, Pillar, SeedError

SEED_WEIGHT: Final = 1.0
WEAK_WEIGHT: Final = 0.5
OPEN: Final = "*"


def _known_language(value: str) -> str:
    if value not in LANGUAGES:
        raise ValueError(f"one of {', '.join(LANGUAGES)}")
    return value


def _form(value: str) -> str:
    """Make a form comparable: composed, small letters; a ``*`` may stand at its ends only."""
    form = unicodedata.normalize("NFC", value).lower()
    bare = form.strip(OPEN)
    if not bare.strip() or OPEN in bare:
        raise ValueError("letters, with a * at most at either end")
    if bare != bare.strip() or "  " in bare:
        raise ValueError("without spaces at its ends or doubled")
    return form


def _known_frame(value: str) -> str:
    if value not in FRAMES:
        raise ValueError(f"one of {', '.join(FRAMES)}")
    return value


def _known_scale(value: str) -> str:
    if value not in SCALES:
        raise ValueError(f"one of {', '.join(SCALES)}")
    return value


Text = Annotated[str, Field(min_length=1)]
Language = Annotated[str, AfterValidator(_known_language)]
Form = Annotated[str, AfterValidator(_form)]
Forms = dict[Language, tuple[Form, ...]]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(_Strict):
    """A name to show, in the two languages of the report."""

    en: Text
    ko: Text


class FrameFile(_Strict):
    """One frame's file. See docs/frames.md for what each table means."""

    frame: Annotated[str, AfterValidator(_known_frame)]
    pillar: Pillar
    about: Text
    title: Title
    seeds: Forms
    weak: Forms = {}
    exclude: Forms = {}
    shared: dict[Language, dict[Form, Text]] = {}

    @property
    def label(self) -> str:
        """What its forms speak for."""
        return self.frame


class ScaleFile(_Strict):
    """One end of a scale."""

    scale: Annotated[str, AfterValidator(_known_scale)]
    end: Text
    pole: Literal[-1, 1]
    about: Text
    title: Title
    seeds: Forms
    weak: Forms = {}
    exclude: Forms = {}
    shared: dict[Language, dict[Form, Text]] = {}

    @property
    def label(self) -> str:
        """What its forms speak for."""
        return self.end


@dataclass(frozen=True, slots=True)
class Seeds:
    """All seeds.

    Attributes:
        frames: by name.
        scales: by the name of the end.
        version: a hash of everything in them (12 hexadecimal digits).
    """

    frames: Mapping[str, FrameFile]
    scales: Mapping[str, ScaleFile]
    version: str


def seeds_folder() -> Path:
    """Give the folder that holds the project's ``seeds/`` and ``scales/``."""
    return Path(str(resources.files("nlp.frames")))


def load_seeds(folder: Path | None = None) -> Seeds:
    """Read all seed files below a folder (``seeds/*.toml`` and ``scales/*.toml``).

    Raises:
        SeedError: a file is wrong, a frame or an end of a scale is missing, or a form
            stands in two frames without a reason. Every problem is listed.
    """
    root = folder or seeds_folder()
    frames = [read_file(path, FrameFile) for path in sorted((root / "seeds").glob("*.toml"))]
    ends = [read_file(path, ScaleFile) for path in sorted((root / "scales").glob("*.toml"))]
    problems = [
        *_missing(root, [f.frame for f in frames]),
        *_unpaired(root, ends),
        *_claimed_twice([("seeds/" + f.frame, f) for f in frames]),
        # A volunteer is one of the people, and speaks for exchange too: scales are questions apart.
        *(p for scale in SCALES for p in _claimed_twice([("scales/" + e.end, e) for e in ends if e.scale == scale])),
    ]
    if problems:
        raise SeedError("\n".join(problems))
    return Seeds({f.frame: f for f in frames}, {e.end: e for e in ends}, _version([*frames, *ends]))


AnyFile = TypeVar("AnyFile", FrameFile, ScaleFile)


def read_file(path: Path, kind: type[AnyFile]) -> AnyFile:
    """Read one seed file.

    Raises:
        SeedError: it cannot be read, is not valid TOML, or says what it may not.
    """
    try:
        source = path.read_text(encoding="utf-8")
        raw = tomllib.loads(source)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SeedError(f"{path.name}: cannot be read as TOML: {error}") from None
    try:
        parsed = kind.model_validate(raw)
    except ValidationError as error:
        raise SeedError("\n".join(_explain(path.name, source, dict(p)) for p in error.errors())) from None
    if problems := _repeated(path.name, source, parsed):
        raise SeedError("\n".join(problems))
    return parsed


# -- what can be wrong -------------------------------------------------------


def _explain(name: str, source: str, problem: dict[str, Any]) -> str:
    where = tuple(part for part in problem["loc"] if part != "[key]")
    key = ".".join(map(str, where))
    line = line_of(source, where)
    if problem["type"] == "extra_forbidden":
        return f"{name}:{line}: the key `{key}` is not known here."
    if problem["type"] == "missing":
        return f"{name}:{line}: the key `{key}` is missing."
    said = str(problem["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    return f"{name}:{line}: `{key}` is {problem['input']!r}, but must be {said}."


def line_of(source: str, where: tuple[Any, ...]) -> int:
    """Give the 1-based line of a key such as ``("seeds", "ko", 3)``; 1 where it can't be told."""
    names = [str(part) for part in where if not isinstance(part, int)]
    table, key = ("", names[0]) if len(names) == 1 else (names[0], names[1]) if names else ("", "")
    at = ""
    for number, line in enumerate(source.splitlines(), 1):
        if header := re.match(r"\s*\[([^\]]+)\]", line):
            at = header[1].split(".")[0].strip()
            if at == key or f"{table}.{key}" == header[1].strip():
                return number
        elif at == table and re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", line):
            return number
    return 1


def _repeated(name: str, source: str, file: FrameFile | ScaleFile) -> list[str]:
    problems = []
    for language in LANGUAGES:
        seen: dict[str, str] = {}
        for table, forms in (("seeds", file.seeds), ("weak", file.weak), ("exclude", file.exclude)):
            for form in forms.get(language, ()):
                if form in seen:
                    line = line_of(source, (table, language))
                    problems.append(f"{name}:{line}: {form!r} ({language}) stands in {table} and in {seen[form]}.")
                seen[form] = table
    return problems


def _missing(root: Path, found: list[str]) -> list[str]:
    problems = [f"{root}/seeds: the frame {frame!r} has no file." for frame in FRAMES if frame not in found]
    return problems + [f"{root}/seeds: two files say frame = {f!r}." for f in sorted(set(found)) if found.count(f) > 1]


def _unpaired(root: Path, ends: Iterable[ScaleFile]) -> list[str]:
    poles: dict[str, list[int]] = {scale: [] for scale in SCALES}
    for end in ends:
        poles[end.scale].append(end.pole)
    return [
        f"{root}/scales: the scale {scale!r} needs one file with pole = -1 and one with pole = 1."
        for scale, found in poles.items()
        if sorted(found) != [-1, 1]
    ]


def _claimed_twice(files: list[tuple[str, FrameFile | ScaleFile]]) -> list[str]:
    """A form may speak for two frames only where both files give the reason, under ``shared``."""
    problems: list[str] = []
    for language in LANGUAGES:
        owners: dict[str, list[tuple[str, FrameFile | ScaleFile]]] = {}
        excluded: dict[str, str] = {}
        for name, file in files:
            for form in (*file.seeds.get(language, ()), *file.weak.get(language, ())):
                owners.setdefault(form, []).append((name, file))
            for form in file.exclude.get(language, ()):
                excluded[form] = name
        for form, claims in owners.items():
            silent = [name for name, file in claims if form not in file.shared.get(language, {})]
            if len(claims) > 1 and silent:
                both = " and ".join(f"{name}.toml" for name, _ in claims)
                problems.append(
                    f"{both}: {form!r} ({language}) stands in both. Keep it in one, or give the reason under "
                    f"[shared.{language}] in each (missing in {', '.join(f'{s}.toml' for s in silent)})."
                )
            if form in excluded:
                problems.append(
                    f"{excluded[form]}.toml: exclude holds {form!r} ({language}), which is a seed of "
                    f"{claims[0][0]}.toml. A seed already hides shorter forms: take it out of exclude."
                )
    return problems


def _version(files: Iterable[FrameFile | ScaleFile]) -> str:
    content = "\n".join(sorted(file.model_dump_json() for file in files))
    return hashlib.sha256(content.encode("utf-8")).hexdigest()[:12]
