"""What a list of letters is narrowed to and sorted by, and the conditions this makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement

from index.choices import Standing
from index.register.letters.filing import fold_number
from index.register.store.tables import LetterRow
from index.registered_letter import RegisterNumber


class Order(StrEnum):
    """How a list is sorted; within it by register number, newest first."""

    NUMBER_DOWN = "number_down"
    NUMBER_UP = "number_up"
    LETTER_DATE = "letter_date"  # newest first
    URGENCY = "urgency"  # ด่วนที่สุด first, what waits longest before what came later


@dataclass(frozen=True, slots=True)
class LetterFilter:
    """What a list is narrowed to. `None` and empty mean any.

    The first three tell nothing about a letter's contents, so a list narrowed by them alone shows
    placeholders of secret letters; any other takes them out, or the list would answer guesses.
    `letter_ids` are the hits of a search: the index may lag behind a letter that turned secret.
    Ranges include both ends. `number` compares folded (Thai digits, spaces). `below` begins a list
    after a number that was seen (it tells nothing either), newest first.
    """

    buddhist_year: int | None = None
    received_from: datetime | None = None
    received_to: datetime | None = None
    letter_ids: Sequence[int] | None = None
    group: str = ""
    number: str = ""
    sender: str = ""
    subject: str = ""
    kind: str = ""
    urgency: str = ""
    date_from: date | None = None
    date_to: date | None = None
    needs_review: bool | None = None
    standing: Standing | None = None
    sent_back: bool = False
    below: RegisterNumber | None = None


EVERYTHING = LetterFilter()
BY_CONTENTS = frozenset({Order.LETTER_DATE, Order.URGENCY})
"""Orders in which the place of a placeholder would tell what it hides."""


def content_conditions(wanted: LetterFilter) -> list[ColumnElement[bool]]:
    """Return the conditions that tell something of a letter's contents or handling."""
    exact = {
        LetterRow.group_code: wanted.group,
        LetterRow.number_key: fold_number(wanted.number),
        LetterRow.kind: wanted.kind,
        LetterRow.urgency: wanted.urgency,
    }
    conditions: list[ColumnElement[bool]] = [
        column == value for column, value in exact.items() if value
    ]
    for column, part in ((LetterRow.sender, wanted.sender), (LetterRow.subject, wanted.subject)):
        if part:
            conditions.append(column.icontains(part, autoescape=True))
    if wanted.letter_ids is not None:
        conditions.append(LetterRow.id.in_(wanted.letter_ids))
    if wanted.date_from is not None:
        conditions.append(LetterRow.date >= wanted.date_from)
    if wanted.date_to is not None:
        conditions.append(LetterRow.date <= wanted.date_to)
    if wanted.needs_review is not None:
        in_doubt = LetterRow.review_count > 0
        conditions.append(in_doubt if wanted.needs_review else ~in_doubt)
    if wanted.standing is not None:
        conditions += [LetterRow.cancelled.is_(False), LetterRow.standing == wanted.standing]
    if wanted.sent_back:
        conditions.append(LetterRow.step == "returned")
    return conditions


def ordering(order: Order) -> list[ColumnElement[Any]]:
    """Return what `ORDER BY` takes."""
    newest = [LetterRow.buddhist_year.desc(), LetterRow.running.desc()]
    if order is Order.NUMBER_UP:
        return [LetterRow.buddhist_year.asc(), LetterRow.running.asc()]
    if order is Order.LETTER_DATE:
        return [LetterRow.date.desc().nulls_last(), *newest]
    if order is Order.URGENCY:
        return [LetterRow.haste.asc(), LetterRow.buddhist_year.asc(), LetterRow.running.asc()]
    return [*newest]
