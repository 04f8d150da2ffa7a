"""The report as one HTML page: what stands in it, ready for the template.

Everything from documents goes through the template's escaping. The page allows
itself no network at all, and runs only the scripts whose hashes its policy names.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final

import altair as alt
import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from corpus.model import ENTITY_NAMES, NARRATIVE_NAMES
from corpus.settings import Settings
from corpus.store import Evidence
from results import awareness_charts, sentences, talk, words
from results.basis import Basis
from results.charts import DIRECTIONS, Picture, pictures
from results.choices import choices, with_choices
from results.drawings import drawings
from results.evidence import Behind
from results.excerpts import Excerpt, clean, excerpt, safe_link
from results.language import day, folder_name, plural, quarter, say, spoken, translated
from results.measure import Measure
from results.quarterly import QuarterResults
from results.scorecard import scorecard
from results.sections import WordBehind, sections
from results.visibility import ASEAN_TARGETS, KOREA, KOREA_TARGETS

HEADLINES: Final = (
    ("brand", "ASEAN", "Brand share", "korea"),
    ("attention", "ASEAN", "ASEAN in Korea's narrative", "korea"),
    ("attention", KOREA, "Korea in ASEAN's narrative", "asean"),
    ("symmetry", "ASEAN", "Symmetry", "both"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure in a table, in words."""

    id: str
    label: str
    value: str
    interval: str
    sample: str
    ratio: str
    outlets: str
    previous: str
    year: str
    reason: str
    notes: tuple[str, ...]
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Lead:
    """A headline figure, in large print and small."""

    title: str
    line: Line
    big: str
    range: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A document behind a figure, as it is shown."""

    words: Excerpt
    language: str
    outlet: str
    day: str
    kind: str
    title: str
    link: str | None
    copies: int


@dataclass(frozen=True, slots=True)
class Block:
    """The evidence of some figures, as it is shown."""

    id: str
    title: str
    figures: tuple[tuple[str, str], ...]
    quotes: tuple[Quote, ...]
    total: int


def render(  # noqa: PLR0913, PLR0917 all that a page is made of
    results: QuarterResults,
    basis: Basis,
    behind: tuple[Behind, ...],
    settings: Settings,
    versions: dict[str, str],
    word_behind: tuple[WordBehind, ...] = (),
) -> str:
    """Write the page. The same results give the same text."""
    environment = Environment(
        loader=PackageLoader("results"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.newstyle_gettext = True  # type: ignore[attr-defined] # the extension's own, which has no type
    environment.globals |= {"gettext": _gettext}
    environment.filters["language_name"] = sentences.language_name
    environment.filters["short"] = partial(short, gaps=results.incomplete)
    script = _source(environment, "report.js")
    current = [*(m for m in results.measures if m.quarter == results.quarter), *results.talk, *results.topic_figures]
    drawn = pictures(results) | drawings(results) | talk.drawn(results) | awareness_charts.drawn(results.awareness)
    tables = _tables(results, behind)
    return environment.get_template("report.html.jinja").render(
        language=spoken(),
        title=say(clean(settings.title).replace("{", "{{").replace("}", "}}")),
        folder=folder_name(results.quarter),
        quarter=results.quarter,
        this=quarter(results.quarter),
        last_quarter=quarter(results.quarter.previous),
        last_year=quarter(results.quarter.year_before),
        first_day=day(results.quarter.first),
        last_day=day(results.quarter.last),
        rests=_rests(basis, settings),
        left_out=[say("{n:,} {what}", n=n, what=what) for what, n in basis.left_out],
        settings=settings,
        confidence=say("{number}\N{NO-BREAK SPACE}%", number=f"{settings.measure.confidence * 100:g}"),
        incomplete=results.incomplete,
        leads=_leads(results, behind),
        tables=tables,
        claims=scorecard(results),
        topics=[
            (caption, [_line(m, said, behind) for m, said in figures], quality)
            for caption, figures, quality in talk.topic_tables(results)
        ],
        charts={name: _chart(picture) for name, picture in drawn.items()},
        found=sections(results, word_behind),
        basis=basis,
        sides={narrative: words.side(narrative) for narrative in NARRATIVE_NAMES},
        blocks=[*map(_block, behind), *map(_word_block, word_behind)],
        given=sum(m.value is not None for m in current),
        refused=sum(m.value is None for m in current),
        year=quarter((results.talk[0].quarter if results.talk else results.quarter).previous),
        style=Markup(_source(environment, "report.css")),  # noqa: S704 our own file
        scripts=[Markup(_bundle()), Markup(script)],  # noqa: S704 Vega's bundle, and our own file
        policy=_policy(_bundle(), script),
        versions=versions,
    )


def _gettext(message: str, **values: object) -> Markup:
    return translated(message, values)


def short(text: str, gaps: tuple[str, ...]) -> str:
    """Leave out what a gap of the whole quarter is: the page says it once, at its head."""
    for gap in gaps:
        text = text.replace(gap, say("the quarter is incomplete, as said at the head"))
    return text


def _rests(basis: Basis, settings: Settings) -> str:
    numbers = {
        "documents": sum(side.documents for side in basis.sides),
        "outlets": plural("{n} outlet", "{n} outlets", sum(side.outlets for side in basis.sides)),
    }
    if len(settings.measure.kinds) > 1:
        return say("It rests on {documents:,} documents of {outlets}.", **numbers)
    return say(
        "It rests on {documents:,} documents of {outlets} ({kind} only).",
        kind=say(settings.measure.kinds[0]),
        **numbers,
    )


# -- scripts -------------------------------------------------------------


@lru_cache(maxsize=1)
def _bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, of the version that altair writes for."""
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    # "</script" within a string would end the element; the browser reads "\r\n" as "\n", which would change the hash.
    return (
        str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=version))
        .replace("</script", "<\\/script")
        .replace("\r\n", "\n")
    )


def _policy(*scripts: str) -> str:
    """Forbid everything but these scripts and inline style.

    No 'unsafe-eval': the page has Vega interpret its expressions (``ast: true``;
    the interpreter is in Vega-Embed's bundle). Style attributes, which Vega sets,
    need 'unsafe-inline'; style can load nothing, since nothing may be loaded.
    """
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts
    )
    return f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def _source(environment: Environment, name: str) -> str:
    assert environment.loader is not None  # noqa: S101 `render` has given one
    return environment.loader.get_source(environment, name)[0]


def _chart(picture: Picture) -> dict[str, Any]:
    spec = json.dumps(with_choices(picture.spec), ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    return {
        "name": picture.name,
        "title": picture.title,
        "alternative": picture.alternative,
        "missing": picture.missing,
        "choices": choices(picture.spec),
        "spec": Markup(spec),  # noqa: S704 JSON in which no "<" is left
    }


# -- figures -------------------------------------------------------------


def _leads(results: QuarterResults, behind: tuple[Behind, ...]) -> list[Lead]:
    found = [
        (title, m) for name, target, title, side in HEADLINES for m in results.now(name, target) if m.narrative == side
    ]
    return [_lead(m, _line(m, say(title), behind)) for title, m in found]


def _lead(measure: Measure, line: Line) -> Lead:
    if measure.value is not None and measure.low is not None and measure.high is not None and measure.scale == "log2":
        big = say("{number} times", number=words.ratio(measure.value))
        small = say(
            "{low} to {high} times; index {index}",
            low=words.ratio(measure.low),
            high=words.ratio(measure.high),
            index=line.value,
        )
    else:
        big, small = line.value, line.interval or say("not given")
    return Lead(line.label, line, big, small, words.headline(measure))


def _tables(results: QuarterResults, behind: tuple[Behind, ...]) -> dict[str, list[tuple[str, list[Line]]]]:
    """Give every figure of the quarter its place: sections of (caption, lines)."""
    units = ("documents", "stories", "headlines", "sentences")
    parts = results.now("brand-part")
    return {
        "frames": [
            (caption, [_line(m, said, behind) for m, said in figures]) for caption, figures in talk.tables(results)
        ],
        "brand": [
            (
                "",
                [
                    *(_line(m, say("ASEAN, of ASEAN or Southeast Asia"), behind) for m in results.now("brand")),
                    *(_line(m, say("of these: {part}", part=words.target(m.target)), behind) for m in parts),
                    *(
                        _line(m, say("ASEAN, of ASEAN, the region or any member"), behind)
                        for m in results.now("institution")
                    ),
                ],
            )
        ],
        "members": [
            (say("In Korea's narrative"), _members(results, "attention", behind)),
            (say("Of the documents naming any member, those that name each"), _profile(results, behind)),
            (
                say("Of the documents naming the member, those that also name ASEAN"),
                _members(results, "comention", behind),
            ),
            (
                say("Korea in each member's outlets"),
                [
                    _line(m, words.entity(m.name.removeprefix("korea-in-")), behind)
                    for m in sorted(results.measures, key=_member)
                    if m.quarter == results.quarter and m.name.startswith("korea-in-")
                ],
            ),
        ],
        "copies": [
            (
                say("Attention in documents, divided by attention in stories"),
                [_line(m, say(DIRECTIONS[m.narrative]), behind) for m in results.now("reach")],
            ),
            (
                say("Of the documents naming it, those that reprint an earlier one"),
                [_line(m, say(DIRECTIONS[m.narrative]), behind) for m in results.now("reprinted")],
            ),
        ],
        "symmetry": [
            (say("The two narratives, by what counts as ASEAN's side"), _symmetries(results, behind)),
            (
                say("Each member with Korea"),
                [_line(m, words.entity(m.target), behind) for m in sorted(results.now("symmetry-member"), key=_member)],
            ),
        ],
        "attention": [
            (
                words.placed(target, side),
                [_line(results.one("attention", target, unit), say(_UNITS[unit]), behind) for unit in units],
            )
            for side, targets in (("korea", ASEAN_TARGETS), ("asean", KOREA_TARGETS))
            for target in targets
        ],
    }


# Above this part of their number, outlets are as good as equal in size.
_UNEQUAL: Final = 0.8
_UNITS: Final = {
    "documents": "documents, all copies",
    "stories": "stories, one of all copies",
    "headlines": "headlines",
    "sentences": "sentences",
}


def _members(results: QuarterResults, name: str, behind: tuple[Behind, ...]) -> list[Line]:
    chosen = [m for m in results.now(name) if m.target.removeprefix("ASEAN&") in ENTITY_NAMES]
    chosen = [m for m in chosen if m.target not in {"ASEAN", "SEA", "KR"}]
    return [_line(m, words.target(m.target), behind) for m in sorted(chosen, key=lambda m: words.target(m.target))]


def _profile(results: QuarterResults, behind: tuple[Behind, ...]) -> list[Line]:
    own = results.now("profile")
    with_asean = [_line(m, say("any member, together with ASEAN"), behind) for m in own if "&" in m.target]
    each = sorted((m for m in own if "&" not in m.target), key=_member)
    return [*(_line(m, words.target(m.target), behind) for m in each), *with_asean]


def _member(measure: Measure) -> str:
    code = measure.name.removeprefix("korea-in-") if measure.name.startswith("korea-in-") else measure.target
    return words.entity(code) if code in ENTITY_NAMES else code


def _symmetries(results: QuarterResults, behind: tuple[Behind, ...]) -> list[Line]:
    strict = say("ASEAN; Korea only where South Korea is named as such")
    return [
        *(_line(m, words.target(m.target), behind) for m in results.now("symmetry")),
        *(_line(m, strict, behind) for m in results.now("symmetry-KR")),
    ]


def _line(measure: Measure, label: str, behind: tuple[Behind, ...]) -> Line:
    own = [b for b in behind if measure in b.figures]
    names = _short_names(own)
    return Line(
        id=f"figure-{measure.id}",
        label=label,
        value=words.value(measure),
        interval=words.interval(measure),
        sample=words.sample(measure),
        ratio=words.as_ratio(measure),
        outlets=_outlets(measure),
        previous=words.change(measure, measure.previous),
        year=words.change(measure, measure.year),
        reason=measure.reason,
        notes=measure.flags if measure.value is not None else measure.flags[1:],
        links=tuple(zip((b.id for b in own), names, strict=True)),
    )


def _short_names(behind: list[Behind]) -> tuple[str, ...]:
    """Name the links to evidence: by side, or by number where both are of one side."""
    if len(behind) == 1:
        return (say("evidence"),)
    sides = tuple(say("Korea") if b.id.startswith("evidence-korea") else say("ASEAN") for b in behind)
    told = sides if len(set(sides)) == len(sides) else tuple(str(n) for n in range(1, len(sides) + 1))
    return tuple(say("evidence ({which})", which=name) for name in told)


def _outlets(measure: Measure) -> str:
    if not measure.outlets:
        return say("no outlet")
    said = plural("{n} outlet", "{n} outlets", measure.outlets)
    if measure.effective_outlets >= _UNEQUAL * measure.outlets:
        return said
    return say("{outlets}, weighing like {n:.1f} equal ones", outlets=said, n=measure.effective_outlets)


# -- evidence ------------------------------------------------------------


def _block(behind: Behind) -> Block:
    return Block(
        id=behind.id,
        title=behind.title,
        figures=tuple((f"figure-{m.id}", words.title(m)) for m in behind.figures),
        quotes=tuple(_quote(e) for e in behind.found),
        total=behind.total,
    )


def _word_block(word: WordBehind) -> Block:
    quotes = tuple(_quote(e) for e in word.found)
    return Block(word.id, word.title, ((word.row, say("the word in its table")),), quotes, word.total)


def _quote(found: Evidence) -> Quote:
    return Quote(
        words=excerpt(found),
        language="" if found.language == "und" else found.language,
        outlet=clean(found.outlet),
        day=day(found.day),
        kind=found.kind,
        title="" if found.field == "title" else clean(found.title),
        link=safe_link(found.url),
        copies=found.copies,
    )
