"""Zawgyi: told from Unicode in every language of the script, and turned into it with offsets kept."""

from __future__ import annotations

import pytest

from nlp.tagger import Tagger
from nlp.text import normalise
from nlp.zawgyi import is_zawgyi, replacements

# The same words in both; the first is the sentence that holds every letter.
PAIRS = [
    (
        "သီဟိုဠ္မွ ဉာဏ္ႀကီးရွင္သည္ အာယုဝဍ္ဎနေဆးၫႊန္းစာကို ဇလြန္ေဈးေဘးဗာဒံပင္ထက္ အဓိ႒ာန္လ်က္ ဂဃနဏဖတ္ခဲ့သည္။",
        "သီဟိုဠ်မှ ဉာဏ်ကြီးရှင်သည် အာယုဝဍ်ဎနဆေးညွှန်းစာကို ဇလွန်ဈေးဘေးဗာဒံပင်ထက် အဓိဋ္ဌာန်လျက် ဂဃနဏဖတ်ခဲ့သည်။",
    ),
    ("မဂၤလာပါ။ အဂၤလိပ္။", "မင်္ဂလာပါ။ အင်္ဂလိပ်။"),
    ("ျမန္မာႏိုင္ငံႏွင့္ ထိုင္းႏိုင္ငံ", "မြန်မာနိုင်ငံနှင့် ထိုင်းနိုင်ငံ"),
    ("ကေမၻာဒီးယား သမၼတ ေတြ႕ဆံုသည္။", "ကမ္ဘောဒီးယား သမ္မတ တွေ့ဆုံသည်။"),
]


@pytest.mark.parametrize(("typed", "meant"), PAIRS)
def test_zawgyi_is_told_and_turned_into_unicode(typed: str, meant: str) -> None:
    assert is_zawgyi(typed)
    assert normalise(typed).text == meant


@pytest.mark.parametrize("text", [meant for _, meant in PAIRS])
def test_unicode_stays_what_it_is(text: str) -> None:
    assert not is_zawgyi(text)
    assert not list(replacements(text))


@pytest.mark.parametrize(
    "text",
    [
        "ၸဝ်ႈတီႈ မိူင်းတႆး ၵေႃႉ လူင်ပွင်ၸိုင်ႈ",  # Shan
        "ဍုင်မန် ဗတိုက် ဂကောံညးဍုင်",  # Mon
        "ကညီကီၢ် တၢ်ထုးထွၢၣ်",  # Sgaw Karen
        "ភាសាខ្មែរ កម្ពុជា",
        "ภาษาไทย",
        "အာဆီယံ",  # the same in both: nothing tells
        "",
    ],
)
def test_other_languages_and_what_does_not_tell_are_left_alone(text: str) -> None:
    assert not is_zawgyi(text)
    assert normalise(text).text == text


def test_names_are_found_with_offsets_in_the_text_as_typed(tagger: Tagger) -> None:
    text = "သတင္း။ ေတာင္ကိုရီးယားႏွင့္ \u200bအင္ဒိုနီးရွားတို႔ စင္ကာပူတြင္ ေတြ႕ဆံုၾကသည္။"
    found = [(text[m.start : m.end], m.entity) for m in tagger.tag(text, "my")]
    assert found == [("ေတာင္ကိုရီးယား", "KR"), ("အင္ဒိုနီးရွား", "ID"), ("စင္ကာပူ", "SG")]


def test_each_line_is_told_by_itself() -> None:
    unicode, zawgyi = PAIRS[2][1], PAIRS[2][0]
    assert normalise(f"{unicode}\n{zawgyi}").text == f"{unicode}\n{unicode}"


def test_a_name_that_is_in_no_list_of_zawgyi_spellings_is_found_by_converting(tagger: Tagger) -> None:
    spelled = {s for s in tagger.matcher("my").lexicon.spellings if is_zawgyi(s)}
    text = "ဒီေန႔ ကိုရီးယားသမၼတႏိုင္ငံမွ ေရာက္ရွိသည္။"
    assert not any(s in text for s in spelled if "သမၼတ" in s)
    assert [m.entity for m in tagger.tag(text, "my")] == ["KR"]
