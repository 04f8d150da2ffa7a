"""How good the tagger is: precision and recall against sentences that people marked.

Gold sentences are text with names in braces, ``{아세안|ASEAN}은``; see docs/annotation.md.
A found mention is right when a gold mention has the same span and entity.
Mentions of class ``inside`` are no mentions: finding none of them is right, and
counting one as a mention is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from corpus.errors import InputError
from corpus.model import ENTITIES, FORM_CLASSES
from nlp.tagger import Tagger

_MARK: Final = re.compile(r"\{([^{}|]+)\|([A-Z]+)(?::([a-z]+))?\}")
_DATED: Final = re.compile(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)\t")


@dataclass(frozen=True, slots=True)
class GoldMention:
    """A name a person marked; ``form_class`` is empty where it was not given."""

    start: int
    end: int
    entity: str
    form_class: str


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """A marked sentence, and where it stands."""

    text: str
    mentions: tuple[GoldMention, ...]
    date: str | None
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of right, surplus and missed mentions."""

    right: int = 0
    surplus: int = 0
    missed: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.surplus + other.surplus, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """Of what was found, the share that is right (1 where nothing was found)."""
        found = self.right + self.surplus
        return self.right / found if found else 1.0

    @property
    def recall(self) -> float:
        """Of what was marked, the share that was found (1 where nothing was marked)."""
        marked = self.right + self.missed
        return self.right / marked if marked else 1.0


@dataclass(frozen=True, slots=True)
class Fault:
    """One difference between the tagger and a person: ``what`` is missed, surplus, or class."""

    what: str
    surface: str
    entity: str
    sentence: GoldSentence


def read_gold(path: Path) -> Iterator[GoldSentence]:
    """Read a gold file.

    Raises:
        InputError: a mark that cannot be read, with file and line.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip() and not line.startswith("#"):
            yield _sentence(line, path.name, number)


def _sentence(line: str, file: str, number: int) -> GoldSentence:
    dated = _DATED.match(line)
    marked = (line[dated.end() :] if dated else line).replace("\\n", "\n")
    plain, mentions, at = "", [], 0
    for match in _MARK.finditer(marked):
        surface, entity, form_class = match.groups()
        if entity not in ENTITIES or (form_class and form_class not in FORM_CLASSES):
            raise InputError(f"{file}:{number}: the mark {match[0]} has an unknown entity or class.")
        plain += marked[at : match.start()]
        mentions.append(GoldMention(len(plain), len(plain) + len(surface), entity, form_class or ""))
        plain += surface
        at = match.end()
    plain += marked[at:]
    if any(c in plain for c in "{}|"):
        raise InputError(f"{file}:{number}: a brace or bar that belongs to no mark.")
    return GoldSentence(plain, tuple(mentions), dated[1] if dated else None, file, number)


def compare(tagger: Tagger, language: str, sentences: Iterable[GoldSentence]) -> tuple[dict[str, Score], list[Fault]]:
    """Tag gold sentences and compare.

    Returns:
        a score for each entity and for ``*``, all of them; and every fault.
    """
    scores: dict[str, Score] = {}
    faults: list[Fault] = []

    def note(entity: str, score: Score) -> None:
        for key in (entity, "*"):
            scores[key] = scores.get(key, Score()) + score

    for sentence in sentences:
        gold = {(m.start, m.end, m.entity): m for m in sentence.mentions if m.form_class != "inside"}
        found = {(m.start, m.end, m.entity): m for m in tagger.tag(sentence.text, language, sentence.date)}
        for key in sorted(gold.keys() | found.keys()):
            surface, entity = sentence.text[key[0] : key[1]], key[2]
            if key not in found:
                note(entity, Score(missed=1))
                faults.append(Fault("missed", surface, entity, sentence))
            elif key not in gold:
                note(entity, Score(surplus=1))
                faults.append(Fault("surplus", surface, entity, sentence))
            else:
                note(entity, Score(right=1))
                if gold[key].form_class and gold[key].form_class != found[key].form_class:
                    faults.append(Fault(f"class {found[key].form_class}", surface, entity, sentence))
    return scores, faults
