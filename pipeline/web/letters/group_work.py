"""What a group's person may do with a letter, and to whom in the group it can be given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from classify.due_days import DueDay, find_due_days
from index.choices import OPEN_STEPS, Step
from index.register.desk.group_lists import Deadline
from index.register.people.people import Person
from index.registered_letter import RegisteredLetter
from index.visibility import Viewer, is_hidden
from pipeline.web.site.pages import Site
from pipeline.web.site.roles import GROUP_ROLES


@dataclass(frozen=True, slots=True)
class GroupWork:
    """What the letter's page offers: `officers` are empty where this person does not work in the group."""

    works: bool
    may_take: bool
    officers: tuple[Person, ...]
    deadline: Deadline | None
    is_late: bool
    asked_for: tuple[DueDay, ...] = ()
    """By when the letter's text wants something done, while nobody has set a day."""


def works_in(viewer: Viewer, group: str) -> bool:
    """Tell whether this person works in the group."""
    return bool(viewer.roles & GROUP_ROLES) and group in viewer.own_groups


def may_work(viewer: Viewer, letter: RegisteredLetter) -> bool:
    """Tell whether the letter is on this person's desk: handed to her group, and nothing secret in it."""
    at_work = letter.step in OPEN_STEPS and not letter.cancelled
    return at_work and not is_hidden(letter) and works_in(viewer, letter.group)


def group_work(site: Site, viewer: Viewer, letter: RegisteredLetter) -> GroupWork:
    """Return what the letter's page offers to this person."""
    works, deadline = may_work(viewer, letter), None
    if not is_hidden(letter):
        deadline = site.book.groups.deadline_of(viewer, letter.letter_id)
    return GroupWork(
        works=works,
        may_take=letter.step == Step.ROUTED,
        officers=officers_of(site, letter.group) if works else (),
        deadline=deadline,
        is_late=is_past(deadline, site.now().date()) and letter.step in OPEN_STEPS,
        asked_for=() if deadline else due_days_of(site, letter),
    )


def due_days_of(site: Site, letter: RegisteredLetter) -> tuple[DueDay, ...]:
    """Return the days still to come that an open letter's text asks for; none of a hidden one."""
    if is_hidden(letter) or letter.cancelled or letter.step == Step.DONE:
        return ()
    received = letter.received_at.astimezone(site.office.zone).date()
    days = find_due_days(letter.text, written=letter.date or received, received=received)
    return tuple(one for one in days if one.value >= site.now().date())


def officers_of(site: Site, group: str) -> tuple[Person, ...]:
    """Return who works in a group and can log in."""
    return tuple(
        one
        for one in site.book.people.all()
        if one.active and one.roles & GROUP_ROLES and group in one.groups
    )


def is_past(deadline: Deadline | None, today: date) -> bool:
    """Tell whether the deadline's day has gone by."""
    return deadline is not None and deadline.due_on < today
