"""The rules that decide whether a hit is a name, each small and named.

A rule takes the text and the hit's span and gives None where it has no
objection, or what it objects to. `RULES` says each in a sentence, for
``narra lexicon explain`` and the docs.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import Final

from nlp.lexicon.build import Context, Edge, Entry, Form
from nlp.sentences import around

RULES: Final[dict[str, str]] = {
    "edge": "Letters on either side make it part of another word.",
    "date": "The name was used for this state only in other years.",
    "cue": "Counts only with certain words beside it, and none stands there.",
    "veto": "A word beside it says that something else is meant.",
    "language": "One of a list of languages, not the country or its people.",
    "address": "Part of a web or e-mail address.",
    "inside": "Part of the proper name of something else: kept apart.",
    "decoy": "A longer word or name that only looks like it.",
    "pair": "A short form that counts only joined to another country's name.",
    "korea": "A bare Korea, told South from North by the words around it.",
}

_REACH: Final = 300
LONGEST_RUN: Final = 45
_LONGEST_SUFFIXED: Final = 24
_WORD_CHARACTERS: Final = frozenset(
    c
    for first, last in ((0x30, 0x24F), (0x1E00, 0x1EFF))
    for c in map(chr, range(first, last + 1))
    if c.isalnum() or c == "_"
)
# Vowel and tone marks go on with the syllable before them. Left out: Burmese marks that
# Zawgyi text writes first (e, medial ya) and the tone that makes a possessive.
_GOES_ON: Final = frozenset(
    c
    for first, last in (
        (0x0E30, 0x0E3A),
        (0x0E47, 0x0E4E),
        (0x0EB0, 0x0EBC),
        (0x0EC8, 0x0ECD),
        (0x102B, 0x103E),
        (0x17B6, 0x17D3),
    )
    for c in map(chr, range(first, last + 1))
) - frozenset("\u1031\u103b\u1037")
# Leading vowels of Thai and Lao belong to the consonant after them; so does the
# sign that stacks one Khmer or Burmese consonant under another.
_LEADS_ON: Final = frozenset("เแโใไເແໂໃໄ\u17d2\u1039")
_CLOSES_SYLLABLE: Final = re.compile("[\u1000-\u1021]\u103a|[\u1780-\u17a2][\u17cb\u17cd]")
_ADDRESS_MARKS: Final = frozenset("@/.:=_%&?#\\~+-")
_HARD_BEFORE: Final = {
    Edge.FREE: _ADDRESS_MARKS,
    Edge.LATIN: _ADDRESS_MARKS | _WORD_CHARACTERS,
    Edge.SYLLABLE: _ADDRESS_MARKS | _LEADS_ON,
    Edge.HANGUL: _ADDRESS_MARKS,
}
_HARD_AFTER: Final = {
    Edge.FREE: _ADDRESS_MARKS,
    Edge.LATIN: _ADDRESS_MARKS | _WORD_CHARACTERS,
    Edge.SYLLABLE: _ADDRESS_MARKS | _GOES_ON,
}
STOPS: Final = frozenset(".-")  # marks of addresses, and of plain text
WEAK_MARKS: Final = STOPS | frozenset(" \n,;()\"'")
_ADDRESS_PARTS: Final = frozenset("./@")
# Each looks at a character a fixed number of times, however long a run is.
_TO_RUN: Final = re.compile(r"(?:.*[^!-~])?", re.DOTALL)
_RUN_AFTER: Final = re.compile(r"[!-~]*")
_MAIL: Final = re.compile(r"@(?<=[\w.+-]@)[\w-]+\.|\A@\w")
_DOMAIN: Final = re.compile(
    r"\.(?<=[\w-]\.)(?:com|org|net|gov|edu|int|info|co|go|or|ac|io|kr|id|my|sg|th|vn|ph|mm|kh|la|bn|tl)(?:[/:.\s]|\Z)",
    re.IGNORECASE,
)
_PARTICLES: Final = (
    "은", "는", "이", "가", "을", "를", "의", "에", "에서", "에게", "에는", "에도", "와", "과", "도", "만",
    "로", "으로", "라", "라고", "이라", "이라고", "이다", "인", "들", "들이", "들은", "까지", "부터", "보다",
    "측", "측은", "측이", "등", "등이",
)  # fmt: skip


def edge_free(text: str, start: int, end: int, edges: tuple[Edge, Edge], prefixes: tuple[str, ...] = ()) -> bool:
    """Tell whether the letters around ``text[start:end]`` leave it a word of its own."""
    left, right = edges
    if left and start and not _left_free(text, start, left, prefixes):
        return False
    if not right or end >= len(text):
        return True
    if right is Edge.LATIN:
        return text[end] not in _WORD_CHARACTERS
    return text[end] not in _GOES_ON and not _CLOSES_SYLLABLE.match(text, end)


def stands(entry: Entry, text: str, start: int, end: int) -> bool:
    """Tell whether a decoy or an inside is what it says: by the letters around it, and a word that must not follow."""
    if not edge_free(text, start, end, (entry.left, entry.right)):
        return False
    return entry.veto_after is None or entry.veto_after.after(text, end) is None


def plain_before(before: str, left: Edge) -> bool:
    """Tell that a character before a name leaves it a word of its own and outside any address.

    False decides nothing: then `edge_free` and `in_address` have to look.
    """
    return before not in _HARD_BEFORE[left] and not (left is Edge.HANGUL and "가" <= before <= "힣")


def plain_after(after: str, right: Edge) -> bool:
    """Tell the same of a character after a name."""
    return after not in _HARD_AFTER[right] and (right is not Edge.SYLLABLE or after < "\u1000")


def _left_free(text: str, start: int, left: Edge, prefixes: tuple[str, ...]) -> bool:
    before = text[start - 1]
    if left is Edge.LATIN:
        return before not in _WORD_CHARACTERS
    if left is Edge.TAMIL:
        return not "\u0b80" <= before <= "\u0bff"
    if left is Edge.SYLLABLE:
        return before not in _LEADS_ON
    if not "가" <= before <= "힣":
        return True
    for prefix in prefixes:
        if text.endswith(prefix, 0, start):
            at = start - len(prefix)
            if at == 0 or not "가" <= text[at - 1] <= "힣":
                return True
    return False


def in_address(text: str, start: int, end: int) -> bool:
    """Tell whether the span is part of a web or e-mail address or a handle."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if before not in _ADDRESS_MARKS and after not in _ADDRESS_MARKS:
        return False
    if before in WEAK_MARKS and after in WEAK_MARKS and not text[end + 1 : end + 2].isalnum():
        return False  # a full stop or a hyphen at its end, and nothing more
    first, last = max(0, start - _REACH), end + _REACH
    to_run, run = _TO_RUN.match(text, first, start), _RUN_AFTER.match(text, end, last)
    joined = text[to_run.end() if to_run else start : run.end() if run else end]
    if not _ADDRESS_PARTS.intersection(joined):
        return False
    joined = joined.strip("().,;\"'")
    if "://" in joined or "www." in joined.lower():
        return True
    return bool(("@" in joined and _MAIL.search(joined)) or _DOMAIN.search(joined))


def out_of_date(form: Form, day: str) -> bool:
    """Tell whether the document's day lies outside the years of the name; undated documents pass."""
    if not day:
        return form.needs_date
    return bool((form.since and day < form.since[: len(day)]) or (form.until and day > form.until[: len(day)]))


def inside_other(text: str, start: int, end: int, context: Context) -> str | None:
    """Give the neighbour that makes the name part of another proper name, or None."""
    if context.inside_after and (found := context.inside_after.after(text, end)):
        excepted = context.inside_after_not and context.inside_after_not.after(text, end)
        return None if excepted else found
    if context.inside_before and (found := context.inside_before.before(text, start)):
        return found
    if context.inside_suffix and (found := suffix(text, end, context.inside_suffix)):
        return found
    if context.inside_run_before and (found := _run(text, start, end, context.inside_run_before)):
        return found
    return context.heads.find_after(text, end) or context.heads.find_before(text, start)


def suffix(text: str, end: int, suffixes: tuple[str, ...]) -> str | None:
    """Give the ending, of those listed, that the word going on at ``end`` has before its particle, or None."""
    last = end
    while last < len(text) and last - end < _LONGEST_SUFFIXED and text[last].isalnum():
        last += 1
    return _ending(text[end:last], suffixes) if last > end else None


@lru_cache(maxsize=20_000)
def _ending(word: str, suffixes: tuple[str, ...]) -> str | None:
    stems = [word, *(word[: -len(particle)] for particle in _PARTICLES if word.endswith(particle))]
    ended = [stem for stem in stems if stem.endswith(suffixes)]
    return next((ending for ending in suffixes for stem in ended if stem.endswith(ending)), None)


def _run(text: str, start: int, end: int, heads: tuple[str, ...]) -> str | None:
    """Find the head that begins the unbroken run of letters which the name ends.

    Thai and Lao write no spaces within a name, and one after it; a run that goes on
    behind the name is as likely a clause.
    """
    if text[end : end + 1].isalpha():
        return None
    run = text[max(0, start - LONGEST_RUN) : start]
    run = run[max(run.rfind(" "), run.rfind("\n")) + 1 :]
    return next((head for head in heads if run.startswith(head)), None)


def veto(form: Form, text: str, start: int, end: int) -> str | None:
    """Give the word that speaks against the form here, or None."""
    if form.veto_before and (found := form.veto_before.before(text, start)):
        return found
    if form.veto_after and (found := form.veto_after.after(text, end)):
        return found
    if form.veto_near:
        return form.veto_near.find(text, *around(text, start, end, _REACH))
    return None


def listed_language(form: Form, text: str, start: int, end: int) -> str | None:
    """Give the word that opens a list of languages in which the name stands, or None."""
    languages = form.context.languages
    if languages is None or form.form_class not in languages.classes:
        return None
    return languages.find_before(text, start, end)


def cue(form: Form, text: str, start: int, end: int) -> str | None:
    """Give the word that speaks for the form here, or None."""
    if form.cue_before and (found := form.cue_before.before(text, start)):
        return found
    if form.cue_after and (found := form.cue_after.after(text, end)):
        return found
    if form.cue_near:
        return form.cue_near.find(text, *around(text, start, end, _REACH))
    return None


def which_korea(text: str, start: int, end: int, south: list[int], north: list[int]) -> str:
    """Tell South from North by the words around a bare Korea: first its sentence, then the whole text.

    Words for the North elsewhere in the text decide nothing: whoever writes about
    Pyongyang and says "Korea" may mean either, or both.

    Args:
        text: the text.
        start: where the bare Korea begins …
        end: … and ends.
        south: positions of words that speak for the South, ascending.
        north: the same for the North.

    Returns:
        ``KR`` or ``KP`` where only one side's words are there, else ``KOREA``.
    """
    first, last = around(text, start, end, _REACH)
    is_south, is_north = _any_within(south, first, last), _any_within(north, first, last)
    if is_south != is_north:
        return "KR" if is_south else "KP"
    return "KR" if south and not north else "KOREA"


def _any_within(positions: list[int], first: int, last: int) -> bool:
    at = bisect_left(positions, first)
    return at < len(positions) and positions[at] < last
