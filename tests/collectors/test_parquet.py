"""Parquet, out and in: what comes back is what went, and what is no document of ours is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet as pq
from typer.testing import CliRunner

import narra
from collectors.files.read import open_file
from collectors.files.remote import brought_near
from collectors.run import expand, import_files
from corpus.calendar import Published, parse_published
from corpus.errors import FileProblemError, InputError
from corpus.identity import document_keys
from corpus.model import KINDS, Document, Outlet, Refusal
from corpus.parquet import NOTE, SCHEMA, export, note_of, row_of
from corpus.settings import make_workspace
from corpus.store import Store

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
PUBLISHED = st.one_of(
    st.none(),
    st.sampled_from(["2025", "2025-07", "2025-07-03", "2025-07-03T23:30:00+00:00", "1994-12-31"]).map(
        lambda text: parse_published(text, "VN")
    ),
    st.just(Published("2025-07-04", "day", None, "url", "/2025/07/04/")),
)
DOCUMENT = st.builds(
    lambda number, url, **more: Document(
        keys=document_keys("KR:누리:신문", number and str(number), url and f"https://nuri.example/{url}"),
        source="a.jsonl",
        url=url and f"https://nuri.example/{url}",
        **more,
    ),
    number=st.integers(1, 50),
    url=st.one_of(st.none(), st.integers(0, 9)),
    outlet=st.sampled_from(
        [Outlet("누리:신문", "KR"), Outlet("Báo", "VN"), Outlet("Times", "GB"), Outlet("A", "ASEAN")]
    ),
    kind=st.sampled_from(KINDS),
    language=st.sampled_from(["ko", "zh-Hant", "und", "ms-Arab"]),
    title=WORDS,
    body=WORDS.filter(bool),
    published=PUBLISHED,
    keywords=WORDS,
    excluded=st.sampled_from(["", "중복"]),
)


def stored(store: Store) -> dict[str, Document]:
    """Give every document by id, as if one source had brought them all."""
    found = [d for part in store.partitions() for d in store.documents_of(part)]
    return {d.id: Document(**{**{f: getattr(d, f) for f in d.__slots__}, "source": ""}) for d in found}


def digests(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*.*")}


def fill(store: Store, documents: list[Document], *, sampled: bool = False) -> None:
    store.use_source("a.jsonl", "jsonl", sampled=sampled)
    store.save_documents(documents, sampled=sampled)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(whole=st.lists(DOCUMENT, max_size=12), found=st.lists(DOCUMENT, max_size=4))
def test_what_was_exported_and_imported_is_what_it_was(
    tmp_path_factory: pytest.TempPathFactory, whole: list[Document], found: list[Document]
) -> None:
    folder = tmp_path_factory.mktemp("dataset")
    with Store.in_memory() as first, Store.in_memory() as second:
        fill(first, whole)
        fill(first, found, sampled=True)
        assert export(first, str(folder / "1")) == first.totals()["documents"]
        paths = sorted((folder / "1").rglob("*.parquet"))
        summaries = import_files(second, paths, lambda _: None)
        assert not any(s.refused or s.damaged or s.known or s.changed for s in summaries.values())
        assert stored(second) == stored(first)
        assert [(p, [d.id for d in second.documents_of(p)]) for p in second.partitions()] == [
            (p, [d.id for d in first.documents_of(p)]) for p in first.partitions()
        ]
        export(second, str(folder / "2"))
        if paths:
            assert digests(folder / "1") == digests(folder / "2")


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.in_memory() as opened:
        texts = [
            Document(
                (f"id:a:{n}",), "a.jsonl", Outlet("누리", "KR"), "news", "ko", f"제목 {n}", "본문",
                published=parse_published(f"2025-{1 + n % 3:02}-01", "KR"),
            )
            for n in range(30)
        ]  # fmt: skip
        fill(opened, texts)
        yield opened


def test_files_lie_by_side_and_month_and_hold_no_more_than_they_may(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.parquet.FILE_DOCUMENTS", 4)
    monkeypatch.setattr("corpus.parquet.GROUP_DOCUMENTS", 3)
    reported: list[int] = []
    export(store, str(tmp_path / "d"), reported.append)
    assert sum(reported) == 30
    assert max(reported) == 3
    names = sorted(str(p.relative_to(tmp_path / "d")) for p in (tmp_path / "d").rglob("*.parquet"))
    assert names == [
        f"narrative=korea/month=2025-{m:02}/korea-2025-{m:02}-{n:03}.parquet" for m in (1, 2, 3) for n in range(3)
    ]
    assert pq.read_table(tmp_path / "d").num_rows == 30  # the folders are partitions any reader knows


def test_an_earlier_dataset_is_replaced_and_anything_else_is_not_touched(store: Store, tmp_path: Path) -> None:
    place = tmp_path / "d"
    export(store, str(place))
    before = digests(place)
    left = place / "narrative=none" / "month=1999" / "none-1999-000.parquet"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"old")
    export(store, str(place))
    assert digests(place) == before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"letter\.txt, which is no part of a dataset"):
        export(store, str(tmp_path / "mine"))


def test_any_address_fsspec_knows_will_do(store: Store) -> None:
    export(store, "memory://bucket/d")
    assert len(fsspec.filesystem("memory").find("/bucket/d")) == 3
    with pytest.raises(InputError, match="cannot be written"):
        export(store, "nosuch://bucket/d")


def test_a_dataset_elsewhere_is_brought_near_and_left_nowhere(store: Store, tmp_path: Path) -> None:
    export(store, "memory://elsewhere/d")
    workspace = make_workspace(tmp_path / "w")
    result = CliRunner().invoke(narra.app, ["import", "memory://elsewhere/d", "-w", str(workspace.folder)])
    assert result.exit_code == 0, result.output
    with Store.open(workspace.store_path) as opened:
        assert stored(opened) == stored(store)
    with brought_near(["memory://elsewhere/d/*/month=2025-01/*", "a.csv"]) as (near, plain):
        found = Path(near).parent
        assert [path.name for path in found.iterdir()] == ["korea-2025-01-000.parquet"]
        assert plain == "a.csv"
    assert not found.exists()


@pytest.mark.parametrize("address", ["memory://nothing/here", "nosuch://x/y"])
def test_an_address_at_which_nothing_can_be_read_is_told(address: str) -> None:
    with pytest.raises(FileProblemError, match=address), brought_near([address]):
        pass


def test_the_commands_lead_from_one_workspace_to_another(store: Store, tmp_path: Path) -> None:
    first, second = make_workspace(tmp_path / "1"), make_workspace(tmp_path / "2")
    with Store.open(first.store_path) as opened:
        fill(opened, [d for p in store.partitions() for d in store.documents_of(p)])
    result = CliRunner().invoke(narra.app, ["export", str(tmp_path / "d"), "-w", str(first.folder)])
    assert result.exit_code == 0, result.output
    assert "Wrote 30 documents" in result.stdout
    result = CliRunner().invoke(narra.app, ["import", str(tmp_path / "d"), "-w", str(second.folder)])
    assert result.exit_code == 0, result.output
    with Store.open(second.store_path) as opened:
        assert stored(opened) == stored(store)


# -- files of others, and broken ones ------------------------------------


def write(path: Path, rows: list[dict[str, Any]], schema: pa.Schema | None = None) -> Path:
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
    return path


PLAIN = {
    "id": "1",
    "title": "제목",
    "language": "ko",
    "published_at": "2025-07",
    "outlet": "누리",
    "country": "KR",
    "kind": "news",
}


def outcomes(path: Path) -> list[Document | Refusal]:
    return list(open_file(path).records())


def test_a_table_of_the_columns_of_json_lines_is_read(tmp_path: Path) -> None:
    good, bad = outcomes(write(tmp_path / "a.parquet", [PLAIN, {**PLAIN, "country": "XX"}]))
    assert isinstance(good, Document)
    assert good.published == parse_published("2025-07", "KR")
    assert isinstance(bad, Refusal)
    assert (bad.line, bad.reason) == (2, "unknown country")


def test_other_columns_and_newer_forms_are_told(tmp_path: Path) -> None:
    with pytest.raises(FileProblemError, match="'titel' is not known"):
        open_file(write(tmp_path / "a.parquet", [{**PLAIN, "titel": "x"}]))
    newer = SCHEMA.with_metadata({NOTE: b'{"documents": "2", "sampled": false}'})
    with pytest.raises(FileProblemError, match="newer narra"):
        open_file(write(tmp_path / "b.parquet", [], newer))
    odd = pa.schema([pa.field("id", pa.string())], metadata={NOTE: note_of(sampled=False)})
    with pytest.raises(FileProblemError, match="has other columns"):
        open_file(write(tmp_path / "c.parquet", [], odd))


def test_a_file_that_is_cut_off_or_damaged_is_told(store: Store, tmp_path: Path) -> None:
    export(store, str(tmp_path / "d"))
    path = min((tmp_path / "d").rglob("*.parquet"))
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])
    with pytest.raises(FileProblemError, match="cut off or damaged"):
        open_file(path)
    path.write_bytes(whole[:4] + b"\xff" * 300 + whole[304:])
    reader = open_file(path)
    refused = list(reader.records())
    assert isinstance(refused[-1], Refusal)
    assert "damaged" in (reader.damaged or "")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": "0" * 16}, "wrong id"),
        ({"keys": []}, "wrong keys"),
        ({"keys": ["x"]}, "wrong keys"),
        ({"kind": "blog"}, "unknown kind"),
        ({"country": "XX"}, "unknown country"),
        ({"language": "?"}, "not a language code"),
        ({"day": "2025-13"}, "impossible date"),
        ({"precision": "hour"}, "unreadable date"),
        ({"title": "", "body": ""}, "missing title and body"),
    ],
)
def test_a_row_that_narra_would_not_write_is_refused_alone(
    store: Store, tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    row = row_of(next(store.documents_of(store.partitions()[0])))
    schema = SCHEMA.with_metadata({NOTE: note_of(sampled=False)})
    found = outcomes(write(tmp_path / "a.parquet", [row, {**row, **change}], schema))
    assert isinstance(found[0], Document)
    assert isinstance(found[1], Refusal)
    assert found[1].reason == reason


def test_a_folder_without_a_dataset_is_still_refused(tmp_path: Path) -> None:
    assert expand([str(tmp_path)], Path()) == [tmp_path]
