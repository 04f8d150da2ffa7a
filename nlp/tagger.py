"""Text to mentions: pure, and the same everywhere it runs.

One pass of an Aho-Corasick automaton (leftmost, longest) finds every spelling of
every name, decoy and inside; the rules then decide about the few that need
deciding. Offsets are characters (code points) of the text as given.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date as Date  # noqa: N812 `date` is the parameter's name
from pathlib import Path
from typing import Final, NamedTuple, Self

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from corpus.model import FormClass, Mention
from nlp import rules
from nlp.cues import is_latin
from nlp.glance import REACH, Glance, Glued, Seen, Settled
from nlp.lexicon.build import (
    ALL,
    TRIGGERS_END,
    Does,
    Edge,
    Entry,
    Form,
    Lexicon,
    build,
    file_language,
    version,
)
from nlp.sentences import MARKS, count_sentences, sentence_ends
from nlp.text import normalise, without_surrogates

MENTION: Final = "mention"
INSIDE: Final = "inside"
PASSED: Final = "passed over"


Hit = tuple[int, int, int]  # spelling, start, end
# Reads UTF-8, and counts in its bytes: counting in characters would take a table of all of them for every text.
Search = Callable[[bytes], list[Hit]]


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of one hit, for ``explain``.

    Attributes:
        start: its span in the text as given …
        end: … one past its last character.
        surface: what stands there.
        outcome: mention, inside, or passed over.
        entity: whose name it is, or would be; empty for a decoy.
        form_class: its class.
        rule: the rule that decided (a key of `nlp.rules.RULES`), or "" where none was needed.
        because: the word or reason it went by.
    """

    start: int
    end: int
    surface: str
    outcome: str
    entity: str
    form_class: str
    rule: str
    because: str


@dataclass(slots=True)
class Tagger:
    """Finds names. Make it with `Tagger.load`; it compiles a language when it first meets it.

    Attributes:
        version: of the lexicon and the rules; changes whenever results may.
    """

    version: str
    _folder: Path | None = None
    _matchers: dict[str, Matcher] = field(default_factory=dict)
    _files: dict[str, str] = field(default_factory=dict)
    # By language, once compiled for much text: most texts name nothing, and then this is all there is to do.
    _searches: dict[str, Search] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path | None = None) -> Self:
        """Make a tagger from the project's lexicon, or from the files in ``folder``.

        Raises:
            LexiconError: a file is wrong.
        """
        return cls(version(folder), folder)

    @property
    def folder(self) -> Path | None:
        """Where its lexicon files lie; None: they are the project's own."""
        return self._folder

    def knows(self, language: str) -> bool:
        """Tell whether there is a lexicon for a language; texts of others are matched with all scripts."""
        return self._file(language) != ALL

    def tag(
        self, text: str, language: str = ALL, date: Date | str | None = None, *, inside: bool = False
    ) -> list[Mention]:
        """Find the mentions in a text.

        Args:
            text: any string.
            language: CLDR code; one we have no lexicon for is matched with all of them.
            date: publication date (or its ISO prefix), for names that were used for a
                time only; None: any.
            inside: also give names inside other proper names (class ``inside``).

        Returns:
            mentions by position; spans never overlap.
        """
        search = self._searches.get(language) or self._search(language)
        try:
            data = text.encode()
        except UnicodeEncodeError:
            return self.tag(without_surrogates(text), language, date, inside=inside)
        hits = search(data)
        if not hits:
            return []
        found = self._matchers[language].decide(text, "" if date is None else _iso(date), data, hits)
        return found if inside or not found else [m for m in found if m[3] != "inside"]

    def explain(self, text: str, language: str = ALL, date: Date | str | None = None) -> list[Decision]:
        """Tell what was tagged in a text, what was passed over, and why, by position."""
        log: list[Decision] = []
        self.matcher(language).find(text, _iso(date), log)
        return sorted(log, key=lambda d: (d.start, d.end))

    def matcher(self, language: str) -> Matcher:
        """Give the compiled matcher of a language."""
        known = self._matchers.get(language)
        if known is not None:
            return known
        code = self._file(language)
        if code not in self._matchers:
            self._matchers[code] = Matcher(build(code, self._folder))
        return self._matchers.setdefault(language, self._matchers[code])

    def _search(self, language: str) -> Search:
        matcher = self.matcher(language)
        if matcher.dense is None:
            return matcher.search
        self._searches[language] = matcher.dense
        return matcher.dense

    def _file(self, language: str) -> str:
        if language not in self._files:
            self._files[language] = file_language(language, self._folder) or ALL
        return self._files[language]


def _iso(date: Date | str | None) -> str:
    if date is None:
        return ""
    return date if isinstance(date, str) else date.isoformat()


class Read(NamedTuple):
    """What reading a text gives.

    Attributes:
        mentions: by position, inside ones included.
        sentences: how many there are.
        places: for each mention, the number of its sentence, from 0.
    """

    mentions: list[Mention]
    sentences: int
    places: list[int]


class Matcher:
    """One language's automaton and what its spellings mean."""

    def __init__(self, lexicon: Lexicon) -> None:
        marks = frozenset(MARKS)
        self.lexicon = lexicon
        self.dense: Search | None = None  # the automaton for much text, once there was much
        self._read = 0
        # No sentence ends at a point or a line break within one of these.
        self._pointed = frozenset(n for n, spelling in enumerate(lexicon.spellings) if not marks.isdisjoint(spelling))
        self.glances = _glances(lexicon)
        self._other: list[Glued | Settled | None] = [_other_glance(entry, lexicon) for entry in lexicon.entries]
        # By spelling: its glance at either side, and what a mention of it says.
        self._plain = [
            (glance.before, glance.after, glance, entry.forms[0].entity, entry.forms[0].form_class, entry.forms[0].text)
            if glance and not other
            else None
            for glance, other, entry in zip(self.glances, self._other, lexicon.entries, strict=True)
        ]
        self._lengths = list(map(len, lexicon.spellings))
        self._sparse = _automaton(lexicon.spellings, Implementation.ContiguousNFA)

    def search(self, data: bytes) -> list[Hit]:
        """Give every hit in UTF-8, leftmost and longest, not overlapping; positions count bytes."""
        if self.dense is not None:
            return self.dense(data)
        # The faster kind of automaton takes a second to build: worth it only for much text.
        self._read += len(data)
        if self._read < _MUCH_TEXT:
            return self._sparse(data)
        self.dense = _automaton(self.lexicon.spellings, Implementation.DFA)
        return self.dense(data)

    def hits(self, text: str) -> list[Hit]:
        """Give every hit in a text, leftmost and longest, not overlapping.

        Raises:
            UnicodeEncodeError: the text holds a lone surrogate.
        """
        data = text.encode()
        return self._in_characters(text, data, self.search(data))

    def _in_characters(self, text: str, data: bytes, hits: list[Hit]) -> list[Hit]:
        """Give hits in a text's UTF-8 with positions in the text."""
        if len(data) == len(text):
            return hits
        counted: list[Hit] = []
        lengths = self._lengths
        place = read = 0
        for number, start, _ in hits:
            place += len(data[read:start].decode())
            read = start
            counted.append((number, place, place + lengths[number]))
        return counted

    def find(self, text: str, day: str = "", log: list[Decision] | None = None) -> list[Mention]:
        """Find the mentions in a text, inside ones included; see `Tagger.tag`."""
        try:
            data = text.encode()
        except UnicodeEncodeError:
            return self.find(without_surrogates(text), day, log)
        hits = self.search(data)
        return self.decide(text, day, data, hits, log) if hits else []

    def read(self, text: str, day: str = "") -> Read:
        """Find the mentions in a text, and which of its sentences each stands in."""
        try:
            data = text.encode()
        except UnicodeEncodeError:
            return self.read(without_surrogates(text), day)
        hits = self.search(data)
        found = self.decide(text, day, data, hits) if hits else []
        if not found:
            return Read(found, count_sentences(text), [])
        pointed = [hit for hit in hits if hit[0] in self._pointed]
        ends = sentence_ends(text, [(start, end) for _, start, end in self._in_characters(text, data, pointed)])
        return Read(found, len(ends), [bisect_right(ends, m.start) for m in found])

    def decide(
        self, text: str, day: str, data: bytes, hits: list[Hit], log: list[Decision] | None = None
    ) -> list[Mention]:
        """Decide about the hits in a text (some), those that `search` gives for its UTF-8."""
        if min(hits)[0] < TRIGGERS_END:
            return self._find_normalised(text, day, log)
        return self._mentions(text, day, self._in_characters(text, data, hits), log)

    def _mentions(self, text: str, day: str, hits: list[Hit], log: list[Decision] | None) -> list[Mention]:
        """Decide about the hits in a text that needs no normalising: those that can be at a glance, at a glance."""
        found: list[Mention] = []
        reading: _Reading | None = None
        plain, others = self._plain, self._other
        reached = 0
        for number, start, end in hits:
            # Whoever asks for reasons gets a close look at everything.
            if start >= reached and log is None:
                if seen := plain[number]:
                    befores, afters, glance, entity, form_class, form = seen
                    # As in `piece_before` and `piece_after`, which take as long again to call.
                    low = start - REACH if start > REACH else 0
                    space = text.rfind(" ", low, start - 1 if start else 0)
                    piece = text[low if space < 0 else space + 1 : start]
                    before = befores[piece]
                    space = text.find(" ", end + 1, end + REACH)
                    after = afters[text[end : end + REACH if space < 0 else space]]
                    if (before is _PLAIN and after is _PLAIN) or (
                        after is not _LOOK and glance.holds(text, start, end, piece, (before, after))
                    ):
                        found.append(_new(Mention, (start, end, entity, form_class, form, "")))
                        reached = end
                        continue
                elif (other := others[number]) and (taken := other.mentions(text, start, end)) is not None:
                    found += taken
                    reached = end
                    continue
            if reading is None:
                reading = _Reading(self, text, day, found, log)
            reached = reading.closely(number, start, end, reached)
        return found

    def _find_normalised(self, text: str, day: str, log: list[Decision] | None) -> list[Mention]:
        plain = normalise(text)
        hits = [hit for hit in self.hits(plain.text) if hit[0] >= TRIGGERS_END]
        own_log: list[Decision] | None = None if log is None else []
        found = self._mentions(plain.text, day, hits, own_log)
        if log is not None and own_log is not None:
            log += [_moved(d, text, *plain.original_span(d.start, d.end)) for d in own_log]
        moved = []
        for mention in found:
            start, end, *rest = mention
            moved.append(_new(Mention, (*plain.original_span(start, end), *rest)))
        return moved


_MUCH_TEXT: Final = 1_000_000  # characters


def _glances(lexicon: Lexicon) -> list[Glance | None]:
    """Give a glance to each spelling that one may suffice for; alike ones share one, and what it remembers."""
    made: dict[tuple[object, ...], Glance] = {}
    glances: list[Glance | None] = []
    for entry in lexicon.entries:
        if not entry.simple:
            glances.append(None)
            continue
        form = entry.forms[0]
        alike = (
            id(form.context),
            form.whole,
            form.speakable,
            id(form.veto_before),
            id(form.veto_after),
            entry.left,
            entry.right,
        )
        if alike not in made:
            made[alike] = Glance(form, entry.left, entry.right)
        glances.append(made[alike])
    return glances


def _other_glance(entry: Entry, lexicon: Lexicon) -> Glued | Settled | None:
    """Give the glance for what has its own kind of one; where names are joined in pairs, no glued name has."""
    return Settled.of(entry) or (None if lexicon.pairs.forms else Glued.of(entry))


def _automaton(spellings: tuple[str, ...], kind: Implementation) -> Search:
    encoded = [spelling.encode() for spelling in spellings]
    automaton = BytesAhoCorasick(encoded, matchkind=MatchKind.LeftmostLongest, implementation=kind)
    search: Search = automaton.find_matches_as_indexes
    return search


def _moved(decision: Decision, text: str, start: int, end: int) -> Decision:
    d = decision
    return Decision(start, end, text[start:end], d.outcome, d.entity, d.form_class, d.rule, d.because)


_LOOK, _PLAIN = Seen.LOOK, Seen.PLAIN
_new: Final = tuple.__new__  # of a named tuple: half the time of calling its class


class _Reading:
    """One text being read closely: each hit decided by all rules.

    A hit that does not hold may hide a shorter name, or one that begins within it:
    the shorter ones are tried, and the rest of the stretch is searched again.
    """

    def __init__(self, matcher: Matcher, text: str, day: str, found: list[Mention], log: list[Decision] | None) -> None:
        self.matcher = matcher
        self.lexicon = matcher.lexicon
        self.entries = matcher.lexicon.entries
        self.text = text
        self.day = day
        self.log = log
        self.found = found
        self.sides: tuple[list[int], list[int]] | None = None
        self.reached = 0  # what lies before this is decided
        self.paired = -1  # a pair's partner begins here, and needs no other cue

    def closely(self, number: int, start: int, end: int, reached: int) -> int:
        """Decide a hit, and give how far the text is decided then; ``reached``: how far it was."""
        self.reached = reached
        pending = [(number, start, end)]
        while pending:
            number, start, end = pending.pop()
            if end > self.reached and (stretch := self._hit(number, start, end)):
                pending += self._again(*stretch)
        return self.reached

    def _hit(self, number: int, start: int, end: int) -> tuple[int, int] | None:
        """Decide a hit, and give the stretch of it that is to be searched again, or None."""
        entry = self.entries[number]
        if entry.part:
            self._before_part(entry, start)
        if self._holds(entry, start, end):
            # Where only a part is the name, what stands around it may belong to another.
            return (start + 1, end) if entry.part else None
        for shorter in entry.shorter:
            last = start + len(self.lexicon.spellings[shorter])
            if self._holds(self.entries[shorter], start, last):
                return last, end
        return start + 1, end

    def _longer_name(self, start: int, end: int) -> bool:
        """访韩 must not hide the beginning of 韩国."""
        hits = self.matcher.hits(self.text[start : start + self.lexicon.longest])
        if not hits or hits[0][1] > 0 or hits[0][2] <= end - start:
            return False
        longer = self.entries[hits[0][0]]
        return longer.does is Does.NAME and not longer.part

    def _again(self, first: int, end: int) -> list[tuple[int, int, int]]:
        """Search a stretch again: the hits that begin in it, the last first."""
        hits = self.matcher.hits(self.text[first : end + self.lexicon.longest])
        last = end - first
        return [(n, first + at, first + to) for n, at, to in reversed(hits) if at < last and n >= TRIGGERS_END]

    def _holds(self, entry: Entry, start: int, end: int) -> bool:
        if entry.part:
            return self._within(entry, start, end)
        if start < self.reached:
            return False
        held = self._name(entry, start, end) if entry.does is Does.NAME else self._other(entry, start, end)
        if held:
            self.reached = max(self.reached, end)
        return held

    def _before_part(self, entry: Entry, start: int) -> None:
        """A name may end before the part that is the name: 泰国 in 泰国韩商."""
        begins = start + min(part.shift for part in (entry, *entry.also))
        for shorter in entry.shorter:
            last = start + len(self.lexicon.spellings[shorter])
            if last <= begins and self._holds(self.entries[shorter], start, last):
                return

    def _within(self, entry: Entry, start: int, end: int) -> bool:
        held = False
        for part in sorted((entry, *entry.also), key=lambda e: e.shift):
            first = start + part.shift
            if first < self.reached or self._longer_name(first, first + part.length):
                continue
            if self._name(part, start, end):
                self.reached = first + part.length
                held = True
        return held

    # -- names -----------------------------------------------------------

    def _name(self, entry: Entry, start: int, end: int) -> bool:
        form = entry.forms[0]
        if (entry.left or entry.right) and not self._edges_free(entry, start + self._lead(entry), end):
            self._pass(form, start, end, "edge", "")
            return False
        if entry.length >= 0:
            start += entry.shift
            end = start + entry.length
        return any(self._decide(candidate, start, end) for candidate in entry.forms)

    @staticmethod
    def _lead(entry: Entry) -> int:
        """Where the spelling's own letters begin: after the joiner of a pair, which is none of them."""
        return entry.shift if entry.forms and entry.length == len(entry.forms[0].text) else 0

    def _edges_free(self, entry: Entry, start: int, end: int) -> bool:
        prefixes = entry.forms[0].context.prefixes if entry.forms else ()
        if rules.edge_free(self.text, start, end, (entry.left, entry.right), prefixes):
            return True
        # 주베트남한국대사관: a Korean name may stand glued to the name before it.
        glued = entry.left is Edge.HANGUL and bool(self.found) and self.found[-1].end == start
        return glued and rules.edge_free(self.text, start, end, (Edge.FREE, entry.right))

    def _decide(self, form: Form, start: int, end: int) -> bool:
        text = self.text
        if form.dated and rules.out_of_date(form, self.day):
            return self._pass(form, start, end, "date", f"{form.since}–{form.until}")
        if said := rules.veto(form, text, start, end):
            return self._pass(form, start, end, "veto", said)
        if form.speakable and (said := rules.listed_language(form, text, start, end)):
            return self._pass(form, start, end, "language", said)
        rule = ""
        if form.needs_cue and start != self.paired:
            said = rules.cue(form, text, start, end)
            if said is None:
                return self._pass(form, start, end, "cue", "")
            rule = "cue"
        entity = form.entity
        if entity == "KOREA" and not form.fixed:
            if self.sides is None:
                self.sides = self.lexicon.sides.find(text)
            entity = rules.which_korea(text, start, end, *self.sides)
            rule = "korea"
        return self._take(form, start, end, entity, rule)

    def _take(self, form: Form, start: int, end: int, entity: str, rule: str) -> bool:
        if rules.in_address(self.text, start, end):
            self._pass(form, start, end, "address", "")
            return True
        form_class: FormClass = form.form_class
        if not form.whole and (said := rules.inside_other(self.text, start, end, form.context)):
            self._add(Mention(start, end, entity, "inside", form.text, "inside"), said)
            return True
        self._add(Mention(start, end, entity, form_class, form.text, rule), "")
        return True

    def _add(self, mention: Mention, because: str) -> None:
        self.found.append(mention)
        if self.log is not None:
            outcome = INSIDE if mention.form_class == "inside" else MENTION
            start, end, entity, form_class, _, rule = mention
            surface = self.text[start:end]
            self.log.append(Decision(start, end, surface, outcome, entity, form_class, rule, because))

    def _pass(self, form: Form, start: int, end: int, rule: str, because: str) -> bool:
        if self.log is not None:
            surface = self.text[start:end]
            self.log.append(Decision(start, end, surface, PASSED, form.entity, form.form_class, rule, because))
        return False

    # -- the other kinds -------------------------------------------------

    def _other(self, entry: Entry, start: int, end: int) -> bool:
        match entry.does:
            case Does.DECOY:
                return self._decoy(entry, start, end)
            case Does.INSIDE:
                return self._inside(entry, start, end)
            case Does.PAIR_HEAD:
                return self._head(entry, start, end)
            case Does.PAIR_TAIL:
                return self._tail(entry, start, end)
            case _:
                return True

    def _decoy(self, entry: Entry, start: int, end: int) -> bool:
        if not rules.stands(entry, self.text, start, end):
            return False
        if self.log is not None:
            surface = self.text[start:end]
            self.log.append(Decision(start, end, surface, PASSED, "", "", "decoy", entry.reason))
        return True

    def _inside(self, entry: Entry, start: int, end: int) -> bool:
        if not rules.stands(entry, self.text, start, end):
            return False
        form = entry.forms[0]
        first = start + entry.shift
        self._add(Mention(first, first + entry.length, form.entity, "inside", form.text, "inside"), entry.reason)
        return True

    def _head(self, entry: Entry, start: int, end: int) -> bool:
        """``한·`` counts where a partner or a name of ours follows; a pair form that follows counts too."""
        form = entry.forms[0]
        last = start + entry.length
        glued = start > 0 and _HANGUL_FIRST <= self.text[start - 1] <= _HANGUL_LAST
        alone = not glued and rules.edge_free(self.text, start, end, (entry.left, entry.right))
        partner = self._partner(end) if alone else None
        vetoed = rules.veto(form, self.text, start, last)
        if vetoed or not alone or (partner is None and not self._name_follows(end)):
            return self._pass(form, start, last, "pair", "")
        self._add(Mention(start, last, form.entity, "abbreviation", form.text, "pair"), partner or "")
        other = self.lexicon.pairs.forms.get(partner or "")
        if other is not None and partner:
            if self._name_follows(end):
                self.paired = end
            else:
                self.reached = end + len(partner)
                self._add(Mention(end, self.reached, other.entity, "abbreviation", other.text, "pair"), form.text)
        return True

    def _name_follows(self, at: int) -> bool:
        hits = self.matcher.hits(self.text[at : at + self.lexicon.longest])
        return bool(hits) and hits[0][1] == 0 and self.entries[hits[0][0]].does is Does.NAME

    def _tail(self, entry: Entry, start: int, end: int) -> bool:
        """``·한`` counts where a name or a partner ends just before it, and no word goes on after it."""
        form = entry.forms[0]
        first = start + entry.shift
        named = bool(self.found) and self.found[-1].end == start
        partner = named or self.text.endswith(self.lexicon.pairs.partners, 0, start)
        free = rules.edge_free(self.text, first, end, (Edge.FREE, entry.right))
        if not partner or not free or self._word_goes_on(end) or rules.veto(form, self.text, first, end):
            return self._pass(form, first, end, "pair", "")
        self._add(Mention(first, end, form.entity, "abbreviation", form.text, "pair"), "")
        return True

    def _partner(self, at: int) -> str | None:
        for partner in self.lexicon.pairs.partners:
            end = at + len(partner)
            if self.text.startswith(partner, at) and not self._word_goes_on(end):
                right = Edge.LATIN if is_latin(partner[-1]) else Edge.FREE
                if rules.edge_free(self.text, at, end, (Edge.FREE, right)):
                    return partner
        return None

    def _word_goes_on(self, at: int) -> bool:
        if at >= len(self.text) or not _HANGUL_FIRST <= self.text[at] <= _HANGUL_LAST:
            return False
        return self.text[at] not in _AFTER_PAIR


_HANGUL_FIRST: Final = "가"
_HANGUL_LAST: Final = "힣"
# Particles, and nouns that follow a pair directly: 한·아세안간, 한·태정상.
_AFTER_PAIR: Final = frozenset("은는이가을를의와과도간에로정협관외경교양수무")
