"""Whatever people do in whatever order: only what is due, free and given up by all three is destroyed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from index.archive import Archive, Shelf
from index.book import Book
from index.check import check_archive
from index.choices import BookName, Step
from index.errors import (
    LetterChangedError,
    LetterDestroyedError,
    NoSuchRecordError,
    UndoRefusedError,
)
from index.register.store.tables import BANGKOK
from index.retention.batch import Answer, Batch, Opinion, Stage, Verdict
from index.retention.certificate import Fate, Statement
from index.retention.eligibility import HoldKind
from index.retention.errors import NotGoneYetError, RetentionError, StepRefusedError
from index.retention.loans import Borrower, Standing
from index.retention.records import PLACED_BY_PEOPLE
from index.retention.steps import Judge, RecordAnswer
from index.visibility import Role, Viewer
from tests.destroying import (
    EXECUTOR,
    STATEMENT,
    MadeCopies,
    has_ended,
    keep_sent_with_files,
    keep_with_files,
)
from tests.keeping import CLERK
from tests.retaining import KEEPER, LAW, paper_steps

RECEIVED = (1, 2, 3, 4)
SENT = (-1, -2)  # a letter that is due, and an order that is kept for good
LETTERS = (*RECEIVED, *SENT)
letters = st.sampled_from(LETTERS)
received = st.sampled_from(RECEIVED)
kinds = st.sampled_from(PLACED_BY_PEOPLE)
PLAN = Borrower("วิชัย", "กลุ่มแผน", Standing.INSIDE)
PEOPLE = ("สมปอง", "สมปอง", "สมปอง", "พิมพ์ใจ", "ผู้อำนวยการ", "อนันต์")


class PowerFailedError(Exception):
    """The machine stops in the middle."""


class FragileArchive(Archive):
    """An archive whose machine stops after some removals."""

    removals_left = 10**9

    def remove(self, sha256: str, shelf: Shelf) -> int:
        if self.removals_left == 0:
            raise PowerFailedError
        self.removals_left -= 1
        return super().remove(sha256, shelf)


class Destroying(RuleBasedStateMachine):
    """Hold, lend, reclassify, propose, decide and destroy; the power may fail at any removal.

    No file is without a row, no end of a letter without evidence.
    """

    @initialize()
    def open_book(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="saraban-destroying-"))
        shutil.copytree(_prepared(), self.folder, dirs_exist_ok=True)
        self.archive = FragileArchive(self.folder / "archive")
        self.book = Book.open(f"sqlite:///{self.folder}/saraban.db")
        self.retention = self.book.retention(LAW)
        self.now = datetime(2038, 3, 15, 10, 0, tzinfo=BANGKOK)
        self.copies = MadeCopies(set(LETTERS))
        # What the test knows by itself, to compare with.
        self.held: set[tuple[int, HoldKind]] = set()
        self.lent: set[int] = set()
        self.permanent: set[int] = {3, -2}
        self.finished = {
            1: 2027,
            2: 2027,
            3: 2027,
            4: 2037,
            -1: 2027,
            -2: 2027,
        }  # 0 while it is worked on
        self.steps: dict[int, list[int]] = {letter: [] for letter in LETTERS}
        self.given_up: set[int] = set()
        self.gone: set[int] = set()

    def untouchable(self) -> set[int]:
        held = {letter for letter, _ in self.held}
        not_due = {letter for letter, year in self.finished.items() if not 0 < year <= 2027}
        return held | self.lent | self.permanent | not_due

    def batches(self) -> list[Batch]:
        lines = self.retention.batches.lines()
        return [self.retention.batches.find(one.batch_id) for one in lines]

    @contextmanager
    def refusable(self) -> Iterator[None]:
        try:
            yield
        except StepRefusedError as refused:
            assert refused.clause

    @rule(letter=letters, kind=kinds)
    def hold(self, letter: int, kind: HoldKind) -> None:
        with self.refusable():
            self.retention.records.place_hold(KEEPER, letter, kind, reason="คดี", now=self.now)
            self.held.add((letter, kind))

    @rule(letter=letters, kind=kinds)
    def release(self, letter: int, kind: HoldKind) -> None:
        with self.refusable():
            try:
                self.retention.records.release_hold(
                    KEEPER, letter, kind, reason="พ้นแล้ว", now=self.now
                )
            except NoSuchRecordError:
                return
            self.held.discard((letter, kind))

    @rule(letter=letters)
    def lend_or_take_back(self, letter: int) -> None:
        loans, due_on = self.retention.loans, self.now.date()
        with self.refusable():
            if letter in self.lent:
                loans.take_back(KEEPER, letter, returned_by="", now=self.now)
                self.lent.discard(letter)
            else:
                loans.lend(KEEPER, letter, PLAN, permitted_by="หัวหน้า", due_on=due_on, now=self.now)
                self.lent.add(letter)

    @rule(letter=letters, code=st.sampled_from(["R10", "R05", "RPERM"]))
    def change_class(self, letter: int, code: str) -> None:
        with self.refusable():
            self.retention.records.change_class(
                KEEPER, letter, code, reason="ทบทวน", now=self.now, shorter=True
            )
            self.permanent.discard(letter)
            if code == "RPERM":
                self.permanent.add(letter)

    @rule(letter=received, step=st.sampled_from([Step.ROUTED, Step.TAKEN, Step.DONE, Step.DONE]))
    def work_on(self, letter: int, step: Step) -> None:
        """A group works on a letter again, or says that it is done."""
        with self.refusable():
            try:
                self.book.desk.move(CLERK, letter, step, now=self.now)
            except (LetterChangedError, LetterDestroyedError):
                return  # the letter stands there already, twice is once; or it is no more
            self.steps[letter].append(self.finished[letter])
            again = self.finished[letter] or self.now.year
            self.finished[letter] = again if step is Step.DONE else 0

    @rule(letter=received)
    def undo_step(self, letter: int) -> None:
        with self.refusable():
            try:
                self.book.desk.undo(CLERK, letter, now=self.now)
            except (UndoRefusedError, LetterDestroyedError):
                return
            self.finished[letter] = self.steps[letter].pop()

    @rule(wanted=st.lists(letters, min_size=1, max_size=4, unique=True))
    def propose(self, wanted: list[int]) -> None:
        with self.refusable():
            self.retention.batches.propose(KEEPER, wanted, now=self.now)
            assert not set(wanted) & self.untouchable()

    @rule(
        count=st.integers(1, 40),
        kept=letters,
        answer=st.sampled_from([Answer.AGREE] * 3 + list(Answer)),
    )
    def move_on(self, count: int, kept: int, answer: Answer) -> None:
        """Take lawful steps; one letter may be judged otherwise, or answered otherwise."""
        for batch in self.batches():
            if batch.stage is Stage.PROPOSED:
                steps = [
                    replace(one, opinion=Opinion(Verdict.KEEP_UNTIL, 2050))
                    if isinstance(one, Judge) and one.letter_id == kept and count % 7 == 0
                    else replace(one, answer=replace(one.answer, answer=answer))
                    if isinstance(one, RecordAnswer) and one.letter_id == kept
                    else one
                    for one in paper_steps(list(batch.items))
                ]
                with self.refusable():
                    self.retention.batches.record(
                        KEEPER, batch.batch_id, *steps[: 2 * count], now=self.now
                    )

    @rule(
        person=st.sampled_from(PEOPLE),
        removals=st.sampled_from([0, 1, 2, 3, 10**9, 10**9, 10**9]),
        fate=st.sampled_from([Fate.DESTROYED, Fate.DESTROYED, Fate.KEPT]),
        order=st.sampled_from(["คำสั่งที่ ๙/๒๕๘๑", "คำสั่งที่ ๙/๒๕๘๑", ""]),
        witnesses=st.sampled_from([("พยาน",), ("พยาน",), (), ("สมปอง",)]),
    )
    def execute(
        self, person: str, removals: int, fate: Fate, order: str, witnesses: tuple[str, ...]
    ) -> None:
        statement = replace(
            STATEMENT,
            witnesses=witnesses,
            electronic_order=order,
            paper=replace(STATEMENT.paper, fate=fate),
        )
        for batch in self.batches():
            self.carry_out(batch, person, statement, removals)

    def carry_out(self, batch: Batch, person: str, statement: Statement, removals: int) -> None:
        before, self.archive.removals_left = batch.stage, removals
        approved = {
            letter
            for letter in batch.items
            if batch.committee is not None
            and all(
                batch.opinions.get((letter, name), Opinion(Verdict.KEEP_FOR_GOOD)).verdict
                is Verdict.DESTROY
                for name in batch.committee.names
            )
            and batch.decided_on is not None
            and letter in batch.answers
            and batch.answers[letter].answer is Answer.AGREE
        }
        lawful = approved - self.untouchable() - self.gone
        viewer = Viewer(person, frozenset({Role.RECORDS_OFFICER}))
        try:
            self.retention.destruction.execute(
                viewer,
                batch.batch_id,
                statement,
                archive=self.archive,
                copies=self.copies,
                now=self.now,
            )
        except StepRefusedError as refused:
            assert refused.clause
            assert self.batch_now(batch).stage is before
        except PowerFailedError:
            pass
        after = self.batch_now(batch)
        if before is Stage.SENT and after.stage is not Stage.SENT:
            assert person == EXECUTOR.name
            assert witnesses_are_others(statement, person)
            self.given_up |= lawful
            assert after.approved_by_all_three <= lawful
        self.archive.removals_left = 10**9

    def batch_now(self, batch: Batch) -> Batch:
        return self.retention.batches.find(batch.batch_id)

    @rule(person=st.sampled_from(PEOPLE), removals=st.sampled_from([0, 1, 10**9, 10**9]))
    def resume(self, person: str, removals: int) -> None:
        viewer = Viewer(person, frozenset({Role.RECORDS_OFFICER}))
        self.archive.removals_left = removals
        for batch_id in self.retention.destruction.unfinished():
            try:
                self.retention.destruction.resume(
                    viewer, batch_id, archive=self.archive, copies=self.copies, now=self.now
                )
            except (StepRefusedError, NotGoneYetError, PowerFailedError) as stopped:
                assert isinstance(stopped, (PowerFailedError, RetentionError))
        self.archive.removals_left = 10**9

    @rule()
    def roll_back(self) -> None:
        for batch_id in self.retention.destruction.unfinished():
            self.retention.destruction.roll_back(
                EXECUTOR, batch_id, archive=self.archive, now=self.now
            )

    @rule(removals=st.sampled_from([0, 1, 2, 3, 10**9, 10**9]))
    def go_on_lawfully(self, removals: int) -> None:
        """Take the step that is due, so that most runs come as far as the fire."""
        stages = {batch.stage: batch for batch in self.batches()}
        if Stage.SENT in stages:
            self.carry_out(stages[Stage.SENT], EXECUTOR.name, STATEMENT, removals)
        elif Stage.EXECUTING in stages:
            self.resume(EXECUTOR.name, removals)
        elif Stage.PROPOSED in stages:
            self.move_on(40, 0, Answer.AGREE)
        else:
            free = sorted({1, 2, 3, -1, -2} - self.untouchable() - self.gone)
            self.propose(free[:3])

    @rule(days=st.integers(0, 200))
    def let_time_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    @invariant()
    def only_lawful_letters_went(self) -> None:
        gone = {letter for letter in LETTERS if has_ended(self.book, letter)}
        new = gone - self.gone
        assert new <= self.given_up
        assert not new & self.untouchable()
        self.gone = gone

    @invariant()
    def files_and_rows_agree(self) -> None:
        begun = set(self.retention.destruction.unfinished())
        problems = [*self.book.verify(), *check_archive(self.book, self.archive)]
        assert begun or not problems, problems

    def teardown(self) -> None:
        self.book.close()
        shutil.rmtree(self.folder)


def witnesses_are_others(statement: Statement, person: str) -> bool:
    return bool(statement.witnesses) and person not in statement.witnesses


_FOLDERS: list[tempfile.TemporaryDirectory[str]] = []


def _prepared() -> Path:
    """Make the office once: of four letters two are due, one is for good, one not due; of two sent one is due."""
    if not _FOLDERS:
        _FOLDERS.append(tempfile.TemporaryDirectory(prefix="saraban-template-"))
        folder = Path(_FOLDERS[0].name)
        archive = Archive(folder / "archive")
        with Book.open(f"sqlite:///{folder}/saraban.db") as book:
            retention = book.retention(LAW)
            for key in LETTERS:
                keep_with_files(
                    book,
                    retention,
                    archive,
                    folder,
                    key,
                    code="RPERM" if key == 3 else "R10",
                    finished=STATEMENT.backups_expire_on.replace(year=2037 if key == 4 else 2027),
                    same_pdf=key < 3,
                )
            for name, to, code in (
                ("sent", BookName.SEND, "R10"),
                ("order", BookName.ORDER, "RPERM"),
            ):
                keep_sent_with_files(
                    book,
                    retention,
                    archive,
                    folder,
                    name,
                    to=to,
                    code=code,
                    copies=2,
                    content=b"scan of 1" if name == "sent" else b"",
                )
    return Path(_FOLDERS[0].name)


TestDestroying = Destroying.TestCase
TestDestroying.settings = settings(max_examples=10, stateful_step_count=25, deadline=None)
