"""The cores of one machine: batches of texts through worker processes, results in order.

Only so many batches are under way that memory stays small, however many there are.
Workers are started afresh (spawned), which is safe beside open stores and threads on
every system; they ignore Ctrl-C, which is the main process's to handle, and end by
themselves when it is killed.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import Final, TypeVar

from corpus.errors import NarraError, WorkerError

Batch = TypeVar("Batch")
Result = TypeVar("Result")

# A worker is never idle while another of its batches waits, and results wait in memory for no more than these.
_UNDER_WAY: Final = 3  # batches a worker


def cores() -> int:
    """Give how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(
    work: Callable[[Batch], Result], batches: Iterable[Batch], workers: int, prepare: Callable[[], None]
) -> Iterator[tuple[Batch, Result]]:
    """Work on batches in processes, and give each with its result, in the order they came.

    Args:
        work: importable, as what it takes and gives is sent between processes.
        batches: read only as far as needed.
        workers: how many processes.
        prepare: called once in every worker before its first batch; importable, or a `partial` of such.

    Raises:
        WorkerError: a worker died.
    """
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(prepare,)) as pool:
        waiting: deque[tuple[Batch, Future[Result]]] = deque()
        try:
            for batch in batches:
                waiting.append((batch, pool.submit(_work, work, batch)))
                if len(waiting) > workers * _UNDER_WAY:
                    yield _first(waiting)
            while waiting:
                yield _first(waiting)
        except BrokenProcessPool:
            raise WorkerError(
                "A worker process ended before its work was done: it was killed, or memory ran out. What was done is "
                "stored. Run the command again, with fewer workers (--workers 1) if it happens again."
            ) from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _first(waiting: deque[tuple[Batch, Future[Result]]]) -> tuple[Batch, Result]:
    batch, future = waiting[0]
    result = future.result()
    waiting.popleft()
    return batch, result


def _begin(prepare: Callable[[], None]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _prepared.error = None
    try:
        prepare()
    except NarraError as error:  # an error of an initializer would be printed and lost
        _prepared.error = error


class _Prepared:
    """Of a worker process: why it could not begin, or None."""

    error: NarraError | None = None


_prepared: Final = _Prepared()


def _work(work: Callable[[Batch], Result], batch: Batch) -> Result:
    if _prepared.error is not None:
        raise _prepared.error
    return work(batch)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)  # nobody is left to hand results to
