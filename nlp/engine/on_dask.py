"""Dask distributed as an engine: a cluster of this machine's processes, or any that a scheduler speaks for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from corpus.errors import InputError, NarraError, WorkerError
from nlp.engine.engines import Failed

try:
    from distributed import Client, KilledWorker, LocalCluster, as_completed
except ModuleNotFoundError as error:
    raise InputError(
        f"The engine dask needs {error.name}, which is not installed. Run: uv sync --extra scale"
    ) from None

Item = TypeVar("Item")
Result = TypeVar("Result")

WAIT: Final = 120  # seconds for a first worker
CONNECT: Final = 20  # seconds for the scheduler
RETRIES: Final = 2  # after an error of the network or the disk; a task whose worker dies is always begun again


@dataclass(frozen=True, slots=True)
class Dask:
    """A cluster.

    Attributes:
        client: connected to its scheduler.
    """

    client: Client

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[Item, Result | Failed]]:
        """See `Engine`."""
        # Not pure: Dask would else take a result of an earlier job for this one's, though its file is gone.
        futures = self.client.map(work, items, pure=False, retries=RETRIES)
        item_of = {future.key: item for future, item in zip(futures, items, strict=True)}
        try:
            for future in as_completed(futures):
                yield item_of[future.key], _result_of(future)
        finally:
            self.client.cancel(futures)

    def see(self, check: Callable[[], None]) -> int:
        """Call a check on every worker there is now, and give how many there are.

        Raises:
            WorkerError: one cannot do the work.
        """
        for worker, number in self.client.nthreads().items():
            if number > 1:
                raise WorkerError(
                    f"The worker {worker} has {number} threads, which only wait for each other. Start workers with "
                    "--nthreads 1, and as many of them (--nworkers) as there are cores."
                )
        found = self.client.run(check, on_error="return")
        for worker, said in found.items():
            if isinstance(said, NarraError):
                raise said
            if isinstance(said, Exception):
                raise WorkerError(f"The worker {worker} cannot run narra ({said}). Install the same narra there.")
        return len(found)


def _result_of(future: Any) -> Any:  # noqa: ANN401 distributed has no types
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, KilledWorker):
        return Failed("every worker that began it died. Does it need more memory than they have?")
    if isinstance(error, OSError):
        return Failed(f"{error}")
    raise error


@contextmanager
def on_dask(scheduler: str | None, workers: int) -> Iterator[Dask]:
    """Reach a cluster, or start one on this machine.

    Args:
        scheduler: its address (``tcp://host:8786``); None: a cluster of this machine's processes.
        workers: how many of these.

    Raises:
        WorkerError: the scheduler does not answer, or has no workers.
    """
    with ExitStack() as stack:
        if scheduler is None:
            # What goes wrong is told by us, and a worker that is slow to end is nobody's concern.
            cluster = LocalCluster(
                n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=logging.ERROR
            )
            client = stack.enter_context(Client(stack.enter_context(cluster)))
        else:
            client = stack.enter_context(_reached(scheduler))
        try:
            client.wait_for_workers(1, timeout=WAIT)
        except TimeoutError:
            raise WorkerError(
                f"No worker has joined {scheduler} within {WAIT} seconds. Start one: dask worker {scheduler}"
            ) from None
        yield Dask(client)


def _reached(scheduler: str) -> Client:
    try:
        return Client(scheduler, timeout=CONNECT)
    except (OSError, TimeoutError, ValueError) as error:
        raise WorkerError(
            f"No scheduler answers at {scheduler} ({error}). Start one there (dask scheduler), or leave --scheduler "
            "out for a cluster on this machine."
        ) from None
