"""Topics of a store: which scopes there are, fitting them, assigning what is new, and names by hand.

A scope's model lies in one file of the workspace, and what is to be said of it in the store. Both change as
one: the new file is written beside the old one, the store takes the model and its assignments in one
transaction, and then the file is moved. Interrupted before, all is as it was; interrupted between, the next
reader finds the file beside by its content, and moves it (`settled`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

from corpus.calendar import Quarter
from corpus.errors import FileProblemError, InputError, NarraError, NoAnswerError, WorkspaceError
from corpus.model import LANGUAGES, NARRATIVES, Narrative
from corpus.store import Store, TextRow
from corpus.store.topics import Naming, StoredAssignment, StoredModel, StoredTopic
from corpus.targets import TARGETS
from nlp.topics.drift import drift_of
from nlp.topics.files import load, save
from nlp.topics.identity import Match, begun, continued
from nlp.topics.model import Corpus, Model, assign, assigned, fit, read
from nlp.topics.names import Names, add_topics, read_names
from nlp.topics.quality import FITS, measured
from nlp.topics.records import LEXICAL, Assignment, Progress, Quality, Settings, Text, Topic, Word, silent

SUBJECTS: Final[tuple[tuple[Narrative, str], ...]] = (
    ("korea", "ASEAN"),
    ("korea", "SEA"),
    ("korea", "MEMBER"),
    ("asean", "KR|KOREA"),
)
"""Whose talk, of what: as in `results.framing`."""

ALL: Final = "all"
"""The language of a scope whose model puts all languages into one space."""

NAMES_FILE: Final = "topics.toml"
BATCH: Final = 500
_FOLDER: Final = ("models", "topics")
_PARTS: Final = 3
_SPELT: Final = {"KR": "KR|KOREA", "KOREA": "KR|KOREA"}  # a bar asks for quotation marks in a shell


class Scope(NamedTuple):
    """What a model of topics is of: one side's talk of one target, in one language (or in `ALL`)."""

    narrative: Narrative
    target: str
    language: str

    def __str__(self) -> str:
        """Give its name: ``korea/ASEAN/ko``."""
        return "/".join(self)

    @classmethod
    def parse(cls, name: str) -> Scope:
        """Read a name; ``asean/KR/en`` and ``asean/KOREA/en`` mean ``asean/KR|KOREA/en``.

        Raises:
            InputError: it is none.
        """
        parts = name.strip().split("/")
        if len(parts) == _PARTS:
            side, target, language = parts[0].lower(), parts[1].upper(), parts[2]
            for narrative in NARRATIVES:
                spelt = _SPELT.get(target, target) if narrative == "asean" else target
                if narrative == side and spelt in TARGETS and language in {*LANGUAGES, ALL}:
                    return cls(narrative, spelt, language)
        raise InputError(
            f"{name!r} is no scope of topics. A scope is narrative/target/language, "
            "such as korea/ASEAN/ko or asean/KR/en."
        )

    def file(self, workspace: Path) -> Path:
        """Give where its model lies."""
        name = f"{self.narrative}-{self.target}-{self.language}".replace("|", "-or-").replace("&", "-and-")
        return workspace.joinpath(*_FOLDER, f"{name}.npz")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A scope with its documents.

    Attributes:
        scope: which.
        documents: that count, copies included.
        unreadable: documents left out, as narra cannot find the words of their language.
    """

    scope: Scope
    documents: tuple[Naming, ...]
    unreadable: int = 0

    def stories(self) -> list[int]:
        """Give the number of one document a story, the earliest of those that are of the scope."""
        first: dict[int, int] = {}
        for document in sorted(self.documents, key=lambda d: (d.day, d.row)):
            first.setdefault(document.story, document.row)
        return sorted(first.values())


@dataclass(frozen=True, slots=True)
class Fitted:
    """What fitting a scope gave.

    Attributes:
        model: with its final ids.
        known: topics that were known again from the former model.
        former: how many topics that had; None where there was none.
        notes: what to know of it, in sentences.
    """

    model: Model
    known: tuple[Match, ...]
    former: int | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Caught:
    """What assigning the new documents of a scope gave.

    Attributes:
        assigned: documents that got their topic.
        dropped: documents that are not of the scope any more.
        drift: whether a refit is due, in a sentence.
    """

    assigned: int
    dropped: int
    drift: str


def subjects(narrative: str | None, target: str | None) -> list[tuple[Narrative, str]]:
    """Give whose talk of what is asked for; without a wish, `SUBJECTS`.

    Raises:
        InputError: there is no such narrative or target; the message lists what there is.
    """
    sides = [side for side in NARRATIVES if narrative is None or side == narrative.lower()]
    if not sides:
        raise InputError(f"--narrative {narrative!r} is not known. It may be: {', '.join(NARRATIVES)}.")
    if target is None:
        return [subject for subject in SUBJECTS if subject[0] in sides]
    wanted = target.upper()
    if wanted not in TARGETS:
        raise InputError(f"--target {target!r} is not known. It may be: {', '.join(TARGETS)}.")
    usual = [subject for subject in SUBJECTS if subject[0] in sides and subject[1] in {wanted, _SPELT.get(wanted)}]
    return usual or [(side, wanted) for side in sides]


def candidates(
    store: Store,
    asked: Iterable[tuple[Narrative, str]],
    settings: Settings,
    *,
    language: str | None = None,
    until: Quarter | None = None,
) -> list[Candidate]:
    """Give the scopes that have any document, by subject and language.

    Args:
        store: tagged.
        asked: whose talk of what.
        settings: of which the embedding matters: one that aligns languages has all in one scope.
        language: only documents in this language.
        until: only documents up to the end of this quarter; those dated to the year alone are left out then.
    """
    apart = settings.embedding in LEXICAL or language is not None
    found = []
    for narrative, target in asked:
        naming = [d for d in store.naming(narrative, target) if language in {None, d.language} and _until(d, until)]

        def key(document: Naming) -> str:
            return document.language if apart else ALL

        for spoken, documents in groupby(sorted(naming, key=key), key=key):
            whole = list(documents)
            own = tuple(d for d in whole if apart or d.language in LANGUAGES)
            found.append(Candidate(Scope(narrative, target, spoken), own, len(whole) - len(own)))
    return found


def _until(document: Naming, quarter: Quarter | None) -> bool:
    when = Quarter.of(document.day)
    return quarter is None or (when is not None and when <= quarter)


def too_small(candidate: Candidate, settings: Settings) -> str:
    """Say why a scope cannot have topics before any text is read; empty where it may."""
    stories = len(candidate.stories())
    if stories >= settings.fewest:
        return ""
    copies = len(candidate.documents) - stories
    said = f" (and {copies:,} copies of them)" if copies else ""
    return f"{stories:,} documents{said} are too few for topics; narra wants {settings.fewest:,} (--fewest)."


def fit_scope(  # noqa: PLR0913 a fit has this many conditions
    store: Store,
    workspace: Path,
    candidate: Candidate,
    settings: Settings,
    *,
    versions: Mapping[str, str] | None = None,
    about: Mapping[str, str] | None = None,
    fits: int = FITS,
    progress: Progress = silent,
) -> Fitted:
    """Fit a scope's topics and put them in the place of the former ones.

    Interrupting it leaves the former ones as they were.

    Args:
        store: open for writing, with copies found.
        workspace: folder of the models and of the names by hand.
        candidate: the scope with its documents, of which one a story is read.
        settings: how.
        versions: of what made the documents, kept with the model.
        about: what else to keep with it (the last quarter).
        fits: how many its quality is measured by.
        progress: told how far it is.

    Raises:
        NoAnswerError: the documents are too few or too alike for topics.
        SettingsError: a library is missing, or the file of names cannot be read.
        WorkspaceError: the folder cannot be written to.
    """
    scope, names_file = candidate.scope, workspace / NAMES_FILE
    names = read_names(names_file)  # before the work: it may be refused
    if reason := too_small(candidate, settings):
        raise NoAnswerError(reason)
    texts = texts_of(store, candidate.stories())
    corpus = read(texts, settings, progress=progress)
    model = fit(corpus, settings, scope=str(scope), versions=versions, progress=progress)
    model, notes = _with_quality(model, corpus, fits, progress)
    model, known, former, said = _with_ids(store, workspace, scope, (model, corpus, texts), names)
    file = scope.file(workspace)
    version = _saved_beside(model, file)
    store.save_topics(
        _stored(scope, model, version, about or {}),
        _topics_stored(model, names),
        [_assignment(a) for a in assigned(model, corpus)],
    )
    _beside(file).replace(file)
    add_topics(names_file, str(scope), model.topics)
    return Fitted(model, known, former, (*notes, *said))


def _with_quality(model: Model, corpus: Corpus, fits: int, progress: Progress) -> tuple[Model, tuple[str, ...]]:
    try:
        return measured(model, corpus, fits=fits, progress=progress), ()
    except NoAnswerError as error:
        return model, (f"Its quality was not measured, as two thirds of the documents do not do for topics: {error}",)


def _with_ids(
    store: Store, workspace: Path, scope: Scope, new: tuple[Model, Corpus, Sequence[Text]], names: Names
) -> tuple[Model, tuple[Match, ...], int | None, tuple[str, ...]]:
    """Give the topics the ids of the former ones they continue, and the others ids never used."""
    model, corpus, texts = new
    used = [*names.used(), store.last_topic()]
    former = next((stored for stored in store.topic_models() if stored.scope == str(scope)), None)
    if former is None:
        return begun(model, used), (), None, ()
    try:
        before = load(settled(scope.file(workspace), former.version))
        model, known = continued(model, before, (assigned(model, corpus), assign(before, texts)), used)
    except NarraError as error:
        said = f"The former topics could not be read, so all topics are new and have new ids. ({error})"
        return begun(model, used), (), len(store.topics_of(str(scope))), (said,)
    return model, known, len(before.topics), ()


def assign_scope(store: Store, workspace: Path, stored: StoredModel, progress: Progress = silent) -> Caught:
    """Assign the documents of a scope that its model has not seen as they are now.

    Each batch is one transaction: after an interrupt the rest is left to do, and nothing is done twice.

    Args:
        store: open for writing.
        workspace: folder of the models.
        stored: the model's record.
        progress: told how far it is.

    Raises:
        FileProblemError: the model's file is missing, damaged, or another than the store knows.
        SettingsError: a library or the embedding's model is not there.
    """
    scope = Scope.parse(stored.scope)
    have = store.assigned_rows(stored.scope)
    own = {d.row for d in store.naming(scope.narrative, scope.target) if _speaks(scope, d)}
    store.drop_assignments(stored.scope, sorted(have - own))
    todo = sorted(own - have)
    if todo:
        model = load(settled(scope.file(workspace), stored.version))
        for start in range(0, len(todo), BATCH):
            progress("assigning", start, len(todo))
            found = assign(model, texts_of(store, todo[start : start + BATCH]))
            store.save_assignments(stored.scope, stored.version, [_assignment(a) for a in found])
        progress("assigning", len(todo), len(todo))
    return Caught(len(todo), len(have - own), drift_sentence(store, stored))


def _speaks(scope: Scope, document: Naming) -> bool:
    return document.language in LANGUAGES if scope.language == ALL else document.language == scope.language


def drift_sentence(store: Store, stored: StoredModel) -> str:
    """Say whether a refit is due, by the documents since the fit."""
    try:
        found = drift_of(quality_of(stored), *store.topics_since(stored.scope))
    except NoAnswerError as error:
        return str(error)
    rise = f"{found.now - found.before:+.1%} (95 % interval {found.low:+.1%} to {found.high:+.1%})"
    said = f"Of {found.documents:,} documents since the fit {found.now:.1%} are of no topic, {rise} than at the fit"
    return f"{said}: a refit is due. Run: narra topics fit" if found.due else f"{said}: no refit is due."


def sync_names(store: Store, workspace: Path) -> Names:
    """Take names and merges by hand into the store, and add to their file what is missing there.

    Raises:
        SettingsError: the file cannot be read, or says something it may not.
    """
    file = workspace / NAMES_FILE
    for stored in store.topic_models():
        add_topics(file, stored.scope, [as_topic(topic) for topic in store.topics_of(stored.scope)])
    names = read_names(file)
    store.set_topic_names({topic: (names.name(topic), names.merged(topic)) for topic in names.used()})
    return names


def quality_of(stored: StoredModel) -> Quality | None:
    """Give a model's quality as measured."""
    return None if stored.quality is None else Quality.read(stored.quality)


def as_topic(stored: StoredTopic) -> Topic:
    """Give a stored topic as the model has it."""
    return Topic(stored.id, tuple(Word(*word) for word in stored.words), stored.size, stored.rows, stored.guides)


def texts_of(store: Store, rows: Sequence[int]) -> list[Text]:
    """Read documents for topics."""
    return [_text(row) for row in store.texts_of(rows)]


def _text(row: TextRow) -> Text:
    return Text(row.row, row.language, row.title, row.body, None, row.outlet.partition(":")[2])


def _assignment(a: Assignment) -> StoredAssignment:
    return StoredAssignment(a.row, a.topic, a.score)


def _stored(scope: Scope, model: Model, version: str, about: Mapping[str, str]) -> StoredModel:
    return StoredModel(
        str(scope),
        scope.narrative,
        scope.target,
        scope.language,
        version,
        model.documents,
        model.outliers,
        {
            **about,
            "settings": asdict(replace(model.settings, guides=())),
            "guides": [name for name, _ in model.settings.guides],
            "unguided": list(model.unguided),
            "languages": list(model.languages),
            "versions": dict(model.versions),
        },
        None if model.quality is None else asdict(model.quality),
    )


def _topics_stored(model: Model, names: Names) -> list[StoredTopic]:
    return [
        StoredTopic(
            topic.id,
            tuple((word.text, word.weight, word.language) for word in topic.words),
            topic.size,
            topic.guides,
            topic.rows,
            names.name(topic.id),
            names.merged(topic.id),
        )
        for topic in model.topics
    ]


# -- the file and the store as one ---------------------------------------------


def settled(file: Path, version: str) -> Path:
    """Give the file of a model if it is the one that the store knows; finish a move that was interrupted.

    Raises:
        FileProblemError: there is none, or another.
    """
    if file.is_file() and _version(file) == version:
        return file
    if _beside(file).is_file() and _version(_beside(file)) == version:
        _beside(file).replace(file)
        return file
    what = "is another model than the one the store's topics are of" if file.is_file() else "is missing"
    raise FileProblemError(f"{file} {what}. Put the right one back, or fit again: narra topics fit")


def _saved_beside(model: Model, file: Path) -> str:
    try:
        save(model, _beside(file))
    except OSError as error:
        raise WorkspaceError(f"Cannot write {file}: {error.strerror}. Free some space, then fit again.") from error
    return _version(_beside(file))


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.new")


def _version(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
    except OSError as error:
        raise FileProblemError(f"{file} cannot be read: {error.strerror}.") from error
