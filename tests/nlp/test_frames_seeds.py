from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nlp.frames.model import FRAMES, LANGUAGES, SCALES, SeedError
from nlp.frames.seeds import FrameFile, line_of, load_seeds, read_file, seeds_folder

GOOD = """frame = "sport"
pillar = "socio-cultural"
about = "matches"

[title]
en = "Sport"
ko = "스포츠"

[seeds]
ko = ["축구"]
en = ["football", "medal*"]
"""


def written(folder: Path, text: str, name: str = "sport.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def copied(folder: Path) -> Path:
    for part in ("seeds", "scales"):
        shutil.copytree(seeds_folder() / part, folder / part)
    return folder


def test_the_projects_seeds_are_whole() -> None:
    seeds = load_seeds()
    assert set(seeds.frames) == set(FRAMES)
    assert {end.scale for end in seeds.scales.values()} == set(SCALES)
    for file in (*seeds.frames.values(), *seeds.scales.values()):
        assert set(file.seeds) == set(LANGUAGES), file.label


def test_the_version_changes_with_a_seed(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    before = load_seeds(folder).version
    assert before == load_seeds().version
    path = folder / "seeds" / "sport.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"badminton", ', "", 1), encoding="utf-8")
    assert load_seeds(folder).version != before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('frame = "sport"', 'frame = "sports"', "sport.toml:1: `frame` is 'sports', but must be one of summit"),
        ('pillar = "socio-cultural"', 'pillar = "culture"', "sport.toml:2: `pillar` is 'culture'"),
        ('about = "matches"', "", "sport.toml:1: the key `about` is missing"),
        ('ko = ["축구"]', 'jp = ["サッカー"]', "sport.toml:10: `seeds.jp` is 'jp', but must be one of ko, en"),
        ('ko = ["축구"]', 'ko = ["축*구"]', "sport.toml:10: `seeds.ko.0` is '축*구', but must be letters"),
        ('ko = ["축구"]', 'ko = ["축구 "]', "without spaces at its ends"),
        ("[seeds]", "[sedes]", "the key `sedes` is not known here"),
        ("[seeds]", "[seeds", "cannot be read as TOML"),
        ('"football", ', '"football", "football", ', "sport.toml:11: 'football' (en) stands in seeds and in seeds"),
    ],
)
def test_a_wrong_file_is_refused_with_file_and_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(SeedError) as caught:
        read_file(path, FrameFile)
    assert said in str(caught.value)


def test_a_seed_and_an_exclusion_contradict_each_other(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD + '\n[exclude]\nen = ["football"]\n')
    with pytest.raises(SeedError, match="stands in exclude and in seeds"):
        read_file(path, FrameFile)


def test_a_missing_file_is_an_error_of_seeds(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match=r"sport\.toml: cannot be read"):
        read_file(tmp_path / "sport.toml", FrameFile)


def test_forms_are_made_small_and_composed(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace('"football"', '"Football"').replace("축구", "축구"))
    read = read_file(path, FrameFile)
    assert read.seeds["en"][0] == "football"
    assert read.seeds["ko"] == ("축구",)


def test_a_form_in_two_frames_needs_a_reason_in_both(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    path = folder / "seeds" / "trade.toml"
    text = path.read_text(encoding="utf-8").replace('en = ["trade", ', 'en = ["trade", "football", ', 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SeedError) as caught:
        load_seeds(folder)
    assert "'football' (en) stands in both" in str(caught.value)
    assert "[shared.en]" in str(caught.value)
    for name in ("trade", "sport"):
        file = folder / "seeds" / f"{name}.toml"
        shared = '"football" = "clubs are bought and sold"'
        content = file.read_text(encoding="utf-8")
        header = "[shared.en]"
        if header not in content:
            content += f"\n{header}\n"
        content = content.replace(header, f"{header}\n{shared}")
        file.write_text(content, encoding="utf-8")
    assert "football" in load_seeds(folder).frames["trade"].seeds["en"]


def test_an_exclusion_of_anothers_seed_is_said(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    path = folder / "seeds" / "trade.toml"
    text = path.read_text(encoding="utf-8")
    head, _, tail = text.partition("[exclude]")
    path.write_text(head + "[exclude]" + tail.replace("en = [", 'en = ["football", ', 1), encoding="utf-8")
    with pytest.raises(SeedError, match="exclude holds 'football'"):
        load_seeds(folder)


def test_a_missing_frame_and_a_lone_end_are_said(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "seeds" / "sport.toml").unlink()
    (folder / "scales" / "elite.toml").unlink()
    with pytest.raises(SeedError) as caught:
        load_seeds(folder)
    assert "the frame 'sport' has no file" in str(caught.value)
    assert "the scale 'people' needs one file with pole = -1" in str(caught.value)


def test_lines_of_keys() -> None:
    assert line_of(GOOD, ("frame",)) == 1
    assert line_of(GOOD, ("seeds", "en", 1)) == 11
    assert line_of(GOOD, ("nothing",)) == 1
