"""The command `narra explore`, but for what only the command line knows: which sources' texts may not be shown."""

from __future__ import annotations

import webbrowser
from collections.abc import Collection

from rich.markup import escape

from corpus.errors import NoAnswerError, SettingsError
from corpus.settings import Workspace
from corpus.terminal import err, open_store, out, progress
from results.explore.tokens import RULE


def explore_stage(
    workspace: Workspace, *, port: int, show: bool, titles_only: Collection[str], hosts: Collection[str] = ()
) -> None:
    """Make the store ready for being looked at, then serve it until interrupted.

    Args:
        workspace: whose store.
        port: of this machine; 0 for any that is free.
        show: open it in the browser.
        titles_only: sources of which only titles and links may be shown.
        hosts: names under which a proxy asks for it.

    Raises:
        NoAnswerError: nothing is stored yet.
        WorkspaceError: the port or the store cannot be used.
        SettingsError: Datasette is not installed.
    """
    try:
        from results.explore import serve  # noqa: PLC0415 Datasette takes a second to import, and may be missing
    except ModuleNotFoundError as error:
        raise SettingsError(f"narra explore needs {error.name}, which is not installed. Run: uv sync") from None
    if not workspace.store_path.exists():
        raise NoAnswerError(f"Nothing is stored in {workspace.folder.resolve()} yet. Begin with: narra import FILE…")
    with serve.listening(port) as taken:
        with open_store(workspace, write=False) as store, progress() as bar:
            task = bar.add_task("making the texts searchable", total=store.count_unsearchable(RULE), said="")
            prepared = serve.prepare(store, titles_only, lambda done: bar.update(task, advance=done))
        if prepared.unsearchable:
            err.print(
                f"{prepared.unsearchable:,} documents can't be searched yet: another run is writing. Start again later."
            )
        address = f"http://{serve.HOST}:{taken.getsockname()[1]}/"
        made = serve.application(workspace, prepared, hosts)
        out.print(f"{escape(str(workspace.folder.resolve()))} can be looked at: {address}\nControl-C ends it.")
        if show:
            webbrowser.open(address)
        serve.serve(made, taken)
