"""What the records officer notes of one letter, and of many at once in the store.

A change that may let a letter go earlier is first shown as a question: what it was, what it would be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from index.choices import BookName
from index.message import message
from index.registered_letter import RegisterNumber
from index.retention.eligibility import HoldKind
from index.retention.errors import RetentionError, StepRefusedError, WouldShortenError
from index.retention.loans import Borrower, Standing
from index.retention.records import Place
from index.retention.retention import Retention
from index.visibility import Viewer
from pipeline.web.retention.keeping_pages import show_kept, show_store
from pipeline.web.retention.shared import (
    PostedForm,
    attempt,
    day_of,
    keeping,
    letter_id_of,
    letters_of,
    optional_day,
    text_of,
)
from pipeline.web.site.language import render
from pipeline.web.site.pages import RequestSite, Site
from pipeline.web.site.roles import RecordsOfficer

routes = APIRouter()
ONE = "/retention/letters/{running}/{year}"
Work = Callable[[Retention, int, bool], object]


@dataclass(frozen=True, slots=True)
class Asked:
    """A form that a records officer posted about one letter."""

    request: Request
    site: Site
    viewer: Viewer
    number: RegisterNumber
    book: BookName
    form: FormData

    @property
    def letter_id(self) -> int:
        """The letter's id; raises NoSuchRecordError for one that the viewer may not open."""
        return letter_id_of(self.site, self.viewer, self.number, self.book)

    @property
    def address(self) -> str:
        """Where the same form is posted again with the answer to a question."""
        url = self.request.url
        return f"{url.path}?{url.query}" if url.query else url.path

    def show(self, problem: str = "", question: dict[str, str] | None = None) -> Response:
        """Show how the letter is kept, with what is wrong or asked."""
        return show_kept(
            self.request,
            self.site,
            self.viewer,
            self.number,
            self.book,
            problem=problem,
            question=question,
        )

    def answer(self, work: Work) -> Response:
        """Do the work and show the letter; ask first when it shortens, say why when it is refused."""
        letter_id = self.letter_id
        try:
            work(keeping(self.site), letter_id, self.form.get("shorter") == "yes")
        except WouldShortenError as error:
            question = {
                **_given(self.form),
                "before": error.before,
                "after": error.after,
                "shortens": "yes",
                "to": self.address,
            }
            return self.show(problem=render(error), question=question)
        except RetentionError as error:
            return self.show(problem=render(error))
        of_book = "" if self.book is BookName.RECEIVE else f"?book={self.book}"
        address = f"/retention/letters/{self.number}{of_book}"
        return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)


def _ask(
    request: Request,
    site: RequestSite,
    viewer: RecordsOfficer,
    *,
    form: PostedForm,
    running: int,
    year: int,
    book: BookName = BookName.RECEIVE,
) -> Asked:
    return Asked(request, site, viewer, RegisterNumber(running, year), book, form)


OfOneLetter = Annotated[Asked, Depends(_ask)]


@routes.post(ONE + "/clock")
def clock(asked: OfOneLetter) -> Response:
    """Note a day from which the period is counted, or that the matter is worked on again."""
    viewer, form, now = asked.viewer, asked.form, asked.site.now()
    what = text_of(form, "what")

    def work(retention: Retention, letter_id: int, shorter: bool) -> object:
        records = retention.records
        on = _day(form, "on")
        if what == "reopen":
            return records.reopen(viewer, letter_id, now=now)
        if on is None:
            raise StepRefusedError("ข้อ 57", message("ต้องระบุวันที่"))
        if what == "finish":
            return records.finish(
                viewer, letter_id, on, now=now, shorter=shorter, reason=text_of(form, "reason")
            )
        notes = {"audited": records.note_audit, "superseded": records.note_successor}
        if what not in notes:
            raise StepRefusedError("ข้อ 57", message("ไม่รู้จักรายการนี้"))
        return notes[what](viewer, letter_id, on, now=now, shorter=shorter)

    return asked.answer(work)


def _given(form: FormData) -> dict[str, str]:
    """Return what was filled in, to be given again with the answer."""
    return {key: str(value) for key, value in form.items() if isinstance(value, str)}


@routes.post(ONE + "/class")
def change_class(asked: OfOneLetter) -> Response:
    """Show what another retention class would mean, and give it once that is confirmed."""
    viewer, form, now = asked.viewer, asked.form, asked.site.now()
    code, reason = text_of(form, "class"), text_of(form, "reason")
    if form.get("confirmed") != "yes":
        return _ask_class(asked, code, reason)
    return asked.answer(
        lambda retention, letter_id, shorter: retention.records.change_class(
            viewer, letter_id, code, reason=reason, now=now, shorter=shorter
        )
    )


def _ask_class(asked: Asked, code: str, reason: str) -> Response:
    retention, today = keeping(asked.site), asked.site.now().date()
    try:
        tried = retention.records.try_class(asked.viewer, asked.letter_id, code)
    except RetentionError as error:
        return asked.show(problem=render(error))
    question = {
        "class": code,
        "reason": reason,
        "confirmed": "yes",
        "before": render(tried.before.words),
        "after": render(tried.after.words),
        "becomes_due": "yes" if tried.after.is_due(today) else "",
        "shortens": "yes" if tried.shortens else "",
        "to": asked.address,
    }
    return asked.show(question=question)


@routes.post(ONE + "/hold")
def hold(asked: OfOneLetter) -> Response:
    """Stop the destruction of a letter, or end such a stop, with the reason."""
    viewer, form, now = asked.viewer, asked.form, asked.site.now()
    reason = text_of(form, "reason")

    def work(retention: Retention, letter_id: int, _shorter: bool) -> object:
        kind = _kind(form)
        if form.get("release") == "yes":
            retention.records.release_hold(viewer, letter_id, kind, reason=reason, now=now)
            return None
        until = _day(form, "until")
        return retention.records.place_hold(
            viewer, letter_id, kind, reason=reason, until=until, now=now
        )

    return asked.answer(work)


def _kind(form: FormData) -> HoldKind:
    try:
        return HoldKind(text_of(form, "kind"))
    except ValueError as error:
        raise StepRefusedError("ข้อ 68.1", message("ต้องเลือกเหตุ")) from error


@routes.post(ONE + "/loan")
def loan(asked: OfOneLetter) -> Response:
    """Lend the letter out, or take it back (form 24)."""
    viewer, form, now = asked.viewer, asked.form, asked.site.now()

    def work(retention: Retention, letter_id: int, _shorter: bool) -> object:
        if form.get("back") == "yes":
            by = text_of(form, "returned_by")
            return retention.loans.take_back(viewer, letter_id, returned_by=by, now=now)
        standing = text_of(form, "standing")
        known = Standing(standing) if standing in list(Standing) else Standing.OUTSIDER
        due_on = _day(form, "due_on")
        if due_on is None:
            raise StepRefusedError("ข้อ 63", message("ต้องระบุกำหนดส่งคืน"))
        return retention.loans.lend(
            viewer,
            letter_id,
            Borrower(text_of(form, "person"), text_of(form, "unit"), known),
            permitted_by=text_of(form, "permitted_by"),
            received_by=text_of(form, "received_by"),
            due_on=due_on,
            now=now,
        )

    return asked.answer(work)


@routes.post(ONE + "/place")
def place(asked: OfOneLetter) -> Response:
    """Note where the paper lies."""
    now = asked.site.now()
    return asked.answer(
        lambda retention, letter_id, _shorter: retention.records.store(
            asked.viewer, letter_id, _place(asked.form, now.date()), now=now
        )
    )


@routes.post("/retention/store")
def store(
    request: Request, site: RequestSite, viewer: RecordsOfficer, form: PostedForm
) -> Response:
    """Put the ticked letters into one place of the store."""
    now = site.now()
    ids = letters_of(form, "letter")
    return attempt(
        lambda: keeping(site).lists.store(viewer, ids, _place(form, now.date()), now=now),
        "/retention/store",
        lambda problem: show_store(request, site, viewer, problem=problem),
    )


def _place(form: FormData, today: date) -> Place:
    day = day_of(text_of(form, "stored_on"), today)
    return Place(text_of(form, "shelf"), text_of(form, "box"), text_of(form, "file_code"), day)


def _day(form: FormData, name: str) -> date | None:
    return optional_day(text_of(form, name))
