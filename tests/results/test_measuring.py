"""Figures on request, and the files they are written to."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus.calendar import Quarter
from corpus.errors import InputError, NoAnswerError
from corpus.model import MEMBERS
from corpus.settings import Settings
from corpus.store import Store
from corpus.targets import members_on
from results import catalogue, quarterly, tidy
from results.catalogue import Asked
from results.measuring import Wanted, measured
from results.quarterly import QuarterResults
from results.tidy import Row

THIS = Quarter(2026, 3)


def ask(store: Store, settings: Settings, name: str, **more: object) -> list[Row]:
    given = {"since": THIS, "until": THIS} | more
    asked = {key: given.pop(key) for key in ("narrative", "target", "unit") if key in given}
    return measured(store, settings.measure, Wanted(catalogue.find(name), Asked(**asked), **given))  # type: ignore[arg-type]


def test_figures_on_request_are_those_of_the_report(store: Store, settings: Settings, results: QuarterResults) -> None:
    reported = {m.id: m for m in results.measures if m.quarter == THIS}
    asked = [row.measure for by in (None, "member") for row in ask(store, settings, "all", by=by)]
    shared = [m for m in asked if m.id in reported]
    assert {m.name for m in shared} >= {"brand", "attention", "symmetry", "symmetry-member", "comention", "korea-in-VN"}
    for measure in shared:
        assert measure == reported[measure.id]


def test_symmetry_by_member_since_a_quarter(store: Store, settings: Settings) -> None:
    rows = ask(store, settings, "symmetry", by="member", since=Quarter(2026, 1), until=None)
    assert [str(q) for q in dict.fromkeys(r.measure.quarter for r in rows)] == ["2026Q1", "2026Q2", "2026Q3"]
    today = members_on("2026-09-30")
    assert [r.measure.target for r in rows[: len(today)]] == [code for code in MEMBERS if code in today]
    assert {r.measure.name for r in rows} == {"symmetry-member"}


def test_parts_by_language_add_up(store: Store, settings: Settings) -> None:
    (whole,) = ask(store, settings, "attention", narrative="asean", target="KR|KOREA", unit="documents")
    rows = ask(store, settings, "attention", narrative="asean", target="KR|KOREA", unit="documents", by="language")
    assert sum(row.measure.n for row in rows) == whole.measure.n
    assert {"vi", "th", "id"} <= {row.part for row in rows}
    assert "ko" not in {row.part for row in rows}


def test_an_outlet_alone_is_its_own_panel(store: Store, settings: Settings) -> None:
    rows = ask(store, settings, "attention", narrative="korea", target="ASEAN", unit="documents", by="outlet")
    assert {row.measure.outlets for row in rows} <= {0, 1}
    wire = next(row.measure for row in rows if row.part == "KR:누리통신")
    assert wire.evidence[0].outlets == ("KR:누리통신",)
    (whole,) = ask(store, settings, "attention", narrative="korea", target="ASEAN", unit="documents")
    shares = [r.measure.numerator / r.measure.n for r in rows if r.measure.n]
    assert whole.measure.value == pytest.approx(sum(shares) / len(shares))


def test_an_outlet_with_too_little_is_said_to_have_it_and_not_left_out(store: Store, settings: Settings) -> None:
    strict = settings.measure.model_copy(update={"panel_minimum": 10_000})
    rows = measured(store, strict, Wanted(catalogue.find("brand"), by="outlet", since=THIS, until=THIS))
    assert len(rows) == len(ask(store, settings, "brand", by="outlet"))
    assert all("no outlet has at least 10000 documents" in row.measure.reason for row in rows)


def test_a_year_is_asked_for(store: Store, settings: Settings) -> None:
    rows = ask(store, settings, "brand", time="year", since=None, until=None)
    assert [str(row.measure.quarter) for row in rows] == ["2025", "2026"]
    assert rows[1].measure.year is None
    (whole,) = ask(store, settings, "brand", time="whole", since=None, until=None)
    assert str(whole.measure.quarter) == "2025-2026"
    assert whole.measure.n == sum(row.measure.n for row in rows)


@pytest.mark.parametrize(
    ("name", "more", "said"),
    [
        ("brands", {}, "There is no measure 'brands'. There are: attention, brand,"),
        ("brand", {"by": "member"}, "brand can't be divided by member. It can be divided by: outlet, language, kind."),
        ("brand", {"unit": "headlines"}, "brand is not counted in headlines. It is counted in: documents."),
        ("symmetry", {"by": "language"}, "can't be divided by language"),
        ("brand", {"since": Quarter(2026, 3), "until": Quarter(2026, 1)}, "--since 2026Q3 is later than --until"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    store: Store, settings: Settings, name: str, more: dict[str, object], said: str
) -> None:
    with pytest.raises(InputError, match=said.replace("(", r"\(")):
        ask(store, settings, name, **more)


def test_a_time_without_documents_is_refused(store: Store, settings: Settings) -> None:
    with pytest.raises(NoAnswerError, match="The store holds 2025Q3 to 2026Q3"):
        ask(store, settings, "brand", since=Quarter(2020, 1), until=Quarter(2020, 4))


def test_every_measure_of_a_quarters_table_has_an_entry(store: Store, settings: Settings) -> None:
    """A measure that the report shows can be asked for by the name of its family."""
    shown = {m.id for m in quarterly.compute(store, settings, THIS).measures if m.quarter == THIS}
    asked = {row.measure.id for by in (None, "member") for row in ask(store, settings, "all", by=by)}
    assert shown <= asked


# -- files ---------------------------------------------------------------


@pytest.fixture(scope="module")
def rows(store: Store, settings: Settings) -> list[Row]:
    return [*ask(store, settings, "all"), *ask(store, settings, "brand", by="outlet")]


def test_csv_holds_every_figure_and_column(rows: list[Row]) -> None:
    data = tidy.to_csv(rows)
    assert data.startswith(b"\xef\xbb\xbf")
    read = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(read) == len(rows)
    first, measure = read[0], rows[0].measure
    assert (first["measure"], first["quarter"], first["first_day"]) == (measure.name, "2026Q3", "2026-07-01")
    assert float(first["value"]) == measure.value
    assert first["previous_detectable"] in {"true", "false"}
    assert read[-1]["by"] == "outlet"


def test_parquet_is_typed_and_described(rows: list[Row]) -> None:
    data = tidy.to_parquet(rows)
    assert data == tidy.to_parquet(rows)
    table = pq.read_table(io.BytesIO(data))
    assert table.column_names == [column.name for column in tidy.COLUMNS]
    assert table.schema.field("value").type == pa.float64()
    assert table.schema.field("first_day").type == pa.date32()
    assert all(field.metadata[b"description"] for field in table.schema)
    read = table.to_pylist()
    for row, got in zip(rows, read, strict=True):
        assert got["value"] == row.measure.value
        assert got["flags"] == list(row.measure.flags)
        assert got["last_day"] == date(2026, 9, 30)


def test_parquet_and_csv_of_nothing_have_their_columns() -> None:
    assert pq.read_table(io.BytesIO(tidy.to_parquet([]))).num_rows == 0
    assert tidy.to_csv([]).decode("utf-8-sig").startswith("id,measure,narrative,")


def test_every_column_is_documented() -> None:
    described = (Path(__file__).parents[2] / "docs" / "fields.md").read_text(encoding="utf-8")
    for column in tidy.COLUMNS:
        assert f"| `{column.name}` | {column.type} | {column.about} |" in described
