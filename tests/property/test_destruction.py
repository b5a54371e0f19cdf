"""No sequence of actions destroys a letter that is held, permanent, not due, or not given up by all three."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

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
from index.retention.eligibility import Hold, HoldKind, LetterFacts, judge
from index.retention.errors import StepRefusedError
from index.retention.law import load_law
from index.retention.schedule import Clock
from index.retention.steps import (
    Appoint,
    BeginExecution,
    Decide,
    FinishExecution,
    Judge,
    RecordAnswer,
    Report,
    Send,
    Step,
    TakeOut,
    Withdraw,
    take,
)

LAW = load_law()
PEOPLE = [f"คนที่ {number}" for number in range(1, 8)]
LETTERS = (1, 2, 3)
people = st.sampled_from(PEOPLE)
letters = st.sampled_from(LETTERS)
verdicts = st.builds(Opinion, st.sampled_from(Verdict), st.none() | st.integers(2020, 2040))
classes = st.sampled_from(["R01"] * 6 + ["R10", "RPERM", "RLAW", "RSEC", "RSUP", "RF"])


class Destruction(RuleBasedStateMachine):
    """Play any steps in any order, by anybody, on any day; whatever burns must have been lawful."""

    def __init__(self) -> None:
        super().__init__()
        self.today = date(2027, 1, 4)
        self.batch = Batch("b", 2027, PEOPLE[0], self.today, LETTERS)
        self.facts: dict[int, LetterFacts] = {}
        self.lawful_at_start: set[int] = set()

    @initialize(
        rows=st.tuples(*[st.tuples(classes, st.dates(date(2005, 1, 1), date(2026, 12, 31)))] * 3)
    )
    def register_letters(self, rows: tuple[tuple[str, date], ...]) -> None:
        for letter_id, (code, finished) in zip(LETTERS, rows, strict=True):
            self.facts[letter_id] = LetterFacts(letter_id, code, Clock(finished), is_secret=False)

    def attempt(self, step: Step) -> None:
        before = self.batch
        try:
            self.batch = take(self.batch, step)
        except StepRefusedError as refused:
            assert refused.clause
            assert self.batch is before

    @rule(days=st.integers(0, 120))
    def let_time_pass(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(letter=letters, kind=st.sampled_from(HoldKind))
    def hold(self, letter: int, kind: HoldKind) -> None:
        held = Hold(kind, "ทดสอบ", PEOPLE[6], self.today)
        self.facts[letter] = replace(self.facts[letter], holds=(*self.facts[letter].holds, held))

    @rule(chair=people, members=st.lists(people, max_size=4), order=st.sampled_from(["", "๑/๒๕๗๐"]))
    def appoint(self, chair: str, members: list[str], order: str) -> None:
        seated = tuple(Member(name, "ชำนาญการ") for name in members)
        committee = Committee(order, self.today, Member(chair, "ชำนาญการ"), seated)
        self.attempt(Appoint(committee, LAW.committees["destruction"]))

    @rule(executor=st.sampled_from([PEOPLE[5]] * 4 + PEOPLE))
    def go_on_lawfully(self, executor: str) -> None:
        """Take the step that is due, so that most runs come as far as the fire."""
        match self.batch.stage:
            case Stage.PROPOSED:
                chair, first, second = (Member(name, "ชำนาญการ") for name in PEOPLE[1:4])
                committee = Committee("๑/๒๕๗๐", self.today, chair, (first, second))
                self.attempt(Appoint(committee, LAW.committees["destruction"]))
            case Stage.APPOINTED:
                self.everybody_judges(Opinion(Verdict.DESTROY))
                self.attempt(Report(PEOPLE[1], self.today))
            case Stage.REPORTED:
                self.attempt(Decide(PEOPLE[4], self.today, "๕/๒๕๖๙", {}))
            case Stage.DECIDED:
                self.attempt(Send("ศธ ๐๔๐๔๙/๑", self.today))
            case Stage.SENT if self.batch.unanswered:
                self.record_answer_to(min(self.batch.unanswered), Answer.AGREE)
            case Stage.SENT:
                self.today += timedelta(days=8)
                self.begin_by(executor)
            case _:
                self.attempt(FinishExecution(self.batch.approved_by_all_three))

    def everybody_judges(self, opinion: Opinion) -> None:
        for name in self.batch.committee.names if self.batch.committee else ():
            for letter in LETTERS:
                if (letter, name) not in self.batch.opinions:
                    self.attempt(Judge(name, letter, opinion))

    def record_answer_to(self, letter: int, kind: Answer) -> None:
        self.attempt(RecordAnswer(letter, ArchiveAnswer(kind, "วธ ๑", self.today, 2040)))

    def begin_by(self, person: str) -> None:
        eligible = {
            letter
            for letter, facts in self.facts.items()
            if judge(facts, LAW, self.today).may_be_destroyed
        }
        was = self.batch.stage
        self.attempt(BeginExecution(person, self.today, eligible))
        if was is not Stage.EXECUTING and self.batch.stage is Stage.EXECUTING:
            self.lawful_at_start = eligible

    @rule(person=people, letter=letters, opinion=verdicts)
    def judge(self, person: str, letter: int, opinion: Opinion) -> None:
        self.attempt(Judge(person, letter, opinion))

    @rule(person=people)
    def report(self, person: str) -> None:
        self.attempt(Report(person, self.today))

    @rule(person=people, order=st.sampled_from(["", "๕/๒๕๖๙"]), letter=letters)
    def decide(self, person: str, order: str, letter: int) -> None:
        self.attempt(Decide(person, self.today, order, {letter: "รอ"} if order else {}))

    @rule(letter=letters, kind=st.sampled_from(Answer))
    def record_answer(self, letter: int, kind: Answer) -> None:
        self.record_answer_to(letter, kind)

    @rule(person=people)
    def begin(self, person: str) -> None:
        self.begin_by(person)

    @rule(destroyed=st.frozensets(letters))
    def finish(self, destroyed: frozenset[int]) -> None:
        self.attempt(FinishExecution(destroyed))

    @rule(letter=letters, reason=st.sampled_from(["", "คดี", "ถูกยืม"]))
    def take_out(self, letter: int, reason: str) -> None:
        self.attempt(TakeOut(letter, reason))

    @rule(person=people)
    def withdraw(self, person: str) -> None:
        self.attempt(Withdraw(person, ""))

    @invariant()
    def only_lawful_letters_burn(self) -> None:
        batch = self.batch
        for letter in batch.executed:
            assert letter in self.lawful_at_start
            assert letter in batch.items
            assert letter not in batch.withheld
            assert batch.answers[letter].answer is Answer.AGREE
            said = [batch.opinions[letter, one].verdict for one in batch.committee.names]  # type: ignore[union-attr]
            assert 2 * said.count(Verdict.DESTROY) >= len(said)

    @invariant()
    def no_person_has_two_parts(self) -> None:
        batch = self.batch
        if batch.executor:
            assert batch.committee is not None
            parts = [batch.proposer, batch.approver, batch.executor, *batch.committee.names]
            assert len(parts) == len(set(parts))


TestDestruction = Destruction.TestCase
TestDestruction.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
