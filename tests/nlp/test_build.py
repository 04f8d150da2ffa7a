"""From lexicon files to an automaton, with small lexicons of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import LexiconError
from nlp.lexicon.build import ALL, build, file_language, lexicon_folder, read_all, version
from nlp.tagger import PASSED, Tagger

Found = list[tuple[str, str, str]]


def form(entity: str, *text: str, form_class: str = "common", **more: str) -> str:
    listed = ", ".join(f'"{one}"' for one in text)
    keys = "".join(f"{key} = {value}\n" for key, value in more.items())
    return f'[[form]]\nentity = "{entity}"\nclass = "{form_class}"\ntext = [{listed}]\nsource = "made up"\n{keys}\n'


def inside(entity: str, name: str, *text: str) -> str:
    listed = ", ".join(f'"{one}"' for one in text)
    return f'[[inside]]\nentity = "{entity}"\nname = "{name}"\ntext = [{listed}]\nreason = "made up"\n\n'


def decoy(entity: str, *text: str) -> str:
    listed = ", ".join(f'"{one}"' for one in text)
    return f'[[decoy]]\nhides = "{entity}"\ntext = [{listed}]\nreason = "made up"\n\n'


def lexicon(folder: Path, **files: str) -> Path:
    """Write lexicon files, language to content; what stands before a first table is the file's own."""
    folder.mkdir(exist_ok=True)
    for language, content in files.items():
        head = f'language = "{language}"\nname = "{language}"\n'
        (folder / f"{language}.toml").write_text(head + content, encoding="utf-8")
    return folder


def found(tagger: Tagger, text: str, language: str = "xa") -> Found:
    return [(text[m.start : m.end], m.entity, m.form_class) for m in tagger.tag(text, language, inside=True)]


# -- what is found -------------------------------------------------------


def test_a_folder_of_one_s_own_is_used(tmp_path: Path) -> None:
    tagger = Tagger.load(lexicon(tmp_path, xa=form("TH", "Quxland")))
    assert found(tagger, "from Quxland and Thailand") == [("Quxland", "TH", "common")]


def test_the_longest_name_wins(tmp_path: Path) -> None:
    tagger = Tagger.load(lexicon(tmp_path, xa=form("SEA", "Qux Asia") + form("ASEAN", "Union of Qux Asia")))
    assert found(tagger, "the Union of Qux Asia in Qux Asia") == [
        ("Union of Qux Asia", "ASEAN", "common"),
        ("Qux Asia", "SEA", "common"),
    ]


def test_a_decoy_that_holds_the_name_hides_it(tmp_path: Path) -> None:
    tagger = Tagger.load(lexicon(tmp_path, xa=form("TH", "ไทย") + decoy("TH", "มหาดไทย")))
    assert found(tagger, "มหาดไทยกับไทย") == [("ไทย", "TH", "common")]


def test_an_inside_gives_the_name_within_and_nothing_else(tmp_path: Path) -> None:
    tagger = Tagger.load(lexicon(tmp_path, xa=form("KR", "Quxland") + inside("KR", "Quxland", "Bank of Quxland")))
    assert found(tagger, "Bank of Quxland, Quxland") == [("Quxland", "KR", "inside"), ("Quxland", "KR", "common")]
    assert [m.start for m in tagger.tag("Bank of Quxland", "xa", inside=True)] == [8]


@pytest.mark.parametrize(
    ("longer", "text"),
    [
        (form("ASEAN", "Quxland Union", veto_after='["party"]'), "Quxland Union party"),
        (form("ASEAN", "Quxland Union", cue_after='["met"]'), "Quxland Union slept"),
        (form("ASEAN", "Quxland Union"), "Quxland Unions"),
        (form("ASEAN", "Quxland Union", until="1999-12-31"), "Quxland Union"),
        (decoy("TH", "Quxland Rex"), "Quxland Rexes"),
        (inside("TH", "Quxland", "Quxland Post"), "Quxland Posts"),
        (form("ASEAN", "Old Quxland", until="1999-12-31"), "Old Quxland"),
        (inside("TH", "Quxland", "Bank Quxland"), "eBank Quxland"),
        (decoy("TH", "Bank Quxland"), "eBank Quxland"),
    ],
)
def test_where_a_longer_name_does_not_hold_the_name_within_it_does(tmp_path: Path, longer: str, text: str) -> None:
    tagger = Tagger.load(lexicon(tmp_path, xa=longer + form("TH", "Quxland")))
    mentions = tagger.tag(text, "xa", "2020-01-01", inside=True)
    assert [(text[m.start : m.end], m.entity, m.form_class) for m in mentions] == [("Quxland", "TH", "common")]


def test_of_two_claims_to_one_name_the_first_whose_condition_holds_wins(tmp_path: Path) -> None:
    forms = form("KP", "Qux", cue_near='["north"]') + form("KR", "Qux", cue_near='["south"]') + form("KOREA", "Qux")
    tagger = Tagger.load(lexicon(tmp_path, xa=forms))
    assert [m.entity for m in tagger.tag("Qux in the north. Qux in the south. Qux.", "xa")] == ["KP", "KR", "KOREA"]


def test_names_of_cldr_are_added_unless_dropped_or_listed(tmp_path: Path) -> None:
    text = "Thailand Laos Vietnam"
    plain = Tagger.load(lexicon(tmp_path / "plain", en=form("SG", "Temasek")))
    assert [(m.entity, m.form_class) for m in plain.tag(text, "en")] == [(e, "common") for e in ("TH", "LA", "VN")]
    own = 'cldr_drop = ["Laos"]\n' + form("TH", "Thailand", form_class="official")
    chosen = Tagger.load(lexicon(tmp_path / "chosen", en=own))
    assert [(m.entity, m.form_class) for m in chosen.tag(text, "en")] == [("TH", "official"), ("VN", "common")]


# -- sharing -------------------------------------------------------------


def test_a_shared_name_is_found_in_other_languages_and_others_are_not(tmp_path: Path) -> None:
    files = {"xa": form("TH", "Quxland", shared="true") + form("LA", "Bazland"), "xb": form("VN", "Fooland")}
    tagger = Tagger.load(lexicon(tmp_path, **files))
    text = "Quxland Bazland Fooland"
    assert [m.entity for m in tagger.tag(text, "xb")] == ["TH", "VN"]
    assert [m.entity for m in tagger.tag(text, "xa")] == ["TH", "LA"]
    assert [m.entity for m in tagger.tag(text, ALL)] == ["TH", "LA", "VN"]


def test_in_another_language_a_shared_name_counts_as_written_and_in_capitals_only(tmp_path: Path) -> None:
    tagger = Tagger.load(lexicon(tmp_path, xa=form("TH", "Quxland", shared="true"), xb=form("VN", "Fooland")))
    assert [m.entity for m in tagger.tag("Quxland QUXLAND quxland", "xb")] == ["TH", "TH"]
    assert [m.entity for m in tagger.tag("Quxland QUXLAND quxland", "xa")] == ["TH", "TH", "TH"]


def test_what_a_language_says_itself_stands_before_what_another_lends(tmp_path: Path) -> None:
    tagger = Tagger.load(lexicon(tmp_path, xa=form("TH", "Quxland", shared="true"), xb=decoy("TH", "Quxland")))
    assert tagger.tag("Quxland", "xb") == []


# -- pairs ---------------------------------------------------------------

PAIRS = (
    'pair_joiners = "·-"\npair_partners = ["미", "중국"]\n'
    + form("KR", "한", pair="true")
    + form("VN", "베", pair="true")
)


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("한·미 회담", ["KR"]),
        ("한·베 회담", ["KR", "VN"]),
        ("베-한 회담", ["VN", "KR"]),
        ("중국·한 회담", ["KR"]),
        ("한·태국 회담", ["KR", "TH"]),
        ("태국·한 회담", ["TH", "KR"]),
        ("한 회담", []),
        ("한·밭 회담", []),
        ("밭·한 회담", []),
        ("대한·미 회담", []),
        ("미·한옥 회담", []),
        ("한 · 미 회담", []),
    ],
)
def test_a_short_form_counts_only_joined_to_another_name(tmp_path: Path, text: str, entities: list[str]) -> None:
    tagger = Tagger.load(lexicon(tmp_path, xa=PAIRS + form("TH", "태국")))
    assert [m.entity for m in tagger.tag(text, "xa")] == entities
    assert all(text[m.start : m.end] in {"한", "베", "태국"} for m in tagger.tag(text, "xa"))


def test_a_joiner_does_not_swallow_the_beginning_of_a_full_name(tmp_path: Path) -> None:
    tagger = Tagger.load(lexicon(tmp_path, xa=PAIRS + form("KR", "한국")))
    text = "미·한국 회담"
    assert [(text[m.start : m.end], m.form_class) for m in tagger.tag(text, "xa")] == [("한국", "common")]


# -- edges ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("boundary", "text", "holds"),
    [
        ("auto", "qua quxland!", True),
        ("auto", "prequxland", False),
        ("auto", "quxlander", False),
        ("auto", "quxland2", False),
        ("auto", "한quxland은", True),
        ("none", "prequxlander", True),
    ],
)
def test_a_latin_name_is_a_word_of_its_own_unless_told_otherwise(
    tmp_path: Path,
    boundary: str,
    text: str,
    holds: bool,  # noqa: FBT001
) -> None:
    tagger = Tagger.load(lexicon(tmp_path, xa=form("TH", "quxland", boundary=f'"{boundary}"')))
    assert bool(tagger.tag(text, "xa")) == holds


@pytest.mark.parametrize(
    ("text", "holds"),
    [("인니는", True), ("사인니까", False), ("주인니 대사", True), ("민주인니", False), ("(인니)", True)],
)
def test_a_korean_name_may_have_to_begin_its_word_but_for_prefixes(tmp_path: Path, text: str, holds: bool) -> None:  # noqa: FBT001
    tagger = Tagger.load(lexicon(tmp_path, xa='prefixes = ["주"]\n' + form("ID", "인니", boundary='"start"')))
    assert bool(tagger.tag(text, "xa")) == holds


def test_an_edge_that_does_not_hold_is_explained(tmp_path: Path) -> None:
    tagger = Tagger.load(lexicon(tmp_path, xa=form("TH", "Quxland")))
    (decision,) = tagger.explain("Quxlander", "xa")
    assert (decision.surface, decision.outcome, decision.rule) == ("Quxland", PASSED, "edge")


# -- files and versions --------------------------------------------------


def test_our_own_lexicons_are_the_default() -> None:
    assert file_language("ko") == "ko"
    assert file_language("zh-Hant") == "zh"
    assert file_language("tl") == "fil"
    assert file_language("xx") is None
    assert len(read_all(lexicon_folder())) >= 13


def test_spellings_and_entries_correspond(tmp_path: Path) -> None:
    built = build("xa", lexicon(tmp_path, xa=form("TH", "Quxland", case='"exact"')))
    assert len(built.spellings) == len(built.entries) == len(set(built.spellings))
    entry = built.entries[built.spellings.index("Quxland")]
    assert [f.entity for f in entry.forms] == ["TH"]


def test_a_folder_without_files_is_explained(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="No lexicon files"):
        Tagger.load(tmp_path).tag("Quxland", "xa")


def test_a_wrong_file_is_named(tmp_path: Path) -> None:
    folder = lexicon(tmp_path, xa=form("XX", "Quxland"))
    with pytest.raises(LexiconError, match=r"xa\.toml:3"):
        build("xa", folder)


def test_the_version_is_short_and_the_same_each_time() -> None:
    assert version() == version() == Tagger.load().version
    assert len(version()) == 12


def test_another_lexicon_has_another_version(tmp_path: Path) -> None:
    one = Tagger.load(lexicon(tmp_path / "one", xa=form("TH", "Quxland")))
    other = Tagger.load(lexicon(tmp_path / "other", xa=form("LA", "Quxland")))
    assert one.version != other.version
