"""The survey names every letter with its end and its stops; another period is tried before it is set."""

from __future__ import annotations

from datetime import date

import pytest

from classify.letter import Secrecy
from index.book import Book
from index.retention.eligibility import HoldKind
from index.retention.errors import StepRefusedError
from index.retention.law import load_law
from index.retention.records import Place
from index.retention.retention import Retention
from index.retention.survey import SurveyRow
from index.visibility import Role, Viewer
from tests.keeping import DOUBTFUL_SECRECY, NOW, OFFICER, REGISTRAR, file_one, make_filing
from tests.retaining import JANUARY, KEEPER, keep_finished

EVERYBODY = [
    KEEPER,
    REGISTRAR,
    OFFICER,
    Viewer("ทุกอย่าง", frozenset(Role), frozenset({"admin"}), Secrecy.TOP_SECRET, frozenset({1, 2})),
]


def numbers(rows: tuple[SurveyRow, ...] | list[SurveyRow]) -> list[int]:
    return [row.letter.register_number.running for row in rows]


def test_a_letter_comes_up_in_the_january_after_its_last_year(
    book: Book, retention: Retention
) -> None:
    keep_finished(book, retention, "a", finished=date(2027, 12, 31))
    keep_finished(book, retention, "b", finished=date(2028, 1, 1))
    file_one(book, "unfinished")
    due = {row.letter.register_number.running: row.is_due for row in survey(retention)}
    assert due == {1: True, 2: False, 3: False}
    assert numbers(retention.surveys.survey(KEEPER, date(2037, 12, 31), due_only=True)) == []


def survey(retention: Retention, *, due_only: bool = False) -> list[SurveyRow]:
    return retention.surveys.survey(KEEPER, JANUARY.date(), due_only=due_only)


def test_narrowing_to_what_is_due_leaves_out_nothing_that_is(
    book: Book, retention: Retention
) -> None:
    law = load_law()
    for code in law.classes:
        for year in (2027, 2028, 2031, 2032, 2033, 2036, 2037):
            letter_id = keep_finished(
                book, retention, f"{code}{year}", code=code, finished=date(year, 6, 1)
            )
            if code == "RF" and year % 2:
                retention.records.note_audit(
                    KEEPER, letter_id, date(2037, 1, 1), now=JANUARY, shorter=True
                )
            if code == "RSUP":
                retention.records.note_successor(KEEPER, letter_id, date(year, 6, 1), now=JANUARY)
    everything = survey(retention)
    assert len(everything) == 7 * len(law.classes)
    due = [row for row in everything if row.is_due]
    assert survey(retention, due_only=True) == due
    by_class = dict.fromkeys(law.classes, 0)
    for row in due:
        by_class[row.letter.facts.retention_class] += 1
    assert by_class == {
        "R10": 1,
        "R05": 4,
        "R01": 6,
        "RF": 2,
        "RSUP": 6,
        "RPERM": 0,
        "RLAW": 0,
        "RSEC": 0,
    }


def test_a_row_shows_what_the_records_officer_needs(book: Book, retention: Retention) -> None:
    keep_finished(book, retention, "a", subject="แผนปฏิบัติการ")
    retention.records.store(KEEPER, 1, Place("A", "2", "ผอ 01", date(2027, 4, 1)), now=JANUARY)
    (row,) = survey(retention)
    letter = row.letter
    assert str(letter.register_number) == "1/2569"
    assert (letter.number, letter.subject, letter.file_code) == (
        "ศธ 04001/ว 123",
        "แผนปฏิบัติการ",
        "ผอ 01",
    )
    assert letter.facts.clock.finished_on == date(2027, 3, 1)
    assert row.eligibility.period.keep_until_year == 2037


def test_a_letter_of_twenty_years_is_the_archives_first(book: Book, retention: Retention) -> None:
    keep_finished(book, retention, "a", written=date(2018, 12, 30))
    keep_finished(book, retention, "b", written=date(2019, 1, 1))
    codes = [[block.code for block in row.eligibility.blocks] for row in survey(retention)]
    assert codes == [["hold_twenty_years"], []]


@pytest.mark.parametrize("viewer", EVERYBODY, ids=lambda viewer: viewer.name)
def test_no_list_holds_a_secret_letter_or_one_that_may_be_secret(
    book: Book, retention: Retention, viewer: Viewer
) -> None:
    keep_finished(book, retention, "s", secrecy=Secrecy.SECRET)
    file_one(book, "t", make_filing(review=(DOUBTFUL_SECRECY,)))
    retention.records.finish(REGISTRAR, 2, NOW.date(), now=NOW)
    ordinary = keep_finished(book, retention, "o")
    far = date(2090, 1, 1)
    for rows in (
        retention.surveys.survey(viewer, far),
        retention.surveys.survey(viewer, far, due_only=True),
        retention.surveys.simulate(viewer, "R10", 1, far).due_before,
    ):
        assert {row.letter.facts.letter_id for row in rows} <= {ordinary}


def test_a_letter_that_turns_secret_leaves_the_survey(book: Book, retention: Retention) -> None:
    keep_finished(book, retention, "a")
    book.desk.correct(KEEPER, 1, "secrecy", "ลับ", now=JANUARY)
    assert survey(retention) == []


def test_a_shorter_period_is_tried_without_changing_anything(
    book: Book, retention: Retention
) -> None:
    for key, year in enumerate((2027, 2030, 2032, 2033)):
        keep_finished(book, retention, key, finished=date(year, 6, 1))
    keep_finished(book, retention, "other", code="R05", finished=date(2027, 6, 1))
    retention.records.place_hold(KEEPER, 2, HoldKind.AUDIT, reason="สตง.", now=JANUARY)
    before = book.audit.head
    tried = retention.surveys.simulate(KEEPER, "R10", 5, JANUARY.date())
    assert (tried.years_now, tried.years_then, tried.shortens) == (10, 5, True)
    assert numbers(tried.due_before) == [1]
    assert numbers(tried.becomes_due) == [2, 3]
    assert numbers(tried.on_hold) == [2]
    assert numbers(tried.no_longer_due) == []
    assert book.audit.head == before


def test_a_longer_period_says_what_is_no_longer_due(book: Book, retention: Retention) -> None:
    keep_finished(book, retention, "a", finished=date(2027, 6, 1))
    tried = retention.surveys.simulate(KEEPER, "R10", 20, JANUARY.date())
    assert not tried.shortens
    assert (numbers(tried.due_before), numbers(tried.no_longer_due)) == ([1], [1])
    assert tried.becomes_due == ()


def test_giving_a_permanent_class_a_period_counts_as_shortening(
    book: Book, retention: Retention
) -> None:
    keep_finished(book, retention, "a", code="RPERM")
    tried = retention.surveys.simulate(KEEPER, "RPERM", 10, JANUARY.date())
    assert (tried.years_now, tried.shortens) == (None, True)
    assert numbers(tried.becomes_due) == [1]


def test_a_class_that_nobody_knows_cannot_be_tried(retention: Retention) -> None:
    with pytest.raises(StepRefusedError, match="R99"):
        retention.surveys.simulate(KEEPER, "R99", 5, JANUARY.date())
