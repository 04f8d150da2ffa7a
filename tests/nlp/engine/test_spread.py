"""A whole job: its results make a store what the machine's own work would have made it, whatever happened meanwhile."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import spreading
from pyarrow import parquet as pq
from spreading import HERE, Content, copy_of, digests, job_of, loaded_into, spoil
from storing import content

from corpus.copies import blocks_to_compare
from corpus.errors import InputError
from corpus.store import Store
from nlp.engine.counting import COUNTS_SCHEMA
from nlp.engine.load import compared_elsewhere, load_readings, results_at
from nlp.engine.run import send, to_spread
from nlp.engine.spread import Ended, Report, make_job, spread
from nlp.engine.tasks import Job
from nlp.run import tag_store
from nlp.tagger import Tagger


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, dataset: Path) -> tuple[Job, Ended]:
    job = job_of(dataset, tmp_path_factory.mktemp("done"))
    return job, spread(HERE, job)


def test_a_loaded_store_is_in_every_table_what_the_local_one_is(
    done: tuple[Job, Ended], dataset: Path, tmp_path: Path, local: Content
) -> None:
    job, ended = done
    loaded, blocks, found = loaded_into(tmp_path / "narra.db", dataset, job)
    assert found == local
    assert {name: len(found[name]) for name in ("documents", "mentions", "framings", "links", "counts")} == {
        name: len(local[name]) for name in ("documents", "mentions", "framings", "links", "counts")
    }
    assert (
        min(len(found[name]) for name in ("mentions", "framings", "links", "stories", "counts", "lexicon_files")) > 10
    )
    assert (loaded.tagged, loaded.missing, ended.missing) == (ended.documents, (), ())
    assert 0 < loaded.framed < loaded.tagged
    assert len(blocks) == len(ended.copies)


def test_its_counts_added_up_are_the_store_s(done: tuple[Job, Ended], local: Content) -> None:
    job, ended = done
    found = Counter[tuple[str, ...]]()
    total = [Counter[tuple[str, ...]]() for _ in range(4)]
    for name in ended.counts:
        for row in pq.read_table(Path(job.results, name), schema=COUNTS_SCHEMA).to_pylist():
            *key, documents, stories, sentences, headlines = row.values()
            for sums, unit in zip(total, (documents, stories, sentences, headlines), strict=True):
                sums[tuple(key)] += unit
            found[tuple(key)] += 1
    assert sorted((*key, *(sums[key] for sums in total)) for key in found) == sorted(local["counts"])
    assert max(found.values()) > 1  # some days lie in several files
    assert len(ended.counts) == len(ended.readings)


def test_a_job_that_is_done_is_not_done_again(done: tuple[Job, Ended]) -> None:
    job, ended = done
    times = {path: path.stat().st_mtime_ns for path in Path(job.results).rglob("*.parquet")}
    assert spread(HERE, job) == ended
    assert {path: path.stat().st_mtime_ns for path in Path(job.results).rglob("*.parquet")} == times


def test_a_job_that_is_stopped_goes_on_from_there(dataset: Path, tmp_path: Path, done: tuple[Job, Ended]) -> None:
    job = job_of(dataset, tmp_path)

    def stop(report: Report) -> None:
        if report == Report("reading", 3, report.total):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        spread(HERE, job, stop)
    times = {path: path.stat().st_mtime_ns for path in Path(job.results).rglob("*.parquet")}
    assert len(times) == 3
    assert spread(HERE, job) == done[1]
    assert {path: path.stat().st_mtime_ns for path in times} == times
    assert digests(Path(job.results)) == digests(Path(done[0].results))


def test_a_corrupt_partition_is_named_the_others_are_read_and_nothing_is_counted(
    dataset: Path, tmp_path: Path, local: Content
) -> None:
    documents = copy_of(dataset, tmp_path)
    job = job_of(documents, tmp_path)
    path = sorted(documents.rglob("*.parquet"))[2]
    whole = spoil(path)
    ended = spread(HERE, job)
    (missing,) = ended.missing
    assert missing.name == str(path.relative_to(documents))
    assert missing.why
    assert len(ended.readings) == len(list(documents.rglob("*.parquet"))) - 1
    assert ended.copies
    assert ended.counts == ()

    # Loaded as it is, what was not read is untagged: it looks like nothing that was read and names nothing.
    database = tmp_path / "narra.db"
    path.write_bytes(whole)
    with Store.open(database) as store, store.writing():
        spreading.take(store, sorted(documents.rglob("*.parquet")))
        loaded = load_readings(store, job, results_at(job))
        assert loaded.tagged == ended.documents
        assert store.count_untagged(job.versions.lexicon) == pq.read_metadata(path).num_rows
        assert not store.counts_are_current()

    # Mended, the rest is done, and all is as if nothing had happened.
    again = spread(HERE, job)
    assert again.missing == ()
    assert set(ended.readings) < set(again.readings)
    with Store.open(database) as store, store.writing():
        assert load_readings(store, job, results_at(job)).tagged == pq.read_metadata(path).num_rows
        assert spreading.work(store, compared_elsewhere(job)) == (0, 0)
    assert content(database) == local


def test_without_the_corrupt_partition_s_results_the_machine_does_the_rest_itself(
    dataset: Path, tmp_path: Path, local: Content
) -> None:
    documents = copy_of(dataset, tmp_path)
    job = job_of(documents, tmp_path)
    path = sorted(documents.rglob("*.parquet"))[2]
    whole = spoil(path)
    spread(HERE, job)
    path.write_bytes(whole)
    with Store.open(tmp_path / "narra.db") as store, store.writing():
        spreading.take(store, sorted(documents.rglob("*.parquet")))
        load_readings(store, job, results_at(job))
        tagged, _ = spreading.work(store, compared_elsewhere(job))
        assert tagged == pq.read_metadata(path).num_rows
    assert content(tmp_path / "narra.db") == local


def test_a_damaged_result_is_named_and_made_again(dataset: Path, tmp_path: Path, local: Content) -> None:
    job = job_of(dataset, tmp_path)
    ended = spread(HERE, job)
    spoil(Path(job.results, ended.readings[0]))
    copies = next(name for name in ended.copies if pq.read_metadata(Path(job.results, name)).num_rows)
    Path(job.results, copies).write_bytes(b"PAR1 nothing")
    with Store.open(tmp_path / "narra.db") as store, store.writing():
        spreading.take(store, sorted(dataset.rglob("*.parquet")))
        loaded = load_readings(store, job, results_at(job))
        assert [one.name for one in loaded.missing] == [ended.readings[0]]
        assert not Path(job.results, ended.readings[0]).exists()
        assert spread(HERE, job) == ended
        load_readings(store, job, results_at(job))
        assert spreading.work(store, compared_elsewhere(job)) == (0, 0)
    assert content(tmp_path / "narra.db") == local


def test_a_result_is_given_to_no_text_that_says_something_else_by_now(
    done: tuple[Job, Ended], dataset: Path, tmp_path: Path
) -> None:
    job, _ = done
    with Store.open(tmp_path / "narra.db") as store, store.writing():
        spreading.take(store, sorted(dataset.rglob("*.parquet")))
        (part, *_) = store.partitions()
        one = next(store.documents_of(part))
        store.save_documents([replace(one, body="Something else. " * 30)])
        total = store.totals()["documents"]
        assert load_readings(store, job, results_at(job)).tagged == total - 1
        blocks: list[object] = []
        assert spreading.work(store, compared_elsewhere(job, blocks.append))[0] == 1
        assert 0 < len(blocks) < len(blocks_to_compare(store.unlinked("another rule")))
    with Store.open(tmp_path / "other.db") as store, store.writing():
        spreading.take(store, sorted(dataset.rglob("*.parquet")))
        store.save_documents([replace(one, body="Something else. " * 30)])
        spreading.work(store)
    assert content(tmp_path / "narra.db") == content(tmp_path / "other.db")


def test_loading_again_changes_nothing(done: tuple[Job, Ended], dataset: Path, tmp_path: Path) -> None:
    job, _ = done
    _, _, before = loaded_into(tmp_path / "narra.db", dataset, job)
    with Store.open(tmp_path / "narra.db") as store, store.writing():
        changes = store.state("changes")
        loaded = load_readings(store, job, results_at(job))
        assert (loaded.tagged, loaded.framed) == (0, 0)
        assert store.state("changes") == changes
    assert content(tmp_path / "narra.db") == before


# -- a store's own work --------------------------------------------------


def test_a_store_sends_what_is_new_and_is_then_as_if_it_had_worked_alone(
    records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.parquet.FILE_DOCUMENTS", 40)
    lines = records.read_text(encoding="utf-8").splitlines(keepends=True)
    parts = [tmp_path / "1.jsonl", tmp_path / "2.jsonl"]
    parts[0].write_text("".join(lines[::2]), encoding="utf-8")
    parts[1].write_text("".join(lines[1::2]), encoding="utf-8")
    job = make_job(str(tmp_path / "documents"), str(tmp_path / "results"))
    sent = []
    for part in parts:
        with Store.open(tmp_path / "spread.db") as store, store.writing():
            spreading.take(store, [part])
            rows, blocks = to_spread(store, job)
            sent.append(send(store, job, rows))
            ended = spread(HERE, job, blocks=blocks, counted=False)
            load_readings(store, job, ended.readings)
            assert spreading.work(store, compared_elsewhere(job)) == (0, 0)
            assert to_spread(store, job) == (frozenset(), frozenset())
        with Store.open(tmp_path / "local.db") as store, store.writing():
            spreading.take(store, [part])
            spreading.work(store)
        assert content(tmp_path / "spread.db") == content(tmp_path / "local.db")
    assert sent[0] == len(lines[::2])
    assert sent[1] <= len(lines)


def test_a_changed_lexicon_is_left_to_the_machine_where_it_can_tell_what_is_affected(
    dataset: Path, tmp_path: Path
) -> None:
    """Texts that the present lexicon tags as the last one did are not sent anywhere."""
    job = job_of(dataset, tmp_path)
    with Store.open(tmp_path / "narra.db") as store, store.writing():
        spreading.take(store, sorted(dataset.rglob("*.parquet")))
        tag_store(store, replace(Tagger.load(), version="older"))
        read, _ = to_spread(store, job)
        with closing(sqlite3.connect(tmp_path / "narra.db")) as db:
            db.execute("UPDATE documents SET linked = hash || ' ' || coalesce(day, '') || ' 2'")
            db.commit()
        assert read
        assert to_spread(store, job) == (frozenset(), frozenset())


def test_documents_that_lie_there_twice_are_told_and_not_counted_twice(dataset: Path, tmp_path: Path) -> None:
    documents = copy_of(dataset, tmp_path)
    path = min(documents.rglob("*.parquet"))
    path.with_name("again.parquet").write_bytes(path.read_bytes())
    ended = spread(HERE, job_of(documents, tmp_path))
    (missing,) = ended.missing
    assert missing.name == "counts"
    assert f"{pq.read_metadata(path).num_rows} documents lie in the dataset more than once" in missing.why
    assert ended.counts == ()


def test_a_place_without_documents_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no Parquet file in"):
        spread(HERE, job_of(tmp_path / "nothing", tmp_path))
    with pytest.raises(InputError, match="nosuch"):
        make_job("nosuch://x/y", str(tmp_path))


def test_any_address_fsspec_knows_will_do(dataset: Path, done: tuple[Job, Ended]) -> None:
    job = make_job(str(dataset), "memory://results")
    ended = spread(HERE, job)
    assert ended == done[1]
    assert results_at(job) == sorted(ended.readings)
