"""Tasks: the same as in one process, as often as one likes, and a broken partition is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pytest
import spreading
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet as pq

from corpus.calendar import parse_published
from corpus.copies import blocks_of, links
from corpus.errors import WorkerError
from corpus.model import Document, Outlet
from corpus.parquet import NOTE, SCHEMA, note_of, row_of
from corpus.store import TextRow
from corpus.store.framings import NamingText
from nlp.engine.place import Place
from nlp.engine.results import Reading, Summary, batch_of, read_copies, read_readings, read_summary
from nlp.engine.spread import make_job, spread
from nlp.engine.tasks import Compare, Done, Job, Missing, compare_block, compares, read_batch, read_file
from nlp.frames.framer import Framer
from nlp.frames.run import frame_text
from nlp.run import tag_text
from nlp.tagger import Tagger

BASE = (
    "전자 부품 조립 공정을 맡은 공장 세 곳이 생산을 늘렸다. 수출은 석 달째 늘고 있으며 주문은 내년 봄까지 차 있다. " * 3
)
OTHER = (
    "산불이 난 지 사흘 만에 불길이 잡혔다. 주민 이백 명이 집으로 돌아갔고 학교는 다음 주에 다시 문을 연다고 했다. " * 3
)


def document(number: int, body: str, day: str | None, **changes: str) -> Document:
    made = Document(
        (f"id:a:{number}",), "a", Outlet(changes.pop("outlet", f"누리{number % 3}"), "KR"), "news", "ko",
        f"아세안 {number}", body, published=parse_published(day, "KR") if day else None,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type] strings all


def write(path: Path, documents: list[Document], *, sampled: bool = False) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = SCHEMA.with_metadata({NOTE: note_of(sampled=sampled)})
    pq.write_table(pa.Table.from_pylist([row_of(d) for d in documents], schema=schema), path)
    return path


def readings(job: Job, done: Done | Missing) -> list[Reading]:
    assert isinstance(done, Done)
    return [reading for batch in read_readings(BytesIO(Place(job.results).fetch(done.result))) for reading in batch]


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return make_job(str(tmp_path / "documents"), str(tmp_path / "results"))


# -- reading -------------------------------------------------------------


def test_a_partition_gives_what_tagging_and_framing_give(job: Job, tmp_path: Path, tagger: Tagger) -> None:
    texts = [
        document(1, "한국과 베트남이 정상회의를 열었다.", "2025-07-01"),
        document(2, "", None),
        document(3, OTHER, "2025", excluded="중복"),
    ]
    write(tmp_path / "documents" / "a.parquet", texts)
    done = read_file(job, "a.parquet")
    assert isinstance(done, Done)
    assert (done.documents, done.blocks) == (3, tuple(sorted([*blocks_of("ko", "2025-07-01"), *blocks_of("ko", None)])))
    framer, framed = Framer.load(), 0
    for text, reading in zip(texts, readings(job, done), strict=True):
        day = text.published and text.published.day
        row = TextRow(0, text.outlet.id, "ko", day, text.title, text.body, text.hash)
        tagged = tag_text(tagger, row)
        framings = list(frame_text(framer, NamingText(row, tagged.mentions)))
        assert (reading.id, reading.hash, reading.day, reading.sentences) == (text.id, text.hash, day, tagged.sentences)
        assert reading.mentions_of(0) == tagged.mentions
        assert reading.framings_of(0) == framings
        assert (reading.counts, reading.narrative, reading.titled) == (not text.excluded, "korea", True)
        framed += len(framings)
    assert framed > 3


def test_what_only_searches_brought_is_read_and_compared_with_nothing(job: Job, tmp_path: Path) -> None:
    texts = [document(1, BASE, "2025-07-01"), document(2, BASE, "2025-07-01")]
    write(tmp_path / "documents" / "a.parquet", texts, sampled=True)
    done = read_file(job, "a.parquet")
    assert [reading.counts for reading in readings(job, done)] == [False, False]
    assert isinstance(done, Done)
    assert done.blocks == ()
    block = blocks_of("ko", "2025-07-01")[-1]
    compared = compare_block(job, Compare(block, ("a.parquet",)))
    assert isinstance(compared, Done)
    assert compared.documents == 0
    assert read_copies(BytesIO(Place(job.results).fetch(compared.result))) == []


def test_a_task_that_runs_twice_writes_the_same_and_changes_nothing(job: Job, tmp_path: Path) -> None:
    texts = [document(1, BASE, "2025-07-01"), document(2, BASE, "2025-07-01")]
    write(tmp_path / "documents" / "a.parquet", texts)
    task = compares([("a.parquet", read_file(job, "a.parquet"))])[0]  # type: ignore[list-item] it is done
    compare_block(job, task)
    before = spreading.digests(tmp_path / "results")
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "results").rglob("*.parquet")}
    assert read_file(job, "a.parquet") == read_file(job, "a.parquet")
    assert compare_block(job, task) == compare_block(job, task)
    assert {path: path.stat().st_mtime_ns for path in times} == times  # nothing was written again
    for path in times:
        path.unlink()
    read_file(job, "a.parquet")
    compare_block(job, task)
    assert spreading.digests(tmp_path / "results") == before
    assert len(before) == 2


def test_a_result_that_is_damaged_or_half_written_is_made_again(job: Job, tmp_path: Path) -> None:
    texts = [document(1, BASE, "2025-07-01"), document(2, BASE, "2025-07-01")]
    write(tmp_path / "documents" / "a.parquet", texts)
    spread(spreading.HERE, job, counted=False)
    before = spreading.digests(tmp_path / "results")
    for path in (tmp_path / "results").rglob("*.parquet"):
        path.with_name(f"{path.name}.partial-00000000").write_bytes(path.read_bytes()[:100])
        path.write_bytes(path.read_bytes()[:-20])
    spread(spreading.HERE, job, counted=False)
    assert spreading.digests(tmp_path / "results") == before


def spread_tasks(job: Job) -> list[Compare]:
    done = [(name, read_file(job, name)) for name in Place(job.documents).names()]
    return compares([(name, one) for name, one in done if isinstance(one, Done)])


def test_a_changed_partition_has_another_result(job: Job, tmp_path: Path) -> None:
    path = tmp_path / "documents" / "a.parquet"
    write(path, [document(1, BASE, "2025-07-01")])
    first = read_file(job, "a.parquet")
    write(path, [document(1, OTHER, "2025-07-01")])
    second = read_file(job, "a.parquet")
    assert isinstance(first, Done)
    assert isinstance(second, Done)
    assert first.result != second.result
    assert [r.hash for r in readings(job, second)] == [document(1, OTHER, None).hash]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "0 bytes"),
        (b"PAR1 no more", "magic bytes"),
        (b"\x00" * 1000, "magic bytes"),
    ],
)
def test_what_is_no_partition_is_named(job: Job, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "documents" / "a.parquet"
    path.parent.mkdir()
    path.write_bytes(content)
    found = read_file(job, "a.parquet")
    assert isinstance(found, Missing)
    assert found.name == "a.parquet"
    assert said in found.why


def test_a_partition_of_another_form_is_named(job: Job, tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    table = pa.table({"id": ["1"], "title": ["x"]})
    pq.write_table(table, folder / "a.parquet")
    pq.write_table(table.replace_schema_metadata({NOTE: note_of(sampled=False)}), folder / "b.parquet")
    assert [read_file(job, name) for name in ("a.parquet", "b.parquet")] == [
        Missing("a.parquet", "it is not of the form that `narra export` writes (docs/fields.md)"),
        Missing("b.parquet", "it has other columns than docs/fields.md says"),
    ]


def test_a_partition_that_is_gone_is_an_error_to_try_again(job: Job) -> None:
    with pytest.raises(FileNotFoundError):
        read_file(job, "a.parquet")


def test_a_worker_of_another_version_does_nothing(job: Job, tmp_path: Path) -> None:
    write(tmp_path / "documents" / "a.parquet", [document(1, BASE, "2025-07-01")])
    other = replace(job, versions=replace(job.versions, lexicon="0" * 12))
    with pytest.raises(WorkerError, match=rf"another narra .*: lexicon {job.versions.lexicon} and not 000000000000\."):
        read_file(other, "a.parquet")
    with pytest.raises(WorkerError, match="Install the same narra"):
        compare_block(other, spread_tasks(job)[0])


def test_a_batch_is_read_row_by_row(tagger: Tagger) -> None:
    batch = pa.RecordBatch.from_pylist([row_of(document(n, BASE, "2025-07-01")) for n in range(5)], schema=SCHEMA)
    framer = Framer.load()
    whole = read_batch(batch, tagger, framer, sampled=False)
    parts = [read_batch(batch.slice(n, 1), tagger, framer, sampled=False) for n in range(5)]
    assert whole.to_pylist() == [row for part in parts for row in part.to_pylist()]
    assert batch_of([]).num_rows == 0


# -- copies across partitions --------------------------------------------


def texts_of(documents: list[Document]) -> list[TextRow]:
    return [
        TextRow(row, d.outlet.id, d.language, d.published and d.published.day, d.title, d.body, d.hash)
        for row, d in enumerate(documents)
    ]


TEXTS = st.lists(
    st.tuples(
        st.sampled_from([BASE, OTHER, BASE + OTHER[:90], OTHER + BASE[:60], "짧다."]),
        st.one_of(st.sampled_from(["2025", "2025-06", None]), st.integers(0, 70)),
        st.integers(0, 3),
    ),
    max_size=14,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=TEXTS)
def test_copies_are_the_same_however_the_texts_are_parted(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, int | str | None, int]]
) -> None:
    folder = tmp_path_factory.mktemp("parted")
    first = date(2025, 5, 1)
    documents = [
        document(n, body, (first + timedelta(days=day)).isoformat() if isinstance(day, int) else day)
        for n, (body, day, _) in enumerate(drawn)
    ]
    parts: dict[int, list[Document]] = {}
    for one, (_, _, part) in zip(documents, drawn, strict=True):
        parts.setdefault(part, []).append(one)
    for part, own in parts.items():
        write(folder / "documents" / f"{part}.parquet", own)
    if not documents:
        return
    job = make_job(str(folder / "documents"), str(folder / "results"))
    ended = spread(spreading.HERE, job, counted=False)
    found = {frozenset(pair) for name in ended.copies for pair in read_copies(BytesIO(Place(job.results).fetch(name)))}
    # In the order of the parts, as an import would take them: what prints the same on one day is told by that alone.
    in_order = [one for part in sorted(parts) for one in parts[part]]
    wanted = {frozenset((in_order[a].id, in_order[b].id)) for a, b in links(texts_of(in_order))}
    assert found == wanted


def test_a_summary_comes_back_as_it_was(job: Job, tmp_path: Path) -> None:
    write(tmp_path / "documents" / "a.parquet", [document(1, BASE, "2025-07-01"), document(2, BASE, None)])
    done = read_file(job, "a.parquet")
    assert isinstance(done, Done)
    assert read_summary(BytesIO(Place(job.results).fetch(done.result))) == Summary(2, done.blocks)
    assert {block.first for block in done.blocks} >= {""}
