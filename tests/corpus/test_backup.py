"""`narra backup` and snapshots: one moment of the store, whatever is written meanwhile."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from storing import content, document, documents, fill
from typer.testing import CliRunner

import narra
from corpus.copies import stories_of
from corpus.errors import DamagedStoreError, WorkspaceError
from corpus.settings import make_workspace
from corpus.store import Store
from nlp.count import count
from nlp.tagger import Tagger


@pytest.fixture
def path(tmp_path: Path, tagger: Tagger) -> Path:
    made = make_workspace(tmp_path / "w").store_path
    with Store.open(made) as store:
        fill(store, tagger, documents())
    return made


def test_a_backup_is_a_store_with_the_same_in_it(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with Store.open(path) as store:
        assert store.backup(copy) == copy.stat().st_size
    assert content(copy) == content(path)
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("copy")] == ["copy.db"]
    with Store.open(copy) as store:
        assert list(store.faults(count, stories_of)) == []
        assert store.counts_are_current()


def test_what_is_written_while_the_copy_is_made_is_not_in_it_and_does_not_hold_it_up(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.store.backup._PAGES", 1)
    before = content(path)
    steps: list[tuple[int, int]] = []
    with Store.open(path) as store, Store.open(path) as writer:

        def write(done: int, pages: int) -> None:
            steps.append((done, pages))
            writer.save_documents([document(100 + len(steps))])

        store.backup(tmp_path / "copy.db", write)
        # The copy did not begin anew.
        assert [done for done, _ in steps] == list(range(1, steps[-1][1] + 1))
    assert content(tmp_path / "copy.db") == before
    assert len(content(path)["documents"]) == len(before["documents"]) + len(steps)


def test_a_file_that_is_there_is_not_touched(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("mine", encoding="utf-8")
    with Store.open(path) as store, pytest.raises(WorkspaceError, match="exists already"):
        store.backup(target)
    assert target.read_text(encoding="utf-8") == "mine"


def test_an_interrupted_backup_leaves_nothing_and_can_be_made_again(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"

    def interrupt(*_: int) -> None:
        raise KeyboardInterrupt

    with Store.open(path) as store:
        with pytest.raises(KeyboardInterrupt):
            store.backup(target, interrupt)
        assert not list(tmp_path.glob("copy*"))
        (tmp_path / "copy.db.partial").write_text("left by a kill", encoding="utf-8")
        store.backup(target)
    assert [p.name for p in tmp_path.glob("copy*")] == ["copy.db"]


def test_a_place_that_is_too_small_or_not_there_is_told(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(path) as store:
        with pytest.raises(WorkspaceError, match="cannot be written"):
            store.backup(tmp_path / "missing" / "copy.db")
        monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 0))  # noqa: SLF001 what the library gives
        with pytest.raises(WorkspaceError, match=r"Free some space"):
            store.backup(tmp_path / "copy.db")


def test_a_damaged_store_makes_no_backup(path: Path, tmp_path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM outlets")  # without its foreign keys switched on
    with Store.open(path) as store, pytest.raises(DamagedStoreError, match="an older backup"):
        store.backup(tmp_path / "copy.db")
    assert not list(tmp_path.glob("copy*"))


def test_the_command_says_where_the_copy_is(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    result = CliRunner().invoke(narra.app, ["backup", str(target), "-w", str(path.parent)])
    assert result.exit_code == 0, result.output
    assert str(target) in result.stdout
    assert content(target) == content(path)


# -- snapshots -----------------------------------------------------------


def test_a_reader_sees_one_moment_while_another_writes(path: Path, tagger: Tagger) -> None:
    seen: list[Any] = []
    with Store.open(path) as reader, reader.snapshot():
        seen.append((reader.totals(), reader.counts(), reader.overview()))

        def write() -> None:
            with Store.open(path) as writer:
                fill(writer, tagger, [document(30, "다른", "아세안은 새 소식이다.")])

        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
        seen.append((reader.totals(), reader.counts(), reader.overview()))
    assert seen[0] == seen[1]
    with Store.open(path) as reader:
        assert reader.totals()["documents"] == seen[0][0]["documents"] + 1
