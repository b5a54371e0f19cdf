"""The law as a table: periods, deadlines and committee rules, each row with its clause and who checked it.

Nothing here is a constant of the program: an office confirms or changes a row in its own `rules/law.toml`,
and a row nobody has confirmed is shown as unverified wherever it is used.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Any

from index.retention.errors import LawFileError

SHIPPED_LAW = "law.toml"


class Until(StrEnum):
    """What ends a period: the clock, a newer rule, another law, or nothing."""

    YEARS = "years"
    SUPERSEDED = "superseded"  # kept until replaced, then `years`
    OTHER_LAW = "other_law"
    PERMANENT = "permanent"


@dataclass(frozen=True, slots=True)
class Verified:
    """Where a row's words come from and who compared them with the Royal Gazette."""

    clause: str
    source: str
    checked_by: str
    checked_on: date | None

    @property
    def is_verified(self) -> bool:
        """Tell whether a named person confirmed the row on a known day."""
        return bool(self.checked_by) and self.checked_on is not None


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """One class of ข้อ 57. `years` are counted from the year in which the matter was finished."""

    code: str
    thai: str
    english: str
    until: Until
    years: int | None
    years_when_audited: int | None
    law: Verified


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline of the yearly round; which of the numbers is set depends on the code."""

    code: str
    thai: str
    english: str
    law: Verified
    days_after_year_end: int | None = None
    days_after_sending: int | None = None
    after_years: int | None = None
    month: int | None = None
    day: int | None = None

    def in_year(self, year: int) -> date:
        """Return the day this deadline falls on in a Gregorian year.

        Sixty days after the end of the calendar year is 1 March, in a leap year 29 February.
        """
        if self.days_after_year_end is not None:
            return date(year - 1, 12, 31) + timedelta(days=self.days_after_year_end)
        if self.month is not None and self.day is not None:
            return date(year, self.month, self.day)
        raise ValueError(f"the deadline {self.code!r} does not fall on a day of the year")

    def after(self, sent_on: date) -> date:
        """Return the last day of a waiting time that began on `sent_on`."""
        if self.days_after_sending is None:
            raise ValueError(f"the deadline {self.code!r} is not counted from a sending")
        return sent_on + timedelta(days=self.days_after_sending)


@dataclass(frozen=True, slots=True)
class CommitteeRule:
    """Who may sit on the destruction committee (ข้อ 67)."""

    code: str
    thai: str
    english: str
    members_beside_chair: int
    grades: frozenset[str]
    law: Verified


POLICIES = {"cooling_off": "days", "executor_apart": "holds"}
"""The policies that the program knows, each with the key that its row needs."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What the office settles for itself where no clause says it: a number of days, or yes or no."""

    code: str
    thai: str
    english: str
    law: Verified
    days: int | None = None
    holds: bool | None = None


@dataclass(frozen=True, slots=True)
class Law:
    """Every row in force, by code."""

    classes: Mapping[str, RetentionClass]
    deadlines: Mapping[str, Deadline]
    committees: Mapping[str, CommitteeRule]
    policies: Mapping[str, Policy]

    @property
    def cooling_off_days(self) -> int:
        """Return how many days pass between the last approval and the destruction."""
        return self.policies["cooling_off"].days or 0

    @property
    def executor_is_apart(self) -> bool:
        """Tell whether nobody of the committee carries the destruction out."""
        return self.policies["executor_apart"].holds is not False

    def unverified(self) -> tuple[tuple[str, str], ...]:
        """List (clause, Thai words) of every row nobody has compared with the Gazette."""
        rows: Iterable[RetentionClass | Deadline | CommitteeRule] = (
            *self.classes.values(),
            *self.deadlines.values(),
            *self.committees.values(),
        )  # a policy is the office's own: nobody compares it with the Gazette
        return tuple((row.law.clause, row.thai) for row in rows if not row.law.is_verified)


def load_law(office_file: Path | None = None) -> Law:
    """Read the shipped table, then the office's rows over it (same table and code replaces a row).

    Raises LawFileError, naming file and row, when a file cannot be used; nothing is guessed.
    """
    text = resources.files("index.retention").joinpath("data", SHIPPED_LAW).read_text("utf-8")
    shipped = parse_law(text, SHIPPED_LAW)
    if office_file is None or not office_file.exists():
        return shipped
    own = parse_law(office_file.read_text("utf-8"), str(office_file))
    return Law(
        {**shipped.classes, **own.classes},
        {**shipped.deadlines, **own.deadlines},
        {**shipped.committees, **own.committees},
        {**shipped.policies, **own.policies},
    )


def parse_law(text: str, name: str) -> Law:
    """Read the rows of one file; raise LawFileError, naming it and the row, when that cannot be."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LawFileError(name, str(error)) from error
    unknown = set(tables) - {"class", "deadline", "committee", "policy"}
    if unknown:
        raise LawFileError(name, f"unknown table [[{min(unknown)}]]")
    return Law(
        {row["code"]: _class(row, name) for row in _rows(tables, "class", name)},
        {row["code"]: _deadline(row, name) for row in _rows(tables, "deadline", name)},
        {row["code"]: _committee(row, name) for row in _rows(tables, "committee", name)},
        {row["code"]: _policy(row, name) for row in _rows(tables, "policy", name)},
    )


def _rows(tables: Mapping[str, Any], table: str, name: str) -> list[dict[str, Any]]:
    rows = tables.get(table, [])
    if not isinstance(rows, list):
        raise LawFileError(name, f"write [[{table}]] with two brackets")
    for row in rows:
        for key in ("code", "thai", "english", "clause", "source"):
            if not isinstance(row.get(key), str) or not row[key]:
                raise LawFileError(name, f"a [[{table}]] row has no text for {key!r}")
    return rows


def _class(row: Mapping[str, Any], name: str) -> RetentionClass:
    try:
        until = Until(row.get("until", "years"))
    except ValueError as error:
        raise LawFileError(name, f"class {row['code']}: {error}") from error
    years = _number(row, "years", name)
    if until in (Until.YEARS, Until.SUPERSEDED) and years is None:
        raise LawFileError(name, f"class {row['code']} needs `years`")
    audited = _number(row, "years_when_audited", name)
    return RetentionClass(
        row["code"], row["thai"], row["english"], until, years, audited, _verified(row, name)
    )


def _deadline(row: Mapping[str, Any], name: str) -> Deadline:
    keys = ("days_after_year_end", "days_after_sending", "after_years", "month", "day")
    numbers = {key: _number(row, key, name) for key in keys}
    if all(number is None for number in numbers.values()):
        raise LawFileError(name, f"deadline {row['code']} says no number")
    return Deadline(row["code"], row["thai"], row["english"], _verified(row, name), **numbers)


def _committee(row: Mapping[str, Any], name: str) -> CommitteeRule:
    members = _number(row, "members_beside_chair", name)
    if members is None:
        raise LawFileError(name, f"committee {row['code']} needs `members_beside_chair`")
    grades = row.get("grades", [])
    if not isinstance(grades, list) or not all(isinstance(grade, str) for grade in grades):
        raise LawFileError(name, f"committee {row['code']}: `grades` is a list of texts")
    law = _verified(row, name)
    return CommitteeRule(row["code"], row["thai"], row["english"], members, frozenset(grades), law)


def _policy(row: Mapping[str, Any], name: str) -> Policy:
    days, holds = _number(row, "days", name), row.get("holds")
    needed = POLICIES.get(row["code"])
    if needed is None:
        raise LawFileError(name, f"policy {row['code']}: choose one of {', '.join(POLICIES)}")
    if needed == "days" and days is None:
        raise LawFileError(name, f"policy {row['code']} needs `days`")
    if needed == "holds" and not isinstance(holds, bool):
        raise LawFileError(name, f"policy {row['code']} needs `holds`, true or false")
    return Policy(row["code"], row["thai"], row["english"], _verified(row, name), days, holds)


def _number(row: Mapping[str, Any], key: str, name: str) -> int | None:
    value = row.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise LawFileError(name, f"{row['code']}: {key!r} must be a whole number, not {value!r}")
    return value


def _verified(row: Mapping[str, Any], name: str) -> Verified:
    checked_on = row.get("checked_on") or None
    if isinstance(checked_on, str):
        try:
            checked_on = date.fromisoformat(checked_on)
        except ValueError as error:
            raise LawFileError(name, f"{row['code']}: checked_on: {error}") from error
    return Verified(row["clause"], row["source"], str(row.get("checked_by", "")), checked_on)
