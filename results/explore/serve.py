"""Serve a workspace's store on this machine, read-only."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Callable, Collection
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from corpus.errors import BusyError, WorkspaceError
from corpus.settings import Workspace
from corpus.store import Store, explain
from results.explore import plugin, tokens
from results.explore.plugin import DATABASE, Served, serve_with
from results.explore.queries_of import queries

HOST: Final = "127.0.0.1"
PORT: Final = 8331
"""Where it is served unless another port is asked for; a report names it."""

_PLUGIN: Final = "narra"
# Tables that hold what narra needs to know and a reader does not.
_HIDDEN: Final = (
    "_sqlite_migrations", "deliveries", "keys", "lexicon_code", "lexicon_files", "lexicons", "links", "memory", "near",
    "near_read", "stale", "state",
    "validators", "versions", "withheld",
)  # fmt: skip
_SETTINGS: Final = {
    "allow_download": False,
    "default_page_size": 50,
    "facet_time_limit_ms": 2000,
    "max_returned_rows": 2000,
    "sql_time_limit_ms": 10_000,
    "suggest_facets": False,
    "truncate_cells_html": 400,
}
_BATCH: Final = 500


class _Listed(Database):  # type: ignore[misc]  # Datasette has no types
    """The store, without the parts of the full-text index: they hold no rows that could be listed or counted."""

    async def table_names(self) -> list[str]:
        """Give the tables' names."""
        return [name for name in await super().table_names() if name != "search" and not name.startswith("search_")]


@dataclass(frozen=True, slots=True)
class Prepared:
    """How a store stands before it is looked at.

    Attributes:
        withheld: sources of which only titles and links may be shown, though texts of them are stored.
        unsearchable: how many documents a search does not find as they are now.
    """

    withheld: frozenset[str]
    unsearchable: int


def prepare(store: Store, titles_only: Collection[str], progress: Callable[[int], None]) -> Prepared:
    """Bring the store to where it can be looked at: nothing is shown that may not be, and texts can be searched.

    While another run writes, texts are not indexed: what can be searched then is what
    could be before.

    Args:
        store: open; what is written here is no document, mention or count.
        titles_only: sources of which only titles and links may be shown. Collecting stores no texts of
            them, but may have before they were marked so.
        progress: told how many documents were indexed, batch by batch.

    Raises:
        WorkspaceError: the store cannot be written, or Python's SQLite has no full-text search.
    """
    withheld = store.with_texts(titles_only)
    try:
        store.withhold(withheld)
        with store.writing():
            while done := store.index_texts(tokens.RULE, tokens.tokens, _BATCH):
                progress(done)
    except BusyError:
        if store.withheld() != withheld:
            raise
    except sqlite3.Error as error:
        assert store.path is not None  # noqa: S101 a store in memory cannot fail like this
        raise explain(error, store.path) from error
    return Prepared(withheld, store.count_unsearchable(tokens.RULE))


def application(workspace: Workspace, prepared: Prepared, hosts: Collection[str] = ()) -> Datasette:
    """Make the Datasette of a workspace: read-only, with narra's front page, queries and functions.

    Where texts are withheld, only our own queries run: SQL of anybody's own could name
    one thing as another and so get past what leaves them out.

    Args:
        workspace: its store is what `prepare` has seen.
        prepared: what `prepare` has given.
        hosts: further names under which it may be asked for, beside this machine's own.
    """
    if not pm.has_plugin(_PLUGIN):
        pm.register(plugin, name=_PLUGIN)
    folder = files("results.explore")
    workspace.reports.mkdir(exist_ok=True)
    made = Datasette(
        files=[str(workspace.store_path)],
        metadata=metadata(workspace.settings.title),
        settings={**_SETTINGS, "default_allow_sql": not prepared.withheld},
        template_dir=str(folder / "templates"),
        static_mounts=[("reports", str(workspace.reports)), ("narra-static", str(folder / "static"))],
    )
    made.remove_database(DATABASE)
    made.add_database(_Listed(made, str(workspace.store_path), is_mutable=True), name=DATABASE)
    named = frozenset({HOST, "localhost", "::1", *hosts})
    serve_with(
        made,
        Served(workspace.settings.title, workspace.reports, bool(prepared.withheld), prepared.unsearchable, named),
    )
    return made


def metadata(title: str) -> dict[str, Any]:
    """Give what Datasette is told of the store: which queries there are, and what is not worth a reader's time."""
    tables: dict[str, Any] = {name: {"hidden": True} for name in _HIDDEN}
    tables["texts"] = {
        "title": "Texts",
        "description": "Every document. Search, filter, or facet by a column (in its menu); take it as CSV or JSON.",
        "fts_table": "search",
        "fts_pk": "row",
    }
    canned = {
        query.name: {
            "title": query.title,
            "description": query.about,
            "sql": query.sql,
            "params": list(query.parameters),
            "hide_sql": True,
        }
        for query in queries().values()
    }
    return {"title": title, "databases": {DATABASE: {"tables": tables, "queries": canned}}}


def listening(port: int) -> socket.socket:
    """Take a port of this machine, not reachable from any other.

    Args:
        port: 0 for any that is free.

    Raises:
        WorkspaceError: it is in use, or may not be used.
    """
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((HOST, port))
        taken.listen()
    except OSError as error:
        taken.close()
        raise WorkspaceError(
            f"Port {port} of this machine cannot be used ({error.strerror}). "
            "Perhaps narra explore runs already; else choose another: narra explore --port 0 takes any that is free."
        ) from None
    return taken


def serve(made: Datasette, taken: socket.socket) -> None:
    """Answer until interrupted."""
    config = uvicorn.Config(made.app(), log_level="warning", access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[taken])
