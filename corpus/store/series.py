"""Series from outside: what awareness is measured with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from corpus.errors import InputError
from corpus.model import narrative_of
from corpus.series import Point, Revision, SeriesFacts, StoredPoint, StoredSeries, series_of
from corpus.store.base import Base, now

# A ratio (100 is the largest of all) that a new scale does not explain to so much was changed by its source.
_SCALED_APART: Final = 2.0

_FACTS: Final = "name, unit, period, source, about, audience, language, uncertainty, scale"
_POINT: Final = "first_day, last_day, value, low, high, n, note, origin, final, fetched"


@dataclass(frozen=True, slots=True)
class SeriesOutcome:
    """What saving figures came to.

    Attributes:
        new: of days that had none.
        filled: in the place of what was provisional.
        same: as they stood.
        revised: unlike what stood though its time was over; the old figure is kept beside.
        kept: figures that stand, of days for which the source has none any more.
    """

    new: int = 0
    filled: int = 0
    same: int = 0
    revised: int = 0
    kept: int = 0

    def __add__(self, other: SeriesOutcome) -> SeriesOutcome:
        """Add up."""
        return SeriesOutcome(
            self.new + other.new,
            self.filled + other.filled,
            self.same + other.same,
            self.revised + other.revised,
            self.kept + other.kept,
        )


class AwarenessSeries(Base):
    """Verbs for series."""

    def save_series(
        self, facts: Mapping[str, SeriesFacts], points: Sequence[Point], today: str, *, replace: bool = False
    ) -> SeriesOutcome:
        """Save figures; saving the same ones again changes nothing. One transaction.

        A figure whose time was over before ``today`` is final. What is not is replaced by what
        comes; a final one too where its source says something else now, and its old value is
        kept as a revision. No figure is replaced by the lack of one.

        Figures on a scale of their own (ratios to the largest of one answer) can't be mixed
        with those of another answer. Of such a series all points are replaced, and old values
        are brought to the new scale before they are called changed.

        Args:
            facts: of each series, by name.
            points: any number, of one or more series.
            today: ISO day at which they were fetched.
            replace: whether such a series may lose days that the new answer lacks.

        Raises:
            InputError: a series has two figures for one day, another unit or period than what is
                stored of it, or fewer days on its new scale.
        """
        try:
            given = list(series_of(points))
        except ValueError as error:
            raise InputError(f"{error}.") from None
        outcome = SeriesOutcome()
        with self._db.atomic():
            for series in given:
                outcome += self._save_one(facts[series.name], series.points, today, replace=replace)
        return outcome

    def _save_one(self, facts: SeriesFacts, points: Sequence[Point], today: str, *, replace: bool) -> SeriesOutcome:
        number = self._series(facts)
        stored = {r["first_day"]: r for r in self._rows(f"SELECT {_POINT} FROM points WHERE series = ?", [number])}
        rows = [_row(point, today) for point in points]
        factor = 1.0
        if facts.scale and stored:
            _check_covers(facts, rows, stored, replace=replace)
            factor = _factor(rows, stored)
        merged = [_merged(row, stored.get(row["first_day"]), factor, relative=bool(facts.scale)) for row in rows]
        revised = [stored[row["first_day"]] for row, word in merged if word == "revised"]
        self._db.conn.executemany(
            "INSERT OR REPLACE INTO revisions (series, first_day, value, low, high, n, note, fetched, replaced) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (number, *(r[c] for c in ("first_day", "value", "low", "high", "n", "note", "fetched")), now())
                for r in revised
            ],
        )
        if facts.scale:
            self._db.execute("DELETE FROM points WHERE series = ?", (number,))
        self._db.conn.executemany(
            f"INSERT OR REPLACE INTO points (series, {_POINT}) VALUES ({', '.join('?' * 11)})",
            [(number, *row.values()) for row, word in merged if word not in _UNTOUCHED or facts.scale],
        )
        words = [word for _, word in merged]
        return SeriesOutcome(**{word: words.count(word) for word in ("new", "filled", "same", "revised", "kept")})

    def _series(self, facts: SeriesFacts) -> int:
        """Give a series' number, making it where there is none."""
        old = next(self._rows("SELECT id, unit, period FROM series WHERE name = ?", [facts.name]), None)
        if old is not None and (old["unit"], old["period"]) != (facts.unit, facts.period):
            raise InputError(
                f"{facts.name} is stored in {old['unit']} by the {old['period']}, and not in {facts.unit} by the "
                f"{facts.period}. Remove it first: narra awareness forget {facts.name!r}"
            )
        values = [getattr(facts, column) for column in _FACTS.split(", ")]
        narrative = narrative_of(facts.audience, None)
        cursor = self._db.execute(
            f"INSERT INTO series ({_FACTS}, narrative) VALUES ({', '.join('?' * 10)}) ON CONFLICT(name) DO UPDATE SET "
            "source = excluded.source, about = excluded.about, audience = excluded.audience, "
            "narrative = excluded.narrative, language = excluded.language, uncertainty = excluded.uncertainty, "
            "scale = excluded.scale RETURNING id",
            [*values, narrative],
        )
        return int(cursor.fetchone()[0])

    def series(self) -> list[StoredSeries]:
        """Give every series, by name."""
        columns = ", ".join(f"s.{column}" for column in _FACTS.split(", "))
        sql = f"""
            SELECT {columns}, s.narrative, min(p.first_day) AS first_day, max(p.last_day) AS last_day,
                   count(*) AS points, sum(p.value IS NULL) AS missing, max(p.fetched) AS fetched,
                   (SELECT count(*) FROM revisions r WHERE r.series = s.id) AS revised
            FROM series s JOIN points p ON p.series = s.id GROUP BY s.id ORDER BY s.name
        """
        found = []
        for r in self._rows(sql):
            facts = SeriesFacts(**{column: r.pop(column) for column in _FACTS.split(", ")})
            found.append(StoredSeries(facts, **r))
        return found

    def points(self, name: str | None = None, first: str = "0000", last: str = "9999") -> Iterator[StoredPoint]:
        """Give the points that touch the days from ``first`` to ``last``, by series and time.

        Args:
            name: of one series; None for all.
            first: ISO day.
            last: the same; within.
        """
        sql = f"""
            SELECT s.name AS series, {_POINT} FROM points p JOIN series s ON s.id = p.series
            WHERE last_day >= ? AND first_day <= ? AND (? IS NULL OR s.name = ?) ORDER BY s.name, first_day
        """
        for r in self._rows(sql, [first, last, name, name]):
            yield StoredPoint(**r | {"final": bool(r["final"])})

    def revisions(self) -> list[Revision]:
        """Give the figures that their sources changed, the latest changes first."""
        sql = """
            SELECT s.name AS series, r.first_day, r.value, r.fetched, r.replaced
            FROM revisions r JOIN series s ON s.id = r.series ORDER BY r.replaced DESC, s.name, r.first_day
        """
        return [Revision(**r) for r in self._rows(sql)]

    def needed_from(self, name: str, since: str) -> str:
        """Give the first day from ``since`` on for which a series has no final figure.

        The day after its latest point where all are final; ``since`` where it holds nothing so early.
        """
        sql = """
            SELECT min(p.first_day) AS first_day, max(p.last_day) AS last_day,
                   min(CASE WHEN NOT p.final AND p.last_day >= ? THEN p.first_day END) AS open
            FROM points p JOIN series s ON s.id = p.series WHERE s.name = ?
        """
        found = next(self._rows(sql, [since, name]))
        if found["first_day"] is None or found["first_day"] > since:
            return since
        after = (date.fromisoformat(found["last_day"]) + timedelta(days=1)).isoformat()
        return max(since, found["open"] or after)

    def forget_series(self, name: str) -> int:
        """Remove a series with all its figures. One transaction.

        Returns:
            how many figures there were.

        Raises:
            InputError: there is no such series.
        """
        found = next(self._rows("SELECT id FROM series WHERE name = ?", [name]), None)
        if found is None:
            raise InputError(f"There is no series {name!r}. Which there are: narra awareness show")
        with self._db.atomic():
            number = self._db.execute("DELETE FROM points WHERE series = ?", (found["id"],)).rowcount
            self._db.execute("DELETE FROM revisions WHERE series = ?", (found["id"],))
            self._db.execute("DELETE FROM series WHERE id = ?", (found["id"],))
        return int(number)


_UNTOUCHED: Final = frozenset({"same", "kept"})


def _row(point: Point, today: str) -> dict[str, Any]:
    """Give the columns of `_POINT`, in their order."""
    first, last = point.span
    return {
        "first_day": first,
        "last_day": last,
        "value": point.value,
        "low": point.low,
        "high": point.high,
        "n": point.n,
        "note": point.note,
        "origin": point.source,
        "final": int(point.value is not None and last < today),
        "fetched": now(),
    }


def _merged(
    row: dict[str, Any], old: Mapping[str, Any] | None, factor: float, *, relative: bool
) -> tuple[dict[str, Any], str]:
    """Give the row that is to stand, and what became of it: see `SeriesOutcome`."""
    if old is None:
        return row, "new"
    if row["value"] is None:
        # The source gives nothing (any more): what it once gave stands, brought to the scale of the rest.
        return ({**old, **_scaled(old, factor)}, "kept") if old["value"] is not None else (row, "same")
    if old["value"] is None or not old["final"]:
        unchanged = old["value"] == row["value"] and old["final"] == row["final"]
        return row, "same" if unchanged else "filled"
    apart = abs(row["value"] - old["value"] * factor)
    return row, "revised" if apart > (_SCALED_APART if relative else 0) else "same"


def _scaled(old: Mapping[str, Any], factor: float) -> dict[str, Any]:
    return {column: old[column] if old[column] is None else old[column] * factor for column in ("value", "low", "high")}


def _check_covers(
    facts: SeriesFacts, rows: Sequence[Mapping[str, Any]], stored: Mapping[str, Any], *, replace: bool
) -> None:
    lost = sorted(set(stored) - {row["first_day"] for row in rows})
    if lost and not replace:
        raise InputError(
            f"{facts.name} holds {len(lost)} figures that are not among the new ones ({lost[0]} to {lost[-1]}). Its "
            "figures are relative to the largest of one answer, so that two answers can't be mixed: get all of the "
            "time at once, or give the old ones up (--replace)."
        )


def _factor(rows: Sequence[Mapping[str, Any]], stored: Mapping[str, Mapping[str, Any]]) -> float:
    """Give what old figures are to be multiplied by on the new scale: the ratio of the sums over shared final days."""
    shared = [
        (row["value"], old["value"])
        for row in rows
        if (old := stored.get(row["first_day"])) and old["final"] and row["value"] is not None
    ]
    before = sum(old for _, old in shared)
    return sum(new for new, _ in shared) / before if before else 1.0
