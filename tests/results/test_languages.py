"""The report in another language: complete, said of the same numbers, and with no English left."""

from __future__ import annotations

import ast
import re
import string
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from selectolax.lexbor import LexborHTMLParser

from corpus.calendar import Quarter
from corpus.errors import SettingsError
from corpus.settings import Settings, Workspace
from corpus.store import Store
from results import language, report, tables, words
from results.language import day, folder_name, languages, plural, quarter, say, speaking, spoken, week
from results.languages.collect import catalogue, templates
from results.languages.particles import resolved
from results.quarterly import compute
from results.report import build
from results.spans import Span

ROOT = Path(__file__).parents[2]
QUARTER = Quarter(2026, 3)
OTHERS = [code for code in languages() if code != language.ENGLISH]


def held(code: str) -> dict[str, str]:
    with files("results.languages").joinpath(f"{code}.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale=code) if m.id}


def places(template: str) -> Counter[str]:
    """Give the named places of a template, of either kind."""
    named = re.findall(r"%\((\w+)\)s", template)
    if not named:
        named = [name for _, name, _, _ in string.Formatter().parse(template) if name]
    return Counter(named)


@pytest.mark.parametrize("code", OTHERS)
class TestCatalogue:
    def test_holds_every_template(self, code: str) -> None:
        said = held(code)
        assert [template for template in templates() if not said.get(template)] == []

    def test_holds_nothing_else(self, code: str) -> None:
        sources = [path.read_text("utf-8") for part in ("collectors", "corpus") for path in (ROOT / part).rglob("*.py")]
        below = "\n".join(sources)
        extra = held(code).keys() - set(templates())
        assert sorted(text for text in extra if text not in below and not text.startswith("page ")) == []

    def test_names_the_same_places(self, code: str) -> None:
        assert [t for t, said in held(code).items() if set(places(t)) != set(places(said))] == []

    def test_a_template_that_is_missing_is_noticed(self, code: str) -> None:
        assert "no such template" not in catalogue(code)
        assert set(templates()) <= {str(message.id) for message in catalogue(code)}


class TestCollecting:
    def test_finds_sentences_tables_and_pages(self) -> None:
        found = templates()
        assert "no detectable change: {change}" in found  # an argument
        assert "Vietnam" in found  # of a table
        assert "summits and diplomacy" in found
        assert "The quarter in a minute" in found  # of the page
        assert "{where}, no sign that news precedes official statements (q = {q:.2f})." in found  # one of two


class TestSaying:
    def test_english_is_what_the_code_says(self) -> None:
        assert spoken() == "en"
        assert say("{n:,} documents", n=1234) == "1,234 documents"

    def test_a_language_is_spoken_within_only(self) -> None:
        with speaking("ko"):
            assert say("Vietnam") == "베트남"
        assert say("Vietnam") == "Vietnam"

    def test_a_language_ends_with_an_error(self) -> None:
        with pytest.raises(ZeroDivisionError), speaking("ko"):
            raise ZeroDivisionError
        assert spoken() == "en"

    def test_there_is_no_such_language(self) -> None:
        with pytest.raises(SettingsError, match=r"no report in 'xx'.*en, ko"), speaking("xx"):
            pass

    def test_braces_of_a_value_stay(self) -> None:
        assert say("{n:,} {what}", n=1, what="{x}") == "1 {x}"

    def test_plural(self) -> None:
        assert [plural("{n} outlet", "{n} outlets", n) for n in (1, 2)] == ["1 outlet", "2 outlets"]

    def test_quarters_days_and_weeks(self) -> None:
        span = Span.between(Quarter(2025, 4), QUARTER)
        asked = [quarter(QUARTER), quarter(span), quarter(Span.of_year(2024)), day("2026-07-01"), day("2026-07")]
        assert [*asked, week("2026-W05"), day("2026")] == [
            "2026Q3", "2025Q4-2026Q3", "2024", "2026-07-01", "2026-07", "2026-W05", "2026",
        ]  # fmt: skip
        with speaking("ko"):
            asked = [quarter(QUARTER), quarter(span), quarter(Span.of_year(2024)), day("2026-07-01"), day("2026-07")]
            assert [*asked, week("2026-W05")] == [
                "2026년 3분기", "2025년 4분기–2026년 3분기", "2024년", "2026년 7월 1일", "2026년 7월", "2026년 5주",
            ]  # fmt: skip
            assert day("not dated") == "not dated"

    def test_numbers(self) -> None:
        with speaking("ko"):
            assert words.percent(0.365) == "36.5%"
            assert words.between(0.28, 0.436, 1) == "28.0~43.6%"

    def test_a_folder_each(self) -> None:
        assert folder_name(QUARTER) == "2026Q3"
        with speaking("ko"):
            assert folder_name(QUARTER) == "2026Q3-ko"


class TestParticles:
    @pytest.mark.parametrize(
        ("written", "right"),
        [
            ("아세안은(는)", "아세안은"),
            ("동남아시아은(는)", "동남아시아는"),
            ("베트남이(가)", "베트남이"),
            ("라오스을(를)", "라오스를"),
            ("태국과(와) 라오스과(와)", "태국과 라오스와"),
            ("부산(으)로", "부산으로"),
            ("서울(으)로", "서울로"),  # after ㄹ, 로
            ("서울이(가)", "서울이"),
            ("제주(으)로", "제주로"),
            ("라오스(LA)은(는)", "라오스(LA)는"),
            ("“한국”이(가)", "“한국”이"),
            ("36.5%이(가)", "36.5%가"),
            ("3(으)로", "3으로"),
            ("1(으)로", "1로"),
            ("10을(를)", "10을"),
            ("ASEAN을(를)", "ASEAN을"),
            ("ป.은(는)", "ป.은(는)"),  # no rule tells its sound
            ("은(는)", "은(는)"),
        ],
    )
    def test_follow_the_sound_before(self, written: str, right: str) -> None:
        assert resolved(written) == right


# What stays as it is: outlets (of the made-up store), files, commands, and words quoted.
_NAMES = re.compile(
    r"\b[A-Z]{2,5}:[\w ]+|[\w-]+\.(?:csv|jsonl?|toml)|narra(?: [a-z]+)*|lexicon-test|--sampled|CSV|log2|‘Korea’"
)
_ENGLISH = re.compile(r"[A-Za-z]{3,}")


def english_in(page: str) -> list[str]:
    """Give the texts of a page that hold English, quotes and names left out."""
    tree = LexborHTMLParser(page)
    for unread in tree.css("script, style, blockquote, .source, code, [lang]:not(html)"):
        unread.decompose()
    assert tree.body is not None
    texts = re.split(r"\n+", tree.body.text(separator="\n", strip=True))
    alternatives = [node.attributes.get("aria-label") or "" for node in tree.css("[aria-label]")]
    return sorted({text for text in (*texts, *alternatives) if _ENGLISH.search(_NAMES.sub("", text))})


@pytest.fixture(scope="module")
def korean(store: Store, settings: Settings) -> dict[str, bytes]:
    with speaking("ko"):
        return build(store, settings, QUARTER)


@pytest.fixture(scope="module")
def english(store: Store, settings: Settings) -> dict[str, bytes]:
    return build(store, settings, QUARTER)


class TestReport:
    def test_no_english_is_left(self, korean: dict[str, bytes]) -> None:
        assert english_in(korean["report.html"].decode()) == []

    def test_english_would_be_noticed(self, english: dict[str, bytes]) -> None:
        assert len(english_in(english["report.html"].decode())) > 100

    def test_no_korean_is_left_in_english(self, english: dict[str, bytes]) -> None:
        page = LexborHTMLParser(english["report.html"].decode())
        for unread in page.css("script, style, blockquote, .source, [lang]:not(html), bdi"):
            unread.decompose()
        assert page.body is not None
        assert re.findall("[가-힣]+", page.body.text(separator=" ")) == []

    def test_the_page_names_its_language(self, korean: dict[str, bytes]) -> None:
        assert '<html lang="ko">' in korean["report.html"].decode()
        assert '"language": "ko"' in korean["manifest.json"].decode()

    def test_the_same_files_and_figures(self, korean: dict[str, bytes], english: dict[str, bytes]) -> None:
        assert korean.keys() == english.keys()
        numbers = re.compile(rb",(-?\d+\.\d+)")
        for name in ("figures.csv", "series.csv", "weeks.csv"):
            assert numbers.findall(korean[name]) == numbers.findall(english[name])

    def test_english_stays_the_same(
        self, korean: dict[str, bytes], english: dict[str, bytes], store: Store, settings: Settings
    ) -> None:
        assert korean  # written before, in the same process
        again = tables.as_csv(tables.FIGURES, map(tables.figure_row, compute(store, settings, QUARTER).measures))
        assert again == english["figures.csv"] != korean["figures.csv"]

    def test_each_language_has_its_folder(
        self, store: Store, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(report, "build", lambda *_: {"report.html": spoken().encode()})
        workspace = Workspace(tmp_path, settings)
        paths = [report.write_report(store, workspace, QUARTER, code) for code in ("en", "ko")]
        assert [path.parent.name for path in paths] == ["2026Q3", "2026Q3-ko"]
        assert [path.read_text("utf-8") for path in paths] == ["en", "ko"]


def below() -> set[str]:
    """Give the reasons for which records are refused, and what is known of series: they are told as they stand."""
    found: set[str] = set()
    for folder in ("collectors", "corpus"):
        for path in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(path.read_text("utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "RecordError":
                    found |= {
                        a.value for a in node.args[:1] if isinstance(a, ast.Constant) and isinstance(a.value, str)
                    }
    return found - {"repeated figure"}  # of series, whose refused rows no report lists


@pytest.mark.parametrize("code", OTHERS)
def test_reasons_of_refused_records_are_told(code: str) -> None:
    reasons = below()
    assert len(reasons) > 30
    assert sorted(reasons - held(code).keys()) == []
