"""The send books: a number drawn with each entry, cancelled and reserved ones kept, hidden letters by number only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from classify.letter import Secrecy
from index.book import Book
from index.choices import SEND_BOOKS, BookName, NumberStatus
from index.errors import CorrectionRefusedError, NoSuchRecordError, NumberRefusedError
from index.register.sent.sent_letter import SentDraft, SentEntry, SentFilter
from index.register.store.tables import BANGKOK
from index.registered_letter import RegisterNumber
from index.visibility import SECRET_PLACEHOLDER, Role, Viewer
from tests.keeping import (
    ADMINISTRATOR,
    CLERK,
    NOW,
    OFFICER,
    REGISTRAR,
    file_one,
    make_draft,
    make_filing,
    run_sql,
    send_one,
)

SECRET = make_draft(
    subject="เรื่องลับมาก", secrecy=Secrecy.VERY_SECRET, recipient="ผู้รับลับ", note="ลับนะ"
)
SHA256 = "a" * 64


def sent_id(entry: SentEntry) -> int:
    assert entry.letter is not None
    return entry.letter.sent_id


def listed(kept: Book, viewer: Viewer = CLERK, **wanted: object) -> list[str]:
    page = kept.sent.page(viewer, SentFilter(**wanted), oldest_first=True)  # type: ignore[arg-type]
    assert page.total == len(page.entries)
    return [f"{entry.book} {entry.register_number}" for entry in page.entries]


def test_each_book_of_letters_out_runs_for_itself_and_starts_anew_at_new_year(book: Book) -> None:
    for name in SEND_BOOKS:
        assert str(send_one(book, to=name).register_number) == "1/2569"
    assert str(send_one(book).register_number) == "2/2569"
    new_year = datetime(2027, 1, 1, 0, 0, 0, tzinfo=BANGKOK)
    assert str(send_one(book, now=new_year - timedelta(seconds=1)).register_number) == "3/2569"
    assert str(send_one(book, now=new_year).register_number) == "1/2570"
    assert book.verify() == ()


def test_the_number_is_written_as_the_office_writes_it(book: Book) -> None:
    entry = send_one(book)
    assert entry.letter is not None
    assert (entry.letter.number, entry.letter.date) == ("ศธ 04000/1", NOW.date())


def test_the_receive_book_is_no_send_book(book: Book) -> None:
    with pytest.raises(NumberRefusedError, match="no send book"):
        send_one(book, to=BookName.RECEIVE)


@pytest.mark.parametrize("draft", [make_draft(subject="  "), make_draft(group="")])
def test_nothing_is_entered_without_subject_and_group(book: Book, draft: SentDraft) -> None:
    with pytest.raises(CorrectionRefusedError, match="needs one"):
        send_one(book, draft)
    assert book.numbers.run(BookName.SEND, 2569) == range(1, 1)


def test_a_refused_entry_gives_its_number_back(book: Book) -> None:
    with pytest.raises(NoSuchRecordError):
        send_one(book, make_draft(answers=99))
    with pytest.raises(ZeroDivisionError):
        book.sent.enter(
            CLERK, BookName.SEND, make_draft(), write_number=lambda _: str(1 // 0), now=NOW
        )
    assert str(send_one(book).register_number) == "1/2569"


def test_a_form_sent_twice_draws_one_number(book: Book) -> None:
    twice = [
        book.sent.enter(
            CLERK, BookName.SEND, make_draft(), write_number=str, now=NOW, key="form-1"
        ).register_number
        for _ in range(2)
    ]
    assert [str(number) for number in twice] == ["1/2569", "1/2569"]
    assert book.numbers.run(BookName.SEND, 2569) == range(1, 2)


def test_a_reserved_number_is_used_later_and_once(book: Book) -> None:
    kept = book.numbers.reserve(BookName.SEND, note="รอลงนาม", who="มาลี", now=NOW)
    assert send_one(book).register_number.running == 2
    (unused,) = [one for one in book.sent.page(CLERK).entries if one.letter is None]
    assert (unused.status, unused.status_note) == (NumberStatus.RESERVED, "รอลงนาม")
    assert send_one(book, reserved=kept).register_number == kept
    with pytest.raises(NumberRefusedError, match="not reserved"):
        send_one(book, reserved=kept)
    assert book.numbers.audit(BookName.SEND, 2569).reserved == ()
    assert book.verify() == ()


def test_a_cancelled_letter_stays_with_its_reason_and_its_number_is_not_given_again(
    book: Book,
) -> None:
    entry = send_one(book)
    with pytest.raises(NumberRefusedError, match="reason"):
        book.sent.cancel(CLERK, BookName.SEND, entry.register_number, note=" ", now=NOW)
    book.sent.cancel(CLERK, BookName.SEND, entry.register_number, note="พิมพ์ผิด", now=NOW)
    after = book.sent.by_number(CLERK, BookName.SEND, entry.register_number)
    assert (after.status, after.status_note) == (NumberStatus.CANCELLED, "พิมพ์ผิด")
    assert after.letter is not None
    assert after.letter.subject == "ขอส่งรายงาน"
    assert send_one(book).register_number.running == 2
    assert book.verify() == ()


def test_the_send_book_goes_on_where_the_paper_book_ended(book: Book) -> None:
    book.numbers.start_after(BookName.CIRCULAR, RegisterNumber(88, 2569), who="มาลี", now=NOW)
    assert send_one(book, to=BookName.CIRCULAR).register_number.running == 89


def test_the_audit_finds_a_number_that_lost_its_entry(book: Book, url: str) -> None:
    send_one(book)
    send_one(book)
    run_sql(url, "DELETE FROM sent WHERE running = 1")
    audit = book.numbers.audit(BookName.SEND, 2569)
    assert (audit.gaps, audit.doubles) == ((1,), ())
    run_sql(url, "DELETE FROM numbers WHERE running = 2")
    assert book.numbers.audit(BookName.SEND, 2569).doubles == (2,)


def test_the_list_is_narrowed_by_day_book_group_and_words(book: Book) -> None:
    send_one(book, make_draft(subject="ประชุมผู้บริหาร", group="admin"))
    tomorrow = NOW + timedelta(days=1)
    draft = make_draft(subject="อบรม", group="hr", recipients=("โรงเรียนบ้านสมมติ", "โรงเรียนบ้านอื่น"))
    send_one(book, draft, to=BookName.CIRCULAR, now=tomorrow)
    book.numbers.reserve(BookName.SEND, note="", who="มาลี", now=tomorrow)
    everything = ["circular 1/2569", "send 1/2569", "send 2/2569"]
    assert listed(book) == everything
    assert listed(book, day_from=NOW.date(), day_to=NOW.date()) == ["send 1/2569"]
    assert listed(book, day_from=tomorrow.date()) == ["circular 1/2569", "send 2/2569"]
    assert listed(book, book=BookName.CIRCULAR) == ["circular 1/2569"]
    assert listed(book, buddhist_year=2568) == []
    assert listed(book, group="hr") == ["circular 1/2569"]
    assert listed(book, words="ผู้บริหาร") == ["send 1/2569"]
    assert listed(book, words="บ้านสมมติ") == ["circular 1/2569"]
    assert listed(book, words="ศธ ๐๔๐๐๐/๑") == ["circular 1/2569", "send 1/2569"]
    for pattern in ("%", "_", "ประชุม%บริหาร", "บ้านสม_ติ", "ศธ%๑"):
        assert listed(book, words=pattern) == [], pattern


def test_midnight_in_bangkok_parts_the_days(book: Book) -> None:
    midnight = datetime(2026, 1, 16, tzinfo=BANGKOK)
    send_one(book, now=midnight - timedelta(seconds=1))
    send_one(book, now=midnight)
    assert listed(book, day_to=date(2026, 1, 15)) == ["send 1/2569"]
    assert listed(book, day_from=date(2026, 1, 16)) == ["send 2/2569"]


def test_pages_follow_one_another(book: Book) -> None:
    for _ in range(3):
        send_one(book)
    page = book.sent.page(CLERK, limit=2)
    assert [entry.register_number.running for entry in page.entries] == [3, 2]
    assert page.total == 3
    rest = book.sent.page(CLERK, limit=2, offset=2)
    assert [entry.register_number.running for entry in rest.entries] == [1]


def test_only_the_registrar_enters_and_opens_a_secret_letter(book: Book) -> None:
    for viewer in (CLERK, OFFICER):
        with pytest.raises(CorrectionRefusedError, match="registrar"):
            send_one(book, SECRET, viewer=viewer)
    entry = send_one(book, SECRET, viewer=REGISTRAR)
    assert entry.letter is not None
    assert entry.letter.subject == "เรื่องลับมาก"
    (shown,) = book.sent.page(CLERK).entries
    assert shown.is_hidden
    assert str(shown.register_number) == "1/2569"
    for word in ("เรื่องลับมาก", "ผู้รับลับ", "ลับนะ", "ศธ", "สมศักดิ์", "admin"):
        assert word not in repr(shown), word
    assert listed(book, words="ลับ") == listed(book, group="admin") == []
    assert listed(book, REGISTRAR, words="ลับ") == ["send 1/2569"]
    assert book.sent.page(OFFICER).total == book.sent.page(ADMINISTRATOR).total == 0


def test_nothing_of_a_hidden_letter_can_be_read_or_changed(book: Book) -> None:
    entry = send_one(book, replace(SECRET, recipients=("ก",)), viewer=REGISTRAR)
    number, one = entry.register_number, sent_id(entry)
    for viewer in (CLERK, OFFICER):
        for do in (
            lambda v: book.sent.recipients(v, one),
            lambda v: book.sent.files(v, one),
            lambda v: book.sent.changes(v, one),
            lambda v: book.sent.change(v, one, make_draft(), now=NOW),
            lambda v: book.sent.acknowledge(v, one, [1], by="x", on=NOW.date(), now=NOW),
            lambda v: book.sent.cancel(v, BookName.SEND, number, note="x", now=NOW),
        ):
            with pytest.raises(NoSuchRecordError):
                do(viewer)
    book.sent.cancel(REGISTRAR, BookName.SEND, number, note="เหตุลับ", now=NOW)
    (aside,) = book.numbers.set_aside(CLERK, BookName.SEND, 2569)
    assert (aside.number, aside.note) == (number, SECRET_PLACEHOLDER)
    assert "เหตุลับ" not in repr(book.sent.page(CLERK).entries)
    assert book.numbers.set_aside(REGISTRAR, BookName.SEND, 2569)[0].note == "เหตุลับ"


def test_a_group_sends_and_sees_what_is_its_own(book: Book) -> None:
    send_one(book, make_draft(group="plan"), viewer=OFFICER)
    with pytest.raises(CorrectionRefusedError, match="group"):
        send_one(book, make_draft(group="hr"), viewer=OFFICER)
    send_one(book, make_draft(group="hr"))
    assert listed(book, OFFICER) == ["send 1/2569"]
    with pytest.raises(NoSuchRecordError):
        book.sent.by_number(OFFICER, BookName.SEND, RegisterNumber(2, 2569))
    book.numbers.reserve(BookName.ORDER, note="", who=OFFICER.name, now=NOW)
    book.numbers.reserve(BookName.ORDER, note="", who="คนอื่น", now=NOW)
    assert listed(book, OFFICER, book=BookName.ORDER) == ["order 1/2569"]


def test_a_letter_answers_a_received_one_that_its_writer_may_open(book: Book) -> None:
    received = file_one(book, "a")
    hidden = file_one(book, "b", make_filing(secrecy=Secrecy.SECRET))
    with pytest.raises(NoSuchRecordError):
        send_one(book, make_draft(answers=hidden.letter_id))
    send_one(book, make_draft(answers=received.letter_id))
    assert listed(book, answers=received.letter_id) == ["send 1/2569"]


def test_recipients_are_added_once_sent_to_and_acknowledge(book: Book) -> None:
    entry = send_one(book, make_draft(recipients=("ก", " ข  ค ", "ก", "")))
    one = sent_id(entry)
    book.sent.add_recipients(CLERK, one, ["ข ค", "ง"], way="ไปรษณีย์", now=NOW)
    names = [(who.position, who.name, who.way) for who in book.sent.recipients(CLERK, one)]
    assert names == [(1, "ก", ""), (2, "ข ค", ""), (3, "ง", "ไปรษณีย์")]
    book.sent.record_sending(
        CLERK, one, [1, 2], way="ลงทะเบียน", on=NOW.date(), reference="RR1TH", now=NOW
    )
    book.sent.acknowledge(CLERK, one, [2], by="ครูสมมติ", on=date(2026, 1, 20), now=NOW)
    first, second, third = book.sent.recipients(CLERK, one)
    assert (first.way, first.reference, first.acknowledged_on) == ("ลงทะเบียน", "RR1TH", None)
    assert (second.acknowledged_by, second.acknowledged_on) == ("ครูสมมติ", date(2026, 1, 20))
    assert third.sent_on is None
    (line,) = book.sent.page(CLERK).entries
    assert line.letter is not None
    assert (line.letter.recipient_count, line.letter.acknowledged_count) == (3, 1)
    for wrong in ([9], []):
        with pytest.raises(NoSuchRecordError):
            book.sent.acknowledge(CLERK, one, wrong, by="x", on=NOW.date(), now=NOW)


def test_a_correction_keeps_the_old_words_and_stands_in_the_trail_without_them(book: Book) -> None:
    one = sent_id(send_one(book))
    draft = replace(make_draft(subject="ขอส่ง รายงานใหม่"), date=date(2026, 1, 14))
    assert book.sent.change(CLERK, one, draft, now=NOW) == ("subject", "date")
    assert book.sent.change(CLERK, one, draft, now=NOW) == ()
    changes = [(one.field, one.old, one.new) for one in book.sent.changes(CLERK, one)]
    assert changes == [
        ("subject", "ขอส่งรายงาน", "ขอส่ง รายงานใหม่"),
        ("date", "2026-01-15", "2026-01-14"),
    ]
    last = book.audit.entries()[-1]
    assert (last.action, last.details["fields"]) == ("sent_changed", ["subject", "date"])
    assert "รายงาน" not in repr(book.audit.entries())
    with pytest.raises(CorrectionRefusedError, match="registrar"):
        book.sent.change(CLERK, one, SECRET, now=NOW)
    assert "secrecy" in book.sent.change(REGISTRAR, one, SECRET, now=NOW)
    assert book.sent.page(CLERK).entries[0].is_hidden


def test_a_copy_is_attached_once(book: Book) -> None:
    one = sent_id(send_one(book))
    for _ in range(2):
        book.sent.attach(
            CLERK,
            one,
            sha256=SHA256,
            name="สำเนา.pdf",
            media_type="application/pdf",
            size_bytes=9,
            now=NOW,
        )
    (file,) = book.sent.files(CLERK, one)
    assert (file.sha256, file.attached_by, file.is_secret) == (SHA256, "มาลี", False)
    assert list(book.sent.all_files()) == [file]


def test_who_audits_sees_the_whole_register_and_who_runs_the_machine_nothing(book: Book) -> None:
    send_one(book)
    auditor = Viewer("ผู้ตรวจ", frozenset({Role.AUDITOR}))
    assert listed(book, auditor) == ["send 1/2569"]
    assert listed(book, ADMINISTRATOR) == []


def test_every_change_is_a_line_of_the_trail(book: Book) -> None:
    one = sent_id(send_one(book, make_draft(recipients=("ก",))))
    book.sent.add_recipients(CLERK, one, ["ข"], now=NOW)
    book.sent.record_sending(CLERK, one, [1], way="ส่งเอง", on=NOW.date(), now=NOW)
    book.sent.acknowledge(CLERK, one, [1], by="ค", on=NOW.date(), now=NOW)
    book.sent.cancel(CLERK, BookName.SEND, RegisterNumber(1, 2569), note="ง", now=NOW)
    assert [entry.action for entry in book.audit.entries()] == [
        "sent_entered",
        "sent_recipients_added",
        "sent_dispatched",
        "sent_acknowledged",
        "number_cancelled",
    ]
    assert book.verify() == ()
