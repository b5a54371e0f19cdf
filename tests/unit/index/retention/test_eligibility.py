"""A letter may stand on a destruction list only when it is due and nothing stands against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.retention.eligibility import Hold, HoldKind, LetterFacts, judge
from index.retention.law import load_law
from index.retention.schedule import Clock

LAW = load_law()
DAY = date(2027, 1, 15)
OLD = LetterFacts(7, "R10", Clock(date(2012, 6, 1)), is_secret=False)


def blocks(facts: LetterFacts, as_of: date = DAY) -> set[str]:
    return {block.code for block in judge(facts, LAW, as_of).blocks}


def test_an_old_ordinary_letter_may_go() -> None:
    assert judge(OLD, LAW, DAY).may_be_destroyed


def test_a_young_letter_is_not_due_though_nothing_blocks_it() -> None:
    young = replace(OLD, clock=Clock(date(2020, 6, 1)))
    eligibility = judge(young, LAW, DAY)
    assert not eligibility.may_be_destroyed
    assert eligibility.blocks == ()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (replace(OLD, is_secret=True), "secret"),
        (replace(OLD, retention_class="RPERM"), "permanent"),
        (replace(OLD, retention_class="RLAW"), "other_law"),
        (replace(OLD, retention_class="R99"), "class_unknown"),
        (replace(OLD, clock=Clock(None)), "open"),
        (replace(OLD, retention_class="RSUP"), "open"),
        (replace(OLD, destroyed_on=date(2026, 5, 1)), "destroyed"),
    ],
)
def test_what_stands_against_a_destruction_is_named(changed: LetterFacts, code: str) -> None:
    assert code in blocks(changed)
    assert not judge(changed, LAW, DAY).may_be_destroyed


def test_secret_letters_run_apart_both_ways() -> None:
    secret = replace(OLD, is_secret=True)
    assert judge(secret, LAW, DAY, in_secret_run=True).may_be_destroyed
    other = judge(OLD, LAW, DAY, in_secret_run=True)
    assert [block.code for block in other.blocks] == ["not_secret"]
    assert not other.may_be_destroyed


@pytest.mark.parametrize("kind", list(HoldKind))
def test_every_kind_of_hold_holds_until_its_last_day_or_its_release(kind: HoldKind) -> None:
    hold = Hold(kind, "ทดสอบ", "ผู้เก็บ", date(2026, 1, 1), until=date(2027, 1, 15))
    assert blocks(replace(OLD, holds=(hold,))) == {f"hold_{kind}"}
    assert blocks(replace(OLD, holds=(hold,)), date(2027, 1, 16)) == set()
    released = replace(hold, until=None, released_on=date(2027, 1, 10))
    assert blocks(replace(OLD, holds=(released,))) == set()
    assert blocks(replace(OLD, holds=(released,)), date(2027, 1, 9)) == {f"hold_{kind}"}
