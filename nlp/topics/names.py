"""Names and merges that a person gave to topics, in a TOML file that every refit leaves alone.

    [[topic]]
    id = 7
    scope = "korea/ASEAN/ko"
    words = "정상 회의 대통령 순방"   # written by narra once, to know it by
    name = "Summits"                # yours
    merged_into = 3                 # yours: counts as topic 3

narra adds to the end of the file, and changes the one name it is asked to (`set_name`, `set_merge`); what else stands
in it, with its comments, is the person's.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import SettingsError, WorkspaceError
from nlp.topics.records import OUTLIER, Assignment, Topic

_SHOWN: Final = 10
_TABLE: Final = re.compile(r"\s*\[")
_GIVEN: Final = {
    "name": re.compile(r"""\s*name\s*=\s*(?:"(?:[^"\\]|\\.)*"|'[^']*')(\s*\#.*?)?\s*$"""),
    "merged_into": re.compile(r"\s*merged_into\s*=\s*\d+(\s*\#.*?)?\s*$"),
}
_HEAD: Final = (
    "# Topics by hand. Give a topic a name, or let it count as another with merged_into = <id>.\n"
    "# narra adds new topics at the end and changes nothing else here.\n"
)


class Entry(BaseModel):
    """One topic in the file.

    Attributes:
        id: never given twice.
        scope: of the model it is in.
        words: to know it by.
        name: by hand, or empty.
        merged_into: by hand: the id of the topic it counts as, or None.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[int, Field(ge=1)]
    scope: str = ""
    words: str = ""
    name: str = ""
    merged_into: int | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    topic: tuple[Entry, ...] = ()


class Names:
    """What the file says.

    Args:
        entries: of the file.

    Raises:
        SettingsError: an id comes twice, or merges lead nowhere, across scopes or in a circle.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries: Mapping[int, Entry] = {entry.id: entry for entry in entries}
        if len(self.entries) < len(entries):
            raise SettingsError("Two topics in the file of topics have the same id; each has its own.")
        self._into = {entry.id: self._end(entry) for entry in entries}

    def merged(self, topic: int) -> int:
        """Give the id a topic counts as: its own, unless it was merged."""
        return self._into.get(topic, topic)

    def name(self, topic: int) -> str:
        """Give the name by hand of what a topic counts as, or an empty string."""
        entry = self.entries.get(self.merged(topic))
        return entry.name if entry else ""

    def used(self) -> list[int]:
        """Give all ids that were ever given."""
        return sorted(self.entries)

    def _end(self, entry: Entry) -> int:
        passed = [entry.id]
        while entry.merged_into is not None:
            following = self.entries.get(entry.merged_into)
            if following is None:
                raise SettingsError(f"Topic {entry.id} is merged into {entry.merged_into}, which is not in the file.")
            if following.scope != entry.scope:
                raise SettingsError(
                    f"Topic {entry.id} ({entry.scope}) is merged into {following.id} ({following.scope}): "
                    "only topics of the same scope can be merged."
                )
            if following.id in passed:
                raise SettingsError(f"Topics {passed} are merged into each other in a circle; one of them must stay.")
            passed.append(following.id)
            entry = following
        return entry.id


def read_names(file: Path) -> Names:
    """Read the file; one that is not there says nothing.

    Raises:
        SettingsError: it is no TOML, or says something it may not; the message says where.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Names(())
    return _names(text, file)


def _names(text: str, file: Path) -> Names:
    try:
        return Names(_File.model_validate(tomllib.loads(text)).topic)
    except (tomllib.TOMLDecodeError, ValidationError, SettingsError) as error:
        raise SettingsError(f"{file}: {_plainly(error)}") from error


def add_topics(file: Path, scope: str, topics: Sequence[Topic]) -> None:
    """Add the topics that are not in the file to its end.

    Args:
        file: made where it is not there.
        scope: of their model.
        topics: of a model with its final ids.

    Raises:
        SettingsError: what stands in the file cannot be read, or has one of the ids in another scope.
    """
    known = read_names(file).entries
    for topic in topics:
        if topic.id in known and known[topic.id].scope != scope:
            raise SettingsError(
                f"{file}: topic {topic.id} is of {known[topic.id].scope}, and cannot be of {scope} too."
            )
    blocks = [_block(topic, scope) for topic in topics if topic.id not in known]
    if blocks:
        before = file.read_text(encoding="utf-8") if file.exists() else _HEAD
        added = {topic.id: _entry(topic, scope) for topic in topics if topic.id not in known}
        _replace(file, before.rstrip("\n") + "\n" + "".join(blocks), {**known, **added})


def set_name(file: Path, topic: int, name: str) -> None:
    """Give a topic a name, and leave every other line of the file as it is.

    Args:
        file: of topics.
        topic: an id in it.
        name: new.

    Raises:
        SettingsError: the topic is not in the file, or is written in a way that only a person can change.
    """
    _set(file, topic, "name", name)


def set_merge(file: Path, topic: int, into: int) -> None:
    """Let a topic count as another (or, where both are the same, as itself again); all other lines stay.

    Args:
        file: of topics.
        topic: an id in it.
        into: another id in it, of the same scope.

    Raises:
        SettingsError: one of them is not in the file, they are of two scopes or merged into each other
            in a circle, or the file is written in a way that only a person can change.
    """
    _set(file, topic, "merged_into", None if into == topic else into)


def _set(file: Path, topic: int, key: str, value: str | int | None) -> None:
    """Set or take out one key of one topic."""
    before = read_names(file).entries
    if topic not in before:
        raise SettingsError(f"There is no topic {topic} in {file}. It has {', '.join(map(str, before)) or 'none'}.")
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    at = _line_of_id(lines, topic)
    rest = range(at + 1, next((n for n in range(at + 1, len(lines)) if _TABLE.match(lines[n])), len(lines)))
    first = next(n for n in range(at, -1, -1) if n == 0 or _TABLE.match(lines[n]))
    given = next((n for n in (*range(first, at), *rest) if _GIVEN[key].match(lines[n])), None)
    written = f"{key} = {_quoted(value) if isinstance(value, str) else value}"
    if given is None:
        lines[at + 1 : at + 1] = [] if value is None else [f"{written}\n"]
    elif value is None:
        del lines[given]
    else:
        comment = _GIVEN[key].match(lines[given])
        lines[given] = f"{written}{comment[1] if comment and comment[1] else ''}\n"
    wanted = {**before, topic: before[topic].model_copy(update={key: value})}
    _replace(file, "".join(lines), wanted)


def _line_of_id(lines: Sequence[str], topic: int) -> int:
    for number, line in enumerate(lines):
        if re.match(rf"\s*id\s*=\s*{topic}\s*(?:#|$)", line):
            return number
    raise SettingsError(f"Topic {topic} is not written as narra writes topics; give it its name by hand.")


def _replace(file: Path, text: str, wanted: Mapping[int, Entry]) -> None:
    """Put a new text in the file's place, if it says what it is meant to."""
    if _names(text, file).entries != wanted:
        raise SettingsError(f"{file} is not written as narra writes topics; change it by hand.")
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(file)
    except OSError as error:
        raise WorkspaceError(f"Cannot write {file}: {error.strerror}.") from error
    finally:
        beside.unlink(missing_ok=True)


def counted_as(assignments: Sequence[Assignment], names: Names) -> tuple[Assignment, ...]:
    """Let documents of merged topics count as the topics these were merged into."""
    return tuple(
        assignment
        if assignment.topic == OUTLIER
        else Assignment(assignment.row, names.merged(assignment.topic), assignment.score)
        for assignment in assignments
    )


def label(topic: Topic, names: Names) -> str:
    """Give what to call a topic: its name by hand, or its first words."""
    return names.name(topic.id) or " ".join(word.text for word in topic.words[:3])


def _entry(topic: Topic, scope: str) -> Entry:
    return Entry(id=topic.id, scope=scope, words=" ".join(word.text for word in topic.words[:_SHOWN]))


def _block(topic: Topic, scope: str) -> str:
    words = _quoted(_entry(topic, scope).words)
    return f'\n[[topic]]\nid = {topic.id}\nscope = {_quoted(scope)}\nwords = {words}\nname = ""\n'


def _quoted(text: str) -> str:
    # A JSON string is a TOML string, but for the one control character JSON lets pass.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _plainly(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)
