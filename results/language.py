"""The language a report is written in: whole sentences as templates, numbers, quarters and days.

English stands in the code: ``say("{n:,} of {all:,} documents", n=n, all=all)``. Any other
language is a catalogue of the same templates, ``results/languages/<code>.po`` (gettext,
which translators' tools open), and nothing else to edit. A sentence a catalogue lacks
is said in English; a test holds each catalogue complete.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Final

from babel.dates import format_date
from babel.messages.pofile import read_po
from markupsafe import Markup

from corpus.calendar import Quarter
from corpus.errors import SettingsError
from results.languages import particles

ENGLISH: Final = "en"
_FINISHED: Final[dict[str, Callable[[str], str]]] = {"ko": particles.resolved}
_current: Final[ContextVar[str]] = ContextVar("language", default=ENGLISH)


def languages() -> tuple[str, ...]:
    """Give the codes of the languages a report can be written in."""
    found = (path.name for path in files("results.languages").iterdir())
    return (ENGLISH, *sorted(name.removesuffix(".po") for name in found if name.endswith(".po")))


def check_language(code: str) -> str:
    """Give the code back if there is such a language.

    Raises:
        SettingsError: there is none.
    """
    if code not in languages():
        raise SettingsError(f"There is no report in {code!r}. There is one in: {', '.join(languages())}.")
    return code


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Have everything within said in a language.

    Raises:
        SettingsError: there is no such language.
    """
    token = _current.set(check_language(code))
    try:
        yield
    finally:
        _current.reset(token)


def spoken() -> str:
    """Give the code of the language spoken now."""
    return _current.get()


def say(template: str, /, **values: object) -> str:
    """Say a sentence, or a part that stands by itself, in the language spoken now.

    Args:
        template: in English, with named places, ``{n:,} documents``; braces of its own are doubled.
        values: what stands in them.
    """
    code = _current.get()
    if code == ENGLISH:
        return template.format(**values)
    said = _catalogue(code).get(template, template).format(**values)
    finish = _FINISHED.get(code)
    return finish(said) if finish else said


def translated(message: str, values: Mapping[str, object]) -> Markup:
    """Say a message of a template (places as in ``%(name)s``), what stands in them escaped."""
    code = _current.get()
    said = Markup(message if code == ENGLISH else _catalogue(code).get(message, message)) % values  # noqa: S704 ours
    finish = _FINISHED.get(code)
    return Markup(finish(said)) if finish else said  # noqa: S704 the same, particles chosen


def plural(one: str, many: str, n: int, /, **values: object) -> str:
    """Say one of two templates by a number, which both may name ``{n}``; a language may say the same for both."""
    return say(one if n == 1 else many, n=n, **values)


def told(text: str) -> str:
    """Say a text that names no places and comes from below, such as a reason in the store; unknown, it stays."""
    code = _current.get()
    return text if code == ENGLISH else _catalogue(code).get(text, text)


def folder_name(when: Quarter) -> str:
    """Name the folder of a quarter's report: ``2026Q3``, in Korean ``2026Q3-ko``."""
    code = _current.get()
    return str(when) if code == ENGLISH else f"{when}-{code}"


def quarter(when: Quarter) -> str:
    """Name a quarter, or a span of them: ``2026Q3``, ``2025Q4-2026Q3``, ``2024``, ``1991-2024``."""
    years = [int(part) for part in str(when).split("-") if part.isdecimal()]
    match years:
        case [year]:
            return say("{year}", year=year)
        case [first, last]:
            return say("{first}-{last}", first=first, last=last)
        case _:
            return say("-").join(_quarter(part) for part in str(when).split("-"))


def _quarter(written: str) -> str:
    year, number = written.split("Q")
    return say("{year}Q{number}", year=year, number=number)


def day(when: date | str) -> str:
    """Name a day, month or year, given as ISO 8601 writes it; anything else stays as it is."""
    written = str(when)
    if _current.get() == ENGLISH:
        return written
    parts = written.split("-")
    if not all(part.isdecimal() for part in parts):
        return written
    numbers = [int(part) for part in parts]
    match numbers:
        case [_, _, _]:
            return format_date(date(*numbers), "long", locale=_current.get())
        case [year, month]:
            return say("{year}-{month:02}", year=year, month=month)
        case _:
            return written


def week(written: str) -> str:
    """Name a week, given as ISO 8601 writes it (``2026-W31``)."""
    year, _, number = written.partition("-W")
    return say("{year}-W{number:02}", year=year, number=int(number))


def listed(several: Iterable[str]) -> str:
    """Join names: ``A, B, C``."""
    return say(", ").join(several)


@lru_cache(maxsize=8)
def _catalogue(code: str) -> dict[str, str]:
    with files("results.languages").joinpath(f"{code}.po").open("rb") as file:
        read = read_po(file, locale=code)
    return {str(m.id): str(m.string) for m in read if m.id and m.string and not m.fuzzy}
