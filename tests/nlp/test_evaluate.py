"""Gold files and the comparison with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import InputError
from nlp.evaluate import Fault, GoldMention, GoldSentence, Score, compare, read_gold
from nlp.tagger import Tagger


def written(folder: Path, content: str, name: str = "en.txt") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def read(folder: Path, content: str) -> list[GoldSentence]:
    return list(read_gold(written(folder, content)))


# -- reading -------------------------------------------------------------


def test_marks_are_taken_out_and_their_spans_kept(tmp_path: Path) -> None:
    (sentence,) = read(tmp_path, "{태국|TH}과 {서울|KR:capital}은\n")
    assert sentence.text == "태국과 서울은"
    assert sentence.mentions == (GoldMention(0, 2, "TH", ""), GoldMention(4, 6, "KR", "capital"))
    assert (sentence.date, sentence.file, sentence.line) == (None, "en.txt", 1)


def test_comments_and_empty_lines_are_skipped_and_lines_counted(tmp_path: Path) -> None:
    found = read(tmp_path, "# a trap {x}\n\nNo name here.\n  \n{Thailand|TH} won.")
    assert [(s.text, s.line) for s in found] == [("No name here.", 3), ("Thailand won.", 5)]


@pytest.mark.parametrize("day", ["1995-03-01", "1995-03", "1995"])
def test_a_line_may_begin_with_its_date(tmp_path: Path, day: str) -> None:
    (sentence,) = read(tmp_path, f"{day}\t{{Siam|TH}} fell.\n")
    assert (sentence.date, sentence.text, sentence.mentions[0].start) == (day, "Siam fell.", 0)


def test_a_year_within_a_line_is_no_date(tmp_path: Path) -> None:
    (sentence,) = read(tmp_path, "1995 was dry.\n")
    assert (sentence.date, sentence.text) == (None, "1995 was dry.")


def test_a_line_break_within_a_name_is_written_as_backslash_n(tmp_path: Path) -> None:
    (sentence,) = read(tmp_path, "In {South\\nKorea|KR} it rains.\n")
    assert sentence.text == "In South\nKorea it rains."
    assert sentence.text[sentence.mentions[0].start : sentence.mentions[0].end] == "South\nKorea"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{Thailand|XX} won.", "{Thailand|XX} has an unknown entity or class"),
        ("{Thailand|TH:city} won.", "{Thailand|TH:city} has an unknown entity or class"),
        ("{Thailand|TH won.", "a brace or bar that belongs to no mark"),
        ("Thailand|TH} won.", "a brace or bar that belongs to no mark"),
        ("{Thailand} won.", "a brace or bar that belongs to no mark"),
        ("{|TH} won.", "a brace or bar that belongs to no mark"),
        ("{Thailand|th} won.", "a brace or bar that belongs to no mark"),
        ("{a {Thailand|TH}|KR}", "a brace or bar that belongs to no mark"),
        ("a | b", "a brace or bar that belongs to no mark"),
    ],
)
def test_a_mark_that_cannot_be_read_is_named_with_file_and_line(tmp_path: Path, line: str, said: str) -> None:
    path = written(tmp_path, f"Fine.\n# note\n{line}\n", "ko.txt")
    with pytest.raises(InputError) as raised:
        list(read_gold(path))
    assert str(raised.value).startswith("ko.txt:3: ")
    assert said in str(raised.value)


# -- comparing -----------------------------------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Tagger:
    folder = tmp_path_factory.mktemp("lexicon")
    (folder / "xa.toml").write_text(
        'language = "xa"\nname = "made up"\n'
        '[[form]]\nentity = "TH"\nclass = "common"\ntext = ["Quxland"]\nsource = "x"\n'
        '[[form]]\nentity = "LA"\nclass = "common"\ntext = ["Bazland"]\nsource = "x"\nuntil = 1999-12-31\n'
        '[[inside]]\nentity = "TH"\nname = "Quxland"\ntext = ["Quxland Post"]\nreason = "x"\n',
        encoding="utf-8",
    )
    return Tagger.load(folder)


def compared(tagger: Tagger, folder: Path, content: str) -> tuple[dict[str, Score], list[tuple[str, str, str]]]:
    scores, faults = compare(tagger, "xa", read(folder, content))
    return scores, sorted((f.what, f.surface, f.entity) for f in faults)


@pytest.mark.parametrize(
    ("content", "scores", "faults"),
    [
        ("{Quxland|TH} won.", {"TH": Score(1), "*": Score(1)}, []),
        ("Quxland won.", {"TH": Score(0, 1), "*": Score(0, 1)}, [("surplus", "Quxland", "TH")]),
        ("{Fooland|VN} won.", {"VN": Score(0, 0, 1), "*": Score(0, 0, 1)}, [("missed", "Fooland", "VN")]),
        (
            "{Quxland|LA} won.",
            {"LA": Score(0, 0, 1), "TH": Score(0, 1), "*": Score(0, 1, 1)},
            [("missed", "Quxland", "LA"), ("surplus", "Quxland", "TH")],
        ),
        (
            "{the Quxland|TH} won.",
            {"TH": Score(0, 1, 1), "*": Score(0, 1, 1)},
            [("missed", "the Quxland", "TH"), ("surplus", "Quxland", "TH")],
        ),
        ("{Quxland|TH:official}", {"TH": Score(1), "*": Score(1)}, [("class common", "Quxland", "TH")]),
        ("{Quxland|TH:common}", {"TH": Score(1), "*": Score(1)}, []),
        ("{Quxland|TH:inside} Post", {}, []),
        ("Quxland Post", {}, []),
        ("{Quxland|TH:inside} won", {"TH": Score(0, 1), "*": Score(0, 1)}, [("surplus", "Quxland", "TH")]),
        ("{Quxland|TH} Post", {"TH": Score(0, 0, 1), "*": Score(0, 0, 1)}, [("missed", "Quxland", "TH")]),
        ("1999\t{Bazland|LA}", {"LA": Score(1), "*": Score(1)}, []),
        ("2000\tBazland", {}, []),
        ("No name.", {}, []),
    ],
)
def test_right_surplus_and_missed_are_told_apart(
    small: Tagger, tmp_path: Path, content: str, scores: dict[str, Score], faults: list[tuple[str, str, str]]
) -> None:
    assert compared(small, tmp_path, content) == (scores, faults)


def test_a_fault_says_where_it_is(small: Tagger, tmp_path: Path) -> None:
    _, (fault,) = compare(small, "xa", read(tmp_path, "Fine.\nQuxland won."))
    assert fault == Fault("surplus", "Quxland", "TH", GoldSentence("Quxland won.", (), None, "en.txt", 2))


def test_scores_add_up_over_sentences(small: Tagger, tmp_path: Path) -> None:
    scores, _ = compared(small, tmp_path, "{Quxland|TH} and {Quxland|TH}\nQuxland\n{Fooland|VN}")
    assert scores == {"TH": Score(2, 1), "VN": Score(0, 0, 1), "*": Score(2, 1, 1)}


def test_precision_is_of_what_was_found_and_recall_of_what_was_marked() -> None:
    score = Score(right=6, surplus=2, missed=4)
    assert (score.precision, score.recall) == (0.75, 0.6)
    assert Score(1, 2, 3) + score == Score(7, 4, 7)


def test_where_nothing_was_found_or_marked_nothing_is_wrong() -> None:
    assert (Score().precision, Score().recall) == (1, 1)
    assert (Score(missed=1).precision, Score(missed=1).recall) == (1, 0)
    assert (Score(surplus=1).precision, Score(surplus=1).recall) == (0, 1)
