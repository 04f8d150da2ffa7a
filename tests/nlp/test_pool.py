"""Worker processes: in order, few batches at a time, and an end to them whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from corpus.errors import LexiconError, WorkerError
from nlp.pool import cores, in_order

CHILD = """
import os, sys, time
from nlp.pool import in_order
import test_pool_child

if __name__ == "__main__":
    for _, number in in_order(test_pool_child.tell, iter(int, 1), 2, test_pool_child.nothing):
        print(number, flush=True)
"""
MODULE = """
import os, time

def nothing():
    pass

def tell(_):
    time.sleep(0.05)
    return os.getpid()
"""


def nothing() -> None:
    """Prepare nothing."""


def refuse() -> None:
    raise LexiconError("it is wrong")


def double(number: int) -> int:
    time.sleep(0.02 * (number % 3))
    return 2 * number


def die(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def fail(number: int) -> int:
    raise ValueError(f"no {number}")


def test_results_come_in_the_order_of_the_batches() -> None:
    assert list(in_order(double, range(12), 2, nothing)) == [(n, 2 * n) for n in range(12)]


def test_batches_are_read_only_as_far_as_they_are_worked_on() -> None:
    read: list[int] = []

    def batches() -> Iterator[int]:
        for number in range(50):
            read.append(number)
            yield number

    for done, _ in enumerate(in_order(double, batches(), 2, nothing), 1):
        assert len(read) <= done + 8


def test_a_worker_that_is_killed_is_told_with_what_to_do() -> None:
    with pytest.raises(WorkerError, match=r"Run the command again, with fewer workers"):
        list(in_order(die, range(9), 2, nothing))


def test_what_a_worker_raises_is_raised() -> None:
    with pytest.raises(ValueError, match="no 0"):
        list(in_order(fail, range(9), 2, nothing))


def test_why_a_worker_could_not_begin_is_raised() -> None:
    with pytest.raises(LexiconError, match="it is wrong"):
        list(in_order(double, range(9), 2, refuse))


def test_stopping_early_leaves_no_worker() -> None:
    results = in_order(partial(getattr(os, "getpgid")), [0] * 30, 2, nothing)  # noqa: B009 any importable function
    next(results)
    results.close()  # type: ignore[attr-defined] an iterator of a generator function
    assert not [child for child in _children(os.getpid()) if "spawn_main" in _command(child)]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc")
def test_workers_end_when_the_main_process_is_killed(tmp_path: Path) -> None:
    (tmp_path / "test_pool_child.py").write_text(MODULE, encoding="utf-8")
    script = tmp_path / "main_script.py"
    script.write_text(CHILD, encoding="utf-8")
    paths = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": paths}, text=True
    ) as main:
        assert main.stdout is not None
        workers = {int(main.stdout.readline()) for _ in range(6)}
        main.kill()
    for _ in range(100):
        if not any(Path("/proc", str(worker)).exists() for worker in workers):
            return
        time.sleep(0.1)
    pytest.fail(f"still running: {workers}")


def test_there_is_a_core() -> None:
    assert cores() >= 1


def _children(parent: int) -> list[int]:
    folder = Path("/proc", str(parent), "task")
    return [int(child) for task in folder.glob("*/children") for child in task.read_text(encoding="ascii").split()]


def _command(process: int) -> str:
    try:
        return Path("/proc", str(process), "cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
