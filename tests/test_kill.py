"""What happens to a store, its disk and its clock while narra works: nothing is lost, nothing is doubled."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parent))  # for `killing`, which itself finds `storing`

import killing
from storing import content

from collectors.run import import_files
from corpus.copies import group_store, stories_of
from corpus.errors import InputError, WorkspaceError
from corpus.parquet import export
from corpus.store import Store
from nlp.count import count, count_store
from nlp.run import tag_store
from nlp.tagger import Tagger

PAGE = 4096
KILLS = 5  # of each stage; `tests/killing.py` makes a hundred


@pytest.mark.skipif(sys.platform == "win32", reason="forks, and kills the forks")
def test_a_run_that_is_killed_at_any_moment_is_made_whole_by_the_next(tmp_path: Path) -> None:
    command = [sys.executable, str(Path(__file__).parent / "killing.py"), str(tmp_path), str(KILLS), "20101"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=250, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    hits = dict(re.findall(rf"(\w+): {KILLS} runs, (\d+) killed in time, all made whole", ended.stdout))
    assert hits.keys() == {"import", "tag", "copies", "count"}
    # A moment of time may come after the end; a moment of work never does.
    assert all(int(number) >= (KILLS + 1) // 2 for number in hits.values())


def limited(path: Path, pages: int, records: Path, tagger: Tagger) -> str:
    """Run every stage in a store that may have so many pages; give what was said when they were used up."""
    try:
        with Store.open(path) as store, store.writing():
            store._db.execute(f"PRAGMA max_page_count = {pages}")  # noqa: SLF001 a disk that is full cannot be asked for
            run(store, records, tagger)
    except WorkspaceError as error:
        return str(error)
    return ""


def run(store: Store, records: Path, tagger: Tagger) -> None:
    import_files(store, [records], lambda _: None)
    tag_store(store, tagger)
    group_store(store)
    count_store(store)


def backup(store: Store, target: Path) -> object:
    return store.backup(target)


def parquet(store: Store, target: Path) -> object:
    return export(store, str(target))


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load()


@pytest.fixture
def records(tmp_path: Path) -> Path:
    killing.make_records(tmp_path / "texts.jsonl")
    return tmp_path / "texts.jsonl"


@pytest.fixture
def right(tmp_path: Path, records: Path, tagger: Tagger) -> dict[str, list[tuple[object, ...]]]:
    with Store.open(tmp_path / "right.db") as store, store.writing():
        run(store, records, tagger)
    return content(tmp_path / "right.db")


def test_a_full_disk_is_told_and_with_more_space_the_run_goes_on(
    tmp_path: Path, records: Path, right: dict[str, Any], tagger: Tagger
) -> None:
    with Store.open(tmp_path / "empty.db"):
        pass
    first = (tmp_path / "empty.db").stat().st_size // PAGE
    last = (tmp_path / "right.db").stat().st_size // PAGE
    assert last > first + 20
    for pages in range(first, last, (last - first) // 8):
        path = tmp_path / f"{pages}.db"
        said = limited(path, pages, records, tagger)
        assert "Free some space, then run the command again" in said, pages
        with Store.open(path) as store, store.writing():
            run(store, records, tagger)
            assert list(store.faults(count, stories_of)) == []
        assert content(path) == right, pages


@contextmanager
def disk(place: Path, size: int) -> Iterator[None]:
    """Mount a disk of so many bytes; skips where that is not allowed."""
    place.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no disk may be mounted here; a store that may not grow is tested above")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


def enlarge(place: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=64m", str(place)], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a tmpfs")
@pytest.mark.parametrize("room", [8, 25, 50])
def test_a_disk_that_is_really_full_is_told_and_with_more_space_the_run_goes_on(
    tmp_path: Path, records: Path, right: dict[str, Any], tagger: Tagger, room: int
) -> None:
    with Store.open(tmp_path / "empty.db"):
        pass
    size = (tmp_path / "empty.db").stat().st_size + room * PAGE
    with disk(tmp_path / "disk", size):
        path = tmp_path / "disk" / "narra.db"
        shutil.copyfile(tmp_path / "empty.db", path)
        with pytest.raises(WorkspaceError, match="Free some space, then run the command again"):
            full(path, records, tagger)
        enlarge(tmp_path / "disk")
        with Store.open(path) as store, store.writing():
            run(store, records, tagger)
            assert list(store.faults(count, stories_of)) == []
        assert content(path) == right


def full(path: Path, records: Path, tagger: Tagger) -> None:
    with Store.open(path) as store, store.writing():
        run(store, records, tagger)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a tmpfs")
@pytest.mark.parametrize("write", [backup, parquet])
def test_what_is_written_elsewhere_leaves_nothing_half_done_on_a_full_disk(
    tmp_path: Path, right: dict[str, Any], write: Callable[[Store, Path], object]
) -> None:
    assert right["documents"]
    with Store.open(tmp_path / "right.db") as store, disk(tmp_path / "disk", PAGE):
        target = tmp_path / "disk" / "out"
        with pytest.raises((WorkspaceError, InputError), match=r"Free some space|space left"):
            write(store, target)
        assert [path for path in (tmp_path / "disk").rglob("*") if path.is_file()] == []
        enlarge(tmp_path / "disk")
        write(store, target)
        assert target.exists()


def test_an_export_that_was_interrupted_is_made_whole_by_the_next(tmp_path: Path, right: dict[str, Any]) -> None:
    assert right["documents"]
    interrupted, undisturbed = tmp_path / "interrupted", tmp_path / "undisturbed"
    with Store.open(tmp_path / "right.db") as store:
        with pytest.raises(KeyboardInterrupt):
            export(store, str(interrupted), stop)
        assert {path.suffix for path in interrupted.rglob("*") if path.is_file()} == {".partial"}
        export(store, str(interrupted))
        export(store, str(undisturbed))
    assert files(interrupted) == files(undisturbed)


def stop(_: int) -> None:
    raise KeyboardInterrupt


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_clock_that_jumps_changes_nothing_but_moments(
    tmp_path: Path, records: Path, right: dict[str, Any], tagger: Tagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = itertools.cycle(["2050-01-01T00:00:00+00:00", "1970-01-01T00:00:00+00:00", "2026-07-01T12:00:00+00:00"])
    users = [
        name for name, module in sys.modules.items() if name.startswith("corpus.store.") and hasattr(module, "now")
    ]
    assert len(users) > 3
    for name in users:
        monkeypatch.setattr(f"{name}.now", lambda: next(moments))
    path = tmp_path / "jumping.db"
    with Store.open(path) as store, store.writing():
        run(store, records, tagger)
        run(store, records, tagger)
        assert list(store.faults(count, stories_of)) == []
        assert {r["status"] for r in store.runs()} == {"ok"}
    assert content(path) == right
