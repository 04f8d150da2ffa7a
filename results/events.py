"""Dated events that charts over time are marked with: narra's own list, and the workspace's."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from corpus.errors import FileProblemError

EVENTS_FILE: Final = "events.toml"


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Something that happened.

    Attributes:
        day: its first local day.
        last: its last, the same for a single day.
        en: its name in English.
        ko: in Korean.
        source: where the date is from.
    """

    day: date
    last: date
    en: str
    ko: str
    source: str


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    day: Annotated[date, Field(strict=True)]
    last: Annotated[date | None, Field(strict=True)] = None
    en: Annotated[str, Field(min_length=1)]
    ko: Annotated[str, Field(min_length=1)]
    source: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> _Record:
        if self.last is not None and self.last < self.day:
            raise ValueError(f"it ends on {self.last}, before it begins on {self.day}")
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    event: tuple[_Record, ...] = ()


def events(workspace: Path | None = None) -> tuple[Event, ...]:
    """Give all events by day: narra's own, and those of the workspace's ``events.toml``.

    An event of the workspace replaces one of the same day and English name.

    Raises:
        FileProblemError: a file is not of the form described in narra's own.
    """
    found = _read("events.toml", files("results").joinpath(EVENTS_FILE).read_bytes())
    path = None if workspace is None else workspace / EVENTS_FILE
    if path is not None and path.is_file():
        found += _read(str(path), path.read_bytes())
    return tuple(sorted({(event.day, event.en): event for event in found}.values()))


def between(all_events: tuple[Event, ...], first: date, last: date) -> tuple[Event, ...]:
    """Give the events of which a day lies from ``first`` to ``last``."""
    return tuple(event for event in all_events if event.day <= last and event.last >= first)


def _read(name: str, content: bytes) -> list[Event]:
    try:
        read = _File.model_validate(tomllib.loads(content.decode("utf-8")))
    except UnicodeDecodeError:
        raise FileProblemError(f"{name}: not UTF-8 text. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise FileProblemError(f"{name}: not valid TOML: {error}.") from None
    except ValidationError as error:
        raise FileProblemError(f"{name}: " + "; ".join(map(_explain, error.errors())) + ".") from None
    return [Event(e.day, e.last or e.day, e.en, e.ko, e.source) for e in read.event]


def _explain(problem: object) -> str:
    assert isinstance(problem, dict)  # noqa: S101 pydantic's errors() gives dicts; mypy sees a TypedDict it cannot spread
    place = [str(part + 1) if isinstance(part, int) else str(part) for part in problem["loc"]]
    return f"{' '.join(place) or 'file'}: {problem['msg']}"
