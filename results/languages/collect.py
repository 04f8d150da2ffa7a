"""Every template a report may say, collected from the code: what a catalogue must hold.

``python -m results.languages.collect [CODE]`` writes a catalogue to standard output: an
empty one, or that of CODE with what it lacks added, for a translator to fill in.
"""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import ModuleType
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from corpus.model import ENTITY_NAMES, KINDS
from corpus.settings import Settings
from results import framing
from results.page import HEADLINES

_SAID: Final = {"say": 1, "plural": 2}
# What is said by way of a name that holds one of these, which no reading of the code can tell.
_TABLES: Final = (
    ("documents", "stories", "headlines", "sentences"),
    KINDS,
    Settings().title,
    ENTITY_NAMES,
    [title for _, _, title, _ in HEADLINES],
    [label.definition for label in framing.LABELS],
    [comparison.label.numerator for comparison in framing.COMPARISONS],
    [text for way in framing.WAYS for text in (way.frame, way.words)],
)
_OPTIONS: Final = {"extensions": "jinja2.ext.i18n", "trimmed": "true", "newstyle_gettext": "true"}


def templates() -> list[str]:
    """Give every template, sorted."""
    found = set(_strings(_TABLES))
    for path, name in _modules(files("results"), "results"):
        found |= set(_in_code(ast.parse(path.read_text("utf-8")), importlib.import_module(name)))
    found |= set(_in_pages())
    return sorted(found)


def _modules(folder: Traversable, name: str) -> Iterator[tuple[Traversable, str]]:
    for path in folder.iterdir():
        if path.is_dir() and path.name not in {"explore", "languages", "__pycache__"}:
            yield from _modules(path, f"{name}.{path.name}")
        elif path.name.endswith(".py") and path.name != "__init__.py":
            yield path, f"{name}.{path.name.removesuffix('.py')}"


def _in_code(tree: ast.Module, module: ModuleType) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SAID:
            for argument in node.args[: _SAID[node.func.id]]:
                yield from _of(argument, module)


def _of(argument: ast.expr, module: ModuleType) -> Iterator[str]:
    """Give what an argument may be: strings written there, and those of the tables it looks up."""
    match argument:
        case ast.Constant(value=str(said)):
            yield said
        case ast.IfExp(body=one, orelse=other):
            yield from _of(one, module)
            yield from _of(other, module)
        case ast.Subscript(value=ast.Name(id=name)) | ast.Attribute(value=ast.Subscript(value=ast.Name(id=name))):
            yield from _strings(getattr(module, name, ()))
        case ast.Name(id=name):
            yield from _strings(getattr(module, name, ()))
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
            yield from _strings(getattr(module, name, ()))


def _strings(table: object) -> Iterator[str]:
    if isinstance(table, str):
        yield table
    elif isinstance(table, dict):
        yield from _strings(list(table.values()))
    elif isinstance(table, list | tuple | set | frozenset):
        for one in table:
            yield from _strings(one)
    elif is_dataclass(table) and not isinstance(table, type):
        yield from (
            value
            for field in fields(table)
            if field.name == "label" and isinstance(value := getattr(table, field.name), str)
        )


def _in_pages() -> Iterator[str]:
    for path in files("results.templates").iterdir():
        if path.name.endswith(".jinja"):
            with path.open("rb") as page:
                for _, message, _, _ in extract("jinja2", page, {"gettext": None}, options=_OPTIONS):
                    yield message if isinstance(message, str) else message[0]


def catalogue(code: str) -> Catalog:
    """Give the catalogue of a language, with what it lacks added empty."""
    path = Path(str(files("results.languages").joinpath(f"{code}.po")))
    held = Catalog(locale=code, charset="utf-8")
    if path.exists():
        with path.open("rb") as file:
            held = read_po(file, locale=code)
    for template in templates():
        if template not in held:
            held.add(template)
    return held


if __name__ == "__main__":
    write_po(sys.stdout.buffer, catalogue(sys.argv[1] if len(sys.argv) > 1 else "ko"), width=100, sort_output=True)
