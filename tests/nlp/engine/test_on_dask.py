"""A cluster of processes on this machine: the same results, also when a worker is killed or a task runs twice."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from distributed import LocalCluster
from spreading import HERE, Content, digests, job_of, loaded_into

from corpus.errors import WorkerError
from nlp.engine import on_dask
from nlp.engine.engines import Failed
from nlp.engine.on_dask import Dask
from nlp.engine.spread import Report, spread
from nlp.engine.tasks import Done, read_file, see_versions


@pytest.fixture(scope="module")
def dask() -> Iterator[Dask]:
    with on_dask.on_dask(None, 2) as engine:
        yield engine


def pids(dask: Dask) -> set[int]:
    return set(dask.client.run(os.getpid).values())


def test_a_worker_that_is_killed_midway_does_no_harm(dask: Dask, dataset: Path, tmp_path: Path, local: Content) -> None:
    job = job_of(dataset, tmp_path)
    before = dask.client.run(os.getpid)
    killed: list[int] = []

    def kill_one(report: Report) -> None:
        if not killed and report.stage == "reading" and report.done == 2:
            busy = [worker for worker, keys in dask.client.processing().items() if keys]
            killed.append(before[busy[0]])
            os.kill(killed[0], signal.SIGKILL)

    ended = spread(dask, job, kill_one)
    assert ended.missing == ()
    assert killed
    dask.client.wait_for_workers(2, timeout=60)
    assert killed[0] not in pids(dask)
    loaded, blocks, found = loaded_into(tmp_path / "narra.db", dataset, job)
    assert found == local
    assert loaded.tagged == ended.documents
    assert len(blocks) == len(ended.copies)

    here = job_of(dataset, tmp_path / "here")
    assert spread(HERE, here) == ended
    assert digests(Path(here.results)) == digests(Path(job.results))


def test_a_task_that_runs_twice_at_once_gives_one_result(dask: Dask, dataset: Path, tmp_path: Path) -> None:
    job = job_of(dataset, tmp_path)
    name = str(min(dataset.rglob("*.parquet")).relative_to(dataset))
    results = [result for _, result in dask.each(partial(read_file, job), [name] * 4)]
    assert len(set(results)) == 1
    assert isinstance(results[0], Done)
    assert list(digests(Path(job.results))) == [results[0].result]


def test_a_worker_with_another_narra_is_refused(dask: Dask, dataset: Path, tmp_path: Path) -> None:
    job = job_of(dataset, tmp_path)
    assert dask.see(partial(see_versions, job)) == 2
    other = replace(job, versions=replace(job.versions, lexicon="another"))
    with pytest.raises(WorkerError, match=rf"The worker on {socket.gethostname()} has another narra"):
        dask.see(partial(see_versions, other))
    with pytest.raises(WorkerError, match="and not another"):
        spread(dask, other)
    assert not Path(job.results).exists()
    with pytest.raises(WorkerError, match="cannot run narra"):
        dask.see(partial(int, "no number"))


def test_what_cannot_be_read_fails_alone(dask: Dask, dataset: Path, tmp_path: Path) -> None:
    job = job_of(dataset, tmp_path)
    name = str(min(dataset.rglob("*.parquet")).relative_to(dataset))
    found = dict(dask.each(partial(read_file, job), [name, "none.parquet"]))
    assert isinstance(found[name], Done)
    assert isinstance(found["none.parquet"], Failed)
    assert "none.parquet" in found["none.parquet"].why


def test_a_scheduler_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_dask, "CONNECT", 1)
    with (
        pytest.raises(WorkerError, match=r"No scheduler answers at tcp://127\.0\.0\.1:9"),
        on_dask.on_dask("tcp://127.0.0.1:9", 1),
    ):
        pass


def test_a_scheduler_without_workers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_dask, "WAIT", 1)
    with (
        LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0", processes=False) as empty,
        pytest.raises(WorkerError, match=rf"No worker has joined {empty.scheduler_address}"),
        on_dask.on_dask(empty.scheduler_address, 1),
    ):
        pass


def test_a_scheduler_s_address_reaches_its_workers(dask: Dask) -> None:
    with on_dask.on_dask(dask.client.scheduler.address, 1) as reached:
        assert pids(reached) == pids(dask)


def test_a_worker_of_several_threads_is_refused() -> None:
    with (
        LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address="127.0.0.1:0", processes=False) as cluster,
        on_dask.on_dask(cluster.scheduler_address, 1) as engine,
        pytest.raises(WorkerError, match=r"has 2 threads.*--nthreads 1"),
    ):
        engine.see(partial(int, 1))


def test_a_task_that_kills_every_worker_is_told(dask: Dask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask.client.cluster.scheduler, "allowed_failures", 0)  # else three workers must die
    ((_, found),) = dask.each(signal.raise_signal, [signal.SIGKILL])
    assert isinstance(found, Failed)
    assert "died" in found.why
