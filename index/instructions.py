"""The office's usual orders on a paper, and in how many working days what they ask is to be done: a table."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

from index.choices import Deed
from index.retention.errors import LawFileError

SHIPPED_INSTRUCTIONS = "instructions.toml"
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Preset:
    """An order that is often given: its words, and in how many working days they are to be followed.

    `working_days` is None where it asks for nothing by a day.
    """

    code: str
    words: str
    deed: Deed
    working_days: int | None
    source: str
    checked_by: str
    checked_on: date | None


@dataclass(frozen=True, slots=True)
class Instructions:
    """The table: orders by code, and the working days that a meeting's resolutions have."""

    presets: Mapping[str, Preset]
    meeting_days: int


def load_instructions(own: Path | None = None) -> Instructions:
    """Read the shipped rows, replaced by the office's own where it has some; raises LawFileError."""
    shipped = resources.files("index").joinpath("data", SHIPPED_INSTRUCTIONS)
    presets, periods = _read(SHIPPED_INSTRUCTIONS, shipped.read_text(encoding="utf-8"))
    if own is not None and own.is_file():
        more, others = _read(str(own), own.read_text(encoding="utf-8"))
        presets, periods = presets | more, periods | others
    return Instructions(presets, periods["meeting"])


def working_days_after(day: date, count: int) -> date:
    """Return the day that many working days after one; Saturdays and Sundays are none."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day


def _read(name: str, text: str) -> tuple[dict[str, Preset], dict[str, int]]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LawFileError(name, str(error)) from error
    presets = (_preset(name, row) for row in table.get("preset", []))
    try:
        periods = {str(row["code"]): int(row["working_days"]) for row in table.get("period", [])}
    except (KeyError, TypeError, ValueError) as error:
        raise LawFileError(name, f"a period cannot be used ({error})") from error
    return {one.code: one for one in presets}, periods


def _preset(name: str, row: dict[str, Any]) -> Preset:
    try:
        deed = Deed(row["deed"])
        if deed not in (Deed.APPROVED, Deed.INSTRUCTED):
            raise ValueError("deed is approved or instructed")
        return Preset(
            code=str(row["code"]),
            words=str(row["words"]),
            deed=deed,
            working_days=int(row["working_days"]) if "working_days" in row else None,
            source=str(row["source"]),
            checked_by=str(row["checked_by"]),
            checked_on=date.fromisoformat(row["checked_on"]) if row["checked_on"] else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        what = row.get("code", "?")
        raise LawFileError(name, f"the order {what!r} cannot be used ({error})") from error
