"""The papers around a destruction that are no form: memo, order, covering letter, joint note, "nothing due".

Their words are rows of `data/papers.toml`, each with its clause and who checked it; here their places are
filled in from a batch. What the batch does not know yet is dotted, for the pen.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from index.retention.batch import Batch, Committee
from index.retention.certificate import Certificate
from index.retention.law import CommitteeRule, Verified
from ocr.thai_text import BUDDHIST_ERA
from pipeline.forms.days import long_date
from pipeline.forms.errors import FormsFileError
from pipeline.forms.form import Column
from pipeline.forms.papers import Paper
from pipeline.forms.retention_lists import CHAIR, MEMBER, MEMBERS_AT_LEAST
from pipeline.forms.sheet import Row, Signature

SHIPPED_PAPERS = "papers.toml"
BLANK = "." * 30
HEAD_ROLE, PROPOSER, EXECUTOR, WITNESS = "หัวหน้าส่วนราชการ", "ผู้เสนอ", "ผู้ทำลาย", "พยาน"
COMMITTEE = (
    Column("position", "ที่", 10, has_digits=True),
    Column("person", "ชื่อ", 70),
    Column("grade", "ระดับ", 45),
    Column("role", "ตำแหน่งในคณะกรรมการ", 45),
)


@dataclass(frozen=True, slots=True)
class PaperText:
    """The words of a paper as `papers.toml` has them, with places like `%(year)s`."""

    key: str
    name: str
    title: str
    centred: tuple[str, ...]
    heads: tuple[tuple[str, ...], ...]
    paragraphs: tuple[str, ...]
    has_committee: bool
    after: tuple[str, ...]
    closing: str
    sign: tuple[str, ...]
    law: Verified


@dataclass(frozen=True, slots=True)
class Known:
    """What the papers are filled in from. `names` are people's names by log-in; `today` is the office's day.

    `certificate` is there once the destruction was verified.
    """

    office: str
    batch: Batch
    rule: CommitteeRule
    names: Mapping[str, str]
    certificate: Certificate | None = None


def load_papers(office_file: Path | None = None) -> Mapping[str, PaperText]:
    """Return the papers by key: the shipped ones, an office's own of the same key over them.

    Raises FormsFileError, naming file and paper, when a file cannot be used.
    """
    if office_file is None or not office_file.exists():
        return _shipped()
    return {**_shipped(), **_parse(office_file.read_text("utf-8"), str(office_file))}


@cache
def _shipped() -> Mapping[str, PaperText]:
    text = resources.files("pipeline.forms").joinpath("data", SHIPPED_PAPERS).read_text("utf-8")
    return _parse(text, SHIPPED_PAPERS)


def _parse(text: str, name: str) -> dict[str, PaperText]:
    try:
        rows = tomllib.loads(text).get("paper", [])
        papers = [_paper(row) for row in rows]
        for one in papers:
            _try_places(one)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise FormsFileError(name, f"[[paper]] {error!r}") from error
    return {one.key: one for one in papers}


def _paper(row: Mapping[str, Any]) -> PaperText:
    unknown = set(row.get("sign", ())) - _SIGNERS.keys()
    if unknown:
        raise ValueError(f"nobody to sign is called {min(unknown)}")
    return PaperText(
        key=str(row["key"]),
        name=str(row["name"]),
        title=str(row["title"]),
        centred=tuple(map(str, row.get("centred", ()))),
        heads=tuple(tuple(map(str, head)) for head in row.get("heads", ())),
        paragraphs=tuple(map(str, row["paragraphs"])),
        has_committee=row.get("table") == "committee",
        after=tuple(map(str, row.get("after", ()))),
        closing=str(row.get("closing", "")),
        sign=tuple(row.get("sign", ())),
        law=Verified(
            row["clause"], row["source"], str(row.get("checked_by", "")), row.get("checked_on")
        ),
    )


def _try_places(text: PaperText) -> None:
    """Fill every sentence in once, so that a slip is found when the file is read."""
    for sentence in (
        text.title,
        *text.centred,
        *text.paragraphs,
        *text.after,
        *sum(text.heads, ()),
    ):
        _filled(sentence, dict.fromkeys(PLACES, ""))


def _filled(sentence: str, values: Mapping[str, str]) -> str:
    return sentence % values


PLACES = (
    "office",
    "blank",
    "year",
    "batch",
    "items",
    "rule",
    "order_number",
    "ordered_on",
    "destroy",
    "decided_on",
    "sent_number",
    "sent_on",
    "approver",
    "delegation_order",
    "archive_letters",
    "destroyed",
    "method",
    "place",
    "done_on",
    "witnesses",
    "certificate",
    "surveyed_on",
    "unclosed",
)
"""What may stand in a sentence as `%(place)s`."""


def fill_paper(text: PaperText, known: Known) -> Paper:
    """Fill a paper in from a batch, with its committee's table and the lines to sign on."""
    signatures = [one for who in text.sign for one in _SIGNERS[who](known)]
    rows = tuple(_committee_rows(known)) if text.has_committee else ()
    return _make(text, _values(known), known.office, rows, signatures)


def fill_nothing_due(
    text: PaperText, office: str, year: int, surveyed_on: date, unclosed: int
) -> Paper:
    """Fill the report that nothing is due in a Gregorian year; `unclosed` letters have no day of finishing."""
    still = f" ทั้งนี้ มีหนังสือที่ยังไม่ปิดเรื่อง {unclosed} ฉบับ" if unclosed else ""
    values = {
        "office": office,
        "year": str(year + BUDDHIST_ERA),
        "surveyed_on": long_date(surveyed_on),
        "unclosed": still,
    }
    return _make(text, values, office, (), [Signature(PROPOSER)])


def _make(
    text: PaperText,
    values: Mapping[str, str],
    office: str,
    rows: tuple[Row, ...],
    signatures: Iterable[Signature],
) -> Paper:
    places = {**dict.fromkeys(PLACES, BLANK), "unclosed": "", **_present(values)}

    def said(sentences: Iterable[str]) -> tuple[str, ...]:
        return tuple(_filled(one, places) for one in sentences)

    doubt = "" if text.law.is_verified else " · ถ้อยคำนี้ยังไม่มีผู้ตรวจสอบ"
    return Paper(
        title=_filled(text.title, places),
        office=office,
        centred=said(text.centred),
        heads=tuple(said(head) for head in text.heads),
        paragraphs=said(text.paragraphs),
        columns=COMMITTEE if rows else (),
        rows=rows,
        after=said(text.after),
        closing=text.closing,
        signatures=tuple(signatures),
        small_print=f"{text.law.clause}{doubt}",
    )


def _present(values: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value or name == "unclosed"}


def _values(known: Known) -> dict[str, str]:
    batch, committee, made = known.batch, known.batch.committee, known.certificate
    answers = dict.fromkeys(one.letter_number for one in batch.answers.values())
    values = {
        "office": known.office,
        "year": str(batch.year + BUDDHIST_ERA),
        "batch": batch.batch_id,
        "items": str(len(batch.items)),
        "rule": known.rule.thai,
        "order_number": committee.order_number if committee else "",
        "ordered_on": long_date(committee.ordered_on) if committee else "",
        "destroy": str(len(batch.to_destroy)) if batch.decided_on else "",
        "decided_on": long_date(batch.decided_on),
        "sent_number": batch.sent_number,
        "sent_on": long_date(batch.sent_on),
        "approver": known.names.get(batch.approver, batch.approver),
        "delegation_order": batch.delegation_order,
        "archive_letters": ", ".join(answers),
    }
    if made is not None:
        said = made.statement
        values |= {
            "destroyed": str(len(made.lines)),
            "method": said.paper.method,
            "place": said.paper.place,
            "done_on": long_date(said.paper.done_on),
            "witnesses": ", ".join(known.names.get(one, one) for one in said.witnesses),
            "certificate": made.number,
        }
    return values


def _committee_rows(known: Known) -> Iterable[Row]:
    committee = known.batch.committee
    people = committee.everyone if committee else ()
    count = len(people) or 1 + max(known.rule.members_beside_chair, MEMBERS_AT_LEAST)
    for at in range(count):
        one = people[at] if people else None
        yield {
            "position": str(at + 1),
            "person": known.names.get(one.person, one.person) if one else BLANK,
            "grade": one.grade if one else "",
            "role": MEMBER if at else CHAIR,
        }


def _committee(known: Known) -> list[Signature]:
    committee: Committee | None = known.batch.committee
    people = committee.everyone if committee else ()
    return [
        Signature(MEMBER if at else CHAIR, known.names.get(one.person, one.person))
        for at, one in enumerate(people)
    ]


def _executor(known: Known) -> list[Signature]:
    made = known.certificate
    return [Signature(EXECUTOR, known.names.get(made.executor, made.executor))] if made else []


def _witnesses(known: Known) -> list[Signature]:
    made = known.certificate
    people = made.statement.witnesses if made else ()
    return [Signature(WITNESS, known.names.get(one, one)) for one in people]


_SIGNERS: Mapping[str, Callable[[Known], list[Signature]]] = {
    "head": lambda _known: [Signature(HEAD_ROLE)],
    "proposer": lambda known: [
        Signature(PROPOSER, known.names.get(known.batch.proposer, known.batch.proposer))
    ],
    "committee": _committee,
    "executor": _executor,
    "witnesses": _witnesses,
}
