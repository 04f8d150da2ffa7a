"""Hand-coding: a random sample of mentions, and what coders say of it.

The sheet's rows name the mention (document, field, place), the hash of the text and
the lexicon it was found by, so that a sheet that is older than the store is noticed; and
how the sample was drawn, so that the file alone is enough to estimate from.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np

from corpus.errors import InputError
from corpus.store import Store
from corpus.store.evidence import Named
from results.agreement import Agreement, agreement
from results.precision import Precision, Stratum, precision

StratifyBy = Literal["outlet", "language", "entity", "form_class"]
STRATA: Final[tuple[StratifyBy, ...]] = ("outlet", "language", "entity", "form_class")
SAMPLE: Final = 200
CODERS: Final = (1, 2)
UNSURE: Final = "?"
NO_NAME: Final = "none"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A mention in the sample.

    Attributes:
        mention: which.
        stratum: the part it was drawn from; "" where the sample is a simple one.
        of: how many mentions that part has.
        drawn: how many of them are in the sample.
    """

    mention: Named
    stratum: str
    of: int
    drawn: int

    @property
    def key(self) -> str:
        """What identifies the mention; no spreadsheet takes it for a number."""
        m = self.mention
        return f"{m.document}:{m.field}:{m.start}"


def draw(mentions: Sequence[Named], size: int, seed: int, by: StratifyBy | None = None) -> list[Drawn]:
    """Draw a sample without replacement, in random order, the same for the same mentions and seed.

    Args:
        mentions: all there are.
        size: how many to draw; all, where there are fewer.
        seed: of the draw.
        by: None: each mention is as likely as another. Else each part gets as nearly the same number
            as it has mentions for, so that small parts are judged too; the estimate weighs them back.

    Raises:
        InputError: there are more parts than ``size``, so that some would have none.
    """
    strata: dict[str, list[Named]] = defaultdict(list)
    for mention in mentions:
        strata[getattr(mention, by) if by else ""].append(mention)
    if len(strata) > size:
        raise InputError(f"There are {len(strata)} parts by {by}, more than a sample of {size}. Draw more, or simply.")
    sizes = _allotted({name: len(of) for name, of in strata.items()}, size)
    rng = np.random.default_rng([seed, len(mentions)])
    found = [
        Drawn(strata[name][n], name, len(strata[name]), sizes[name])
        for name in sorted(strata)
        for n in rng.choice(len(strata[name]), sizes[name], replace=False)
    ]
    return [found[n] for n in rng.permutation(len(found))]


def _allotted(have: Mapping[str, int], size: int) -> dict[str, int]:
    """Share out evenly; what a part can't fill goes to the others."""
    allotted, left, rest = {}, size, sorted(have, key=lambda name: (have[name], name))
    while rest:
        name = rest.pop(0)
        allotted[name] = min(have[name], left // (len(rest) + 1))
        left -= allotted[name]
    return allotted


# -- coded ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a coder says of a mention.

    Attributes:
        right: whether it is one, and of that entity; None: the coder is unsure.
        entity: where it is wrong, whose name it is instead, or ``none``.
        note: anything.
    """

    right: bool | None
    entity: str = ""
    note: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class CodedRow:
    """A row of a coded sheet.

    Attributes:
        key: `Drawn.key`.
        hash: of the text, when it was drawn.
        lexicon: version that found the mention.
        entity: as tagged.
        stratum: part it was drawn from.
        of: mentions of that part.
        drawn: of them, drawn.
        sample: identifies the draw.
        name: the name as printed.
        judgements: by coder.
    """

    key: str
    hash: str
    lexicon: str
    entity: str
    stratum: str
    of: int
    drawn: int
    sample: str
    name: str
    judgements: Mapping[int, Judgement]

    @property
    def place(self) -> tuple[str, str, int]:
        """Document, field, and first character."""
        document, where, start = self.key.split(":")
        return document, where, int(start)


@dataclass(frozen=True, slots=True)
class Report:
    """What coded sheets say.

    Attributes:
        drawn: mentions in the sample.
        missing: of them, in no sheet any more.
        changed: keys of those whose text or mention is no longer what was coded.
        strict: precision, a mention being right when no coder who judged it says it is wrong.
        by_coder: each coder's own.
        right: agreement on whether mentions are right.
        entities: agreement on whose names they are.
        disputed: keys on which coders differ.
        unsure: how many judgements were "?".
        wrong: (key, name, tagged entity, entity it should be) of what some coder found wrong.
        by: how the sample was stratified, in parts: their estimates.
    """

    drawn: int
    missing: int
    changed: tuple[str, ...]
    strict: Precision
    by_coder: Mapping[int, Precision]
    right: Agreement
    entities: Agreement
    disputed: tuple[str, ...]
    unsure: int
    wrong: tuple[tuple[str, str, str, str], ...]
    by: Mapping[str, Precision] = field(default_factory=dict)


def merged(sheets: Iterable[tuple[str, Sequence[CodedRow]]]) -> list[CodedRow]:
    """Put sheets of one sample together: each coder may have filled in a copy.

    Raises:
        InputError: they are of different samples, or one coder says two things of a mention.
    """
    rows: dict[str, CodedRow] = {}
    origin: dict[tuple[str, int], str] = {}
    sample: tuple[str, str] | None = None
    for path, coded in sheets:
        for row in coded:
            if sample is not None and sample[1] != row.sample:
                raise InputError(f"{path} is of another sample than {sample[0]}. Read sheets of one sample together.")
            sample = sample or (path, row.sample)
            before = rows.get(row.key)
            judgements = dict(before.judgements) if before else {}
            for coder, judgement in row.judgements.items():
                if judgements.get(coder, judgement) != judgement:
                    raise InputError(
                        f"{path}: coder {coder} says something else of {row.key} than in {origin[row.key, coder]}. "
                        "If these are two coders, the second fills in the columns of coder 2."
                    )
                judgements[coder] = judgement
                origin[row.key, coder] = path
            rows[row.key] = replace(row, judgements=judgements)
    return list(rows.values())


def assess(rows: Sequence[CodedRow], confidence: float = 0.95, changed: tuple[str, ...] = ()) -> Report:
    """Estimate precision and agreement from coded rows.

    Raises:
        InputError: nothing is coded.
    """
    if not any(j.right is not None for row in rows for j in row.judgements.values()):
        raise InputError("Nothing is coded: fill in yes or no in the columns coder1_right (and coder2_right).")
    rng = np.random.default_rng(int(hashlib.sha256(rows[0].sample.encode()).hexdigest()[:12], 16))
    pairs = [(_right(row, 1), _right(row, 2)) for row in rows]
    named = [(_entity(row, 1), _entity(row, 2)) for row in rows]
    drawn = sum({row.stratum: row.drawn for row in rows}.values())
    strict = [None if not (said := [r for r in pair if r is not None]) else all(said) for pair in pairs]
    by_coder = {coder: [pair[coder - 1] for pair in pairs] for coder in CODERS}
    return Report(
        drawn=drawn,
        missing=drawn - len(rows),
        changed=changed,
        strict=precision(_strata(rows, strict), confidence),
        by_coder={
            coder: precision(_strata(rows, said), confidence)
            for coder, said in by_coder.items()
            if any(r is not None for r in said)
        },
        right=agreement(pairs, rng, confidence),
        entities=agreement(named, rng, confidence),
        disputed=tuple(
            row.key for row, (one, other) in zip(rows, named, strict=True) if one and other and one != other
        ),
        unsure=sum(j.right is None for row in rows for j in row.judgements.values()),
        wrong=tuple(
            (row.key, row.name, row.entity, "/".join(dict.fromkeys(j.entity for j in denied)))
            for row in rows
            if (denied := [j for j in row.judgements.values() if j.right is False])
        ),
        by={
            name: precision({name: stratum}, confidence)
            for name, stratum in _strata(rows, strict).items()
            if len({row.stratum for row in rows}) > 1
        },
    )


def _right(row: CodedRow, coder: int) -> bool | None:
    judgement = row.judgements.get(coder)
    return None if judgement is None else judgement.right


def _entity(row: CodedRow, coder: int) -> str | None:
    """Give whose name a coder takes it for."""
    judgement = row.judgements.get(coder)
    if judgement is None or judgement.right is None:
        return None
    return row.entity if judgement.right else judgement.entity


def _strata(rows: Sequence[CodedRow], right: Sequence[bool | None]) -> dict[str, Stratum]:
    found: dict[str, Stratum] = {}
    for name in sorted({row.stratum for row in rows}):
        said = [r for row, r in zip(rows, right, strict=True) if row.stratum == name and r is not None]
        of = next(row.of for row in rows if row.stratum == name)
        found[name] = Stratum(of, len(said), sum(said))
    return found


def changed_since(store: Store, rows: Sequence[CodedRow]) -> tuple[str, ...]:
    """Give the keys of coded mentions that the store no longer holds as they were coded."""
    documents = sorted({row.place[0] for row in rows})
    held, tagged = store.printed(documents), store.tagged_as(documents)
    return tuple(
        row.key
        for row in rows
        if row.place[0] not in held or held[row.place[0]].hash != row.hash or tagged.get(row.place) != row.entity
    )
