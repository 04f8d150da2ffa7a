from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from corpus.errors import FileProblemError
from results.events import between, events

OWN = """
[[event]]
day = 2026-05-08
last = 2026-05-09
en = "Forum"
ko = "포럼"
source = "our calendar"
"""


def test_own_list_is_in_order_and_complete() -> None:
    found = events()
    assert list(found) == sorted(found)
    assert all(e.en and e.ko and e.source and e.day <= e.last for e in found)
    assert [str(e.day) for e in found if e.en.startswith("Commemorative")] == ["2009-06-01", "2014-12-11", "2019-11-25"]


def test_workspace_adds_and_replaces(tmp_path: Path) -> None:
    replaced = OWN.replace("2026-05-08", "2025-10-26").replace("2026-05-09", "2025-10-27")
    replaced = replaced.replace("Forum", "Timor-Leste joins ASEAN")
    (tmp_path / "events.toml").write_text(OWN + replaced, encoding="utf-8")
    found = events(tmp_path)
    assert len(found) == len(events()) + 1
    assert [e.source for e in found if e.en == "Timor-Leste joins ASEAN"] == ["our calendar"]


def test_between_takes_what_overlaps(tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_text(OWN, encoding="utf-8")
    found = events(tmp_path)
    assert [e.en for e in between(found, date(2026, 5, 9), date(2026, 12, 31))] == ["Forum"]
    assert not between(found, date(2026, 5, 10), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[event]", "not valid TOML"),
        (OWN.replace("en =", "english ="), "event 1 en: Field required"),
        (OWN.replace("2026-05-09", "2026-05-07"), "before it begins"),
        (OWN.replace("2026-05-08", '"8 May 2026"'), "event 1 day"),
        (OWN.replace("day = ", "place = 'Seoul'\nday = "), "event 1 place"),
        ("[[events]]\n", "events"),
    ],
)
def test_bad_file_says_what_and_where(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "events.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileProblemError, match=said) as raised:
        events(tmp_path)
    assert str(path) in str(raised.value)


def test_other_encodings_are_refused(tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_bytes("한국".encode("cp949"))
    with pytest.raises(FileProblemError, match="UTF-8"):
        events(tmp_path)
