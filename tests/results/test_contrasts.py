from __future__ import annotations

from collections.abc import Iterator

import pytest
from synthetic import estimator, row

from corpus.calendar import Published, Quarter
from corpus.copies import stories_of
from corpus.model import Count, Document, Mention, Outlet, StoredMention
from corpus.settings import MeasureSettings
from corpus.store import Store, Tagged
from nlp.words_near import near, rule
from results import sentences
from results.contrasts import WordContrast, contrasts
from results.contrasts import sentences as evidence
from results.estimate import Estimator

Q = Quarter(2026, 3)
NAMES = {"ASEAN": "ASEAN", "Region": "SEA"}


def body(number: int) -> str:
    first = "ASEAN summit envoys met." if number % 2 else "Region beaches drew tourists."
    return f"Nothing here.\n{first} Envoys spoke."


def write(store: Store, number: int, day: str, outlet: str) -> None:
    text = body(number)
    published = Published(day, "day", None, "stated", day)
    store.save_documents(
        [
            Document(
                (f"id:x:{number}",), "s", Outlet(outlet, "KR"), "news", "en", f"N{number}", text, published=published
            )
        ]
    )


def tagged(store: Store) -> None:
    texts = store.texts(limit=10_000)
    done = []
    for text in texts:
        name = next(name for name in NAMES if name in text.body)
        start = text.body.index(name)
        mention = Mention(start, start + len(name), NAMES[name], "common", name)
        done.append(Tagged(text, 3, (StoredMention(text.row, "body", 1, mention),)))
    store.save_tagged(done, "test")
    given = store.unread("en", rule("en"), limit=10_000)
    store.save_near([(one, near(one)) for one in given], rule("en"))


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with Store.in_memory() as made:
        made.use_source("s", "jsonl")
        for number in range(240):
            year = 2026 if number < 120 else 2025
            write(made, number, f"{year}-0{7 + number % 3}-{1 + number % 28:02}", "ab"[number % 4 < 2])
        tagged(made)
        yield made


def counts() -> list[Count]:
    return [
        row(f"KR:{outlet}", f"{year}-0{month}-01", "*", 30)
        for outlet in "ab"
        for year in (2025, 2026)
        for month in (7, 8, 9)
    ]


def found(store: Store) -> WordContrast:
    made: Estimator = estimator(counts())
    return next(one for one in contrasts(store, made, Q) if one.second == "SEA" and one.narrative == "korea")


def test_planted_words_are_found_on_their_sides_and_the_common_one_is_not(store: Store) -> None:
    one = found(store)
    assert one.texts == (60, 60)
    sides = {figure.word: figure.log_odds > 0 for figure in one.words}
    assert sides == {"summit": True, "envoys": True, "met": True, "beaches": False, "drew": False, "tourists": False}


def test_a_word_says_what_it_rests_on(store: Store) -> None:
    summit = next(figure for figure in found(store).words if figure.word == "summit")
    assert (summit.first, summit.second, summit.documents, summit.near, summit.outlets) == (60, 0, 60, 60, 2)
    assert summit.flags == ()
    assert summit.low > 0
    assert summit.q < 0.001


def test_the_year_before_is_compared_over_the_same_outlets(store: Store) -> None:
    change = found(store).words[0].year
    assert change.against == Q.year_before
    assert change.value == pytest.approx(0, abs=1e-9)  # the same was planted in both years
    assert not change.detectable
    assert sentences.word_change(change).startswith("no detectable change")


def test_a_word_leads_to_its_sentences(store: Store) -> None:
    one = found(store)
    shown = evidence(store, MeasureSettings(), one, one.words[0], 3)
    assert len(shown) == 3
    assert all(one.words[0].word in e.text and e.entity == "ASEAN" for e in shown)
    assert len({e.outlet for e in shown}) == 2


def test_few_documents_are_refused_with_the_reason(store: Store) -> None:
    made = estimator(counts())
    vietnam = next(one for one in contrasts(store, made, Q) if one.second == "VN")
    assert "too few documents on a side: 0" in vietnam.refusals[0]
    assert "can't be compared" in sentences.contrast(vietnam)


def test_a_story_counts_once_however_often_it_is_reprinted() -> None:
    with Store.in_memory() as made:
        made.use_source("s", "jsonl")
        for number in range(100):
            write(made, number, "2026-08-01", "ab"[number % 4 < 2])
        tagged(made)
        before = found(made).texts
        copies = [text.row for text in made.texts(limit=1000) if "ASEAN" in text.body][:10]
        links = [(copies[0], other) for other in copies[1:]]
        made.save_links(copies, links, "", stories_of)
        after = found(made).texts
    assert before == (50, 50)
    assert after == (41, 50)


def test_texts_that_were_not_read_are_said_to_be() -> None:
    with Store.in_memory() as made:
        made.use_source("s", "jsonl")
        write(made, 1, "2026-08-01", "a")
        text = made.texts()[0]
        mention = StoredMention(text.row, "body", 1, Mention(14, 19, "ASEAN", "common", "ASEAN"))
        made.save_tagged([Tagged(text, 3, (mention,))], "test")
        one = contrasts(made, estimator(counts()), Q)
    assert [(c.language, c.refusals) for c in one] == [
        ("en", ("its words have not been read: narra count says what is missing",))
    ]


def test_nothing_at_all_is_no_contrast() -> None:
    with Store.in_memory() as made:
        assert contrasts(made, estimator(counts()), Q) == ()
