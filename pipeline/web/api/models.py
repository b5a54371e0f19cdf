"""What the interface for programs takes and gives, as its OpenAPI document describes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from classify.letter import ReviewReason
from index.register.letters.fields import FIRST_YEAR, LAST_YEAR
from index.register.store.deliveries import Told
from index.registered_letter import RegisteredLetter
from pipeline.reading import FIELDS, found_as_json, plain

Code = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z0-9_-]*$")]
Note = Annotated[str, StringConstraints(max_length=2000)]
FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)


def _written_as_iso(value: object) -> object:
    """Refuse what pydantic would take for seconds since 1970."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) is None:
        raise ValueError("write a day as 2026-01-15")
    return value


IsoDay = Annotated[
    date,
    BeforeValidator(_written_as_iso),
    Field(
        ge=FIRST_DAY,
        le=LAST_DAY,
        json_schema_extra={"pattern": r"^(19\d\d|20\d\d|21\d\d|2200)-\d\d-\d\d$"},
    ),
]
"""A day of the common era; a Buddhist year written as one is refused."""
SUMMARY: dict[str, Any] = {
    "register_number": "123/2569",
    "restricted": False,
    "received_at": "2026-01-15T09:30:00+07:00",
    "number": "ศธ 04006/ว 12",
    "date": "2026-01-12",
    "sender": "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน",
    "recipient": "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา",
    "subject": "การจัดสรรงบประมาณ งบลงทุน",
    "kind": "external",
    "urgency": "ด่วนที่สุด",
    "group": "plan",
    "step": "routed",
    "copies": ["finance"],
    "needs_review": ["number"],
    "cancelled": False,
    "revision": 3,
}


class Given(BaseModel):
    """What a program sends; a key we do not know is refused, so that no slip passes unseen."""

    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """What went wrong (RFC 9457, `application/problem+json`)."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "urn:saraban:problem:not-found",
                "title": "Not found",
                "status": 404,
                "detail": "There is no such letter, or you may not open it.",
                "thai": "ไม่พบรายการนี้ หรือท่านไม่มีสิทธิดู",
            }
        }
    )

    type: str
    title: str
    status: int
    detail: str
    thai: str = ""


class LetterSummary(BaseModel):
    """A row of the register. Of a `restricted` (secret) letter only the number is told."""

    model_config = ConfigDict(json_schema_extra={"example": SUMMARY})

    register_number: str
    restricted: bool
    received_at: datetime
    number: str
    date: date | None
    sender: str
    recipient: str
    subject: str
    kind: str
    urgency: str
    group: str
    step: str = Field(
        description="Where it stands: empty at the registry, else routed, taken, assigned, done, returned."
    )
    copies: list[str]
    needs_review: list[str]
    cancelled: bool
    revision: int


class LetterList(BaseModel):
    """A page of the register, newest first; give `next` as `cursor` to get the page after it."""

    letters: list[LetterSummary]
    total: int
    next: str | None = Field(None, examples=["123/2569"])


class Doubt(BaseModel):
    """Why a person should look at a field."""

    code: str = Field(examples=["low_confidence"])
    thai: str
    english: str


class FieldState(BaseModel):
    """A field as it stands today, with what was read of it and where, and its open doubts."""

    value: str | None
    read: dict[str, Any] = Field(
        examples=[
            {
                "value": "ศธ 04006/ว 12",
                "as_printed": "ศธ ๐๔๐๐๖/ว ๑๒",
                "confidence": 0.97,
                "page": 1,
                "box": [310, 402, 880, 455],
                "how": "labelled ที่",
            }
        ]
    )
    doubts: list[Doubt]


class ToldOutside(BaseModel):
    """How telling others of a change of the letter stands; whom is not said."""

    way: Literal["hook", "mail"]
    event: str
    at: datetime
    state: Literal["waiting", "sent", "given_up"]
    attempts: int = Field(description="How often it failed.")


class LetterDetail(LetterSummary):
    """One letter with the evidence of each field."""

    fields: dict[str, FieldState]
    retention_class: str
    pages: int
    deliveries: list[ToldOutside] = Field(description="Webhooks and mail about it, oldest first.")
    destroyed: dict[str, Any] | None = Field(
        None, description="Of a destroyed letter: when, by which batch, decision and certificate."
    )


class Correction(Given):
    """A field set to what a person read; an empty value says that the letter does not show it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"field": "date", "value": "2026-01-12", "reason": "อ่านจากต้นฉบับ"}
        },
    )

    field: Code
    value: Note
    reason: Note = ""
    certain: bool = Field(False, description="A date that lies ahead is meant as it stands.")


class Routing(Given):
    """Which group the letter goes to."""

    group: Annotated[Code, Field(min_length=1, examples=["plan"])]
    note: Note = ""


class Finishing(Given):
    """That the group has done what was to do."""

    note: Note = ""


class Returning(Given):
    """That the group sends the letter back to the registry, and why."""

    note: Annotated[Note, Field(min_length=1, examples=["ไม่ใช่งานของกลุ่ม"])]


class Job(BaseModel):
    """A scan on its way; `id` is the SHA-256 of its bytes.

    `state` is `waiting`, `working`, `filed`, `quarantined` or `held`, for a further copy of a registered
    letter; `letter` is its register number.
    """

    model_config = ConfigDict(
        json_schema_extra={"example": {"id": "9f86d081…", "state": "filed", "letter": "123/2569"}}
    )

    id: str
    state: str
    letter: str | None = None


class Hit(BaseModel):
    """A letter that was found, and the piece of its text that holds the words."""

    letter: LetterSummary
    snippet: str
    highlights: list[tuple[int, int]] = Field(
        description="Begin and end of the words in `snippet`."
    )


class HitList(BaseModel):
    """What a search found, best first."""

    hits: list[Hit]
    did_you_mean: str = ""
    near: bool = Field(False, description="No letter says what was asked; the hits nearly do.")


class Group(BaseModel):
    """A group of the office."""

    code: str = Field(examples=["plan"])
    name: str = Field(examples=["กลุ่มนโยบายและแผน"])


class Counts(BaseModel):
    """How many files stand where, and the letters this person may open by group and urgency."""

    received: int
    filed: int
    waiting: int
    quarantined: int
    dismissed: int
    duplicates: int
    review: int
    by_group: dict[str, int]
    by_urgency: dict[str, int]


class Status(BaseModel):
    """Whether the office is at work; `index_behind` counts changes the search has still to take."""

    office: str
    version: str
    time: datetime
    index_behind: int


def summary_of(letter: RegisteredLetter) -> dict[str, Any]:
    """Return a row as the interface gives it; a redacted letter stays redacted."""
    return {
        "register_number": str(letter.register_number),
        "restricted": letter.is_redacted,
        "received_at": letter.received_at,
        "number": letter.number,
        "date": letter.date,
        "sender": letter.sender,
        "recipient": letter.recipient,
        "subject": letter.subject,
        "kind": letter.kind,
        "urgency": letter.urgency,
        "group": letter.group,
        "step": letter.step,
        "copies": list(letter.copies),
        "needs_review": list(letter.review),
        "cancelled": letter.cancelled,
        "revision": letter.revision,
    }


def detail_of(
    letter: RegisteredLetter,
    pages: int,
    deliveries: Iterable[Told],
    destroyed: dict[str, Any] | None = None,
) -> LetterDetail:
    """Return one letter that its reader may open, with evidence and doubts."""
    reasons: tuple[ReviewReason, ...] = letter.decision.review if letter.decision else ()
    fields = {}
    for name in (*FIELDS, "group", "kind"):
        today = getattr(letter, name)
        fields[name] = FieldState(
            value=None if not today else str(plain(today)),
            read=found_as_json(getattr(letter.letter, name, None)),
            doubts=[
                Doubt(code=one.code, thai=one.thai, english=one.english)
                for one in reasons
                if one.field == name and name in letter.review
            ],
        )
    return LetterDetail(
        **summary_of(letter),
        fields=fields,
        retention_class=letter.retention_class,
        pages=pages,
        deliveries=[ToldOutside.model_validate(asdict(one)) for one in deliveries],
        destroyed=destroyed,
    )


def problem_example(status: int, title: str) -> Mapping[str, Any]:
    """Return how an answer that says what went wrong is described."""
    return {
        "model": Problem,
        "description": title,
        "content": {"application/problem+json": {}},
    }
