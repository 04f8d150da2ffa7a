"""Glances: they save time and decide nothing."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.glance import REACH, Glance, Glued, Seen, Settled, longer_before, piece_after, piece_before
from nlp.lexicon.build import Does
from nlp.tagger import Tagger

TEXT = "Bank of Korea. The government of Thailand said"


def test_pieces_reach_to_the_next_space_and_keep_the_one_beside_the_name() -> None:
    start = TEXT.index("Thailand")
    assert piece_before(TEXT, start) == "of "
    assert longer_before(TEXT, start, "of ") == "government of "
    assert piece_after(TEXT, start + len("Thailand")) == " said"
    assert piece_before(TEXT, 0) == ""
    assert piece_after(TEXT, len(TEXT)) == ""
    assert longer_before("of Korea", 3, "of ") == "of "


def test_a_long_piece_is_looked_at_closely(tagger: Tagger) -> None:
    glance = _glance(tagger, "en", "Thailand")
    assert glance.before["x" * REACH] is Seen.LOOK
    assert glance.after["x" * REACH] is Seen.LOOK


@pytest.mark.parametrize(
    ("piece", "seen"),
    [
        ("government of ", Seen.PLAIN),
        ("Bank of ", Seen.LOOK),
        ("of ", Seen.MORE),
        ("visited ", Seen.PLAIN),
        ("www.", Seen.LOOK),
        ("x", Seen.LOOK),
        ("Lao and ", Seen.FAR),
    ],
)
def test_what_a_glance_before_a_name_says(tagger: Tagger, piece: str, seen: Seen) -> None:
    assert _glance(tagger, "en", "Thailand").before[piece] is seen


@pytest.mark.parametrize(
    ("piece", "seen"),
    [(" said", Seen.PLAIN), (" Airlines", Seen.LOOK), (".", Seen.STOP), (".com", Seen.LOOK), ("’s", Seen.PLAIN)],
)
def test_what_a_glance_after_a_name_says(tagger: Tagger, piece: str, seen: Seen) -> None:
    assert _glance(tagger, "en", "Thailand").after[piece] is seen


WORDS = {
    "en": (
        *(
            "Thailand",
            "Korean",
            "Malaysia",
            "the",
            "of",
            "Bank",
            "Association",
            "University",
            "Airlines",
            "Party",
            "in",
        ),
        *("and", "Rattan", "Inc", "speaks", "Lao", "Vietnamese", "South", "Sea", "north", "www.", "@", "Gulf"),
    ),
    "ko": (
        "한국",
        "베트남",
        "은행",
        "협회는",
        "주",
        "자유",
        "당",
        "태국",
        "의",
        "대사관",
        "일보",
        "한·",
        "아세안",
        "북한",
    ),
    "id": (
        "Indonesia",
        "Bank",
        "bahasa",
        "Thai",
        "dan",
        "di",
        "Garuda",
        "Partai",
        "Malaysia",
        "Universitas",
        "Persatuan",
    ),
    "th": (
        "ไทย",
        "ประเทศ",
        "สมาคม",
        "ลาว",
        "มหาด",
        "แห่ง",
        "การบิน",
        "ภาษา",
        "กรุง",
        "และ",
        "อาเซียน",
        "สิงคโปร์",
        "ชาว",
        "คน",
        "ะ",
    ),
    "vi": ("Việt Nam", "Thái", "Lào", "tiếng", "và", "Ngân hàng", "Hàn", "Quốc", "Nguyên", "Airlines", "người"),
    "lo": ("ລາວ", "ປະເທດ", "ໄທ", "ສະມາຄົມ", "ຊາວ", "ພາສາ", "ແຫ່ງ", "ກຳປູເຈຍ", "ຄົນ", "ເວົ້າ", "ແລະ", "ແອລາຍ", "ະ"),
    "zh": ("泰国", "韩国", "中", "泰", "银行", "航空", "语", "人", "新加坡", "老挝", "党", "大学", "和", "Airlines"),
    "km": ("ថៃ", "ខ្មែរ", "ប្រទេស", "ភាសា", "ជនជាតិ", "ឡាវ", "ធនាគារ", "កម្ពុជា", "និង", "្", "ា"),
    "my": ("ထိုင်း", "မြန်မာ", "နိုင်ငံ", "ဘာသာ", "ကိုရီးယား", "လူမျိုး", "ဘဏ်", "လာအို", "နှင့်", "း", "့"),
}
GAPS = ("", " ", " ", " ", "\n", "  ", ", ", ". ", "-", "/")


def _words(code: str) -> st.SearchStrategy[tuple[str, list[tuple[str, str]]]]:
    return st.tuples(st.just(code), st.lists(st.tuples(st.sampled_from(WORDS[code]), st.sampled_from(GAPS))))


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(WORDS)).flatmap(_words))
def test_a_glance_finds_what_a_close_look_finds(tagger: Tagger, drawn: tuple[str, list[tuple[str, str]]]) -> None:
    code, words = drawn
    text = "".join(word + gap for word, gap in words)
    decisions = tagger.explain(text, code)  # looks closely at everything
    closely = [(d.start, d.end, d.entity, d.form_class) for d in decisions if d.outcome in {"mention", "inside"}]
    assert [(m.start, m.end, m.entity, m.form_class) for m in tagger.tag(text, code, inside=True)] == closely
    assert all(a[1] <= b[0] for a, b in pairwise(closely))


def _glance(tagger: Tagger, language: str, name: str) -> Glance:
    matcher = tagger.matcher(language)
    number = matcher.lexicon.spellings.index(name)
    assert matcher.lexicon.entries[number].does is Does.NAME
    glance = matcher.glances[number]
    assert glance is not None
    return glance


@pytest.mark.parametrize(
    ("text", "class_and_rule"),
    [
        ("ในประเทศไทยมี", ("common", "")),
        ("ชาวไทยมี", ("demonym", "cue")),
        ("ชาว ไทยมี", ("demonym", "cue")),
        ("พบ ไทยมี", ("common", "")),
        ("พบ  ไทยมี", None),
        ("สมาคมนักข่าวไทย", None),
        ("แห่งประเทศไทย", None),
        ("ไทย.com", None),
        ("ไทยะ", None),
    ],
)
def test_what_a_glance_says_of_a_name_between_words_without_spaces(
    tagger: Tagger, text: str, class_and_rule: tuple[str, str] | None
) -> None:
    matcher = tagger.matcher("th")
    entry = matcher.lexicon.entries[matcher.lexicon.spellings.index("ไทย")]
    glued = Glued.of(entry)
    assert glued is not None
    start = text.index("ไทย")
    seen = glued.form(text, start, start + 3)
    assert (seen and (seen[0].form_class, seen[1])) == class_and_rule


def test_names_of_spaced_scripts_and_those_told_from_afar_need_another_look(tagger: Tagger) -> None:
    for language, name in (("en", "Thailand"), ("en", "Korea"), ("ko", "한국"), ("th", "ASEAN")):
        lexicon = tagger.matcher(language).lexicon
        assert Glued.of(lexicon.entries[lexicon.spellings.index(name)]) is None


@pytest.mark.parametrize(
    ("name", "text", "spans"),
    [
        ("조선일보", "조선일보는", [(0, 2)]),
        ("타이틀", "타이틀을", []),  # a decoy
        ("한국", "한국은", None),  # a name is none of them
    ],
)
def test_what_is_no_name_of_its_own_is_settled_by_what_stands_around_it(
    tagger: Tagger, name: str, text: str, spans: list[tuple[int, int]] | None
) -> None:
    lexicon = tagger.matcher("ko").lexicon
    settled = Settled.of(lexicon.entries[lexicon.spellings.index(name)])
    mentions = settled and settled.mentions(text, 0, len(name))
    assert (None if mentions is None else [(m.start, m.end) for m in mentions]) == spans


def test_what_does_not_stand_is_looked_at_closely(tagger: Tagger) -> None:
    lexicon = tagger.matcher("id").lexicon
    settled = Settled.of(lexicon.entries[lexicon.spellings.index("Bank Indonesia")])
    assert settled is not None
    assert settled.mentions("Bank Indonesia", 0, 14) is not None
    assert settled.mentions("Bank Indonesian", 0, 14) is None


def test_the_words_further_before_a_name_tell_what_those_beside_it_leave_open(tagger: Tagger) -> None:
    glance = _glance(tagger, "en", "Philippines")
    name = "Philippines"
    for before, holds in (("the Republic of the ", True), ("the Bank of the ", False), ("of the ", False)):
        text = f"{before}{name} said"
        start = len(before)
        piece = piece_before(text, start)
        seen = (glance.before[piece], glance.after[" said"])
        assert glance.holds(text, start, start + len(name), piece, seen) is holds
