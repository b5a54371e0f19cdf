"""Three years of an office's retention, played with a turned clock: each refused step says why and by which clause."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest

from index.archive import Archive
from index.book import Book
from index.errors import NoSuchRecordError
from index.register.store.tables import BANGKOK
from index.retention.batch import (
    Answer,
    ArchiveAnswer,
    Batch,
    Committee,
    Member,
    Opinion,
    Stage,
    Verdict,
)
from index.retention.batches import PaperStep
from index.retention.certificate import Certificate, Fate, PaperPart, Statement
from index.retention.due_list import DueFilter, Which
from index.retention.eligibility import HoldKind
from index.retention.errors import StepRefusedError
from index.retention.loans import Borrower, Standing
from index.retention.next_step import NextStep, next_step
from index.retention.retention import Retention
from index.retention.steps import Appoint, Decide, Judge, RecordAnswer, Report, Send, Withdraw
from index.retention.transfers import Form
from index.visibility import Role, Viewer
from tests.destroying import MadeCopies, keep_with_files
from tests.retaining import KEEPER, LAW

RULE = LAW.committees["destruction"]
CHAIR, ANAN, BUSBA, CHAI = (
    Member("ประธาน", "ชำนาญการพิเศษ"),
    Member("อนันต์", "ชำนาญการ"),
    Member("บุษบา", "ชำนาญงาน"),
    Member("ชัย", "อาวุโส"),
)
DIRECTOR = "ผู้อำนวยการ"
ORDER = "คำสั่ง สพฐ. ที่ ๕/๒๕๗๙"
EXECUTOR = Viewer("สมปอง", frozenset({Role.RECORDS_OFFICER}))
DESTROY, FOR_GOOD = Opinion(Verdict.DESTROY), Opinion(Verdict.KEEP_FOR_GOOD, None, "มีคุณค่า")
UNTIL_2040 = Opinion(Verdict.KEEP_UNTIL, 2040, "ยังใช้อ้างอิง")


def on(year: int, month: int, day: int) -> datetime:
    """Nine in the morning of a day, in the office."""
    return datetime(year, month, day, 9, tzinfo=BANGKOK)


def refused(clause: str, says: str, step: Callable[[], object]) -> None:
    """The step is refused by this clause, saying this in English and something in Thai."""
    with pytest.raises(StepRefusedError, match=says) as told:
        step()
    assert told.value.clause == clause
    assert clause in told.value.thai


@dataclass(slots=True)
class Played:
    """The office of the play, its letters by a name, and its clock."""

    book: Book
    retention: Retention
    archive: Archive
    letters: dict[str, int]
    now: datetime

    def ids(self, names: str) -> list[int]:
        return [self.letters[one] for one in names.split()]

    def due(self) -> dict[str, bool]:
        """Return the names of what is due, each with whether it is free."""
        names = {letter_id: name for name, letter_id in self.letters.items()}
        rows = self.retention.surveys.survey(KEEPER, self.now.date(), due_only=True)
        return {names[row.letter.facts.letter_id]: row.eligibility.may_be_destroyed for row in rows}

    def propose(self, names: str) -> Batch:
        return self.retention.batches.propose(KEEPER, self.ids(names), now=self.now)

    def record(self, batch: Batch, *steps: PaperStep) -> Batch:
        return self.retention.batches.record(KEEPER, batch.batch_id, *steps, now=self.now)

    def next(self, batch: Batch) -> NextStep:
        return next_step(self.retention.batches.find(batch.batch_id), LAW)

    def execute(
        self, batch: Batch, who: Viewer = EXECUTOR, electronic_order: str = ""
    ) -> Certificate:
        paper = PaperPart(Fate.DESTROYED, "ย่อย", "ห้องคลัง", self.now.date())
        expire = self.now.date().replace(month=12)
        statement = Statement(("พยาน",), paper, expire, electronic_order)
        return self.retention.destruction.execute(
            who,
            batch.batch_id,
            statement,
            archive=self.archive,
            copies=MadeCopies(),
            now=self.now,
        )


@pytest.fixture
def played(book: Book, retention: Retention, tmp_path: Path) -> Iterator[Played]:
    """Letters of every class, written in January 2026, finished in years that matter."""
    archive, letters = Archive(tmp_path / "archive"), {}
    for name, code, finished in (
        ("a", "R10", date(2027, 3, 1)),
        ("b", "R10", date(2027, 12, 31)),
        ("copy", "R05", date(2027, 3, 1)),
        ("routine", "R01", date(2036, 12, 31)),
        ("money", "RF", date(2027, 3, 1)),
        ("audited", "RF", date(2032, 3, 1)),
        ("circular", "RSUP", date(2027, 3, 1)),
        ("history", "RPERM", date(2027, 3, 1)),
        ("court", "RLAW", date(2027, 3, 1)),
        ("leap", "R10", date(2028, 2, 29)),
        ("later", "R10", date(2029, 12, 31)),
        ("held", "R10", date(2027, 3, 1)),
    ):
        letters[name] = keep_with_files(
            book, retention, archive, tmp_path, name, code=code, finished=finished
        )
    records, then = retention.records, on(2037, 6, 1)
    records.note_audit(KEEPER, letters["audited"], date(2035, 5, 5), now=then, shorter=True)
    records.note_successor(KEEPER, letters["circular"], date(2030, 5, 5), now=then)
    records.place_hold(KEEPER, letters["held"], HoldKind.LEGAL, reason="คดี", now=then)
    yield Played(book, retention, archive, letters, on(2038, 1, 12))
    assert book.verify() == ()


def test_three_years(played: Played) -> None:
    first_year(played)
    second_year(played)
    third_year(played)


def first_year(played: Played) -> None:
    """Dissent, a borrowed letter, delegation missing, a late answer; one letter goes."""
    assert played.due() == {
        "a": True,
        "b": True,
        "copy": True,
        "routine": True,
        "money": True,
        "audited": True,
        "circular": True,
        "held": False,
    }
    for name, clause, says in (
        ("history", "ข้อ 57.3", "permanent"),
        ("court", "ข้อ 57.2", "other_law"),
        ("leap", "ข้อ 66", "not due"),
        ("held", "ข้อ 68.1", "hold_legal"),
    ):
        refused(clause, says, partial(played.propose, f"a {name}"))
    batch = played.propose("a b copy routine money audited circular")
    assert played.next(batch).due == date(2038, 3, 1)
    appoint_lawfully(played, batch)
    played.now = on(2038, 2, 1)
    judge_with_dissent(played, batch)
    decide_lawfully(played, batch)
    answer_late(played, batch)
    played.now = on(2038, 4, 27)
    refused("ข้อ 68.5", "cooling-off", lambda: played.execute(batch))
    played.now = on(2038, 4, 28)
    for name in (KEEPER.name, CHAIR.person, DIRECTOR):
        other = replace(EXECUTOR, name=name)
        refused("ข้อ 68.5", "executor cannot be", partial(played.execute, batch, other))
    certificate = played.execute(batch, electronic_order="คำสั่งที่ ๙/๒๕๘๑")
    assert [line.letter_id for line in certificate.lines] == played.ids("a")
    assert played.retention.batches.find(batch.batch_id).stage is Stage.DESTROYED


def appoint_lawfully(played: Played, batch: Batch) -> None:
    lawful = Committee("๑/๒๕๘๑", date(2038, 1, 12), CHAIR, (ANAN, BUSBA, CHAI))
    low = Member("ใหม่", "ปฏิบัติงาน")
    for committee, says in (
        (
            replace(lawful, members=(ANAN, Member(KEEPER.name, "ชำนาญการ"))),
            "the proposer cannot sit",
        ),
        (replace(lawful, members=(ANAN,)), "at least 2 members"),
        (replace(lawful, members=(ANAN, low)), "below the required one"),
        (replace(lawful, members=(ANAN, ANAN)), "named twice"),
        (replace(lawful, order_number=" "), "no number"),
    ):
        step = Appoint(committee, RULE)
        refused(RULE.law.clause, says, partial(played.record, batch, step))
    played.record(batch, Appoint(lawful, RULE))


def judge_with_dissent(played: Played, batch: Batch) -> None:
    """Two against two: the chair decides. What is borrowed meanwhile leaves the list."""
    borrower = Borrower("วิชัย", "กลุ่มแผน", Standing.INSIDE)
    (money,) = played.ids("money")
    played.retention.loans.lend(
        KEEPER, money, borrower, permitted_by="หัวหน้า", due_on=date(2038, 2, 20), now=played.now
    )
    refused(
        "ข้อ 68.1",
        "not on the list",
        lambda: played.record(batch, Judge(CHAIR.person, money, DESTROY)),
    )
    said = {
        "a": (DESTROY, DESTROY, DESTROY, FOR_GOOD),
        "b": (DESTROY, DESTROY, DESTROY, DESTROY),
        "copy": (DESTROY, FOR_GOOD, FOR_GOOD, DESTROY),
        "routine": (UNTIL_2040, DESTROY, DESTROY, UNTIL_2040),
        "audited": (DESTROY, DESTROY, DESTROY, DESTROY),
        "circular": (DESTROY, DESTROY, DESTROY, DESTROY),
    }
    people = (CHAIR, ANAN, BUSBA, CHAI)
    for name, opinions in said.items():
        for one, opinion in zip(people[:-1], opinions[:-1], strict=True):
            played.record(batch, Judge(one.person, played.letters[name], opinion))
    report = Report(CHAIR.person, played.now.date())
    refused("ข้อ 68.4", "not judged by every member", lambda: played.record(batch, report))
    stranger = Judge("คนอื่น", played.letters["a"], DESTROY)
    refused("ข้อ 68.1", "not on the committee", lambda: played.record(batch, stranger))
    no_year = Judge(CHAI.person, played.letters["a"], Opinion(Verdict.KEEP_UNTIL))
    refused("ข้อ 68.2", "needs a year", lambda: played.record(batch, no_year))
    last = [Judge(CHAI.person, played.letters[name], said[name][-1]) for name in said]
    after = played.record(batch, *last)
    verdicts = {name: after.verdict(played.letters[name]) for name in said}
    assert {name: one.verdict for name, one in verdicts.items() if one} == {
        "a": Verdict.DESTROY,
        "b": Verdict.DESTROY,
        "copy": Verdict.DESTROY,
        "routine": Verdict.KEEP_UNTIL,
        "audited": Verdict.DESTROY,
        "circular": Verdict.DESTROY,
    }
    assert set(after.dissent(played.letters["a"])) == {CHAI.person}
    assert set(after.dissent(played.letters["copy"])) == {ANAN.person, BUSBA.person}
    assert played.next(batch).code == "report"
    played.record(batch, report)


def decide_lawfully(played: Played, batch: Batch) -> None:
    today, withheld = played.now.date(), {played.letters["circular"]: "รอฉบับใหม่"}
    for person, order, says in (
        (DIRECTOR, "", "delegates this decision is missing"),
        (KEEPER.name, ORDER, "approver cannot be"),
        (ANAN.person, ORDER, "approver cannot be"),
    ):
        step = Decide(person, today, order, withheld)
        refused("ข้อ 69", says, partial(played.record, batch, step))
    played.record(batch, Decide(DIRECTOR, today, ORDER, withheld))
    refused("ข้อ 69.2", "no number", lambda: played.record(batch, Send("", today)))
    played.record(batch, Send("ศธ ๐๔๐๔๙/๙๙", today))


def answer_late(played: Played, batch: Batch) -> None:
    """Sixty days pass in silence, which is never consent; then the archives answer item by item."""
    played.now = on(2038, 4, 3)
    waiting = played.next(batch)
    assert (waiting.code, waiting.due, waiting.clause) == ("answer", date(2038, 4, 2), "ข้อ 70")
    assert waiting.is_late(played.now.date())
    entries = played.retention.calendar.year(KEEPER, 2038, today=played.now.date())
    (entry,) = (one for one in entries if one.key == f"batch-{batch.batch_id}-answer")
    assert entry.is_late(played.now.date())
    refused("ข้อ 70", "silence is never consent", lambda: played.execute(batch))
    early = ArchiveAnswer(Answer.AGREE, "วธ ๑", date(2038, 1, 31))
    step = RecordAnswer(played.letters["a"], early)
    refused("ข้อ 70", "before the list was sent", lambda: played.record(batch, step))
    played.now = on(2038, 4, 21)
    said = ArchiveAnswer(Answer.AGREE, "วธ ๐๔๐๔/๗", played.now.date())
    extend = replace(said, answer=Answer.EXTEND)
    no_year = RecordAnswer(played.letters["b"], extend)
    refused("ข้อ 70", "needs a year", lambda: played.record(batch, no_year))
    played.record(
        batch,
        RecordAnswer(played.letters["a"], said),
        RecordAnswer(played.letters["b"], replace(extend, extend_until_year=2040)),
        RecordAnswer(played.letters["copy"], replace(said, answer=Answer.FOR_GOOD)),
        RecordAnswer(played.letters["audited"], replace(said, answer=Answer.TRANSFER)),
    )
    step_now = played.next(batch)
    assert (step_now.code, step_now.not_before) == ("execute", date(2038, 4, 28))


def second_year(played: Played) -> None:
    """What was kept longer stays away; the archives refuse everything; nothing goes."""
    played.now = on(2039, 1, 10)
    assert played.due() == {
        "money": False,
        "circular": True,
        "leap": True,
        "held": False,
        "audited": False,
    }
    (overdue,) = played.retention.loans.overdue(KEEPER, played.now.date())
    assert overdue.letter_id == played.letters["money"]
    refused("ข้อ 68.1", "hold_borrowed", lambda: played.propose("money"))
    refused("ข้อ 68.1", "hold_twenty_years", lambda: played.propose("audited"))
    with pytest.raises(StepRefusedError, match="destroyed"):
        played.propose("a")
    batch = played.propose("circular leap")
    agree_but_for_the_archives(played, batch, Answer.EXTEND)
    played.now = on(2039, 1, 20)
    refused("ข้อ 70", "no item is approved", lambda: played.execute(batch))
    assert played.next(batch).code == "withdraw"
    close(played, batch)
    refused("ข้อ 69.1", "is not withdrawn", lambda: close(played, batch))
    assert played.due().keys() == {"money", "held", "audited"}
    played.retention.loans.take_back(
        KEEPER, played.letters["money"], returned_by="วิชัย", now=played.now
    )
    with pytest.raises(NoSuchRecordError):
        played.retention.loans.take_back(
            KEEPER, played.letters["money"], returned_by="วิชัย", now=played.now
        )


def close(played: Played, batch: Batch) -> None:
    played.record(batch, Withdraw(KEEPER.name, "หอจดหมายเหตุไม่เห็นชอบ"))


def agree_but_for_the_archives(played: Played, batch: Batch, answer: Answer) -> None:
    """Committee and head give the whole list up; the archives answer for all of it."""
    today = played.now.date()
    committee = Committee("๒", today, CHAIR, (ANAN, BUSBA))
    said = ArchiveAnswer(answer, "วธ ๒", today, 2045 if answer is Answer.EXTEND else None)
    played.record(
        batch,
        Appoint(committee, RULE),
        *(Judge(one.person, item, DESTROY) for item in batch.items for one in committee.everyone),
        Report(CHAIR.person, today),
        Decide(DIRECTOR, today, ORDER, {}),
        Send("ศธ ๒", today),
        *(RecordAnswer(item, said) for item in batch.items),
    )


def third_year(played: Played) -> None:
    """A leap year: the list is due on 29 February. One letter is held the day before execution."""
    played.now = on(2040, 1, 9)
    assert LAW.deadlines["survey"].in_year(2040) == date(2040, 2, 29)
    records, (held,) = played.retention.records, played.ids("held")
    records.release_hold(KEEPER, held, HoldKind.LEGAL, reason="คดีถึงที่สุด", now=played.now)
    assert played.due() == {"money": True, "later": True, "held": True, "audited": False}
    batch = played.propose("money later held")
    assert played.next(batch).due == date(2040, 2, 29)
    played.now = on(2040, 2, 29)
    agree_but_for_the_archives(played, batch, Answer.AGREE)
    played.now = on(2040, 3, 7)
    (later,) = played.ids("later")
    records.place_hold(KEEPER, later, HoldKind.AUDIT, reason="สตง.", now=played.now)
    assert set(played.retention.batches.find(batch.batch_id).items) == set(played.ids("money held"))
    certificate = played.execute(batch)
    assert {line.letter_id for line in certificate.lines} == set(played.ids("money held"))
    refused("ข้อ 70", "this step needs it", lambda: played.execute(batch))
    hand_over(played)
    played.now = on(2041, 1, 5)
    papers_gone = {"money": True, "held": True}  # their electronic copies are still there
    assert played.due() == {
        "b": True,
        "routine": True,
        "later": False,
        "audited": False,
        **papers_gone,
    }
    free = DueFilter(Which.ELECTRONIC)
    rows = played.retention.due_list.page(KEEPER, played.now.date(), free, limit=9)
    assert [row.letter.facts.letter_id for row in rows] == sorted(played.ids("money held"))
    refused("ข้อ 57.3", "permanent", lambda: played.propose("copy"))


def hand_over(played: Played) -> None:
    """What the archives asked for goes to them with form 21, long before it is twenty."""
    transfers = played.retention.transfers
    (wanted,) = transfers.candidates(KEEPER, 2040)
    assert wanted.facts.letter_id == played.letters["audited"]
    made = transfers.prepare(
        KEEPER, Form.HAND_OVER, [wanted.facts.letter_id], year=2040, now=played.now
    )
    transfers.send(KEEPER, made.code, "ศธ ๓", played.now.date(), now=played.now)
    transfers.receive(KEEPER, made.code, "เจ้าหน้าที่", played.now.date(), now=played.now)
    assert transfers.candidates(KEEPER, 2041) == []
