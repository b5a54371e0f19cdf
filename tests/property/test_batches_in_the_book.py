"""Whatever people do in whatever order, an open batch holds only letters that may go, each in one batch."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from index.book import Book
from index.errors import NoSuchRecordError
from index.retention.batch import Batch
from index.retention.eligibility import HoldKind
from index.retention.errors import StepRefusedError
from index.retention.loans import Borrower, Standing
from index.retention.records import PLACED_BY_PEOPLE
from index.retention.steps import Withdraw
from tests.retaining import JANUARY, KEEPER, LAW, keep_finished, paper_steps

LETTERS = (1, 2, 3, 4)
letters = st.sampled_from(LETTERS)
kinds = st.sampled_from(PLACED_BY_PEOPLE)
PLAN = Borrower("วิชัย", "กลุ่มแผน", Standing.INSIDE)


class Keeping(RuleBasedStateMachine):
    """Propose, hold, lend, change classes, take steps; what is refused must change nothing."""

    @initialize()
    def open_book(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="saraban-batches-"))
        self.book = Book.open(f"sqlite:///{self.folder}/saraban.db")
        self.retention = self.book.retention(LAW)
        self.now = JANUARY + timedelta(days=60)
        for key in LETTERS:
            keep_finished(self.book, self.retention, key)

    def open_batches(self) -> list[Batch]:
        found = (
            self.retention.batches.find(one.batch_id) for one in self.retention.batches.lines()
        )
        return [batch for batch in found if batch.is_open]

    @rule(wanted=st.lists(letters, min_size=1, max_size=4))
    def propose(self, wanted: list[int]) -> None:
        due = self.retention.surveys.survey(KEEPER, self.now.date())
        free = {row.letter.facts.letter_id for row in due if row.eligibility.may_be_destroyed}
        try:
            batch = self.retention.batches.propose(KEEPER, wanted, now=self.now)
        except StepRefusedError:
            assert not set(wanted) <= free
        else:
            assert set(wanted) <= free
            assert set(batch.items) == set(wanted)

    @rule(letter=letters, kind=kinds)
    def hold(self, letter: int, kind: HoldKind) -> None:
        self.retention.records.place_hold(KEEPER, letter, kind, reason="คดี", now=self.now)

    @rule(letter=letters, kind=kinds)
    def release(self, letter: int, kind: HoldKind) -> None:
        try:
            self.retention.records.release_hold(KEEPER, letter, kind, reason="พ้นแล้ว", now=self.now)
        except NoSuchRecordError:
            return

    @rule(letter=letters)
    def lend_or_take_back(self, letter: int) -> None:
        loans, due_on = self.retention.loans, self.now.date()
        try:
            loans.lend(KEEPER, letter, PLAN, permitted_by="หัวหน้า", due_on=due_on, now=self.now)
        except StepRefusedError:
            loans.take_back(KEEPER, letter, returned_by="", now=self.now)

    @rule(letter=letters, code=st.sampled_from(["R10", "R05", "RPERM", "RLAW"]))
    def change_class(self, letter: int, code: str) -> None:
        self.retention.records.change_class(
            KEEPER, letter, code, reason="ทบทวน", now=self.now, shorter=True
        )

    @rule(letter=letters)
    def reopen_and_finish(self, letter: int) -> None:
        self.retention.records.reopen(KEEPER, letter, now=self.now)
        self.retention.records.finish(KEEPER, letter, JANUARY.date().replace(2027), now=self.now)

    @rule(count=st.integers(1, 30), withdrawn=st.booleans())
    def move_on(self, count: int, *, withdrawn: bool) -> None:
        for batch in self.open_batches()[:1]:
            steps = paper_steps(list(batch.items))[:count]
            if withdrawn:
                steps = [Withdraw(KEEPER.name, "จัดทำใหม่")]
            try:
                self.retention.batches.record(KEEPER, batch.batch_id, *steps, now=self.now)
            except StepRefusedError:
                assert self.retention.batches.find(batch.batch_id) == batch

    @invariant()
    def an_open_batch_holds_only_what_may_go(self) -> None:
        items: list[int] = []
        for batch in self.open_batches():
            rows = self.retention.batches.rows(KEEPER, batch.batch_id, self.now.date())
            assert [row.letter.facts.letter_id for row in rows] == list(batch.items)
            assert all(row.eligibility.may_be_destroyed for row in rows)
            items += batch.items
        assert len(items) == len(set(items))

    def teardown(self) -> None:
        assert self.book.verify() == ()
        self.book.close()
        shutil.rmtree(self.folder)


TestKeeping = Keeping.TestCase
TestKeeping.settings = settings(max_examples=12, stateful_step_count=20, deadline=None)
