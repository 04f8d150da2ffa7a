"""What lies beside a name, told at a glance.

Nearly all names stand between plain words. Whether the piece of text beside a
name (up to the next space) can make any rule object does not depend on what lies
further away, and the same pieces come again and again; so the answer is worked
out once a piece and remembered. A glance only ever says "nothing here objects" or
"look closely": it decides nothing that the rules would decide otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Final, Self

from corpus.model import Mention
from nlp import rules
from nlp.cues import GAP, Cues, may_list
from nlp.lexicon.build import Does, Edge, Entry, Form

REACH: Final = 40  # characters; a longer piece is looked at closely
_REMEMBERED: Final = 20_000  # pieces a side
_BREAKS: Final = (" ", "\n")


class Seen(IntEnum):
    """What a glance at one side says."""

    LOOK = 0  # a rule may object: look closely
    PLAIN = 1  # no rule can object
    FAR = 2  # none but what stands further away: a head noun
    LIST = 3  # the same, or the opener of a list
    STOP = 4  # a full stop or a hyphen: plain, unless an address stands on the other side
    MORE = 5  # a cue may end here: the words before it tell


def piece_before(text: str, start: int) -> str:
    """Give what stands before ``start`` from the last space on, and the one directly before with it.

    A piece of `REACH` characters or more may be cut off.
    """
    low = start - REACH if start > REACH else 0
    space = text.rfind(" ", low, start - 1 if start else 0)
    return text[low if space < 0 else space + 1 : start]


def longer_before(text: str, start: int, piece: str) -> str:
    """Give the piece before ``start`` and the word before it; cut off as in `piece_before`."""
    low = start - REACH if start > REACH else 0
    first = start - len(piece)
    space = text.rfind(" ", low, first - 1 if first else 0)
    return text[low if space < 0 else space + 1 : start]


def piece_after(text: str, end: int) -> str:
    """Give what stands after ``end`` up to the next space, and the one directly after with it."""
    space = text.find(" ", end + 1, end + REACH)
    return text[end : end + REACH if space < 0 else space]


class Glance:
    """Glances at both sides of one form, remembered.

    Attributes:
        before: by piece (see `piece_before`), what it says.
        after: by piece (see `piece_after`), what it says.
        form: whose rules they go by.
    """

    __slots__ = ("after", "before", "form")

    def __init__(self, form: Form, left: Edge, right: Edge) -> None:
        self.before = Before(form, left)
        self.after = After(form, right)
        self.form = form

    def holds(self, text: str, start: int, end: int, piece: str, seen: tuple[Seen, Seen]) -> bool:
        """Tell that there is nothing odd about a name, as with nearly all; False: look closely.

        Args:
            text: the text.
            start: where the name begins …
            end: … and ends.
            piece: what stands before it (see `piece_before`).
            seen: what the pieces before it and after it say, the one after it not `Seen.LOOK`.
        """
        before, after = seen
        if before is not Seen.PLAIN:
            before = self._further(text, start, piece)
        if before is Seen.LOOK or (after is Seen.STOP and start and text[start - 1] not in rules.WEAK_MARKS):
            return False
        form, heads = self.form, self.form.context.heads
        if before is not Seen.PLAIN and (
            heads.find_before(text, start) or rules.listed_language(form, text, start, end)
        ):
            return False
        return not (after is Seen.FAR and heads.find_after(text, end))

    def _further(self, text: str, start: int, piece: str) -> Seen:
        """Say what the words before a name say: "of" and "the" little, those before them often enough."""
        piece = longer_before(text, start, piece)
        seen = self.before[piece]
        while seen is Seen.FAR or seen is Seen.MORE:
            longer = longer_before(text, start, piece)
            if len(longer) in {len(piece), REACH}:
                break
            piece = longer
            seen = self.before[piece]
        return Seen.LOOK if seen is Seen.MORE else seen


class Settled:
    """Glances at what is no name of its own: a decoy, or a name within another that is spelled out.

    Nothing but the letters around it can make it less, or a word that must not follow.
    """

    __slots__ = ("entry", "inside")

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.inside = entry.forms[0] if entry.does is Does.INSIDE else None

    @classmethod
    def of(cls, entry: Entry) -> Self | None:
        """Make one for a decoy or an inside; None for others."""
        return cls(entry) if entry.does in {Does.DECOY, Does.INSIDE} else None

    def mentions(self, text: str, start: int, end: int) -> tuple[Mention, ...] | None:
        """Give the mention that an inside is, and none for a decoy; None: it does not stand, look closely."""
        if not rules.stands(self.entry, text, start, end):
            return None
        if self.inside is None:
            return ()
        first = start + self.entry.shift
        inside = self.inside
        return (_new(Mention, (first, first + self.entry.length, inside.entity, "inside", inside.text, "inside")),)


class Glued:
    """Glances at a name of a script that writes no spaces between words: its pieces are long, and none comes again.

    Which of the cues can stand beside the name is told by the character beside it; so
    these few are looked for, and no others.
    """

    __slots__ = ("after", "before", "cued", "forms", "runs")

    def __init__(self, entry: Entry) -> None:
        self.forms = entry.forms
        self.cued = entry.forms[0].needs_cue
        first = entry.forms[0]
        context = first.context
        befores = [context.inside_before, *(form.veto_before for form in entry.forms)]
        afters = [context.inside_after, first.cue_after, *(form.veto_after for form in entry.forms)]
        cues = (first.cue_before,)
        self.before = tuple(_Beside(befores, cues, 1, entry.left, behind_space=space) for space in (False, True))
        self.after = tuple(_Beside(afters, (), 0, entry.right, behind_space=space) for space in (False, True))
        self.runs = context.inside_run_before

    @classmethod
    def of(cls, entry: Entry) -> Self | None:
        """Make one for a name that it may suffice for; None for others."""
        if entry.does is not Does.NAME or entry.part or entry.left not in _SPACELESS or entry.right not in _SPACELESS:
            return None
        for place, form in enumerate(entry.forms):
            context = form.context
            near = form.veto_near or form.cue_near or form.dated or form.entity == "KOREA"
            far = form.speakable or context.heads.after or context.heads.before or context.inside_suffix
            if near or far or context is not entry.forms[0].context or (place and form.needs_cue):
                return None
        return cls(entry)

    def mentions(self, text: str, start: int, end: int) -> tuple[Mention, ...] | None:
        """Give the mention that a name is, where nothing objects; None: look closely."""
        taken = self.form(text, start, end)
        if taken is None:
            return None
        form, rule = taken
        return (_new(Mention, (start, end, form.entity, form.form_class, form.text, rule)),)

    def form(self, text: str, start: int, end: int) -> tuple[Form, str] | None:
        """Give the form that a name is, and the rule it goes by, where nothing objects; None: look closely."""
        at = start
        seen: _Objections | None = _NOTHING
        if start:
            seen = self.before[0][text[start - 1]]
            if seen and text[start - 1] == " ":
                at -= 1
                seen = self.before[1][text[at - 1]] if at else _NOTHING
        if seen is None or (seen[0] and text.endswith(seen[0], 0, at)) or not self._plain_after(text, start, end):
            return None
        if seen[1] and text.endswith(seen[1], 0, at):
            return self.forms[0], "cue"
        if not self.cued:
            return self.forms[0], ""
        return (self.forms[1], "") if len(self.forms) > 1 else None

    def _plain_after(self, text: str, start: int, end: int) -> bool:
        after = text[end : end + 1]
        if after:
            at, seen = end, self.after[0][after]
            if seen and after == " ":
                at += 1
                seen = self.after[1][text[at]] if at < len(text) else _NOTHING
            if seen is None or (seen[0] and text.startswith(seen[0], at)):
                return False
        if not self.runs or after.isalpha():
            return True
        run = text[max(0, start - rules.LONGEST_RUN) : start]
        return not any(head in run for head in self.runs)


_new: Final = tuple.__new__  # of a named tuple: half the time of calling its class
_SPACELESS: Final = frozenset({Edge.FREE, Edge.SYLLABLE})
_Objections = tuple[tuple[str, ...], tuple[str, ...]]
_NOTHING: Final[_Objections] = ((), ())


class _Beside(dict[str, _Objections | None]):
    """By the character on one side of a name: what may object there, and what speaks for it; None: look closely."""

    __slots__ = ("behind_space", "cues", "edge", "objecting", "side")

    def __init__(
        self,
        objecting: Iterable[Cues | None],
        cues: Iterable[Cues | None],
        side: int,
        edge: Edge,
        *,
        behind_space: bool,
    ) -> None:
        super().__init__()
        self.objecting = [cue for cue in objecting if cue]
        self.cues = [cue for cue in cues if cue]
        self.side = side
        self.edge = edge
        self.behind_space = behind_space

    def __missing__(self, character: str) -> _Objections | None:
        if len(self) >= _REMEMBERED:
            self.clear()
        seen = self[character] = self._look(character)
        return seen

    def _look(self, character: str) -> _Objections | None:
        plain = rules.plain_before if self.side else rules.plain_after
        if self.behind_space:
            if character in GAP:
                return None
        elif character == " ":
            return _NOTHING
        elif character in GAP or not plain(character, self.edge):
            return None
        if any(character in cues.edges[self.side] for cues in (*self.objecting, *self.cues)):
            return None
        return self._touching(self.objecting, character), self._touching(self.cues, character)

    def _touching(self, several: Iterable[Cues], character: str) -> tuple[str, ...]:
        """Give the cues that meet the name with a character."""
        kinds = [
            kind for cues in several for kind in ((cues.glued,) if self.behind_space else (cues.glued, cues.tight))
        ]
        return tuple(cue for kind in kinds for cue in kind[self.side].get(character, ()))


class _Side(dict[str, Seen]):
    """What was said of each piece, up to a number of pieces."""

    __slots__ = ("form",)

    def __missing__(self, piece: str) -> Seen:
        if len(self) >= _REMEMBERED:
            self.clear()
        seen = self[piece] = self.look(piece) if len(piece) < REACH else Seen.LOOK
        return seen

    def look(self, piece: str) -> Seen:
        raise NotImplementedError


class Before(_Side):
    """Glances at what stands before a form."""

    __slots__ = ("cues", "edge")

    def __init__(self, form: Form, edge: Edge) -> None:
        super().__init__()
        self.form = form
        self.edge = edge
        self.cues = _asked(form, form.veto_before, form.context.inside_before)

    def look(self, piece: str) -> Seen:
        """Look at a piece for the first time."""
        if not piece:
            return Seen.PLAIN
        if not rules.plain_before(piece[-1], self.edge) or any(cues.before(piece, len(piece)) for cues in self.cues):
            return Seen.LOOK
        if any(cues.may_end(piece) for cues in self.cues):
            return Seen.MORE
        return Seen.PLAIN if self.form.whole else self._led(piece)

    def _led(self, piece: str) -> Seen:
        """Say whether a piece may lead from a head noun, or from the opener of a list, to the name."""
        context = self.form.context
        if any(head in piece for head in context.inside_run_before):
            return Seen.LOOK
        if self._listed(piece):
            return Seen.LIST
        return Seen.FAR if context.heads.may_lead(piece) else Seen.PLAIN

    def _listed(self, piece: str) -> bool:
        """Tell whether the name may go on with a list of languages."""
        words = piece.split()
        return bool(self.form.speakable and words and may_list(words[-1]))


class After(_Side):
    """Glances at what stands after a form."""

    __slots__ = ("cues", "edge")

    def __init__(self, form: Form, edge: Edge) -> None:
        super().__init__()
        self.form = form
        self.edge = edge
        self.cues = _asked(form, form.veto_after, form.context.inside_after)

    def look(self, piece: str) -> Seen:
        """Look at a piece for the first time."""
        if not piece:
            return Seen.PLAIN
        stop = piece[0] in rules.STOPS and not piece[1:2].isalnum()
        if not (stop or rules.plain_after(piece[0], self.edge)) or any(cues.may_begin(piece) for cues in self.cues):
            return Seen.LOOK
        if self.form.whole:
            return Seen.STOP if stop else Seen.PLAIN
        context = self.form.context
        if context.inside_suffix and rules.suffix(piece, 0, context.inside_suffix):
            return Seen.LOOK
        if context.heads.after and piece[0] in _BREAKS and piece[1:2].isupper():
            return Seen.FAR
        return Seen.STOP if stop else Seen.PLAIN


def _asked(form: Form, veto: Cues | None, inside: Cues | None) -> tuple[Cues, ...]:
    """Give the cues that may object; the names of bodies and events are part of nothing else."""
    return tuple(cues for cues in (veto, None if form.whole else inside) if cues is not None)
