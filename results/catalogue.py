"""The measures by name: what each is in a line, how it may be divided, and how it is computed.

A new measure of shares is one entry here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from corpus.calendar import Quarter
from corpus.errors import InputError
from corpus.model import ENTITY_NAMES, MEMBERS, NARRATIVES, Narrative
from corpus.targets import TARGETS, members_on
from results import reprints, symmetry, visibility
from results.cells import UNITS, Unit
from results.estimate import Estimator, Question
from results.figures import share
from results.framing import framings
from results.measure import Measure
from results.weekly import DIRECTIONS

Group = Literal["member", "outlet", "language", "kind"]
GROUPS: Final[tuple[Group, ...]] = get_args(Group)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which of a measure's figures are wanted; None is all it has.

    Attributes:
        narrative: whose talk.
        target: what for, as in `corpus.targets.TARGETS`.
        unit: what is counted.
        member: whether it is divided by member state.
    """

    narrative: Narrative | None = None
    target: str | None = None
    unit: Unit | None = None
    member: bool = False

    def takes(self, measure: Measure) -> bool:
        """Tell whether a figure is among what is wanted."""
        return (
            self.narrative in {None, measure.narrative}
            and self.target in {None, measure.target}
            and self.unit in {None, measure.unit}
        )


Compute = Callable[[Estimator, Quarter, Asked], Sequence[Measure]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A measure.

    Attributes:
        name: as the command line takes it.
        about: what it is, in a line.
        by: how it may be divided.
        compute: gives its figures for a quarter (or a span).
        units: what it is counted in.
    """

    name: str
    about: str
    by: tuple[Group, ...]
    compute: Compute
    units: tuple[Unit, ...] = ("documents",)


def find(name: str) -> tuple[Entry, ...]:
    """Give the measure of a name, or every one for ``all``.

    Raises:
        InputError: there is none; the message lists what there is.
    """
    if name == "all":
        return tuple(ENTRIES.values())
    if name not in ENTRIES:
        raise InputError(f"There is no measure {name!r}. There are: {', '.join(ENTRIES)}; or all.")
    return (ENTRIES[name],)


def check(entry: Entry, asked: Asked, by: Group | None) -> None:
    """Refuse what a measure can't be asked.

    Raises:
        InputError: names what is wrong and what is allowed.
    """
    if by is not None and by not in entry.by:
        allowed = ", ".join(entry.by) or "nothing but time"
        raise InputError(f"{entry.name} can't be divided by {by}. It can be divided by: {allowed}.")
    if asked.unit is not None and asked.unit not in entry.units:
        raise InputError(f"{entry.name} is not counted in {asked.unit}. It is counted in: {', '.join(entry.units)}.")


def _attention(estimator: Estimator, quarter: Quarter, asked: Asked) -> list[Measure]:
    if asked.member and asked.target is not None:
        return _in_members(estimator, quarter, asked)
    if asked.member:
        wanted: list[tuple[Narrative, str]] = [
            (narrative, code) for narrative in _sides(asked, "korea") for code in _members(quarter)
        ]
    elif asked.target is not None:
        wanted = [(narrative, asked.target) for narrative in _sides(asked)]
    else:
        wanted = [("korea", target) for target in visibility.ASEAN_TARGETS]
        wanted += [("asean", target) for target in visibility.KOREA_TARGETS]
    units = _units(asked, UNITS if not asked.member else ("documents",))
    return [visibility.attention(estimator, side, target, quarter, unit) for side, target in wanted for unit in units]


def _in_members(estimator: Estimator, quarter: Quarter, asked: Asked) -> list[Measure]:
    """Give how visible a target is in each member's outlets."""
    target = asked.target or visibility.KOREA
    return [
        share(
            estimator,
            f"attention-in-{code}",
            Question("asean", target, unit=unit, country=code),
            quarter,
            f"{unit} of {ENTITY_NAMES[code]}'s outlets that name {TARGETS[target].label}, per outlet, then averaged",
        )
        for code in _members(quarter)
        for unit in _units(asked, ("documents",))
    ]


def _korea_in(estimator: Estimator, quarter: Quarter, asked: Asked) -> list[Measure]:
    if asked.unit in {None, "documents"}:
        return [visibility.korea_in(estimator, code, quarter) for code in _members(quarter)]
    found = _in_members(estimator, quarter, replace(asked, target=visibility.KOREA))
    return [replace(m, name=m.name.replace("attention-in-", "korea-in-")) for m in found]


def _symmetry(estimator: Estimator, quarter: Quarter, asked: Asked) -> list[Measure]:
    if asked.member:
        return [symmetry.member_symmetry(estimator, code, quarter) for code in _members(quarter)]
    return [symmetry.symmetry(estimator, asean, korea, quarter) for asean, korea in symmetry.DEFINITIONS]


def _sides(asked: Asked, usual: Narrative | None = None) -> Iterator[Narrative]:
    if asked.narrative is not None:
        yield asked.narrative
    elif usual is not None:
        yield usual
    else:
        yield from NARRATIVES


def _units(asked: Asked, usual: Sequence[Unit]) -> Sequence[Unit]:
    return usual if asked.unit is None else (asked.unit,)


def _members(quarter: Quarter) -> tuple[str, ...]:
    today = members_on(quarter.last.isoformat())
    return tuple(code for code in MEMBERS if code in today)


_EVERY: Final[tuple[Group, ...]] = GROUPS
_SHARE: Final[tuple[Group, ...]] = ("outlet", "language", "kind")

ENTRIES: Final[dict[str, Entry]] = {
    entry.name: entry
    for entry in (
        Entry(
            "attention",
            "how visible a target is: what names it, of everything; by member: each state in Korea's narrative, "
            "or with --target, that target in each state's outlets",
            _EVERY,
            _attention,
            UNITS,
        ),
        Entry(
            "brand",
            "of what names ASEAN or Southeast Asia in Korea's narrative, the share that names ASEAN",
            _SHARE,
            lambda estimator, quarter, _: [visibility.brand(estimator, quarter)],
        ),
        Entry(
            "brand-part",
            "the same in three parts: only ASEAN, both, only Southeast Asia",
            _SHARE,
            lambda estimator, quarter, _: visibility.brand_parts(estimator, quarter),
        ),
        Entry(
            "institution",
            "of what names ASEAN, the region or any member in Korea's narrative, the share that names ASEAN",
            _SHARE,
            lambda estimator, quarter, _: [visibility.institution(estimator, quarter)],
        ),
        Entry(
            "comention",
            "for each member: of what names it in Korea's narrative, the share that also names ASEAN",
            _EVERY,
            lambda estimator, quarter, _: visibility.comentions(estimator, quarter),
        ),
        Entry(
            "profile",
            "of what names any member in Korea's narrative, the share that names each, and that also names ASEAN",
            _EVERY,
            lambda estimator, quarter, _: visibility.profile(estimator, quarter),
        ),
        Entry(
            "reach",
            "log2 of the share of documents, every copy counted, over the share of stories: what reprints add",
            _SHARE,
            lambda estimator, quarter, _: [
                reprints.reach(estimator, side, target, quarter) for side, target in DIRECTIONS
            ],
        ),
        Entry(
            "reprinted",
            "of the documents that name the other side, the share that are copies of an earlier one",
            _SHARE,
            lambda estimator, quarter, _: [
                reprints.reprinted(estimator, side, target, quarter) for side, target in DIRECTIONS
            ],
        ),
        Entry(
            "korea-in",
            "for each member: how visible Korea is in its outlets",
            ("member", "language", "kind"),
            _korea_in,
            UNITS,
        ),
        Entry(
            "symmetry",
            "log2 of ASEAN's visibility in Korea's narrative over Korea's in ASEAN's, in each definition; "
            "by member: each state and Korea, in each other's outlets",
            ("member", "kind"),
            _symmetry,
        ),
        Entry(
            "framing",
            "what the talk around ASEAN, the region, members or Korea is about: frames, pillars, scales, directions, "
            "and the essay's claims on them as ratios",
            _SHARE,
            lambda estimator, quarter, _: list(framings(estimator, quarter)),
        ),
    )
}


def listed() -> list[tuple[str, ...]]:
    """Give each measure's name, meaning, parts and units, to be read."""
    return [(e.name, e.about, ", ".join(e.by), ", ".join(e.units)) for e in ENTRIES.values()]
