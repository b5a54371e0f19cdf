"""Everything of retention that is due in a year, for the page, the dashboard and other calendars.

The words name letters by register number only, never by subject: what is written here is copied to
telephones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from index.choices import BookName
from index.message import Message, message
from index.registered_letter import RegisterNumber
from index.retention.batches import Batches
from index.retention.facts import CLOSED
from index.retention.law import Deadline, Law
from index.retention.lists import Lists
from index.retention.loans import Loans
from index.retention.next_step import NextStep, next_step
from index.retention.papers import label
from index.retention.transfers import FORM_CLAUSE, FORM_THAI, Transfers
from index.visibility import Viewer
from ocr.thai_text import BUDDHIST_ERA

A_MONTH = timedelta(days=30)


class Kind(StrEnum):
    """What an entry is about."""

    DEADLINE = "deadline"
    BATCH = "batch"
    WAITING = "waiting"
    LOAN = "loan"
    HOLD = "hold"
    TRANSFER = "transfer"
    LAW = "law"


KIND_THAI = {
    Kind.DEADLINE: "กำหนดตามระเบียบ",
    Kind.BATCH: "บัญชีขอทำลาย",
    Kind.WAITING: "รอหอจดหมายเหตุ",
    Kind.LOAN: "ยืม",
    Kind.HOLD: "ห้ามทำลาย",
    Kind.TRANSFER: "ครบ 20 ปี",
    Kind.LAW: "ตรวจสอบกฎหมาย",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is due on a day.

    `key` never changes for the same matter, so that a calendar updates its entry instead of doubling it.
    `address` is the page to do it on. `is_verified` is false where the day follows from a row of the law
    that nobody has compared with the Royal Gazette.
    """

    key: str
    day: date
    kind: Kind
    message: Message
    clause: str
    address: str
    is_verified: bool = True

    @property
    def thai(self) -> str:
        """What it says in Thai."""
        return self.message.thai

    def is_late(self, today: date) -> bool:
        """Tell whether the day has passed."""
        return today > self.day


class Calendar:
    """Gathers what is due; changes nothing."""

    def __init__(
        self,
        law: Law,
        *,
        batches: Batches,
        loans: Loans,
        lists: Lists,
        transfers: Transfers,
        begun_at: Callable[[], datetime | None],
    ) -> None:
        self._law = law
        self._begun_at = begun_at
        self._batches = batches
        self._loans = loans
        self._lists = lists
        self._transfers = transfers

    def year(self, viewer: Viewer, year: int, *, today: date) -> tuple[Entry, ...]:
        """Return the entries of a Gregorian year by day; what is late and open stays in this year's.

        `today` decides what is still to be done; days of the regulation stand in every year, but for
        those before the office began to keep its book here.
        """
        begun = self._begun_at()
        first_day = begun.date() if begun else today
        found = [
            *(one for one in self._deadlines(year, today) if one.day >= first_day),
            *self._unverified(year, today, first_day),
            *self._open_batches(),
            *self._open_transfers(),
            *self._of_letters(viewer, today),
        ]
        kept = [one for one in found if one.day.year == year or _is_left_over(one, year, today)]
        return tuple(sorted(kept, key=lambda one: (one.day, one.key)))

    def _deadlines(self, year: int, today: date) -> Iterator[Entry]:
        survey, transfer = self._law.deadlines["survey"], self._law.deadlines["transfer"]
        proposed = any(line.year == year for line in self._batches.lines())
        if not (proposed and year <= today.year):
            words = message(
                "สำรวจหนังสือครบอายุการเก็บ และทำบัญชีขอทำลาย ปี %(year)s",
                year=year + BUDDHIST_ERA,
            )
            yield _on_day(f"survey-{year}", survey, year, words, "/retention")
        sent = any(one.year == year and one.sent_on is not None for one in self._transfers.lists())
        if not sent:
            words = message("ส่งมอบหนังสือครบ 20 ปี (แบบที่ 21, 22) ปี %(year)s", year=year + BUDDHIST_ERA)
            yield _on_day(f"transfer-{year}", transfer, year, words, "/retention/transfer")

    def _unverified(self, year: int, today: date, first_day: date) -> Iterator[Entry]:
        """Ask for the comparison by the end of January, and give a new office a month."""
        rows = self._law.unverified()
        if rows and year == today.year:
            yield Entry(
                f"law-{year}",
                max(date(year, 1, 31), first_day + A_MONTH),
                Kind.LAW,
                message("เทียบอายุการเก็บและกำหนดเวลา %(count)s แถวกับราชกิจจานุเบกษา", count=len(rows)),
                ", ".join(dict.fromkeys(clause for clause, _ in rows)),
                "/retention/law",
                is_verified=False,
            )

    def _open_batches(self) -> Iterator[Entry]:
        for line in self._batches.lines():
            if line.stage in CLOSED:
                continue
            step = next_step(self._batches.find(line.batch_id), self._law)
            day = step.due or step.not_before
            if day is not None:
                yield self._of_batch(line.batch_id, step, day)

    def _of_batch(self, batch_id: str, step: NextStep, day: date) -> Entry:
        is_waiting = step.code == "answer"
        row = self._law.deadlines["archive_answer" if is_waiting else "survey"]
        return Entry(
            f"batch-{batch_id}-{step.code}",
            day,
            Kind.WAITING if is_waiting else Kind.BATCH,
            message("บัญชี %(batch)s: %(step)s", batch=batch_id, step=step.message),
            step.clause,
            f"/retention/batches/{batch_id}",
            is_verified=step.due is None or row.law.is_verified,
        )

    def _open_transfers(self) -> Iterator[Entry]:
        deadline = self._law.deadlines["transfer"]
        for one in self._transfers.lists():
            if one.is_open and one.sent_on is None:
                yield _on_day(
                    f"transfer-list-{one.code}",
                    deadline,
                    one.year,
                    message(
                        "ส่ง%(list)s %(code)s", list=Message(FORM_THAI[one.form]), code=one.code
                    ),
                    f"/retention/transfer/{one.code}",
                    clause=FORM_CLAUSE[one.form],
                )

    def _of_letters(self, viewer: Viewer, today: date) -> Iterator[Entry]:
        for loan in self._loans.out(viewer):
            yield Entry(
                f"loan-{loan.letter_id}-{loan.lent_on.isoformat()}",
                loan.due_on,
                Kind.LOAN,
                message("กำหนดส่งคืนหนังสือเลขทะเบียน %(number)s", number=loan.label),
                "ข้อ 63",
                kept_at(loan.book, loan.register_number),
            )
        for held in self._lists.held(viewer, today):
            if held.hold.until is not None:
                yield Entry(
                    f"hold-{held.letter_id}-{held.hold.kind}-{held.hold.placed_on.isoformat()}",
                    held.hold.until,
                    Kind.HOLD,
                    message(
                        "วันสุดท้ายของการห้ามทำลาย เลขทะเบียน %(number)s",
                        number=label(held.book, held.register_number),
                    ),
                    "ข้อ 68.1",
                    kept_at(held.book, held.register_number),
                )


def kept_at(book: BookName, number: RegisterNumber) -> str:
    """Return the address of the page that says how a paper is kept."""
    of_book = "" if book is BookName.RECEIVE else f"?book={book}"
    return f"/retention/letters/{number}{of_book}"


def _on_day(
    key: str, deadline: Deadline, year: int, words: Message, address: str, *, clause: str = ""
) -> Entry:
    kind = Kind.TRANSFER if deadline.code == "transfer" else Kind.DEADLINE
    return Entry(
        key,
        deadline.in_year(year),
        kind,
        words,
        clause or deadline.law.clause,
        address,
        is_verified=deadline.law.is_verified,
    )


def _is_left_over(entry: Entry, year: int, today: date) -> bool:
    """Show what should have been done in an earlier year among this year's, until it is done."""
    return year == today.year and entry.day < today and entry.kind is not Kind.DEADLINE
