"""The framing stage: texts that name something, in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from corpus.model import Mention, StoredMention
from corpus.store import Store
from corpus.store.framings import NamingText, StoredFraming
from corpus.targets import NAMED_CLASSES, TARGETS, members_on
from nlp.frames.directions import FRAME_OF, Kind, direction
from nlp.frames.framer import Framer
from nlp.frames.model import UNKNOWN, Piece
from nlp.frames.surroundings import surroundings

BATCH: Final = 500
FRAMED_TARGETS: Final = ("ASEAN", "SEA", "MEMBER", "KR|KOREA", *sorted(TARGETS["MEMBER"].entities))
"""What is framed: each of them has surroundings of its own."""
_KIND_OF: Final[dict[str, Kind]] = {frame: kind for kind, frame in FRAME_OF.items()}


def frame_text(framer: Framer, naming: NamingText) -> Iterator[StoredFraming]:
    """Frame a stored text for every target that it names. Pure: the same text always gives the same."""
    text, members = naming.text, members_on(naming.text.day or "")
    language = text.language if framer.knows(text.language) else UNKNOWN
    named = frozenset(m.mention.entity for m in naming.mentions if m.mention.form_class in NAMED_CLASSES)
    for name in FRAMED_TARGETS:
        target = TARGETS[name]
        if not target.holds(named, members):
            continue
        entities = members if name == "MEMBER" else frozenset(target.entities)
        pieces = surroundings(text.title, text.body, _of(naming.mentions, entities), entities)
        found = framer.frame(pieces, language)
        yield StoredFraming(
            text.row,
            name,
            found.frame,
            found.pillar,
            found.scores.get(found.frame, 0.0),
            found.scales["exchange"],
            found.scales["people"],
            _way(pieces, naming.mentions, found.frame, language),
        )


def _way(pieces: list[Piece], mentions: tuple[StoredMention, ...], frame: str, language: str) -> str | None:
    """Give the direction that the pieces speak of, where their frame has one; ``both`` where they differ."""
    kind = _KIND_OF.get(frame)
    if kind is None:
        return None
    ways = {direction(piece.text, list(_within(piece, mentions)), kind, language).way for piece in pieces}
    told = ways - {"undecided"}
    if not told:
        return "undecided"
    return told.pop() if len(told) == 1 else "both"


def _within(piece: Piece, mentions: tuple[StoredMention, ...]) -> Iterator[Mention]:
    """Give the mentions in a piece, their offsets counted from its beginning."""
    end = piece.start + len(piece.text)
    for stored in mentions:
        m = stored.mention
        if stored.field == piece.field and piece.start <= m.start and m.end <= end:
            yield m._replace(start=m.start - piece.start, end=m.end - piece.start)


def _of(mentions: tuple[StoredMention, ...], entities: frozenset[str]) -> list[StoredMention]:
    return [m for m in mentions if m.mention.entity in entities]


def frame_store(store: Store, framer: Framer, report: Callable[[int], None] = lambda _: None) -> int:
    """Frame every text that these frames have not seen as it is now, with the names it has now.

    Each batch is one transaction: after an interrupt the rest is left to do, and
    nothing is done twice.

    Args:
        store: tagged, open for writing.
        framer: whose version is recorded.
        report: told how many texts each batch framed.

    Returns:
        how many texts were framed.
    """
    store.drop_stale_framings()
    done = last = 0
    while batch := store.unframed(framer.version, after=last, limit=BATCH):
        framings = [framing for naming in batch for framing in frame_text(framer, naming)]
        store.save_framings([naming.text for naming in batch], framings, framer.version)
        last = batch[-1].text.row
        done += len(batch)
        report(len(batch))
    return done
