"""Whatever two clerks change and take back in whatever order, a letter is what the standing changes make it."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from classify.letter import ReviewReason
from index.book import Book
from index.choices import OPEN_STEPS, Step
from index.errors import LetterChangedError, UndoRefusedError
from index.registered_letter import RegisteredLetter
from index.visibility import Viewer
from tests.keeping import CLERK, DOUBTFUL_NUMBER, NOW, file_one, make_filing

CLERKS = (CLERK, replace(CLERK, name="สมหญิง"))
DATE_DOUBT = ReviewReason("date", "future", "วันที่ในอนาคต", "in the future")
WHO = st.sampled_from(CLERKS)
STEPS = [step for step in Step if step is not Step.UNDONE]  # which undo writes
GROUPS = st.sampled_from(["plan", "hr", "legal"])


@cache
def empty_book() -> bytes:
    """Making the tables takes longer than the play on them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "saraban.db"
        Book.open(f"sqlite:///{path}").close()
        return path.read_bytes()


class Desk(RuleBasedStateMachine):
    """One letter; the model is a stack of who changed it and what it was before."""

    @initialize()
    def open_the_book(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        (self.folder / "saraban.db").write_bytes(empty_book())
        self.book = Book.open(f"sqlite:///{self.folder}/saraban.db")
        file_one(self.book, 1, make_filing(review=(DOUBTFUL_NUMBER, DATE_DOUBT)))
        self.standing: list[tuple[Viewer, RegisteredLetter]] = []
        self.before = self.look()

    def teardown(self) -> None:
        self.book.close()
        shutil.rmtree(self.folder)

    def look(self) -> RegisteredLetter:
        letter = self.book.letters.by_id(CLERK, 1)
        assert letter is not None
        return letter

    def note(self, who: Viewer) -> None:
        """Put a change on the stack, if there was one."""
        now = self.look()
        if now.revision != self.before.revision:
            self.standing.append((who, self.before))
            self.before = now

    @rule(who=WHO, field=st.sampled_from(["number", "subject"]), value=st.sampled_from("กขค"))
    def correct(self, who: Viewer, field: str, value: str) -> None:
        self.book.desk.correct(who, 1, field, value, now=NOW)
        self.note(who)

    @rule(who=WHO)
    def confirm(self, who: Viewer) -> None:
        self.book.desk.confirm_all(who, 1, now=NOW)
        self.note(who)

    @rule(who=WHO, step=st.sampled_from(STEPS), group=GROUPS)
    def move(self, who: Viewer, step: Step, group: str) -> None:
        now = self.look()
        with_a_group = now.step in OPEN_STEPS and now.group == group
        repeated = with_a_group if step is Step.ROUTED else now.step == step
        if repeated and step in (Step.ROUTED, Step.DONE, Step.RETURNED):
            with pytest.raises(LetterChangedError):
                self.book.desk.move(who, 1, step, group=group, now=NOW)
            return
        self.book.desk.move(who, 1, step, group=group, now=NOW)
        self.note(who)

    @rule(who=WHO, groups=st.sets(GROUPS))
    def copy(self, who: Viewer, groups: set[str]) -> None:
        self.book.desk.set_copies(who, 1, tuple(groups), now=NOW)
        self.note(who)

    @rule(who=WHO)
    def undo(self, who: Viewer) -> None:
        if not self.standing or self.standing[-1][0] != who:
            with pytest.raises(UndoRefusedError):
                self.book.desk.undo(who, 1, now=NOW)
            return
        _, expected = self.standing.pop()
        after = self.book.desk.undo(who, 1, now=NOW)
        assert replace(after, revision=0) == replace(expected, revision=0)
        self.before = after

    @invariant()
    def the_book_proves_itself(self) -> None:
        assert self.book.verify() == ()


TestDesk = Desk.TestCase
TestDesk.settings = settings(
    max_examples=10,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
