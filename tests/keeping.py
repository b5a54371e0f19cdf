"""Made-up scans and letters for the tests of keeping, and a registration by many at once."""

from __future__ import annotations

import hashlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher

from classify.letter import (
    Decision,
    Found,
    GroupScore,
    Kind,
    Letter,
    ReviewReason,
    Secrecy,
    Urgency,
)
from index.book import Book
from index.choices import BookName, Deed, PaperKind, Step
from index.register.folder.papers import PaperDraft, TaskDraft
from index.register.letters.filing import Filing
from index.register.people.passwords import Passwords
from index.register.received.jobs import Job
from index.register.sent.sent_letter import SentDraft, SentEntry
from index.register.store.tables import BANGKOK
from index.registered_letter import RegisteredLetter, RegisterNumber
from index.visibility import Role, Viewer
from ocr.document import Box

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=BANGKOK)  # Buddhist year 2569
CLERK = Viewer("มาลี", frozenset({Role.REGISTRY_CLERK}))
REGISTRAR = Viewer("สมศักดิ์", frozenset({Role.SECRET_REGISTRAR}))
OFFICER = Viewer("วิชัย", frozenset({Role.GROUP_OFFICER}), frozenset({"plan"}))
ADMINISTRATOR = Viewer("root", frozenset({Role.ADMINISTRATOR}))
DOUBTFUL_SECRECY = ReviewReason("secrecy", "mark_unsure", "อาจเป็นหนังสือลับ", "may be secret")
DOUBTFUL_NUMBER = ReviewReason("number", "low", "เลขที่ไม่ชัด", "the number is unclear")


@dataclass(frozen=True, slots=True)
class MadeScan:
    """A claimed file that need not exist."""

    path: Path
    name: str
    sha256: str
    size_bytes: int = 1000
    media_type: str = "application/pdf"
    received_at: datetime = NOW
    door: str = "inbox"
    secret_door: bool = False
    group: str = ""
    batch: bool = False


def make_scan(key: object = "a", *, claim: str = "1", secret_door: bool = False) -> MadeScan:
    """Make a scan whose bytes are known by `key`; each `claim` is another file with these bytes."""
    sha256 = hashlib.sha256(str(key).encode()).hexdigest()
    path = Path("work") / f"{key}-{claim}.pdf"
    return MadeScan(path, f"สแกน {key}.pdf", sha256, secret_door=secret_door)


def found(value: str, page: int | None = 1) -> Found[str]:
    """A field read with little doubt."""
    return Found(value, value, 0.97, page, Box(10, 20, 300, 60), "made up")


def make_filing(
    *,
    number: str = "ศธ 04001/ว 123",
    subject: str = "การประชุมผู้บริหารสถานศึกษา",
    sender: str = "สำนักงานสมมติ",
    secrecy: Secrecy = Secrecy.NONE,
    urgency: Urgency = Urgency.NONE,
    group: str = "admin",
    copies: tuple[str, ...] = (),
    review: tuple[ReviewReason, ...] = (),
    written: date = date(2026, 1, 5),
    text: str = "ข้อความของหนังสือ",
) -> Filing:
    """What a worker hands to the book for a letter it has read."""
    letter = Letter(
        kind=Found(Kind.EXTERNAL, "", 0.9, None, None, "made up"),
        number=found(number),
        date=Found(written, "๕ มกราคม ๒๕๖๙", 0.9, 1, None, "made up"),
        sender=found(sender),
        recipient=found("ผู้อำนวยการ"),
        subject=found(subject),
        urgency=Found(urgency, urgency.value, 0.9, 1, None, "made up"),
        secrecy=Found(secrecy, secrecy.value, 0.9, 1, None, "made up") if secrecy else None,
    )
    decision = Decision(
        group=group,
        scores=(GroupScore(group, 3.5, (("ประชุม", "subject", 2.0),)),),
        margin=0.6,
        copies=copies,
        retention_class="R10",
        retention_because="57",
        review=review,
    )
    return Filing(letter, decision, text, 1, None)


def take(book: Book, worker: str = "w1", now: datetime = NOW) -> Job:
    """Lease the next letter, which must be there."""
    job = book.jobs.take(worker, 60, now)
    assert job is not None
    return job


def file_one(
    book: Book,
    key: object = "a",
    filing: Filing | None = None,
    *,
    now: datetime = NOW,
    secret_door: bool = False,
) -> RegisteredLetter:
    """Take a letter from the door into the book."""
    book.jobs.record_arrival(make_scan(key, secret_door=secret_door))
    return book.jobs.file(take(book, now=now), filing or make_filing(), now)


def hand_on(book: Book, *letter_ids: int, now: datetime = NOW) -> None:
    """Give letters to the groups that the program proposes, as a person does: only then they have them."""
    for letter_id in letter_ids:
        letter = book.letters.by_id(REGISTRAR, letter_id)
        assert letter is not None
        book.desk.move(REGISTRAR, letter_id, Step.ROUTED, group=letter.group, now=now)


def put_into_folder(book: Book, letter_id: int, note: str) -> None:
    """Let a memo about a letter go up, with an order and a task, all in the same words."""
    head = book.people.find(Role.GROUP_HEAD.value)
    assert head is not None
    draft = PaperDraft(PaperKind.MEMO, "plan", letter_id, note, note)
    paper = book.folder.submit(OFFICER, draft, now=NOW)
    task = TaskDraft(note, "plan", NOW.date() + timedelta(days=3))
    book.folder.sign(head.looking(), paper, Deed.INSTRUCTED, words=note, task=task, now=NOW)


def make_draft(
    *,
    subject: str = "ขอส่งรายงาน",
    group: str = "admin",
    secrecy: Secrecy = Secrecy.NONE,
    recipient: str = "ผู้อำนวยการโรงเรียนในสังกัด",
    recipients: tuple[str, ...] = (),
    answers: int | None = None,
    note: str = "",
) -> SentDraft:
    """What somebody enters for a letter to send."""
    return SentDraft(
        subject=subject,
        group=group,
        date=NOW.date(),
        secrecy=secrecy,
        recipient=recipient,
        recipients=recipients,
        answers=answers,
        note=note,
    )


def send_one(
    book: Book,
    draft: SentDraft | None = None,
    *,
    to: BookName = BookName.SEND,
    viewer: Viewer = CLERK,
    now: datetime = NOW,
    reserved: RegisterNumber | None = None,
) -> SentEntry:
    """Enter a letter in a send book."""
    return book.sent.enter(
        viewer,
        to,
        draft or make_draft(),
        write_number=lambda number: f"ศธ 04000/{number.running}",
        now=now,
        reserved=reserved,
    )


def make_hashing_quick(book: Book) -> None:
    """Let passwords of a test cost microseconds."""
    book.people.passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def run_sql(url: str, *statements: str) -> list[object]:
    """Meddle with a SQLite book behind the program's back; return the last statement's rows."""
    rows: list[object] = []
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
        for statement in statements:
            rows = connection.execute(statement).fetchall()
    return rows


def register_by_many(
    url: str, *, people: int, letters: int
) -> dict[BookName, list[RegisterNumber]]:
    """Let many people register and send letters at once, half of them on each side of a new year.

    Every person opens the book anew, takes letters until none is left, and sends one after each.
    """
    with Book.open(url) as book:
        for key in range(letters):
            book.jobs.record_arrival(make_scan(key))
    this_year = datetime(2026, 12, 31, 23, 59, 59, tzinfo=BANGKOK)

    def work(person: int) -> list[tuple[BookName, RegisterNumber]]:
        now = this_year + timedelta(seconds=person % 2)
        numbers = []
        with Book.open(url) as book:
            while (job := book.jobs.take(f"w{person}", 600, now)) is not None:
                filed = book.jobs.file(job, make_filing(), now)
                numbers.append((BookName.RECEIVE, filed.register_number))
                numbers.append((BookName.SEND, send_one(book, now=now).register_number))
        return numbers

    drawn: dict[BookName, list[RegisterNumber]] = {BookName.RECEIVE: [], BookName.SEND: []}
    with ThreadPoolExecutor(people) as pool:
        for numbers in pool.map(work, range(people)):
            for name, number in numbers:
                drawn[name].append(number)
    return drawn


def check_two_years(url: str, drawn: dict[BookName, list[RegisterNumber]], letters: int) -> None:
    """Prove that each book's two years hold the drawn numbers, every one once."""
    with Book.open(url) as book:
        assert book.verify() == ()
        for name, numbers in drawn.items():
            assert len(numbers) == len(set(numbers)) == letters
            per_year = [book.numbers.audit(name, year).last for year in (2569, 2570)]
            assert sum(per_year) == letters
            assert all(per_year)
