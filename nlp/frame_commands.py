"""Commands about frames: run, show, learn."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.markup import escape

from corpus.settings import Workspace, open_workspace
from corpus.terminal import HERE, WorkspaceOption, err, explained, open_store, out, print_table, progress, stage

if TYPE_CHECKING:
    from corpus.store import Store
    from nlp.frames.framer import Framer
    from nlp.frames.learn import Text
    from nlp.frames.show import Shown

LEARNED_FILE: Final = "frames.json"

frames_app = typer.Typer(help="What the talk around a name is about.", no_args_is_help=True, rich_markup_mode=None)


@frames_app.command("run")
@explained
def run(workspace: WorkspaceOption = HERE) -> None:
    """Frame every text that names something and is new, changed, or framed by other words."""
    opened = open_workspace(workspace)
    with open_store(opened) as store:
        frame_stage(store, opened)


@frames_app.command("show")
@explained
def show(
    text: Annotated[str, typer.Argument(help="A text, or - to read it from standard input.")],
    language: Annotated[str, typer.Option("--language", "-l", help="Its language, e.g. ko.")] = "und",
    title: Annotated[str, typer.Option(help="Its headline.")] = "",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Say which frame a text is in, which words decided, and how far that can be trusted."""
    from nlp.frames.show import show as shown  # noqa: PLC0415 see open_store

    learned_in = open_workspace(workspace) if (workspace / "narra.toml").exists() else None
    found = shown(_framer(learned_in), sys.stdin.read() if text == "-" else text, language, title)
    out.print(f"{escape(found.title)} ({escape(found.title_ko)})")
    for line in _scales(found):
        out.print(line)
    if found.words:
        columns = ("where", "text", "speaks for", "weight", "word of", "decided")
        print_table("", columns, [_word_row(found, place) for place in range(len(found.words))])
    if found.reliability is not None and not found.reliability.reliable:
        out.print("Unreliable: this frame was told too seldom rightly in texts of this language (docs/frames.md).")


@frames_app.command("learn")
@explained
def learn(workspace: WorkspaceOption = HERE) -> None:
    """Learn further words of each frame from this workspace's texts; from then on they count too, less than seeds."""
    from nlp.frames import learned  # noqa: PLC0415 see open_store
    from nlp.frames.evaluate import names_of  # noqa: PLC0415 see open_store
    from nlp.frames.learn import learn as learn_words  # noqa: PLC0415 see open_store
    from nlp.tagger import Tagger  # noqa: PLC0415 see open_store

    opened = open_workspace(workspace)
    with open_store(opened) as store, stage(store, "learn frames"), err.status("learning …"):
        model, refused = learn_words(_framer(None), _naming(store), names_of(Tagger.load()))
    for language, reason in sorted(refused.items()):
        out.print(f"Nothing was learned for {language}: {escape(reason)}")
    if not model.words:
        out.print("Nothing was learned, and nothing was changed.")
        return
    path = opened.folder / LEARNED_FILE
    learned.save(model, path)
    said = ", ".join(f"{language} {len(words):,}" for language, words in sorted(model.words.items()))
    out.print(f"Learned words, in {escape(str(path))}: {said}. Next: narra run")


def frame_stage(store: Store, workspace: Workspace) -> None:
    """Frame what is new, with progress."""
    from nlp.frames.run import frame_store  # noqa: PLC0415 see open_store

    framer = _framer(workspace)
    total = store.count_unframed(framer.version)
    with stage(store, "frame"), progress() as bar:
        task = bar.add_task("framing", total=total, said="")
        began = time.monotonic()

        def told(texts: int) -> None:
            bar.advance(task, texts)
            speed = bar.tasks[task].completed / max(0.001, time.monotonic() - began)
            bar.update(task, said=f"{bar.tasks[task].completed:,.0f} of {total:,} texts, {speed:,.0f}/s")

        done = frame_store(store, framer, told)
    said = f"Framed {done:,} texts with frames {framer.version}."
    out.print(said if done else "Every text that names something is framed already.")


def _framer(workspace: Workspace | None) -> Framer:
    """Give the framer of a workspace, with the words it has learned; without one, the seeds alone."""
    from nlp.frames.framer import Framer  # noqa: PLC0415 see open_store
    from nlp.frames.learned import load  # noqa: PLC0415 see open_store

    path = None if workspace is None else workspace.folder / LEARNED_FILE
    return Framer.load(learned=load(path) if path is not None and path.is_file() else None)


def _naming(store: Store) -> Iterator[Text]:
    """Give every text that counts."""
    from nlp.frames.learn import Text  # noqa: PLC0415 see open_store

    last = 0
    while batch := store.texts(after=last):
        yield from (Text(language=row.language, title=row.title, body=row.body) for row in batch)
        last = batch[-1].row


def _scales(found: Shown) -> Iterator[str]:
    ends = {"exchange": ("transactional", "mutual"), "people": ("elite", "people")}
    for scale, value in found.framing.scales.items():
        if value is not None:
            yield f"  {ends[scale][0]} -1 … {ends[scale][1]} 1: {value:+.2f}"


def _word_row(found: Shown, place: int) -> tuple[str, ...]:
    word = found.words[place]
    where = f"{word.field} {word.start}-{word.end}"
    return (where, word.surface, word.label, f"{word.weight:g}", word.origin, "yes" if word.decided else "")
