"""The command line: what it says, how it ends, and that the store survives whatever happens."""

from __future__ import annotations

import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from corpus.sample import sample_files
from corpus.store import Store
from narra import app

WIDE = {"COLUMNS": "200"}
LARGE = 6_000  # documents: many batches, so that an import can be stopped between them


def narra(*words: str | Path, given: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], input=given, env=WIDE)


def line(number: int, **changes: object) -> str:
    record = {
        "id": f"n-{number}",
        "title": f"아세안 소식 {number}",
        "body": f"베트남은 {number}번째 소식을 냈다. 서울은 조용했다.",
        "language": "ko",
        "published_at": "2025-07-01",
        "outlet": "누리통신",
        "country": "KR",
        "kind": "news",
    }
    return json.dumps(record | changes, ensure_ascii=False) + "\n"


def write(path: Path, *lines: str) -> Path:
    path.write_text("".join(lines), encoding="utf-8")
    return path


def stored(folder: Path) -> list[dict[str, Any]]:
    """Give all documents as they lie in the store, but for when they came."""
    connection = sqlite3.connect(folder / "narra.db")
    connection.row_factory = sqlite3.Row
    rows = [dict(row) for row in connection.execute("SELECT * FROM documents ORDER BY id")]
    connection.close()
    return [{key: value for key, value in row.items() if key not in {"row", "first_seen"}} for row in rows]


def how_many(folder: Path) -> int:
    try:
        connection = sqlite3.connect(f"file:{folder / 'narra.db'}?mode=ro", uri=True)
        (number,) = connection.execute("SELECT count(*) FROM documents").fetchone()
        connection.close()
    except sqlite3.OperationalError:  # there is no store yet, or no table in it
        return 0
    return int(number)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    assert narra("init", folder).exit_code == 0
    return folder


@pytest.fixture
def full(workspace: Path, tmp_path: Path) -> Path:
    korean = [line(n) for n in range(6)]
    # Few replicates and one language: what is tested here is how the stages meet.
    write(workspace / "narra.toml", "[measure]\nreplicates = 100\n")
    vietnamese = [
        line(100 + n, outlet="Tin", country="VN", title="한국", body=f"한국은 배 {n}척을 샀다.") for n in range(6)
    ]
    assert narra("import", write(tmp_path / "a.jsonl", *korean, *vietnamese), "-w", workspace).exit_code == 0
    return workspace


# -- init ----------------------------------------------------------------


def test_init_makes_a_workspace_and_says_what_comes_next(tmp_path: Path) -> None:
    result = narra("init", tmp_path / "a")
    assert result.exit_code == 0
    assert (tmp_path / "a" / "narra.toml").is_file()
    assert "narra import FILE…" in result.stdout


def test_init_twice_changes_nothing(workspace: Path) -> None:
    before = (workspace / "narra.toml").read_bytes()
    result = narra("init", workspace)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "a narra workspace already" in result.stderr
    assert (workspace / "narra.toml").read_bytes() == before


def test_a_workspace_below_a_file_is_explained(tmp_path: Path) -> None:
    result = narra("init", write(tmp_path / "file", "x") / "workspace")
    assert result.exit_code == 3
    assert "Cannot make a workspace" in result.stderr


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root can write anywhere")
def test_a_read_only_workspace_is_explained(full: Path, tmp_path: Path) -> None:
    (full / "narra.db").chmod(0o400)
    full.chmod(0o500)
    try:
        result = narra("import", write(tmp_path / "b.jsonl", line(50)), "-w", full)
    finally:
        full.chmod(0o700)
    assert result.exit_code == 3
    assert "cannot be written" in result.stderr


def test_a_folder_that_is_no_workspace_is_explained(tmp_path: Path) -> None:
    for command in ("tag", "count", "run", "report", "status"):
        result = narra(command, "-w", tmp_path)
        assert result.exit_code == 3
        assert f"narra init {tmp_path}" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_workspace_may_be_named_in_the_environment(full: Path) -> None:
    result = CliRunner().invoke(app, ["status"], env=WIDE | {"NARRA_WORKSPACE": str(full)})
    assert result.exit_code == 0
    assert "12 documents" in result.stdout


def test_wrong_settings_are_explained_with_the_key(workspace: Path) -> None:
    write(workspace / "narra.toml", "[measure]\nseed = -1\n")
    result = narra("status", "-w", workspace)
    assert result.exit_code == 3
    assert "`measure.seed` is -1" in result.stderr


# -- import --------------------------------------------------------------


def test_import_says_what_became_of_the_records(workspace: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", line(1), line(2), "no json\n", line(1), line(3, published_at=None))
    result = narra("import", path, "-w", workspace)
    assert result.exit_code == 0
    assert "refused in a.jsonl: 1 × not JSON" in result.stdout
    assert [row.split() for row in result.stdout.splitlines() if row.startswith("a.jsonl")] == [
        ["a.jsonl", "3", "1", "0", "1", "0", "1"]
    ]
    assert len(stored(workspace)) == 3


def test_importing_twice_changes_nothing(full: Path, tmp_path: Path) -> None:
    before = stored(full)
    result = narra("import", tmp_path / "a.jsonl", "-w", full)
    assert result.exit_code == 0
    assert [row.split()[1:4] for row in result.stdout.splitlines() if row.startswith("a.jsonl")] == [["0", "12", "0"]]
    assert stored(full) == before


def test_a_file_that_is_missing_is_explained(full: Path, tmp_path: Path) -> None:
    before = stored(full)
    result = narra("import", tmp_path / "none.jsonl", "-w", full)
    assert result.exit_code == 5
    assert "No file matches" in result.stderr
    assert stored(full) == before


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"colour,size\nred,3\n", "CSV whose first line names the columns"),
        ("b.jsonl.gz", gzip.compress(line(50).encode() * 300)[:-20], "cut off"),
        ("c.jsonl.gz", b"\x1f\x8b not gzip at all", "c.jsonl.gz"),
        ("d.xlsx", b"PK\x03\x04 no workbook", "d.xlsx"),
        ("e.jsonl", b"", "e.jsonl"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained_and_the_store_stays_whole(
    full: Path, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    before = stored(full)
    (tmp_path / name).write_bytes(content)
    result = narra("import", tmp_path / name, "-w", full)
    assert result.exit_code == 5
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    kept = {row["id"] for row in stored(full)}
    assert {row["id"] for row in before} <= kept
    with Store.open(full / "narra.db") as store:
        assert store.check() == "ok"


def test_a_bad_file_does_not_keep_the_others_out(workspace: Path, tmp_path: Path) -> None:
    bad, good = write(tmp_path / "a.csv", "colour\nred\n"), write(tmp_path / "b.jsonl", line(1))
    result = narra("import", bad, good, "-w", workspace)
    assert result.exit_code == 5
    assert len(stored(workspace)) == 1


def test_a_second_writer_is_told_to_wait_and_changes_nothing(full: Path, tmp_path: Path) -> None:
    before = stored(full)
    path = write(tmp_path / "b.jsonl", line(50))
    with Store.open(full / "narra.db") as store, store.writing():
        for words in (["import", path], ["tag"], ["count"], ["run"]):
            result = narra(*words, "-w", full)
            assert result.exit_code == 4
            assert "Another narra run is writing" in result.stderr
        assert narra("status", "-w", full).exit_code == 0
    assert stored(full) == before
    assert narra("import", path, "-w", full).exit_code == 0


def test_a_store_of_a_newer_narra_is_left_alone(full: Path) -> None:
    connection = sqlite3.connect(full / "narra.db")
    with connection:
        connection.execute("INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('narra', 'm999_later')")
    connection.close()
    before = stored(full)
    for command in ("status", "tag", "run"):
        result = narra(command, "-w", full)
        assert result.exit_code == 3
        assert "Update narra" in result.stderr
    assert stored(full) == before


def test_a_damaged_store_is_explained_and_not_touched(workspace: Path, tmp_path: Path) -> None:
    broken = workspace / "narra.db"
    broken.write_bytes(b"no database at all " * 100)
    for words in (["status"], ["tag"], ["import", write(tmp_path / "a.jsonl", line(1))]):
        result = narra(*words, "-w", workspace)
        assert result.exit_code == 3
        assert "Restore it from a backup" in result.stderr
    assert broken.read_bytes() == b"no database at all " * 100


# -- run, report ---------------------------------------------------------


def test_run_does_everything_and_the_second_time_nothing(full: Path) -> None:
    first = narra("run", "2025Q3", "-w", full)
    assert first.exit_code == 0, first.stderr
    assert "Tagged 12 texts" in first.stdout
    assert (full / "reports" / "2025Q3" / "report.html").is_file()
    before = stored(full)
    second = narra("run", "2025Q3", "-w", full)
    assert second.exit_code == 0
    assert "Every text is tagged already." in second.stdout
    assert stored(full) == before


def test_run_imports_what_the_settings_name(workspace: Path) -> None:
    write(workspace / "narra.toml", '[import]\nfiles = ["inbox/*.jsonl"]\n[measure]\nreplicates = 100\n')
    (workspace / "inbox").mkdir()
    write(workspace / "inbox" / "a.jsonl", *(line(n) for n in range(6)))
    assert narra("run", "-w", workspace).exit_code == 0
    assert len(stored(workspace)) == 6
    write(workspace / "inbox" / "b.jsonl", line(7))
    result = narra("run", "-w", workspace)
    assert result.exit_code == 0
    assert "Tagged 1 texts" in result.stdout


def test_run_reports_and_then_says_which_file_was_bad(workspace: Path) -> None:
    write(workspace / "narra.toml", '[import]\nfiles = ["*.jsonl", "*.csv"]\n[measure]\nreplicates = 100\n')
    write(workspace / "a.jsonl", *(line(n) for n in range(6)))
    write(workspace / "b.csv", "colour\nred\n")
    result = narra("run", "-w", workspace)
    assert result.exit_code == 5
    assert "b.csv" in result.stderr
    assert (workspace / "reports" / "2025Q3" / "report.html").is_file()


def test_the_stages_may_be_run_one_by_one(full: Path) -> None:
    assert narra("report", "-w", full).exit_code == 7
    assert narra("tag", "-w", full).exit_code == 0
    assert "Run: narra run" in narra("report", "-w", full).stderr
    assert narra("count", "-w", full).exit_code == 0
    result = narra("report", "-w", full)
    assert result.exit_code == 0, result.stderr
    assert "The report of 2025Q3: file://" in result.stdout


def test_a_quarter_that_cannot_be_reported_is_explained(full: Path) -> None:
    narra("tag", "-w", full)
    narra("count", "-w", full)
    wrong = [("2025Q5", 5, "is not a quarter"), ("soon", 5, "2026Q3"), ("2020Q1", 7, "no documents of 2020Q1")]
    for quarter, code, said in wrong:
        result = narra("report", quarter, "-w", full)
        assert result.exit_code == code
        assert said in result.stderr
        assert not (full / "reports" / quarter).exists()


def test_a_report_of_nothing_is_explained(workspace: Path) -> None:
    result = narra("report", "-w", workspace)
    assert result.exit_code == 7
    assert "narra import FILE…" in result.stderr
    assert not (workspace / "narra.db").exists()


# -- status --------------------------------------------------------------


def test_the_status_of_an_empty_workspace_asks_for_documents(workspace: Path) -> None:
    result = narra("status", "-w", workspace)
    assert result.exit_code == 0
    assert "empty. Next: narra import FILE…" in result.stdout
    assert not (workspace / "narra.db").exists()


def test_the_status_says_what_is_there_and_what_comes_next(full: Path) -> None:
    before = narra("status", "-w", full).stdout
    assert "12 documents of 2 outlets" in before
    assert "Next: narra run" in before
    narra("run", "-w", full)
    after = narra("status", "-w", full).stdout
    assert "Next: narra report QUARTER" in after
    assert "KR:누리통신" in after


def test_refused_records_are_listed_with_file_and_line(workspace: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", line(1), "[bold]no json\n")
    narra("import", path, "-w", workspace)
    assert "Refused records" not in narra("status", "-w", workspace).stdout
    listed = narra("status", "--issues", "-w", workspace).stdout
    assert "Refused records" in listed
    assert any(row.split()[:3] == [str(path), "2", "not"] for row in listed.splitlines())


# -- lexicon -------------------------------------------------------------


def test_the_names_of_an_entity_are_shown_in_any_case() -> None:
    result = narra("lexicon", "show", "asean", "--language", "ko")
    assert result.exit_code == 0
    assert "아세안" in result.stdout
    assert result.stdout == narra("lexicon", "show", "ASEAN", "--language", "ko").stdout


@pytest.mark.parametrize("words", [["XX"], ["TH", "--language", "xx"]])
def test_an_unknown_entity_or_language_is_explained(words: list[str]) -> None:
    result = narra("lexicon", "show", *words)
    assert result.exit_code == 5
    assert "xx" in result.stderr.lower()


def test_a_sound_lexicon_is_said_to_be_so(tmp_path: Path) -> None:
    form = '[[form]]\nentity = "TH"\nclass = "common"\ntext = ["Quxland"]\nsource = "x"\n'
    write(tmp_path / "xa.toml", f'language = "xa"\nname = "x"\n{form}')
    result = narra("lexicon", "check", tmp_path)
    assert result.exit_code == 0
    assert "The lexicon is sound." in result.stdout
    assert "xa: " in result.stdout


def test_a_wrong_lexicon_is_named_with_file_and_line(tmp_path: Path) -> None:
    write(tmp_path / "xa.toml", 'language = "xa"\nname = "x"\n[[form]]\nentity = "XX"\n')
    result = narra("lexicon", "check", tmp_path)
    assert result.exit_code == 6
    assert "xa.toml:3" in result.stderr
    assert "sound" not in result.stdout


def test_a_text_is_explained(tmp_path: Path) -> None:
    result = narra("lexicon", "explain", "한국일보와 태국", "--language", "ko")
    assert result.exit_code == 0
    assert [row.split()[:4] for row in result.stdout.splitlines()[-2:]] == [
        ["0–2", "한국", "inside", "KR"],
        ["6–8", "태국", "mention", "TH"],
    ]
    assert narra("lexicon", "explain", "-", "--language", "ko", given="한국일보와 태국").stdout == result.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_text_without_names_and_a_date_are_explained() -> None:
    assert "No name of ours" in narra("lexicon", "explain", "비가 온다", "--language", "ko").stdout
    dated = narra("lexicon", "explain", "Rangoon sold rice", "--language", "en", "--date", "2024-01-01").stdout
    assert "passed over" in dated
    assert "date" in dated


def test_markup_in_a_text_is_shown_and_not_obeyed() -> None:
    result = narra("lexicon", "explain", "[red]ASEAN[/red] and [/x] ASEAN", "--language", "en")
    assert result.exit_code == 0
    assert result.stdout.count("ASEAN") == 4


# -- processes -----------------------------------------------------------


def started(*words: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "narra", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | WIDE | {"PYTHONUTF8": "1"},
    )


def test_help_and_a_wrong_command_end_as_they_should() -> None:
    with started("--help") as shown, started("nonsense") as wrong:
        said, _ = shown.communicate()
        _, complaint = wrong.communicate()
    assert shown.returncode == 0
    assert all(command in said for command in ("init", "import", "run", "report", "demo", "status", "lexicon"))
    assert wrong.returncode == 2
    assert "nonsense" in complaint


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX has them")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_import_is_safe_and_the_next_completes_it(
    workspace: Path, tmp_path: Path, how: signal.Signals
) -> None:
    path = write(tmp_path / "big.jsonl", *(line(n) for n in range(LARGE)))
    with started("import", path, "-w", workspace) as process:
        while not how_many(workspace) and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(how)
        _, said = process.communicate()
    assert process.returncode == 130, said
    assert "interrupted" in said
    assert "Traceback" not in said
    assert 0 < how_many(workspace) < LARGE
    with Store.open(workspace / "narra.db") as store:
        assert store.check() == "ok"
        assert [run["status"] for run in store.runs()] == ["interrupted"]
    assert narra("import", path, "-w", workspace).exit_code == 0
    undisturbed = tmp_path / "undisturbed"
    narra("init", undisturbed)
    assert narra("import", path, "-w", undisturbed).exit_code == 0
    assert stored(workspace) == stored(undisturbed)
    assert how_many(workspace) == LARGE


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX has them")
def test_a_killed_import_leaves_a_sound_store_and_no_lock(workspace: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "big.jsonl", *(line(n) for n in range(LARGE)))
    with started("import", path, "-w", workspace) as process:
        while not how_many(workspace) and process.poll() is None:
            time.sleep(0.01)
        process.kill()
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert 0 < how_many(workspace) < LARGE
    with Store.open(workspace / "narra.db") as store, store.writing():
        assert store.check() == "ok"
    assert "did not end" in narra("status", "-w", workspace).stdout
    assert narra("import", path, "-w", workspace).exit_code == 0
    assert how_many(workspace) == LARGE


def test_the_demo_runs_on_the_invented_corpus(tmp_path: Path) -> None:
    with started("demo", tmp_path / "demo", "--no-open") as process:
        said, complaint = process.communicate()
    assert process.returncode == 0, complaint
    assert "invented" in said
    assert (tmp_path / "demo" / "reports" / "2026Q3" / "report.html").is_file()
    records = [json.loads(one) for path in sample_files() for one in path.read_text(encoding="utf-8").splitlines()]
    assert how_many(tmp_path / "demo") == len({record["url"] for record in records})
