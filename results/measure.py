"""What a measure is: a number with its interval, its sample and its evidence, or the reason why there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from corpus.calendar import Quarter
from corpus.model import Field, Kind, Narrative
from results.cells import Unit

Scale = Literal["share", "log2"]
Side = Literal["korea", "asean", "both"]

_SPELLED: Final = {"|": "-or-", "&": "-with-", "*": "all", "#": "-in-", ":": "-"}


@dataclass(frozen=True, slots=True)
class EvidenceQuery:
    """Which documents are behind a figure: the arguments of `Store.evidence`."""

    narrative: Narrative
    months: tuple[str, ...]
    entities: tuple[str, ...]
    classes: tuple[str, ...]
    kinds: tuple[Kind, ...]
    without: tuple[str, ...]
    also: tuple[str, ...]
    outlets: tuple[str, ...]
    field: Field | None = None
    framed: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A difference between two quarters, over the outlets that are in both.

    Attributes:
        against: the earlier quarter.
        value: later minus earlier, on the measure's scale; None where it is not computable.
        low: lower end of its own interval.
        high: upper end.
        outlets: how many outlets are in both panels.
        flags: why there is none, or what to know of it.
    """

    against: Quarter
    value: float | None
    low: float | None
    high: float | None
    outlets: int
    flags: tuple[str, ...]

    @property
    def detectable(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure.

    Attributes:
        name: which measure, e.g. ``attention``.
        narrative: whose talk; ``both`` where two sides are compared.
        target: what for, as in `corpus.targets.TARGETS`; a member's code.
        quarter: when.
        unit: what is counted.
        scale: ``share`` (0 to 1) or ``log2`` (0 is even).
        value: None where it can't be given honestly; then ``flags[0]`` says why.
        low: lower end of the interval.
        high: upper end of the interval.
        n: what there is, in ``unit``, over the panel (the denominator).
        numerator: what names the target, likewise.
        outlets: size of the panel; of two sides the smaller.
        effective_outlets: see `bootstrap.effective_outlets`.
        flags: sentences for the reader.
        definition: the formula in words.
        evidence: what lists the documents behind it, one query a side.
        previous: against the quarter before.
        year: against the same quarter of the year before.
    """

    name: str
    narrative: Side
    target: str
    quarter: Quarter
    unit: Unit
    scale: Scale
    value: float | None
    low: float | None
    high: float | None
    n: int
    numerator: int
    outlets: int
    effective_outlets: float
    flags: tuple[str, ...]
    definition: str
    evidence: tuple[EvidenceQuery, ...]
    previous: Change | None = None
    year: Change | None = None

    @property
    def id(self) -> str:
        """A name that is unique within the quarter and fit for an address."""
        target = re.sub(r"[|&*#:]", lambda found: _SPELLED[found[0]], self.target)
        return f"{self.name}-{self.narrative}-{target}-{self.unit}"

    @property
    def reason(self) -> str:
        """Why there is no value, "" where there is one."""
        return "" if self.value is not None else self.flags[0]
