"""Replaying known cases against a rule set, before it is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from classify.numbers import find_number
from classify.routing import Clues, score_groups
from classify.rules import RuleSet


@dataclass(frozen=True, slots=True)
class Case:
    """A subject whose group is known: a labelled one, or a clerk's correction.

    `also` are groups that would be accepted as well; `origin` says where the case is from.
    """

    subject: str
    group: str
    number: str = ""
    sender: str = ""
    body: str = ""
    also: tuple[str, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Replayed:
    """One case and the group the rules give it; `before` is what the rules in force give."""

    case: Case
    group: str
    before: str | None = None

    @property
    def is_right(self) -> bool:
        """Tell whether the rules give the case's own group."""
        return self.group == self.case.group

    @property
    def is_accepted(self) -> bool:
        """Tell whether the rules give the case's group or one accepted as well."""
        return self.group == self.case.group or self.group in self.case.also

    @property
    def is_moved(self) -> bool:
        """Tell whether the changed rules give another group than those in force."""
        return self.before is not None and self.before != self.group


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """All cases replayed."""

    replayed: tuple[Replayed, ...]

    @property
    def right(self) -> int:
        """How many cases got their own group."""
        return sum(item.is_right for item in self.replayed)

    @property
    def accepted(self) -> int:
        """How many cases got their own group or an accepted one."""
        return sum(item.is_accepted for item in self.replayed)

    @property
    def wrong(self) -> tuple[Replayed, ...]:
        """The cases that got a group nobody accepts."""
        return tuple(item for item in self.replayed if not item.is_accepted)

    @property
    def moved(self) -> tuple[Replayed, ...]:
        """The cases that the changed rules would move."""
        return tuple(item for item in self.replayed if item.is_moved)


def replay(
    rules: RuleSet, cases: Sequence[Case], *, in_force: RuleSet | None = None
) -> ReplayReport:
    """Give every case to the rules; with `in_force`, also to those in force, to see what moves."""
    return ReplayReport(
        tuple(
            Replayed(case, route(case, rules), route(case, in_force) if in_force else None)
            for case in cases
        )
    )


def route(case: Case, rules: RuleSet) -> str:
    """Return the group the rules give a case."""
    number = find_number(case.number) if case.number else None
    province = number is not None and rules.agencies.is_province(number.letters)
    clues = Clues(case.subject, case.body, case.sender, number, province)
    scores = score_groups(clues, rules.groups)
    return scores[0].group if scores and scores[0].score > 0 else rules.groups.default_group
