"""How long an urgent letter may still wait, in the words a clerk reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from index.deadlines import Periods
from index.registered_letter import RegisteredLetter
from pipeline.web.thai_form import thai_digits, thai_moment

DONE = "done"


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
    due = period.deadline(letter.received_at)
    rest = due - now
    late = rest < timedelta(0)
    rule = f"{period.urgency}: {period.rule} ({period.clause}) ครบกำหนด {thai_moment(due)}"
    return TimeLeft(f"{'เลยกำหนด' if late else 'เหลือเวลา'} {_span(abs(rest))}", late, rule)


def _span(rest: timedelta) -> str:
    minutes = int(rest.total_seconds() // 60)
    if minutes < 60:
        return f"{thai_digits(minutes)} นาที"
    hours, days = minutes // 60, rest.days
    if days < 1:
        return f"{thai_digits(hours)} ชม. {thai_digits(minutes % 60)} นาที"
    return f"{thai_digits(days)} วัน"
