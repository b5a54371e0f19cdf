"""Made-up letters that are finished, and a committee, for the tests of retention."""

from __future__ import annotations

from datetime import date, datetime

from classify.letter import Secrecy
from index.book import Book
from index.register.people.people import Person
from index.register.store.tables import BANGKOK
from index.retention.batch import Answer, ArchiveAnswer, Committee, Member, Opinion, Verdict
from index.retention.batches import PaperStep
from index.retention.law import load_law
from index.retention.retention import Retention
from index.retention.steps import Appoint, Decide, Judge, RecordAnswer, Report, Send
from index.visibility import Role, Viewer
from tests.keeping import NOW, REGISTRAR, file_one, make_filing, make_hashing_quick

LAW = load_law()
JANUARY = datetime(2038, 1, 12, 9, 0, tzinfo=BANGKOK)  # Buddhist year 2581
KEEPER = Viewer("พิมพ์ใจ", frozenset({Role.RECORDS_OFFICER}))
CHAIR, ANAN, BUSBA = (
    Member("ประธาน", "ชำนาญการพิเศษ"),
    Member("อนันต์", "ชำนาญการ"),
    Member("บุษบา", "ชำนาญงาน"),
)
COMMITTEE = Committee("๑๒/๒๕๘๑", date(2038, 1, 13), CHAIR, (ANAN, BUSBA))
DESTROY = Opinion(Verdict.DESTROY)


DIRECTOR = Person("ผู้อำนวยการ", "ผู้อำนวยการ", frozenset({Role.DIRECTOR}))


def seat_director(book: Book) -> None:
    """Let the office have a director: nobody else decides under clause 69."""
    if book.people.find(DIRECTOR.name) is None:
        make_hashing_quick(book)
        book.people.put_alike([DIRECTOR], "x", who="test", now=NOW)


def keep_finished(
    book: Book,
    retention: Retention,
    key: object,
    *,
    code: str = "R10",
    finished: date = date(2027, 3, 1),
    subject: str = "การประชุมผู้บริหารสถานศึกษา",
    written: date = date(2026, 1, 5),
    secrecy: Secrecy = Secrecy.NONE,
    number: str = "ศธ 04001/ว 123",
) -> int:
    """File a letter, give it a class and note its matter finished; return its id."""
    seat_director(book)
    filing = make_filing(number=number, subject=subject, written=written, secrecy=secrecy)
    letter_id = file_one(book, key, filing).letter_id
    end_matter(retention, letter_id, code, finished, secret=bool(secrecy))
    return letter_id


def end_matter(
    retention: Retention, letter_id: int, code: str, finished: date, *, secret: bool
) -> None:
    """Give a filed letter its class and note, on that day at noon, that its matter is finished."""
    who = REGISTRAR if secret else KEEPER
    if code != "R10":
        retention.records.change_class(
            who, letter_id, code, reason="จัดประเภท", now=NOW, shorter=True
        )
    noon = datetime(finished.year, finished.month, finished.day, 12, tzinfo=BANGKOK)
    retention.records.finish(who, letter_id, finished, now=noon)


def paper_steps(letter_ids: list[int], answer: Answer = Answer.AGREE) -> list[PaperStep]:
    """Every step from the committee to the archives' answer, all for destruction."""
    judged = [Judge(one.person, each, DESTROY) for each in letter_ids for one in COMMITTEE.everyone]
    said = ArchiveAnswer(answer, "วธ ๐๔๐๔/๑", date(2038, 3, 1), 2045)
    return [
        Appoint(COMMITTEE, LAW.committees["destruction"]),
        *judged,
        Report(CHAIR.person, date(2038, 2, 1)),
        Decide(DIRECTOR.name, date(2038, 2, 3), "คำสั่งที่ ๕/๒๕๖๙", {}),
        Send("ศธ ๐๔๐๔๙/๙๙", date(2038, 2, 4)),
        *(RecordAnswer(each, said) for each in letter_ids),
    ]
