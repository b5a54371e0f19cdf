"""What the records officer notes of one letter, and of many at once in the store.

A change that may let a letter go earlier is first shown as a question: what it was, what it would be.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

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
    SEE_OTHER,
    PostedForm,
    attempt,
    day_of,
    keeping,
    letter_id_of,
    letters_of,
    optional_day,
    text_of,
)
from pipeline.web.site.language import said
from pipeline.web.site.pages import OnSite, Site
from pipeline.web.site.roles import RecordsOfficer

routes = APIRouter()
ONE = "/retention/letters/{running}/{year}"
Work = Callable[[Retention, int, bool], object]


def _note(
    request: Request,
    site: Site,
    viewer: Viewer,
    number: RegisterNumber,
    *,
    form: FormData,
    work: Work,
) -> Response:
    """Do the work and show the letter; ask first when it shortens, say why when it is refused."""
    letter_id, shorter = letter_id_of(site, viewer, number), form.get("shorter") == "yes"
    try:
        work(keeping(site), letter_id, shorter)
    except WouldShortenError as error:
        question = {
            **_given(form),
            "before": error.before,
            "after": error.after,
            "shortens": "yes",
            "to": request.url.path,
        }
        return show_kept(request, site, viewer, number, problem=said(error), question=question)
    except RetentionError as error:
        return show_kept(request, site, viewer, number, problem=said(error))
    return RedirectResponse(f"/retention/letters/{number}", status_code=SEE_OTHER)


@routes.post(ONE + "/clock")
def clock(
    request: Request,
    site: OnSite,
    viewer: RecordsOfficer,
    *,
    running: int, year: int,
    form: PostedForm,
) -> Response:  # fmt: skip
    """Note a day from which the period is counted, or that the matter is worked on again."""
    what, now = text_of(form, "what"), site.now()

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

    return _note(request, site, viewer, RegisterNumber(running, year), form=form, work=work)


def _given(form: FormData) -> dict[str, str]:
    """Return what was filled in, to be given again with the answer."""
    return {key: str(value) for key, value in form.items() if isinstance(value, str)}


@routes.post(ONE + "/class")
def change_class(
    request: Request,
    site: OnSite,
    viewer: RecordsOfficer,
    *,
    running: int, year: int,
    form: PostedForm,
) -> Response:  # fmt: skip
    """Show what another retention class would mean, and give it once that is confirmed."""
    code, reason, now = text_of(form, "class"), text_of(form, "reason"), site.now()
    number = RegisterNumber(running, year)
    if form.get("confirmed") != "yes":
        return _ask_class(request, site, viewer, number, form=form)
    return _note(
        request,
        site,
        viewer,
        number,
        form=form,
        work=lambda retention, letter_id, shorter: retention.records.change_class(
            viewer, letter_id, code, reason=reason, now=now, shorter=shorter
        ),
    )


def _ask_class(
    request: Request, site: Site, viewer: Viewer, number: RegisterNumber, *, form: FormData
) -> Response:
    retention, today = keeping(site), site.now().date()
    letter_id, code = letter_id_of(site, viewer, number), text_of(form, "class")
    try:
        tried = retention.records.try_class(viewer, letter_id, code)
    except RetentionError as error:
        return show_kept(request, site, viewer, number, problem=said(error))
    question = {
        "class": code,
        "reason": text_of(form, "reason"),
        "confirmed": "yes",
        "before": said(tried.before.words),
        "after": said(tried.after.words),
        "becomes_due": "yes" if tried.after.is_due(today) else "",
        "shortens": "yes" if tried.shortens else "",
        "to": request.url.path,
    }
    return show_kept(request, site, viewer, number, question=question)


@routes.post(ONE + "/hold")
def hold(
    request: Request,
    site: OnSite,
    viewer: RecordsOfficer,
    *,
    running: int, year: int,
    form: PostedForm,
) -> Response:  # fmt: skip
    """Stop the destruction of a letter, or end such a stop, with the reason."""
    reason, now = text_of(form, "reason"), site.now()

    def work(retention: Retention, letter_id: int, _shorter: bool) -> object:
        kind = _kind(form)
        if form.get("release") == "yes":
            retention.records.release_hold(viewer, letter_id, kind, reason=reason, now=now)
            return None
        until = _day(form, "until")
        return retention.records.place_hold(
            viewer, letter_id, kind, reason=reason, until=until, now=now
        )

    return _note(request, site, viewer, RegisterNumber(running, year), form=form, work=work)


def _kind(form: FormData) -> HoldKind:
    try:
        return HoldKind(text_of(form, "kind"))
    except ValueError as error:
        raise StepRefusedError("ข้อ 68.1", message("ต้องเลือกเหตุ")) from error


@routes.post(ONE + "/loan")
def loan(
    request: Request,
    site: OnSite,
    viewer: RecordsOfficer,
    *,
    running: int, year: int,
    form: PostedForm,
) -> Response:  # fmt: skip
    """Lend the letter out, or take it back (form 24)."""
    now = site.now()

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

    return _note(request, site, viewer, RegisterNumber(running, year), form=form, work=work)


@routes.post(ONE + "/place")
def place(
    request: Request,
    site: OnSite,
    viewer: RecordsOfficer,
    *,
    running: int, year: int,
    form: PostedForm,
) -> Response:  # fmt: skip
    """Note where the paper lies."""
    now = site.now()
    return _note(
        request,
        site,
        viewer,
        RegisterNumber(running, year),
        form=form,
        work=lambda retention, letter_id, _shorter: retention.records.store(
            viewer, letter_id, _place(form, now.date()), now=now
        ),
    )


@routes.post("/retention/store")
def store(request: Request, site: OnSite, viewer: RecordsOfficer, form: PostedForm) -> Response:
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
