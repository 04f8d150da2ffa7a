"""Collecting: visits, gaps, and what sources remember."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from corpus.model import Document, Narrative, Refusal, narrative_of
from corpus.store.base import now
from corpus.store.documents import Documents
from corpus.store.rows import Gap, Health, Outcome, Recalled, Suspect, VisitEnd, VisitPlan, Watched

_OPEN_GAPS: Final = (
    "SELECT g.id, g.first_day, g.last_day, g.lost, EXISTS (SELECT 1 FROM visits e "
    "WHERE e.source = g.source AND e.answered AND e.id <= g.first_visit) AS seen_before "
    "FROM gaps g WHERE g.source = ? AND g.closed_by IS NULL ORDER BY g.id"
)
# A feed may keep an old item at its top for ever: what is older than this says nothing of how far back it reaches.
_REACH_DAYS: Final = 7
_DELIVERIES: Final = "FROM deliveries v JOIN documents d ON d.row = v.document WHERE v.source = ?"
_DELIVERED_DAY: Final = "CASE WHEN length(d.day) = 10 THEN d.day ELSE substr(v.first_seen, 1, 10) END"


class Collecting(Documents):
    """Verbs for visits, gaps and memories."""

    def start_visit(self, plan: VisitPlan) -> int:
        """Record that a visit has begun, and give its number."""
        self.use_source(plan.source, plan.collect, sampled=plan.sampled, brings=plan.brings)
        columns = ("run", "source", "outlet", "country", "since", "until", "first_day", "last_day")
        values = [getattr(plan, column) for column in columns]
        with self._db.atomic():
            self._weigh(plan.source, sampled=plan.sampled)
            cursor = self._db.execute(
                f"INSERT INTO visits ({', '.join(columns)}, started) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [*values, now()],
            )
        return int(cursor.lastrowid or 0)

    def _weigh(self, source: str, *, sampled: bool) -> None:
        """Let what a source brought before count as what it brings now does, where its file says otherwise since."""
        turned = [
            (r["document"],)
            for r in self._rows(
                "SELECT document FROM deliveries WHERE source = ? AND sampled <> ?", [source, int(sampled)]
            )
        ]
        if not turned:
            return
        self._db.execute("UPDATE deliveries SET sampled = ? WHERE source = ?", (int(sampled), source))
        self._db.conn.executemany(
            "UPDATE documents SET sampled = (SELECT min(v.sampled) FROM deliveries v WHERE v.document = row) "
            "WHERE row = ?",
            turned,
        )
        self._touch()

    def save_batch(  # noqa: PLR0913 a batch has these parts
        self,
        visit: int,
        source: str,
        documents: Sequence[Document],
        refusals: Sequence[Refusal],
        memory: Mapping[str, str],
        *,
        sampled: bool = False,
    ) -> list[Outcome]:
        """Save a batch of a visit: documents, refusals and what the source wants to remember. One transaction.

        After a kill either all of it is there or nothing, so that the next visit,
        which begins with that memory, neither misses nor doubles anything. ``sampled``
        is as in `save_documents`.

        Returns:
            one outcome a document, in order, as `save_documents`.
        """
        with self._db.atomic():
            outcomes = self._deliver([(document, source) for document in documents], sampled=sampled)
            self._db.conn.executemany(
                "INSERT INTO issues (run, file, line, reason, detail) SELECT run, ?, ?, ?, ? FROM visits WHERE id = ?",
                [(r.file, r.line, r.reason, r.detail, visit) for r in refusals],
            )
            self._db.conn.executemany(
                "INSERT OR REPLACE INTO memory VALUES (?, ?, ?)", [(source, k, v) for k, v in memory.items()]
            )
            self._db.execute(
                "UPDATE visits SET documents = documents + ?, refused = refused + ? WHERE id = ?",
                [sum(outcome != "known" for outcome in outcomes), len(refusals), visit],
            )
        return outcomes

    def are_stored(self, documents: Sequence[Document]) -> list[bool]:
        """Tell of each document whether it is stored already, under any of its keys."""
        return [self._find(document.keys) is not None for document in documents]

    def end_visit(self, visit: int, end: VisitEnd) -> None:
        """Record how a visit ended, and open, widen or close gaps accordingly. One transaction."""
        with self._db.atomic():
            self._db.execute(
                "UPDATE visits SET ended = ?, status = ?, detail = ?, answered = ?, retry_at = ? WHERE id = ?",
                [now(), end.status, end.detail, int(end.answered), end.retry_at, visit],
            )
            if end.missing is not None:
                self._open_gap(visit, end, end.missing)
            elif end.answered:
                self._close_gaps(visit, end)
            self._db.conn.executemany(
                "INSERT OR REPLACE INTO validators VALUES (?, ?, ?)",
                [(url, etag, modified) for url, (etag, modified) in end.validators.items()],
            )

    def end_abandoned(self) -> int:
        """End the visits that a kill left open as interrupted, with their gaps. One transaction.

        Whoever calls holds `writing`: no visit is running.

        Returns:
            how many there were.
        """
        detail = "The run was killed, or the machine went down."
        left = list(self._rows("SELECT id, first_day, last_day FROM visits WHERE ended IS NULL ORDER BY id"))
        with self._db.atomic():
            for r in left:
                missing = (r["first_day"], r["last_day"])
                self.end_visit(r["id"], VisitEnd("interrupted", detail, missing=missing))
        return len(left)

    def _open_gap(self, visit: int, end: VisitEnd, missing: tuple[str, str]) -> None:
        """Add a gap, as one with the source's open gaps that it overlaps or touches."""
        source = next(self._rows("SELECT source FROM visits WHERE id = ?", [visit]))["source"]
        touching = list(
            self._rows(
                "SELECT id, first_day, last_day, first_visit, lost FROM gaps WHERE source = ? AND closed_by IS NULL "
                "AND first_day <= ? AND last_day >= ? ORDER BY id",
                [source, _days_on(missing[1], 1), _days_on(missing[0], -1)],
            )
        )
        first_day = min([missing[0], *(g["first_day"] for g in touching)])
        last_day = max([missing[1], *(g["last_day"] for g in touching)])
        first_visit = min([visit, *(g["first_visit"] for g in touching)])
        lost = max([int(end.lost), *(g["lost"] for g in touching)])
        self._db.conn.executemany("DELETE FROM gaps WHERE id = ?", [(g["id"],) for g in touching])
        self._db.execute(
            "INSERT INTO gaps (source, first_day, last_day, status, detail, lost, first_visit, visit) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (source, first_day, last_day, end.status, end.detail, lost, first_visit, visit),
        )

    def _close_gaps(self, visit: int, end: VisitEnd) -> None:
        plan = next(self._rows("SELECT source, first_day, last_day FROM visits WHERE id = ?", [visit]))
        for gap in list(self._rows(_OPEN_GAPS, [plan["source"]])):
            within = plan["first_day"] <= gap["first_day"] and gap["last_day"] <= plan["last_day"]
            if within if end.looks_back else _bridged(gap, end):
                self._db.execute("UPDATE gaps SET closed_by = ? WHERE id = ?", (visit, gap["id"]))

    def recall(self, source: str) -> Recalled:
        """Give what is known of a source before it is visited."""
        visits = next(
            self._rows(
                "SELECT min(started) AS first_visit, max(CASE WHEN answered THEN until END) AS answered_until, "
                "(SELECT retry_at FROM visits WHERE source = :source ORDER BY id DESC LIMIT 1) AS retry_at "
                "FROM visits WHERE source = :source",
                {"source": source},
            )
        )
        gaps = [g["first_day"] for g in self._rows(_OPEN_GAPS, [source]) if not g["lost"]]
        newest = next(self._rows(f"SELECT max({_DELIVERED_DAY}) AS day {_DELIVERIES}", [source]))["day"]
        memory = {r["key"]: r["value"] for r in self._rows("SELECT key, value FROM memory WHERE source = ?", [source])}
        return Recalled(**visits, gap_from=min(gaps, default=None), newest=newest, memory=memory)

    def delivered(self, source: str, first_day: str, last_day: str) -> int:
        """Count the documents of these days that a source has brought; undated ones by the day they came."""
        sql = f"SELECT count(*) AS n {_DELIVERIES} AND {_DELIVERED_DAY} BETWEEN ? AND ?"
        return int(next(self._rows(sql, [source, first_day, last_day]))["n"])

    def validator(self, url: str) -> tuple[str, str] | None:
        """Give the ETag and Last-Modified stored for an address ("" for one it has not), or None."""
        found = next(self._rows("SELECT etag, last_modified FROM validators WHERE url = ?", [url]), None)
        return None if found is None else (found["etag"], found["last_modified"])

    def health(self, week_from: str) -> list[Health]:
        """Give the health of every source that was ever visited.

        Args:
            week_from: the moment (UTC, ISO) from which documents count as this week's.
        """
        sql = """
            SELECT v.source, v.started AS visited, coalesce(v.status, 'interrupted') AS status,
                   CASE WHEN v.ended IS NULL THEN 'It is running, or was killed.' ELSE v.detail END AS detail,
                   (SELECT max(ended) FROM visits s WHERE s.source = v.source AND s.answered) AS succeeded,
                   (SELECT count(*) FROM deliveries d WHERE d.source = v.source AND d.first_seen >= ?) AS week,
                   (SELECT count(*) FROM gaps g WHERE g.source = v.source AND g.closed_by IS NULL) AS gaps
            FROM visits v WHERE v.id IN (SELECT max(id) FROM visits GROUP BY source) ORDER BY v.source
        """
        return [Health(**r) for r in self._rows(sql, [week_from])]

    def gaps(
        self, narrative: Narrative | None = None, first: str = "0000", last: str = "9999", *, brings: str = "documents"
    ) -> list[Gap]:
        """Give the open gaps that touch the days from ``first`` to ``last``.

        Args:
            narrative: whose sources; None for all.
            first: local ISO day.
            last: the same; within.
            brings: gaps of sources of ``documents``, or of ``series``.
        """
        sql = """
            SELECT g.source, v.outlet, v.country, g.first_day, g.last_day, g.status, g.detail, s.sampled
            FROM gaps g JOIN visits v ON v.id = g.visit JOIN sources s ON s.id = g.source
            WHERE g.closed_by IS NULL AND g.last_day >= ? AND g.first_day <= ? AND s.brings = ?
            ORDER BY g.first_day, g.source, g.id
        """
        rows = list(self._rows(sql, [first, last, brings]))
        own = self._outlets_of({r["source"] for r in rows}) if brings == "documents" else {}
        found = [Gap(**r | {"sampled": bool(r["sampled"])}, outlets=own.get(r["source"], (r["outlet"],))) for r in rows]
        return [gap for gap in found if narrative in {None, narrative_of(gap.country, gap.last_day)}]

    def watched(self) -> list[Watched]:
        """Give from when to when each source was visited that brings all it can of its outlets' documents."""
        sql = """
            SELECT v.source, min(v.outlet) AS outlet, min(v.first_day) AS first_day, max(v.last_day) AS last_day
            FROM visits v JOIN sources s ON s.id = v.source
            WHERE s.brings = 'documents' AND NOT s.sampled GROUP BY v.source ORDER BY v.source
        """
        rows = list(self._rows(sql))
        own = self._outlets_of({r["source"] for r in rows})
        return [Watched(r["source"], own.get(r["source"], (r["outlet"],)), r["first_day"], r["last_day"]) for r in rows]

    def imported_outlets(self) -> frozenset[str]:
        """Give the outlets of which files brought documents that count: what days those cover is not recorded."""
        sql = """
            SELECT DISTINCT d.outlet FROM deliveries v JOIN documents d ON d.row = v.document
            WHERE NOT v.sampled AND v.source NOT IN (SELECT source FROM visits)
        """
        return frozenset(r["outlet"] for r in self._rows(sql))

    def _outlets_of(self, sources: set[str]) -> dict[str, tuple[str, ...]]:
        marks = ", ".join("?" * len(sources))
        sql = f"""
            SELECT DISTINCT v.source, d.outlet FROM deliveries v JOIN documents d ON d.row = v.document
            WHERE v.source IN ({marks}) ORDER BY 1, 2
        """
        found: dict[str, tuple[str, ...]] = {}
        for r in self._rows(sql, sorted(sources)):
            found[r["source"]] = (*found.get(r["source"], ()), r["outlet"])
        return found

    def suspects(self, named: Mapping[str, Sequence[str]], least: int, share: float) -> list[Suspect]:
        """Give the sources of news that count in full, and look as if a search had chosen their documents.

        Args:
            named: by narrative, the entities of the other side.
            least: fewer documents say nothing.
            share: more than this part of them name one of these.
        """
        sql = """
            SELECT v.source, s.kind, d.narrative, count(*) AS documents,
                   sum(EXISTS (SELECT 1 FROM mentions m WHERE m.document = d.row AND m.form_class <> 'inside'
                               AND m.entity IN ({marks}))) AS named
            FROM deliveries v JOIN documents d ON d.row = v.document JOIN sources s ON s.id = v.source
            WHERE NOT v.sampled AND d.excluded = '' AND d.kind = 'news' AND d.tagged_version IS NOT NULL
                  AND d.narrative = ?
            GROUP BY v.source HAVING documents >= ? AND named > ? * documents ORDER BY v.source
        """
        found = []
        for narrative, entities in named.items():
            marks = ", ".join("?" * len(entities))
            rows = self._rows(sql.format(marks=marks), [*entities, narrative, least, share])
            found += [Suspect(**r) for r in rows]
        return found


def _bridged(gap: Mapping[str, Any], end: VisitEnd) -> bool:
    """Tell whether a source that cannot be asked for the past showed what a gap had hidden.

    Not where items were lost. Else it did where it joined on to what had been seen
    before the gap, or reached back behind it.
    """
    if gap["lost"]:
        return False
    if end.joined and gap["seen_before"]:
        return True
    return any(_days_on(gap["first_day"], -_REACH_DAYS) <= day < gap["first_day"] for day in end.days)


def _days_on(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
