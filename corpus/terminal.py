"""What all commands share: the terminal, the workspace option, progress, and errors said in a sentence."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from corpus.errors import NarraError, NoAnswerError
from corpus.settings import Workspace

if TYPE_CHECKING:
    from corpus.store import Store

P = ParamSpec("P")
R = TypeVar("R")

INTERRUPTED: Final = 130

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

WorkspaceOption = Annotated[Path, typer.Option("--workspace", "-w", envvar="NARRA_WORKSPACE", help="The workspace.")]
HERE: Final = Path()
WorkersOption = Annotated[
    int, typer.Option("--workers", min=0, help="Processes to tag with; 0: one for each core. Results are the same.")
]
_ANY_WIDTH: Final = 10_000


def explained(command: Callable[P, R]) -> Callable[P, R]:
    """Turn expected errors and interrupts into a sentence and an exit code."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except NarraError as error:
            err.print(f"narra: {escape(str(error))}", style="bold")
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            err.print("\nnarra: interrupted. What was stored is safe; run the same command again to go on from there.")
            raise typer.Exit(INTERRUPTED) from None

    return wrapped


@contextmanager
def open_store(workspace: Workspace, *, write: bool = True, snapshot: bool = False) -> Iterator[Store]:
    """Open the store of a workspace, held for writing unless ``write`` is false.

    With ``snapshot`` all that is read is of one moment, whatever another command writes meanwhile.
    """
    from corpus.store import Store  # noqa: PLC0415 takes a second to import; `narra --help` should not

    if not write and not workspace.store_path.exists():
        raise NoAnswerError(f"Nothing is stored in {workspace.folder.resolve()} yet. Begin with: narra import FILE…")
    with Store.open(workspace.store_path) as store:
        if write:
            with store.writing():
                yield store
        elif snapshot:
            with store.snapshot():
                yield store
        else:
            yield store


@contextmanager
def progress() -> Iterator[Progress]:
    """Show progress on standard error, so that output can be piped."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[said]}"))
    with Progress(*columns, TimeElapsedColumn(), console=err) as bar:
        yield bar


@contextmanager
def stage(store: Store, name: str) -> Iterator[None]:
    """Record a stage's run in the store, however it ends."""
    number = store.start_run(name)
    status_ = "failed"
    try:
        yield
        status_ = "ok"
    except KeyboardInterrupt:
        status_ = "interrupted"
        raise
    finally:
        store.end_run(number, status_, {})


def print_table(
    title: str, columns: Sequence[str], rows: Iterator[tuple[str, ...]] | Sequence[tuple[str, ...]]
) -> None:
    """Print a table, fitted to the terminal."""
    table = Table(*columns, title=title or None, title_justify="left", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    out.print(table)


def print_wide_table(title: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    """Print a table one line a row, however narrow the screen: a name cut short could not be typed again."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, no_wrap=True)
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    table.width = out.measure(table, options=out.options.update(max_width=_ANY_WIDTH)).maximum
    out.print(table, crop=False)
