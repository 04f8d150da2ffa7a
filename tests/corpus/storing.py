"""A small workspace's store, filled and brought up to date: for tests of checking, backups and exports."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from corpus.calendar import parse_published
from corpus.copies import group_store
from corpus.model import Document, Outlet
from corpus.store import Store
from nlp.count import count_store
from nlp.run import tag_store
from nlp.tagger import Tagger

WIRE = (
    "아세안 사무국은 다음 달에 새 건물로 옮긴다고 밝혔다. 직원 육백 명이 함께 옮기며 비용은 회원국이 나누어 낸다. "
    "베트남은 가장 먼저 몫을 냈다. 이사는 석 주가 걸린다."
)


def document(number: int, outlet: str = "누리", body: str = WIRE, day: str = "2025-07-01") -> Document:
    return Document(
        (f"id:a:{number}",),
        "a.jsonl",
        Outlet(outlet, "KR"),
        "news",
        "ko",
        f"제목 {number}",
        body,
        published=parse_published(day, "KR"),
    )


def documents() -> list[Document]:
    """Give a text, its reprint, and others of their own, over nine days."""
    others = [
        document(n, body=f"동남아와 태국. {n}번째 이야기는 다른 이야기다.", day=f"2025-07-{n:02}") for n in range(3, 10)
    ]
    return [document(1), document(2, "골목"), *others]


def fill(store: Store, tagger: Tagger, records: Iterable[Document]) -> None:
    """Save documents and run every stage."""
    with store.writing():
        store.use_source("a.jsonl", "jsonl")
        store.save_documents(list(records))
        tag_store(store, tagger)
        group_store(store)
        count_store(store)


# What runs of one store at different times may differ in.
_TIMES = {"first_seen", "first_used", "last_used", "started", "ended"}
_LEFT_OUT = {"runs", "issues", "state", "stale", "_sqlite_migrations"}


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Give every row of every table, but for moments in time and narra's own notes."""
    with closing(sqlite3.connect(path)) as db:
        names = [r[0] for r in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        found = {}
        for name in names:
            columns = [r[1] for r in db.execute(f"PRAGMA table_info({name})") if r[1] not in _TIMES]
            if name not in _LEFT_OUT and not name.startswith(("sqlite", "search")):
                found[name] = sorted(db.execute(f"SELECT {', '.join(columns)} FROM {name}"), key=repr)  # noqa: S608 names of tables
        return found
