"""What lies beside a name, told at a glance.

Nearly all names stand between plain words. Whether the piece of text beside a
name (up to the next space) can make any rule object does not depend on what lies
further away, and the same pieces come again and again; so the answer is worked
out once a piece and remembered. A glance only ever says "nothing here objects" or
"look closely": it decides nothing that the rules would decide otherwise.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from nlp import rules
from nlp.cues import Cues, may_list
from nlp.lexicon.build import Edge, Form

REACH: Final = 40  # characters; a longer piece is looked at closely
_REMEMBERED: Final = 20_000  # pieces a side
_BREAKS: Final = (" ", "\n")


class Seen(IntEnum):
    """What a glance at one side says."""

    LOOK = 0  # a rule may object: look closely
    PLAIN = 1  # no rule can object
    FAR = 2  # none but what stands further away: a head noun, or the opener of a list
    STOP = 3  # a full stop or a hyphen: plain, unless an address stands on the other side


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
        if not rules.plain_before(piece[-1], self.edge) or any(cues.may_end(piece) for cues in self.cues):
            return Seen.LOOK
        if self.form.whole:
            return Seen.PLAIN
        context = self.form.context
        if any(head in piece for head in context.inside_run_before):
            return Seen.LOOK
        return Seen.FAR if context.heads.may_lead(piece) or self._listed(piece) else Seen.PLAIN

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
