"""The commands narra measure and narra evidence, as they are typed."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import synthetic
from click.testing import Result
from typer.testing import CliRunner

from corpus.calendar import Quarter
from corpus.settings import make_workspace
from corpus.store import Store
from narra import app


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_workspace(tmp_path_factory.mktemp("answering") / "w")
    documents, copies = synthetic.corpus(Quarter(2026, 2), Quarter(2026, 3), scale=0.4)
    with Store.open(made.store_path) as store:
        synthetic.fill(store, documents, copies)
    return made.folder


def narra(workspace: Path, *words: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, words), "-w", str(workspace)], env={"COLUMNS": "400"})


def test_measures_are_listed(workspace: Path) -> None:
    said = narra(workspace, "measure").output
    assert "symmetry" in said
    assert "brand-part" in said


def test_symmetry_by_member_since_a_quarter(workspace: Path, tmp_path: Path) -> None:
    files = ["--csv", tmp_path / "a.csv", "--parquet", tmp_path / "a.parquet"]
    said = narra(workspace, "measure", "symmetry", "--by", "member", "--since", "2026Q2", *files)
    assert said.exit_code == 0, said.output
    assert "symmetry with a member: Vietnam" in said.output
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig"), newline="")))
    assert {r["quarter"] for r in rows} == {"2026Q2", "2026Q3"}
    assert (tmp_path / "a.parquet").read_bytes().startswith(b"PAR1")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["brands"], "There is no measure 'brands'. There are: attention"),
        (["brand", "--by", "town"], "--by 'town' is not known. It may be: member, outlet,"),
        (["brand", "--by", "outlet", "--by", "kind"], "--by takes one of outlet and kind, not both."),
        (["brand", "--since", "lately"], "'lately' is not a quarter"),
        (["attention", "--target", "Laos"], "--target 'Laos' is not known"),
    ],
)
def test_what_is_not_known_is_said(workspace: Path, words: list[str], said: str) -> None:
    result = narra(workspace, "measure", *words)
    assert result.exit_code == 5
    assert said in result.output


def test_a_file_that_cannot_be_written_is_said(workspace: Path, tmp_path: Path) -> None:
    result = narra(workspace, "measure", "brand", "--csv", tmp_path / "no" / "a.csv")
    assert result.exit_code == 3
    assert "Choose another place" in result.output


def test_the_sentences_behind_a_figure_are_shown_marked(workspace: Path) -> None:
    said = narra(
        workspace, "evidence", "--figure", "brand-korea-ASEAN-documents", "--quarter", "2026Q3", "--limit", "3"
    )
    assert said.exit_code == 0, said.output
    assert said.output.count("⟦아세안⟧") == 3
    assert said.output.count("https://kr.example/") == 3


def test_both_sides_of_a_symmetry_are_shown(workspace: Path) -> None:
    figure = "symmetry-member-both-VN-documents"
    said = narra(workspace, "evidence", "--figure", figure, "--quarter", "2026Q3", "--limit", "1").output
    assert "⟦베트남⟧" in said
    assert "⟦Hàn Quốc⟧" in said


def test_a_cell_is_asked_for_by_what_it_counts(workspace: Path) -> None:
    words = ["evidence", "--narrative", "korea", "--target", "ASEAN", "--quarter", "2026", "--field", "title"]
    said = narra(workspace, *words, "--outlet", "KR:누리통신", "--limit", "2").output
    assert said.count("KR:누리통신") == 2
    assert "in the title" in said
    assert "in the body" not in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Say which cell"),
        (["--figure", "brand-korea-ASEAN-document"], "Like it: brand-korea-ASEAN-documents"),
        (["--figure", "brand-korea-ASEAN-documents", "--target", "SEA"], "leave out --narrative"),
        (["--figure", "brand-korea-ASEAN-documents", "--outlet", "KR:없다"], "KR:없다 is not in the panel"),
        (["--narrative", "asean", "--target", "KR", "--quarter", "x"], "'x' is no time"),
    ],
)
def test_a_cell_that_is_none_is_said(workspace: Path, words: list[str], said: str) -> None:
    result = narra(workspace, "evidence", *words)
    assert result.exit_code == 5
    assert said in result.output


def test_a_sample_is_drawn_coded_and_read_back(workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    which = ["--narrative", "korea", "--target", "ASEAN", "--quarter", "2026Q3"]
    said = narra(workspace, "evidence", *which, "--export", path, "--sample", "20")
    assert said.exit_code == 0, said.output
    assert "20 of " in said.output
    again = narra(workspace, "evidence", *which, "--export", path)
    assert "is there already" in again.output
    lines = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    at = next(n for n, line in enumerate(lines) if line[0] == "key")
    for n, line in enumerate(lines[at + 1 :]):
        line[lines[at].index("coder1_right")] = "yes"
        line[lines[at].index("coder2_right")] = "no" if n == 0 else "yes"
        line[lines[at].index("coder2_entity")] = "none" if n == 0 else ""
    written = io.StringIO(newline="")
    csv.writer(written).writerows(lines)
    path.write_text(written.getvalue(), "utf-8-sig")

    read = narra(workspace, "evidence", "read", path)
    assert read.exit_code == 0, read.output
    assert "Precision: 95.0% (76.4% to 99.1%) (95% interval, from 20 coded mentions)." in read.output
    assert "not in the store any more" not in read.output
    result = json.loads((tmp_path / "sheet.result.json").read_text("utf-8"))
    assert (result["strict"]["value"], result["drawn"], result["changed"]) == (0.95, 20, [])


def test_a_store_that_changed_since_is_noticed(workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    narra(workspace, "evidence", "--narrative", "korea", "--target", "VN", "--export", path, "--sample", "5")
    lines = path.read_text("utf-8-sig").splitlines()
    header = next(line for line in lines if line.startswith("key")).split(",")
    rows = [dict(zip(header, next(csv.reader([line])), strict=True)) for line in lines if ":body:" in line]
    changed = [row | {"coder1_right": "yes", "check": "text 0000 lexicon x"} for row in rows]
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, header)
    writer.writeheader()
    writer.writerows(changed)
    path.write_text(written.getvalue(), "utf-8-sig")
    said = narra(workspace, "evidence", "read", path).output
    assert f"{len(rows)} of the coded mentions are not in the store any more as they were coded" in said
