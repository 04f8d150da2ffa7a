"""narra's part in Datasette: functions for SQL, the front page, links between lists, and the page of a figure."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from markupsafe import Markup, escape

from corpus.errors import InputError
from corpus.model import ENTITY_NAMES, NARRATIVE_NAMES
from results.explore import figures
from results.explore.functions import add_functions
from results.explore.guard import App, Message, Receive, Send, guarded
from results.explore.queries_of import Query, queries

DATABASE: Final = "narra"
_OVERVIEW: Final = (
    "SELECT narrative, count(*) AS documents, count(DISTINCT outlet) AS outlets, "
    "min(CASE WHEN length(day) = 10 THEN day END) AS first, max(CASE WHEN length(day) = 10 THEN day END) AS last "
    "FROM documents GROUP BY narrative ORDER BY narrative IS NULL, narrative DESC"
)
_NEITHER: Final = "Neither side's"
# Lists lead to each other by these columns: which query, which of its parameters the cell is, and of what type.
# (Some tables have a column `document` that holds a number of the store, not an id.)
_LINKS: Final = {"document": ("document", "document", str), "story": ("copies-of-a-story", "story", int)}


@dataclass(frozen=True, slots=True)
class Served:
    """What is served, beside the store itself.

    Attributes:
        title: the workspace's.
        reports: folder of its reports.
        withheld: whether texts of some sources may not be shown.
        unsearchable: how many documents a search does not find yet.
        hosts: names under which it may be asked for.
    """

    title: str
    reports: Path
    withheld: bool
    unsearchable: int
    hosts: frozenset[str]


# Datasette's plugins are registered for the whole process; another Datasette in it is none of our business.
_SERVED: Final[WeakKeyDictionary[Datasette, Served]] = WeakKeyDictionary()


def serve_with(datasette: Datasette, served: Served) -> None:
    """Say what a Datasette serves; the hooks below act for no other."""
    _SERVED[datasette] = served


# -- hooks, by the names that Datasette calls them ------------------------


# Called before Datasette's own hook would leave it last; ours must have the last word on `escape_fts`.
@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection, datasette: Datasette) -> None:
    """Give a connection our functions, and keep withheld texts from direct questions."""
    served = _SERVED.get(datasette)
    if served is None:
        return
    add_functions(conn, served.reports)
    if served.withheld:
        conn.set_authorizer(_may_read)


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Any:  # noqa: ANN401 Datasette's hooks have no types
    """Put the guard before it."""

    def wrap(app: App) -> App:
        async def answer(scope: Message, receive: Receive, send: Send) -> None:
            served = _SERVED.get(datasette)  # not known yet when Datasette puts its parts together
            await (app if served is None else guarded(app, served.hosts))(scope, receive, send)

        return answer

    return wrap


@hookimpl
def extra_template_vars(template: str, datasette: Datasette) -> Any:  # noqa: ANN401 the same
    """Give the front page what stands in it."""
    served = _SERVED.get(datasette)
    if served is None or template != "index.html":
        return {}
    return partial(_front_page, datasette, served)


@hookimpl
def render_cell(row: sqlite3.Row, value: object, column: str, datasette: Datasette) -> Markup | None:
    """Make a link of a cell that leads on; everything else is shown as Datasette shows it, escaped."""
    if datasette not in _SERVED or value in {None, ""}:
        return None
    if column == "figure" and "quarter" in row.keys():  # noqa: SIM118 a sqlite3.Row holds values, not keys
        return _link(datasette, f"{DATABASE}/evidence", {"quarter": row["quarter"], "figure": value}, value)
    if column in _LINKS and isinstance(value, _LINKS[column][2]):
        name, parameter, _ = _LINKS[column]
        return _link(datasette, f"{DATABASE}/{name}", {parameter: value}, value)
    return None


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Any]]:
    """Give the page of a figure, to which reports link."""
    return [(r"^/figure/(?P<quarter>[^/]+)/(?P<figure>[^/]+)$", partial(_figure, datasette))]


# -- what they do --------------------------------------------------------


def _may_read(action: int, table: str | None, column: str | None, _database: str | None, view: str | None) -> int:
    """Let the texts of documents be read through the view `texts` alone, which knows what to leave out."""
    text = action == sqlite3.SQLITE_READ and table in {"documents", "search_stale"} and column == "body"
    return sqlite3.SQLITE_IGNORE if text and view != "texts" else sqlite3.SQLITE_OK


async def _figure(datasette: Datasette, request: Request) -> Response:
    """Lead from a figure's id to the documents behind it, or say why there are none."""
    served = _SERVED.get(datasette)
    quarter, figure = request.url_vars["quarter"], request.url_vars["figure"]
    if served is None:
        return Response.text("Not found", status=404)
    try:
        figures.figure_queries(served.reports, quarter, figure)
    except InputError as error:
        return Response.text(str(error), status=404)
    asked = urlencode({"quarter": quarter, "figure": figure})
    return Response.redirect(datasette.urls.path(f"{DATABASE}/evidence?{asked}"))


async def _front_page(datasette: Datasette, served: Served) -> dict[str, Any]:
    rows = await datasette.get_database(DATABASE).execute(_OVERVIEW)
    return {
        "narra": served,
        "sides": [{**dict(row), "name": NARRATIVE_NAMES.get(row["narrative"], _NEITHER)} for row in rows],
        "quarters": figures.quarters(served.reports),
        "queries": [_with_link(datasette, query) for query in queries().values()],
        "entities": ENTITY_NAMES,
        "texts_url": datasette.urls.table(DATABASE, "texts"),
        "search_url": datasette.urls.path(f"{DATABASE}/search"),
        "figures_url": datasette.urls.path(f"{DATABASE}/figures"),
        "reports_url": datasette.urls.path("reports"),
        "database_url": datasette.urls.database(DATABASE),
    }


def _with_link(datasette: Datasette, query: Query) -> dict[str, Any]:
    return {"query": query, "url": datasette.urls.query(DATABASE, query.name)}


def _link(datasette: Datasette, path: str, parameters: dict[str, Any], shown: object) -> Markup:
    address = f"{datasette.urls.path(path)}?{urlencode(parameters)}"
    return Markup('<a href="{}">{}</a>').format(escape(address), escape(str(shown)))
