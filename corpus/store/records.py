"""What narra notes of itself: runs, refused records, and values to remember; and a look at the whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from corpus.model import Refusal
from corpus.store.base import Base, now


class Records(Base):
    """Verbs for runs, refusals and remembered values, and for looking at the whole."""

    def start_run(self, stage: str) -> int:
        """Record that a stage has begun, and give the run's number."""
        with self._db.atomic():
            cursor = self._db.execute("INSERT INTO runs (stage, started) VALUES (?, ?)", (stage, now()))
        return int(cursor.lastrowid or 0)

    def end_run(self, run: int, status: str, summary: dict[str, Any]) -> None:
        """Record how a run ended."""
        with self._db.atomic():
            self._db.execute(
                "UPDATE runs SET ended = ?, status = ?, summary = ? WHERE id = ?",
                (now(), status, json.dumps(summary, ensure_ascii=False, sort_keys=True), run),
            )

    def add_issues(self, run: int, refusals: Sequence[Refusal]) -> None:
        """Record refused records."""
        with self._db.atomic():
            self._db.conn.executemany(
                "INSERT INTO issues (run, file, line, reason, detail) VALUES (?, ?, ?, ?, ?)",
                [(run, r.file, r.line, r.reason, r.detail) for r in refusals],
            )

    def state(self, key: str) -> str | None:
        """Give a remembered value, or None."""
        found = next(self._rows("SELECT value FROM state WHERE key = ?", [key]), None)
        return None if found is None else str(found["value"])

    def overview(self) -> list[dict[str, Any]]:
        """Count documents by narrative, outlet, language, kind and quarter.

        Each row: narrative (None: neither side's), outlet, language, kind, quarter
        (``2023Q2``, ``2023`` where only the year is known, None undated), documents,
        named (of them naming anything), excluded, sampled (brought by searches only, not excluded).
        """
        sql = """
            SELECT narrative, outlet, language, kind,
                   CASE WHEN day IS NULL THEN NULL WHEN length(day) < 7 THEN day
                        ELSE substr(day, 1, 4) || 'Q' || ((CAST(substr(day, 6, 2) AS INTEGER) + 2) / 3) END AS quarter,
                   count(*) AS documents, sum(excluded <> '') AS excluded,
                   sum(sampled AND excluded = '') AS sampled,
                   sum(EXISTS (SELECT 1 FROM mentions m WHERE m.document = d.row)) AS named
            FROM documents d GROUP BY 1, 2, 3, 4, 5 ORDER BY narrative, outlet, language, kind, quarter
        """
        return list(self._rows(sql))

    def languages(self) -> dict[str, int]:
        """Count documents by language."""
        sql = "SELECT language, count(*) AS n FROM documents GROUP BY language ORDER BY language"
        return {str(r["language"]): int(r["n"]) for r in self._rows(sql)}

    def totals(self) -> dict[str, int]:
        """Count documents, outlets, stories, mentions, count rows, versions and issues."""
        tables = ("documents", "outlets", "stories", "mentions", "counts", "versions", "issues")
        return {t: int(next(self._rows(f"SELECT count(*) AS n FROM {t}"))["n"]) for t in tables}

    def fingerprint(self) -> str:
        """Hash what the documents are: SHA-256 over id, outlet, language, kind, day and hash of each, by id."""
        found = hashlib.sha256()
        columns = "id, outlet, language, kind, coalesce(day, ''), excluded, sampled, hash"
        for row in self._db.conn.execute(f"SELECT {columns} FROM documents ORDER BY id"):
            found.update(("\t".join(map(str, row)) + "\n").encode())
        return found.hexdigest()

    def runs(self, limit: int = 10) -> list[dict[str, Any]]:
        """Give the latest runs, newest first."""
        return list(self._rows("SELECT * FROM runs ORDER BY id DESC LIMIT ?", [limit]))

    def issue_counts(self, run: int | None = None) -> list[dict[str, Any]]:
        """Count refused records by file and reason, of one run or of all."""
        where = "" if run is None else "WHERE run = ?"
        columns = "file, reason, count(*) AS n, min(line) AS first_line"
        sql = f"SELECT {columns} FROM issues {where} GROUP BY 1, 2 ORDER BY n DESC"
        return list(self._rows(sql, [] if run is None else [run]))

    def issues(self, limit: int = 200) -> list[dict[str, Any]]:
        """Give refused records, the latest runs first: file, line, reason, detail."""
        sql = "SELECT file, line, reason, detail FROM issues ORDER BY run DESC, file, line LIMIT ?"
        return list(self._rows(sql, [limit]))

    def check(self) -> str:
        """Ask SQLite whether the file is sound: ``ok``, or what is wrong."""
        return str(next(self._rows("PRAGMA quick_check"))["quick_check"])
