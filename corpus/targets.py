"""The targets a narrative is counted for: entities, and the combinations measures need.

Documents that name "ASEAN or Southeast Asia" cannot be got by adding those that
name each, so every combination a measure rests on is counted as a target of its
own. A target is a question to the set of entities that a document (or a
sentence, or a title) names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from corpus.calendar import is_member
from corpus.model import ENTITIES, FORM_CLASSES, MEMBERS

EVERYTHING: Final = "*"
NAMED: Final = "named"

# What counts as naming a state or organisation when nothing else is asked for:
# every class but capitals (Seoul, Jakarta stand for the city as often as for the
# state) and names inside other proper names.
NAMED_CLASSES: Final = frozenset({"official", "common", "demonym", "abbreviation", "body", "event"})
WITH_CAPITALS: Final = NAMED_CLASSES | {"capital"}
NAMED_OR_CAPITAL: Final = "named+capital"


@dataclass(frozen=True, slots=True)
class Target:
    """A named question to the entities of one text.

    Attributes:
        name: as it stands in the counts.
        label: in words.
        holds: takes the entities named and those that were members on the day.
        entities: what evidence must name (any of these) …
        also: … and any of these too …
        without: … and none of these.
    """

    name: str
    label: str
    holds: Callable[[frozenset[str], frozenset[str]], bool]
    entities: tuple[str, ...]
    also: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


def members_on(day: str) -> frozenset[str]:
    """Give the states that were members on a day (an ISO prefix)."""
    return frozenset(state for state in MEMBERS if is_member(state, day))


def _entity(code: str) -> Target:
    return Target(code, code, lambda named, _: code in named, (code,))


def _with_asean(code: str) -> Target:
    return Target(
        f"ASEAN&{code}",
        f"{code} together with ASEAN",
        lambda named, _: {code, "ASEAN"} <= named,
        (code,),
        also=("ASEAN",),
    )


_COMBINED: Final = (
    Target(
        "ASEAN|SEA",
        "ASEAN or Southeast Asia",
        lambda named, _: not named.isdisjoint({"ASEAN", "SEA"}),
        ("ASEAN", "SEA"),
    ),
    Target(
        "ASEAN-SEA",
        "ASEAN and not Southeast Asia",
        lambda n, _: "ASEAN" in n and "SEA" not in n,
        ("ASEAN",),
        without=("SEA",),
    ),
    Target(
        "SEA-ASEAN",
        "Southeast Asia and not ASEAN",
        lambda n, _: "SEA" in n and "ASEAN" not in n,
        ("SEA",),
        without=("ASEAN",),
    ),
    _with_asean("SEA"),
    Target("MEMBER", "any member state", lambda named, members: not named.isdisjoint(members), MEMBERS),
    Target(
        "ASEAN&MEMBER",
        "a member state together with ASEAN",
        lambda named, members: "ASEAN" in named and not named.isdisjoint(members),
        MEMBERS,
        also=("ASEAN",),
    ),
    Target(
        "ANY",
        "ASEAN, the region or any member state",
        lambda named, members: not named.isdisjoint(members | {"ASEAN", "SEA"}),
        ("ASEAN", "SEA", *MEMBERS),
    ),
    Target(
        "KR|KOREA", "South Korea, or Korea undecided", lambda n, _: not n.isdisjoint({"KR", "KOREA"}), ("KR", "KOREA")
    ),
)

TARGETS: Final[dict[str, Target]] = {
    target.name: target for target in (*map(_entity, ENTITIES), *_COMBINED, *map(_with_asean, MEMBERS))
}

# Changes with what a unit is. Raise it when documents, stories, sentences or headlines are told otherwise.
_UNITS: Final = "1"
COUNTED_BY: Final = hashlib.sha256(
    repr(
        (
            _UNITS,
            [(t.name, t.entities, t.also, t.without) for t in TARGETS.values()],
            FORM_CLASSES,
            sorted(NAMED_CLASSES),
            sorted(WITH_CAPITALS),
        )
    ).encode()
).hexdigest()[:12]
"""What counts were counted by: counts made by other targets or classes are made anew."""
