"""By when an urgent letter is to be acted on: the table of periods, and the moment it gives for a letter."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

from index.retention.errors import LawFileError

SHIPPED_PERIODS = "urgency.toml"


@dataclass(frozen=True, slots=True)
class UrgencyPeriod:
    """How long letters of one urgency may wait: `minutes`, or `until` a clock time of the day.

    `rule` is the regulation's words; a row that nobody compared with the Gazette has no `checked_by`.
    """

    urgency: str
    rule: str
    clause: str
    source: str
    checked_by: str
    checked_on: date | None
    minutes: int | None = None
    until: time | None = None

    def deadline(self, received_at: datetime) -> datetime:
        """Return the moment it is due; `received_at` is in the office's time zone."""
        if self.minutes is not None:
            return received_at + timedelta(minutes=self.minutes)
        closing = datetime.combine(
            received_at.date(), self.until or time(23, 59), received_at.tzinfo
        )
        return closing if received_at < closing else closing + timedelta(days=1)

    def late_before(self, now: datetime) -> datetime:
        """Return the moment of receipt before which a letter is late by now (`now` in the office's zone).

        So a database can count what is late: `received_at < late_before(now)` says `deadline < now`.
        """
        if self.minutes is not None:
            return now - timedelta(minutes=self.minutes)
        closing = datetime.combine(now.date(), self.until or time(23, 59), now.tzinfo)
        return closing if closing < now else closing - timedelta(days=1)


Periods = dict[str, UrgencyPeriod]


def load_periods(own: Path | None = None) -> Periods:
    """Read the periods by urgency: the shipped rows, replaced by the office's own where it has some.

    Raises LawFileError, which names file and row.
    """
    shipped = resources.files("index").joinpath("data", SHIPPED_PERIODS)
    periods = _read(SHIPPED_PERIODS, shipped.read_text(encoding="utf-8"))
    if own is not None and own.is_file():
        periods |= _read(str(own), own.read_text(encoding="utf-8"))
    return periods


def _read(name: str, text: str) -> Periods:
    try:
        rows = tomllib.loads(text).get("period", [])
    except tomllib.TOMLDecodeError as error:
        raise LawFileError(name, str(error)) from error
    return {period.urgency: period for period in (_period(name, row) for row in rows)}


def _period(name: str, row: dict[str, Any]) -> UrgencyPeriod:
    try:
        return UrgencyPeriod(
            urgency=str(row["urgency"]),
            rule=str(row["rule"]),
            clause=str(row["clause"]),
            source=str(row["source"]),
            checked_by=str(row["checked_by"]),
            checked_on=date.fromisoformat(row["checked_on"]) if row["checked_on"] else None,
            minutes=_minutes(row),
            until=time.fromisoformat(row["until"]) if "until" in row else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        what = row.get("urgency", "?")
        raise LawFileError(name, f"the period of {what!r} cannot be used ({error})") from error


def _minutes(row: dict[str, Any]) -> int | None:
    if ("minutes" in row) == ("until" in row):
        raise ValueError("name either minutes or until")
    minutes = row.get("minutes")
    if minutes is not None and (not isinstance(minutes, int) or minutes <= 0):
        raise ValueError("minutes is a number above 0")
    return minutes
