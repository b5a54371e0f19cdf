"""A form filled in: what both the PDF and the XLSX are made from. Nothing here reads a book or a clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.forms.form import Form

Row = Mapping[str, str]
"""One line: text by the key of its column. Figures in Arabic digits, dates in the Buddhist era."""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading of their own, such as one day of the book; no heading where it is empty."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """A line to sign on; the name stands below it in brackets where it is known."""

    role: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form with everything that is to stand on it."""

    form: Form
    office: str
    sections: tuple[Section, ...]
    heads: Mapping[str, str] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def rows(self) -> Iterator[Row]:
        """All lines, whatever their section."""
        return (row for section in self.sections for row in section.rows)

    def cells(self, row: Row) -> list[str]:
        """Return a line's texts in the order of the columns."""
        return [row.get(column.key, "") for column in self.form.columns]


def numbered(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Give each line its ลำดับที่, from 1."""
    return tuple({"position": str(at), **row} for at, row in enumerate(rows, start=1))


def small_print(form: Form) -> str:
    """Say by which clause a form is made and whether anybody compared it with the Gazette."""
    if form.law is None:
        return ""
    regulation = f"{form.law.clause} ระเบียบสำนักนายกรัฐมนตรีว่าด้วยงานสารบรรณ พ.ศ. 2526"
    if not form.law.is_verified:
        return f"{regulation} · แบบนี้ยังไม่มีผู้ตรวจสอบกับราชกิจจานุเบกษา"
    return f"{regulation} · ตรวจสอบแล้วโดย {form.law.checked_by}"
