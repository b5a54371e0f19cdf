"""The steps of a destruction batch, each taken by the person whose step it is.

The records officer notes orders, letters and answers; a committee member judges in person, or the chair
copies the signed paper of a member who has no log-in; the head decides in person. Who may not take a
step is refused by the book as well, with its clause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from index.message import message
from index.retention.batch import (
    Answer,
    ArchiveAnswer,
    Batch,
    Committee,
    Member,
    Opinion,
    Verdict,
)
from index.retention.batches import PaperStep
from index.retention.errors import StepRefusedError
from index.retention.retention import Retention
from index.retention.steps import Appoint, Decide, Judge, RecordAnswer, Report, Send, Withdraw
from index.visibility import Viewer
from pipeline.web.retention.batch_pages import show_batch
from pipeline.web.retention.shared import (
    PostedForm,
    attempt,
    day_of,
    gregorian,
    keeping,
    letters_of,
    shown_names,
    text_of,
)
from pipeline.web.site.pages import RequestSite, Site
from pipeline.web.site.roles import RecordsOfficer, RetentionReader

routes = APIRouter(prefix="/retention/batches/{batch_id}")
MOST_MEMBERS = 10
Steps = Callable[[Retention, Batch], list[PaperStep]]


def _take(
    request: Request,
    site: Site,
    viewer: Viewer,
    batch_id: str,
    steps: Steps,
    *,
    form: FormData | None = None,
) -> Response:
    """Record the steps and show the batch again; a refusal says why and keeps what was typed."""

    def record() -> None:
        retention = keeping(site)
        found = steps(retention, retention.batches.find(batch_id))
        retention.batches.record(viewer, batch_id, *found, now=site.now())

    page = text_of(form, "page") if form else ""
    at = int(page) if page.isdecimal() else 1
    address = f"/retention/batches/{batch_id}" + (f"?page={at}" if at > 1 else "")
    return attempt(
        record,
        address,
        lambda problem: show_batch(
            request, site, viewer, batch_id, page=at, problem=problem, typed=form
        ),
    )


@routes.post("/appoint")
def appoint(
    request: Request, site: RequestSite, viewer: RecordsOfficer, batch_id: str, form: PostedForm
) -> Response:
    """Note the order that appoints the committee (ข้อ 67)."""
    today = site.now().date()

    def steps(retention: Retention, _batch: Batch) -> list[PaperStep]:
        chair, *members = _members(form)
        ordered_on = day_of(text_of(form, "ordered_on"), today)
        committee = Committee(text_of(form, "order_number"), ordered_on, chair, tuple(members))
        return [Appoint(committee, retention.law.committees["destruction"])]

    return _take(request, site, viewer, batch_id, steps, form=form)


def _members(form: FormData) -> list[Member]:
    """Read the people of the form: chosen from the office's, or typed where none was chosen."""
    people = []
    for place in range(MOST_MEMBERS):
        person = text_of(form, f"person-{place}") or text_of(form, f"typed-{place}")
        if person:
            people.append(Member(person, text_of(form, f"grade-{place}")))
        elif place == 0:
            raise StepRefusedError("ข้อ 67", message("ต้องระบุประธานกรรมการ"))
    return people


@routes.post("/judge")
def judge(
    request: Request, site: RequestSite, viewer: RetentionReader, batch_id: str, form: PostedForm
) -> Response:
    """Note what a committee member says of the items on one page (ข้อ 68.1-68.3)."""

    def steps(_retention: Retention, batch: Batch) -> list[PaperStep]:
        person = _judging(site, viewer, batch, text_of(form, "person"))
        judged: list[PaperStep] = [
            Judge(person, letter_id, opinion)
            for letter_id, opinion in _opinions(form, copied=person != viewer.name)
            if batch.opinions.get((letter_id, person)) != opinion
        ]
        if not judged:
            raise StepRefusedError("ข้อ 68.1", message("ยังไม่ได้เลือกผลการพิจารณา"))
        return judged

    return _take(request, site, viewer, batch_id, steps, form=form)


def _judging(site: Site, viewer: Viewer, batch: Batch, person: str) -> str:
    """Return whose opinion this is: the viewer's, or the chair copies a paper without log-in."""
    if person in ("", viewer.name):
        return viewer.name
    is_chair = batch.committee is not None and batch.committee.chair.person == viewer.name
    if not is_chair:
        raise StepRefusedError(
            "ข้อ 68.1",
            message("กรรมการต้องพิจารณาด้วยตนเอง เฉพาะประธานคัดลอกแบบที่ลงนามแล้วแทนผู้ไม่มีบัญชีผู้ใช้ได้"),
        )
    if person in shown_names(site.book.people.all()):
        raise StepRefusedError("ข้อ 68.1", message("กรรมการผู้นี้มีบัญชีผู้ใช้ ต้องพิจารณาด้วยตนเอง"))
    return person


def _opinions(form: FormData, *, copied: bool) -> Iterator[tuple[int, Opinion]]:
    for key, value in form.multi_items():
        name, _, letter_id = key.partition("-")
        if name != "verdict" or not letter_id.isdecimal() or value not in list(Verdict):
            continue
        verdict = Verdict(str(value))
        year = gregorian(text_of(form, f"year-{letter_id}"))
        note = text_of(form, f"note-{letter_id}")
        if copied:
            note = f"คัดลอกจากแบบที่ 25 ที่ลงนามแล้ว {note}".strip()
        kept_until = year if verdict is Verdict.KEEP_UNTIL else None
        yield int(letter_id), Opinion(verdict, kept_until, note)


@routes.post("/report")
def report(request: Request, site: RequestSite, viewer: RetentionReader, batch_id: str) -> Response:
    """Report to the head, dissent included (ข้อ 68.4)."""
    today = site.now().date()
    return _take(request, site, viewer, batch_id, lambda _law, _batch: [Report(viewer.name, today)])


@routes.post("/decide")
def decide(
    request: Request, site: RequestSite, viewer: RetentionReader, batch_id: str, form: PostedForm
) -> Response:
    """The director, or whom a recorded order names, decides; the order that delegates it is named (ข้อ 69)."""
    if not site.book.mandates.decides_destruction(viewer.name, site.now()):
        raise HTTPException(HTTPStatus.FORBIDDEN)
    today, order = site.now().date(), text_of(form, "delegation_order")

    def steps(_retention: Retention, batch: Batch) -> list[PaperStep]:
        reason = text_of(form, "withheld_reason")
        ticked = letters_of(form, "withheld")
        everything = form.get("scope") == "none"
        withheld = dict.fromkeys(batch.items if everything else ticked, reason)
        if withheld and not reason:
            raise StepRefusedError("ข้อ 69.1", message("ต้องระบุเหตุผลที่ยังไม่ให้ทำลาย"))
        return [Decide(viewer.name, today, order, withheld)]

    return _take(request, site, viewer, batch_id, steps, form=form)


@routes.post("/send")
def send(
    request: Request, site: RequestSite, viewer: RecordsOfficer, batch_id: str, form: PostedForm
) -> Response:
    """Note by which letter the list went to the National Archives (ข้อ 69.2)."""
    number, today = text_of(form, "letter_number"), site.now().date()
    steps: Steps = lambda _law, _batch: [Send(number, day_of(text_of(form, "on"), today))]  # noqa: E731
    return _take(request, site, viewer, batch_id, steps, form=form)


@routes.post("/answer")
def answer(
    request: Request, site: RequestSite, viewer: RecordsOfficer, batch_id: str, form: PostedForm
) -> Response:
    """Note the archives' answer on the ticked items, or on all that have none yet (ข้อ 70)."""

    def steps(_retention: Retention, batch: Batch) -> list[PaperStep]:
        answer = _answer(form, site.now().date())
        ticked = set(letters_of(form, "letter"))
        chosen = batch.unanswered if form.get("scope") == "rest" else ticked
        if not chosen:
            raise StepRefusedError("ข้อ 70", message("ยังไม่ได้เลือกรายการ"))
        return [RecordAnswer(item, answer) for item in batch.items if item in chosen]

    return _take(request, site, viewer, batch_id, steps, form=form)


def _answer(form: FormData, today: date) -> ArchiveAnswer:
    value = text_of(form, "answer")
    if value not in list(Answer):
        raise StepRefusedError("ข้อ 70", message("ต้องเลือกคำตอบ"))
    chosen = Answer(value)
    year = gregorian(text_of(form, "year")) if chosen is Answer.EXTEND else None
    on = day_of(text_of(form, "on"), today)
    return ArchiveAnswer(chosen, text_of(form, "letter_number"), on, year)


@routes.post("/withdraw")
def withdraw(
    request: Request, site: RequestSite, viewer: RecordsOfficer, batch_id: str, form: PostedForm
) -> Response:
    """Close a batch without destruction; what was decided of its letters is noted with them."""
    reason = text_of(form, "reason")
    return _take(
        request, site, viewer, batch_id, lambda _law, _batch: [Withdraw(viewer.name, reason)]
    )
