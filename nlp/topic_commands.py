"""Commands about topics: fit, assign, show, name, merge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.markup import escape

from corpus.errors import InputError, NarraError, NoAnswerError, SettingsError
from corpus.settings import Workspace, open_workspace
from corpus.terminal import HERE, WorkspaceOption, err, explained, open_store, out, print_table, progress, stage

if TYPE_CHECKING:
    from corpus.calendar import Quarter
    from corpus.store import Store
    from corpus.store.topics import Representative, StoredModel, StoredTopic
    from nlp.topics.names import Names
    from nlp.topics.records import Settings
    from nlp.topics.run import Candidate, Fitted

_WORDS: Final = 8
_TITLES: Final = 3
_NONE: Final = -1

topics_app = typer.Typer(
    help="Topics: what the documents that name a target talk about.", no_args_is_help=True, rich_markup_mode=None
)


@topics_app.command("fit")
@explained
def fit(  # noqa: PLR0913 options of the command line
    workspace: WorkspaceOption = HERE,
    *,
    narrative: Annotated[str | None, typer.Option(help="Only this side's talk: korea or asean.")] = None,
    target: Annotated[str | None, typer.Option(help="Only talk of this target: ASEAN, SEA, MEMBER, KR, VN …")] = None,
    language: Annotated[str | None, typer.Option(help="Only texts in this language, e.g. ko.")] = None,
    embedding: Annotated[
        str, typer.Option(help="tfidf-nmf, tfidf-svd, model2vec:<name or folder> or sentence-transformers:<…>.")
    ] = "tfidf-nmf",
    until: Annotated[str | None, typer.Option(help="Only texts up to the end of this quarter, e.g. 2026Q3.")] = None,
    topics: Annotated[
        int | None, typer.Option(help="How many to look for; else the root of half the documents, from 5 to 100.")
    ] = None,
    fewest: Annotated[int, typer.Option(help="With fewer documents there are no topics.")] = 100,
    seed: Annotated[int, typer.Option(help="Of everything random.")] = 0,
    guided: Annotated[bool, typer.Option("--guided", help="Draw a topic to the seeds of each frame.")] = False,
) -> None:
    """Find the topics of every side, target and language with enough documents; names and ids stay."""
    from corpus.calendar import Quarter  # noqa: PLC0415 see open_store
    from nlp.topics.records import Settings  # noqa: PLC0415 see open_store
    from nlp.topics.run import candidates, subjects, sync_names  # noqa: PLC0415 see open_store

    asked = subjects(narrative, target)
    settings = Settings(embedding=embedding, topics=topics, fewest=fewest, seed=seed)
    last = Quarter.parse(until) if until else None
    opened = open_workspace(workspace)
    with open_store(opened) as store, stage(store, "topics fit"):
        sync_names(store, opened.folder)  # a file of names that cannot be read stops it before the work
        _say_untagged(store)
        _find_copies(store)
        found = candidates(store, asked, settings, language=language, until=last)
        if not found:
            raise NoAnswerError(
                "No tagged document that counts names such a target in such a language. Run first: narra tag"
            )
        how = _How(settings, last, guided)
        fitted = [one for one in found if _fit_one(store, opened.folder, one, how)]
        if not fitted:
            raise NoAnswerError("No topics were fitted; the reason for each scope stands above.")
        problems = _assign_all(store, opened.folder, {str(one.scope) for one in fitted})
    out.print("Next: narra topics show, then narra count.")
    if problems:
        raise NoAnswerError("\n".join(problems))


@dataclass(frozen=True, slots=True)
class _How:
    """How scopes are fitted: settings, the last quarter if there is one, and whether frames guide."""

    settings: Settings
    until: Quarter | None
    guided: bool


def _fit_one(store: Store, folder: Path, one: Candidate, how: _How) -> bool:
    """Fit one scope and say how it went; whether it has topics now."""
    from nlp.lexicon.build import version  # noqa: PLC0415 see open_store
    from nlp.topics.run import fit_scope, too_small  # noqa: PLC0415 see open_store

    name = escape(str(one.scope))
    if one.unreadable:
        out.print(f"{name}: {one.unreadable:,} documents in languages narra cannot find the words of are left out.")
    if reason := too_small(one, how.settings):
        out.print(f"{name}: no topics. {reason}")
        return False
    guides = _guides(one.scope.language) if how.guided else ()
    try:
        with _telling(name) as told:
            fitted = fit_scope(
                store,
                folder,
                one,
                replace(how.settings, guides=guides),
                versions={"lexicon": version()},
                about={} if how.until is None else {"until": str(how.until)},
                progress=told,
            )
    except (NoAnswerError, SettingsError) as error:  # of this scope, or a library for its language; others may do
        out.print(f"{name}: no topics. {escape(str(error))}")
        return False
    for line in _fitted_lines(fitted):
        out.print(f"{name}: {escape(line)}")
    return True


def _fitted_lines(fitted: Fitted) -> Iterator[str]:
    model = fitted.model
    said = f"{len(model.topics)} topics of {model.documents:,} different documents"
    if fitted.former is not None:
        known = len(fitted.known)
        said += f"; {known} of the former {fitted.former} go on, {len(model.topics) - known} are new"
    yield f"{said}."
    if model.quality is not None:
        yield model.quality.said
    if model.unguided:
        yield f"No word of these guides is in the documents: {', '.join(model.unguided)}."
    yield from fitted.notes


def _guides(language: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give the frames' seeds in a language (or in all) as guides, without the marks of open ends."""
    from nlp.frames.model import ALIASES  # noqa: PLC0415 see open_store
    from nlp.frames.seeds import OPEN, load_seeds  # noqa: PLC0415 see open_store
    from nlp.topics.run import ALL  # noqa: PLC0415 see open_store

    def forms(seeds: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
        chosen = seeds.values() if language == ALL else [seeds.get(ALIASES.get(language, language), ())]
        return tuple(form.strip(OPEN) for some in chosen for form in some)

    found = ((name, forms(frame.seeds)) for name, frame in load_seeds().frames.items())
    return tuple((name, words) for name, words in found if words)


@topics_app.command("assign")
@explained
def assign(workspace: WorkspaceOption = HERE) -> None:
    """Give each new or changed document its topic, and say whether a refit is due."""
    opened = open_workspace(workspace)
    with open_store(opened) as store:
        if not store.topic_models():
            raise NoAnswerError("There are no topics yet. Run first: narra topics fit")
        _say_untagged(store)
        problems = assign_stage(store, opened)
    if problems:
        raise NoAnswerError("\n".join(problems))


def assign_stage(store: Store, workspace: Workspace) -> list[str]:
    """Assign what is new in every scope that has topics, with progress; where there are none, do nothing.

    Returns:
        what kept a scope from being assigned, in sentences, which have been said too: one scope's missing
        file does not keep the others, or a report, from being made.
    """
    from nlp.topics.run import sync_names  # noqa: PLC0415 see open_store

    models = store.topic_models()
    if not models:
        return []
    problems = []
    with stage(store, "topics assign"):
        try:
            sync_names(store, workspace.folder)
        except NarraError as error:
            problems.append(f"Names of topics were left as they were. {error}")
        problems += _assign_all(store, workspace.folder, {model.scope for model in models})
    for problem in problems:
        err.print(f"narra: {escape(problem)}", style="bold")
    return problems


def _assign_all(store: Store, folder: Path, scopes: set[str]) -> list[str]:
    """Assign what is new in some scopes, and say so; give what went wrong."""
    from nlp.topics.run import assign_scope  # noqa: PLC0415 see open_store

    problems = []
    for model in store.topic_models():
        if model.scope not in scopes:
            continue
        try:
            with _telling(escape(model.scope)) as told:
                caught = assign_scope(store, folder, model, told)
        except NarraError as error:
            problems.append(f"{model.scope}: its new documents have no topic yet. {error}")
            continue
        new = f"{caught.assigned:,} further documents have their topic" if caught.assigned else "nothing new"
        gone = f", {caught.dropped:,} are not of it any more" if caught.dropped else ""
        out.print(f"{escape(model.scope)}: {new}{gone}. {escape(caught.drift)}")
    return problems


@topics_app.command("show")
@explained
def show(
    scope: Annotated[str | None, typer.Argument(help="For example korea/ASEAN/ko; all if left out.")] = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """List topics: their words, documents and quality, and titles of the documents most of each."""
    from nlp.topics.names import read_names  # noqa: PLC0415 see open_store
    from nlp.topics.run import NAMES_FILE  # noqa: PLC0415 see open_store

    opened = open_workspace(workspace)
    names = read_names(opened.folder / NAMES_FILE)
    with open_store(opened, write=False, snapshot=True) as store:
        for model in _models(store, scope):
            _show_one(store, model, names)


def _show_one(store: Store, model: StoredModel, names: Names) -> None:
    from nlp.topics.run import drift_sentence, quality_of  # noqa: PLC0415 see open_store

    topics, sizes = store.topics_of(model.scope), store.topic_sizes(model.scope)
    print_table(escape(model.scope), ("id", "name", "words", "documents", "share"), topic_rows(topics, sizes, names))
    quality = quality_of(model)
    out.print(escape(quality.said if quality else "Its quality was not measured: too few documents."))
    out.print(escape(f"Fitted {model.fitted[:10]} on {model.documents:,} documents, model {model.version}."))
    out.print(escape(drift_sentence(store, model)))
    for line in title_lines(topics, store.representatives(model.scope)):
        out.print(escape(line))
    out.print("")


def topic_rows(
    topics: Sequence[StoredTopic], sizes: dict[int, int], names: Names
) -> list[tuple[str, str, str, str, str]]:
    """Give the table of a scope's topics, the largest first and those of no topic last.

    Args:
        topics: of the scope.
        sizes: documents of each, copies included; -1 is of none.
        names: by hand. Merged topics are counted with the topic they count as, and named beside it.
    """
    total = sum(sizes.values())
    merged: dict[int, list[StoredTopic]] = {}
    for topic in topics:
        merged.setdefault(names.merged(topic.id), []).append(topic)
    counted = {head: sum(sizes.get(topic.id, 0) for topic in some) for head, some in merged.items()}
    rows = []
    for head, some in sorted(merged.items(), key=lambda item: (-counted[item[0]], item[0])):
        shown = next((topic for topic in some if topic.id == head), some[0])
        others = [str(topic.id) for topic in some if topic.id != head]
        ids = f"{head} (with {', '.join(others)})" if others else str(head)
        rows.append((ids, names.name(head), _words(shown), f"{counted[head]:,}", _share(counted[head], total)))
    outside = sizes.get(_NONE, 0)
    return [*rows, ("–", "", "of no topic", f"{outside:,}", _share(outside, total))]


def _words(topic: StoredTopic) -> str:
    return " ".join(word for word, _, _ in topic.words[:_WORDS])


def _share(part: int, total: int) -> str:
    return f"{part / total:.1%}" if total else "–"


def title_lines(topics: Sequence[StoredTopic], shown: Sequence[Representative]) -> Iterator[str]:
    """Give for each topic the titles of the documents most of it, with their links."""
    for topic in topics:
        yield f"{topic.id}: {_words(topic)}" + (f" (guides: {', '.join(topic.guides)})" if topic.guides else "")
        for one in [one for one in shown if one.topic == topic.id][:_TITLES]:
            yield f"    {one.title or '(no title)'} – {one.outlet}, {one.day or 'undated'} {one.url or ''}".rstrip()


@topics_app.command("name")
@explained
def name(
    scope: Annotated[str, typer.Argument(help="For example korea/ASEAN/ko.")],
    topic: Annotated[int, typer.Argument(help="Its id, as narra topics show lists it.")],
    text: Annotated[str, typer.Argument(help="Its name; an empty one takes the name away.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Give a topic a name, which every refit keeps."""
    from nlp.topics.names import set_name  # noqa: PLC0415 see open_store

    _change(open_workspace(workspace), scope, (topic,), lambda file: set_name(file, topic, text))
    out.print(f"Topic {topic}: {escape(text) or 'without a name'}.")


@topics_app.command("merge")
@explained
def merge(
    scope: Annotated[str, typer.Argument(help="For example korea/ASEAN/ko.")],
    topic: Annotated[int, typer.Argument(help="Its id.")],
    into: Annotated[int, typer.Argument(help="The id of the topic it is to count as; its own id undoes a merge.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Let a topic's documents count as another's, which every refit keeps."""
    from nlp.topics.names import set_merge  # noqa: PLC0415 see open_store

    _change(open_workspace(workspace), scope, (topic, into), lambda file: set_merge(file, topic, into))
    said = "counts as itself" if topic == into else f"counts as topic {into}"
    out.print(f"Topic {topic} {said}. Next: narra count")


def _change(opened: Workspace, scope: str, ids: tuple[int, ...], change: Callable[[Path], None]) -> None:
    """Change the file of names and take it over.

    Raises:
        InputError: a topic is not of the scope.
    """
    from nlp.topics.run import NAMES_FILE, sync_names  # noqa: PLC0415 see open_store

    with open_store(opened) as store:
        model = _models(store, scope)[0]
        known = sync_names(store, opened.folder).entries
        own = [topic for topic, entry in known.items() if entry.scope == model.scope]
        for topic in ids:
            if topic not in own:
                raise InputError(f"{model.scope} has no topic {topic}. It has {', '.join(map(str, own))}.")
        change(opened.folder / NAMES_FILE)
        sync_names(store, opened.folder)


def _models(store: Store, scope: str | None) -> list[StoredModel]:
    """Give the models that are asked for.

    Raises:
        NoAnswerError: there is none at all.
        InputError: there is none of this scope; the message lists what there is.
    """
    from nlp.topics.run import Scope  # noqa: PLC0415 see open_store

    models = store.topic_models()
    if not models:
        raise NoAnswerError("There are no topics yet. Run first: narra topics fit")
    if scope is None:
        return models
    wanted = str(Scope.parse(scope))
    found = [model for model in models if model.scope == wanted]
    if not found:
        raise InputError(f"{wanted} has no topics. There are topics of {', '.join(model.scope for model in models)}.")
    return found


def _say_untagged(store: Store) -> None:
    if untagged := store.count_outdated_tags():
        out.print(f"{untagged:,} documents are not tagged as they are now, and left out. Run: narra tag")


def _find_copies(store: Store) -> None:
    """Bring stories up to date, as topics are fitted on one document a story."""
    from corpus.copies import group_store  # noqa: PLC0415 see open_store

    with progress() as bar:
        task = bar.add_task("finding copies", total=store.totals()["documents"], said="")
        group_store(store, lambda texts: bar.advance(task, texts))


@contextmanager
def _telling(name: str) -> Iterator[Callable[[str, int, int], None]]:
    """Show how far the work on a scope is."""
    with progress() as bar:
        task = bar.add_task(name, total=None, said="")

        def told(doing: str, done: int, of: int) -> None:
            bar.update(task, description=f"{name}: {doing}", completed=done, total=of, said=f"{done:,} of {of:,}")

        yield told
