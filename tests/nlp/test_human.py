"""Agreement with people's marks: on hand-written sentences, and a gate on the real sets."""

from __future__ import annotations

import gzip
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from nlp import human
from nlp.tagger import Tagger

LEXICON = """
language = "id"
name = "Indonesian"
inside_before = ["Bank"]
[korea]
south = ["Seoul"]
[[form]]
entity = "ID"
class = "capital"
text = ["Jakarta"]
source = "capital"
[[form]]
entity = "ID"
class = "abbreviation"
text = ["RI"]
case = "exact"
source = "usual"
[[form]]
entity = "TH"
class = "demonym"
text = ["thailander"]
source = "made up"
[[form]]
entity = "KOREA"
class = "common"
text = ["Korea"]
source = "made up"
[[inside]]
entity = "ID"
name = "Indonesia"
text = ["kota Indonesia Permai"]
reason = "made up"
"""
ENGLISH = """
language = "en"
name = "English"
[[form]]
entity = "ID"
class = "capital"
text = ["Djakarta"]
source = "old"
"""
FLOORS = Path(__file__).parents[1] / "gold" / "human_floors.toml"


@pytest.fixture(scope="module")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> Tagger:
    folder = tmp_path_factory.mktemp("lexicon")
    (folder / "id.toml").write_text(LEXICON, encoding="utf-8")
    (folder / "en.toml").write_text(ENGLISH, encoding="utf-8")
    return Tagger.load(folder)


def marked(text: str, number: int = 1) -> human.Sentence:
    """Read ``[name]`` as a human span."""
    plain, spans = "", []
    for place, piece in enumerate(text.replace("]", "[").split("[")):
        if place % 2:
            spans.append((len(plain), len(plain) + len(piece)))
        plain += piece
    return human.Sentence(number, "id", plain, tuple(spans))


def judged(tagger: Tagger, text: str) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
    """Give (surface, entity, verdict) of the mentions and of the human spans that are ours."""
    sentence = marked(text)
    findings, wanted = human.judge_all(tagger, "id", [sentence])
    return (
        [(sentence.text[f.start : f.end], f.entity, f.match) for f in findings],
        [(sentence.text[w.start : w.end], w.entity, w.sought) for w in wanted],
    )


@pytest.mark.parametrize(
    ("text", "findings", "wanted"),
    [
        ("di [Jakarta] hari ini", [("Jakarta", "ID", "exact")], [("Jakarta", "ID", "exact")]),
        ("di [Surabaya]", [], []),
        ("di Jakarta", [("Jakarta", "ID", "unmarked")], []),
        ("[Kementerian Luar Negeri RI] berkata", [("RI", "ID", "within")], []),
        ("[negara Indonesia] ini", [("Indonesia", "ID", "exact")], [("Indonesia", "ID", "exact")]),
        ("Bank [Indonesia] ini", [], [("Indonesia", "ID", "inside")]),
        ("di [kota Indonesia Permai]", [], []),
        ("di www.[Indonesia].go.id", [], [("Indonesia", "ID", "missed")]),
        ("orang thailander", [("thailander", "TH", "unmarked")], []),
    ],
)
def test_a_mention_is_judged_by_the_human_spans_around_it(
    tagger: Tagger, text: str, findings: list[tuple[str, str, str]], wanted: list[tuple[str, str, str]]
) -> None:
    assert judged(tagger, text) == (findings, wanted)


def test_a_longer_mention_of_the_same_entity_overlaps(tagger: Tagger) -> None:
    sentence = marked("di DKI [Jakarta]")
    found = tagger.tag(sentence.text, "id")[0]._replace(start=3)
    findings, wanted = human.judge(sentence, [found], human.Owner(tagger, "id"))
    assert [f.match for f in findings] == ["overlap"]
    assert [w.sought for w in wanted] == ["overlap"]


def test_a_bare_korea_agrees_with_whichever_korea_context_made_it(tagger: Tagger) -> None:
    assert judged(tagger, "di [Korea], kata Seoul")[1] == [("Korea", "KR", "exact")]
    assert judged(tagger, "di [Korea]")[1] == [("Korea", "KOREA", "exact")]


def test_precision_is_given_with_and_without_demonyms_and_capitals(tagger: Tagger) -> None:
    sentences = [marked("[Indonesia] dan Jakarta"), marked("thailander di [Jakarta]"), marked("[Polisi RI]")]
    all_of_them = human.tally(*human.judge_all(tagger, "id", sentences))["*"]
    assert all_of_them.precision("exact") == pytest.approx(2 / 5)
    assert all_of_them.precision("exact", "within") == pytest.approx(3 / 5)
    assert all_of_them.precision("exact", plain=True) == pytest.approx(1 / 2)
    assert all_of_them.recall("exact") == 1.0
    assert human.Tally().precision("exact") is None


def test_the_table_has_a_row_for_each_entity_and_one_for_all(tagger: Tagger) -> None:
    findings, wanted = human.judge_all(tagger, "id", [marked("[Indonesia] dan thailander")])
    rows = list(human.table("id", findings, wanted))
    assert [row[1] for row in rows] == ["ID", "TH", "*"]
    assert rows[2][2:9] == ("2", "1", "0", "0", "1", "1", "0")


def test_parallel_sentences_are_compared_with_english(tagger: Tagger) -> None:
    rows = [
        {"en": "Djakarta and Korea", "id": "Jakarta"},
        {"en": "nobody", "id": "Indonesia, Thailand"},
        {"en": "Djakarta", "id": "ibu kota"},
    ]
    found = human.agreement(tagger, rows)["id"]
    assert found.both == ((1, "ID"),)
    assert found.missing == ((3, "ID"),)
    assert found.surplus == ((2, "ID"), (2, "TH"))
    assert found.recall == pytest.approx(1 / 2)


def write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)


def test_the_command_prints_tables_and_every_disagreement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lexicon = tmp_path / "lexicon"
    lexicon.mkdir()
    for code in human.SETS:
        head = f'language = "{code}"\nname = "{code}"\n'
        (lexicon / f"{code}.toml").write_text(LEXICON if code == "id" else head, encoding="utf-8")
    (lexicon / "en.toml").write_text(ENGLISH, encoding="utf-8")
    for code, name in human.SETS.items():
        row = {"language": code, "text": "di Jakarta", "spans": []}
        write_lines(tmp_path / name, [row] if code == "id" else [])
    write_lines(tmp_path / human.PARALLEL, [{"en": "Djakarta", "id": "ibu kota"}])
    assert human.main(["--folder", str(tmp_path), "--lexicon", str(lexicon), "--list"]) == 0
    printed = capsys.readouterr().out
    assert "id missing: 1 ID" in printed
    assert "unmarked\tID\tcapital\tid:1\t\tdi [Jakarta]" in printed


def test_absent_sets_are_said_to_be_absent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert human.main(["--folder", str(tmp_path / "nowhere")]) == 1
    assert "nowhere" in capsys.readouterr().err


# -- the gate ----------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Tagger:
    if not human.FOLDER.is_dir():
        pytest.skip("the human-marked sets are not beside the project")
    return Tagger.load()


def floors() -> dict[str, dict[str, Any]]:
    return tomllib.loads(FLOORS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", human.SETS)
def test_agreement_with_people_does_not_fall(real: Tagger, language: str) -> None:
    sentences = human.read_marked(human.FOLDER / human.SETS[language])
    one = human.tally(*human.judge_all(real, language, sentences))["*"]
    reached = {
        "recall": one.recall("exact"),
        "recall_overlap": one.recall("exact", "overlap"),
        "precision": one.precision("exact", plain=True),
        "precision_within": one.precision("exact", "overlap", "within", plain=True),
        "found_at_all": one.recall("exact", "overlap", "inside"),
    }
    fallen = {
        name: (reached[name], floor) for name, floor in floors()[language].items() if (reached[name] or 0) < floor
    }
    assert not fallen, "reached, and floor"


def test_agreement_across_languages_does_not_fall(real: Tagger) -> None:
    compared = human.agreement(real, human.read_parallel(human.FOLDER / human.PARALLEL))
    allowed = floors()["parallel"]
    missing = {code: list(map(list, a.missing)) for code, a in compared.items() if a.missing}
    surplus = {code: list(map(list, a.surplus)) for code, a in compared.items() if a.surplus}
    assert (missing, surplus) == (allowed["missing"], allowed["surplus"])
