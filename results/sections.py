"""The sections of findings, ready for the template: sentences, tables and the evidence of words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from corpus.model import ENTITY_NAMES
from corpus.settings import Settings
from corpus.store import Evidence, Store
from results import contrasts, sentences, words
from results.contrasts import WordContrast, WordFigure
from results.drawings import marked
from results.excerpts import clean, safe_link
from results.moves import Taken
from results.quarterly import QuarterResults
from results.reprints import Reprinted
from results.timeline import IndexPoint, Timeline

# Words are many; each shows a few of its sentences.
SENTENCES_A_WORD: Final = 4
_SIDES: Final = {"korea": "Korea's narrative", "asean": "ASEAN's narrative"}


@dataclass(frozen=True, slots=True)
class WordBehind:
    """The sentences behind one word of a contrast.

    Attributes:
        id: of the evidence, fit for an address.
        row: of the word in its table.
        title: whose talk, naming what, with which word.
        found: some documents, each with the mention nearest to the word.
        total: how many documents have the word near the name.
    """

    id: str
    row: str
    title: str
    found: tuple[Evidence, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a plain table: its head, its cells, notes, and links (address, text)."""

    head: str
    cells: tuple[str, ...]
    id: str = ""
    notes: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a section: what is said, a chart, and a table.

    Attributes:
        title: heads it.
        said: sentences.
        chart: name of the picture, "" for none.
        columns: heads of the table.
        rows: of the table.
        folded: what opens the table, "" where it lies open.
    """

    title: str
    said: tuple[str, ...] = ()
    chart: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    folded: str = ""


def sections(results: QuarterResults, word_behind: tuple[WordBehind, ...]) -> dict[str, list[Part]]:
    """Give the parts of every section of findings."""
    compared = [one for one in results.contrasts if not one.refusals]
    return {
        "years": [_timeline(line) for line in results.timelines],
        "levels": [
            Part(
                _upper(sentences.subject(one.asked)),
                (
                    *sentences.level(one),
                    *(f"{_upper(note)}." for note in one.notes),
                    *([] if one.refusals else sentences.marks(marked(one, results.events))),
                ),
                f"levels-{one.asked.narrative}",
            )
            for one in results.levels
        ],
        "steps": _steps(results),
        "first": _first(results),
        "words": [
            *(_contrast(one, word_behind) for one in compared if one.words),
            _alike([one for one in compared if not one.words]),
        ],
        "not_compared": [_not_compared(results)],
        "reprinted": [_reprinted(one) for one in results.reprinted],
    }


def word_evidence(store: Store, results: QuarterResults, settings: Settings) -> tuple[WordBehind, ...]:
    """Fetch the sentences behind every word shown."""
    limit = min(SENTENCES_A_WORD, settings.report.evidence)
    return tuple(
        WordBehind(
            id=f"evidence-{found.id}-{number}",
            row=f"{found.id}-{number}",
            title=f"{_SIDES[found.narrative]} naming {_near(found, figure)} with “{figure.word.replace('_', ' ')}”",
            found=contrasts.sentences(store, settings.measure, found, figure, limit),
            total=figure.near,
        )
        for found in results.contrasts
        for number, figure in enumerate(found.words)
    )


def _near(found: WordContrast, figure: WordFigure) -> str:
    return words.target(found.first if figure.log_odds > 0 else found.second)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _timeline(line: Timeline) -> Part:
    points = {point.quarter: point for point in line.corrected.points}
    steady = {point.quarter: point for point in line.balanced.points}
    rows = tuple(
        Row(
            str(when),
            (_index(points.get(when)), _index(steady.get(when))),
            notes=points[when].flags if when in points else (),
        )
        for when in sorted(points.keys() | steady.keys())
    )
    return Part(
        title=_upper(sentences.subject(line.asked)),
        said=(
            *sentences.indices(line),
            *(f"{_upper(note)}." for note in line.corrected.notes),
        ),
        chart=f"timeline-{line.asked.name}-{line.asked.narrative}",
        columns=("Quarter", "Freed of the panel's changes", "Outlets there in every quarter", "The panel"),
        rows=rows,
        folded="The index in numbers" if rows else "",
    )


def _index(point: IndexPoint | None) -> str:
    if point is None or point.value is None:
        return "—"
    ends = "no interval" if point.low is None or point.high is None else f"{point.low:.0f} to {point.high:.0f}"
    return f"{point.value:.0f} ({ends}; {point.outlets} {'outlet' if point.outlets == 1 else 'outlets'})"


def _steps(results: QuarterResults) -> list[Part]:
    found = results.pairs
    if found is None:
        return []
    rows = tuple(
        Row(
            ENTITY_NAMES[step.member],
            (
                words.signed(step.value, 2),
                f"{words.signed(step.low, 2)} to {words.signed(step.high, 2)}",
                f"{step.p:.3f}",
                f"{step.q:.3f}",
            ),
            notes=("out of step",) if step.out else (),
        )
        for step in found.steps
    )
    left_out = tuple(f"Left out, {ENTITY_NAMES[code]}: {reason}." for code, reason in found.left_out)
    columns = ("Member", "log2 of its two parts", "Chance gives", "p", "q, corrected", "")
    folded = "Members left out" if left_out and not rows else "In numbers"
    listed = (*rows, *(Row(text, ("",) * 5) for text in left_out))
    return [Part("Read against chance", tuple(sentences.pairs(found)), "steps", columns, listed, folded)]


def _first(results: QuarterResults) -> list[Part]:
    parts = []
    for narrative, title in (("korea", "Korea, on ASEAN"), ("asean", "ASEAN's side, on Korea")):
        own = [one for one in results.leads if one.narrative == narrative]
        said = list(dict.fromkeys(sentences.lead(one) for one in own))
        spans = [one for one in own if one.first and one.last]
        if spans:
            one = spans[0]
            said.append(f"Looked at from {one.first} to {one.last}, {one.outlets[0]} and {one.outlets[1]} outlets.")
        parts.append(Part(title, tuple(said), f"lags-{narrative}"))
    taken = results.taken
    if taken is not None:
        said = [sentences.taken(taken)]
        if taken.effect is not None and taken.lifted is not None and taken.usual is not None and taken.year is not None:
            said += [
                _rests(taken),
                _rises(words.percent(taken.lifted, 0), words.percent(taken.usual, 0)),
                f"Against the year to {taken.year.against}: {sentences.points(taken.year)}.",
            ]
        parts.append(Part("The Secretariat's statements in Korean news", tuple(said)))
    return parts


def _rests(taken: Taken) -> str:
    days = f"{taken.statements} days with statements from {taken.first} to {taken.last}"
    return f"It rests on {days}, and on {taken.outlets} Korean outlets."


def _rises(after: str, usual: str) -> str:
    return f"The share rose after {after} of these days; by chance it would after {usual}."


def _near_either(figure: WordFigure) -> str:
    outlets = f"{figure.outlets} {'outlet' if figure.outlets == 1 else 'outlets'}"
    return f"{figure.first} and {figure.second} times, in {figure.documents} documents of {outlets}"


def _contrast(found: WordContrast, behind: tuple[WordBehind, ...]) -> Part:
    evidence = {one.row: one for one in behind}
    rows = []
    for number, figure in enumerate(found.words):
        id_ = f"{found.id}-{number}"
        rows.append(
            Row(
                head=figure.word.replace("_", " "),
                cells=(
                    _near(found, figure),
                    sentences.odds(figure),
                    _near_either(figure),
                    sentences.word_change(figure.year),
                ),
                id=id_,
                notes=figure.flags,
                links=((evidence[id_].id, "evidence"),) if id_ in evidence else (),
                language=found.language,
            )
        )
    columns = (
        "Word",
        "Goes with",
        "As likely there",
        "Near either name",
        f"Log-odds, since the year to {found.quarters[1].year_before}",
        "",
    )
    return Part(_title(found), (sentences.contrast(found),), found.id, columns if rows else (), tuple(rows))


def _alike(found: list[WordContrast]) -> Part:
    if not found:
        return Part("")
    rows = tuple(
        Row(_title(one), (f"{one.texts[0]:,} and {one.texts[1]:,}", f"{one.compared:,}"), id=one.id) for one in found
    )
    columns = ("Contrast", "Documents around either", "Words compared")
    return Part("Compared, and no word differs detectably", columns=columns, rows=rows)


def _title(found: WordContrast) -> str:
    language = sentences.LANGUAGE_NAMES.get(found.language, found.language)
    return f"{_SIDES[found.narrative]}, {language}: {words.target(found.first)} against {words.target(found.second)}"


def _not_compared(results: QuarterResults) -> Part:
    rows = tuple(Row(_title(one), (one.refusals[0],)) for one in results.contrasts if one.refusals)
    return Part(
        "Not compared", columns=("Contrast", "Why") if rows else (), rows=rows, folded="Not compared" if rows else ""
    )


def _reprinted(found: Reprinted) -> Part:
    side = f"{_upper(words.target(found.target))} in {_SIDES[found.narrative]}"
    rows = []
    for story in found.stories:
        link = safe_link(story.url)
        rows.append(
            Row(
                head=clean(story.title) or "without a title",
                cells=(clean(story.outlet), story.day, f"{story.documents:,}", f"{story.outlets:,}"),
                links=((link, "its page"),) if link else (),
                language="" if story.language == "und" else story.language,
            )
        )
    said = () if rows else ("No document of the panel that names it is a copy of another.",)
    columns = ("Story", "First in", "Day", "Documents", "Outlets", "") if rows else ()
    return Part(f"{side}: stories reprinted most", said, columns=columns, rows=tuple(rows))
