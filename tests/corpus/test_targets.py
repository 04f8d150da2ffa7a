"""Targets: what each combination asks, and that its evidence is of the same documents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import ENTITIES, FORM_CLASSES, MEMBERS
from corpus.targets import NAMED_CLASSES, TARGETS, WITH_CAPITALS, members_on

ALL_MEMBERS = frozenset(MEMBERS)


@pytest.mark.parametrize(
    ("target", "holding", "failing"),
    [
        ("ASEAN", ["ASEAN", "ASEAN SEA"], ["", "SEA", "VN"]),
        ("ASEAN|SEA", ["ASEAN", "SEA", "ASEAN SEA"], ["", "VN KR"]),
        ("ASEAN-SEA", ["ASEAN", "ASEAN VN"], ["", "SEA", "ASEAN SEA"]),
        ("SEA-ASEAN", ["SEA", "SEA VN"], ["", "ASEAN", "ASEAN SEA"]),
        ("ASEAN&SEA", ["ASEAN SEA"], ["", "ASEAN", "SEA"]),
        ("MEMBER", ["VN", "TL KR"], ["", "ASEAN SEA", "KR KP KOREA"]),
        ("ASEAN&MEMBER", ["ASEAN VN"], ["", "ASEAN", "VN", "ASEAN KR"]),
        ("ANY", ["ASEAN", "SEA", "VN", "ASEAN VN"], ["", "KR KP KOREA"]),
        ("KR|KOREA", ["KR", "KOREA", "KR KP"], ["", "KP", "ASEAN"]),
        ("ASEAN&VN", ["ASEAN VN", "ASEAN VN TH"], ["ASEAN", "VN", "ASEAN TH"]),
    ],
)
def test_a_target_holds_for_what_its_name_says(target: str, holding: list[str], failing: list[str]) -> None:
    holds = TARGETS[target].holds
    assert all(holds(frozenset(named.split()), ALL_MEMBERS) for named in holding)
    assert not any(holds(frozenset(named.split()), ALL_MEMBERS) for named in failing)


def test_every_entity_and_every_member_beside_asean_is_a_target() -> None:
    assert {*ENTITIES, *(f"ASEAN&{code}" for code in MEMBERS)} <= TARGETS.keys()


@pytest.mark.parametrize(
    ("state", "before", "after"),
    [("VN", "1995-07-27", "1995-07-28"), ("TL", "2025-10-25", "2025-10-26"), ("KH", "1999-04-29", "1999-04-30")],
)
def test_a_state_is_a_member_from_the_day_it_joined(state: str, before: str, after: str) -> None:
    named = frozenset({state})
    for target in ("MEMBER", "ANY"):
        assert not TARGETS[target].holds(named, members_on(before))
        assert TARGETS[target].holds(named, members_on(after))
    assert TARGETS[state].holds(named, members_on(before))


def test_a_month_or_year_counts_from_its_last_day() -> None:
    assert "TL" in members_on("2025-10")
    assert "TL" in members_on("2025")
    assert "TL" not in members_on("2025-09")
    assert "TL" not in members_on("2024")


def test_asean_has_five_founders_and_today_eleven_members() -> None:
    assert members_on("1967-08-08") == {"ID", "MY", "PH", "SG", "TH"}
    assert members_on("1967-08-07") == frozenset()
    assert members_on("2026-01-01") == ALL_MEMBERS
    assert len(ALL_MEMBERS) == 11


@given(st.sets(st.sampled_from(ENTITIES)).map(frozenset), st.sampled_from(sorted(TARGETS)))
def test_evidence_asks_for_the_same_documents_as_the_count(named: frozenset[str], name: str) -> None:
    target = TARGETS[name]
    listed = (
        not named.isdisjoint(target.entities)
        and (not target.also or not named.isdisjoint(target.also))
        and named.isdisjoint(target.without)
    )
    assert target.holds(named, ALL_MEMBERS) == listed


@given(st.sets(st.sampled_from(ENTITIES)).map(frozenset), st.sampled_from(["1990", "1996-01-01", "2025-10-25", "2026"]))
def test_the_parts_of_the_brand_add_up(named: frozenset[str], day: str) -> None:
    members = members_on(day)
    parts = [TARGETS[name].holds(named, members) for name in ("ASEAN-SEA", "SEA-ASEAN", "ASEAN&SEA")]
    assert sum(parts) == int(TARGETS["ASEAN|SEA"].holds(named, members))


def test_naming_is_every_class_but_capitals_and_names_inside_others() -> None:
    assert frozenset(FORM_CLASSES) - NAMED_CLASSES == {"capital", "inside"}
    assert NAMED_CLASSES | {"capital"} == WITH_CAPITALS
