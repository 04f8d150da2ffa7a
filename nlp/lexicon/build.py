"""From lexicon files to what the automaton is made of.

A `Lexicon` is compiled for one language (or for all, where the language is not
known): every spelling of every form, inside and decoy of that language, plus the
forms other languages share. Each spelling leads to an `Entry`, which says what a
hit means.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

import babel

from corpus.errors import LexiconError
from corpus.model import FormClass
from nlp.cues import Cues, Heads, Languages, Near, Sides, is_latin
from nlp.lexicon.cldr import cldr_names
from nlp.lexicon.schema import DecoyEntry, FormEntry, InsideEntry, LexiconFile, read_lexicon
from nlp.lexicon.spelling import spellings
from nlp.text import TRIGGERS

ALL: Final = "*"
_ALIASES: Final = {"zh-Hans": "zh", "zh-Hant": "zh", "tl": "fil", "in": "id"}
_TAMIL: Final = ("\u0b80", "\u0bff")
_HANGUL: Final = ("가", "힣")


class Does(IntEnum):
    """What a hit of the automaton is."""

    NAME = 0
    INSIDE = 1
    DECOY = 2
    PAIR_HEAD = 3  # a pair form and a joiner: 한·
    PAIR_TAIL = 4  # a joiner and a pair form: ·한
    TRIGGER = 5


class Edge(IntEnum):
    """What must not stand on a side of a name."""

    FREE = 0
    LATIN = 1
    TAMIL = 2
    HANGUL = 3
    SYLLABLE = 4  # Thai, Lao, Khmer, Burmese: a name does not end or begin within a syllable


@dataclass(frozen=True, slots=True)
class Context:
    """What a file says about the surroundings of all its names."""

    inside_before: Cues | None
    inside_after: Cues | None
    inside_after_not: Cues | None
    inside_suffix: tuple[str, ...]
    inside_run_before: tuple[str, ...]
    heads: Heads
    languages: Languages | None
    prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One form, ready for matching."""

    text: str
    entity: str
    form_class: FormClass
    source: str
    context: Context
    left: Edge
    right: Edge
    fixed: bool = False
    since: str = ""
    until: str = ""
    needs_date: bool = False
    cue_before: Cues | None = None
    cue_after: Cues | None = None
    cue_near: Near | None = None
    veto_before: Cues | None = None
    veto_after: Cues | None = None
    veto_near: Near | None = None

    # Worked out once, since they are asked for with every hit.
    needs_cue: bool = field(init=False, compare=False)  # whether it counts only where a cue holds
    dated: bool = field(init=False, compare=False)  # whether the day of the document decides
    # Whether it is the name of a body, an event or a whole state, which is part of no other name.
    whole: bool = field(init=False, compare=False)
    speakable: bool = field(init=False, compare=False)  # whether it may also be the name of a language

    def __post_init__(self) -> None:
        """Work out what follows from the rest."""
        languages = self.context.languages
        for name, value in (
            ("needs_cue", bool(self.cue_before or self.cue_after or self.cue_near)),
            ("dated", bool(self.since or self.until or self.needs_date)),
            ("whole", self.form_class in _WHOLE),
            ("speakable", languages is not None and self.form_class in languages.classes),
        ):
            object.__setattr__(self, name, value)

    @property
    def nearly_plain(self) -> bool:
        """Whether only its edges, its file's context and vetoes beside it decide."""
        return not (self.needs_cue or self.veto_near or self.dated or self.entity == "KOREA")


_WHOLE: Final = frozenset({"body", "event", "official"})


@dataclass(frozen=True, slots=True)
class Entry:
    """What one spelling leads to.

    Attributes:
        does: what kind of hit it is.
        forms: the forms it may be, tried in order.
        shift: where the name begins within the spelling (inside, pair tail).
        length: how long the name is there; -1: the whole spelling.
        reason: why, for inside and decoy.
        veto_after: what must not follow an inside or a decoy.
        shorter: numbers of the spellings that begin this one, longest first, to
            fall back on when it does not hold.
        also: other names within the spelling.
        simple: a name about whose first form little is to be decided.
    """

    does: Does
    forms: tuple[Form, ...]
    left: Edge
    right: Edge
    shift: int = 0
    length: int = -1
    reason: str = ""
    veto_after: Cues | None = None
    shorter: tuple[int, ...] = ()
    also: tuple[Entry, ...] = ()
    simple: bool = False

    part: bool = field(init=False, compare=False)  # whether the name is only a part of the spelling

    def __post_init__(self) -> None:
        """Work out what follows from the rest."""
        object.__setattr__(self, "part", self.does is Does.NAME and self.length >= 0)


@dataclass(frozen=True, slots=True)
class Pairs:
    """How a language joins names in headlines: by which joiners, with which partners, which of our short forms."""

    joiners: tuple[str, ...]
    partners: tuple[str, ...]
    forms: dict[str, Form]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All spellings of one language and what they lead to; positions correspond.

    The first are the triggers (below ``TRIGGERS_END``), then come the names.
    """

    language: str
    spellings: tuple[str, ...]
    entries: tuple[Entry, ...]
    pairs: Pairs
    sides: Sides
    longest: int


def _merged(before: Entry, new: Entry) -> Entry:
    """Join two meanings of one spelling: other forms of one name, or another name in it (泰 and 缅 in 泰缅)."""
    if (before.shift, before.length) == (new.shift, new.length):
        forms = tuple(form for form in new.forms if form not in before.forms)
        return replace(before, forms=before.forms + forms)
    same = [other for other in before.also if (other.shift, other.length) == (new.shift, new.length)]
    rest = tuple(other for other in before.also if other not in same)
    return replace(before, also=(*rest, _merged(same[0], new) if same else new))


@dataclass(slots=True)
class _Draft:
    entries: dict[str, Entry] = field(default_factory=dict)

    def add(self, spelling: str, entry: Entry) -> None:
        """Add what a spelling leads to: another form of a name is tried after those before it."""
        before = self.entries.get(spelling)
        if before is None:
            self.entries[spelling] = entry
        elif before.does == entry.does == Does.NAME:
            self.entries[spelling] = _merged(before, entry)

    def lend(self, spelling: str, entry: Entry) -> None:
        """Add what another language lends, unless this language says something of its own."""
        self.entries.setdefault(spelling, entry)


def lexicon_folder() -> Path:
    """Give the folder the files lie in."""
    return Path(str(resources.files("nlp.lexicon")))


@cache
def read_all(folder: Path) -> dict[str, LexiconFile]:
    """Read every lexicon file, by language.

    Raises:
        LexiconError: any of them is wrong, or there is none.
    """
    files = [read_lexicon(path) for path in sorted(folder.glob("*.toml"))]
    if not files:
        raise LexiconError(f"No lexicon files (*.toml) in {folder}.")
    return {f.language: f for f in files}


def file_language(language: str, folder: Path | None = None) -> str | None:
    """Give the lexicon file a document language reads, or None where we have none."""
    code = _ALIASES.get(language, language)
    return code if code in read_all(folder or lexicon_folder()) else None


def version(folder: Path | None = None) -> str:
    """Give the version of the lexicon and the rules: a hash of all that decides what is found."""
    digest = hashlib.sha256(f"babel {babel.__version__} unicode {unicodedata.unidata_version}".encode())
    nlp = lexicon_folder().parent
    code = [
        nlp / name for name in ("text.py", "cues.py", "rules.py", "tagger.py", "sentences.py", "glance.py", "zawgyi.py")
    ]
    for path in [*code, *sorted(lexicon_folder().glob("*.py")), *sorted((folder or lexicon_folder()).glob("*.toml"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def build(language: str, folder: Path | None = None) -> Lexicon:
    """Compile the lexicon of one language.

    Args:
        language: a lexicon file's language, or ``*`` for every name in every language.
        folder: where the files lie; the project's own by default.

    Raises:
        LexiconError: a file is wrong.
    """
    files = read_all(folder or lexicon_folder())
    own = list(files.values()) if language == ALL else [files[language]]
    draft = _Draft()
    _add_triggers(draft)
    pair_forms: dict[str, Form] = {}
    for file in own:
        _add_file(draft, file, pair_forms)
    for file in files.values():
        if file not in own:
            _add_shared(draft, file)
    pairs = Pairs(
        tuple(dict.fromkeys(spaced for f in own for joiner in f.pair_joiners for spaced in _joiners(joiner))),
        tuple(sorted({p for f in own for p in f.pair_partners} | set(pair_forms), key=len, reverse=True)),
        pair_forms,
    )
    _add_pairs(draft, pairs)
    korea = [*own, *(f for f in files.values() if f.language == "en" and f not in own)]
    return Lexicon(
        language,
        tuple(draft.entries),
        tuple(_with_shorter(draft.entries)),
        pairs,
        Sides(
            [*(cue for f in korea for cue in f.korea.south), *_plain_names(own, "KR")],
            [*(cue for f in korea for cue in f.korea.north), *_plain_names(own, "KP")],
        ),
        max(map(len, draft.entries)),
    )


def _add_triggers(draft: _Draft) -> None:
    """Add what is no name, first of all, so that a hit's number tells it: see `Lexicon`."""
    for trigger in TRIGGERS:
        draft.add(trigger, Entry(Does.TRIGGER, (), Edge.FREE, Edge.FREE))


TRIGGERS_END: Final = len(dict.fromkeys(TRIGGERS))


def _joiners(joiner: str) -> tuple[str, ...]:
    return (joiner, f" {joiner} ") if joiner in "-–—" else (joiner,)


def _plain_names(files: Iterable[LexiconFile], entity: str) -> Iterator[str]:
    """Give the names that by themselves say which Korea is meant."""
    for file in files:
        for entry in file.form:
            if entry.entity == entity and entry.form_class in {"official", "common"} and not entry.conditional:
                yield from entry.text


def _add_file(draft: _Draft, file: LexiconFile, pair_forms: dict[str, Form]) -> None:
    context = _context(file)
    for inside in file.inside:
        _add_inside(draft, inside, context)
    for decoy in file.decoy:
        _add_decoy(draft, decoy)
    listed = {text for entry in file.form for text in entry.text}
    for entry in file.form:
        for form in _forms(entry, context):
            if entry.pair:
                pair_forms[form.text] = form
            else:
                _add_name(draft, form, entry)
    for name, entity in cldr_names(file.language).items():
        if name not in file.cldr_drop and name not in listed:
            entry = FormEntry.model_validate({"entity": entity, "class": "common", "text": (name,), "source": "CLDR"})
            for form in _forms(entry, context):
                _add_name(draft, form, entry)


def _add_shared(draft: _Draft, file: LexiconFile) -> None:
    """Add what another language shares; English also lends its insides and decoys, which are Latin names too."""
    context = _context(file)
    for entry in file.form:
        if entry.shared and not entry.pair:
            for form in _forms(entry, context):
                # As written and in capitals: in another language a lower-case "bangkok" is a fruit, not a city.
                for written in {form.text, form.text.upper()} if entry.case == "any" else {form.text}:
                    for spelling in spellings(written, any_case=False):
                        draft.lend(spelling, _name_entry(form, entry, spelling))
    if file.language == "en":
        lent = _Draft()
        for inside in file.inside:
            _add_inside(lent, inside, context)
        for decoy in file.decoy:
            _add_decoy(lent, decoy)
        for spelling, what in lent.entries.items():
            draft.lend(spelling, what)


def _context(file: LexiconFile) -> Context:
    openers = Cues.of(file.language_before)
    return Context(
        Cues.of(file.inside_before, exact=True),
        Cues.of(file.inside_after, exact=True),
        Cues.of(file.inside_after_not, exact=True),
        tuple(sorted(file.inside_suffix, key=len, reverse=True)),
        file.inside_run_before,
        Heads.of(file.inside_head_after, file.inside_head_before),
        Languages(openers, frozenset(file.language_classes)) if openers else None,
        file.prefixes,
    )


def _forms(entry: FormEntry, context: Context) -> Iterator[Form]:
    cue_before, cue_after, cue_near = Cues.of(entry.cue_before), Cues.of(entry.cue_after), Near.of(entry.cue_near)
    veto_before, veto_after, veto_near = Cues.of(entry.veto_before), Cues.of(entry.veto_after), Near.of(entry.veto_near)
    for written in entry.text:
        text = unicodedata.normalize("NFC", written)
        left, right = _edges(text, entry.boundary)
        yield Form(
            text=text,
            entity=entry.entity,
            form_class=entry.form_class,
            source=entry.source,
            context=context,
            left=left,
            right=right,
            fixed=entry.fixed,
            since=entry.since.isoformat() if entry.since else "",
            until=entry.until.isoformat() if entry.until else "",
            needs_date=entry.needs_date,
            cue_before=cue_before,
            cue_after=cue_after,
            cue_near=cue_near,
            veto_before=veto_before,
            veto_after=veto_after,
            veto_near=veto_near,
        )


def _edges(text: str, boundary: str) -> tuple[Edge, Edge]:
    if boundary == "none":
        return Edge.FREE, Edge.FREE
    first, last = text[0], text[-1]
    left = Edge.FREE
    if is_latin(first) and first.isalnum():
        left = Edge.LATIN
    elif _TAMIL[0] <= first <= _TAMIL[1]:
        left = Edge.TAMIL
    elif boundary == "start" and _HANGUL[0] <= first <= _HANGUL[1]:
        left = Edge.HANGUL
    elif _SYLLABIC.match(first):
        left = Edge.SYLLABLE
    right = Edge.FREE
    if is_latin(last) and last.isalnum():
        right = Edge.LATIN
    elif _SYLLABIC.match(last):
        right = Edge.SYLLABLE
    return left, right


_SYLLABIC: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


def _add_name(draft: _Draft, form: Form, entry: FormEntry) -> None:
    # A form with its context written out is looked for as it is: hundreds of them stand for one name.
    written = {form.text} if entry.name else spellings(form.text, any_case=entry.case == "any")
    for spelling in written:
        draft.add(spelling, _name_entry(form, entry, spelling))


def _name_entry(form: Form, entry: FormEntry, spelling: str) -> Entry:
    if not entry.name:
        return Entry(Does.NAME, (form,), form.left, form.right)
    name = unicodedata.normalize("NFC", entry.name)
    shift = max(0, spelling.casefold().find(name.casefold()))
    return Entry(Does.NAME, (form,), form.left, form.right, shift, len(name))


def _add_inside(draft: _Draft, inside: InsideEntry, context: Context) -> None:
    veto_after = Cues.of(inside.veto_after)
    name = unicodedata.normalize("NFC", inside.name)
    for written in inside.text:
        text = unicodedata.normalize("NFC", written)
        left, right = _edges(text, "auto")
        form = Form(name, inside.entity, "inside", inside.reason, context, left, right)
        for spelling in spellings(text, any_case=inside.case == "any"):
            shift = spelling.casefold().find(name.casefold())
            if shift < 0:  # a line break within the name itself
                continue
            draft.add(spelling, Entry(Does.INSIDE, (form,), left, right, shift, len(name), inside.reason, veto_after))


def _add_decoy(draft: _Draft, decoy: DecoyEntry) -> None:
    veto_after = Cues.of(decoy.veto_after)
    for written in decoy.text:
        text = unicodedata.normalize("NFC", written)
        left, right = _edges(text, "auto")
        for spelling in spellings(text, any_case=decoy.case == "any"):
            draft.add(spelling, Entry(Does.DECOY, (), left, right, reason=decoy.reason, veto_after=veto_after))


def _add_pairs(draft: _Draft, pairs: Pairs) -> None:
    names: dict[str, list[tuple[str, Entry]]] = {}
    for text, entry in draft.entries.items():
        if entry.does == Does.NAME:
            names.setdefault(text[0], []).append((text, entry))
    for text, form in pairs.forms.items():
        for joiner in pairs.joiners:
            draft.add(text + joiner, Entry(Does.PAIR_HEAD, (form,), form.left, Edge.FREE, 0, len(text)))
            draft.add(joiner + text, Entry(Does.PAIR_TAIL, (form,), Edge.FREE, form.right, len(joiner), len(text)))
            for name, entry in names.get(text[0], ()):
                # "·한" must not swallow the beginning of "·한국".
                if name.startswith(text) and entry.length < 0:
                    draft.add(joiner + name, replace(entry, shift=len(joiner), length=len(name)))


def _with_shorter(entries: dict[str, Entry]) -> Iterator[Entry]:
    numbers = {spelling: number for number, spelling in enumerate(entries)}
    for spelling, entry in entries.items():
        begun = (numbers.get(spelling[:end]) for end in range(len(spelling) - 1, 0, -1))
        shorter = tuple(number for number in begun if number is not None)
        whole = entry.does is Does.NAME and not entry.part
        simple = whole and entry.forms[0].nearly_plain and entry.left in _EASY and entry.right in _EASY
        yield replace(entry, shorter=shorter, simple=simple) if shorter or simple else entry


_EASY: Final = frozenset({Edge.FREE, Edge.LATIN, Edge.SYLLABLE, Edge.HANGUL})
