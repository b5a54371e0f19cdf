"""One letter that comes by paper and by system has one number, and only who may open both is asked about a pair."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from classify.letter import Secrecy
from index.book import Book
from index.choices import BookName, JobState, NumberStatus
from index.errors import NoSuchRecordError
from index.register.letters.filing import Filing
from index.register.received.likeness import Likeness, distance
from index.register.received.same_letters import Verdict
from index.registered_letter import RegisteredLetter, RegisterNumber
from index.visibility import Role, Viewer
from ocr.document import PAGE_BREAK
from tests.keeping import (
    CLERK,
    DOUBTFUL_SECRECY,
    NOW,
    OFFICER,
    REGISTRAR,
    file_one,
    make_filing,
    make_scan,
    take,
)

PAGE, NEARLY, OTHER = "f" * 128, "f" * 120 + "e" * 8, "0f" * 64


def bring(book: Book, key: object, filing: Filing, *, days: int = 0) -> RegisteredLetter:
    """A scan through the door, read as the workers do."""
    now = NOW + timedelta(days=days)
    book.jobs.record_arrival(make_scan(key))
    return book.jobs.file(take(book, now=now), replace(filing, hold_back=True), now)


def test_what_carries_number_date_and_sender_of_a_letter_gets_no_second_number(book: Book) -> None:
    first = bring(book, "system", make_filing(number="ศธ 04001/ว 123"))
    again = bring(book, "paper", make_filing(number="ศธ ๐๔๐๐๑/ว.๑๒๓", sender="สำนักงาน สมมติ"))
    assert again.register_number == first.register_number
    (pair,) = book.same_letters.open(CLERK)
    assert (pair.verdict, pair.because, pair.second) == (
        Verdict.HELD,
        Likeness.NUMBER_AND_SENDER,
        None,
    )
    assert [
        one.running for one in (r.number for r in book.numbers.of_year(BookName.RECEIVE, 2569))
    ] == [1]
    counts = book.letters.count_states(CLERK)
    assert (counts.filed, counts.quarantined, counts.duplicates) == (1, 0, 1)
    assert book.quarantine.held(REGISTRAR) == ()
    job = book.jobs.find(make_scan("paper").sha256)
    assert job is not None
    assert job.state is JobState.HELD
    assert book.pace(NOW).quarantined_today == 0, "nobody has to look why it was set aside"
    assert {one.letter_id for one in book.letters.files()} == {first.letter_id, pair.second_id}
    assert (
        book.same_letters.file_of(CLERK, first.letter_id, pair.second_id).name == "สแกน paper.pdf"
    )
    assert book.verify() == ()


@pytest.mark.parametrize(
    "other",
    [
        make_filing(number="ศธ 04001/123"),  # no circular
        make_filing(written=date(2026, 1, 6)),
        make_filing(sender="สำนักงานอื่น"),
        make_filing(secrecy=Secrecy.SECRET),
        make_filing(review=(DOUBTFUL_SECRECY,)),
        make_filing(number="ศธ 04001/ว"),
    ],
)
def test_anything_else_gets_its_own_number(book: Book, other: Filing) -> None:
    bring(book, 1, make_filing())
    assert bring(book, 2, other).register_number.running == 2
    assert book.verify() == ()


def test_nothing_is_held_back_as_a_copy_of_a_hidden_or_cancelled_letter(book: Book) -> None:
    bring(book, 1, make_filing(secrecy=Secrecy.SECRET))
    second = bring(book, 2, make_filing())
    assert second.register_number.running == 2
    book.numbers.cancel(BookName.RECEIVE, RegisterNumber(2, 2569), note="ผิด", who="a", now=NOW)
    assert bring(book, 3, make_filing()).register_number.running == 3


def test_two_that_were_numbered_are_offered_and_joined_with_one_number_cancelled(
    book: Book,
) -> None:
    first = bring(book, 1, make_filing(sender="สพฐ."))
    second = bring(book, 2, make_filing(sender="สำนักงานคณะกรรมการ"))
    (pair,) = book.same_letters.open(CLERK)
    assert pair.because is Likeness.NUMBER
    book.same_letters.join(CLERK, first.letter_id, second.letter_id, now=NOW)
    assert book.same_letters.open(CLERK) == ()
    drawn = {one.number.running: one for one in book.numbers.of_year(BookName.RECEIVE, 2569)}
    assert drawn[2].status is NumberStatus.CANCELLED
    assert "1/2569" in drawn[2].note
    (joined,) = book.same_letters.of_letter(CLERK, first.letter_id)
    assert joined.verdict is Verdict.JOINED
    assert book.same_letters.file_of(CLERK, first.letter_id, second.letter_id).sha256
    assert book.verify() == ()
    book.same_letters.join(CLERK, first.letter_id, second.letter_id, now=NOW)  # twice is once
    with pytest.raises(NoSuchRecordError):
        book.same_letters.tell_apart(CLERK, first.letter_id, second.letter_id, now=NOW)


def test_told_apart_is_remembered_and_the_scan_gets_its_number(book: Book) -> None:
    first = bring(book, 1, make_filing())
    bring(book, 2, make_filing())
    (pair,) = book.same_letters.open(CLERK)
    assert book.same_letters.tell_apart(CLERK, first.letter_id, pair.second_id, now=NOW)
    assert book.same_letters.open(CLERK) == ()
    with pytest.raises(NoSuchRecordError):
        book.same_letters.file_of(CLERK, first.letter_id, pair.second_id)
    book.jobs.retry(pair.second_id, who="door", now=NOW)
    own = book.jobs.file(take(book), replace(make_filing(), hold_back=True), NOW)
    assert own.register_number.running == 2
    assert book.same_letters.open(CLERK) == ()
    assert book.verify() == ()


def test_a_held_scan_that_turns_out_secret_is_no_copy_any_more(book: Book) -> None:
    first = bring(book, 1, make_filing())
    bring(book, 2, make_filing())
    book.jobs.record_arrival(make_scan(2, claim="2", secret_door=True))
    assert book.same_letters.open(CLERK) == ()
    with pytest.raises(NoSuchRecordError):
        book.same_letters.join(CLERK, first.letter_id, 2, now=NOW)
    book.jobs.retry(2, who="door", now=NOW)
    assert book.jobs.file(take(book), replace(make_filing(), hold_back=True), NOW).is_secret
    assert book.same_letters.of_letter(REGISTRAR, first.letter_id) != ()  # asked: the same number
    assert book.same_letters.of_letter(CLERK, first.letter_id) == ()


def test_reading_the_same_scan_again_changes_nothing(book: Book) -> None:
    first = bring(book, 1, make_filing())
    bring(book, 2, make_filing())
    book.jobs.retry(2, who="door", now=NOW)
    again = book.jobs.file(take(book), replace(make_filing(), hold_back=True), NOW)
    assert again.letter_id == first.letter_id
    assert len(book.same_letters.open(CLERK)) == 1


@pytest.mark.parametrize(
    ("page", "number", "days", "offered"),
    [
        (NEARLY, "", 0, True),
        (NEARLY, "ศธ 04001/ว 128", 0, True),  # a misread figure
        (NEARLY, "กค 0405/ว 9999", 0, False),
        (OTHER, "", 0, False),
        ("", "", 0, False),
        (NEARLY, "", 200, False),
    ],
)
def test_a_nearly_identical_page_is_asked_about_unless_the_numbers_speak_against_it(
    book: Book, page: str, number: str, days: int, offered: bool
) -> None:
    bring(book, 1, replace(make_filing(), page_hash=PAGE))
    bring(book, 2, replace(make_filing(number=number), page_hash=page), days=days)
    pairs = book.same_letters.open(CLERK)
    assert [one.because for one in pairs] == ([Likeness.PAGE] if offered else [])


def test_a_pair_is_shown_only_to_who_may_open_both(book: Book) -> None:
    bring(book, 1, make_filing(secrecy=Secrecy.SECRET, group="plan"))
    second = bring(book, 2, make_filing(group="plan"))
    third = bring(book, 3, make_filing(sender="x", group="hr"))
    assert {(one.first.letter_id, one.second_id) for one in book.same_letters.open(REGISTRAR)} == {
        (1, 2),
        (1, 3),
        (2, 3),
    }
    assert [one.first.letter_id for one in book.same_letters.open(CLERK)] == [second.letter_id]
    assert book.same_letters.open(OFFICER) == ()
    assert book.same_letters.of_letter(OFFICER, second.letter_id) == ()
    auditor = Viewer("a", frozenset({Role.ADMINISTRATOR}))
    for viewer, pair in ((CLERK, (1, 2)), (OFFICER, (2, 3)), (auditor, (2, 3))):
        with pytest.raises(NoSuchRecordError):
            book.same_letters.join(viewer, *pair, now=NOW)
    assert third.register_number.running == 3


def test_distance_of_hashes() -> None:
    assert distance(PAGE, PAGE) == 0
    assert distance("f" * 128, "0" * 128) == 1
    assert distance("0" * 128, "0" * 128) == 1


def test_made_up_letters_of_other_tests_are_not_held_back(book: Book) -> None:
    assert [file_one(book, key).register_number.running for key in (1, 2)] == [1, 2]


def test_a_join_is_taken_back_and_the_cancelled_number_is_the_same_letters_again(
    book: Book,
) -> None:
    first = bring(book, 1, make_filing())
    second = bring(book, 2, make_filing(sender="สำนักงานอื่น"))
    book.same_letters.join(CLERK, first.letter_id, second.letter_id, now=NOW)
    book.same_letters.undo_join(CLERK, first.letter_id, second.letter_id, now=NOW)
    (pair,) = book.same_letters.open(CLERK)
    assert (pair.verdict, pair.second_id) == (Verdict.OFFERED, second.letter_id)
    restored = book.letters.by_id(CLERK, second.letter_id)
    assert restored is not None
    assert (restored.register_number, restored.cancelled) == (second.register_number, False)
    drawn = book.numbers.of_year(BookName.RECEIVE, 2569)
    assert [(one.status, one.note) for one in drawn] == [(NumberStatus.GIVEN, "")] * 2
    assert book.searchable.one(second.key) is not None
    assert book.verify() == ()
    actions = [entry.action for entry in book.audit.entries()]
    assert actions[-2:] == ["number_given_again", "join_undone"]
    with pytest.raises(NoSuchRecordError):
        book.same_letters.undo_join(CLERK, first.letter_id, second.letter_id, now=NOW)


def test_a_number_cancelled_for_another_reason_stays_cancelled(book: Book) -> None:
    first = bring(book, 1, make_filing())
    second = bring(book, 2, make_filing(sender="สำนักงานอื่น"))
    book.numbers.cancel(
        BookName.RECEIVE, second.register_number, note="ส่งผิดสำนักงาน", who="ก", now=NOW
    )
    book.same_letters.join(CLERK, first.letter_id, second.letter_id, now=NOW)
    book.same_letters.undo_join(CLERK, first.letter_id, second.letter_id, now=NOW)
    (drawn,) = [one for one in book.numbers.of_year(BookName.RECEIVE, 2569) if one.note]
    assert (drawn.status, drawn.note) == (NumberStatus.CANCELLED, "ส่งผิดสำนักงาน")
    assert book.verify() == ()


def test_a_joined_scan_without_a_number_is_asked_about_again(book: Book) -> None:
    first = bring(book, 1, make_filing())
    bring(book, 2, make_filing())
    (pair,) = book.same_letters.open(CLERK)
    book.same_letters.join(CLERK, first.letter_id, pair.second_id, now=NOW)
    assert book.same_letters.open(CLERK) == ()
    book.same_letters.undo_join(CLERK, first.letter_id, pair.second_id, now=NOW)
    assert [one.verdict for one in book.same_letters.open(CLERK)] == [Verdict.HELD]
    assert book.same_letters.tell_apart(CLERK, first.letter_id, pair.second_id, now=NOW)


def test_further_copies_turn_secret_with_their_letter(book: Book) -> None:
    first = bring(book, 1, make_filing())
    bring(book, "held", make_filing())
    joined = bring(book, "joined", make_filing(sender="สำนักงานอื่น"))
    (held,) = [one for one in book.same_letters.open(CLERK) if one.second is None]
    book.same_letters.join(CLERK, first.letter_id, joined.letter_id, now=NOW)
    book.desk.correct(REGISTRAR, first.letter_id, "secrecy", "ลับ", now=NOW)
    for viewer, sees in ((CLERK, False), (REGISTRAR, True)):
        shown = book.letters.by_id(viewer, joined.letter_id)
        assert shown is not None
        assert (shown.subject != "(หนังสือลับ)") is sees
        pairs = {pair.second_id for pair in book.same_letters.of_letter(viewer, first.letter_id)}
        assert pairs == ({held.second_id, joined.letter_id} if sees else set())
    secret = {file.letter_id for file in book.letters.files() if file.is_secret}
    assert secret == {first.letter_id, held.second_id, joined.letter_id}
    copies = {file.letter_id for file in book.letters.copy_files(first.letter_id)}
    assert copies == {held.second_id, joined.letter_id}
    assert book.verify() == ()


@pytest.mark.parametrize("turned", [0, 1])
def test_what_may_be_the_same_letter_is_doubted_when_the_other_turns_secret(
    book: Book, turned: int
) -> None:
    """Nobody has said yet that they are one: only the registrar knows whether both say the same."""
    pair = [bring(book, key, make_filing(sender=f"สำนักงาน {key}")) for key in (1, 2)]
    assert len(book.same_letters.open(CLERK)) == 1
    secret, other = pair[turned], pair[1 - turned]
    book.desk.correct(CLERK, secret.letter_id, "secrecy", "ลับ", now=NOW)
    for one in pair:
        shown = book.letters.by_id(CLERK, one.letter_id)
        assert shown is not None
        assert shown.subject == "(หนังสือลับ)"
    doubted = book.letters.by_id(REGISTRAR, other.letter_id)
    assert doubted is not None
    assert (doubted.is_secret, doubted.review) == (False, ("secrecy",))
    moved = {file.letter_id for file in book.letters.copy_files(secret.letter_id)}
    assert moved == {other.letter_id}
    assert book.verify() == ()
    book.desk.confirm(REGISTRAR, other.letter_id, "secrecy", now=NOW)
    shown = book.letters.by_id(CLERK, other.letter_id)
    assert shown is not None
    assert shown.subject != "(หนังสือลับ)"


def test_letters_of_one_look_with_other_days_are_not_asked_about(book: Book) -> None:
    bring(book, 1, replace(make_filing(number=""), page_hash=PAGE))
    later = make_filing(number="", written=date(2026, 1, 9))
    bring(book, 2, replace(later, page_hash=NEARLY))
    assert book.same_letters.open(CLERK) == ()


BODY = "ด้วยสำนักงานจะจัดการประชุมผู้บริหารสถานศึกษา เพื่อเตรียมการเปิดภาคเรียนและติดตามงานตามนโยบายของกระทรวง "
ANNEX = (
    "กำหนดการประชุม เวลา ๐๘.๓๐ น. ลงทะเบียน เวลา ๐๙.๐๐ น. ประธานกล่าวเปิด เวลา ๑๒.๐๐ น. รับประทานอาหาร "
)
STRANGER = "ขอเชิญส่งนักเรียนเข้าแข่งขันทักษะวิชาการ ระดับประถมศึกษา ณ โรงเรียนตัวอย่าง ในวันและเวลาที่กำหนดนี้ "


@pytest.mark.parametrize(
    ("first", "second", "held"),
    [
        ([BODY], [BODY], True),
        ([BODY, ANNEX], [BODY], True),  # a copy without its enclosure
        ([BODY, ANNEX], [ANNEX, BODY], True),  # pages laid the other way round
        ([BODY], [BODY, STRANGER], False),  # another letter behind it
        ([BODY], [STRANGER, BODY], False),  # another letter before it
        ([BODY], [BODY, BODY], False),  # two copies, or one letter whose like differs by a figure
        (
            [BODY],
            [BODY, ""],
            False,
        ),  # a page that could not be read: a picture, another letter upside down
        ([BODY, ""], [BODY, ""], True),
        ([BODY], [ANNEX], False),
    ],
)
def test_a_scan_is_held_back_only_when_the_letter_explains_every_page_of_it(
    book: Book, first: list[str], second: list[str], held: bool
) -> None:
    bring(book, 1, replace(make_filing(text=PAGE_BREAK.join(first)), page_count=len(first)))
    again = bring(
        book, 2, replace(make_filing(text=PAGE_BREAK.join(second)), page_count=len(second))
    )
    assert again.register_number.running == (1 if held else 2)
    (pair,) = book.same_letters.open(CLERK)  # asked about all the same
    assert pair.verdict is (Verdict.HELD if held else Verdict.OFFERED)


def test_what_another_worker_filed_meanwhile_is_found_too(book: Book) -> None:
    filing = replace(make_filing(number="", text=BODY), page_hash=PAGE)
    book.jobs.record_arrival(make_scan(1))
    book.jobs.record_arrival(make_scan(2))
    jobs = [take(book, worker) for worker in ("w1", "w2")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "index.register.received.jobs.find_alike", lambda *_: {}
        )  # looked before w1 filed
        for job in jobs:
            book.jobs.file(job, filing, NOW)
    (pair,) = book.same_letters.open(CLERK)
    assert pair.because is Likeness.PAGE
