"""The store in Datasette: queries say what the report says, nothing leads out, nothing hidden is shown."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import synthetic
from datasette.app import Datasette

from corpus.calendar import Quarter
from corpus.errors import InputError, WorkspaceError
from corpus.settings import Workspace, make_workspace
from corpus.store import Store
from results.explore import serve
from results.explore.commands import explore_stage
from results.explore.figures import FILE, evidence_file, figure_queries, read_figures
from results.explore.queries_of import queries
from results.quarterly import QuarterResults, compute
from results.tables import harmless

QUARTER = Quarter(2026, 3)
HOSTILE = ("<script>alert(1)</script>", '=HYPERLINK("http://evil.example")', "\u202etxt.exe", "@SUM(1)", "-1+2")


def sql_of(store: Store) -> sqlite3.Connection:
    return store._db.conn  # noqa: SLF001 a test's own hand in the store


def ask(made: Datasette, path: str, host: str = "127.0.0.1:8331", **asked: str) -> Any:
    address = f"{path}?{urlencode(asked)}" if asked else path
    return asyncio.run(made.client.get(address, headers={"host": host}))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = make_workspace(tmp_path_factory.mktemp("explore") / "w")
    documents, copies = synthetic.corpus(Quarter(2026, 2), QUARTER, scale=0.5)
    habit = synthetic.habits()[0]
    documents += [
        synthetic.document(10**6 + n, habit, "2026-08-01", title=title, body=f"{title} 아세안")
        for n, title in enumerate(HOSTILE)
    ]
    with Store.open(made.store_path) as store:
        synthetic.fill(store, documents, copies)
    return made


@pytest.fixture(scope="module")
def figures(workspace: Workspace) -> QuarterResults:
    with Store.open(workspace.store_path) as store:
        found = compute(store, workspace.settings, QUARTER)
    path = workspace.reports / str(QUARTER) / FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(evidence_file(QUARTER, found.measures))
    (path.parent / "report.html").write_text("<!doctype html><title>r</title><p>the report", encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def made(workspace: Workspace, figures: QuarterResults) -> Iterator[Datasette]:
    assert figures.measures
    with Store.open(workspace.store_path) as store:
        prepared = serve.prepare(store, [], lambda _: None)
    assert (prepared.withheld, prepared.unsearchable) == (frozenset(), 0)
    return serve.application(workspace, prepared)


@pytest.mark.parametrize("name", sorted(queries()))
def test_every_query_answers_with_nothing_filled_in(made: Datasette, name: str) -> None:
    answer = ask(made, f"/narra/{name}.json")
    assert answer.status_code == 200
    assert answer.json()["columns"]
    for page in (f"/narra/{name}", f"/narra/{name}.csv"):
        assert ask(made, page).status_code == 200


@pytest.mark.parametrize("name", sorted(queries()))
def test_parameters_are_those_of_the_sql(name: str) -> None:
    with sqlite3.connect(":memory:") as bare:
        bare.set_trace_callback(None)
        query = queries()[name]
    for parameter in query.parameters:
        assert f":{parameter}" in query.sql
    assert query.title
    assert query.about


def test_the_evidence_of_a_figure_is_as_many_documents_as_the_figure_counts(
    made: Datasette, figures: QuarterResults
) -> None:
    checked = 0
    for measure in figures.measures:
        plain = measure.name in {"brand", "brand-part", "attention", "comention"} or measure.name.startswith(
            "korea-in-"
        )
        if measure.quarter != QUARTER or not plain or measure.unit not in {"documents", "headlines"}:
            continue
        rows = ask(made, "/narra/evidence.json", quarter="2026Q3", figure=measure.id, skip="").json()["rows"]
        assert (rows[0][-1] if rows else 0) == measure.numerator, measure.id
        checked += 1
    assert checked > 20


def test_mentions_by_outlet_are_the_counts(made: Datasette, workspace: Workspace) -> None:
    answer = ask(made, "/narra/mentions-by-outlet.json", target="VN", narrative="korea").json()
    rows = [dict(zip(answer["columns"], row, strict=True)) for row in answer["rows"]]
    with Store.open(workspace.store_path) as store:
        counts = [c for c in store.counts(classes=("named", "*")) if c.narrative == "korea"]
    for row in rows:
        own = [c for c in counts if c.outlet == row["outlet"] and str(Quarter.of(c.day)) == row["quarter"]]
        assert row["documents"] == sum(c.documents for c in own if c.target == "*")
        assert row["naming_it"] == sum(c.documents for c in own if c.target == "VN")
    assert sum(row["naming_it"] for row in rows) > 50


def test_named_together_is_what_the_documents_name(made: Datasette, workspace: Workspace) -> None:
    rows = ask(made, "/narra/co-mentions.json", **{"narrative": "korea", "from": "2026-07", "to": "2026-09"}).json()[
        "rows"
    ]
    with sqlite3.connect(workspace.store_path) as plain:
        named: dict[int, set[str]] = {}
        sql = (
            "SELECT document, entity FROM mentions JOIN documents ON row = document "
            "WHERE narrative = 'korea' AND day >= '2026-07-01'"
        )
        for document, entity in plain.execute(sql):
            named.setdefault(document, set()).add(entity)
    for one, other, both, first, second in rows:
        assert both == sum({one, other} <= entities for entities in named.values())
        assert first == sum(one in entities for entities in named.values())
        assert second == sum(other in entities for entities in named.values())
    assert len(rows) > 5


def test_copies_lead_to_their_documents(made: Datasette) -> None:
    rows = ask(made, "/narra/copies.json").json()["rows"]
    story, documents = rows[0][:2]
    assert documents > 1
    assert len(ask(made, "/narra/copies-of-a-story.json", story=str(story)).json()["rows"]) == documents
    assert f"copies-of-a-story?story={story}" in ask(made, "/narra/copies").text


def test_searching_and_filtering_the_list_of_texts(made: Datasette) -> None:
    every = ask(made, "/narra/texts.json", _size="max", _search="베트남", _facet="outlet").json()
    assert every["filtered_table_rows_count"] > 20
    assert all("베트남" in row[7] + row[8] for row in every["rows"])
    assert sum(value["count"] for value in every["facet_results"]["outlet"]["results"]) == len(every["rows"])
    thai = ask(made, "/narra/texts.json", _search="เกาหลี", language="th").json()
    assert thai["filtered_table_rows_count"] > 0


def test_hostile_titles_stay_text(made: Datasette) -> None:
    page = ask(made, "/narra/search", words="아세안", before="").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    table = ask(made, "/narra/texts.csv", _size="max", day="2026-08-01").text
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert '\'=HYPERLINK("http://evil.example")' in cells
    assert [c for c in cells if harmless(c) != c] == []
    assert len(cells) > 100


def test_a_long_table_stays_whole_behind_the_guard(made: Datasette, workspace: Workspace) -> None:
    table = ask(made, "/narra/texts.csv", _stream="1").text
    rows = list(csv.reader(io.StringIO(table)))
    with sqlite3.connect(workspace.store_path) as plain:
        assert len(rows) == 1 + next(plain.execute("SELECT count(*) FROM documents"))[0]
    assert {len(row) for row in rows} == {13}


def test_the_front_page_leads_everywhere_and_loads_nothing_from_outside(made: Datasette) -> None:
    answer = ask(made, "/")
    assert "2026Q3/report.html" in answer.text
    assert all(f'href="/narra/{name}"' in answer.text for name in queries())
    assert "//" not in answer.text.replace("<!DOCTYPE", "").replace("http://127.0.0.1:8331/.json", "")
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert ask(made, "/reports/2026Q3/report.html").status_code == 200
    assert "panel_minimum" not in ask(made, "/reports/../narra.toml").text
    assert ask(made, "/reports/%2e%2e/narra.toml").status_code == 404


def test_a_report_leads_to_the_documents_of_a_figure(made: Datasette) -> None:
    answer = ask(made, "/figure/2026Q3/attention-korea-ASEAN-documents")
    assert answer.status_code == 302
    assert answer.headers["location"] == "/narra/evidence?quarter=2026Q3&figure=attention-korea-ASEAN-documents"
    missing = ask(made, "/figure/2026Q3/nothing")
    assert missing.status_code == 404
    assert "no figure 'nothing'" in missing.text
    assert "no report of '2001Q1'" in ask(made, "/figure/2001Q1/x").text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8331", "127.0.0.1.evil.example", ""])
def test_other_names_of_this_machine_get_no_answer(made: Datasette, host: str) -> None:
    answer = ask(made, "/narra/texts.json", host=host)
    assert answer.status_code == 421
    assert "behind a proxy" in answer.text.lower()


@pytest.mark.parametrize("host", ["localhost:8331", "[::1]:8331", "127.0.0.1"])
def test_its_own_names_do(made: Datasette, host: str) -> None:
    assert ask(made, "/narra/gaps.json", host=host).status_code == 200


def test_nothing_can_be_written(made: Datasette, workspace: Workspace) -> None:
    before = workspace.store_path.read_bytes()
    for sql in (
        "DELETE FROM documents",
        "INSERT INTO withheld VALUES ('x')",
        "WITH a AS (SELECT 1) DELETE FROM documents",
    ):
        assert ask(made, "/narra.json", sql=sql).status_code == 400
    assert ask(made, "/narra.db").status_code == 403
    assert workspace.store_path.read_bytes() == before


def test_it_can_be_looked_at_while_a_run_writes(made: Datasette, workspace: Workspace) -> None:
    with Store.open(workspace.store_path) as store, store.writing():
        prepared = serve.prepare(store, [], lambda _: None)
        sql_of(store).execute("BEGIN IMMEDIATE")
        assert ask(made, "/narra/texts.json").status_code == 200
        sql_of(store).execute("ROLLBACK")
    assert prepared.unsearchable == 0


def test_new_texts_are_not_searchable_while_another_run_writes(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "w")
    documents, _ = synthetic.corpus(QUARTER, QUARTER, scale=0.05)
    with Store.open(workspace.store_path) as writer, Store.open(workspace.store_path) as store:
        synthetic.fill(writer, documents)
        with writer.writing():
            waiting = serve.prepare(store, [], lambda _: None)
        done: list[int] = []
        after = serve.prepare(store, [], done.append)
    assert waiting.unsearchable == len(documents) == sum(done)
    assert after.unsearchable == 0


# -- withheld ------------------------------------------------------------


@pytest.fixture
def hidden(tmp_path: Path) -> Datasette:
    workspace = make_workspace(tmp_path / "w")
    documents, _ = synthetic.corpus(QUARTER, QUARTER, scale=0.05)
    with Store.open(workspace.store_path) as store:
        synthetic.fill(store, documents)
        sql_of(store).execute(
            "INSERT OR IGNORE INTO deliveries (source, document, first_seen) "
            "SELECT source, row, first_seen FROM documents"
        )
        sql_of(store).commit()
        prepared = serve.prepare(store, ["synthetic", "another"], lambda _: None)
    assert prepared.withheld == {"synthetic"}
    return serve.application(workspace, prepared)


def test_texts_that_may_not_be_shown_are_shown_nowhere(hidden: Datasette) -> None:
    filler = "정부는 화요일"
    texts = ask(hidden, "/narra/texts.json", language="ko").json()
    assert texts["rows"]
    assert {row[8] for row in texts["rows"]} == {""}
    document = texts["rows"][0]
    for page in (
        "/narra/texts.json?_size=max", "/narra/documents.json?_size=max", f"/narra/documents/{document[0]}.json",
        f"/narra/document.json?document={document[1]}", "/narra/search.json?words=정부&before=",
        "/narra/search_stale.json",
        "/narra/texts.csv?_stream=1", "/",
    ):  # fmt: skip
        answer = ask(hidden, page)
        assert filler not in answer.text, page
        assert json.dumps(filler)[1:-1] not in answer.text, page
    shown = ask(hidden, "/narra/document.json", document=document[1])
    assert document[7] in json.dumps(shown.json(), ensure_ascii=False)


def test_where_texts_are_withheld_nobody_asks_by_sql_of_their_own(hidden: Datasette) -> None:
    trick = "with texts as (select body from documents) select * from texts"
    assert ask(hidden, "/narra.json", sql=trick).status_code == 403
    assert ask(hidden, "/narra/texts.json", _where="1=1").status_code == 403


def test_sources_without_texts_withhold_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.db") as store:
        store.use_source("titles", "feed")
        assert serve.prepare(store, ["titles"], lambda _: None).withheld == frozenset()


# -- refusals ------------------------------------------------------------


def test_a_port_in_use_is_said() -> None:
    with serve.listening(0) as taken:
        port = taken.getsockname()[1]
        assert taken.getsockname()[0] == "127.0.0.1"
        with pytest.raises(WorkspaceError, match=f"Port {port} of this machine cannot be used"):
            serve.listening(port)


def test_nothing_stored_is_said(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "w")
    with pytest.raises(Exception, match="Nothing is stored"):
        explore_stage(workspace, port=0, show=False, titles_only=())


def test_reports_that_cannot_be_looked_into_are_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No report"):
        read_figures(tmp_path, "")
    (tmp_path / "2026Q3").mkdir()
    (tmp_path / "2026Q3" / FILE).write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="damaged"):
        figure_queries(tmp_path, "2026Q3", "x")
