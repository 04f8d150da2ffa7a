"""Importing: what the store holds afterwards, and what a run remembers of trouble."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from collectors import run
from collectors.run import Progress, expand, import_files
from corpus.errors import FileProblemError
from corpus.sample import sample_files
from corpus.store import Store


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.in_memory() as opened:
        yield opened


def line(number: int, **changes: object) -> str:
    record = {
        "id": f"n-{number}",
        "title": f"아세안 소식 {number}",
        "language": "ko",
        "published_at": "2025-07-01",
        "outlet": "누리통신",
        "country": "KR",
        "kind": "news",
    }
    return json.dumps(record | changes, ensure_ascii=False)


def write(folder: Path, *lines: str, name: str = "a.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(f"{one}\n" for one in lines), encoding="utf-8")
    return path


def quiet(_: Progress) -> None:
    pass


def test_documents_are_saved_and_refused_ones_recorded(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, line(1), "no json", line(2, published_at=None), line(3, kind="blog"))
    summary = import_files(store, [path], quiet)[path]
    assert (summary.taken, summary.refused, summary.undated, summary.read) == (2, 2, 1, 4)
    assert summary.reasons == {"not JSON": 1, "unknown kind": 1}
    assert store.totals()["documents"] == 2
    assert {(r["file"], r["reason"], r["first_line"]) for r in store.issue_counts()} == {
        (str(path), "not JSON", 2),
        (str(path), "unknown kind", 4),
    }
    assert [r["status"] for r in store.runs()] == ["partial"]


def test_importing_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, *(line(n) for n in range(1200)))
    first = import_files(store, [path], quiet)[path]
    state = (store.totals(), store.state("changes"))
    second = import_files(store, [path], quiet)[path]
    assert (first.taken, first.known) == (1200, 0)
    assert (second.taken, second.changed, second.known) == (0, 0, 1200)
    assert (store.totals(), store.state("changes")) == state
    assert [r["status"] for r in store.runs()] == ["ok", "ok"]


def test_a_changed_text_is_counted_as_changed(store: Store, tmp_path: Path) -> None:
    import_files(store, [write(tmp_path, line(1), line(2))], quiet)
    path = write(tmp_path, line(1, body="새 본문"), line(2))
    summary = import_files(store, [path], quiet)[path]
    assert (summary.changed, summary.known) == (1, 1)


def test_progress_reaches_the_whole_file_and_counts_over_all_files(store: Store, tmp_path: Path) -> None:
    one = write(tmp_path, *(line(n) for n in range(1100)))
    two = write(tmp_path, line(5000), name="b.jsonl")
    seen: list[Progress] = []
    import_files(store, [one, two], seen.append)
    assert [p.documents_done for p in seen] == [500, 1000, 1100, 1101]
    assert [p.file for p in seen] == [one, one, one, two]
    assert all(0 < p.bytes_done <= p.bytes_total == p.file.stat().st_size for p in seen)
    assert seen[2].bytes_done == seen[2].bytes_total


def test_a_file_that_cannot_be_read_does_not_stop_the_others(store: Store, tmp_path: Path) -> None:
    good = write(tmp_path, line(1))
    empty = write(tmp_path, name="empty.jsonl")
    summaries = import_files(store, [empty, good, tmp_path / "none.jsonl"], quiet)
    assert summaries[good].taken == 1
    assert summaries[good].damaged == ""
    assert summaries[empty].damaged.startswith("is empty")
    assert summaries[empty].reasons == {"file cannot be read": 1}
    assert store.runs()[0]["status"] == "partial"
    assert {(r["file"], r["first_line"]) for r in store.issue_counts()} == {
        (str(empty), 0),
        (str(tmp_path / "none.jsonl"), 0),
    }


def test_a_run_in_which_nothing_could_be_taken_has_failed(store: Store, tmp_path: Path) -> None:
    import_files(store, [write(tmp_path, "no json")], quiet)
    assert store.runs()[0]["status"] == "failed"


def test_what_stands_before_the_damage_is_saved(store: Store, tmp_path: Path) -> None:
    whole = gzip.compress("".join(line(n, body=os.urandom(300).hex()) + "\n" for n in range(2000)).encode())
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(whole[: len(whole) // 2])
    summary = import_files(store, [path], quiet)[path]
    assert store.totals()["documents"] == summary.taken > 900
    assert summary.damaged.startswith("file is cut off")
    assert summary.reasons == {"file is cut off": 1}
    assert store.runs()[0]["status"] == "partial"


def test_an_interrupt_is_recorded_and_goes_on(store: Store, tmp_path: Path) -> None:
    def interrupt(_: Progress) -> NoReturn:
        raise KeyboardInterrupt

    path = write(tmp_path, *(line(n) for n in range(1200)))
    with pytest.raises(KeyboardInterrupt):
        import_files(store, [path], interrupt)
    latest = store.runs()[0]
    assert latest["status"] == "interrupted"
    assert json.loads(latest["summary"])[str(path)]["taken"] == 500
    assert store.totals()["documents"] == 500
    assert import_files(store, [path], quiet)[path].taken == 700


def test_the_summary_of_a_run_is_kept(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, line(1), "no json")
    import_files(store, [path], quiet)
    kept = json.loads(store.runs()[0]["summary"])[str(path)]
    assert (kept["taken"], kept["refused"], kept["reasons"]) == (1, 1, {"not JSON": 1})


def test_of_very_many_refusals_some_are_kept_and_all_counted(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "ISSUES_KEPT", 700)
    path = write(tmp_path, *["no json"] * 1300, line(1))
    summary = import_files(store, [path], quiet)[path]
    assert summary.refused == 1300
    assert store.totals()["issues"] == 700


def test_long_texts_make_smaller_batches(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "BATCH_CHARACTERS", 1000)
    seen: list[Progress] = []
    import_files(store, [write(tmp_path, *(line(n, body="가" * 600) for n in range(4)))], seen.append)
    assert [p.documents_done for p in seen] == [2, 4]


@pytest.mark.skipif(os.name != "posix", reason="file names are text there")
def test_a_file_name_that_is_no_text_does_no_harm(store: Store, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.jsonl"))
    path.write_text(line(1) + "\nno json\n", encoding="utf-8")
    summary = import_files(store, [path], quiet)[path]
    assert (summary.taken, summary.refused) == (1, 1)


def test_the_sample_is_imported_whole(store: Store) -> None:
    files = sample_files()
    assert files == sorted(files)
    summaries = import_files(store, files, quiet)
    assert sum(summary.taken for summary in summaries.values()) > 0
    assert sum(summary.refused for summary in summaries.values()) == 0


def test_patterns_give_each_file_once_and_sorted(tmp_path: Path) -> None:
    b, a = write(tmp_path, name="b.jsonl"), write(tmp_path, name="a.jsonl")
    (tmp_path / "deep").mkdir()
    c = write(tmp_path / "deep", name="c.jsonl")
    assert expand(["b.jsonl", "*.jsonl"], tmp_path) == [a, b]
    assert expand(["**/*.jsonl"], tmp_path) == [a, b, c]
    assert expand([str(tmp_path / "*.jsonl"), str(c)], Path("elsewhere")) == [a, b, c]
    assert expand(["*"], tmp_path) == [a, b]


def test_a_name_with_a_bracket_is_a_name(tmp_path: Path) -> None:
    path = write(tmp_path, name="a[1].jsonl")
    assert expand(["a[1].jsonl"], tmp_path) == [path]


@pytest.mark.parametrize("pattern", ["none.jsonl", "*.csv", ""])
def test_a_pattern_without_a_match_is_a_problem(tmp_path: Path, pattern: str) -> None:
    write(tmp_path)
    with pytest.raises(FileProblemError, match="No file matches"):
        expand(["a.jsonl", pattern], tmp_path)


def test_every_record_of_the_real_files_is_accounted_for(store: Store, real_data: Path) -> None:
    paths = expand(["*.jsonl.gz", "*.csv.gz", "*.xlsx"], real_data)
    first = import_files(store, paths, quiet)
    assert sum(summary.read for summary in first.values()) == 22_647
    assert sum(summary.refused for summary in first.values()) == 4
    second = import_files(store, paths, quiet)
    assert sum(summary.known for summary in second.values()) == 22_643
