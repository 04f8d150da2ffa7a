"""Commands about language: tag, count, lexicon."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.settings import open_workspace
from corpus.terminal import (
    HERE,
    WorkersOption,
    WorkspaceOption,
    err,
    explained,
    open_store,
    out,
    print_table,
    progress,
    stage,
)
from nlp.engine_commands import app as engine_app
from nlp.frame_commands import frames_app
from nlp.topic_commands import topics_app

if TYPE_CHECKING:
    from corpus.store import Store
    from nlp.engine_commands import Compare
    from nlp.tagger import Decision

app = typer.Typer(rich_markup_mode=None)
lexicon_app = typer.Typer(help="Look into the names narra looks for.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(engine_app)
app.add_typer(lexicon_app, name="lexicon")
app.add_typer(frames_app, name="frames")
app.add_typer(topics_app, name="topics")


@app.command("tag")
@explained
def tag(workspace: WorkspaceOption = HERE, workers: WorkersOption = 0) -> None:
    """Find the names in every text that is new or changed, or that an older lexicon tagged."""
    with open_store(open_workspace(workspace), write=True) as store:
        tag_stage(store, workers)


@app.command("count")
@explained
def count(
    workspace: WorkspaceOption = HERE,
    *,
    anew: Annotated[bool, typer.Option("--anew", help="Not only what is new, but everything.")] = False,
) -> None:
    """Group copies into stories and count what the documents name."""
    with open_store(open_workspace(workspace)) as store:
        if anew:
            store.forget_counts()
        count_stage(store)


@lexicon_app.command("show")
@explained
def lexicon_show(
    entity: Annotated[str, typer.Argument(help="ASEAN, SEA, KR, KP, KOREA or a member's code (TH, VN …).")],
    language: Annotated[str | None, typer.Option(help="One language only.")] = None,
) -> None:
    """List every name of an entity, with its class and where it comes from."""
    from nlp.lexicon.listing import names_of  # noqa: PLC0415 see open_store

    print_table(entity.upper(), ("language", "class", "name", "counts", "source"), names_of(entity.upper(), language))


@lexicon_app.command("check")
@explained
def lexicon_check(
    folder: Annotated[Path | None, typer.Argument(help="Lexicon files to check; narra's own if left out.")] = None,
) -> None:
    """Check the lexicon files: keys, duplicates, names claimed twice."""
    from nlp.lexicon.listing import check  # noqa: PLC0415 see open_store

    for language, spellings in check(folder):
        out.print(f"{language}: {spellings:,} spellings")
    out.print("The lexicon is sound.")


@lexicon_app.command("explain")
@explained
def lexicon_explain(
    text: Annotated[str, typer.Argument(help="A text, in quotation marks; - reads standard input.")],
    language: Annotated[str, typer.Option(help="Its language, e.g. ko; all languages if left out.")] = "*",
    date: Annotated[str | None, typer.Option(help="Its date, for names that were used for a time only.")] = None,
) -> None:
    """Tell what is tagged in a text, what is passed over, and which rule decided."""
    from nlp.tagger import Tagger  # noqa: PLC0415 see open_store

    tagger = Tagger.load()
    if language != "*" and not tagger.knows(language):
        err.print(f"There is no lexicon for the language {language!r}: the names of all languages are looked for.")
    decisions = tagger.explain(sys.stdin.read() if text == "-" else text, language, date)
    if not decisions:
        out.print("No name of ours, and nothing that looks like one.")
        return
    print_table("", ("where", "text", "outcome", "entity", "class", "rule", "because"), map(_decision_row, decisions))


def _decision_row(decision: Decision) -> tuple[str, ...]:
    d = decision
    return (f"{d.start}–{d.end}", d.surface, d.outcome, d.entity, d.form_class, d.rule, d.because)


def tag_stage(store: Store, workers: int = 0) -> None:
    """Tag what is new, with progress, in so many processes (0: one for each core)."""
    from nlp.pool import cores  # noqa: PLC0415 see open_store
    from nlp.run import tag_store  # noqa: PLC0415 see open_store
    from nlp.tagger import Tagger  # noqa: PLC0415 see open_store

    tagger = Tagger.load()
    total = store.count_untagged(tagger.version)
    with stage(store, "tag"), progress() as bar:
        task = bar.add_task("tagging", total=total, said="")
        began = time.monotonic()

        def told(texts: int) -> None:
            bar.advance(task, texts)
            speed = bar.tasks[task].completed / max(0.001, time.monotonic() - began)
            bar.update(task, said=f"{bar.tasks[task].completed:,.0f} of {total:,} texts, {speed:,.0f}/s")

        done = tag_store(store, tagger, told, workers=workers or cores())
    out.print(f"Tagged {done:,} texts with lexicon {tagger.version}." if done else "Every text is tagged already.")
    strange = {code: texts for code, texts in store.languages().items() if not tagger.knows(code)}
    if strange:
        said = ", ".join(f"{code} ({texts:,} texts)" for code, texts in strange.items())
        out.print(f"No lexicon for {said}: these were matched with the names of all languages.")


def count_stage(store: Store, compare: Compare | None = None) -> None:
    """Find copies (with ``compare``, or here), count, and read the words around the names, with progress."""
    from corpus.copies import compared, group_store  # noqa: PLC0415 see open_store
    from nlp.count import count_store  # noqa: PLC0415 see open_store
    from nlp.words_near import words_store  # noqa: PLC0415 see open_store

    with stage(store, "count"), progress() as bar:
        total = store.totals()["documents"]
        task = bar.add_task("finding copies", total=total, said="")
        group_store(store, lambda texts: bar.advance(task, texts), compare or compared)
        counting = bar.add_task("counting", total=None, said="")
        rows = count_store(store, lambda done, cells: bar.update(counting, completed=done, total=cells))
        bar.update(counting, completed=1, total=1)
        reading = bar.add_task("words around names", total=None, said="")
        left_out = words_store(store, lambda texts: bar.advance(reading, texts))
        bar.update(reading, completed=1, total=1)
    out.print(f"Counts: {rows:,} rows.")
    for language, reason in left_out.items():
        out.print(f"The words around names in {language} texts were not counted. {reason}")
