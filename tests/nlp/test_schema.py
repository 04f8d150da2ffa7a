"""A wrong lexicon file: every problem is named with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import LexiconError
from nlp.lexicon.build import lexicon_folder
from nlp.lexicon.schema import read_lexicon, table_lines

HEAD = 'language = "en"\nname = "English"\n'
THAILAND = '[[form]]\nentity = "TH"\nclass = "common"\ntext = ["Thailand"]\nsource = "x"\n'


def form(**changes: str) -> str:
    """Write one table of five lines; a key whose value is empty is left out."""
    keys = {"entity": '"TH"', "class": '"common"', "text": '["Siam"]', "source": '"x"'} | changes
    return "[[form]]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items() if value)


def written(folder: Path, content: str) -> Path:
    path = folder / "en.toml"
    path.write_text(content, encoding="utf-8")
    return path


def problems(folder: Path, content: str) -> list[str]:
    with pytest.raises(LexiconError) as raised:
        read_lexicon(written(folder, content))
    return str(raised.value).split("\n")


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    inside = '[[inside]]\nentity = "TH"\nname = "Thailand"\ntext = ["Thailand Post"]\nreason = "the post"\n'
    decoy = '[[decoy]]\nhides = "TH"\ntext = ["Thailandia"]\nreason = "a plant"\n'
    korea = '[korea]\nsouth = ["Seoul"]\n'
    read = read_lexicon(written(tmp_path, HEAD + korea + THAILAND + inside + decoy))
    assert (read.form[0].entity, read.form[0].form_class, read.form[0].case) == ("TH", "common", "any")
    assert (read.inside[0].name, read.decoy[0].hides, read.korea.south) == ("Thailand", "TH", ("Seoul",))


@pytest.mark.parametrize("path", sorted(lexicon_folder().glob("*.toml")), ids=lambda path: path.stem)
def test_our_own_files_are_sound_and_named_after_their_language(path: Path) -> None:
    assert read_lexicon(path).language == path.stem


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEAD + THAILAND + form(clas='"common"'), "en.toml:8: the key `clas` is not known here."),
        (HEAD + form(source=""), "en.toml:3: the key `source` is missing."),
        (HEAD + THAILAND + "\n# a note\n\n" + form(source=""), "en.toml:11: the key `source` is missing."),
        (HEAD + form(entity='"XX"'), "en.toml:3: `form.0.entity` is 'XX', but must be one of ASEAN, SEA,"),
        (HEAD + THAILAND + form(**{"class": '"city"'}), "en.toml:8: `form.1.class` is 'city', but must be 'official',"),
        (HEAD + form(**{"class": '"inside"'}), "en.toml:3: `form.0.class` is 'inside', but must be"),
        (HEAD + form(text="[]"), "en.toml:3: `form.0.text` is [], but must be"),
        (HEAD + form(text='[""]'), "en.toml:3: `form.0.text.0` is '', but must be"),
        (HEAD + form(source='""'), "en.toml:3: `form.0.source` is '', but must be"),
        (HEAD + form(case='"lower"'), "en.toml:3: `form.0.case` is 'lower', but must be 'any' or 'exact'."),
        (
            HEAD + form(boundary='"end"'),
            "en.toml:3: `form.0.boundary` is 'end', but must be 'auto', 'start' or 'none'.",
        ),
        (HEAD + form(until='"soon"'), "en.toml:3: `form.0.until` is 'soon', but must be"),
        (
            HEAD + THAILAND + '[[decoy]]\nhides = "XX"\ntext = ["a"]\nreason = "b"\n',
            "en.toml:8: `decoy.0.hides` is 'XX', but must be one of ASEAN",
        ),
        (HEAD + '[[decoy]]\nhides = "TH"\ntext = ["a"]\n', "en.toml:3: the key `reason` is missing."),
        (HEAD + "[korea]\nwest = []\n", "the key `west` is not known here."),
        ("colour = 1\n" + HEAD, "the key `colour` is not known here."),
        ('name = "English"\n', "en.toml:1: the key `language` is missing."),
    ],
)
def test_a_wrong_key_or_value_is_named_with_its_table_s_line(tmp_path: Path, content: str, said: str) -> None:
    found = problems(tmp_path, content)
    assert said in found[0]
    assert {line.split(" ")[0] for line in found} == {found[0].split(" ")[0]}
    assert found[0].startswith("en.toml:")


def test_bad_toml_is_named_with_its_line(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, HEAD + "[[form]\n")
    assert said.startswith("en.toml: not valid TOML:")
    assert "line 3" in said


def test_a_form_listed_twice_is_named_with_both_lines(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, HEAD + THAILAND + "\n" + form(text='["Thailand"]'))
    assert said == "en.toml:9: the form 'Thailand' is listed twice (first on line 3)."


def test_a_form_listed_twice_in_one_table_is_named(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, HEAD + form(text='["Siam", "Siam"]'))
    assert said == "en.toml:3: the form 'Siam' is listed twice (first on line 3)."


def test_a_form_claimed_by_two_is_named_with_both(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, HEAD + THAILAND + form(entity='"LA"', text='["Thailand"]'))
    assert said == "en.toml:8: the form 'Thailand' is claimed by TH and LA (first on line 3)."


def test_a_form_may_be_claimed_twice_where_context_or_date_decides(tmp_path: Path) -> None:
    dated = form(entity='"LA"', text='["Thailand"]', until="1949-05-11")
    cued = form(entity='"VN"', text='["Thailand"]', cue_near='["north"]')
    assert len(read_lexicon(written(tmp_path, HEAD + THAILAND + dated + cued)).form) == 3


def test_an_inside_that_does_not_hold_its_name_is_named(tmp_path: Path) -> None:
    inside = '[[inside]]\nentity = "TH"\nname = "Thailand"\ntext = ["Thailand Post", "Thai Post"]\nreason = "x"\n'
    (said,) = problems(tmp_path, HEAD + THAILAND + inside)
    assert said == "en.toml:8: 'Thai Post' does not hold the name 'Thailand'."


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    found = problems(tmp_path, HEAD + form(source="") + form(entity='"XX"') + form(case='"no"'))
    assert [line.split(" ")[0] for line in found] == ["en.toml:3:", "en.toml:7:", "en.toml:12:"]


def test_a_date_is_a_date(tmp_path: Path) -> None:
    read = read_lexicon(written(tmp_path, HEAD + form(**{"from": "1989-06-18", "until": "2000-01-01"})))
    assert str(read.form[0].since) == "1989-06-18"
    assert read.form[0].conditional
    assert not read_lexicon(written(tmp_path, HEAD + THAILAND)).form[0].conditional


def test_the_lines_of_tables_are_counted_from_one() -> None:
    source = "# note\n[[form]]\na = 1\n\n[[ form ]]\n[[inside]]\n[korea]\n"
    assert table_lines(source) == {"form": [2, 5], "inside": [6], "korea": [7]}
