"""Charts as plain SVG, made on the server: geometry only, in user units; colours are the style sheet's.

Two series are told apart by fill and outline, not by hue, so that they print in black and white.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.register.letters.counts import Count, DayCount

WIDTH, HEIGHT = 1000, 230
LEFT, TOP, BOTTOM = 44, 12, 26
_STEPS = (1, 2, 5)
_LINES = 4  # at most so many lines of the scale above zero


@dataclass(frozen=True, slots=True)
class Column:
    """A rectangle of the chart; `series` is `received` or `sent`."""

    series: str
    left: float
    top: float
    width: float
    height: float
    says: str


@dataclass(frozen=True, slots=True)
class Label:
    """A word beside the chart, and where it stands."""

    text: str
    at: float


@dataclass(frozen=True, slots=True)
class DayChart:
    """Two columns a day over a month; `scale` are the lines with their number, `days` the foot."""

    width: int
    height: int
    left: int
    base: int
    columns: tuple[Column, ...]
    scale: tuple[Label, ...]
    days: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One name with its two counts; `received_share` and `sent_share` are 0 to 100 of the longest bar."""

    name: str
    received: int
    sent: int
    received_share: float
    sent_share: float


def day_chart(days: Sequence[DayCount]) -> DayChart:
    """Lay out the columns of some days in a row; an empty scale goes to 1."""
    base = HEIGHT - BOTTOM
    step = scale_step(max((max(one.received, one.sent) for one in days), default=0))
    top = step * -(-max((max(one.received, one.sent) for one in days), default=0) // step) or step
    slot = (WIDTH - LEFT) / max(1, len(days))
    wide = slot * 0.36

    def height(number: int) -> float:
        return round((base - TOP) * number / top, 2)

    columns = []
    for place, day in enumerate(days):
        x = LEFT + place * slot + slot * 0.12
        for series, number, left in (
            ("received", day.received, x),
            ("sent", day.sent, x + wide + slot * 0.04),
        ):
            if number:
                tall = height(number)
                columns.append(
                    Column(
                        series,
                        round(left, 2),
                        round(base - tall, 2),
                        round(wide, 2),
                        tall,
                        f"{day.day.day}: {number}",
                    )
                )
    return DayChart(
        WIDTH,
        HEIGHT,
        LEFT,
        base,
        tuple(columns),
        tuple(Label(str(number), base - height(number)) for number in range(0, top + 1, step)),
        tuple(
            Label(str(day.day.day), round(LEFT + (place + 0.5) * slot, 2))
            for place, day in enumerate(days)
            if day.day.day == 1 or day.day.day % 5 == 0
        ),
    )


def scale_step(most: int) -> int:
    """Return 1, 2 or 5 times a power of ten, so that the scale has a few lines up to `most`."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power * _LINES >= most:
                return step * power
        power *= 10


def bars(counts: Sequence[Count], names: dict[str, str], *, otherwise: str) -> tuple[Bar, ...]:
    """Return a bar for each count; `names` turns codes into words, `otherwise` names the empty one."""
    longest = max((max(one.received, one.sent) for one in counts), default=0) or 1
    return tuple(
        Bar(
            names.get(one.name, one.name) or otherwise,
            one.received,
            one.sent,
            round(100 * one.received / longest, 2),
            round(100 * one.sent / longest, 2),
        )
        for one in counts
    )
