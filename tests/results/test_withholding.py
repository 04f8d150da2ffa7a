"""Of sources marked "titles only", no sentence of a body stands in anything that narra writes or prints."""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import synthetic
from typer.testing import CliRunner

import narra
from corpus.calendar import Quarter
from corpus.settings import MeasureSettings, Settings, Workspace, make_workspace
from corpus.store import Store
from results.excerpts import TITLES_ONLY
from results.outputs.blocks import read_page
from results.report import build
from results.withholding import withhold

Q = Quarter(2026, 3)
SAID = "비밀문장"  # in every body of the source, and in no title
HIDDEN = "papers"
TOML = """
outlet = "하루신문"
country = "KR"
language = "ko"
kind = "news"
owner = "private"
collect = "feed"
urls = ["https://papers.example/feed.xml"]
seen = "invented for a test"
confirmed = false
text = "titles"
"""


def fill(store: Store) -> None:
    """Give one outlet from the marked source and two from another, naming ASEAN in bodies and, some, in titles."""
    documents = []
    for number in range(90):
        of = synthetic.habits()[number % 3]
        title, body = synthetic.write(of, ["ASEAN"] if number % 2 else ["SEA"], number)
        made = synthetic.document(number, of, f"2026-{7 + number % 3:02}-{1 + number % 28:02}", title=title, body=body)
        if number % 3 == 0:
            titled = f"아세안 {title}" if number % 4 == 3 else title
            made = replace(made, source=HIDDEN, title=titled, body=f"{SAID} 아세안과 동남아 {SAID}. {body}")
        documents.append(made)
    synthetic.fill(store, documents)
    for source in (HIDDEN, "synthetic"):
        store._db.execute(  # noqa: SLF001 a test's own hand in the store
            "INSERT OR IGNORE INTO deliveries (source, document, first_seen) "
            "SELECT source, row, first_seen FROM documents WHERE source = ?",
            [source],
        )
    store._db.conn.commit()  # noqa: SLF001 the same


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.in_memory() as made:
        fill(made)
        yield made


def texts_of(files: dict[str, bytes]) -> dict[str, str]:
    """Give what stands in each file of a report, unpacked."""
    found = {}
    for name, data in files.items():
        if name.endswith((".xlsx", ".docx")):
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                whole = "".join(parts.read(part).decode("utf-8", "replace") for part in parts.namelist())
                found[name] = html.unescape(whole)
        elif not name.endswith((".png", ".pdf")):
            found[name] = data.decode("utf-8-sig")
    found["what the PDF is made of"] = repr(read_page(files["report.html"].decode()))
    return found


def report_of(store: Store) -> dict[str, str]:
    return texts_of(build(store, Settings(measure=MeasureSettings(replicates=100)), Q))


def test_no_sentence_of_it_is_in_any_file_of_a_report(store: Store) -> None:
    before = report_of(store)
    shown = {name for name, text in before.items() if SAID in text}
    assert {"report.html", "evidence.csv", "tables.xlsx", "report.docx", "what the PDF is made of"} <= shown
    withhold(store, [HIDDEN])
    after = report_of(store)
    assert [name for name, text in after.items() if SAID in text] == []
    assert TITLES_ONLY in after["report.html"]
    assert TITLES_ONLY in after["evidence.csv"]
    assert "아세안 " in after["report.html"]
    assert after["figures.csv"] == before["figures.csv"]


def test_a_name_in_its_title_is_shown_rather_than_one_in_its_body(store: Store) -> None:
    withhold(store, [HIDDEN])
    asked = {"narrative": "korea", "months": Q.months, "entities": ["ASEAN"], "classes": ["common", "abbreviation"]}
    found = store.evidence(**asked, kinds=["news"], limit=100)  # type: ignore[arg-type]
    hidden = [e for e in found if e.withheld]
    assert hidden
    assert all((e.text, e.start, e.end) == ("", 0, 0) for e in hidden)
    assert all(not e.title.startswith("아세안") for e in hidden)
    assert [e for e in found if e.field == "title" and e.title.startswith("아세안 ") and not e.withheld]
    assert SAID not in "".join(p.body for p in store.printed([e.document for e in found]).values())


def test_a_source_that_may_be_shown_again_is_shown_again(store: Store) -> None:
    withhold(store, [HIDDEN])
    withhold(store, [])
    assert SAID in report_of(store)["evidence.csv"]


# -- the command line ------------------------------------------------------


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = make_workspace(tmp_path / "w")
    (made.folder / "sources").mkdir()
    (made.folder / "sources" / f"{HIDDEN}.toml").write_text(TOML, encoding="utf-8")
    with Store.open(made.store_path) as opened:
        fill(opened)
    return made


def run(workspace: Workspace, *words: str) -> str:
    result = CliRunner().invoke(narra.app, [*words, "-w", str(workspace.folder)])
    assert result.exit_code == 0, result.output
    return result.output


def test_commands_know_it_from_the_description_of_the_source(workspace: Workspace) -> None:
    cell = ("evidence", "--narrative", "korea", "--target", "ASEAN", "--quarter", "2026Q3")
    said = run(workspace, *cell, "--limit", "100")
    assert TITLES_ONLY in said
    assert SAID not in said
    assert "⟦⟧" not in said
    sheet = workspace.folder / "coding.csv"
    said = run(workspace, *cell, "--export", str(sheet))
    assert "allow titles and links only" in said
    assert SAID not in sheet.read_text(encoding="utf-8-sig")
    run(workspace, "report", "2026Q3")
    report = workspace.reports / "2026Q3"
    assert SAID not in (report / "report.html").read_text(encoding="utf-8")
    assert SAID not in (report / "evidence.csv").read_text(encoding="utf-8-sig")


def test_a_source_marked_anew_is_heeded_by_the_next_command(workspace: Workspace) -> None:
    source = workspace.folder / "sources" / f"{HIDDEN}.toml"
    source.write_text(TOML.replace('"titles"', '"excerpt"'), encoding="utf-8")
    cell = ("evidence", "--narrative", "korea", "--target", "ASEAN", "--quarter", "2026Q3", "--limit", "100")
    assert SAID in run(workspace, *cell)
    source.write_text(TOML, encoding="utf-8")
    assert SAID not in run(workspace, *cell)
