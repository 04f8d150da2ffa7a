"""What the tagger must get right: the traps of each language, hostile text, and offsets."""

from __future__ import annotations

import re
import sys
import unicodedata
from datetime import date
from itertools import pairwise
from types import FrameType
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.model import Mention
from nlp import rules
from nlp.rules import RULES
from nlp.tagger import INSIDE, MENTION, PASSED, Matcher, Tagger
from nlp.text import normalise

Found = list[tuple[str, str]]


def found(tagger: Tagger, text: str, language: str, day: str | date | None = None) -> Found:
    return [(text[m.start : m.end], m.entity) for m in tagger.tag(text, language, day)]


def inside(tagger: Tagger, text: str, language: str) -> Found:
    mentions = tagger.tag(text, language, inside=True)
    return [(text[m.start : m.end], m.entity) for m in mentions if m.form_class == "inside"]


# -- ASEAN and the region ------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("ko", "동남아시아국가연합은 커졌다.", "동남아시아국가연합"),
        ("en", "The Association of Southeast Asian Nations grew.", "Association of Southeast Asian Nations"),
        ("en", "The Association of South-East Asian Nations grew.", "Association of South-East Asian Nations"),
        ("en", "THE ASSOCIATION OF SOUTHEAST ASIAN NATIONS GREW", "ASSOCIATION OF SOUTHEAST ASIAN NATIONS"),
        ("id", "Perhimpunan Bangsa-Bangsa Asia Tenggara tumbuh.", "Perhimpunan Bangsa-Bangsa Asia Tenggara"),
        ("ms", "Pertubuhan Negara-negara Asia Tenggara membesar.", "Pertubuhan Negara-negara Asia Tenggara"),
        ("vi", "Hiệp hội các quốc gia Đông Nam Á lớn lên.", "Hiệp hội các quốc gia Đông Nam Á"),
        ("th", "สมาคมประชาชาติแห่งเอเชียตะวันออกเฉียงใต้โตขึ้น", "สมาคมประชาชาติแห่งเอเชียตะวันออกเฉียงใต้"),
        ("zh", "东南亚国家联盟扩大了。", "东南亚国家联盟"),
        ("zh", "東南亞國家協會擴大了。", "東南亞國家協會"),
        (
            "fil",
            "Lumaki ang Samahan ng mga Bansa sa Timog-Silangang Asya.",
            "Samahan ng mga Bansa sa Timog-Silangang Asya",
        ),
        ("my", "အရှေ့တောင်အာရှနိုင်ငံများအသင်း ကြီးထွားသည်။", "အရှေ့တောင်အာရှနိုင်ငံများအသင်း"),
        ("km", "សមាគមប្រជាជាតិអាស៊ីអាគ្នេយ៍បានធំឡើង។", "សមាគមប្រជាជាតិអាស៊ីអាគ្នេយ៍"),
        ("lo", "ສະມາຄົມປະຊາຊາດແຫ່ງອາຊີຕາເວັນອອກສຽງໃຕ້ໃຫຍ່ຂຶ້ນ", "ສະມາຄົມປະຊາຊາດແຫ່ງອາຊີຕາເວັນອອກສຽງໃຕ້"),
        ("ta", "தென்கிழக்காசிய நாடுகளின் கூட்டமைப்பு வளர்ந்தது.", "தென்கிழக்காசிய நாடுகளின் கூட்டமைப்பு"),
        ("pt", "A Associação das Nações do Sudeste Asiático cresceu.", "Associação das Nações do Sudeste Asiático"),
    ],
)
def test_the_long_official_name_is_asean_and_not_the_region(
    tagger: Tagger, language: str, text: str, name: str
) -> None:
    assert found(tagger, text, language) == [(name, "ASEAN")]


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("ko", "아세안과 동남아", [("아세안", "ASEAN"), ("동남아", "SEA")]),
        ("en", "ASEAN and Southeast Asia", [("ASEAN", "ASEAN"), ("Southeast Asia", "SEA")]),
        ("id", "ASEAN dan Asia Tenggara", [("ASEAN", "ASEAN"), ("Asia Tenggara", "SEA")]),
        ("vi", "ASEAN và Đông Nam Á", [("ASEAN", "ASEAN"), ("Đông Nam Á", "SEA")]),
        ("th", "อาเซียนและเอเชียตะวันออกเฉียงใต้", [("อาเซียน", "ASEAN"), ("เอเชียตะวันออกเฉียงใต้", "SEA")]),
        ("zh", "东盟和东南亚", [("东盟", "ASEAN"), ("东南亚", "SEA")]),
    ],
)
def test_asean_and_the_region_are_told_apart_in_one_text(
    tagger: Tagger, language: str, text: str, names: Found
) -> None:
    assert found(tagger, text, language) == names


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("en", "ASEAN+3 met", [("ASEAN+3", "ASEAN")]),
        ("en", "the ASEAN-Korea Centre opened", [("ASEAN-Korea Centre", "ASEAN")]),
        ("en", "an ASEAN-Korea summit", [("ASEAN", "ASEAN"), ("Korea", "KOREA")]),
        ("ko", "아세안+3 재무장관회의", [("아세안+3", "ASEAN")]),
        ("ko", "한-아세안센터가 문을 열었다", [("한-아세안센터", "ASEAN")]),
        ("ko", "한·아세안 정상회의", [("한", "KR"), ("아세안", "ASEAN")]),
        ("en", "the SEA Games", [("SEA Games", "SEA")]),
    ],
)
def test_a_body_or_event_is_one_name_and_a_pair_is_two(tagger: Tagger, language: str, text: str, names: Found) -> None:
    assert found(tagger, text, language) == names


# -- Korea ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The Democratic People's Republic of Korea said", [("Democratic People's Republic of Korea", "KP")]),
        ("The Democratic People’s Republic of Korea said", [("Democratic People’s Republic of Korea", "KP")]),
        ("The Republic of Korea said", [("Republic of Korea", "KR")]),
        ("South Korea and North Korea", [("South Korea", "KR"), ("North Korea", "KP")]),
        ("Korea sent a ship.", [("Korea", "KOREA")]),
        ("Korea sent a ship from Seoul.", [("Korea", "KR"), ("Seoul", "KR")]),
        ("Korea sent a ship from Pyongyang.", [("Korea", "KP"), ("Pyongyang", "KP")]),
        ("Korea sent a ship from Seoul to Pyongyang.", [("Korea", "KOREA"), ("Seoul", "KR"), ("Pyongyang", "KP")]),
        ("Korea sent a ship. It left Seoul.", [("Korea", "KR"), ("Seoul", "KR")]),
        ("Korea sent a ship. It left Pyongyang.", [("Korea", "KOREA"), ("Pyongyang", "KP")]),
        ("the Korean Peninsula, said Seoul", [("Korean Peninsula", "KOREA"), ("Seoul", "KR")]),
    ],
)
def test_which_korea_is_told_from_the_name_or_from_its_surroundings(tagger: Tagger, text: str, names: Found) -> None:
    assert found(tagger, text, "en") == names


# -- each language's traps -----------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("ko", "아세안은 커졌다", [("아세안", "ASEAN")]),
        ("ko", "주한아세안 대사", [("한", "KR"), ("아세안", "ASEAN")]),
        ("ko", "재태국 교민", [("태국", "TH")]),
        ("ko", "사람인 것이니 그만두라", []),
        ("ko", "그는 태국어를 배운다", []),
        ("ko", "태국인 셋이 왔다", [("태국인", "TH")]),
        ("ko", "인니, 수출을 늘린다", [("인니", "ID")]),
        ("th", "กระทรวงมหาดไทยแถลง", []),
        ("th", "พรรคเพื่อไทยแถลง", []),
        ("th", "ประเทศไทยแถลง", [("ไทย", "TH")]),
        ("th", "เธอพูดภาษาไทยได้", []),
        ("vi", "Ga Lào Cai đông khách.", []),
        ("vi", "Chè Thái Nguyên thơm.", []),
        ("vi", "Lào bán điện cho Thái Lan.", [("Lào", "LA"), ("Thái Lan", "TH")]),
        ("vi", "Cô ấy nói tiếng Việt.", []),
        ("lo", "ລາວໄປຕະຫຼາດແລ້ວ", []),
        ("lo", "ປະເທດລາວສົ່ງອອກໄຟຟ້າ", [("ລາວ", "LA")]),
        ("lo", "ລາວເວົ້າພາສາລາວ", []),
        ("zh", "她会说泰语。", []),
        ("zh", "泰国和马来西亚", [("泰国", "TH"), ("马来西亚", "MY")]),
        ("id", "Dia belajar bahasa Korea.", []),
        ("ms", "Dia bertutur dalam bahasa Thai.", []),
        ("en", "She speaks Thai.", []),
        ("en", "Romania plays Oman.", []),
        ("en", "Thai nurses met Filipino nurses.", [("Thai", "TH"), ("Filipino", "PH")]),
    ],
)
def test_names_are_found_and_words_that_look_like_them_are_not(
    tagger: Tagger, language: str, text: str, names: Found
) -> None:
    assert found(tagger, text, language) == names


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("ko", "한국일보와 한국은행", [("한국", "KR"), ("한국", "KR")]),
        ("en", "Singapore Airlines and Bank Indonesia", [("Singapore", "SG"), ("Indonesia", "ID")]),
        ("th", "พรรคเพื่อไทย", [("ไทย", "TH")]),
    ],
)
def test_a_name_inside_another_is_kept_apart(tagger: Tagger, language: str, text: str, names: Found) -> None:
    assert inside(tagger, text, language) == names
    assert found(tagger, text, language) == []


# -- how a name may be written -------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "surface", "entity"),
    [
        ("en", "In South\nKorea it rains", "South\nKorea", "KR"),
        ("en", "In South\u00a0Korea it rains", "South\u00a0Korea", "KR"),
        ("en", "In South  Korea it rains", "South  Korea", "KR"),
        ("en", "the Association of\nSoutheast Asian Nations", "Association of\nSoutheast Asian Nations", "ASEAN"),
        ("ko", "인도\n네시아가 이겼다", "인도\n네시아", "ID"),
        ("th", "ประเทศไท\nยชนะ", "ไท\nย", "TH"),
        ("km", "ប្រទេសកម្ពុ\u200bជាបាននាំចេញ", "កម្ពុ\u200bជា", "KH"),
        ("en", "T\u200bhai\u00adland won", "T\u200bhai\u00adland", "TH"),
        ("en", "\ufeffThailand won", "Thailand", "TH"),
        ("vi", unicodedata.normalize("NFD", "Hàn Quốc thắng"), unicodedata.normalize("NFD", "Hàn Quốc"), "KR"),
        ("ko", unicodedata.normalize("NFD", "태국은 이겼다"), unicodedata.normalize("NFD", "태국"), "TH"),
        ("en", "Ｔｈａｉｌａｎｄ won", "Ｔｈａｉｌａｎｄ", "TH"),
        ("ko", "ＡＳＥＡＮ은 커졌다", "ＡＳＥＡＮ", "ASEAN"),
        ("en", "&#84;hai&shy;land &amp; others", "&#84;hai&shy;land", "TH"),
        ("en", "R&amp;D in Thailand", "Thailand", "TH"),
        ("pt", "Timor\u2011Leste ganhou", "Timor\u2011Leste", "TL"),
        ("en", "\x00Thailand\x07 won", "Thailand", "TH"),
        ("en", "#Thailand won", "Thailand", "TH"),
        ("en", "😀Thailand😀", "Thailand", "TH"),
    ],
)
def test_a_name_is_found_however_it_is_written_and_the_span_is_of_the_text_as_given(
    tagger: Tagger, language: str, text: str, surface: str, entity: str
) -> None:
    assert found(tagger, text, language) == [(surface, entity)]


def test_two_names_in_one_decomposed_word_have_spans_of_their_own(tagger: Tagger) -> None:
    text = unicodedata.normalize("NFD", "한국태국은")
    surfaces = [unicodedata.normalize("NFC", surface) for surface, _ in found(tagger, text, "ko")]
    assert surfaces == ["한국", "태국"]


@pytest.mark.parametrize(
    "text",
    [
        "Read https://www.thailand.example/ASEAN/news",
        "www.asean.org",
        "mail korea@asean.example",
        "thailand.travel.co.th",
        "see https://nuri.example/?q=Thailand&page=2 there",
    ],
)
def test_an_address_names_nothing(tagger: Tagger, text: str) -> None:
    assert found(tagger, text, "en") == []


@pytest.mark.parametrize("surrogates", ["\ud800", "\ud83d\ude00"])
def test_lone_surrogates_do_no_harm(tagger: Tagger, surrogates: str) -> None:
    text = f"{surrogates}Thailand {surrogates} ASEAN{surrogates}"
    assert found(tagger, text, "en") == [("Thailand", "TH"), ("ASEAN", "ASEAN")]
    assert [d.outcome for d in tagger.explain(text, "en")] == [MENTION, MENTION]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u200b", "\x00", "\u3000", "&", "{|}"])
def test_a_text_that_says_nothing_names_nothing(tagger: Tagger, text: str) -> None:
    assert tagger.tag(text, "en") == []
    assert tagger.explain(text, "en") == []


@pytest.mark.parametrize("space", ["\u3000", "\u2003", "\x0b", "\x1f"])
def test_a_name_before_unusual_space_is_found(tagger: Tagger, space: str) -> None:
    assert found(tagger, f"Thailand{space}", "en") == [("Thailand", "TH")]
    assert found(tagger, f"泰国{space}", "zh") == [("泰国", "TH")]


# -- languages -----------------------------------------------------------


def test_a_text_of_an_unknown_language_is_read_in_all_scripts(tagger: Tagger) -> None:
    text = "Thailand 태국 ไทย 泰国 தாய்லாந்து ថៃ"
    assert not tagger.knows("xx")
    assert found(tagger, text, "xx") == [(name, "TH") for name in text.split()]


@pytest.mark.parametrize(("code", "text"), [("zh-Hans", "泰国"), ("zh-Hant", "泰國"), ("tl", "Taylandiya")])
def test_a_code_with_a_script_or_an_old_code_is_known(tagger: Tagger, code: str, text: str) -> None:
    assert tagger.knows(code)
    assert [m.entity for m in tagger.tag(text, code)] == ["TH"]


def test_a_shared_name_is_found_in_a_text_of_another_script(tagger: Tagger) -> None:
    assert found(tagger, "กลุ่ม ASEAN ประชุม", "th") == [("ASEAN", "ASEAN")]
    assert found(tagger, "ASEAN 회의", "ko") == [("ASEAN", "ASEAN")]


# -- dates ---------------------------------------------------------------


def test_a_name_counts_only_in_the_years_of_its_use(tagger: Tagger) -> None:
    assert found(tagger, "Siam sold rice.", "en", "1930-01-01") == [("Siam", "TH")]
    assert found(tagger, "Siam sold rice.", "en", "2024-01-01") == []
    assert found(tagger, "Rangoon sold rice.", "en", date(1990, 1, 1)) == [("Rangoon", "MM")]
    assert found(tagger, "Rangoon sold rice.", "en", date(2024, 1, 1)) == []
    assert found(tagger, "Naypyidaw sold rice.", "en", "2024") == [("Naypyidaw", "MM")]
    assert found(tagger, "Naypyidaw sold rice.", "en", "1999") == []


def test_the_last_day_still_counts_and_so_does_its_year(tagger: Tagger) -> None:
    text = "Rangoon sold rice."
    assert found(tagger, text, "en", "2006-03-27") == [("Rangoon", "MM")]
    assert found(tagger, text, "en", "2006-03-28") == []
    assert found(tagger, text, "en", "2006") == found(tagger, text, "en", "2006-03") == [("Rangoon", "MM")]


def test_a_name_of_all_years_needs_no_date(tagger: Tagger) -> None:
    for day in (None, "1960", "2024-05"):
        assert found(tagger, "Burma and Thailand", "en", day) == [("Burma", "MM"), ("Thailand", "TH")]


# -- properties ----------------------------------------------------------

LANGUAGES = ["ko", "en", "th", "zh", "km"]
NAMES = [
    *("ASEAN", "ASEAN+3", "Korea", "South Korea", "Thailand", "Thai", "Seoul", "Pyongyang", "Republic of Korea"),
    *(
        "Singapore Airlines",
        "Bank Indonesia",
        "아세안",
        "동남아",
        "한·",
        "·한",
        "베·",
        "태국",
        "한국",
        "북한",
        "한국일보",
        "인니",
    ),
    *("ไทย", "มหาดไทย", "เพื่อไทย", "อาเซียน", "泰国", "中泰", "日菲", "韩", "东盟", "កម្ពុជា", "ថៃ"),
]
JUNK = [
    *(
        " ",
        "\n",
        ".",
        "·",
        "-",
        "/",
        "@",
        ".com",
        "http://",
        "&amp;",
        "&#8203;",
        "\u200b",
        "\u0301",
        "\u3000",
        "\ud800",
    ),
    *("Ａ", "\x00", "은", "국", "a", "ย", "国", "s", "'s", "Airlines", "은행", "정부", "언어"),
]
TEXT = st.lists(st.one_of(st.sampled_from(NAMES), st.sampled_from(JUNK), st.text(max_size=3)), max_size=14).map("".join)


def squeezed(text: str) -> str:
    return "".join(normalise(text).text.split()).replace("’", "'").casefold()


@settings(max_examples=300, deadline=None)
@given(text=TEXT, language=st.sampled_from(LANGUAGES))
def test_mentions_are_in_order_apart_and_say_the_name_that_matched(tagger: Tagger, text: str, language: str) -> None:
    mentions = tagger.tag(text, language, inside=True)
    at = 0
    for mention in mentions:
        assert at <= mention.start < mention.end <= len(text)
        assert squeezed(text[mention.start : mention.end]) in squeezed(mention.form)
        at = mention.end


@settings(max_examples=300, deadline=None)
@given(text=TEXT, language=st.sampled_from(LANGUAGES))
def test_explaining_and_tagging_agree(tagger: Tagger, text: str, language: str) -> None:
    decisions = tagger.explain(text, language)
    assert {d.outcome for d in decisions} <= {MENTION, INSIDE, PASSED}
    assert all(d.rule in {"", *RULES} for d in decisions)
    kept = sorted((d.start, d.end, d.entity, d.form_class) for d in decisions if d.outcome != PASSED)
    assert kept == [(m.start, m.end, m.entity, m.form_class) for m in tagger.tag(text, language, inside=True)]
    assert all((d.form_class == "inside") == (d.outcome == INSIDE) for d in decisions if d.outcome != PASSED)


@settings(max_examples=100, deadline=None)
@given(text=TEXT, language=st.sampled_from(LANGUAGES))
def test_without_the_names_inside_the_others_stay(tagger: Tagger, text: str, language: str) -> None:
    everything = tagger.tag(text, language, inside=True)
    assert tagger.tag(text, language) == [m for m in everything if m.form_class != "inside"]


@settings(max_examples=100, deadline=None)
@given(text=TEXT)
def test_the_same_text_always_gives_the_same(tagger: Tagger, text: str) -> None:
    assert tagger.tag(text, "ko") == tagger.tag(text, "ko")


def test_every_decision_by_a_rule_says_which(tagger: Tagger) -> None:
    text = "Romania, https://korea.go.kr, Singapore Airlines, Korea, in Siam"
    decided = [(d.surface, d.outcome, d.rule) for d in tagger.explain(text, "en", "2024-01-01")]
    assert ("Siam", PASSED, "date") in decided
    assert ("korea", PASSED, "address") in decided
    assert ("Singapore", INSIDE, "inside") in decided
    assert ("Korea", MENTION, "korea") in decided


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("한·베 회담", ["KR", "VN"]),
        ("한·북·미 회담", ["KR", "KP"]),
        ("한·베·태 협력", ["KR", "VN", "TH"]),
        ("한-인니-베 협력", ["KR", "ID", "VN"]),
    ],
)
def test_each_name_of_a_chain_of_pairs_is_found_once(tagger: Tagger, text: str, entities: list[str]) -> None:
    assert [m.entity for m in tagger.tag(text, "ko")] == entities


# -- size ----------------------------------------------------------------


def test_five_megabytes_are_read_and_nothing_is_lost(tagger: Tagger) -> None:
    piece = "태국 대사는 집으로 돌아갔고 아무도 까닭을 묻지 않았다. 그날은 다른 일이 없었다. "
    times = 5_000_000 // len(piece.encode())
    mentions = tagger.tag(piece * times, "ko")
    assert len(mentions) == times
    assert {m.entity for m in mentions} == {"TH"}


@pytest.mark.parametrize(
    ("language", "piece"),
    [
        ("ko", "한·"),
        ("ko", "한국태국"),
        ("th", "ไทย"),
        ("en", "South "),
        ("en", "Korea@"),
        ("en", "Korea-"),
        ("zh", "中泰"),
        ("zh", "泰缅"),
    ],
)
def test_a_name_repeated_without_end_is_read(tagger: Tagger, language: str, piece: str) -> None:
    mentions = tagger.tag(piece * 1000, language, inside=True)
    assert all(one.end <= other.start for one, other in pairwise(mentions))


def test_a_mention_is_a_plain_tuple(tagger: Tagger) -> None:
    (mention,) = tagger.tag("in Thailand", "en")
    assert mention == Mention(3, 11, "TH", "common", "Thailand", "")


@pytest.mark.parametrize("language", ["ko", "th", "vi", "id", "ms", "fil", "en", "pt"])
def test_easy_names_are_decided_as_a_close_look_would(tagger: Tagger, language: str) -> None:
    """Tagging takes a short cut where nothing odd stands beside a name; explaining always looks closely."""
    lexicon = tagger.matcher(language).lexicon
    pairs = zip(lexicon.spellings, lexicon.entries, strict=True)
    names = [s for s, e in pairs if e.simple and e.forms[0].form_class in {"common", "demonym"} and "\n" not in s]
    easy = names[:60]
    assert easy
    for name in easy:
        for before in ("오늘 ", "said ", "of ", "Bank "):
            for after in (
                "협회가 말했다",
                " Bank said",
                " Berhad said",
                " airlines",
                "은행은",
                ", Airlines",
                " (Persero)",
            ):
                text = before + name + after
                tagged = [(m.start, m.end, m.form_class) for m in tagger.tag(text, language, inside=True)]
                explained = tagger.explain(text, language)
                assert tagged == [(d.start, d.end, d.form_class) for d in explained if d.outcome != PASSED], text


class Work(NamedTuple):
    """What tagging a text took: calls of functions, ours and built in, and bytes the automaton read."""

    calls: int
    searched: int


def work(tagger: Tagger, text: str, language: str) -> Work:
    calls = searched = 0

    def note(frame: FrameType, event: str, _: object) -> None:
        nonlocal calls, searched
        if event == "call" and frame.f_code is Matcher.search.__code__:
            searched += len(frame.f_locals["data"])
        calls += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        tagger.matcher(language).find(text)
    finally:
        sys.setprofile(None)
    return Work(calls, searched)


@pytest.mark.parametrize(
    ("language", "repeated"),
    [("en", "korea@"), ("en", "korea."), ("zh", "中泰"), ("lo", "ລາວ"), ("ko", "韓"), ("ko", "한·"), ("my", "ျမန္မာ ")],
)
def test_the_cost_of_a_repeated_name_grows_with_the_text_and_no_faster(
    tagger: Tagger, language: str, repeated: str
) -> None:
    def cost(characters: int) -> Work:
        return work(tagger, repeated * (characters // len(repeated)), language)

    cost(1_000)  # what is made once is made here
    small, large = cost(5_000), cost(20_000)
    assert 0 < large.calls < 4.5 * small.calls
    assert small.searched < large.searched < 4.5 * small.searched


def test_what_stands_around_a_name_is_looked_at_a_fixed_number_of_characters_far(
    tagger: Tagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An address pattern that tried every beginning anew took 160 microseconds a character here.
    looked: list[int] = []

    class Noting:
        def __init__(self, pattern: re.Pattern[str]) -> None:
            self.pattern = pattern

        def search(self, text: str) -> re.Match[str] | None:
            looked.append(len(text))
            return self.pattern.search(text)

    for name in ("_MAIL", "_DOMAIN"):
        monkeypatch.setattr(rules, name, Noting(getattr(rules, name)))
    names = 2_000
    tagger.tag("korea@" * names, "en")
    assert names <= len(looked) <= 2 * names  # each pattern once a name
    assert max(looked) <= 2 * 300 + len("korea@")


@pytest.mark.parametrize(
    ("language", "text", "entities"),
    [
        ("en", "She speaks Thai, Lao and Khmer.", []),
        ("en", "She speaks Thai, Lao officials said.", ["LA"]),
        ("en", "Offices in Laos, Thailand and Vietnam.", ["LA", "TH", "VN"]),
        ("en", "Courses in Thailand, Laos and Vietnam.", ["TH", "LA", "VN"]),
        ("id", "Ia fasih berbahasa Melayu, Thai dan Indonesia.", []),
        ("id", "Karena berbahasa Melayu, Indonesia mudah menyesuaikan diri.", ["ID"]),
        ("pt", "Ela fala tailandês, laosiano e vietnamita.", []),
    ],
)
def test_languages_in_a_list_are_no_countries(tagger: Tagger, language: str, text: str, entities: list[str]) -> None:
    assert [m.entity for m in tagger.tag(text, language)] == entities


def test_a_list_of_languages_is_explained(tagger: Tagger) -> None:
    decisions = tagger.explain("She speaks Thai, Lao and Khmer.", "en")
    assert [(d.surface, d.rule, d.because) for d in decisions if d.rule == "language"] == [
        ("Lao", "language", "speaks"),
        ("Khmer", "language", "speaks"),
    ]


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("สมาคมผู้ส่งออกข้าวไทย แถลงข่าว", ["inside"]),
        ("สมาคมกล่าวว่าไทยจะเป็นเจ้าภาพ", ["common"]),  # a run that goes on is a clause
    ],
)
def test_a_run_that_a_name_ends_belongs_to_the_head_that_begins_it(
    tagger: Tagger, text: str, classes: list[str]
) -> None:
    assert [m.form_class for m in tagger.tag(text, "th", inside=True)] == classes
