"""The status: what is there, what is missing, and the one command that comes next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from corpus.calendar import parse_published
from corpus.model import Document, Mention, Outlet, Refusal, StoredMention
from corpus.store import Store, Tagged
from results.status import Status, describe

LEXICON = "1"


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.in_memory() as opened:
        opened.use_source("a.jsonl", "jsonl")
        yield opened


def document(number: int, day: str | None = "2025-07-01", country: str = "KR", **more: str) -> Document:
    return Document(
        keys=(f"id:nuri:{number}",),
        source="a.jsonl",
        outlet=Outlet(more.get("outlet", "누리통신"), country),
        kind="news",
        language=more.get("language", "ko"),
        title=f"제목 {number}",
        body="본문",
        published=parse_published(day, country) if day else None,
        excluded=more.get("excluded", ""),
    )


def tag(store: Store, *naming: int) -> None:
    """Tag all texts; those whose rows are given name ASEAN."""
    mention = Mention(0, 2, "ASEAN", "common", "아세안")
    store.save_tagged(
        [
            Tagged(t, 2, (StoredMention(t.row, "body", 0, mention),) * (t.row in naming))
            for t in store.untagged(LEXICON)
        ],
        LEXICON,
    )


def table(status: Status, title: str) -> list[tuple[str, ...]]:
    (rows,) = [rows for name, _, rows in status.tables if name == title]
    return rows


def has(status: Status, said: str) -> bool:
    return any(said in line for line in status.missing)


# -- what comes next -----------------------------------------------------


def test_an_empty_store_asks_for_documents(store: Store) -> None:
    status = describe(store, LEXICON)
    assert status.next_step.startswith("narra import FILE…")
    assert status.lines[0].startswith("0 documents of 0 outlets")
    assert status.lines[1] == "Nothing has been run yet."
    assert all(rows == [] for _, _, rows in status.tables)


def test_what_is_untagged_or_uncounted_asks_for_a_run_and_then_for_a_report(store: Store) -> None:
    store.save_documents([document(1)])
    assert describe(store, LEXICON).next_step.startswith("narra run")
    tag(store)
    assert describe(store, LEXICON).next_step.startswith("narra run")
    store.replace_counts([])
    assert describe(store, LEXICON).next_step.startswith("narra report QUARTER")


def test_a_new_lexicon_asks_for_a_run(store: Store) -> None:
    store.save_documents([document(1), document(2)])
    tag(store)
    store.replace_counts([])
    status = describe(store, "2")
    assert status.next_step.startswith("narra run")
    assert has(status, "2 texts are new or changed, or were tagged by an older lexicon.")


# -- what is missing -----------------------------------------------------


def test_nothing_is_missing_from_a_store_with_both_sides_counted(store: Store) -> None:
    store.save_documents([document(1), document(2, country="VN", language="vi")])
    tag(store)
    store.replace_counts([])
    assert describe(store, LEXICON).missing == ()


@pytest.mark.parametrize(("country", "missing"), [("KR", "ASEAN's"), ("VN", "Korea's")])
def test_a_side_without_documents_is_missing(store: Store, country: str, missing: str) -> None:
    store.save_documents([document(1, country=country)])
    status = describe(store, LEXICON)
    assert [line for line in status.missing if "symmetry" in line] == [
        f"No document of {missing} narrative: symmetry cannot be measured."
    ]


def test_undated_vague_foreign_and_set_aside_documents_are_counted(store: Store) -> None:
    store.save_documents(
        [
            document(1),
            document(2, None),
            document(3, "2025"),
            document(4, "2025-07"),
            document(5, "1994-07-01", "VN"),
            document(6, country="FR"),
            document(7, excluded="중복"),
        ]
    )
    status = describe(store, LEXICON)
    assert has(status, "2 documents are undated or dated only to the year")
    assert has(status, "2 documents are neither side's")
    assert has(status, "1 documents are set aside by their archive")


def test_old_counts_and_refused_records_are_named(store: Store) -> None:
    assert has(describe(store, LEXICON), "The counts are older")
    store.add_issues(store.start_run("import"), [Refusal("a.jsonl", 3, "not JSON", "x")])
    store.replace_counts([])
    status = describe(store, LEXICON)
    assert has(status, "1 records were refused at import: narra status --issues")
    assert not has(status, "The counts are older")


# -- what is there -------------------------------------------------------


def test_the_whole_is_said_in_numbers(store: Store) -> None:
    store.save_documents([document(n) for n in range(1, 1201)])
    tag(store, 1, 2)
    line = describe(store, LEXICON).lines[0]
    assert line == "1,200 documents of 1 outlets, 0 stories, 2 mentions, 0 rows of counts."


def test_the_last_run_and_how_it_ended_are_said(store: Store) -> None:
    store.end_run(store.start_run("import"), "ok", {})
    store.end_run(store.start_run("tag"), "interrupted", {})
    assert "Last run: tag, begun 2" in describe(store, LEXICON).lines[1]
    assert describe(store, LEXICON).lines[1].endswith("(interrupted).")
    store.start_run("count")
    assert describe(store, LEXICON).lines[1].endswith("did not end: it was stopped, or still runs.")


def test_documents_are_shown_by_side_and_quarter(store: Store) -> None:
    store.save_documents(
        [
            document(1, "2025-07-01"),
            document(2, "2025-09-30", outlet="새벽경제"),
            document(3, "2025-10-01"),
            document(4, None),
            document(5, "2025-07-01", "VN"),
            document(6, "1994-07-01", "VN"),
        ]
    )
    tag(store, 1, 3)
    assert table(describe(store, LEXICON), "By narrative and quarter") == [
        ("Korea's", "news", "2025Q3", "2", "2", "1"),
        ("Korea's", "news", "2025Q4", "1", "1", "1"),
        ("Korea's", "news", "undated", "1", "1", "0"),
        ("ASEAN's", "news", "2025Q3", "1", "1", "0"),
        ("neither side's", "news", "1994Q3", "1", "1", "0"),
    ]


def test_of_many_quarters_the_earlier_are_put_together_and_none_is_lost(store: Store) -> None:
    days = [f"{year}-{month:02}-01" for year in (2022, 2023, 2024) for month in (1, 4, 7, 10)]
    store.save_documents([document(n, day) for n, day in enumerate(days, 1)])
    rows = table(describe(store, LEXICON), "By narrative and quarter")
    assert rows[0] == ("Korea's", "news", "2022Q1 … 2022Q4", "1", "4", "0")
    assert [row[2] for row in rows[1:]] == [f"{year}Q{n}" for year in (2023, 2024) for n in (1, 2, 3, 4)]
    assert sum(int(row[4]) for row in rows) == len(days)


def test_outlets_are_shown_with_their_languages_and_span(store: Store) -> None:
    store.save_documents(
        [
            document(1, "2025-07-01"),
            document(2, "2024-02-01", language="en"),
            document(3, None),
            document(4, None, outlet="새벽경제"),
        ]
    )
    tag(store, 2)
    assert table(describe(store, LEXICON), "By outlet") == [
        ("Korea's", "KR:누리통신", "en, ko", "2024Q1", "2025Q3", "3", "1"),
        ("Korea's", "KR:새벽경제", "ko", "undated", "undated", "1", "0"),
    ]


def test_every_row_has_as_many_cells_as_its_table_has_columns(store: Store) -> None:
    store.save_documents([document(1), document(2, None)])
    for _, columns, rows in describe(store, LEXICON).tables:
        assert rows
        assert all(len(row) == len(columns) for row in rows)
