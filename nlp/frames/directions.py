"""Who goes where, and whose culture it is: the language part of the essay's claims 4, 5 and 6.

For a sentence about students or tourists, `direction` tells whether people of ASEAN come
to Korea or Koreans go there; for one about culture, whether it is Korea's or ASEAN's.
It goes by explicit patterns, one file a language, in which ``<K>`` is a name of Korea
and ``<M>`` a name of ASEAN, the region or a member, as the tagger found them. Patterns
of both ways give ``both``; none gives ``undecided``, and that is most sentences.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from corpus.model import MEMBERS, Mention
from nlp.frames.model import SeedError, seed_language

Kind = Literal["students", "tourists", "culture"]
Way = Literal["to_korea", "to_asean", "korea", "asean", "both", "undecided"]
KINDS: Final[tuple[Kind, ...]] = ("students", "tourists", "culture")
WAYS: Final[dict[Kind, tuple[Way, Way]]] = {
    "students": ("to_korea", "to_asean"),
    "tourists": ("to_korea", "to_asean"),
    "culture": ("korea", "asean"),
}
FRAME_OF: Final[dict[Kind, str]] = {"students": "education", "tourists": "tourism", "culture": "culture"}
"""The frame in whose sentences each question is asked."""

_KOREA: Final = frozenset({"KR", "KOREA"})
_ASEAN: Final = frozenset({"ASEAN", "SEA", *MEMBERS})
# Private characters stand for names, so that no letter of a text can be taken for one.
_K: Final = "\ue0f0"
_M: Final = "\ue0f1"
_FOLDER: Final = Path(__file__).parent / "directions"
_GAP: Final = "[^.!?。\n]{0,30}"


class Cue(NamedTuple):
    """What spoke for a way: its span in the sentence as given."""

    way: Way
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Direction:
    """The answer for one sentence.

    Attributes:
        kind: students, tourists or culture.
        way: for students and tourists ``to_korea`` or ``to_asean``; for culture ``korea`` or
            ``asean``; ``both``, or ``undecided`` where no pattern fits.
        cues: the stretches the patterns fitted, by position.
    """

    kind: Kind
    way: Way
    cues: tuple[Cue, ...]


def knows(language: str) -> bool:
    """Tell whether there are patterns for a language; in others every sentence is undecided."""
    return (_FOLDER / f"{seed_language(language)}.toml").exists()


def direction(sentence: str, mentions: Iterable[Mention], kind: Kind, language: str) -> Direction:
    """Tell the direction a sentence speaks of.

    Args:
        sentence: its text.
        mentions: the tagger's, with offsets in the sentence; capitals count as names too.
        kind: what is asked about.
        language: CLDR code of the text.

    Raises:
        InputError: there are no seeds for the language.
        SeedError: its file of patterns is wrong.
    """
    text, starts, ends = _masked(sentence, mentions)
    cues = sorted(
        Cue(way, starts[match.start()], ends[match.end() - 1])
        for way, pattern in patterns(seed_language(language)).get(kind, ())
        for match in pattern.finditer(text)
        if match.end() > match.start()
    )
    cues.sort(key=lambda cue: (cue.start, cue.end))
    ways = {cue.way for cue in cues}
    way: Way = "undecided" if not ways else "both" if len(ways) > 1 else cues[0].way
    return Direction(kind, way, tuple(cues))


def _masked(sentence: str, mentions: Iterable[Mention]) -> tuple[str, list[int], list[int]]:
    """Put one private character for each name, with the original start and end of every character."""
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for mention in sorted(mentions, key=lambda m: m.start):
        sign = _K if mention.entity in _KOREA else _M if mention.entity in _ASEAN else ""
        if not sign or mention.start < at:
            continue
        for place in range(at, mention.start):
            letters.append(sentence[place])
            starts.append(place)
            ends.append(place + 1)
        letters.append(sign)
        starts.append(mention.start)
        ends.append(mention.end)
        at = mention.end
    for place in range(at, len(sentence)):
        letters.append(sentence[place])
        starts.append(place)
        ends.append(place + 1)
    return "".join(letters), starts, ends


# -- the files -----------------------------------------------------------------


def read_pattern(written: str) -> re.Pattern[str]:
    """Compile a pattern as the files write it; see nlp/frames/directions/ko.toml.

    Raises:
        ValueError: it is no regular expression.
    """
    source = written.replace("<K>", _K).replace("<M>", _M).replace("…", _GAP).replace("~", r"\s?")
    try:
        return re.compile(source, re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"a regular expression ({error})") from None


def _readable(value: str) -> str:
    read_pattern(value)
    return value


class _CueTable(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    way: Literal["to_korea", "to_asean", "korea", "asean"]
    patterns: Annotated[tuple[Annotated[str, Field(min_length=1), AfterValidator(_readable)], ...], Field(min_length=1)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str
    cue: tuple[_CueTable, ...]


@cache
def patterns(language: str) -> dict[Kind, Sequence[tuple[Way, re.Pattern[str]]]]:
    """Give the patterns of a language, by kind; none where it has no file.

    Raises:
        SeedError: the file is wrong; file and key are named.
    """
    path = _FOLDER / f"{language}.toml"
    return read_patterns(path) if path.exists() else {}


def read_patterns(path: Path) -> dict[Kind, Sequence[tuple[Way, re.Pattern[str]]]]:
    """Read a file of patterns.

    Raises:
        SeedError: bad TOML, an unknown key, a way that does not belong to its kind, a pattern that
            cannot be compiled; file and key are named.
    """
    try:
        file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise SeedError(f"{path.name}: cannot be read as TOML: {error}") from None
    except ValidationError as error:
        problems = [f"{path.name}: `{'.'.join(map(str, p['loc']))}`: {p['msg']}" for p in error.errors()]
        raise SeedError("\n".join(problems)) from None
    found: dict[Kind, list[tuple[Way, re.Pattern[str]]]] = {kind: [] for kind in KINDS}
    for cue in file.cue:
        if cue.way not in WAYS[cue.kind]:
            raise SeedError(f"{path.name}: {cue.kind} go {' or '.join(WAYS[cue.kind])}, not {cue.way!r}.")
        found[cue.kind] += [(cue.way, read_pattern(written)) for written in cue.patterns]
    return {kind: tuple(of_kind) for kind, of_kind in found.items()}
