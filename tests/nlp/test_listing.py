"""The lexicon as people read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import InputError, LexiconError
from corpus.model import ENTITIES
from nlp.lexicon.build import lexicon_folder, read_all
from nlp.lexicon.cldr import cldr_names
from nlp.lexicon.listing import check, names_of
from nlp.tagger import Tagger


def test_a_name_is_listed_with_language_class_condition_and_source() -> None:
    listed = list(names_of("ASEAN", "ko"))
    assert ("ko", "common", "아세안", "always") in [row[:4] for row in listed]
    assert {row[0] for row in listed} == {"ko"}
    assert all(all(row) for row in listed)


def test_all_languages_are_listed_where_none_is_asked_for() -> None:
    assert {row[0] for row in names_of("TH")} == set(read_all(lexicon_folder()))


def test_conditions_are_said_in_words() -> None:
    said = {row[3] for entity in ENTITIES for row in names_of(entity)}
    assert {"always", "with a cue", "joined to another name", "kept apart"} <= said
    assert any(condition.startswith("until ") for condition in said)
    assert any("from " in condition for condition in said)


def test_names_of_cldr_are_listed_once_unless_the_file_drops_them() -> None:
    for language, lexicon in read_all(lexicon_folder()).items():
        rows = [row[2] for entity in ENTITIES for row in names_of(entity, language) if row[1] != "inside"]
        own = [text for entry in lexicon.form for text in entry.text]
        dropped = set(lexicon.cldr_drop)
        added = [name for name in cldr_names(language) if name not in own and name not in dropped]
        assert sorted(rows) == sorted([*own, *added])


def test_every_listed_name_that_always_counts_is_found_as_that_entity(tagger: Tagger) -> None:
    for language in ("ko", "en", "th", "zh"):
        for entity in ("ASEAN", "SEA", "TH", "VN"):
            for _, form_class, name, when, _ in names_of(entity, language):
                if when == "always":
                    found = [(m.start, m.end, m.entity, m.form_class) for m in tagger.tag(name, language)]
                    assert found == [(0, len(name), entity, form_class)], name


def test_an_unknown_entity_is_explained_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"'XX' is none of ours\. Known: ASEAN, SEA"):
        list(names_of("XX"))


def test_an_unknown_language_is_explained_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"no lexicon for 'xx'\. There are: en, fil"):
        list(names_of("TH", "xx"))


def test_checking_counts_the_spellings_of_each_language(tmp_path: Path) -> None:
    (tmp_path / "xa.toml").write_text(
        'language = "xa"\nname = "x"\n[[form]]\nentity = "TH"\nclass = "common"\ntext = ["Quxland"]\nsource = "x"\n'
    )
    ((language, spellings),) = check(tmp_path)
    assert language == "xa"
    assert spellings > 3


def test_checking_names_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "xa.toml").write_text('language = "xa"\nname = "x"\ncolour = "red"\n')
    with pytest.raises(LexiconError, match=r"xa\.toml:1: the key `colour` is not known here"):
        list(check(tmp_path))
