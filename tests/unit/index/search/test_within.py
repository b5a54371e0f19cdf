"""A search within some letters answers as if there were no others, also in what it suggests and likens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.registered_letter import LetterKey
from index.search import ENGINES, LetterIndex, Within, rebuild
from tests.searching import OFFICE, TODAY, letter

SEEN = (
    *(
        letter(one.letter_id, subject=one.subject, text=one.text, group="finance", step="routed")
        for one in OFFICE
    ),
    letter(
        10, subject="จัดสฮรงบประมฬน", text="ลูกเสือสำรอง พนักงาสประจำ", group="finance", step="routed"
    ),
)
OTHERS = (
    letter(20, subject="จัดสรรงบประมาณรายจ่ายประจำปี", text=OFFICE[1].text, group="hr", step="routed"),
    letter(21, subject="ครุ ภัณฑ์", text="ลูกเสือ พนักงาบ จัดส่รรงบป็ระมาณ", group="hr", step="routed"),
)
WITHIN = Within(frozenset({"finance"}))


@pytest.fixture(params=ENGINES)
def both(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[LetterIndex, LetterIndex]]:
    """An index of letters seen and unseen, and one of those seen."""
    indexes = (
        rebuild(tmp_path / "all", request.param, (*SEEN, *OTHERS)),
        rebuild(tmp_path / "seen", request.param, SEEN),
    )
    yield indexes
    for one in indexes:
        one.close()


@pytest.mark.parametrize(
    "typed",
    [
        "ครุ ลูกเสือ",  # another word is still offered for one that only letters unseen have
        "จัดสรรงบปรมมาน",  # which a letter unseen says more nearly
        "ลูกเสืแ พนักงาบ",  # which only a letter unseen would say, spelled better
        "ภัณฑ์",
        "ประชุม",
    ],
)
def test_other_letters_make_no_difference(
    both: tuple[LetterIndex, LetterIndex], typed: str
) -> None:
    among_all, alone = (one.search(typed, today=TODAY, within=WITHIN) for one in both)
    assert {hit.key for hit in among_all.hits} == {hit.key for hit in alone.hits}
    assert among_all.total == alone.total
    assert among_all.near == alone.near
    assert among_all.facets == alone.facets
    assert among_all.did_you_mean == alone.did_you_mean


def test_a_page_full_of_certain_hits_counts_the_misread_ones_and_no_letter_unseen(
    both: tuple[LetterIndex, LetterIndex],
) -> None:
    among_all, alone = (one.search("งบประมาณ", today=TODAY, within=WITHIN, limit=1) for one in both)
    assert (len(among_all.hits), among_all.total, among_all.near) == (1, alone.total, False)
    assert among_all.total > 1, "one of them is misread"
    assert among_all.facets == alone.facets
    assert among_all.facets["group"] == {"finance": among_all.total}


def test_a_word_that_only_letters_unseen_have_is_as_unknown_as_any(
    both: tuple[LetterIndex, LetterIndex],
) -> None:
    among_all, _ = both
    assert among_all.search("ครุ ลูกเสือ", today=TODAY, within=WITHIN).did_you_mean == "ครู ลูกเสือ"


def test_nothing_unseen_is_likened_or_completed(both: tuple[LetterIndex, LetterIndex]) -> None:
    among_all, alone = both
    key = LetterKey.received(2)
    likened = {hit.key for hit in among_all.more_like(key, within=WITHIN)}
    assert likened == {hit.key for hit in alone.more_like(key, within=WITHIN)}
    assert LetterKey.received(20) in {hit.key for hit in among_all.more_like(key)}
    assert among_all.complete("ครุ", "subject", within=WITHIN) == ()
