"""Spread the work over an engine: all partitions of a dataset, then all blocks of their texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from corpus.copies import Block
from corpus.errors import InputError
from nlp.engine.counting import count_file, to_count
from nlp.engine.engines import Engine, Failed
from nlp.engine.place import Place
from nlp.engine.tasks import Done, Job, Missing, block_name, compare_block, compares, read_file
from nlp.engine.versions import make_framer, versions

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Report:
    """How far a job has come.

    Attributes:
        stage: ``reading`` or ``finding copies``.
        done: so many files, or blocks.
        total: of so many.
    """

    stage: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How a job ended.

    Attributes:
        documents: how many were read.
        readings: names of the results of partitions that were read, in the order of the partitions.
        copies: names of the results of blocks.
        counts: names of the counts of partitions; none were made where anything is missing, or none were asked for.
        missing: what there is no result of.
    """

    documents: int
    readings: tuple[str, ...]
    copies: tuple[str, ...]
    counts: tuple[str, ...]
    missing: tuple[Missing, ...]


def make_job(documents: str, results: str, learned: str = "") -> Job:
    """Make a job of this machine's versions.

    Args:
        documents: address of a dataset.
        results: address of a folder for results; those of these versions lie in a folder of their own in it.
        learned: words that frames have learned, as JSON, or "".

    Raises:
        InputError: an address is of a kind that is not known, or not installed.
    """
    own = versions(make_framer(learned))
    try:
        documents, results = Place(documents).url, Place(f"{results}/{own.key}").url
    except (ValueError, ImportError) as error:
        raise InputError(f"{error}.") from None
    return Job(documents, results, own, learned)


def spread(
    engine: Engine,
    job: Job,
    report: Callable[[Report], None] = lambda _: None,
    *,
    blocks: frozenset[Block] | None = None,
    counted: bool = True,
) -> Ended:
    """Do a job.

    Interrupted, or with something missing, it goes on from there the next time: what has
    its result is not done again.

    Args:
        engine: maps the tasks.
        job: what to do.
        report: told how far it has come.
        blocks: only these are compared; None: all.
        counted: whether to count what was found, too.

    Raises:
        InputError: there are no partitions, or they cannot be listed.
        WorkerError: a worker has other versions than this machine, or cannot work.
    """
    names = _partitions(job)
    read = _each(engine, partial(read_file, job), names, str, partial(Report, "reading"), report)
    done = [(name, one) for name in names if isinstance(one := read[name], Done)]
    tasks = [task for task in compares(done) if blocks is None or task.block in blocks]
    told = partial(Report, "finding copies")
    compared = _each(engine, partial(compare_block, job), tasks, lambda task: block_name(task.block), told, report)
    readings, copies = (
        tuple(one.result for one in some if isinstance(one, Done))
        for some in ([one for _, one in done], compared.values())
    )
    missing = [one for one in (*read.values(), *compared.values()) if isinstance(one, Missing)]
    counts: tuple[str, ...] = ()
    if counted and not missing:
        counts, missing = _count(engine, job, readings, copies, report)
    if not missing:
        Place(job.results).sweep()
    return Ended(sum(one.documents for _, one in done), readings, copies, counts, tuple(missing))


def _count(
    engine: Engine, job: Job, readings: Sequence[str], copies: Sequence[str], report: Callable[[Report], None]
) -> tuple[tuple[str, ...], list[Missing]]:
    tasks = to_count(job, readings, copies)
    if isinstance(tasks, Missing):
        return (), [tasks]
    told = partial(Report, "counting")
    counted = _each(engine, partial(count_file, job), tasks, lambda task: task.readings, told, report)
    missing = [one for one in counted.values() if isinstance(one, Missing)]
    return tuple(one.result for one in counted.values() if isinstance(one, Done)), missing


def _partitions(job: Job) -> list[str]:
    try:
        names = Place(job.documents).names()
    except OSError as error:
        raise InputError(f"{job.documents} cannot be read: {error}.") from None
    if not names:
        raise InputError(f"There is no Parquet file in {job.documents}. Write documents there: narra export")
    return names


def _each(  # noqa: PLR0913, PLR0917 one loop for both kinds of task
    engine: Engine,
    work: Callable[[Item], Done | Missing],
    items: Sequence[Item],
    name_of: Callable[[Item], str],
    told: Callable[[int, int], Report],
    report: Callable[[Report], None],
) -> dict[Item, Done | Missing]:
    ended: dict[Item, Done | Missing] = {}
    report(told(0, len(items)))
    for item, result in engine.each(work, items):
        ended[item] = Missing(name_of(item), result.why) if isinstance(result, Failed) else result
        report(told(len(ended), len(items)))
    return {item: ended[item] for item in items}  # in their order, whichever was done first
