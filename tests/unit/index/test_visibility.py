"""Secret until shown otherwise: no list, count, filter, order or history tells more than a number."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from classify.letter import Secrecy, Urgency
from index.book import Book
from index.choices import Step
from index.errors import NoSuchRecordError
from index.register.letters.letters import LetterFilter, Order
from index.register.received.jobs import Reason
from index.register.received.parts import Piece
from index.register.store.outbox import IndexOp
from index.registered_letter import RegisteredLetter
from index.visibility import SECRET_PLACEHOLDER, Role, Sight, Viewer, may_see, redact, show
from tests.keeping import (
    ADMINISTRATOR,
    CLERK,
    DOUBTFUL_NUMBER,
    DOUBTFUL_SECRECY,
    NOW,
    OFFICER,
    REGISTRAR,
    file_one,
    hand_on,
    make_filing,
    make_scan,
    take,
)

SUBJECT = "ผลการสอบสวนทางวินัยของนายสมมติ"
FULL, PLACEHOLDER, NOTHING = Sight.FULL, Sight.PLACEHOLDER, Sight.NOTHING
PUBLIC = make_filing(group="plan")
COPIED = make_filing(group="legal", copies=("plan",))
SECRET = make_filing(
    number="ศธ 04001/ว 21", subject=SUBJECT, group="plan", secrecy=Secrecy.VERY_SECRET, text=SUBJECT
)
SUSPECTED = make_filing(
    number="ศธ 04001/ว 22", subject=SUBJECT, group="plan", review=(DOUBTFUL_SECRECY,), text=SUBJECT
)


def _of(*roles: Role) -> Viewer:
    return Viewer("ผู้ดู", frozenset(roles), frozenset({"plan"}))


@pytest.mark.parametrize(
    ("role", "public", "hidden"),
    [
        (Role.REGISTRY_CLERK, FULL, PLACEHOLDER),
        (Role.RECORDS_OFFICER, FULL, PLACEHOLDER),
        (Role.AUDITOR, FULL, PLACEHOLDER),
        (Role.GROUP_HEAD, FULL, NOTHING),
        (Role.GROUP_OFFICER, FULL, NOTHING),
        (Role.COMMITTEE_MEMBER, NOTHING, NOTHING),
        (Role.SECRET_REGISTRAR, FULL, FULL),
        (Role.ADMINISTRATOR, NOTHING, NOTHING),
    ],
)
def test_each_role_sees_what_its_work_needs(
    book: Book, role: Role, public: Sight, hidden: Sight
) -> None:
    viewer = _of(role)
    filed = [file_one(book, key, one) for key, one in enumerate((PUBLIC, SECRET, SUSPECTED))]
    hand_on(book, *(one.letter_id for one in filed))
    letters = [book.letters.by_id(REGISTRAR, one.letter_id) for one in filed]
    assert [may_see(viewer, one) for one in letters if one] == [public, hidden, hidden]
    listed = {letter.letter_id for letter in book.letters.page(viewer).letters}
    expected = {public: {1}}.get(FULL, set()) | ({2, 3} if hidden is not NOTHING else set())
    assert listed == expected


def test_no_role_at_all_sees_nothing(book: Book) -> None:
    file_one(book, 1, PUBLIC)
    assert book.letters.page(Viewer("ใครก็ได้", groups=frozenset({"plan"}))).total == 0


def test_a_group_sees_its_own_letters_and_the_copies_it_gets(book: Book) -> None:
    filings = (PUBLIC, COPIED, make_filing(group="legal"))
    filed = [file_one(book, key, filing) for key, filing in enumerate(filings)]
    assert book.letters.page(OFFICER).total == 0, "what the program proposes is the registry's yet"
    assert [may_see(OFFICER, letter) for letter in filed] == [NOTHING, NOTHING, NOTHING]
    hand_on(book, 1, 2, 3)
    assert [letter.letter_id for letter in book.letters.page(OFFICER).letters] == [2, 1]
    assert book.letters.by_id(OFFICER, 3) is None
    known = [book.letters.by_id(REGISTRAR, letter.letter_id) for letter in filed]
    assert [may_see(OFFICER, letter) for letter in known if letter] == [FULL, FULL, NOTHING]


@pytest.mark.parametrize("filing", [SECRET, SUSPECTED])
def test_a_hidden_letter_is_its_number_and_nothing_else(book: Book, filing: object) -> None:
    file_one(book, 1, SECRET if filing is SECRET else SUSPECTED)
    for found in (
        book.letters.by_id(CLERK, 1),
        book.letters.page(CLERK).letters[0],
    ):
        assert found is not None
        assert (str(found.register_number), found.subject) == ("1/2569", SECRET_PLACEHOLDER)
        assert found.is_redacted
        told = {"letter_id", "book", "register_number", "received_at", "subject", "is_secret"}
        for one in fields(RegisteredLetter):
            if one.name not in told:
                assert not getattr(found, one.name), one.name


def test_a_letter_from_the_secret_door_is_secret_whatever_is_printed_on_it(book: Book) -> None:
    letter = file_one(book, 1, PUBLIC, secret_door=True)
    assert letter.is_secret
    assert may_see(CLERK, letter) is PLACEHOLDER
    assert [item.op for item in book.outbox.pending()] == [IndexOp.REMOVE]


def test_a_known_letter_that_comes_again_through_the_secret_door_turns_secret(book: Book) -> None:
    letter = file_one(book, 1, PUBLIC)
    assert may_see(CLERK, letter) is FULL
    arrival = book.jobs.record_arrival(make_scan(1, claim="2", secret_door=True))
    assert arrival.hidden_now
    again = book.letters.by_id(REGISTRAR, 1)
    assert again is not None
    assert (again.is_secret, again.revision) == (True, 2)
    assert [item.op for item in book.outbox.pending()] == [IndexOp.PUT, IndexOp.REMOVE]
    assert book.verify() == ()


def test_a_letter_that_was_secret_before_has_no_files_to_move_when_it_comes_again(
    book: Book,
) -> None:
    file_one(book, 1, PUBLIC, secret_door=True)
    assert not book.jobs.record_arrival(make_scan(1, claim="2", secret_door=True)).hidden_now


def test_a_copy_through_the_secret_door_hides_a_letter_that_is_being_read(book: Book) -> None:
    book.jobs.record_arrival(make_scan(1))
    job = take(book)
    assert book.jobs.record_arrival(make_scan(1, claim="2", secret_door=True)).hidden_now
    assert book.jobs.file(job, PUBLIC, NOW).is_secret


def test_letters_cut_from_a_scan_are_hidden_when_it_comes_again_through_the_secret_door(
    book: Book,
) -> None:
    pieces = [Piece(make_scan(key).sha256, page, page) for page, key in ((2, "here"), (3, "later"))]
    book.jobs.record_arrival(make_scan("batch"))
    book.jobs.file(take(book), PUBLIC, NOW, pieces=pieces)
    here = file_one(book, "here", make_filing(number="ศธ 04001/8", subject="ค่าน้ำ"))
    assert not here.is_secret
    book.jobs.record_arrival(make_scan("batch", claim="2", secret_door=True))
    later = file_one(book, "later", PUBLIC)
    for letter in (here, later):
        known = book.letters.by_id(REGISTRAR, letter.letter_id)
        assert known is not None
        assert may_see(CLERK, known) is PLACEHOLDER
    moved = {file.letter_id for file in book.letters.copy_files(1)}
    assert moved == {here.letter_id, later.letter_id}
    assert book.verify() == ()


def test_a_letter_joined_to_another_is_hidden_with_it(book: Book) -> None:
    first = file_one(book, "first", PUBLIC)
    joined = file_one(book, "second", make_filing(number="ศธ 04001/8", subject="ค่าน้ำ"))
    book.parts.join(CLERK, joined.letter_id, first.letter_id, note="", now=NOW)
    book.jobs.record_arrival(make_scan("first", claim="2", secret_door=True))
    hidden = book.letters.by_id(REGISTRAR, joined.letter_id)
    assert hidden is not None
    assert hidden.is_secret
    assert {file.letter_id for file in book.letters.copy_files(first.letter_id)} == {
        joined.letter_id
    }


@pytest.mark.parametrize(
    "probe",
    [
        LetterFilter(subject="สอบสวน"),
        LetterFilter(sender="สมมติ"),
        LetterFilter(number="ศธ ๐๔๐๐๑/ว ๑๒๓"),
        LetterFilter(group="plan"),
        LetterFilter(kind="external"),
        LetterFilter(date_from=date(2026, 1, 1)),
        LetterFilter(date_to=date(2026, 12, 31)),
        LetterFilter(urgency=Urgency.URGENT),
        LetterFilter(needs_review=True),
        LetterFilter(needs_review=False),
        LetterFilter(letter_ids=(1, 2)),
    ],
)
def test_no_filter_answers_a_guess_about_a_hidden_letter(book: Book, probe: LetterFilter) -> None:
    for key, filing in enumerate((SECRET, SUSPECTED)):
        urgent = replace(filing.letter, urgency=make_filing(urgency=Urgency.URGENT).letter.urgency)
        file_one(book, key, replace(filing, letter=urgent))
    assert book.letters.page(CLERK, probe).total == 0
    assert book.letters.page(CLERK, probe).letters == ()
    for field in ("group", "sender", "kind", "urgency"):
        assert book.letters.counts_by(CLERK, field, probe) == {}
        assert book.letters.counts_by(CLERK, field) == {}


def test_a_hidden_letter_has_no_place_in_an_order_by_contents(book: Book) -> None:
    file_one(book, 1, SECRET)
    file_one(book, 2, PUBLIC)
    for order in (Order.LETTER_DATE, Order.URGENCY):
        assert [one.letter_id for one in book.letters.page(CLERK, order=order).letters] == [2]
    assert book.letters.page(CLERK, order=Order.NUMBER_UP).total == 2


def test_hidden_letters_are_not_among_the_clerks_doubts_but_the_registrars(book: Book) -> None:
    file_one(book, 1, SUSPECTED)
    file_one(book, 2, make_filing(review=(DOUBTFUL_NUMBER,)))
    counts = book.letters.count_states(CLERK)
    assert (counts.filed, counts.review, counts.secret, counts.secret_in_doubt) == (2, 1, 0, 0)
    counts = book.letters.count_states(REGISTRAR)
    assert (counts.filed, counts.review, counts.secret, counts.secret_in_doubt) == (2, 2, 1, 1)
    for nobody in (ADMINISTRATOR, OFFICER):
        assert book.letters.count_states(nobody).filed == 0


def test_hidden_letters_never_reach_the_index(book: Book) -> None:
    for key, filing in enumerate((SECRET, SUSPECTED, PUBLIC)):
        file_one(book, key, filing)
    assert [item.op for item in book.outbox.pending()] == ["remove", "remove", "put"]
    assert [letter.letter_id for letter in book.letters.all_for_index()] == [3]
    assert list(book.letters.index_revisions()) == [(3, 1)]
    assert book.letters.for_index(1) is None


def test_files_and_desk_of_a_hidden_letter_answer_as_if_it_were_not_there(book: Book) -> None:
    file_one(book, 1, SECRET)
    for act in (
        lambda: book.letters.file_of(CLERK, 1),
        lambda: book.desk.correct(CLERK, 1, "subject", "x", now=NOW),
        lambda: book.desk.confirm(CLERK, 1, "subject", now=NOW),
        lambda: book.desk.move(CLERK, 1, Step.TAKEN, now=NOW),
        lambda: book.desk.history(CLERK, 1),
        lambda: book.desk.corrections_of(CLERK, 1),
        lambda: book.letters.file_of(CLERK, 99),
    ):
        with pytest.raises(NoSuchRecordError) as told:
            act()
        assert "letter" in str(told.value)
    assert book.letters.file_of(REGISTRAR, 1).is_secret


def test_an_unreadable_scan_has_no_name_but_for_the_registrar(book: Book) -> None:
    book.jobs.record_arrival(make_scan(SUBJECT))
    reason = Reason("truncated", "ไฟล์ไม่สมบูรณ์", "cut off", f"{SUBJECT}.pdf: EOF")
    book.jobs.quarantine(take(book), reason, NOW)
    (shown,) = book.quarantine.held(CLERK)
    assert SUBJECT not in repr(shown)
    assert shown.reason.thai == "ไฟล์ไม่สมบูรณ์"
    (whole,) = book.quarantine.held(REGISTRAR)
    assert SUBJECT in whole.name
    assert SUBJECT in whole.reason.detail


def test_a_waiting_letter_is_in_no_list_and_not_found_by_id(book: Book) -> None:
    arrival = book.jobs.record_arrival(make_scan())
    for viewer in (CLERK, REGISTRAR, ADMINISTRATOR):
        assert book.letters.page(viewer).total == 0
        assert book.letters.by_id(viewer, arrival.letter_id) is None


def test_the_audit_trail_names_no_contents(book: Book) -> None:
    file_one(book, SUBJECT, SECRET)
    book.desk.correct(REGISTRAR, 1, "subject", SUBJECT + "ใหม่", now=NOW, reason=SUBJECT)
    assert "สอบสวน" not in repr(book.audit.entries())


@pytest.mark.parametrize(
    ("clearance", "granted", "sight"),
    [
        (Secrecy.TOP_SECRET, True, FULL),
        (Secrecy.VERY_SECRET, True, FULL),
        (Secrecy.SECRET, True, NOTHING),
        (Secrecy.NONE, True, NOTHING),
        (Secrecy.TOP_SECRET, False, NOTHING),
    ],
)
def test_a_secret_letter_needs_clearance_and_a_personal_grant(
    book: Book, clearance: Secrecy, granted: bool, sight: Sight
) -> None:
    letter = file_one(book, 1, SECRET)
    ids = frozenset({letter.letter_id}) if granted else frozenset[int]()
    viewer = replace(OFFICER, clearance=clearance, granted=ids)
    assert may_see(viewer, letter) is sight
    assert book.letters.page(viewer).total == (sight is FULL)


def test_a_secret_letter_of_unknown_class_counts_as_the_highest(book: Book) -> None:
    letter = file_one(book, 1, PUBLIC, secret_door=True)
    viewer = replace(OFFICER, clearance=Secrecy.VERY_SECRET, granted=frozenset({1}))
    assert may_see(viewer, letter) is NOTHING
    assert may_see(replace(viewer, clearance=Secrecy.TOP_SECRET), letter) is FULL


def test_a_denial_wins_over_a_grant_and_over_the_registrars_office(book: Book) -> None:
    secret, suspected, public = (
        file_one(book, key, one) for key, one in enumerate((SECRET, SUSPECTED, PUBLIC))
    )
    ids = frozenset({1, 2, 3})
    granted = replace(OFFICER, clearance=Secrecy.TOP_SECRET, granted=ids)
    for viewer, left in ((granted, NOTHING), (REGISTRAR, PLACEHOLDER)):
        denied = replace(viewer, denied=ids)
        assert may_see(denied, secret) is may_see(denied, suspected) is left
        assert may_see(denied, public) is FULL  # what is no longer secret is for the group again
        opened = [
            one.letter_id for one in book.letters.page(denied).letters if one.subject == SUBJECT
        ]
        assert opened == []
        assert book.letters.counts_by(denied, "group") == {"plan": 1}


def test_the_registrar_clears_a_suspicion_and_everybody_sees_the_letter(book: Book) -> None:
    file_one(book, 1, SUSPECTED)
    cleared = book.desk.confirm(REGISTRAR, 1, "secrecy", now=NOW)
    assert may_see(CLERK, cleared) is FULL
    assert book.outbox.pending()[-1].op is IndexOp.PUT
    assert book.letters.for_index(1) is not None


def test_raising_the_class_hides_the_letter_from_earlier_readers_at_once(book: Book) -> None:
    file_one(book, 1, PUBLIC)
    book.desk.correct(CLERK, 1, "secrecy", "ลับ", now=NOW)
    assert book.letters.by_id(OFFICER, 1) is None
    assert book.letters.page(OFFICER).total == 0
    shown = book.letters.by_id(CLERK, 1)
    assert shown is not None
    assert shown.subject == SECRET_PLACEHOLDER
    assert book.outbox.pending()[-1].op is IndexOp.REMOVE


def test_an_ordinary_letter_whose_subject_is_the_placeholders_words_is_whole(book: Book) -> None:
    file_one(book, 1, make_filing(subject=SECRET_PLACEHOLDER))
    found = book.letters.by_id(CLERK, 1)
    assert found is not None
    assert found.number
    assert not found.is_redacted


def test_show_is_whole_redacted_or_nothing(book: Book) -> None:
    letter = file_one(book, 1, SECRET)
    assert show(REGISTRAR, letter) == letter
    assert show(CLERK, letter) == redact(letter)
    assert show(ADMINISTRATOR, letter) is None
