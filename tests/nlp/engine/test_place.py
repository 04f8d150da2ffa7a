"""A place: files are whole or not there, and what a killed worker left is no file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

import pytest

from nlp.engine.place import Place, absolute, fingerprint


@pytest.fixture(params=["folder", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return Place(str(tmp_path / "p") if request.param == "folder" else f"memory://{tmp_path.name}/p")


def test_what_was_put_is_found(place: Place) -> None:
    assert place.names() == []
    place.put("b/c.parquet", lambda file: file.write(b"1"))
    place.put("a.parquet", lambda file: file.write(b"2"))
    place.put("a.txt", lambda file: file.write(b"no Parquet"))
    assert place.names() == ["a.parquet", "b/c.parquet"]
    assert (place.fetch("b/c.parquet"), place.has("a.parquet"), place.has("c.parquet")) == (b"1", True, False)
    with place.open("a.parquet") as file:
        assert file.read() == b"2"
    place.put("a.parquet", lambda file: file.write(b"3"))
    assert place.fetch("a.parquet") == b"3"
    place.remove("a.parquet")
    place.remove("a.parquet")
    assert place.names() == ["b/c.parquet"]


def test_what_was_half_written_is_not_there_and_can_be_swept_up(tmp_path: Path) -> None:
    place = Place(str(tmp_path))

    def write(file: IO[bytes]) -> None:
        file.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        place.put("a.parquet", write)
    assert place.names() == []
    assert not place.has("a.parquet")
    assert len(list(tmp_path.iterdir())) == 1
    place.sweep()
    assert list(tmp_path.iterdir()) == []


def test_an_address_means_the_same_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute("a/b") == os.fspath(tmp_path / "a" / "b")
    assert absolute("s3://bucket/a") == "s3://bucket/a"


def test_a_fingerprint_tells_where_one_part_ends() -> None:
    assert fingerprint(b"ab", b"c") == fingerprint(b"ab", b"c")
    assert len({fingerprint(b"ab", b"c"), fingerprint(b"a", b"bc"), fingerprint(b"abc"), fingerprint()}) == 4
