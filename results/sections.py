"""The sections of findings, ready for the template: sentences, tables and the evidence of words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from corpus.settings import Settings
from corpus.store import Evidence, Store
from results import awareness_words, contrasts, sentences, words
from results.contrasts import WordContrast, WordFigure
from results.drawings import marked
from results.excerpts import clean, safe_link
from results.language import day, plural, quarter, say
from results.moves import Lead, Taken
from results.part import Part, Row
from results.quarterly import QuarterResults
from results.reprints import Reprinted
from results.timeline import IndexPoint, Timeline

# Words are many; each shows a few of its sentences.
SENTENCES_A_WORD: Final = 4


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
        "awareness": awareness_words.parts(results.awareness) if results.awareness else [],
    }


def word_evidence(store: Store, results: QuarterResults, settings: Settings) -> tuple[WordBehind, ...]:
    """Fetch the sentences behind every word shown."""
    limit = min(SENTENCES_A_WORD, settings.report.evidence)
    return tuple(
        WordBehind(
            id=f"evidence-{found.id}-{number}",
            row=f"{found.id}-{number}",
            title=say(
                "{narrative} naming {target} with “{word}”",
                narrative=words.side(found.narrative),
                target=_near(found, figure),
                word=figure.word.replace("_", " "),
            ),
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
            quarter(when),
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
        columns=(
            say("Quarter"),
            _upper(say("freed of the panel's changes")),
            _upper(say("outlets there in every quarter")),
            say("The panel"),
        ),
        rows=rows,
        folded=say("The index in numbers") if rows else "",
    )


def _index(point: IndexPoint | None) -> str:
    if point is None or point.value is None:
        return "—"
    if point.low is None or point.high is None:
        ends = say("no interval")
    else:
        ends = say("{low} to {high}", low=f"{point.low:.0f}", high=f"{point.high:.0f}")
    outlets = plural("{n} outlet", "{n} outlets", point.outlets)
    return say("{value:.0f} ({interval}; {outlets})", value=point.value, interval=ends, outlets=outlets)


def _steps(results: QuarterResults) -> list[Part]:
    found = results.pairs
    if found is None:
        return []
    rows = tuple(
        Row(
            words.entity(step.member),
            (
                words.signed(step.value, 2),
                say("{low} to {high}", low=words.signed(step.low, 2), high=words.signed(step.high, 2)),
                f"{step.p:.3f}",
                f"{step.q:.3f}",
            ),
            notes=(say("out of step"),) if step.out else (),
        )
        for step in found.steps
    )
    left_out = tuple(Row(words.entity(code), (reason,)) for code, reason in found.left_out)
    columns = (say("Member"), say("log2 of its two parts"), say("Chance gives"), "p", say("q, corrected"), "")
    parts = [
        Part(
            say("Read against chance"),
            tuple(sentences.pairs(found)),
            "steps",
            columns if rows else (),
            rows,
            say("In numbers") if rows else "",
        )
    ]
    if left_out:
        title = say("Members left out")
        parts.append(Part(title, columns=(say("Member"), say("Why")), rows=left_out, folded=title))
    return parts


def _first(results: QuarterResults) -> list[Part]:
    parts = []
    for narrative, title in (("korea", say("Korea, on ASEAN")), ("asean", say("ASEAN's side, on Korea"))):
        own = [one for one in results.leads if one.narrative == narrative]
        said = list(dict.fromkeys(sentences.lead(one) for one in own))
        spans = [one for one in own if one.first and one.last]
        if spans:
            one = spans[0]
            said.append(_looked_at(one))
        parts.append(Part(title, tuple(said), f"lags-{narrative}"))
    taken = results.taken
    if taken is not None:
        said = [sentences.taken(taken)]
        if taken.effect is not None and taken.lifted is not None and taken.usual is not None and taken.year is not None:
            said += [
                _rests(taken),
                _rises(words.percent(taken.lifted, 0), words.percent(taken.usual, 0)),
                say(
                    "Against the year to {quarter}: {change}.",
                    quarter=quarter(taken.year.against),
                    change=sentences.points(taken.year),
                ),
            ]
        parts.append(Part(say("The Secretariat's statements in Korean news"), tuple(said)))
    return parts


def _looked_at(lead: Lead) -> str:
    return say(
        "Looked at from {first} to {last}, {leader} and {follower} outlets.",
        first=day(str(lead.first)),
        last=day(str(lead.last)),
        leader=lead.outlets[0],
        follower=lead.outlets[1],
    )


def _rests(taken: Taken) -> str:
    return say(
        "It rests on {n} days with statements from {first} to {last}, and on {outlets} Korean outlets.",
        n=taken.statements,
        first=day(str(taken.first)),
        last=day(str(taken.last)),
        outlets=taken.outlets,
    )


def _rises(after: str, usual: str) -> str:
    return say(
        "The share rose after {after} of these days; by chance it would after {usual}.", after=after, usual=usual
    )


def _near_either(figure: WordFigure) -> str:
    return plural(
        "{first} and {second} times, in {documents} documents of {n} outlet",
        "{first} and {second} times, in {documents} documents of {n} outlets",
        figure.outlets,
        first=figure.first,
        second=figure.second,
        documents=figure.documents,
    )


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
                links=((evidence[id_].id, say("evidence")),) if id_ in evidence else (),
                language=found.language,
            )
        )
    columns = (
        say("Word"),
        say("Goes with"),
        say("As likely there"),
        say("Near either name"),
        say("Log-odds, since the year to {quarter}", quarter=quarter(found.quarters[1].year_before)),
        "",
    )
    return Part(_title(found), (sentences.contrast(found),), found.id, columns if rows else (), tuple(rows))


def _alike(found: list[WordContrast]) -> Part:
    if not found:
        return Part("")
    rows = tuple(
        Row(
            _title(one),
            (say("{one:,} and {other:,}", one=one.texts[0], other=one.texts[1]), f"{one.compared:,}"),
            id=one.id,
        )
        for one in found
    )
    columns = (say("Contrast"), say("Documents around either"), say("Words compared"))
    return Part(say("Compared, and no word differs detectably"), columns=columns, rows=rows)


def _title(found: WordContrast) -> str:
    return say(
        "{narrative}, {language}: {one} against {other}",
        narrative=words.side(found.narrative),
        language=sentences.language_name(found.language),
        one=words.target(found.first),
        other=words.target(found.second),
    )


def _not_compared(results: QuarterResults) -> Part:
    rows = tuple(Row(_title(one), (one.refusals[0],)) for one in results.contrasts if one.refusals)
    title = say("Not compared")
    columns = (say("Contrast"), say("Why")) if rows else ()
    return Part(title, columns=columns, rows=rows, folded=title if rows else "")


def _reprinted(found: Reprinted) -> Part:
    rows = []
    for story in found.stories:
        link = safe_link(story.url)
        rows.append(
            Row(
                head=clean(story.title) or say("without a title"),
                cells=(clean(story.outlet), day(story.day), f"{story.documents:,}", f"{story.outlets:,}"),
                links=((link, say("its page")),) if link else (),
                language="" if story.language == "und" else story.language,
            )
        )
    said = () if rows else (say("No document of the panel that names it is a copy of another."),)
    columns = (say("Story"), say("First in"), say("Day"), say("Documents"), say("Outlets"), "") if rows else ()
    title = say("{subject}: stories reprinted most", subject=words.placed(found.target, found.narrative))
    return Part(title, said, columns=columns, rows=tuple(rows))
