"""Before anything of a store is shown: which sources allow titles and links only.

Collecting keeps no texts of them, but may have before they were marked so. The store is told,
and gives their texts to nothing that shows them (`corpus.store.evidence`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection

import typer

from corpus.settings import Workspace
from corpus.store import Store, explain
from corpus.terminal import open_store

TitlesOnly = Callable[[Workspace], Collection[str]]
"""Gives the sources of a workspace that allow titles and links only: the catalogue of sources knows, and no stage
may ask it; the command line hands this over as its context's object."""


def withhold_before(workspace: Workspace, context: typer.Context) -> None:
    """Tell a workspace's store what the command line knows, before it is opened for reading.

    Raises:
        NoAnswerError: nothing is stored yet.
        SettingsError: the description of a source can't be read.
        WorkspaceError: the store can't be written.
    """
    told: TitlesOnly | None = context.obj
    if told is None:  # called without the command line: what the store was told before holds
        return
    with open_store(workspace, write=False) as store:
        withhold(store, told(workspace))


def withhold(store: Store, titles_only: Collection[str]) -> None:
    """Tell a store of which sources only titles and links may be shown. Writes only where that differs.

    Raises:
        WorkspaceError: it can't be written.
    """
    try:
        store.withhold(store.with_texts(titles_only))
    except sqlite3.Error as error:
        if store.path is None:
            raise
        raise explain(error, store.path) from error
