"""Forms 19 to 25: stored, handed over, deposited, lent, proposed for destruction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from index.retention.batch import Batch, Opinion, Verdict
from index.retention.facts import KnownLetter
from index.retention.lists import StoreLine
from index.retention.loans import Loan
from index.retention.survey import SurveyRow
from ocr.thai_text import BUDDHIST_ERA, to_thai_digits
from pipeline.forms.days import long_date, short_date
from pipeline.forms.form import Form
from pipeline.forms.sheet import Row, Section, Sheet, Signature, numbered

CROSS = "X"
CHAIR, MEMBER = "ประธานกรรมการ", "กรรมการ"
MEMBERS_AT_LEAST = 2
"""Lines for members while nobody is appointed; the law's table has the rule that is enforced."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of forms 21, 22, 23 and 25 says; `year` is Gregorian."""

    office: str
    year: int
    day: date

    @property
    def values(self) -> Mapping[str, str]:
        """The heads by key; the sheet's number is counted on the page."""
        return {
            "year": str(self.year + BUDDHIST_ERA),
            "office": self.office,
            "day": long_date(self.day),
        }


def fill_store_list(form: Form, office: str, lines: Iterable[StoreLine]) -> Sheet:
    """Fill form 19 (to be stored) or form 20 (stored); each takes the columns it has."""
    rows = [
        {
            **_letter(line.letter),
            "period": line.period.words.thai,
            "stored_on": short_date(line.place.stored_on) if line.place else "",
            "file_code": line.place.file_code if line.place else "",
            "note": _where(line),
        }
        for line in lines
    ]
    signers = tuple(Signature(role) for role in ("ผู้ส่งเก็บ", "ผู้รับเก็บ"))
    return Sheet(
        form,
        office,
        (Section("", numbered(rows)),),
        signatures=signers if "stored_on" not in {one.key for one in form.columns} else (),
    )


def fill_transfer_list(
    form: Form, head: Head, letters: Iterable[KnownLetter], notes: Mapping[int, str]
) -> Sheet:
    """Fill form 21, 22 or 23; `notes` are what was typed as หมายเหตุ, by letter."""
    rows = ({**_letter(one), "note": notes.get(one.facts.letter_id, "")} for one in letters)
    signers = tuple(Signature(role) for role in form.signers) or (Signature("ผู้จัดทำบัญชี"),)
    return Sheet(form, head.office, (Section("", numbered(rows)),), head.values, signers)


def fill_borrowing_card(form: Form, office: str, loans: Iterable[Loan]) -> Sheet:
    """Fill form 24: a letter's card, or all that is out."""
    rows: tuple[Row, ...] = tuple(
        {
            "item": f"{to_thai_digits(loan.label)} {loan.subject}",
            "borrower": f"{loan.borrower.person} ({loan.borrower.unit})",
            "receiver": loan.received_by,
            "lent_on": short_date(loan.lent_on),
            "due_on": short_date(loan.due_on),
            "returner": loan.returned_by or "",
            "returned_on": short_date(loan.returned_on),
        }
        for loan in loans
    )
    return Sheet(form, office, (Section("", rows),))


def fill_destruction_list(form: Form, head: Head, batch: Batch, rows: Iterable[SurveyRow]) -> Sheet:
    """Fill form 25. การพิจารณา stays empty for the pen until every member's judgement is known."""
    lines = (
        {
            **_letter(row.letter),
            "verdict": _verdict(batch.verdict(row.letter.facts.letter_id)),
        }
        for row in rows
    )
    return Sheet(form, head.office, (Section("", numbered(lines)),), head.values, _committee(batch))


def _letter(letter: KnownLetter) -> dict[str, str]:
    return {
        "file_code": letter.file_code,
        "number": letter.number,
        "date": short_date(letter.date),
        "register_number": letter.label,
        "subject": letter.subject,
    }


def _where(line: StoreLine) -> str:
    if line.place is None:
        return ""
    named = (("ชั้น", line.place.shelf), ("กล่อง", line.place.box))
    return " ".join(f"{word} {code}" for word, code in named if code)


def _verdict(opinion: Opinion | None) -> str:
    """Return what ข้อ 68.2 and 68.3 write: the cross, or until when."""
    if opinion is None:
        return ""
    match opinion.verdict:
        case Verdict.DESTROY:
            return CROSS
        case Verdict.KEEP_FOR_GOOD:
            return "ห้ามทำลาย"
        case Verdict.KEEP_UNTIL:
            return f"เก็บถึง พ.ศ. {(opinion.keep_until_year or 0) + BUDDHIST_ERA}"


def _committee(batch: Batch) -> tuple[Signature, ...]:
    if batch.committee is None:
        return (Signature(CHAIR), *(Signature(MEMBER) for _ in range(MEMBERS_AT_LEAST)))
    chair, *members = batch.committee.everyone
    return (Signature(CHAIR, chair.person), *(Signature(MEMBER, one.person) for one in members))
