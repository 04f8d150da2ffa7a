"""The commands: one workspace spread, or a dataset worked on without one; what is said when something is missing."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import Result
from spreading import HERE, digests, spoil
from storing import content
from typer.testing import CliRunner

from corpus.errors import InputError
from corpus.settings import make_workspace
from narra import app
from nlp.engine import on_dask
from nlp.engine.engines import Engine
from nlp.engine.run import send

WIDE = {"COLUMNS": "250"}
BODY = "아세안과 한국이 {day}일에 정상회의를 열었다. 베트남은 유학생 {n}명을 보냈다. 골목마다 이야기가 다르다."


def narra(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env=WIDE)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Give a workspace with Korean texts of five months, and copies among them."""
    folder = make_workspace(tmp_path / "w").folder
    (folder / "narra.toml").write_text("[measure]\nreplicates = 100\n", encoding="utf-8")
    with (tmp_path / "a.jsonl").open("w", encoding="utf-8") as file:
        for n in range(60):
            record = {
                "id": str(n), "title": f"아세안 {n}", "language": "ko",
                "body": BODY.format(day=1 + n % 28, n=n - n % 3),
                "published_at": f"2025-{5 + n % 5:02}-{1 + n // 5:02}", "outlet": f"누리{n % 4}", "country": "KR",
                "kind": "news",
            }  # fmt: skip
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    assert narra("import", tmp_path / "a.jsonl", "-w", folder).exit_code == 0
    return folder


@pytest.fixture
def alone(workspace: Path, tmp_path: Path) -> Path:
    """Give the same workspace, on which this machine worked alone."""
    folder = make_workspace(tmp_path / "alone").folder
    (folder / "narra.toml").write_bytes((workspace / "narra.toml").read_bytes())
    assert narra("import", tmp_path / "a.jsonl", "-w", folder).exit_code == 0
    result = narra("run", "-w", folder)
    assert result.exit_code == 0, result.stderr
    return folder


@contextmanager
def _here(scheduler: str | None, workers: int) -> Iterator[Engine]:
    del scheduler, workers
    yield HERE


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process stand for the cluster."""
    monkeypatch.setattr(on_dask, "on_dask", _here)


def test_a_run_on_a_cluster_leaves_what_a_run_here_leaves(workspace: Path, alone: Path) -> None:
    result = narra("run", "-w", workspace, "--engine", "dask", "--workers", "2")
    assert result.exit_code == 0, result.stderr
    assert "2 workers, with lexicon" in result.stdout
    assert "Sent 60 documents" in result.stdout
    assert "Every text is tagged already." in result.stdout
    assert content(workspace / "narra.db") == content(alone / "narra.db")
    assert (workspace / "reports" / "2025Q3" / "report.html").is_file()
    assert not (workspace / "spread").exists()


@pytest.mark.usefixtures("here")
def test_a_partition_that_is_missing_is_named_and_no_report_is_written(
    workspace: Path, alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt: list[Path] = []

    def spoiling(*given: object) -> int:
        done = send(*given)  # type: ignore[arg-type] as it was called
        spoilt.append(sorted((workspace / "spread" / "sent").rglob("*.parquet"))[1])
        spoil(spoilt[0])
        return done

    with monkeypatch.context() as patch:
        patch.setattr("nlp.engine.run.send", spoiling)
        result = narra("run", "-w", workspace, "--engine", "dask")
    assert result.exit_code == 8
    assert "There is no result of:" in result.stderr
    assert str(spoilt[0].relative_to(workspace / "spread" / "sent")) in result.stderr
    assert "Nothing was counted" in result.stderr
    assert not (workspace / "reports").exists()
    with closing(sqlite3.connect(workspace / "narra.db")) as db:
        assert db.execute("SELECT count(*) FROM documents WHERE tagged_version IS NULL").fetchone() == (12,)
        assert db.execute("SELECT count(*) FROM counts").fetchone() == (0,)
    refused = narra("report", "-w", workspace)
    assert refused.exit_code == 7
    assert "not up to date" in refused.stderr
    assert "12 texts are new or changed" in narra("status", "-w", workspace).stdout

    again = narra("run", "-w", workspace, "--engine", "dask")
    assert again.exit_code == 0, again.stderr
    assert content(workspace / "narra.db") == content(alone / "narra.db")


@pytest.mark.usefixtures("here")
def test_what_a_stopped_run_has_done_is_taken_in_by_the_next(
    workspace: Path, alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("nlp.engine_commands._load", stop)
        assert narra("run", "-w", workspace, "--engine", "dask").exit_code == 130
    with monkeypatch.context() as patch:
        patch.setattr("nlp.engine.run.send", stop)  # nothing is sent a second time
        result = narra("run", "-w", workspace, "--engine", "dask")
    assert result.exit_code == 0, result.stderr
    assert content(workspace / "narra.db") == content(alone / "narra.db")


@pytest.mark.usefixtures("here")
def test_at_a_place_of_the_user_s_own_nothing_is_left_and_nothing_else_touched(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "place"
    (place / "documents").mkdir(parents=True)
    (place / "documents" / "mine.parquet").write_bytes(b"mine")
    seen: list[str] = []

    def watching(*given: object) -> int:
        done = send(*given)  # type: ignore[arg-type] as it was called
        seen.extend(digests(place))
        return done

    monkeypatch.setattr("nlp.engine.run.send", watching)
    assert narra("run", "-w", workspace, "--engine", "dask", "--place", place).exit_code == 0
    assert "sent/narrative=korea/month=2025-05/korea-2025-05-000.parquet" in seen
    assert list(digests(place)) == ["documents/mine.parquet"]
    seen.clear()
    result = narra("run", "-w", workspace, "--engine", "dask", "--place", place)
    assert result.exit_code == 0
    assert "Sent" not in result.stdout
    assert seen == []


def test_a_dataset_is_worked_on_without_a_workspace_and_then_loaded(
    workspace: Path, alone: Path, tmp_path: Path
) -> None:
    dataset, results, other = tmp_path / "documents", tmp_path / "results", make_workspace(tmp_path / "other").folder
    assert narra("export", dataset, "-w", workspace).exit_code == 0
    nothing = narra("load", results, "-w", other)
    assert nothing.exit_code == 5
    assert "holds no results of this narra" in nothing.stderr
    result = narra("spread", dataset, results, "--engine", "pool", "--workers", "2")
    assert result.exit_code == 0, result.stderr
    assert "Read 60 documents in 5 partitions" in result.stdout
    assert narra("import", dataset, "-w", other).exit_code == 0
    loaded = narra("load", results, "-w", other)
    assert loaded.exit_code == 0, loaded.stderr
    assert "Loaded mentions of 60 documents" in loaded.stdout
    (other / "narra.toml").write_bytes((workspace / "narra.toml").read_bytes())
    assert "Every text is tagged already." in narra("run", "-w", other).stdout
    found, wanted = (content(folder / "narra.db") for folder in (other, alone))
    assert sorted(found["counts"]) == sorted(wanted["counts"])
    assert len(found["mentions"]) == len(wanted["mentions"]) > 100


@pytest.mark.usefixtures("here")
def test_a_dataset_with_a_corrupt_partition_is_not_counted(workspace: Path, tmp_path: Path) -> None:
    dataset, results = tmp_path / "documents", tmp_path / "results"
    assert narra("export", dataset, "-w", workspace).exit_code == 0
    spoil(min(dataset.rglob("*.parquet")))
    result = narra("spread", dataset, results)
    assert result.exit_code == 8
    assert "Read 48 documents in 4 partitions" in result.stdout
    assert "narrative=korea/month=2025-05/korea-2025-05-000.parquet" in result.stderr
    assert "Mend these or remove them" in result.stderr
    assert not any("/counts/" in name for name in digests(results))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "--scheduler", "tcp://x:1"], "Add: --engine dask"),
        (["run", "--place", "x"], "Add: --engine dask"),
        (["run", "--engine", "dask", "--scheduler", "tcp://x:1"], "--place s3://"),
        (["spread", "none", "x", "--engine", "pool", "--scheduler", "tcp://x:1"], "Leave out --scheduler"),
        (["spread", "none", "x", "--engine", "pool"], "There is no Parquet file in"),
        (["spread", "nosuch://a", "x", "--engine", "pool"], "nosuch"),
    ],
)
def test_what_does_not_go_together_is_told(workspace: Path, words: list[str], said: str) -> None:
    where = ["-w", str(workspace)] if words[0] == "run" else []
    result = narra(*words, *where)
    assert result.exit_code == 5
    assert said in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("library", "ours"), [("distributed", ["on_dask"]), ("fsspec", ["spread", "place"])], ids=["dask", "fsspec"]
)
def test_without_a_library_the_line_that_installs_it_is_told(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, library: str, ours: list[str]
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    for name in ours:
        monkeypatch.delitem(sys.modules, f"nlp.engine.{name}", raising=False)
    result = narra("run", "-w", workspace, "--engine", "dask")
    assert result.exit_code == InputError.exit_code
    assert f"needs {library}" in result.stderr
    assert "uv sync --extra scale" in result.stderr
    assert not (workspace / "spread").exists()
