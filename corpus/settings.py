"""A workspace and its ``narra.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError

from corpus.errors import SettingsError, WorkspaceError

SETTINGS_FILE: Final = "narra.toml"
STORE_FILE: Final = "narra.db"

TEMPLATE: Final = """\
# Settings of this narra workspace. Every key is optional; what is shown is the default.

title = "ASEAN and Korea"        # heads the report

[import]
files = []                       # what `narra run` imports, e.g. ["inbox/*.jsonl.gz"], from this folder
sampled = []                     # the same, for files that hold only what a search found: they count in no share
complete = []                    # the same, for exports of Nexis or Factiva that hold all their outlets published

[measure]
kinds = ["news", "official"]     # which documents count: news, official, or both
count_capitals = false           # true: "Seoul" or "Jakarta" counts as naming the state
panel_minimum = 5                # an outlet counts in a quarter with at least so many documents
replicates = 4000                # replicates behind each interval (100 to 100000)
confidence = 0.95                # width of the intervals (0.5 to 0.999)
seed = 20101                     # makes the intervals repeatable

[report]
evidence = 12                    # sentences shown behind each figure (3 to 200)
languages = ["en"]               # a report is written in each of these: en, ko
"""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ImportSettings(_Strict):
    """What `narra run` imports."""

    files: tuple[str, ...] = ()
    sampled: tuple[str, ...] = ()
    complete: tuple[str, ...] = ()


class MeasureSettings(_Strict):
    """How figures are computed."""

    kinds: Annotated[tuple[Literal["news", "official"], ...], Field(min_length=1)] = ("news", "official")
    count_capitals: StrictBool = False
    panel_minimum: Annotated[int, Field(strict=True, ge=1)] = 5
    replicates: Annotated[int, Field(strict=True, ge=100, le=100_000)] = 4000
    confidence: Annotated[float, Field(ge=0.5, le=0.999)] = 0.95
    seed: Annotated[int, Field(strict=True, ge=0)] = 20101


class ReportSettings(_Strict):
    """How the report is written."""

    evidence: Annotated[int, Field(strict=True, ge=3, le=200)] = 12
    languages: Annotated[tuple[str, ...], Field(min_length=1)] = ("en",)


class Settings(_Strict):
    """All of ``narra.toml``."""

    title: Annotated[str, Field(min_length=1)] = "ASEAN and Korea"
    import_: Annotated[ImportSettings, Field(alias="import")] = ImportSettings()
    measure: MeasureSettings = MeasureSettings()
    report: ReportSettings = ReportSettings()


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with ``narra.toml``, in which the store and the reports lie."""

    folder: Path
    settings: Settings

    @property
    def store_path(self) -> Path:
        """Where the store lies."""
        return self.folder / STORE_FILE

    @property
    def reports(self) -> Path:
        """Where reports are written, one folder a quarter."""
        return self.folder / "reports"


def read_settings(path: Path) -> Settings:
    """Read and check a settings file.

    Raises:
        SettingsError: names the key, its value and what is allowed.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: not valid TOML: {error}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: not UTF-8 text. Save it as UTF-8.") from None
    try:
        return Settings.model_validate(raw)
    except ValidationError as error:
        lines = [_explain(problem) for problem in error.errors()]
        raise SettingsError(f"{path}: " + "\n".join(lines)) from None


def _explain(problem: object) -> str:
    assert isinstance(problem, dict)  # noqa: S101 pydantic's errors() gives dicts; mypy sees a TypedDict it cannot spread
    key = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"the key `{key}` is not known. Allowed keys: {_known_keys(problem['loc'])}."
    if problem["type"] == "too_short":
        return f"the key `{key}` is {problem['input']!r}, but must be a list of at least 1 item."
    said = str(problem["msg"]).removeprefix("Input should be ").rstrip(".")
    return f"the key `{key}` is {problem['input']!r}, but must be {said}."


def _known_keys(location: tuple[object, ...]) -> str:
    model: type[BaseModel] = Settings
    for part in location[:-1]:
        for name, info in model.model_fields.items():
            if part == (info.alias or name) and isinstance(info.annotation, type):
                model = info.annotation
    return ", ".join(info.alias or name for name, info in model.model_fields.items())


def open_workspace(folder: Path) -> Workspace:
    """Open the workspace at ``folder``.

    Raises:
        WorkspaceError: there is none.
        SettingsError: its settings are wrong.
    """
    path = folder / SETTINGS_FILE
    if not path.is_file():
        hint = f"Make one with: narra init {folder}"
        raise WorkspaceError(f"{folder.resolve()} is not a narra workspace (no {SETTINGS_FILE} in it). {hint}")
    return Workspace(folder, read_settings(path))


def make_workspace(folder: Path) -> Workspace:
    """Make a workspace in a new or empty folder, or complete one that lacks its settings.

    Raises:
        WorkspaceError: it is one already, or the folder cannot be written.
    """
    path = folder / SETTINGS_FILE
    if path.exists():
        raise WorkspaceError(f"{folder.resolve()} is a narra workspace already; nothing was changed.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(TEMPLATE, encoding="utf-8")
    except OSError as error:
        raise WorkspaceError(f"Cannot make a workspace in {folder.resolve()}: {error.strerror}.") from None
    return open_workspace(folder)
