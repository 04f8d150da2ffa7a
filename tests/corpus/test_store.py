"""The store: identity, changes, order of evidence, and files it will not open."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.calendar import parse_published
from corpus.copies import stories_of
from corpus.errors import BusyError, DamagedStoreError, NewerWorkspaceError, NoAnswerError, WorkspaceError
from corpus.identity import document_keys
from corpus.model import Count, Document, Mention, Outlet, Refusal, StoredMention
from corpus.store import Evidence, Store, Tagged

HOME = "https://nuri.example/"


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.in_memory() as opened:
        opened.use_source("a.jsonl", "jsonl")
        yield opened


def document(
    number: int, *, url: str | None = None, outlet: str = "누리통신", archive: str = "nuri", body: str = "본문"
) -> Document:
    return Document(
        keys=document_keys(archive, str(number), url),
        source="a.jsonl",
        outlet=Outlet(outlet, "KR"),
        kind="news",
        language="ko",
        title=f"제목 {number}",
        body=body,
        url=url,
        published=parse_published("2025-07-01", "KR"),
    )


def by_url(url: str, body: str = "본문") -> Document:
    return replace(document(0, body=body), keys=document_keys("nuri", None, url), url=url)


# -- identity ------------------------------------------------------------


def test_a_new_document_is_taken_and_then_known(store: Store) -> None:
    assert store.save_documents([document(1), document(2), document(1)]) == ["taken", "taken", "known"]
    assert store.save_documents([document(2)]) == ["known"]
    assert store.totals()["documents"] == 2


def test_saving_again_changes_nothing(store: Store) -> None:
    store.save_documents([document(1), document(2)])
    before = (store.totals(), store.texts(), store.state("changes"))
    store.save_documents([document(1), document(2)])
    assert (store.totals(), store.texts(), store.state("changes")) == before


def test_a_changed_text_replaces_the_old_one_and_both_hashes_are_kept(store: Store) -> None:
    store.save_documents([document(1)])
    assert store.save_documents([document(1, body="neu")]) == ["changed"]
    assert [text.body for text in store.texts()] == ["neu"]
    totals = store.totals()
    assert (totals["documents"], totals["versions"]) == (1, 2)


def test_an_older_text_that_comes_again_is_known_and_changes_nothing(store: Store) -> None:
    store.save_documents([document(1), document(1, body="neu")])
    assert store.save_documents([document(1)]) == ["known"]
    assert [text.body for text in store.texts()] == ["neu"]


def test_a_date_learnt_later_is_added(store: Store) -> None:
    store.save_documents([replace(document(1), published=None)])
    assert store.save_documents([document(1)]) == ["changed"]
    assert store.texts()[0].day == "2025-07-01"
    assert store.totals()["versions"] == 1


def test_the_same_address_is_the_same_document(store: Store) -> None:
    store.save_documents([by_url("https://nuri.example/1?utm_source=x")])
    assert store.save_documents([by_url("http://nuri.example/1")]) == ["known"]


def test_an_archives_id_joins_a_document_known_by_its_address(store: Store) -> None:
    url = "https://nuri.example/1"
    store.save_documents([by_url(url)])
    same = replace(document(1, url=url), title="제목 0")
    assert store.save_documents([same]) == ["known"]
    assert store.save_documents([replace(same, keys=same.keys[:1])]) == ["known"]
    assert store.totals()["documents"] == 1


def test_an_address_that_two_archive_ids_share_is_a_home_page(store: Store) -> None:
    assert store.save_documents([document(1, url=HOME), document(2, url=HOME)]) == ["taken", "taken"]
    assert store.save_documents([document(2, url=HOME), document(1, url=HOME)]) == ["known", "known"]
    assert store.totals()["documents"] == 2


def test_two_archives_may_know_one_address_by_ids_of_their_own(store: Store) -> None:
    url = "https://nuri.example/1"
    other = replace(document(7, url=url, archive="bigkinds"), title="제목 1")
    assert store.save_documents([document(1, url=url), other]) == ["taken", "known"]


def test_two_outlets_of_one_country_are_two_archives(store: Store) -> None:
    url = "https://nuri.example/1"
    other = replace(document(7, url=url, archive="KR:나래일보"), title="제목 1")
    assert store.save_documents([document(1, url=url, archive="KR:누리통신"), other]) == ["taken", "known"]


def test_the_side_follows_country_and_day(store: Store) -> None:
    vietnam = Outlet("Báo", "VN")
    store.save_documents(
        [
            document(1),
            replace(document(2), outlet=vietnam),
            replace(document(3), outlet=vietnam, published=parse_published("1990-01-01", "VN")),
            replace(document(4), outlet=Outlet("Secretariat", "ASEAN")),
            replace(document(5), outlet=Outlet("Times", "GB")),
        ]
    )
    assert [row["narrative"] for row in store.overview()] == [None, None, "asean", "asean", "korea"]


def test_a_document_that_changed_keeps_its_outlet_and_so_its_side(store: Store) -> None:
    store.save_documents([document(1)])
    foreign = replace(document(1, body="neu"), outlet=Outlet("Times", "GB"))
    assert store.save_documents([foreign]) == ["changed"]
    assert [(row["outlet"], row["narrative"]) for row in store.overview()] == [("KR:누리통신", "korea")]


def test_a_verb_that_fails_leaves_nothing_behind(store: Store) -> None:
    broken = replace(document(2), language="\ud800")
    with pytest.raises(UnicodeEncodeError):
        store.save_documents([document(1), broken])
    assert store.totals()["documents"] == 0


# -- tagging and counts --------------------------------------------------


def mention(row: int, entity: str = "ASEAN", start: int = 0, field: str = "body") -> StoredMention:
    named = Mention(start, start + 2, entity, "common", "본문")
    return StoredMention(row, "title" if field == "title" else "body", 0, named)


def tag(store: Store, *entities: str) -> None:
    texts = store.untagged("1")
    store.save_tagged([Tagged(t, 2, tuple(mention(t.row, e, n) for n, e in enumerate(entities))) for t in texts], "1")


def test_a_text_is_untagged_until_tagged_and_again_when_it_changes(store: Store) -> None:
    store.save_documents([document(1), document(2)])
    assert store.count_untagged("1") == 2
    tag(store, "ASEAN")
    assert store.untagged("1") == []
    assert store.count_untagged("2") == 2
    store.save_documents([document(2, body="neu")])
    assert [text.body for text in store.untagged("1")] == ["neu"]


def test_tagging_again_replaces_the_mentions(store: Store) -> None:
    store.save_documents([document(1)])
    tag(store, "ASEAN", "SEA")
    store.save_tagged([Tagged(store.texts()[0], 1, ())], "1")
    assert store.totals()["mentions"] == 0


def test_facts_hold_every_mention_of_a_document(store: Store) -> None:
    store.save_documents([document(1), document(2), replace(document(3), excluded="중복")])
    tag(store, "ASEAN", "SEA")
    facts = list(store.facts())
    assert [[name[0] for name in fact.names] for fact in facts] == [["ASEAN", "SEA"]] * 2
    assert all(fact.represents_story and fact.has_title and fact.sentences == 2 for fact in facts)


def test_counts_are_current_until_something_they_rest_on_changes(store: Store) -> None:
    count = Count("korea", "KR:누리통신", "ko", "news", "2025-07-01", "*", "*", "*", 1, 1, 2, 1)
    store.save_documents([document(1)])
    with pytest.raises(NoAnswerError, match="narra run"):
        store.counts()
    assert store.replace_counts([count]) == 1
    assert store.counts() == [count]
    assert store.counts(["official"]) == []
    store.save_documents([document(1)])
    assert store.counts_are_current()
    store.save_documents([document(2)])
    assert not store.counts_are_current()


def test_what_a_report_asks_of_the_counts_is_all_of_what_they_hold(store: Store) -> None:
    cells = [("*", "*", "*"), ("ASEAN", "named", "*"), ("ASEAN", "named", "sport"), ("ASEAN", "named+capital", "*")]
    made = [
        Count("korea", "KR:일보", "ko", kind, day, *cell, 3, 2, 1, 1)
        for kind in ("news", "official")
        for day in ("2025-07-01", "2025-07-31", "2025-08")
        for cell in cells
    ]
    store.replace_counts(made)
    every = store.counts()
    assert store.denominators() == [row for row in every if row.target == "*"]
    for form_class in ("named", "named+capital"):
        plain = [r for r in every if r.frame == "*" and r.form_class in {"*", form_class} and r.kind == "news"]
        assert sorted(map(str, store.counts_of(form_class, ["news"]))) == sorted(map(str, plain))
    labelled = [row for row in every if row.frame != "*" and row.day.startswith("2025-07") and row.kind == "news"]
    assert len(labelled) == 2
    assert list(store.framed_counts("named", ["news"], "2025-07", "2025-07")) == labelled
    assert list(store.framed_counts("named+capital", ["news"], "2025-07", "2025-07")) == []


def test_a_report_asks_nothing_of_counts_that_are_out_of_date(store: Store) -> None:
    store.save_documents([document(1)])
    for ask in (store.denominators, lambda: store.counts_of("named"), lambda: store.framed_counts("named", [], "", "")):
        with pytest.raises(NoAnswerError, match="narra run"):
            ask()


def test_stories_are_made_anew_only_where_links_change(store: Store) -> None:
    store.save_documents([document(1), document(2), document(3)])
    assert store.save_links([1, 2, 3], [(1, 2)], "", stories_of) == 3
    assert store.save_links([1, 2, 3], [(1, 2)], "", stories_of) == 0
    assert store.totals()["stories"] == 2
    assert store.save_links([1, 2, 3], [], "", stories_of) == 1
    assert store.totals()["stories"] == 3
    assert store.save_links([1, 2], [(1, 2)], "2025-08-01", stories_of) == 1
    # Both are of days before: another block's, and left alone.
    assert store.save_links([1, 2], [], "2025-08-01", stories_of) == 0
    assert store.forget_links([2], stories_of) == 1
    assert store.totals()["stories"] == 3


# -- evidence ------------------------------------------------------------


def evidence(
    store: Store, limit: int = 10, entities: tuple[str, ...] = ("ASEAN",), **more: tuple[str, ...]
) -> list[Evidence]:
    return store.evidence(
        narrative="korea",
        months=["2025-07"],
        entities=entities,
        classes=["common"],
        kinds=["news"],
        limit=limit,
        **more,
    )


def test_evidence_is_mixed_over_outlets_and_always_in_the_same_order(store: Store) -> None:
    store.save_documents([document(n, outlet="가" if n < 4 else "나") for n in range(1, 7)])
    tag(store, "ASEAN")
    found = evidence(store)
    assert [e.outlet for e in found] == ["KR:가", "KR:나"] * 3
    assert [e.document for e in found[::2]] == sorted(e.document for e in found[::2])
    assert evidence(store) == found
    assert evidence(store, limit=3) == found[:3]


def test_the_order_of_evidence_does_not_follow_the_order_of_import(store: Store) -> None:
    documents = [document(n) for n in range(1, 7)]
    store.save_documents(documents)
    tag(store, "ASEAN")
    with Store.in_memory() as other:
        other.use_source("a.jsonl", "jsonl")
        other.save_documents(documents[::-1])
        tag(other, "ASEAN")
        assert evidence(other) == evidence(store)


def test_evidence_shows_one_document_a_story_and_how_many_copies_it_has(store: Store) -> None:
    store.save_documents([document(1), document(2), document(3)])
    store.save_links([1, 2, 3], [(1, 2)], "", stories_of)
    tag(store, "ASEAN")
    assert sorted(e.copies for e in evidence(store)) == [1, 2]


def test_evidence_shows_the_body_before_the_title(store: Store) -> None:
    store.save_documents([document(1)])
    text = store.texts()[0]
    store.save_tagged([Tagged(text, 1, (mention(1, field="title"), mention(1, start=0)))], "1")
    (found,) = evidence(store)
    assert (found.field, found.text[found.start : found.end]) == ("body", "본문")


def test_evidence_may_ask_for_a_name_without_or_together_with_another(store: Store) -> None:
    store.save_documents([document(1), document(2)])
    one, two = store.texts()
    store.save_tagged([Tagged(one, 1, (mention(1),)), Tagged(two, 1, (mention(2), mention(2, "SEA", 1)))], "1")
    assert [e.title for e in evidence(store, without=("SEA",))] == ["제목 1"]
    assert [e.title for e in evidence(store, also=("SEA",))] == ["제목 2"]
    assert evidence(store, entities=("VN",)) == []


def test_evidence_leaves_out_what_is_set_aside_or_lies_elsewhere(store: Store) -> None:
    later = replace(document(2), published=parse_published("2025-10-01", "KR"))
    store.save_documents([replace(document(1), excluded="중복"), later, replace(document(3), kind="official")])
    tag(store, "ASEAN")
    assert evidence(store) == []


# -- runs ----------------------------------------------------------------


def test_a_run_keeps_how_it_ended_and_what_was_refused(store: Store) -> None:
    run = store.start_run("import")
    assert store.runs()[0]["ended"] is None
    store.add_issues(run, [Refusal("a.jsonl", 3, "not JSON", "x"), Refusal("a.jsonl", 2, "not JSON", "y")])
    store.end_run(run, "partial", {"한": 1})
    latest = store.runs()[0]
    assert (latest["status"], latest["summary"]) == ("partial", '{"한": 1}')
    assert store.issue_counts(run) == [{"file": "a.jsonl", "reason": "not JSON", "n": 2, "first_line": 2}]
    assert store.issue_counts(run + 1) == []


# -- files ---------------------------------------------------------------


def test_what_was_saved_is_there_when_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "narra.db"
    with Store.open(path) as store:
        store.use_source("a.jsonl", "jsonl")
        store.save_documents([document(1)])
    with Store.open(path) as store:
        assert store.save_documents([document(1)]) == ["known"]
        assert store.check() == "ok"


def test_a_store_of_a_newer_narra_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "narra.db"
    Store.open(path).close()
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('narra', 'm999_later')")
    connection.close()
    with pytest.raises(NewerWorkspaceError, match=r"m999_later.*Update narra"):
        Store.open(path)


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "narra.db"
    path.write_bytes(b"no database at all " * 100)
    with pytest.raises(DamagedStoreError, match="Restore it from a backup"):
        Store.open(path)


def test_a_folder_that_is_missing_is_explained(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="cannot be written"):
        Store.open(tmp_path / "none" / "narra.db")


def test_a_second_writer_is_told_to_wait(tmp_path: Path) -> None:
    path = tmp_path / "narra.db"
    with Store.open(path) as one, Store.open(path) as two, one.writing():
        with pytest.raises(BusyError, match="Another narra run"), two.writing():
            pytest.fail("two writers at once")
        assert two.totals()["documents"] == 0
    with Store.open(path) as again, again.writing():
        pass


def interrupted_while_writing(store: Store) -> None:
    with store.writing(), contextlib.ExitStack() as stack:
        stack.callback(store._db.execute, "RELEASE SAVEPOINT never_made")  # noqa: SLF001 what taking back a statement does
        raise KeyboardInterrupt


def test_an_error_that_an_interrupt_led_to_is_an_interrupt(tmp_path: Path) -> None:
    with Store.open(tmp_path / "narra.db") as store, pytest.raises(KeyboardInterrupt):
        interrupted_while_writing(store)


def test_any_other_error_of_the_file_is_explained(tmp_path: Path) -> None:
    with Store.open(tmp_path / "narra.db") as store, pytest.raises(WorkspaceError), store.writing():
        store._db.execute("RELEASE SAVEPOINT never_made")  # noqa: SLF001 an error of SQLite
