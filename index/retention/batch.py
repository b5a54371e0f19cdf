"""A destruction batch: the list of ข้อ 66, the people of ข้อ 67, and what each of them said.

A batch is never edited: it is what its steps, replayed in order, make of it (`steps.take`). The steps are
the evidence that is kept for good; this module only holds what they add up to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Verdict(StrEnum):
    """What a committee member writes in การพิจารณา (ข้อ 68.2, 68.3)."""

    DESTROY = "destroy"  # กากบาท
    KEEP_UNTIL = "keep_until"
    KEEP_FOR_GOOD = "keep_for_good"


class Answer(StrEnum):
    """What the National Archives say of an item (ข้อ 70)."""

    AGREE = "agree"
    EXTEND = "extend"
    FOR_GOOD = "for_good"
    TRANSFER = "transfer"


class Stage(StrEnum):
    """How far a batch has come; each step asks for the one before."""

    PROPOSED = "proposed"
    APPOINTED = "appointed"
    REPORTED = "reported"
    DECIDED = "decided"
    SENT = "sent"
    EXECUTING = "executing"
    DESTROYED = "destroyed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Member:
    """A committee member by name and grade (ระดับ)."""

    person: str
    grade: str


@dataclass(frozen=True, slots=True)
class Committee:
    """The committee as appointed by an order."""

    order_number: str
    ordered_on: date
    chair: Member
    members: tuple[Member, ...]

    @property
    def everyone(self) -> tuple[Member, ...]:
        """The chair first, then the members."""
        return (self.chair, *self.members)

    @property
    def names(self) -> frozenset[str]:
        """Everyone's name."""
        return frozenset(member.person for member in self.everyone)


@dataclass(frozen=True, slots=True)
class Opinion:
    """One member's verdict on one item; `keep_until_year` is Gregorian, for KEEP_UNTIL only."""

    verdict: Verdict
    keep_until_year: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ArchiveAnswer:
    """The archives' word on one item, with the number and date of their letter."""

    answer: Answer
    letter_number: str
    answered_on: date
    extend_until_year: int | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What the steps so far add up to. Letter ids are the register's."""

    batch_id: str
    year: int
    proposer: str
    proposed_on: date
    items: tuple[int, ...]
    stage: Stage = Stage.PROPOSED
    committee: Committee | None = None
    opinions: Mapping[tuple[int, str], Opinion] = field(default_factory=dict)
    reported_on: date | None = None
    approver: str = ""
    delegation_order: str = ""
    decided_on: date | None = None
    withheld: Mapping[int, str] = field(default_factory=dict)
    sent_on: date | None = None
    sent_number: str = ""
    answers: Mapping[int, ArchiveAnswer] = field(default_factory=dict)
    executor: str = ""
    executed: frozenset[int] = frozenset()

    @property
    def is_open(self) -> bool:
        """Tell whether the batch still holds its letters."""
        return self.stage not in (Stage.DESTROYED, Stage.WITHDRAWN)

    def verdict(self, letter_id: int) -> Opinion | None:
        """Return the committee's verdict by majority, None while somebody has not judged.

        Destruction needs more than half of the votes, or exactly half with the chair among them.
        Otherwise the item is kept: for good when that has more votes than a later year or as many,
        else until the latest year anybody named. The longer keeping wins every doubt.
        """
        if self.committee is None:
            return None
        voices = {name: self.opinions.get((letter_id, name)) for name in self.committee.names}
        given = {name: opinion for name, opinion in voices.items() if opinion is not None}
        if len(given) < len(voices):
            return None
        votes = Counter(opinion.verdict for opinion in given.values())
        chair_destroys = given[self.committee.chair.person].verdict is Verdict.DESTROY
        double = 2 * votes[Verdict.DESTROY]
        if double > len(voices) or (double == len(voices) and chair_destroys):
            return Opinion(Verdict.DESTROY)
        if votes[Verdict.KEEP_FOR_GOOD] >= max(votes[Verdict.KEEP_UNTIL], 1):
            return Opinion(Verdict.KEEP_FOR_GOOD)
        years = [opinion.keep_until_year or 0 for opinion in given.values()]
        return Opinion(Verdict.KEEP_UNTIL, max(years))

    def dissent(self, letter_id: int) -> Mapping[str, Opinion]:
        """Return who judged otherwise than the majority, to be reported to the head (ข้อ 68.4)."""
        outcome = self.verdict(letter_id)
        if outcome is None or self.committee is None:
            return {}
        given = {name: self.opinions[letter_id, name] for name in sorted(self.committee.names)}
        return {name: one for name, one in given.items() if one.verdict is not outcome.verdict}

    @property
    def to_destroy(self) -> frozenset[int]:
        """Items that committee and head agreed to destroy; the archives are asked about these."""
        if self.decided_on is None:
            return frozenset()
        agreed = (item for item in self.items if item not in self.withheld)
        return frozenset(
            item
            for item in agreed
            if (outcome := self.verdict(item)) and outcome.verdict is Verdict.DESTROY
        )

    @property
    def unanswered(self) -> frozenset[int]:
        """Items sent to the archives on which no answer was recorded; silence is never consent."""
        return self.to_destroy - self.answers.keys()

    @property
    def approved_by_all_three(self) -> frozenset[int]:
        """Items that committee, head and archives all gave up: the only ones that may be destroyed."""
        return frozenset(
            item
            for item in self.to_destroy
            if item in self.answers and self.answers[item].answer is Answer.AGREE
        )
