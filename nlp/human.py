"""How far the tagger agrees with people who marked all names, knowing nothing of ours.

Two kinds of evidence, both outside the project (``../shared/data/gold``):

* **Marked sentences** in Thai, Indonesian, Chinese and Portuguese. People marked
  every name of a place, person or organisation. A human span is one of *ours*
  when its surface, without a leading generic word (ประเทศ, negara), is a form in
  the lexicon; spans are compared, labels are not.
* **Parallel sentences** in fourteen languages, unmarked. What English names, the
  others should name too.

The sets mark names, not adjectives ("Thai", "filipino"), and by rules of their
own. So a mention no human span touches is not simply wrong: mentions of the
classes demonym and capital are set apart, and so are those within a longer human
name (กระทรวงการคลังไทย), which `docs/annotation.md` counts or keeps apart by what
that name is.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, Literal

from corpus.model import ENTITIES, Mention
from nlp.lexicon.build import Does, Form
from nlp.tagger import Tagger
from nlp.text import normalise

FOLDER: Final = Path(__file__).parents[1].parent / "shared" / "data" / "gold"
SETS: Final[dict[str, str]] = {
    "th": "th-thainer-first-half.jsonl.gz",
    "id": "id-nergrit-train.jsonl.gz",
    "zh": "zh-uner-gsdsimp-train.jsonl.gz",
    "pt": "pt-uner-bosque-train.jsonl.gz",
}
PARALLEL: Final = "parallel-flores200-devtest.jsonl.gz"
PIVOT: Final = "en"

# Words people include in a name of a place and our rules leave out.
GENERIC: Final[dict[str, tuple[str, ...]]] = {
    "th": ("ประเทศ", "กรุง", "นคร", "เมือง"),
    "id": ("negara ", "Negara ", "kota ", "Kota "),
    "pt": ("o ", "a ", "os ", "as "),
}
# What people marking names of things do not set out to mark, or mark as a city.
APART: Final = frozenset({"demonym", "capital"})
ALL: Final = "*"

Match = Literal["exact", "overlap", "within", "unmarked"]
Sought = Literal["exact", "overlap", "inside", "missed"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the spans of all names in it, ours or not, as people marked them."""

    number: int
    language: str
    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Own:
    """A human span that is a name of ours.

    Attributes:
        start: where the span begins …
        end: … and ends.
        core: where the name within it begins, after a generic word.
        entities: whose name it may be; several where context decides (a bare Korea).
    """

    start: int
    end: int
    core: int
    entities: frozenset[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """One mention, judged: what the human spans around it say."""

    sentence: Sentence
    start: int
    end: int
    entity: str
    form_class: str
    match: Match


@dataclass(frozen=True, slots=True)
class Wanted:
    """One human span of ours, and whether the tagger found it (``inside``: found, and kept apart)."""

    sentence: Sentence
    start: int
    end: int
    entity: str
    sought: Sought


@dataclass(slots=True)
class Tally:
    """Counts for one entity: mentions by match (with and without the classes apart), and human spans."""

    found: dict[str, int] = field(default_factory=dict)
    plain: dict[str, int] = field(default_factory=dict)
    sought: dict[str, int] = field(default_factory=dict)

    def precision(self, *matches: Match, plain: bool = False) -> float | None:
        """Give the share of mentions with one of these matches; None where there are no mentions.

        Args:
            matches: what counts as right.
            plain: leave demonyms and capitals out, of both sides of the fraction.
        """
        return _share(self.plain if plain else self.found, matches)

    def recall(self, *sought: Sought) -> float | None:
        """Give the share of human spans found in one of these ways; None where there are none."""
        return _share(self.sought, sought)


def _share(counts: Mapping[str, int], right: Iterable[str]) -> float | None:
    whole = sum(counts.values())
    return sum(counts.get(r, 0) for r in right) / whole if whole else None


# -- reading -------------------------------------------------------------


def read_marked(path: Path) -> Iterator[Sentence]:
    """Read a set of marked sentences: JSON lines, gzipped, ``{language, text, spans}``."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            row = json.loads(line)
            spans = tuple((int(s["start"]), int(s["end"])) for s in row["spans"])
            yield Sentence(number, str(row["language"]), str(row["text"]), spans)


def read_parallel(path: Path) -> Iterator[dict[str, str]]:
    """Read parallel sentences: JSON lines, gzipped, language to text."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


# -- whose name a human span is --------------------------------------------


class Owner:
    """Tells whose name a surface is, by the lexicon of one language alone."""

    def __init__(self, tagger: Tagger, language: str) -> None:
        lexicon = tagger.matcher(language).lexicon
        self._generic = GENERIC.get(language, ())
        self._forms: dict[str, tuple[Form, ...]] = {
            spelling: entry.forms
            for spelling, entry in zip(lexicon.spellings, lexicon.entries, strict=True)
            if entry.does is Does.NAME and entry.length < 0
        }
        for text, form in lexicon.pairs.forms.items():
            self._forms.setdefault(text, (form,))
        # กรุงไทย is a bank, and not กรุง (city of) and ไทย.
        self._others = {
            spelling
            for spelling, entry in zip(lexicon.spellings, lexicon.entries, strict=True)
            if entry.does is Does.INSIDE
        }

    def entities(self, surface: str) -> frozenset[str]:
        """Give the entities a surface may name; for a bare Korea both of them and ``KOREA``."""
        entities = {form.entity for form in self._forms.get(normalise(surface).text, ())}
        bare = any(f.entity == "KOREA" and not f.fixed for f in self._forms.get(surface, ()))
        return frozenset(entities | {"KR", "KP"} if bare else entities)

    def own(self, text: str, start: int, end: int) -> Own | None:
        """Give the span as a name of ours, or None where it is none."""
        surface = text[start:end]
        if surface in self._others:
            return None
        for lead in ("", *self._generic):
            if surface.startswith(lead) and (entities := self.entities(surface[len(lead) :])):
                return Own(start, end, start + len(lead), entities)
        return None


# -- judging ---------------------------------------------------------------


def judge(sentence: Sentence, mentions: Iterable[Mention], owner: Owner) -> tuple[list[Finding], list[Wanted]]:
    """Compare the mentions in a sentence with its human spans.

    Args:
        sentence: with all human spans.
        mentions: the tagger's, those of class ``inside`` included.
        owner: of the sentence's language.

    Returns:
        every mention that counts, judged, and every human span that is a name of ours.
    """
    owns = [own for span in sentence.spans if (own := owner.own(sentence.text, *span))]
    every = list(mentions)
    counted = [m for m in every if m.form_class != "inside"]
    inside = [m for m in every if m.form_class == "inside"]
    findings = [
        Finding(sentence, m.start, m.end, m.entity, m.form_class, _match(m, owns, sentence.spans)) for m in counted
    ]
    return findings, [_want(sentence, own, counted, inside) for own in owns]


def _match(mention: Mention, owns: Iterable[Own], spans: Iterable[tuple[int, int]]) -> Match:
    touching = [o for o in owns if mention.entity in o.entities and o.start < mention.end and mention.start < o.end]
    if any(mention.start in {o.start, o.core} and o.end == mention.end for o in touching):
        return "exact"
    if touching:
        return "overlap"
    return "within" if any(s <= mention.start and mention.end <= e for s, e in spans) else "unmarked"


def _want(sentence: Sentence, own: Own, counted: Iterable[Mention], inside: Iterable[Mention]) -> Wanted:
    touching = [m for m in counted if m.entity in own.entities and own.start < m.end and m.start < own.end]
    sought: Sought
    if any(m.start in {own.start, own.core} and m.end == own.end for m in touching):
        sought = "exact"
    elif touching:
        sought = "overlap"
    elif any(own.start < m.end and m.start < own.end for m in inside):
        sought = "inside"
    else:
        sought = "missed"
    entity = touching[0].entity if touching else _first(own.entities)
    return Wanted(sentence, own.core, own.end, entity, sought)


def _first(entities: frozenset[str]) -> str:
    return "KOREA" if "KOREA" in entities else min(entities)


def judge_all(tagger: Tagger, language: str, sentences: Iterable[Sentence]) -> tuple[list[Finding], list[Wanted]]:
    """Tag and judge many sentences of one language."""
    owner = Owner(tagger, language)
    findings: list[Finding] = []
    wanted: list[Wanted] = []
    for sentence in sentences:
        some, more = judge(sentence, tagger.tag(sentence.text, language, inside=True), owner)
        findings += some
        wanted += more
    return findings, wanted


def tally(findings: Iterable[Finding], wanted: Iterable[Wanted]) -> dict[str, Tally]:
    """Count by entity, and over all of them (``*``)."""
    tallies: dict[str, Tally] = {}
    for finding in findings:
        for key in (finding.entity, ALL):
            one = tallies.setdefault(key, Tally())
            one.found[finding.match] = one.found.get(finding.match, 0) + 1
            if finding.form_class not in APART:
                one.plain[finding.match] = one.plain.get(finding.match, 0) + 1
    for want in wanted:
        for key in (want.entity, ALL):
            one = tallies.setdefault(key, Tally())
            one.sought[want.sought] = one.sought.get(want.sought, 0) + 1
    return tallies


# -- parallel sentences ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Agreement:
    """One language against English: (sentence, entity) pairs, sentences numbered from 1.

    Attributes:
        both: named in both.
        missing: named in English only.
        surplus: named in this language only.
    """

    both: tuple[tuple[int, str], ...]
    missing: tuple[tuple[int, str], ...]
    surplus: tuple[tuple[int, str], ...]

    @property
    def recall(self) -> float:
        """Of what English names, the share this language names (1 where English names nothing)."""
        whole = len(self.both) + len(self.missing)
        return len(self.both) / whole if whole else 1.0


def agreement(tagger: Tagger, rows: Iterable[Mapping[str, str]]) -> dict[str, Agreement]:
    """Compare what the sentences of each language name with what the English ones do.

    A name inside another proper name counts for neither. Korea counts once,
    whichever of the three the language's words make it: languages differ in
    whether they can leave it open.
    """
    sides: dict[str, tuple[list[tuple[int, str]], ...]] = {}
    for number, row in enumerate(rows, 1):
        english = _named(tagger, row[PIVOT], PIVOT)
        for language, text in row.items():
            if language != PIVOT:
                names = _named(tagger, text, language)
                lists = sides.setdefault(language, ([], [], []))
                for listed, part in zip(lists, (english & names, english - names, names - english), strict=True):
                    listed += [(number, entity) for entity in sorted(part)]
    return {language: Agreement(*map(tuple, lists)) for language, lists in sides.items()}


def _named(tagger: Tagger, text: str, language: str) -> frozenset[str]:
    return frozenset("Korea" if m.entity in _KOREAS else m.entity for m in tagger.tag(text, language))


_KOREAS: Final = frozenset({"KR", "KP", "KOREA"})


# -- printing --------------------------------------------------------------

_COLUMNS: Final = (
    "set", "entity", "found", "exact", "over", "within", "unm.", "un.dem", "un.cap",
    "P", "P over", "P with", "P*", "P* over", "P* with", "human", "R", "R over", "inside", "missed",
)  # fmt: skip
_LEGEND: Final = (
    "found: mentions, of these exact: same span as a human name of ours · over: overlaps one · within: in a longer\n"
    "human name that is none of ours · unm.: no human name there (un.dem, un.cap: of these, demonyms and capitals).\n"
    "P: strict precision · P over: overlap · P with: overlap, or within a longer name · P*: the same without\n"
    "demonyms and capitals · human: human names that are ours · R, R over: recall · inside: kept apart.\n"
)


def table(language: str, findings: Sequence[Finding], wanted: Sequence[Wanted]) -> Iterator[tuple[str, ...]]:
    """Give the rows of the table for one set, columns as ``_COLUMNS``."""
    tallies = tally(findings, wanted)
    for entity in (*ENTITIES, ALL):
        if (one := tallies.get(entity)) is None:
            continue
        unmarked = [f for f in findings if f.match == "unmarked" and entity in {f.entity, ALL}]
        apart = [sum(f.form_class == c for f in unmarked) for c in ("demonym", "capital")]
        counts = [sum(one.found.values()), *(one.found.get(m, 0) for m in ("exact", "overlap", "within", "unmarked"))]
        readings: tuple[tuple[Match, ...], ...] = (("exact",), ("exact", "overlap"), ("exact", "overlap", "within"))
        shares = [one.precision(*r, plain=plain) for plain in (False, True) for r in readings]
        yield (
            language,
            entity,
            *map(str, [*counts, *apart]),
            *map(_decimal, shares),
            str(sum(one.sought.values())),
            _decimal(one.recall("exact")),
            _decimal(one.recall("exact", "overlap")),
            *(str(one.sought.get(s, 0)) for s in ("inside", "missed")),
        )


def _decimal(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def _listed(findings: Iterable[Finding], wanted: Iterable[Wanted]) -> Iterator[str]:
    for f in findings:
        if f.match != "exact":
            yield _line((f.match, f.entity, f.form_class), f.sentence, f.start, f.end)
    for w in wanted:
        if w.sought != "exact":
            yield _line((f"human {w.sought}", w.entity, ""), w.sentence, w.start, w.end)


def _line(what: tuple[str, str, str], sentence: Sentence, start: int, end: int) -> str:
    held = next((sentence.text[s:e] for s, e in sentence.spans if s <= start and end <= e), "")
    context = f"{sentence.text[max(0, start - 40) : start]}[{sentence.text[start:end]}]{sentence.text[end : end + 40]}"
    cells = (*what, f"{sentence.language}:{sentence.number}", held, context.replace("\n", "⏎"))
    return "\t".join(cells)


def report(tagger: Tagger, folder: Path, write: Callable[[str], object], *, details: bool) -> None:
    """Write the tables, and with ``details`` every disagreement, one a line."""
    rows: list[tuple[str, ...]] = [_COLUMNS]
    lines: list[str] = []
    for language, name in SETS.items():
        findings, wanted = judge_all(tagger, language, read_marked(folder / name))
        rows += table(language, findings, wanted)
        lines += _listed(findings, wanted)
    write(f"{_LEGEND}\n{_aligned(rows)}\n\n")
    parallel = list(read_parallel(folder / PARALLEL))
    compared = agreement(tagger, parallel)
    header = ("language", "both", "missing", "surplus", "recall")
    cells = [
        (code, str(len(a.both)), str(len(a.missing)), str(len(a.surplus)), f"{a.recall:.3f}")
        for code, a in compared.items()
    ]
    write(f"Parallel sentences against English:\n\n{_aligned([header, *cells])}\n\n")
    for code, a in compared.items():
        for what, pairs in (("missing", a.missing), ("surplus", a.surplus)):
            write(f"{code} {what}: {', '.join(f'{number} {entity}' for number, entity in pairs) or '–'}\n")
    if details:
        write("\n" + "\n".join(lines) + "\n")


@cache
def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m nlp.human", description="Agreement with human-marked sentences.")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the sets lie")
    parser.add_argument("--lexicon", type=Path, default=None, help="a folder of lexicon files, instead of our own")
    parser.add_argument("--list", action="store_true", help="every disagreement too, one a line")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; 1 where the sets are absent."""
    options = _parser().parse_args(arguments)
    if not options.folder.is_dir():
        sys.stderr.write(f"The human-marked sets are not in {options.folder}.\n")
        return 1
    report(Tagger.load(options.lexicon), options.folder, sys.stdout.write, details=options.list)
    return 0


if __name__ == "__main__":
    sys.exit(main())
