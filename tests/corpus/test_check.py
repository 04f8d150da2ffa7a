"""`narra check`: a whole store passes, and everything that can be wrong is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from storing import document, documents, fill
from typer.testing import CliRunner

import narra
from corpus.copies import stories_of
from corpus.settings import make_workspace
from corpus.store import Store
from corpus.store.check import _RULES, _STORY_RULES
from nlp.count import count, count_store
from nlp.tagger import Tagger


@pytest.fixture
def path(tmp_path: Path, tagger: Tagger) -> Path:
    made = make_workspace(tmp_path / "w").store_path
    with Store.open(made) as store:
        fill(store, tagger, documents())
    return made


def test_what_is_asked_of_each_document_is_found_by_an_index(db: sqlite3.Connection) -> None:
    keys_of = "SELECT d.row, (SELECT group_concat(key) FROM keys WHERE document = d.row) FROM documents d"
    for sql in (keys_of, *(sql for _, sql in (*_RULES, *_STORY_RULES))):
        plan = {row[0]: (row[1], str(row[3])) for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")}
        for parent, step in plan.values():
            within = plan.get(parent, (0, ""))[1]
            assert not (step.startswith("SCAN") and within.startswith("CORRELATED")), (sql, step)


@pytest.fixture
def db(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, isolation_level=None)
    yield connection
    connection.close()


def faults(path: Path) -> list[str]:
    with Store.open(path) as store:
        return [fault.said for fault in store.faults(count, stories_of)]


def test_a_whole_store_has_no_fault(path: Path) -> None:
    assert faults(path) == []


def test_a_store_that_is_not_up_to_date_has_no_fault(path: Path) -> None:
    with Store.open(path) as store:
        store.save_documents([document(20), document(3, body="다르다.")])
    assert faults(path) == []


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("DELETE FROM mentions WHERE entity = 'TH'", "The counts are not what the mentions say"),
        ("UPDATE counts SET documents = documents + 1 WHERE target = 'VN'", "The counts are not what the mentions say"),
        ("DELETE FROM counts WHERE day = '2025-07-03'", "The counts are not what the mentions say"),
        (
            (
                "INSERT INTO counts SELECT narrative, outlet, language, kind, '1999-01-01', target, form_class, frame, "
                "documents, stories, sentences, headlines FROM counts WHERE day = '2025-07-03'"
            ),
            "The counts are not what the mentions say",
        ),
        ("UPDATE documents SET story = row WHERE row = 2", "1 documents are in another story than their copies say"),
        ("DELETE FROM links", "1 documents are in another story than their copies say"),
        ("UPDATE stories SET documents = 7 WHERE id = 1", "1 stories are not what their documents make them"),
        ("DELETE FROM stories WHERE id = 1", "2 documents belong to a story that is not listed"),
        ("UPDATE documents SET body = body || '.' WHERE row = 4", "1 texts are not what was stored"),
        ("DELETE FROM keys WHERE document = 3", "1 documents have no key"),
        ("DELETE FROM versions WHERE document = 3", "1 documents hold a text that is not among their versions"),
        ("DELETE FROM deliveries WHERE document = 3", "1 documents were brought by no source"),
        ("UPDATE deliveries SET sampled = 1 WHERE document = 3", "1 documents count though only searches brought them"),
        ("UPDATE mentions SET end = 100000 WHERE document = 1 AND start = 0", "1 mentions lie outside their text"),
        ("UPDATE mentions SET end = end + 300, start = start WHERE document = 1 AND start = 0", "mentions"),
        (
            "UPDATE documents SET tagged_version = NULL WHERE row = 1",
            "1 documents that were never tagged have mentions",
        ),
        ("DELETE FROM outlets WHERE name = '골목'", "1 rows of documents belong to outlets that are not there"),
        ("DELETE FROM documents WHERE row = 1", "rows of mentions belong to documents that are not there"),
        ("INSERT INTO stale VALUES ('korea', '2025-07-03', 'KR:누리')", "The counts are said to be up to date"),
    ],
)
def test_what_is_wrong_is_told(path: Path, db: sqlite3.Connection, sql: str, said: str) -> None:
    assert db.execute(sql).rowcount
    found = faults(path)
    assert any(said in fault for fault in found), found


def test_wrong_counts_and_stories_can_be_made_anew(path: Path, db: sqlite3.Connection) -> None:
    db.execute("UPDATE counts SET documents = documents + 1")
    db.execute("UPDATE documents SET story = row")
    db.execute("INSERT INTO links VALUES (3, 4)")
    assert faults(path)
    result = CliRunner().invoke(narra.app, ["count", "--anew", "-w", str(path.parent)])
    assert result.exit_code == 0, result.output
    assert faults(path) == []


def test_a_damaged_page_is_told_and_nothing_is_read_from_it(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = 4096
    pages = path.stat().st_size // size
    with path.open("r+b") as file:
        for page in range(pages // 2, pages):  # not the first: they hold the schema, without which it is no store
            file.seek(page * size)
            file.write(b"\xff" * size)
    with Store.open(path) as store:
        found = list(store.faults(count, stories_of))
    assert len(found) == 1
    assert found[0].said.startswith("SQLite finds the file damaged")
    assert "backup" in found[0].remedy
    result = CliRunner().invoke(narra.app, ["check", "-w", str(path.parent)])
    assert result.exit_code == 3
    assert "backup" in result.stderr


def test_the_command_says_what_is_there_and_what_is_wrong(path: Path, db: sqlite3.Connection) -> None:
    command = ["check", "-w", str(path.parent)]
    result = CliRunner().invoke(narra.app, command)
    assert result.exit_code == 0, result.output
    assert "The store is whole: 9 documents" in result.stdout
    assert "which are what the mentions say" in result.stdout
    db.execute("DELETE FROM keys WHERE document = 3")
    result = CliRunner().invoke(narra.app, command)
    assert result.exit_code == 3
    assert "1 documents have no key" in result.stderr
    assert "Restore the store from a backup" in result.stderr


def test_checking_changes_nothing_and_waits_for_nobody(path: Path) -> None:
    with Store.open(path) as writer, writer.writing():
        assert faults(path) == []
        assert count_store(writer) == writer.totals()["counts"]
