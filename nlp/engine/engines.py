"""Engines: what maps a function over many items, in processes here or on other machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from nlp.pool import in_order

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Failed:
    """A task that could not be done.

    Attributes:
        why: in words.
    """

    why: str


class Engine(Protocol):
    """Maps functions."""

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[Item, Result | Failed]]:
        """Work on every item, and give each with its result, in any order.

        Args:
            work: importable, or a `partial` of such; may be called twice for an item, at different times or at once.
            items: sent between processes, as results are.

        Raises:
            NarraError: what ``work`` raised of these; all other work is given up.
        """
        ...


@dataclass(frozen=True, slots=True)
class Pool:
    """The cores of this machine.

    Attributes:
        workers: processes.
    """

    workers: int

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[Item, Result | Failed]]:
        """See `Engine`; in the order of the items."""
        return in_order(partial(_attempt, work), items, self.workers, _nothing)


def _attempt(work: Callable[[Item], Result], item: Item) -> Result | Failed:
    try:
        return work(item)
    except OSError as error:
        return Failed(f"{error}")


def _nothing() -> None:
    """Tasks prepare what they need by themselves."""
