"""When a letter's period ends: pure arithmetic over the table of the law.

The stamp of ข้อ 55.1 has the granularity of a year: a matter finished in 2556 with ten years is
"เก็บถึง พ.ศ. ๒๕๖๖" and comes up in the survey of January 2567. Every period is "not less than":
nothing here permits a destruction, it only says when a person may begin to consider one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from index.message import Cited, Message, message
from index.retention.law import RetentionClass, Until
from ocr.thai_text import BUDDHIST_ERA, to_thai_digits


@dataclass(frozen=True, slots=True)
class Clock:
    """What a letter's period is counted from; years are Gregorian.

    `finished_on` is the day the matter was closed (None while it is worked on), `audited_on` the day
    the State Audit Office had audited money papers without a problem left, `superseded_on` the day a
    circular was replaced. `kept_until_year` is a later year that a committee or the archives named
    (ข้อ 68.2, 70); `wanted_on` the day of the letter by which the archives asked for the papers.
    """

    finished_on: date | None
    audited_on: date | None = None
    superseded_on: date | None = None
    kept_until_year: int | None = None
    wanted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """The end of a letter's period. `keep_until_year` is Gregorian; None means no year can be named.

    Such a letter is either kept for good or its year is not known yet (unfinished, not superseded,
    or fixed by another law).
    """

    keep_until_year: int | None
    because: Message
    is_for_good: bool = False

    def is_due(self, as_of: date) -> bool:
        """Tell whether the period had ended on a day: from 1 January of the year after."""
        return self.keep_until_year is not None and as_of.year > self.keep_until_year

    @property
    def stamp(self) -> str | None:
        """The words of the retention stamp (ข้อ 55.1): red for good, blue with the year, or none yet."""
        return None if self.stamped is None else self.stamped.thai

    @property
    def stamped(self) -> Message | None:
        """What the stamp says, for a page in another language."""
        if self.is_for_good:
            return message("ห้ามทำลาย")
        if self.keep_until_year is None:
            return None
        year = to_thai_digits(str(self.keep_until_year + BUDDHIST_ERA))
        return message("เก็บถึง พ.ศ. %(year)s", year=year)

    @property
    def words(self) -> Message:
        """What the stamp says, or why there is no year yet."""
        return self.stamped or self.because


def period(retention_class: RetentionClass, clock: Clock) -> Period:
    """Work out when a letter's period ends; no year where only a person or another law can say it."""
    law = Cited(retention_class.law.clause)
    if retention_class.until in (Until.PERMANENT, Until.OTHER_LAW):
        for_good = retention_class.until is Until.PERMANENT
        return Period(
            None, message("%(clause)s: %(rule)s", clause=law, rule=retention_class.thai), for_good
        )
    if retention_class.until is Until.SUPERSEDED:
        start = clock.superseded_on
        waiting = message("%(clause)s: ยังไม่มีหนังสือฉบับใหม่แทน", clause=law)
    else:
        start, waiting = clock.finished_on, message("%(clause)s: เรื่องยังไม่เสร็จสิ้น", clause=law)
    if start is None:
        return Period(None, waiting)
    years = _years(retention_class, clock)
    ends, later = start.year + years, clock.kept_until_year
    if later is not None and later > ends:
        return Period(later, message("ข้อ 68.2, 70: คณะกรรมการหรือหอจดหมายเหตุให้เก็บต่อ"))
    return Period(ends, message("%(clause)s: %(years)s ปี นับแต่ปีที่เสร็จ", clause=law, years=years))


def _years(retention_class: RetentionClass, clock: Clock) -> int:
    audited = retention_class.years_when_audited
    years = retention_class.years if audited is None or clock.audited_on is None else audited
    if years is None:
        raise ValueError(f"class {retention_class.code} has no period; load_law refuses such a row")
    return years


def may_shorten(old: RetentionClass | None, new: RetentionClass) -> bool:
    """Tell whether another class could let a letter go earlier; doubt counts as shortening.

    `old` is None for a class that the table does not know: such a letter is never due. A class fixed
    by another law is never due here either; until when a circular is in force nobody knows.
    """
    if old is None or old.until is Until.PERMANENT:
        return new.until is not Until.PERMANENT
    if new.until in (Until.PERMANENT, Until.OTHER_LAW) or old.code == new.code:
        return False
    if Until.YEARS is not old.until or Until.YEARS is not new.until:
        return True
    audited = Clock(None, audited_on=date.min)
    return any(_years(new, clock) < _years(old, clock) for clock in (Clock(None), audited))
