"""Paper and electronic copy of one letter: two media, each with its own end (DOMAIN §11).

Pure. Scanning paper does not shorten its period, and destroying the paper does not permit erasing the
electronic copy: that one stays until ten years are over as well, and goes by an order of the head.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from index.message import Cited, message
from index.retention.law import Deadline
from index.retention.schedule import Period


class MediumKind(StrEnum):
    """What a letter exists on."""

    PAPER = "paper"
    ELECTRONIC = "electronic"


@dataclass(frozen=True, slots=True)
class Medium:
    """One medium of a letter: until when it is kept, and the day it ended, None while it is there."""

    kind: MediumKind
    period: Period
    ended_on: date | None = None


def electronic_period(paper: Period, registered_year: int, rule: Deadline) -> Period:
    """Return the electronic copy's own period: the paper's, and never less than the rule's years.

    `registered_year` is Gregorian; `rule` is the deadline `electronic_destruction` of the table.
    """
    if paper.keep_until_year is None or rule.after_years is None:
        return paper
    ends = registered_year + rule.after_years
    if paper.keep_until_year >= ends:
        return paper
    because = message(
        "%(clause)s: %(years)s ปี นับแต่ปีที่ลงทะเบียน",
        clause=Cited(rule.law.clause),
        years=rule.after_years,
    )
    return Period(ends, because)
