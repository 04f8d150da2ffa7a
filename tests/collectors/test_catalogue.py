"""The catalogue: every shipped source is sound, and a workspace may add to it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from collectors.catalogue import SHIPPED, find, folders_of, load, select
from collectors.contract import Page, Visit
from collectors.kinds import NAMES, kinds
from collectors.outcome import SourceError
from collectors.source import Source, SourceFileError
from collectors.visit import present
from corpus.errors import InputError
from corpus.model import LANGUAGES, MEMBERS

CATALOGUE = load()
MINIMAL = """
outlet = "Nuri"
country = "KR"
language = "ko"
kind = "news"
owner = "private"
collect = "feed"
urls = ["https://nuri.example/rss"]
seen = "written by hand"
confirmed = false
"""


def write(folder: Path, name: str, text: str = MINIMAL) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# -- what is shipped -----------------------------------------------------


def test_every_member_and_korea_have_at_least_two_outlets() -> None:
    # Brunei's second is an archive's national collection: one feed of it is all that was seen.
    outlets = Counter(country for country, _ in {(s.country, s.outlet) for s in CATALOGUE.values()})
    assert {country for country in (*MEMBERS, "KR") if outlets[country] < 2} == set()
    assert outlets["ASEAN"] >= 1


def test_every_member_and_korea_are_visited() -> None:
    enabled = {s.country for s in CATALOGUE.values() if s.enabled}
    assert {*MEMBERS, "KR", "ASEAN"} <= enabled


def test_no_address_is_visited_twice() -> None:
    archives = {"ccnews", "gdelt", "gkg", "mediacloud"}  # one address each, and another question for each country
    times = Counter(url for s in CATALOGUE.values() if s.collect not in archives for url in s.urls)
    assert [url for url, number in times.items() if number > 1] == []


def test_every_address_is_a_web_address() -> None:
    for source in CATALOGUE.values():
        for url in source.urls:
            parts = urlsplit(url)
            assert parts.scheme in {"http", "https"}, source.slug
            assert parts.hostname, source.slug
            assert " " not in url, source.slug


def test_every_kind_of_collecting_is_known() -> None:
    assert {s.collect for s in CATALOGUE.values()} <= set(NAMES)
    assert set(kinds()) == set(NAMES)


def test_each_file_lies_with_its_country() -> None:
    for path in SHIPPED.rglob("*.toml"):
        assert path.parent == SHIPPED / CATALOGUE[path.stem].country.lower()
        assert path.stem == path.stem.lower()


def test_the_languages_are_those_narra_knows_names_in() -> None:
    assert {s.language for s in CATALOGUE.values()} <= set(LANGUAGES)


def test_what_is_confirmed_says_when_or_by_whom() -> None:
    for source in CATALOGUE.values():
        assert ("verified" in source.seen) == source.confirmed, source.slug


def test_what_is_shaky_is_off() -> None:
    shaky = [s for s in CATALOGUE.values() if "shaky" in s.seen]
    assert shaky
    assert not any(s.enabled or s.confirmed for s in shaky)


def test_no_file_names_a_place_of_this_machine() -> None:
    for path in SHIPPED.rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        assert not any(word in text for word in ("/work/", "/home/", "/tmp/", "shared")), path  # noqa: S108 it is only looked for


def test_expectations_are_ranges() -> None:
    for source in CATALOGUE.values():
        assert 0 <= source.expect[0] < source.expect[1], source.slug


def test_a_search_for_names_is_never_visited_unasked() -> None:
    searching = [
        s for s in CATALOGUE.values() if s.collect in {"naver", "gdelt", "mediacloud", "bigkinds", "gkg", "ccnews"}
    ]
    assert [s.slug for s in searching if s.enabled] == []


def test_a_source_with_keys_names_them_only() -> None:
    for source in CATALOGUE.values():
        assert all(name.isupper() and name.replace("_", "").isalnum() for name in source.key), source.slug


# -- loading -------------------------------------------------------------


def test_a_workspace_adds_sources_and_replaces_them(tmp_path: Path) -> None:
    write(tmp_path / "sources" / "kr", "nuri.toml")
    write(tmp_path / "sources", "yonhap.toml", MINIMAL.replace("Nuri", "Mine"))
    found = load(folders_of(tmp_path))
    assert len(found) == len(CATALOGUE) + 1
    assert found["nuri"].outlet == "Nuri"
    assert found["yonhap"].outlet == "Mine"
    assert list(found) == sorted(found)


def test_a_workspace_without_sources_has_narras_own(tmp_path: Path) -> None:
    assert load(folders_of(tmp_path)) == CATALOGUE


def test_every_bad_file_is_named(tmp_path: Path) -> None:
    write(tmp_path, "a.toml", "outlet = ")
    write(tmp_path, "b.toml", MINIMAL.replace('"KR"', '"XX"'))
    write(tmp_path, "c.toml")
    write(tmp_path / "kr", "c.toml")
    write(tmp_path, "d.toml", MINIMAL + 'colour = "red"\n')
    with pytest.raises(SourceFileError) as caught:
        load([tmp_path])
    lines = str(caught.value).splitlines()
    assert [Path(line.split(":")[0]).name for line in lines] == ["a.toml", "b.toml", "d.toml", "c.toml"]
    assert "one of KR" in lines[1]
    assert "colour" in lines[2]
    assert "has this name too" in lines[3]


# -- choosing ------------------------------------------------------------


def test_what_is_off_is_visited_only_by_name() -> None:
    off = next(s.slug for s in CATALOGUE.values() if not s.enabled)
    assert off not in {s.slug for s in select(CATALOGUE)}
    assert [s.slug for s in select(CATALOGUE, slugs=[off, off])] == [off]


def test_sources_are_chosen_by_side_and_kind() -> None:
    korea = select(CATALOGUE, narrative="korea")
    asean = select(CATALOGUE, narrative="asean")
    assert {s.country for s in korea} == {"KR"}
    assert {s.country for s in asean} == {*MEMBERS, "ASEAN"}
    assert len(korea) + len(asean) == len(select(CATALOGUE))
    assert {s.kind for s in select(CATALOGUE, kinds=["official"])} == {"official"}
    assert select(CATALOGUE, slugs=["yonhap"], narrative="asean") == []


def test_an_unknown_name_is_explained() -> None:
    with pytest.raises(InputError, match="Did you mean yonhap"):
        select(CATALOGUE, slugs=["yonhapp"])
    with pytest.raises(InputError, match="narra sources"):
        find(CATALOGUE, "qqqqqq")


# -- kinds ---------------------------------------------------------------


def test_a_kind_is_imported_only_when_it_is_used() -> None:
    script = """
import sys
from collectors.kinds import kinds
names = kinds()
print([name for name in names if f"collectors.kinds.{name}" in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_enabled_source_has_the_options_its_kind_needs() -> None:
    visit = Visit(None, present(), {}, {}, present())

    async def first(source: Source) -> None:
        async for _ in kinds()[source.collect](source, Silent(), visit):
            return

    for source in (s for s in CATALOGUE.values() if s.enabled):
        with pytest.raises(SourceError, match="unreachable"):
            asyncio.run(first(source))


class Silent:
    """A network on which nobody answers."""

    async def get(self, url: str, **_: object) -> Page:
        raise SourceError("unreachable", url)

    async def post(self, url: str, **_: object) -> Page:
        raise SourceError("unreachable", url)
