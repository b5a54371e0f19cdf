"""How long an urgent letter may still wait, in the words a clerk reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from classify.dates import parse_thai_date
from index.deadlines import Periods
from index.registered_letter import RegisteredLetter
from ocr.thai_text import to_arabic_digits
from pipeline.web.site.language import _, clause_name, counted, figures, mark, translated
from pipeline.web.site.local_form import moment

DONE = "done"
LATE, LEFT = mark("เลยกำหนด %(span)s"), mark("เหลือเวลา %(span)s")
JUST_LATE, HARDLY_LEFT = mark("ครบกำหนดแล้ว"), mark("เหลือเวลาไม่ถึง ๑ นาที")
END_OF_DAY = time(23, 59)
_HOUR = re.compile(r"(?<![\d.])([01]?\d|2[0-3])[.:]([0-5]\d)\s*น")


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """`เหลือเวลา ๒๕ นาที` or `เลยกำหนด ๒ ชม.`; `rule` says by what."""

    text: str
    late: bool
    rule: str


def time_left(letter: RegisteredLetter, periods: Periods, now: datetime) -> TimeLeft | None:
    """Return what is left; None for what is not urgent, done, cancelled or not to be seen."""
    period = periods.get(letter.urgency)
    if period is None or letter.is_secret or letter.cancelled or letter.step == DONE:
        return None
    stated = _stated(letter, now)
    due = stated or period.deadline(letter.received_at)
    rest = due - now
    late = rest < timedelta(0)
    words = (
        _("กำหนดที่พิมพ์ในหนังสือ")
        if stated
        else f"{period.rule} ({figures(clause_name(period.clause))})"
    )
    rule = _(
        "%(urgency)s: %(rule)s ครบกำหนด %(due)s",
        urgency=translated(period.urgency),
        rule=words,
        due=moment(due),
    )
    if abs(rest) < timedelta(minutes=1):
        return TimeLeft(_(JUST_LATE if late else HARDLY_LEFT), late, rule)
    return TimeLeft(_(LATE if late else LEFT, span=_span(abs(rest))), late, rule)


def _stated(letter: RegisteredLetter, now: datetime) -> datetime | None:
    """Return the moment that the letter itself names (ด่วนภายใน …), an hour being of its day."""
    found = letter.letter.urgent_until if letter.letter else None
    if found is None:
        return None
    day, hour = parse_thai_date(found.value), _HOUR.search(to_arabic_digits(found.value))
    if day is None and hour is None:
        return None
    at = time(int(hour[1]), int(hour[2])) if hour else END_OF_DAY
    return datetime.combine(day or letter.received_at.date(), at, now.tzinfo)


def _span(rest: timedelta) -> str:
    minutes = int(rest.total_seconds() // 60)
    if minutes < 60:
        return counted("%(count)s นาที", minutes)
    hours, days = minutes // 60, rest.days
    if days < 1 and not minutes % 60:
        return _("%(hours)s ชม.", hours=figures(hours))
    if days < 1:
        return _(
            "%(hours)s ชม. %(minutes)s นาที", hours=figures(hours), minutes=figures(minutes % 60)
        )
    return counted("%(count)s วัน", days)
