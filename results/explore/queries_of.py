"""Reads the canned queries out of their files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Query:
    """One canned query.

    Attributes:
        name: as it stands in addresses; the file's name.
        title: for people.
        about: what it gives, and what may be filled in.
        parameters: what may be filled in, in order; each may stay empty.
        sql: one SELECT.
    """

    name: str
    title: str
    about: str
    parameters: tuple[str, ...]
    sql: str


@lru_cache(maxsize=1)
def queries() -> dict[str, Query]:
    """Give all queries, by name, in the order of their names."""
    folder = files("results.explore") / "queries"
    found = [path for path in folder.iterdir() if path.name.endswith(".sql")]
    return {
        query.name: query
        for query in sorted((_read(p.name, p.read_text(encoding="utf-8")) for p in found), key=lambda q: q.name)
    }


def _read(file: str, text: str) -> Query:
    lines = text.splitlines()
    head = dict(line.removeprefix("-- ").split(":", 1) for line in lines if line.startswith("-- "))
    sql = "\n".join(line for line in lines if not line.startswith("-- "))
    parameters = tuple(part.strip() for part in head["ask"].split(",") if part.strip())
    return Query(file.removesuffix(".sql"), head["title"].strip(), head["about"].strip(), parameters, sql)
